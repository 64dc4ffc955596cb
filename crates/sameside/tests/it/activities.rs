//! Activities: a line of what was done, from the page where one stands.

use crate::companies::made;
use crate::world::World;
use axum::http::StatusCode;

/// The part of an address that is the id.
fn id(page: &str) -> &str {
    page.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn a_call_is_noted_on_the_page_of_a_company_and_shown_there() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada, &[("name", "Aster Bakery")]).await;
    let noted = ada
        .post(
            "/activities",
            &[
                ("back", &page),
                ("company_id", id(&page)),
                ("kind", "call"),
                ("title", "Lost orders on Saturdays"),
                ("note", "About twelve a week."),
                ("minutes", "25"),
            ],
        )
        .await;
    assert_eq!(noted.leads_to(), page);
    let shown = ada.get(&page).await.text;
    assert!(shown.contains("Lost orders on Saturdays") && shown.contains("About twelve a week."));
    assert!(shown.contains("25 min") && shown.contains("noted a call:"));
    assert!(ada.get("/activities?kind=call").await.text.contains("Lost orders"));
    assert!(!ada.get("/activities?kind=meeting").await.text.contains("Lost orders"));
}

#[tokio::test]
async fn what_is_noted_of_a_person_is_on_the_page_of_their_company_too() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let company = made(&ada, &[("name", "Aster Bakery")]).await;
    let person = ada.post("/contacts", &[("name", "Maria"), ("company_id", "Aster Bakery")]).await;
    let person = person.leads_to().to_owned();
    ada.post("/activities", &[("contact_id", id(&person)), ("kind", "meeting"), ("title", "Tasting")]).await;
    assert!(ada.get(&person).await.text.contains("Tasting"));
    assert!(ada.get(&company).await.text.contains("Tasting"));
}

#[tokio::test]
async fn an_entry_without_a_word_comes_back_with_names_instead_of_ids() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada, &[("name", "Aster Bakery")]).await;
    let form = [
        ("back", page.as_str()),
        ("company_id", id(&page)),
        ("kind", "call"),
        ("title", ""),
        ("minutes", "x"),
    ];
    let answer = ada.post("/activities", &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("what it was about") && answer.text.contains("value=\"Aster Bakery\""));
    assert!(answer.text.contains(&format!("name=\"back\" value=\"{page}\"")));
}

#[tokio::test]
async fn the_moment_is_typed_and_read_in_the_members_own_day() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let form = [("kind", "meeting"), ("title", "Summer talk"), ("happened_at", "2026-07-01T09:30")];
    let page = ada.post("/activities", &form).await.leads_to().to_owned();
    let shown = ada.get(&page).await.text;
    assert!(shown.contains("1 Jul 2026, 09:30"), "{shown}");
    let form = ada.get(&format!("{page}/edit")).await.text;
    assert!(form.contains("value=\"2026-07-01T09:30\""));
    let saved = ada.post(&page, &[("version", "1"), ("kind", "call"), ("title", "Summer talk")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let shown = ada.get(&page).await.text;
    assert!(shown.contains("1 Jul 2026, 09:30") && shown.contains("<del>Meeting</del><ins>Call</ins>"));
}

#[tokio::test]
async fn what_was_noted_can_be_taken_back() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page =
        ada.post("/activities", &[("kind", "note"), ("note", "A thought")]).await.leads_to().to_owned();
    assert!(ada.get(&page).await.text.contains("<h1>A thought</h1>"), "the note says what it was about");
    ada.post(&format!("{page}/removal"), &[]).await;
    assert!(!ada.get("/activities").await.text.contains("A thought"));
    ada.post(&format!("{page}/restoration"), &[]).await;
    assert!(ada.get("/activities").await.text.contains("A thought"));
}
