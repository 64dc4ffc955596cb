//! Tasks: planned, due, done, and not done after all.

use crate::companies::made;
use crate::world::{Browser, World};
use axum::http::StatusCode;
use sameside::accounts::{Role, Sees};

async fn plan(browser: &Browser, form: &[(&str, &str)]) {
    let answer = browser.post("/tasks", form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

/// The address of the page of a task on a list.
fn page_of(list: &str, title: &str) -> String {
    let (before, _) = list.split_once(&format!("\">{title}</a>")).expect("the task is on the list");
    before.rsplit("href=\"").next().unwrap().to_owned()
}

#[tokio::test]
async fn tasks_are_listed_first_due_first_and_those_without_a_day_last() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    plan(&ada, &[("title", "Some day")]).await;
    plan(&ada, &[("title", "Next month"), ("due_on", "2026-12-20")]).await;
    plan(&ada, &[("title", "Overdue"), ("due_on", "2026-11-20")]).await;
    plan(&ada, &[("title", "Today's"), ("due_on", "2026-11-22")]).await;
    let list = ada.get("/tasks").await.text;
    let places: Vec<usize> = ["Overdue", "Today&#39;s", "Next month", "Some day"]
        .map(|title| list.rfind(&format!(">{title}<")).unwrap())
        .into();
    assert!(places.is_sorted(), "{places:?}");
    assert!(list.contains("since 20 Nov 2026") && list.contains("<small>today · Ada Lind"));
    let due = ada.get("/tasks?due=today").await.text;
    assert!(due.contains("Overdue") && due.contains("Today&#39;s") && !due.contains("Next month"));
}

#[tokio::test]
async fn the_day_a_task_is_due_is_the_members_own() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    plan(&ada, &[("title", "Ring Maria"), ("due_on", "2026-11-23")]).await;
    assert!(ada.get("/tasks").await.text.contains("<small>tomorrow · "));
    // Noon in Lisbon, and then half past midnight there.
    world.wait_seconds(12 * 3600 + 1800);
    assert!(ada.get("/tasks").await.text.contains("<small>today · "));
}

#[tokio::test]
async fn a_task_is_done_and_not_done_again_from_where_one_stands() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let company = made(&ada, &[("name", "Aster Bakery")]).await;
    let id = company.rsplit('/').next().unwrap();
    plan(&ada, &[("title", "Send the story"), ("company_id", id), ("back", &company)]).await;
    let shown = ada.get(&company).await.text;
    let task = page_of(&shown, "Send the story");
    let done = ada.post(&format!("{task}/completion"), &[("back", &company)]).await;
    assert_eq!(done.leads_to(), company);
    assert!(!ada.get("/tasks").await.text.contains("Send the story"));
    assert!(ada.get("/tasks?show=done").await.text.contains("done 22 Nov 2026"));
    let told = ada.get(&task).await.text;
    assert!(told.contains("<b>Ada Lind</b> did this task") || told.contains("</b> did"), "{told}");
    ada.post(&format!("{task}/completion/removal"), &[]).await;
    assert!(ada.get("/tasks").await.text.contains("Send the story"));
}

#[tokio::test]
async fn mine_are_shown_first_and_everybodys_on_demand() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::All).await;
    let ada = world.browser(&world.ada).await;
    plan(&ada, &[("title", "Ada's own")]).await;
    plan(&ada, &[("title", "For Ben"), ("owner_id", &ben.id.to_string())]).await;
    let mine = ada.get("/tasks").await.text;
    assert!(mine.contains("Ada&#39;s own") && !mine.contains(">For Ben<"));
    assert!(ada.get("/tasks?owner=all").await.text.contains(">For Ben<"));
    let only = world.member("Cleo Own", Role::Seller, Sees::Own).await;
    let only = world.browser(&only).await;
    assert!(!only.get("/tasks?owner=all").await.text.contains(">For Ben<"), "not theirs to see");
}

#[tokio::test]
async fn a_task_without_words_is_asked_for_them() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let answer = ada.post("/tasks", &[("title", ""), ("due_on", "soon")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("what is to be done") && answer.text.contains("a day such as"));
}

#[tokio::test]
async fn a_task_is_changed_removed_and_brought_back() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    plan(&ada, &[("title", "Ring Maria")]).await;
    let task = page_of(&ada.get("/tasks").await.text, "Ring Maria");
    let form =
        [("version", "1"), ("title", "Ring Maria"), ("due_on", "2026-11-25"), ("contact_id", "Maria Nova")];
    assert_eq!(ada.post(&task, &form).await.status, StatusCode::SEE_OTHER);
    let shown = ada.get(&task).await.text;
    assert!(shown.contains("25 Nov 2026") && shown.contains("Maria Nova"));
    ada.post(&format!("{task}/removal"), &[]).await;
    assert!(ada.get("/tasks?show=removed").await.text.contains("Ring Maria"));
    ada.post(&format!("{task}/restoration"), &[]).await;
    assert!(ada.get("/tasks").await.text.contains("Ring Maria"));
}
