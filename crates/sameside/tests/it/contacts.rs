//! Contacts: the people we work with.

use crate::world::{Browser, World};
use axum::http::StatusCode;
use sameside::accounts::{Role, Sees};

async fn made(browser: &Browser, form: &[(&str, &str)]) -> String {
    let answer = browser.post("/contacts", form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.leads_to().to_owned()
}

#[tokio::test]
async fn a_person_is_shown_with_what_matters_to_them_and_how_they_like_to_be_spoken_to() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(
        &ada,
        &[
            ("name", "Maria Oliveira"),
            ("company_id", "Aster Bakery"),
            ("job_title", "Runs the shop"),
            ("matters", "Saturdays without a queue"),
            ("manner", "Short calls before ten"),
            ("email", "Maria@Aster.example"),
        ],
    )
    .await;
    let shown = ada.get(&page).await.text;
    for words in
        ["Saturdays without a queue", "Short calls before ten", "Aster Bakery", "mailto:maria@aster.example"]
    {
        assert!(shown.to_lowercase().contains(&words.to_lowercase()), "{words}");
    }
    let (_, rest) = shown.split_once("href=\"/companies/0").unwrap();
    let company = format!("/companies/0{}", rest.split('"').next().unwrap());
    let company = ada.get(&company).await.text;
    assert!(company.contains("Maria Oliveira") && company.contains("Short calls before ten"), "people first");
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_at_its_field() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let answer = ada.post("/contacts", &[("name", "Maria"), ("email", "maria at aster")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("id=\"email-error\"") && answer.text.contains("value=\"maria at aster\""));
    assert!(!ada.get("/contacts").await.text.contains("Maria"));
}

#[tokio::test]
async fn a_form_for_somebody_of_a_company_begins_with_that_company() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let company = crate::companies::made(&ada, &[("name", "Aster Bakery")]).await;
    let id = company.rsplit('/').next().unwrap();
    let form = ada.get(&format!("/contacts/new?company={id}")).await.text;
    assert!(form.contains("value=\"Aster Bakery\""));
}

#[tokio::test]
async fn a_contact_is_changed_removed_and_brought_back() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada, &[("name", "Maria Oliveira")]).await;
    let saved =
        ada.post(&page, &[("version", "1"), ("name", "Maria de Oliveira"), ("phone", "+351 1")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    ada.post(&format!("{page}/removal"), &[]).await;
    assert!(!ada.get("/contacts").await.text.contains(&page));
    assert!(ada.get("/contacts?removed=true").await.text.contains("Maria de Oliveira"));
    ada.post(&format!("{page}/restoration"), &[]).await;
    assert!(ada.get("/contacts?q=maria+de").await.text.contains(&page));
}

#[tokio::test]
async fn people_of_others_are_not_shown_on_a_company_everybody_sees() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let ada = world.browser(&world.ada).await;
    let company = crate::companies::made(&ada, &[("name", "Aster Bakery"), ("owner_id", "")]).await;
    let ada_id = world.ada.id.to_string();
    let hers =
        made(&ada, &[("name", "Maria Secret"), ("company_id", "Aster Bakery"), ("owner_id", &ada_id)]).await;
    let ben = world.browser(&ben).await;
    let shown = ben.get(&company).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(!shown.text.contains("Maria Secret"));
    assert!(!ben.get("/lookup/contact?q=maria").await.text.contains("Maria Secret"));
    assert_eq!(ben.get(&hers).await.status, StatusCode::NOT_FOUND);
}
