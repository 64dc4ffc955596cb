//! A client with a telephone and a link, and who sells to them at a desk: what one does, the other sees without asking.

use crate::browser::{Browser, Width};
use crate::journeys::bargain::press;
use crate::site::{Site, folder};
use fantoccini::Locator;

/// A deal of the demo with a plan of both sides.
const DEAL: &str = "Bookings for four practices";

/// The client's page, judged as it stands now, and back on the telephone.
async fn looks_right(client: &Browser, name: &str) {
    client.looks_right(name).await;
    client.show(Width::Narrow, false).await;
}

/// Does it in the part of the client's page that has this id.
async fn send(client: &Browser, part: &str, before: &str, button: &str) {
    let script = format!(
        "const part = document.getElementById('{part}'); {before}; part.querySelector(\"{button}\").click()"
    );
    client.run::<()>(&script).await;
}

/// Waits until the seller reads something that was not there before, on the page that is open, and rings for it.
async fn hears(seller: &Browser, words: &str, count: &mut i64) {
    seller.says(words).await;
    let (before, bell) = (*count, "return Number(document.querySelector('[data-bell]').textContent)");
    seller.until("the bell", async |seller| seller.run::<i64>(bell).await > before).await;
    *count = seller.run(bell).await;
    let stayed: bool = seller.run("return window.isTheSame === true").await;
    assert!(stayed, "{words:?} was there, but the page was loaded again");
}

#[tokio::test]
async fn what_a_client_does_on_a_phone_is_seen_at_the_desk_without_asking() {
    let (site, link) = Site::demo();
    let seller = Browser::at(&site).await;
    seller.go(&link).await;
    seller.arrives_at("/").await;
    seller.go("/deals").await;
    seller.press(DEAL).await;
    seller.says("For them").await;
    let deal = seller.path().await;
    seller.go(&format!("{deal}/negotiation")).await;
    press(&seller, "Make three equal offers").await;
    seller.says("Waits for their choice").await;
    seller.go(&deal).await;
    seller.run::<()>("window.isTheSame = true").await;
    let mut rung: i64 = seller.run("return Number(document.querySelector('[data-bell]').textContent)").await;

    // A document is ours alone until it is shared; then it is on their page, and in their hand.
    seller.go(&format!("{deal}/files")).await;
    seller.fill("What is it?", "Opening hours of the four practices").await;
    let file = folder();
    std::fs::create_dir_all(&file).unwrap();
    let file = file.join("Opening hours.txt");
    std::fs::write(&file, "Eight to six, and Saturdays until noon.").unwrap();
    let field = seller.client.find(Locator::Css("input[type=file]")).await.unwrap();
    field.send_keys(file.to_str().unwrap()).await.unwrap();
    press(&seller, "Add it").await;
    seller.says("It is ours alone until you share it.").await;
    seller.looks_right("files").await;
    let page = site.client_page(DEAL);
    let reader = Browser::at(&site).await;
    reader.show(Width::Narrow, false).await;
    reader.go(&page).await;
    reader.says("Who does what, and when").await;
    assert!(!reader.words().await.contains("Opening hours"), "nothing is shared by itself");
    reader.run::<()>("window.isTheSame = true").await;
    press(&seller, "Share with the client: Opening hours of the four practices").await;
    seller.says("will see it on the client page").await;
    seller.looks_right("files-share").await;
    press(&seller, "Share it").await;
    seller.says("is shared with the client").await;
    reader.says("Opening hours of the four practices").await;
    let stayed: bool = reader.run("return window.isTheSame === true").await;
    assert!(stayed, "the client's page was loaded again");
    looks_right(&reader, "client-documents").await;
    let taken: String = reader
        .run(
            "const link = [...document.querySelectorAll('#files a')].find(it => it.textContent.includes('Opening hours'));
             const request = new XMLHttpRequest(); request.open('GET', link.href, false); request.send();
             return request.getResponseHeader('content-disposition') + ' ' + request.responseText",
        )
        .await;
    assert!(taken.starts_with("attachment; ") && taken.ends_with("Saturdays until noon."), "{taken}");
    press(&reader, "Opening hours of the four practices").await;
    seller.go(&format!("{deal}/client-page")).await;
    seller.says("took along “Opening hours of the four practices”").await;
    drop(reader);
    let _ = std::fs::remove_dir_all(file.parent().unwrap());
    seller.go(&deal).await;
    seller.run::<()>("window.isTheSame = true").await;

    // They choose one of the offers.
    let client = Browser::at(&site).await;
    client.show(Width::Narrow, false).await;
    client.go(&page).await;
    client.says("Which offer suits you?").await;
    looks_right(&client, "client-offers").await;
    press(&client, "Choose this Offer 2").await;
    client.says("Thank you. We have your choice.").await;
    hears(&seller, "chose offer 2", &mut rung).await;
    looks_right(&client, "client-chosen").await;

    // Another day for what we promised; what they promised is done.
    let day: String =
        client.run("return new Date(Date.now() + 30 * 86400000).toISOString().slice(0, 10)").await;
    press(&client, "Another day Bring that practice's calendar over").await;
    let fill = format!(
        "const it = [...part.querySelectorAll('details')].find(it => it.open); it.querySelector('[name=day]').value = '{day}'"
    );
    send(&client, "plan", &fill, "details[open] button").await;
    client.says("Thank you. We have your wish for another day and will answer.").await;
    hears(&seller, "for “Bring that practice's calendar over”", &mut rung).await;
    press(&client, "Done Name a practice that begins").await;
    client.says("Thank you. It is marked as done.").await;
    hears(&seller, "has done “Name a practice that begins”", &mut rung).await;
    looks_right(&client, "client-plan").await;

    // How it felt, in one tap.
    press(&client, "Very good").await;
    client.says("You said: Very good.").await;
    hears(&seller, "said how it felt: very good", &mut rung).await;

    // The seller agrees, and the page in their hand follows; what became of it is theirs to say.
    client.run::<()>("window.isTheSame = true").await;
    seller.go(&format!("{deal}/negotiation")).await;
    press(&seller, "Both agree on it").await;
    seller.says("The deal's terms are what it says.").await;
    press(&seller, "Move the deal on: Deliver").await;
    client.says("What became of it?").await;
    let stayed: bool = client.run("return window.isTheSame === true").await;
    assert!(stayed, "the client's page was loaded again");
    looks_right(&client, "client-result").await;
    seller.go(&deal).await;
    seller.run::<()>("window.isTheSame = true").await;
    send(&client, "result", "part.querySelector('[name=reached]').checked = true", "form button").await;
    client.says("Thank you for telling us. We will look at it.").await;
    hears(&seller, "has what they wanted", &mut rung).await;
}
