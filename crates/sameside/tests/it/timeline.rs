//! What happened, in plain words, and taking it back.

use crate::companies::made;
use crate::world::World;
use axum::http::StatusCode;
use sameside::accounts::{Role, Sees};

/// The address of the first undo button on a page.
fn undo(text: &str) -> String {
    let (_, rest) = text.split_once("action=\"/history/").expect("something to undo");
    format!("/history/{}", rest.split('"').next().unwrap())
}

#[tokio::test]
async fn a_change_is_told_in_words_and_taken_back_by_one_click() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada, &[("name", "Aster Bakery"), ("city", "Lisbon"), ("revenue", "1200")]).await;
    ada.post(
        &page,
        &[("version", "1"), ("name", "Aster Bakery"), ("city", "Porto"), ("revenue", "1,800.50")],
    )
    .await;
    let shown = ada.get(&page).await.text;
    assert!(shown.contains("<b>Ada Lind</b> changed this company"), "{shown}");
    assert!(shown.contains("<del>Lisbon</del><ins>Porto</ins>"));
    assert!(shown.contains("<del>€1,200</del><ins>€1,800.50</ins>"));
    assert!(!shown.contains("_minor") && !shown.contains("[{"), "no JSON");
    let back = ada.post(&undo(&shown), &[("back", &page)]).await;
    assert_eq!((back.status, back.leads_to()), (StatusCode::SEE_OTHER, page.as_str()));
    let shown = ada.get(&page).await.text;
    assert!(shown.contains("took back a change of this company") && shown.contains("taken back"));
    assert!(ada.get("/companies").await.text.contains("Lisbon"));
}

#[tokio::test]
async fn an_undo_that_came_too_late_says_why_and_changes_nothing() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada, &[("name", "One")]).await;
    ada.post(&page, &[("version", "1"), ("name", "Two")]).await;
    let first = undo(&ada.get(&page).await.text);
    ada.post(&page, &[("version", "2"), ("name", "Three")]).await;
    let refused = ada.post(&first, &[("back", &page)]).await;
    assert_eq!(refused.leads_to(), page);
    let said = refused.headers.get("set-cookie").unwrap().to_str().unwrap().to_owned();
    assert!(said.contains("again") && said.contains("since"), "{said}");
    assert!(ada.get(&page).await.text.contains("<h1>Three</h1>"));
}

#[tokio::test]
async fn an_undo_leads_nowhere_but_to_this_site() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada, &[("name", "One")]).await;
    ada.post(&page, &[("version", "1"), ("name", "Two")]).await;
    let address = undo(&ada.get(&page).await.text);
    let away = ada.post(&address, &[("back", "//elsewhere.example")]).await;
    assert_eq!(away.leads_to(), page);
}

#[tokio::test]
async fn the_history_of_the_workspace_has_everything_and_pages() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    for n in 0..60 {
        made(&ada, &[("name", &format!("Company {n}"))]).await;
    }
    let newest = ada.get("/history").await.text;
    assert!(newest.contains("Company 59") && !newest.contains(">Company 5<"));
    let older = ada.get(&crate::companies::rel(&newest, "next")).await.text;
    assert!(older.contains(">Company 5<"));
}

#[tokio::test]
async fn nobody_reads_of_what_they_may_not_see() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let ada = world.browser(&world.ada).await;
    let shared = made(&ada, &[("name", "Shared Group"), ("owner_id", "")]).await;
    let hers = made(
        &ada,
        &[("name", "Secret Client"), ("owner_id", &world.ada.id.to_string()), ("parent_id", "Shared Group")],
    )
    .await;
    let ben = world.browser(&ben).await;
    for path in ["/history".to_owned(), shared.clone(), format!("/history?of=company.{}", &shared[11..])] {
        let shown = ben.get(&path).await;
        assert_eq!(shown.status, StatusCode::OK, "{path}");
        assert!(!shown.text.contains("Secret Client"), "{path}");
        assert!(!shown.text.contains("ben.okafor@"), "{path}: members are for who manages them");
    }
    let of_hers = ben.get(&format!("/history?of=company.{}", &hers[11..])).await;
    assert_eq!(of_hers.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_only_looks_is_offered_no_undo_and_gets_none() {
    let world = World::new().await;
    let vera = world.member("Vera Sousa", Role::Viewer, Sees::All).await;
    let ada = world.browser(&world.ada).await;
    let page = made(&ada, &[("name", "Aster")]).await;
    let address = undo(&ada.get(&page).await.text);
    let vera = world.browser(&vera).await;
    assert!(!vera.get(&page).await.text.contains("/undo"));
    assert_eq!(vera.post(&address, &[]).await.status, StatusCode::FORBIDDEN);
}
