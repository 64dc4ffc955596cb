//! A client with a telephone and a link, and who sells to them at a desk: what one does, the other sees without asking.

use crate::browser::{Browser, Width};
use crate::journeys::bargain::press;
use crate::site::Site;

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

    // They choose one of the offers.
    let client = Browser::at(&site).await;
    client.show(Width::Narrow, false).await;
    client.go(&site.client_page(DEAL)).await;
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
