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

/// How often somebody reads a sentence among their notices.
async fn count(browser: &Browser, words: &str) -> usize {
    browser.get("/notices").await.text.matches(words).count()
}

#[tokio::test]
async fn who_is_handed_a_request_hears_of_it_and_of_its_promise_when_it_is_due_once() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::All).await;
    let (owner, ben, ada) = (ben.id.to_string(), world.browser(&ben).await, world.browser(&world.ada).await);
    // Monday at nine; a first answer is promised by one o'clock.
    world.wait_seconds(21 * 3_600);
    let request = ada.post("/service", &[("title", "Labels print twice")]).await.leads_to().to_owned();
    ada.post(&format!("{request}/owner"), &[("owner_id", &owner)]).await;
    assert_eq!(count(&ben, "A request for help is yours to answer: Labels print twice").await, 1);
    let warn = async || sameside::work::warn(&world.app).await.unwrap();
    assert_eq!(warn().await, 0, "there is time");
    world.wait_seconds(3 * 3_600 + 60);
    assert_eq!((warn().await, warn().await), (1, 0), "told once");
    assert_eq!(count(&ben, "Labels print twice is promised to be answered by 23 Nov 2026, 13:00").await, 1);
    world.wait_seconds(3_600);
    assert_eq!((warn().await, warn().await), (1, 0));
    assert_eq!(count(&ben, "Labels print twice waits longer than we promised").await, 1);
    assert_eq!(count(&ada, "Labels print twice").await, 0, "it is his");
    ben.post(&format!("{request}/answers"), &[("text", "We look."), ("next", "them")]).await;
    world.wait_seconds(5 * 86_400);
    assert_eq!(warn().await, 0, "their turn is nobody's hurry");
    let free =
        ada.post("/service", &[("title", "Free for anybody"), ("opened_at", "2026-11-23T09:00")]).await;
    assert!(free.status.is_redirection(), "{}", free.text);
    assert_eq!(warn().await, 2, "what is nobody's is told to everybody who may answer");
}

#[tokio::test]
async fn promises_of_both_sides_are_told_once_when_their_day_is_near_or_past() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::All).await;
    let (owner, ben, ada) = (ben.id.to_string(), world.browser(&ben).await, world.browser(&world.ada).await);
    let form = [("title", "Ordering page"), ("price", "900"), ("owner", owner.as_str())];
    let deal = ada.post("/deals", &form).await.leads_to().split('?').next().unwrap().to_owned();
    let promise = async |side: &str, title: &str, due: &str| {
        let form = [("side", side), ("title", title), ("due_on", due), ("after_id", "")];
        let made = ada.post(&format!("{deal}/plan"), &form).await;
        assert!(made.status.is_redirection(), "{}", made.text);
    };
    promise("company", "Set up the shop", "2026-11-23").await;
    promise("client", "Send the menu", "2026-11-23").await;
    promise("company", "Mend it", "2026-12-30").await;
    let warn = async || sameside::work::warn(&world.app).await.unwrap();
    // It is Sunday, the day before.
    assert_eq!((warn().await, warn().await), (1, 0));
    assert_eq!(count(&ben, "“Set up the shop” is promised for").await, 1);
    world.wait_seconds(2 * 86_400);
    assert_eq!((warn().await, warn().await), (2, 0));
    assert_eq!(count(&ben, "“Set up the shop” was promised for").await, 1);
    assert_eq!(count(&ben, "They promised “Send the menu” for").await, 1);
    assert_eq!(count(&ada, "Set up the shop").await, 0);
    let page = ben.get("/notices").await.text;
    let href = page.split("href=\"/notices/").find(|part| part.contains("Send the menu")).unwrap();
    let to = ben.get(&format!("/notices/{}", href.split('"').next().unwrap())).await;
    assert_eq!(to.leads_to(), format!("{deal}/plan"), "one click to the place");
}

#[tokio::test]
async fn a_client_that_feels_bad_or_worse_than_before_and_a_result_are_told_to_who_runs_the_deal() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::All).await;
    let (owner, ben, ada) = (ben.id.to_string(), world.browser(&ben).await, world.browser(&world.ada).await);
    let form = [
        ("title", "Ordering page"),
        ("price", "900"),
        ("company", "Aster Bakery"),
        ("owner", owner.as_str()),
    ];
    let deal = ada.post("/deals", &form).await.leads_to().split('?').next().unwrap().to_owned();
    let id = deal.rsplit('/').next().unwrap();
    for (mood, told) in
        [("very_good", 0), ("good", 0), ("so_so", 1), ("so_so", 1), ("not_good", 2), ("good", 2)]
    {
        world.wait_seconds(60);
        let said = [("deal_id", id), ("whose", "client"), ("mood", mood)];
        assert!(ada.post("/pulses", &said).await.status.is_redirection());
        assert_eq!(count(&ben, "A client feels: ").await, told, "{mood}");
    }
    assert_eq!(count(&ben, "feels: so-so, after good").await, 1);
    let ours = [("deal_id", id), ("whose", "company"), ("mood", "bad")];
    ada.post("/pulses", &ours).await;
    assert_eq!(count(&ben, "feels: bad").await, 0, "what we read in a face is no word of theirs");
}

#[tokio::test]
async fn quiet_hours_are_said_where_ones_account_is() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    assert!(ada.get("/account").await.text.contains("You hear of everything at once"));
    ada.post("/notices/quiet", &[("quiet_from", "18:00"), ("quiet_until", "08:00"), ("weekends", "true")])
        .await;
    let page = ada.get("/account").await.text;
    assert!(page.contains("Quiet from 18:00 to 08:00, and all weekend.") && page.contains("/notices#quiet"));
}
