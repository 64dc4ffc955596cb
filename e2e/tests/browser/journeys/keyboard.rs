//! Everything by keyboard.

use crate::browser::Browser;
use crate::site::{EMAIL, PASSWORD, Site};

const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";

#[tokio::test]
async fn a_deal_is_made_without_touching_the_mouse() {
    let site = Site::with_owner();
    let browser = Browser::at(&site).await;
    browser.go("/sign-in").await;
    // The first field has the focus already.
    browser.keys(&format!("{EMAIL}{TAB}{PASSWORD}{ENTER}")).await;
    browser.arrives_at("/").await;
    browser.keys(TAB).await;
    let first: String = browser.run("return document.activeElement.textContent").await;
    assert_eq!(first, "Skip to the content");
    browser.keys(ENTER).await;
    let there: String = browser.run("return document.activeElement.id").await;
    assert_eq!(there, "main");
    browser.keys("gd").await;
    browser.arrives_at("/deals").await;
    browser.keys("nd").await;
    browser.arrives_at("/deals/new").await;
    browser.keys(&format!("Ovens that bake by themselves{ENTER}")).await;
    browser.says("Nothing to weigh yet").await;
    browser.keys("?").await;
    browser.says("New deal, company, contact or task").await;
    browser.has_quiet_console("keyboard").await;
}
