//! Coming in: setting an empty server up, signing in, going out.

use crate::browser::Browser;
use crate::site::{EMAIL, PASSWORD, Site};

#[tokio::test]
async fn who_is_not_known_is_told_so_and_who_is_comes_in() {
    let site = Site::with_owner();
    let browser = Browser::at(&site).await;
    browser.go("/").await;
    browser.arrives_at("/sign-in").await;
    browser.looks_right("sign-in").await;
    browser.fill("E-mail", EMAIL).await;
    browser.fill("Password", "a slip of the hand").await;
    browser.press("Sign in").await;
    browser.says("do not belong together").await;
    browser.looks_right("sign-in-refused").await;
    browser.fill("E-mail", EMAIL).await;
    browser.fill("Password", PASSWORD).await;
    browser.press("Sign in").await;
    browser.arrives_at("/").await;
}
