//! Two people at the same deal.

use crate::browser::Browser;
use crate::site::Site;

#[tokio::test]
async fn who_saves_second_sees_both_and_loses_nothing() {
    let site = Site::with_owner();
    let (first, second) = (Browser::signed_in(&site).await, Browser::signed_in(&site).await);
    first.go("/deals/new").await;
    first.fill("What is it about?", "Ovens").await;
    first.press("Save").await;
    first.says("Nothing to weigh yet").await;
    let page = first.path().await;
    for browser in [&first, &second] {
        browser.go(&format!("{page}/edit")).await;
    }
    first.fill("What is it about?", "Ovens that bake by themselves").await;
    first.press("Save").await;
    first.says("Saved.").await;
    second.fill("What is it about?", "Ovens and bread").await;
    second.press("Save").await;
    second.says("Somebody changed this while you were at it.").await;
    second.says("Ovens that bake by themselves").await;
    second.looks_right("deal-conflict").await;
    assert_eq!(second.value_of("title").await, "Ovens and bread");
    second.press("Save").await;
    second.says("Saved.").await;
    second.says("Ovens and bread").await;
}
