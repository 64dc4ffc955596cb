//! A small client asks for help on its page and is answered before a large one that asked later; both sides see it. At a desk
//! and on a phone.

use crate::browser::{Browser, Width};
use crate::journeys::bargain::press;
use crate::site::Site;

/// Makes a deal; answers with its address.
async fn deal(browser: &Browser, title: &str, with: &str, price: &str) -> String {
    browser.go("/deals/new").await;
    browser.fill("What is it about?", title).await;
    browser.fill("With whom?", with).await;
    press(browser, "Save").await;
    browser.says("For them").await;
    let path = browser.path().await;
    if !price.is_empty() {
        browser.type_into("price", price).await;
        press(browser, "Save the answers").await;
        browser.says("What next").await;
    }
    path
}

#[tokio::test]
async fn a_small_client_is_answered_before_a_large_one_that_asked_later() {
    for width in [Width::Wide, Width::Narrow] {
        let site = Site::with_owner();
        let browser = Browser::signed_in(&site).await;
        browser.show(width, false).await;
        let small = deal(&browser, "Letters answered by a person", "Ferry Lane Books", "900").await;
        let large = deal(&browser, "Eleven houses alike", "Meridian Group", "900000").await;
        browser.go(&format!("{small}/client-page")).await;
        press(&browser, "Make a link").await;
        browser.says("It is shown only now").await;
        let link = browser.value_of("link").await;
        let page = format!("/c/{}", link.rsplit('/').next().unwrap());

        // The small client, on its page.
        browser.go(&page).await;
        browser.says("Ask us for help").await;
        browser.type_into("title", "Two prices for one book").await;
        browser.type_into("said", "The shelf says 12 and the till says 14.").await;
        press(&browser, "Send").await;
        browser.says("We have it and will answer").await;
        browser.says("We answer by").await;
        press(&browser, "Good").await;
        browser.says("You said: Good.").await;
        browser.looks_right(&format!("client-asks-{width:?}")).await;

        // The large one, later, by telephone.
        browser.go(&format!("/service/new?deal_id={}", large.rsplit('/').next().unwrap())).await;
        browser.fill("What do they need?", "One menu for eleven houses").await;
        press(&browser, "Save").await;
        browser.says("a first answer is promised by").await;

        // First in the queue is who asked first, whatever they pay; the answer goes from there.
        browser.go("/service").await;
        browser.says("Two prices for one book").await;
        browser.looks_right(&format!("service-{width:?}")).await;
        let first: String =
            browser.run("return document.querySelector('.queue > .item .item-text a').textContent").await;
        assert_eq!(first, "Two prices for one book");
        press(&browser, "Answer: Two prices for one book").await;
        browser
            .run::<()>("document.querySelector('.queue > .item textarea').value = 'Both say 12 now. Sorry, and thank you.'")
            .await;
        press(&browser, "Answered and resolved").await;
        browser.says("Resolved: Two prices for one book").await;
        browser.says("One menu for eleven houses").await;

        // And the client reads it.
        browser.go(&page).await;
        browser.says("Both say 12 now. Sorry, and thank you.").await;
        browser.says("Resolved on").await;
        browser.go(&small).await;
        browser.says("How it felt").await;
    }
}
