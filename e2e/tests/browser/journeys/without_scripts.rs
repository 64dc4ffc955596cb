//! A browser in which no script runs.

use crate::browser::Browser;
use crate::site::Site;

#[tokio::test]
async fn every_step_to_a_verdict_works_without_scripts() {
    let site = Site::with_owner();
    let browser = Browser::at(&site).await;
    browser.without_scripts().await;
    browser.sign_in().await;
    browser.go("/deals/new").await;
    browser.fill("What is it about?", "Ovens").await;
    browser.press("Save").await;
    browser.says("Nothing to weigh yet").await;
    for (name, value) in [("price", "12000"), ("benefit_per_month_likely", "2500"), ("success_likely", "8")] {
        browser.type_into(name, value).await;
    }
    browser.press("Save the answers").await;
    browser.says("What next").await;
    browser.picture("deal-without-scripts").await;
}
