//! The week: promises first, then what brings most for an hour, nobody left without a word; told on Today.

use crate::world::World;
use sameside::accounts::{Role, Sees};
use sameside::base::Id;
use sameside::work;

async fn morning(world: &World) {
    assert_eq!(work::look_at_the_day(&world.app).await.unwrap(), 1);
    work::drain(&world.app).await.unwrap();
}

/// Makes a deal with a price on the pages and answers with its address.
async fn deal(world: &World, title: &str, price: &str) -> String {
    let browser = world.browser(&world.ada).await;
    let form = [("title", title), ("price", price), ("company", "Aster Bakery"), ("horizon_months", "12")];
    let owner = world.ada.id.to_string();
    let form: Vec<_> = form.into_iter().chain([("owner", owner.as_str())]).collect();
    let made = browser.post("/deals", &form).await;
    assert_eq!(made.status, 303, "{}", made.text);
    made.leads_to().split('?').next().unwrap().to_owned()
}

async fn task(world: &World, title: &str, due: &str, hours: &str) {
    let form = [("title", title), ("due_on", due), ("hours", hours)];
    let made = world.browser(&world.ada).await.post("/tasks", &form).await;
    assert_eq!(made.status, 303, "{}", made.text);
}

#[tokio::test]
async fn today_is_the_plan_of_the_week_with_its_hours_and_reasons() {
    let world = World::new().await;
    deal(&world, "Ordering page", "18000").await;
    deal(&world, "Second shop", "9000").await;
    task(&world, "Send the plan", "2026-11-25", "2").await;
    morning(&world).await;
    let page = world.browser(&world.ada).await.get("/").await.text;
    // The world stands still on a Sunday.
    for text in
        ["The coming week", "of 20 hours", "1 promise, 2 deals and 0 clients", "for an hour of asking"]
    {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(page.contains("Ordering page") && page.contains("Second shop"));
}

#[tokio::test]
async fn a_promise_without_room_is_told_before_its_day() {
    let world = World::new().await;
    task(&world, "Move the whole archive", "2026-11-26", "200").await;
    task(&world, "Send the plan", "2026-11-26", "1 to 3").await;
    morning(&world).await;
    let page = world.browser(&world.ada).await.get("/").await.text;
    let (_, told) = page.split_once("Promised, and no room for it").expect("it is told");
    assert!(told.contains("Move the whole archive"));
    assert!(page.contains("1 promise, 0 deals"), "{page}");
}

#[tokio::test]
async fn a_member_has_hours_of_their_own_and_whoever_only_looks_has_none() {
    let world = World::new().await;
    let hugo = world.member("Hugo Tan", Role::Viewer, Sees::All).await;
    let browser = world.browser(&world.ada).await;
    let form = [("name", "Ada Lind"), ("email", "ada@fieldwork.example"), ("role", "owner"), ("sees", "all")];
    let address = format!("/settings/members/{}", world.ada.id);
    let with = |hours: &'static str| form.into_iter().chain([("week_hours", hours)]).collect::<Vec<_>>();
    let refused = browser.post(&address, &with("400")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("hours from 0 to 168"));
    assert_eq!(browser.post(&address, &with("6")).await.status, 303);
    deal(&world, "Ordering page", "18000").await;
    morning(&world).await;
    assert!(browser.get("/").await.text.contains("of 6 hours"));
    let page = world.browser(&hugo).await.get("/").await.text;
    assert!(!page.contains("The coming week"), "{page}");
    let page = world.browser(&hugo).await.get("/?whose=all").await.text;
    assert!(page.contains("of 6 hours") && !page.contains("Plan again"));
    assert_eq!(world.browser(&hugo).await.post("/week", &[]).await.status, 403);
}

#[tokio::test]
async fn nobody_sees_in_a_plan_what_they_may_not_see() {
    let world = World::new().await;
    let greta = world.member("Greta Solheim", Role::Seller, Sees::Own).await;
    deal(&world, "Ordering page", "18000").await;
    task(&world, "Send the plan", "2026-11-25", "300").await;
    morning(&world).await;
    let page = world.browser(&greta).await.get("/?whose=all").await.text;
    assert!(!page.contains("Ordering page") && !page.contains("Send the plan"), "{page}");
}

#[tokio::test]
async fn an_hour_is_worth_what_the_plan_says_once_a_week_and_the_deal_page_says_so() {
    let world = World::new().await;
    let address = deal(&world, "Ordering page", "18000").await;
    let browser = world.browser(&world.ada).await;
    assert!(browser.get(&address).await.text.contains("what the settings say of an hour of ours"));
    let hour = async || {
        let mut conn = world.app.read().await.unwrap();
        let sql = db::Sql::fixed("select week, value from hour_value");
        conn.first::<(String, f64)>(sql, vec![]).await.unwrap().unwrap()
    };
    morning(&world).await;
    let (week, value) = hour().await;
    assert_eq!(week, "2026-11-23");
    // One deal leaves hours over: another one would bring nothing, so an hour counts less, but never nothing.
    assert!((value - (60.0_f64 * 30.0).sqrt()).abs() < 1e-6, "{value}");
    let page = browser.get(&address).await.text;
    assert!(page.contains("from the plan of the week of 23 Nov 2026"), "{page}");
    // Planned again in the same week, an hour stays what it was.
    for _ in 0..3 {
        assert_eq!(browser.post("/week", &[]).await.status, 303);
        work::drain(&world.app).await.unwrap();
    }
    assert_eq!(hour().await, (week, value));
    world.wait_seconds(8 * 86_400);
    morning(&world).await;
    assert_eq!(hour().await.0, "2026-11-30");
}

#[tokio::test]
async fn a_client_nobody_has_spoken_to_comes_into_the_week_however_small() {
    let world = World::new().await;
    let address = deal(&world, "Ordering page", "900").await;
    let id: Id<sameside::deals::Deal> = address.rsplit('/').next().unwrap().parse().unwrap();
    let act = world.act().await;
    let today = world.app.now().day(&jiff::tz::TimeZone::UTC);
    world
        .app
        .write(move |tx| {
            Box::pin(async move {
                let deal =
                    sameside::records::change(tx, &act, id, None, |deal: &mut sameside::deals::Deal| {
                        (deal.agreed_on, deal.phase) =
                            (Some(today.plus_days(-200)), sameside::deals::Phase::Deliver);
                        Ok(())
                    })
                    .await?;
                let company = deal.company_id.unwrap();
                sameside::records::change(
                    tx,
                    &act,
                    company,
                    None,
                    |company: &mut sameside::companies::Company| {
                        company.owner_id = act.scope.member();
                        Ok(())
                    },
                )
                .await
            })
        })
        .await
        .unwrap();
    morning(&world).await;
    let page = world.browser(&world.ada).await.get("/").await.text;
    let (_, told) = page.split_once("Who has not been heard from").expect("it is told");
    assert!(
        told.contains("Aster Bakery") && told.contains("nobody has noted a word with them yet"),
        "{told}"
    );
}

#[tokio::test]
async fn a_promise_beyond_the_weeks_hours_is_said_on_its_deal_until_there_is_room() {
    let world = World::new().await;
    let deal = deal(&world, "Move the archive", "18000").await;
    let browser = world.browser(&world.ada).await;
    let id = deal.rsplit('/').next().unwrap();
    let form = [("title", "Move it all"), ("due_on", "2026-11-26"), ("hours", "200"), ("deal_id", id)];
    let made = browser.post("/tasks", &form).await;
    assert_eq!(made.status, 303, "{}", made.text);
    morning(&world).await;
    let page = browser.get(&deal).await.text;
    assert!(page.contains("no room for it in the week&#39;s plan: “Move it all” for 26 Nov 2026"), "{page}");
}
