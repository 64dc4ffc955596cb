//! Products and their profiles.

use crate::world::{Browser, World};
use axum::http::StatusCode;
use sameside::accounts::{Role, Sees};

async fn made(browser: &Browser) -> String {
    let form = [("name", "Online ordering"), ("family", "Shops"), ("price", "12,500"), ("currency", "EUR")];
    let answer = browser.post("/products", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.leads_to().to_owned()
}

#[tokio::test]
async fn a_profile_is_given_as_ranges_with_evidence_and_shown_so() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada).await;
    let empty = ada.get(&page).await.text;
    assert!(empty.contains("€12,500") && empty.contains("Nobody has said yet"));
    let saved = ada
        .post(
            &format!("{page}/profile"),
            &[
                ("delivery_cost_low", "3000"),
                ("delivery_cost_likely", "4000"),
                ("delivery_cost_high", "7000"),
                ("delivery_cost_evidence", "measured"),
                ("delivery_cost_by", "time sheets"),
                ("success_likely", "8"),
                ("success_evidence", "our_estimate"),
            ],
        )
        .await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let shown = ada.get(&page).await.text;
    assert!(shown.contains("€3,000 to €7,000, likely €4,000"), "{shown}");
    assert!(shown.contains("measured: time sheets") && shown.contains("evidence--measured"));
    assert!(shown.contains("80%") && shown.contains("Ada Lind estimates"));
    assert!(shown.contains("gave a figure:"), "the timeline tells it");
}

#[tokio::test]
async fn a_range_the_wrong_way_round_is_refused_and_kept_in_the_form() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada).await;
    let form = [("delivery_cost_low", "9"), ("delivery_cost_likely", "4"), ("delivery_cost_high", "7")];
    let answer = ada.post(&format!("{page}/profile"), &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("lowest first") && answer.text.contains("value=\"9\""));
    let cases = ada.post(&format!("{page}/profile"), &[("success_likely", "80")]).await;
    assert_eq!(cases.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(ada.get(&page).await.text.contains("Nobody has said yet"));
}

#[tokio::test]
async fn two_who_change_a_figure_are_told_and_nothing_is_lost() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada).await;
    let profile = format!("{page}/profile");
    ada.post(&profile, &[("hours_to_close_likely", "10")]).await;
    ada.post(&profile, &[("hours_to_close_likely", "12"), ("hours_to_close_version", "1")]).await;
    let late = ada.post(&profile, &[("hours_to_close_likely", "20"), ("hours_to_close_version", "1")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("it is now 12") && late.text.contains("value=\"20\""), "{}", late.text);
    assert!(late.text.contains("name=\"hours_to_close_version\" value=\"2\""));
    let again = ada.post(&profile, &[("hours_to_close_likely", "20"), ("hours_to_close_version", "2")]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert!(ada.get(&page).await.text.contains("20 hours"));
}

#[tokio::test]
async fn a_figure_left_empty_is_taken_back() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada).await;
    ada.post(&format!("{page}/profile"), &[("price_likely", "11000")]).await;
    assert!(ada.get(&page).await.text.contains("€11,000"));
    ada.post(&format!("{page}/profile"), &[("price_likely", ""), ("price_version", "1")]).await;
    let shown = ada.get(&page).await.text;
    assert!(!shown.contains("<span>€11,000</span>"), "{shown}");
}

#[tokio::test]
async fn who_sells_reads_products_but_does_not_change_them() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::All).await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada).await;
    let ben = world.browser(&ben).await;
    let shown = ben.get(&page).await.text;
    assert!(shown.contains("Online ordering") && !shown.contains("Change the profile"));
    let refused = ben.post(&format!("{page}/profile"), &[("price_likely", "1")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
