//! A small client asks for help on its page and is answered before a large one that asked later; both sides see it.

use crate::browser::{Browser, Width};
use crate::journeys::bargain::press;
use crate::site::Site;

/// Makes a deal with a price; answers with its address.
async fn deal(browser: &Browser, title: &str, with: &str, price: &str) -> String {
    browser.go("/deals/new").await;
    browser.fill("What is it about?", title).await;
    browser.fill("With whom?", with).await;
    press(browser, "Save").await;
    browser.says("Nothing to weigh yet").await;
    browser.answer("price", price).await;
    browser.path().await
}

#[tokio::test]
async fn a_small_client_is_answered_before_a_large_one_that_asked_later() {
    let site = Site::with_owner();
    let seller = Browser::signed_in(&site).await;
    let small = deal(&seller, "Letters answered by a person", "Ferry Lane Books", "900").await;
    let large = deal(&seller, "Eleven houses alike", "Meridian Group", "900000").await;

    // The small client, on its page.
    let client = Browser::at(&site).await;
    client.show(Width::Narrow, false).await;
    let page = site.client_page("Letters answered by a person");
    client.go(&page).await;
    client.says("Ask us for help").await;
    client.type_into("title", "Two prices for one book").await;
    client.type_into("said", "The shelf says 12 and the till says 14.").await;
    client.run::<()>("document.querySelector('[name=said]').form.querySelector('button').click()").await;
    client.says("We have it and will answer").await;
    client.says("We answer by").await;
    client.looks_right("client-asks").await;

    // The large one, later, by telephone.
    seller.go(&format!("/service/new?deal_id={}", large.rsplit('/').next().unwrap())).await;
    seller.fill("What do they need?", "One menu for eleven houses").await;
    press(&seller, "Save").await;
    seller.says("One menu for eleven houses").await;

    // First in the queue is who asked first, whatever they pay; the answer goes from there.
    seller.go("/service").await;
    seller.says("Two prices for one book").await;
    seller.looks_right("service-queue").await;
    let first: String =
        seller.run("return document.querySelector('.queue > .item .item-text a').textContent").await;
    assert_eq!(first, "Two prices for one book");
    press(&seller, "Answer: Two prices for one book").await;
    seller
        .run::<()>("document.querySelector('.queue > .item textarea').value = 'Both say 12 now. Sorry, and thank you.'")
        .await;
    press(&seller, "Answered and resolved").await;
    seller.until("one waits", async |seller| !seller.text_of(".queue").await.contains("Two prices")).await;
    seller.says("One menu for eleven houses").await;

    // And the client reads it, on the page that is open.
    client.says("Both say 12 now. Sorry, and thank you.").await;
    client.says("Resolved on").await;
    seller.go(&small).await;
    seller.says("Asked for help").await;
}
