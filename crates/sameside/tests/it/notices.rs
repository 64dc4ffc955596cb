//! Notices: who is told of what, when it pops up, and that nobody reads those of others.

use crate::world::{Browser, World};
use axum::http::StatusCode;
use sameside::accounts;
use sameside::accounts::{Role, Sees, Via};
use sameside::base::Id;
use sameside::notices::{News, Source, tell};
use sameside::tasks::Task;

async fn told(world: &World, to: Id<accounts::Member>, words: &str) {
    let act = world.app.act_for(world.act().await.scope.workspace(), Via::Job);
    let news = News::new(Source::Come, words, "/deals");
    world.app.write(move |tx| Box::pin(async move { tell(tx, &act, to, news).await })).await.unwrap();
}

async fn bell(browser: &Browser) -> String {
    let page = browser.get("/tasks").await.text;
    page.split("data-bell>").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_told_is_counted_read_and_leads_to_the_place() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    told(&world, world.ada.id, "First").await;
    told(&world, world.ada.id, "Second").await;
    assert_eq!(bell(&ada).await, "2");
    let page = ada.get("/notices").await.text;
    let second = page.find("Second").unwrap();
    assert!(second < page.find("First").unwrap(), "newest first");
    let href = page.split("href=\"/notices/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(ada.get(&format!("/notices/{href}")).await.leads_to(), "/deals");
    assert_eq!(bell(&ada).await, "1");
    let ben = world.member("Ben Okafor", Role::Admin, Sees::All).await;
    let ben = world.browser(&ben).await;
    assert_eq!(ben.get(&format!("/notices/{href}")).await.status, StatusCode::NOT_FOUND);
    assert!(!ben.get("/notices").await.text.contains("First"));
    ada.post("/notices/read", &[("up_to", "999999")]).await;
    assert_eq!(bell(&ada).await, "0");
}

#[tokio::test]
async fn whoever_is_given_something_is_told_and_nobody_of_what_they_did_themselves() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::All).await;
    let task = |owner| Task {
        title: "Call the mill".into(),
        note: None,
        deal_id: None,
        company_id: None,
        contact_id: None,
        owner_id: Some(owner),
        due_on: None,
        done_at: None,
        hours_low: None,
        hours_likely: None,
        hours_high: None,
        hours_taken: None,
    };
    for owner in [ben.id, world.ada.id] {
        let (act, task) = (world.act().await, task(owner));
        world
            .app
            .write(move |tx| Box::pin(async move { sameside::tasks::actions::create(tx, &act, task).await }))
            .await
            .unwrap();
    }
    let (ben, ada) = (world.browser(&ben).await, world.browser(&world.ada).await);
    assert!(ben.get("/notices").await.text.contains("A task for you: Call the mill"));
    assert_eq!(bell(&ada).await, "0");
}

#[tokio::test]
async fn a_yes_is_asked_of_who_may_give_it_and_answered_to_who_asked() {
    let world = World::new().await;
    let mia = world.member("Mia Sand", Role::Seller, Sees::All).await;
    let (ada, mia) = (world.browser(&world.ada).await, world.browser(&mia).await);
    let deal = mia.post("/deals", &[("title", "Rye"), ("price", "1000")]).await.leads_to().to_owned();
    let form = [
        ("title", "A free month"),
        ("cost_likely", "900"),
        ("cost_evidence", "our_estimate"),
        ("came_back", "They tell two others"),
    ];
    let given = mia.post(&format!("{deal}/concessions"), &form).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
    let asked = ada.get("/notices").await.text;
    assert!(asked.contains("Mia Sand asks for your yes: A free month in Rye"), "{asked}");
    assert_eq!(bell(&mia).await, "0", "who may not say yes is not asked");
    let list = ada.get("/concessions").await.text;
    let id = list.split("action=\"/concessions/").nth(1).unwrap().split('/').next().unwrap();
    let no = [("answer", "no"), ("because", "Too much")];
    let said = ada.post(&format!("/concessions/{id}/answer"), &no).await;
    assert!(said.status.is_redirection(), "{} {}", said.status, said.text);
    let answered = mia.get("/notices").await.text;
    assert!(answered.contains("No to A free month: Too much"), "{answered}");
}

#[tokio::test]
async fn quiet_hours_keep_what_is_told_and_count_it_after() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    told(&world, world.ada.id, "Before").await;
    // It is noon in Lisbon, a Sunday.
    let wrong = ada.post("/notices/quiet", &[("quiet_from", "11:00")]).await;
    assert!(wrong.status.is_redirection());
    assert!(!ada.get("/notices").await.text.contains("It is quiet now"));
    world.wait_seconds(60);
    ada.post("/notices/quiet", &[("quiet_from", "12:01"), ("quiet_until", "13:00")]).await;
    world.wait_seconds(60);
    told(&world, world.ada.id, "Meanwhile").await;
    assert_eq!(bell(&ada).await, "1", "what was told before stays counted");
    let page = ada.get("/notices").await.text;
    assert!(page.contains("It is quiet now") && page.contains("Meanwhile"), "{page}");
    world.wait_seconds(3_600);
    assert_eq!(bell(&ada).await, "2");
    ada.post("/notices/quiet", &[("weekends", "true")]).await;
    told(&world, world.ada.id, "On Sunday").await;
    assert_eq!(
        bell(&ada).await,
        "0",
        "the whole weekend is quiet: what came since Saturday counts on Monday"
    );
}

#[tokio::test]
async fn admins_are_told_of_work_that_failed() {
    let world = World::new().await;
    let act = world.act().await;
    world
        .app
        .write(move |tx| {
            Box::pin(async move { sameside::jobs::later(tx, &act, "sing", "a song", "{}").await })
        })
        .await
        .unwrap();
    sameside::work::drain(&world.app).await.unwrap();
    let page = world.browser(&world.ada).await.get("/notices").await.text;
    assert!(page.contains("Work in the background failed"), "{page}");
    let mia = world.member("Mia Sand", Role::Seller, Sees::All).await;
    assert_eq!(bell(&world.browser(&mia).await).await, "0");
}
