//! Coming in: setting an empty server up, signing in, going out, on a desk and on a phone.

use crate::browser::{Browser, Width};
use crate::site::{EMAIL, PASSWORD, Site};

#[tokio::test]
async fn an_empty_server_offers_to_be_set_up() {
    let site = Site::empty();
    let browser = Browser::at(&site).await;
    browser.go("/").await;
    browser.arrives_at("/set-up").await;
    browser.looks_right("set-up").await;
}

#[tokio::test]
async fn who_is_not_known_is_told_so_and_who_is_comes_in() {
    let site = Site::with_owner();
    let browser = Browser::at(&site).await;
    browser.go("/deals").await;
    browser.arrives_at("/sign-in?next=%2Fdeals").await;
    browser.looks_right("sign-in").await;
    browser.fill("E-mail", EMAIL).await;
    browser.fill("Password", "a slip of the hand").await;
    browser.press("Sign in").await;
    browser.says("do not belong together").await;
    browser.looks_right("sign-in-refused").await;
    browser.fill("E-mail", EMAIL).await;
    browser.fill("Password", PASSWORD).await;
    browser.press("Sign in").await;
    browser.arrives_at("/deals").await;
    browser.go("/").await;
    browser.looks_right("today-empty").await;
}

#[tokio::test]
async fn a_phone_reaches_everything_through_its_menus() {
    let site = Site::with_owner();
    let browser = Browser::signed_in(&site).await;
    browser.show(Width::Narrow, false).await;
    browser.go("/").await;
    browser.press("Deals").await;
    browser.arrives_at("/deals").await;
    browser.press("New").await;
    browser.press("Deal").await;
    browser.arrives_at("/deals/new").await;
    browser.press("Your account:").await;
    browser.press("Sign out").await;
    browser.says("Sign in").await;
    browser.go("/deals").await;
    browser.arrives_at("/sign-in?next=%2Fdeals").await;
}
