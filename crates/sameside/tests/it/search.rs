//! Finding: at once by the beginning of a name, a moment later by any word, and typing errors forgiven.

use crate::companies::made;
use crate::world::{Browser, World};
use axum::http::StatusCode;
use sameside::accounts::{Role, Sees};

async fn settled(world: &World) {
    // On PostgreSQL words wait until earlier transactions must have ended.
    world.wait_seconds(60);
    sameside::search::catch_up(&world.app).await.unwrap();
}

async fn find(browser: &Browser, words: &str) -> String {
    let answer = browser.get(&format!("/search?q={}", words.replace(' ', "+"))).await;
    assert_eq!(answer.status, StatusCode::OK);
    answer.text
}

#[tokio::test]
async fn what_was_just_saved_is_found_by_the_beginning_of_its_name() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada, &[("name", "Äster Bakery")]).await;
    let found = find(&ada, "aster b").await;
    assert!(found.contains(&format!("href=\"{page}\" data-result")), "{found}");
}

#[tokio::test]
async fn any_words_in_any_order_find_it_and_typing_errors_are_forgiven() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let person =
        ada.post("/contacts", &[("name", "Maria da Silva Oliveira"), ("company_id", "Aster Bakery")]).await;
    let person = person.leads_to().to_owned();
    ada.post("/contacts", &[("name", "Mario Silva")]).await;
    settled(&world).await;
    for words in ["oliveira", "silva maria", "OLIV sil", "olivera", "oilveira maria", "mar oliveirra"] {
        assert!(find(&ada, words).await.contains(&person), "{words}");
    }
    assert!(!find(&ada, "oliveira mario").await.contains("data-result"), "every word counts");
    assert!(find(&ada, "olivera").await.contains("Close to what you typed: oliveira"));
    assert!(find(&ada, "oliveira").await.contains("Aster Bakery"), "and where they work");
}

#[tokio::test]
async fn people_are_found_by_their_address_and_companies_by_their_town() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let company = made(&ada, &[("name", "Aster Bakery"), ("city", "Coimbra")]).await;
    let person = ada.post("/contacts", &[("name", "Maria"), ("email", "m.oliv@aster.example")]).await;
    settled(&world).await;
    assert!(find(&ada, "coimbra").await.contains(&company));
    assert!(find(&ada, "oliv aster").await.contains(person.leads_to()));
}

#[tokio::test]
async fn a_changed_name_is_found_by_the_new_one_and_a_removed_record_not_at_all() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada, &[("name", "Old Lantern")]).await;
    settled(&world).await;
    ada.post(&page, &[("version", "1"), ("name", "New Beacon")]).await;
    settled(&world).await;
    assert!(find(&ada, "beacon").await.contains(&page));
    assert!(!find(&ada, "lantern").await.contains(&page));
    ada.post(&format!("{page}/removal"), &[]).await;
    assert!(!find(&ada, "beacon").await.contains(&page), "at once, before the words are forgotten");
    settled(&world).await;
    assert!(!find(&ada, "beacon").await.contains(&page));
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_see() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let otto = world.stranger().await;
    let ada = world.browser(&world.ada).await;
    made(&ada, &[("name", "Secret Lantern"), ("owner_id", &world.ada.id.to_string())]).await;
    let shared = made(&ada, &[("name", "Common Lantern"), ("owner_id", "")]).await;
    settled(&world).await;
    let ben = world.browser(&ben).await;
    for words in ["secret", "lantern", "lantren"] {
        assert!(!find(&ben, words).await.contains("Secret Lantern"), "{words}");
    }
    assert!(find(&ben, "lantern").await.contains(&shared));
    assert!(!find(&world.browser(&otto).await, "lantern").await.contains("Lantern"));
}

#[tokio::test]
async fn tasks_and_activities_are_found_and_actions_offered() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    ada.post("/tasks", &[("title", "Send the reference story")]).await;
    ada.post("/activities", &[("kind", "call"), ("title", "Talk about reference clients")]).await;
    settled(&world).await;
    let found = find(&ada, "reference").await;
    assert!(found.contains("Send the reference story") && found.contains("Talk about reference clients"));
    let action = find(&ada, "new comp").await;
    assert!(action.contains(">New company</a>"));
    let vera = world.member("Vera Sousa", Role::Viewer, Sees::All).await;
    let vera = find(&world.browser(&vera).await, "new comp").await;
    assert!(!vera.contains(">New company</a>"), "who only looks is offered nothing new");
}

#[tokio::test]
async fn nothing_strange_that_is_typed_breaks_the_search() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    for words in ["%25", "%27%22--", "a%00b", "%F0%9F%A6%8A", "(", &"x".repeat(2000), "", "..."] {
        assert_eq!(ada.get(&format!("/search?q={words}")).await.status, StatusCode::OK, "{words}");
        assert_eq!(ada.get(&format!("/lookup/company?q={words}")).await.status, StatusCode::OK, "{words}");
        assert_eq!(ada.get(&format!("/companies?q={words}")).await.status, StatusCode::OK, "{words}");
    }
}

#[tokio::test]
async fn a_lookup_offers_names_and_tells_those_of_one_name_apart() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    made(&ada, &[("name", "Aster")]).await;
    made(&ada, &[("name", "Aster")]).await;
    made(&ada, &[("name", "Birch")]).await;
    let offered = ada.get("/lookup/company?q=as").await.text;
    assert_eq!(offered.matches("<option value=\"Aster [").count(), 2, "{offered}");
    assert!(!offered.contains("Birch"));
    assert_eq!(ada.get("/lookup/member?q=a").await.status, StatusCode::NOT_FOUND);
}
