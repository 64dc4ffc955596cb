//! The demo: one story, complete, the same for everybody who is told it.

use crate::world::nowhere;
use sameside::app::App;
use sameside::demo::{self, Found};
use std::collections::BTreeMap;

async fn told() -> App {
    let (app, ..) = nowhere().await;
    demo::build(&app, demo::SEED).await.unwrap();
    app
}

async fn rows(app: &App, sql: &'static str) -> Vec<(String, i64)> {
    let sql = db::Sql::fixed(sql);
    app.read().await.unwrap().all::<(String, i64)>(sql, vec![]).await.unwrap()
}

async fn count(app: &App, sql: &'static str) -> i64 {
    app.read().await.unwrap().first::<(i64,)>(db::Sql::fixed(sql), vec![]).await.unwrap().unwrap().0
}

#[tokio::test]
async fn the_story_is_told_whole_and_every_deal_of_it_is_weighed() {
    let app = told().await;
    assert!(
        matches!(demo::look(&app).await.unwrap(), Found::Told(at) if app.now().seconds_since(at) < 86_400)
    );
    for (what, sql, least) in [
        ("members", "select count(*) from member", 9),
        ("companies", "select count(*) from company", 45),
        ("contacts", "select count(*) from contact", 85),
        ("products", "select count(*) from product", 6),
        ("deals", "select count(*) from deal", 260),
        ("activities", "select count(*) from activity", 700),
        ("tasks", "select count(*) from task", 120),
        ("late tasks", "select count(*) from task where done_at is null and due_on < '2026-11-22'", 3),
        ("tasks of today", "select count(*) from task where done_at is null and due_on = '2026-11-22'", 3),
        (
            "revisits that are due",
            "select count(*) from deal where standing = 'paused' and revisit_on <= '2026-11-22'",
            2,
        ),
        ("days", "select count(distinct opened_on) from deal where opened_on < '2025-06-01'", 20),
    ] {
        let found = count(&app, sql).await;
        assert!(found >= least, "{what}: {found}");
    }
    let standings: BTreeMap<_, _> =
        rows(&app, "select standing, count(*) from deal group by standing").await.into_iter().collect();
    for (standing, least) in
        [("open", 40), ("paused", 8), ("verified", 45), ("agreed", 30), ("declined", 40), ("walked_away", 25)]
    {
        assert!(standings[standing] >= least, "{standings:?}");
    }
    let phases = rows(&app, "select phase, count(*) from deal where standing = 'open' group by phase").await;
    assert!(phases.len() == 6 && phases.iter().all(|(_, count)| *count >= 2), "{phases:?}");
    let bare = "select count(*) from deal d left join assessment a on a.deal_id = d.id
        where d.standing = 'open' and d.price_minor is not null and a.deal_id is null";
    assert_eq!(count(&app, bare).await, 0, "every open deal with a price is weighed");
    let silent = "select count(*) from deal where standing in ('walked_away', 'declined', 'paused', 'verified') and reason is null";
    assert_eq!(count(&app, silent).await, 0, "nothing ends without its reason");
    let late = "select count(*) from history where via = 'demo' and at > 1795348800000000";
    assert_eq!(count(&app, late).await, 0, "nothing happens after it is told");
    assert_eq!(count(&app, "select count(*) from job where state <> 'done'").await, 0);
}

#[tokio::test]
async fn all_four_verdicts_wait_for_ada() {
    let app = told().await;
    let verdicts: BTreeMap<_, _> = rows(
        &app,
        "select a.verdict, count(*) from assessment a join deal d on d.id = a.deal_id join member m on m.id = d.owner_id
         where m.name = 'Ada Lind' and d.standing = 'open' group by a.verdict",
    )
    .await
    .into_iter()
    .collect();
    for verdict in ["ask_first", "go_ahead", "rebalance", "walk_away"] {
        let found = verdicts.get(verdict).copied().unwrap_or(0);
        assert!((2..=8).contains(&found), "{verdict}: {verdicts:?}");
    }
    let aster = rows(
        &app,
        "select a.verdict, d.price_minor from assessment a join deal d on d.id = a.deal_id
         where d.title = 'Online ordering for three shops'",
    )
    .await;
    assert_eq!(aster, [("ask_first".to_owned(), 1_800_000)]);
}

#[tokio::test]
async fn the_same_seed_tells_the_same_story_and_another_one_another() {
    let everything = "select d.title || ' ' || d.standing || ' ' || coalesce(d.closed_on, '') || ' ' || c.name, coalesce(d.price_minor, 0)
        from deal d join company c on c.id = d.company_id order by 1, 2";
    let (one, again) = (told().await, told().await);
    let (one, again) = (rows(&one, everything).await, rows(&again, everything).await);
    assert_eq!(one, again);
    let (other, ..) = nowhere().await;
    demo::build(&other, demo::SEED + 1).await.unwrap();
    assert_ne!(one, rows(&other, everything).await);
}

#[tokio::test]
async fn the_demo_lets_its_owner_in_by_link_and_is_not_told_twice() {
    let app = told().await;
    assert!(demo::build(&app, demo::SEED).await.is_err(), "a place that is not empty is left as it is");
    let token = demo::way_in(&app).await.unwrap();
    let stranger = crate::world::Browser::at(&app);
    let answer = stranger.get(&format!("/pass/{}", token.text())).await;
    let page = stranger.let_in_by(&answer).get("/").await;
    assert_eq!(page.status, 200);
    for text in
        ["Ada", "Online ordering for three shops", "Walk away kindly", "Birthday cakes from the web page"]
    {
        assert!(page.text.contains(text), "{text}");
    }
}
