//! A deal, from its name to an answer for both sides.

use crate::browser::Browser;
use crate::site::Site;

#[tokio::test]
async fn four_answers_change_the_verdict_while_one_looks() {
    let site = Site::with_owner();
    let browser = Browser::signed_in(&site).await;
    browser.go("/deals/new").await;
    browser.looks_right("deal-new").await;
    browser.fill("What is it about?", "Online ordering for three shops").await;
    browser.fill("With whom?", "Aster Bakery").await;
    browser.press("Save").await;
    browser.says("Nothing to weigh yet").await;
    browser.looks_right("deal-empty").await;

    // Whatever follows happens on this very page: a reload would forget the mark.
    browser.run::<()>("window.mark = 'still here'").await;
    browser.answer("goal", "Sell bread online before Easter").await;
    browser.answer("price", "12000").await;
    browser.says("What next").await;
    for (name, value) in [
        ("benefit_per_month_low", "1500"),
        ("benefit_per_month_likely", "2500"),
        ("benefit_per_month_high", "4000"),
    ] {
        browser.answer(name, value).await;
    }
    let before = browser.text_of(".verdict").await;
    for (name, value) in [("success_low", "7"), ("success_likely", "8"), ("success_high", "9")] {
        browser.answer(name, value).await;
    }
    browser.until("the verdict follows", async |browser| browser.text_of(".verdict").await != before).await;
    assert_eq!(browser.run::<String>("return window.mark || 'gone'").await, "still here");
    browser.looks_right("deal-answered").await;

    // It is kept: the page of tomorrow says the same.
    let verdict = browser.text_of(".verdict").await;
    browser.client.refresh().await.unwrap();
    assert_eq!(browser.text_of(".verdict").await, verdict);
    for (path, name) in [("/", "today"), ("/deals", "deals"), ("/deals/board", "board")] {
        browser.go(path).await;
        browser.looks_right(name).await;
    }
}
