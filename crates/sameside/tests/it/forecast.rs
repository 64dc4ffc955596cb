//! What became of deals like this one: learned from the workspace's own, told with its n, or as no better than the average.

use crate::world::World;
use sameside::accounts::{Role, Sees, Via};
use sameside::app::App;
use sameside::base::{Date, Id};
use sameside::companies::Company;
use sameside::deals::{Deal, Stage, Standing};
use sameside::products::Product;
use sameside::records::{self, Kept};
use sameside::{assessment, jobs, work};

/// Deals about two products, a day apart, each open for `days`: the share of each product that is agreed is said.
async fn past(world: &World, count: usize, agreed: [f64; 2]) -> [Id<Product>; 2] {
    let act = world.act().await;
    let (now, today) = (world.app.now(), day(world));
    let stage = stage(world).await;
    let ada = world.ada.id;
    world
        .app
        .write(move |tx| {
            Box::pin(async move {
                let mut products = Vec::new();
                for name in ["Day routes", "Night routes"] {
                    let named = Product::named(name, sameside::base::Currency::EUR);
                    products.push(records::create(tx, &act, named).await?.id);
                }
                let mut all = Vec::new();
                for n in 0..count {
                    let which = n % 2;
                    let began = today.plus_days(-60 - i64::try_from(n % 600).unwrap());
                    let mut deal =
                        Deal::named(format!("Deal {n}"), &stage, sameside::base::Currency::EUR, now, began);
                    deal.product_id = Some(products[which]);
                    deal.owner_id = Some(ada);
                    deal.price_minor = Some(1_000_000);
                    let share = (n / 2 * 37 % 100) as f64 / 100.0;
                    let ended = began.plus_days(20 + i64::try_from(n * 13 % 30).unwrap());
                    deal.closed_on = Some(ended);
                    if share < agreed[which] {
                        (deal.standing, deal.agreed_on) = (Standing::Agreed, Some(ended));
                    } else {
                        (deal.standing, deal.reason) = (Standing::Declined, Some("Not now.".into()));
                    }
                    all.push(Kept {
                        id: Id::new(now),
                        version: 1,
                        created_at: now,
                        changed_at: now,
                        removed_at: None,
                        it: deal,
                    });
                }
                records::create_many(tx, &act, all).await?;
                Ok([products[0], products[1]])
            })
        })
        .await
        .unwrap()
}

fn day(world: &World) -> Date {
    world.app.now().day(&jiff::tz::TimeZone::UTC)
}

async fn stage(world: &World) -> Kept<Stage> {
    let mut conn = world.app.read().await.unwrap();
    let sql = db::Sql::fixed("select id from stage where phase = 'hear' order by position limit 1");
    let (id,) = conn.first::<(Id<Stage>,)>(sql, vec![]).await.unwrap().unwrap();
    records::get(&mut conn, &world.act().await.scope, id).await.unwrap()
}

/// A deal that is open for some days.
async fn open(world: &World, product: Id<Product>, days: i64, company: Option<Id<Company>>) -> Kept<Deal> {
    let (act, stage, now) = (world.act().await, stage(world).await, world.app.now());
    let began = day(world).plus_days(-days);
    let mut deal = Deal::named("Now", &stage, sameside::base::Currency::EUR, now, began);
    (deal.product_id, deal.company_id, deal.owner_id) = (Some(product), company, act.scope.member());
    deal.price_minor = Some(1_000_000);
    world.app.write(move |tx| Box::pin(async move { records::create(tx, &act, deal).await })).await.unwrap()
}

async fn morning(app: &App) {
    assert_eq!(work::look_at_the_day(app).await.unwrap(), 1);
    work::drain(app).await.unwrap();
}

async fn chance(world: &World, deal: &Kept<Deal>) -> assessment::Line {
    let act = world.act().await;
    let mut conn = world.app.read().await.unwrap();
    let told = assessment::actions::of_deal(&mut conn, act.scope.workspace(), deal, world.app.now())
        .await
        .unwrap()
        .unwrap();
    told.basis.line(sameside::diagnosis::Parameter::Win).unwrap().clone()
}

#[tokio::test]
async fn a_chance_follows_what_became_of_deals_like_it_and_says_so() {
    let world = World::new().await;
    let [day_routes, night_routes] = past(&world, 400, [0.8, 0.2]).await;
    let (well, badly) =
        (open(&world, day_routes, 10, None).await, open(&world, night_routes, 10, None).await);
    morning(&world.app).await;
    let (well_line, badly_line) = (chance(&world, &well).await, chance(&world, &badly).await);
    assert!((0.7..0.9).contains(&well_line.range.likely()), "{well_line:?}");
    assert!((0.1..0.3).contains(&badly_line.range.likely()), "{badly_line:?}");
    assert!(
        well_line.range.low() < well_line.range.likely() && well_line.range.likely() < well_line.range.high()
    );
    let note = well_line.evidence.note.unwrap();
    assert!(note.starts_with("from 400 of your ended deals, as of 22 Nov 2026"), "{note}");
    assert!(note.ends_with("open for 10 days"), "{note}");
    let page = world.browser(&world.ada).await.get(&format!("/deals/{}", well.id)).await;
    for text in
        ["Will it be agreed?", "From 400 of your ended deals", "within 30 days", "/deals/forecast#trust"]
    {
        assert!(page.text.contains(text), "{text}");
    }
    let page = world.browser(&world.ada).await.get("/deals/forecast").await;
    for text in [
        "Within 30 days: likely €",
        "Within 90 days",
        "n = 400",
        "the product",
        "tells more than your average",
    ] {
        assert!(page.text.contains(text), "{text}");
    }
}

#[tokio::test]
async fn where_nothing_tells_the_answer_is_no_better_than_your_average() {
    let world = World::new().await;
    let [day_routes, _] = past(&world, 300, [0.5, 0.5]).await;
    let deal = open(&world, day_routes, 10, None).await;
    morning(&world.app).await;
    let line = chance(&world, &deal).await;
    assert!((0.4..0.6).contains(&line.range.likely()), "{line:?}");
    assert!(
        line.evidence
            .note
            .unwrap()
            .contains("300 of your ended deals, as of 22 Nov 2026, no better than your average")
    );
    let page = world.browser(&world.ada).await.get("/deals/forecast").await;
    assert!(page.text.contains("No better than your average"), "{}", page.text);
}

#[tokio::test]
async fn too_few_ended_deals_are_not_made_a_forecast_of() {
    let world = World::new().await;
    let [day_routes, _] = past(&world, 20, [0.9, 0.1]).await;
    let deal = open(&world, day_routes, 10, None).await;
    morning(&world.app).await;
    let note = chance(&world, &deal).await.evidence.note.unwrap();
    assert_eq!(note, "9 of 10 such deals that ended were agreed");
    let page = world.browser(&world.ada).await.get("/deals/forecast").await;
    assert!(page.text.contains("Too little has ended yet") && page.text.contains("at least 30 deals"));
}

#[tokio::test]
async fn a_deal_that_ages_without_an_answer_is_agreed_less_and_less_soon() {
    let world = World::new().await;
    let [day_routes, _] = past(&world, 400, [0.8, 0.2]).await;
    let (young, old) = (open(&world, day_routes, 1, None).await, open(&world, day_routes, 200, None).await);
    morning(&world.app).await;
    let browser = world.browser(&world.ada).await;
    let young = browser.get(&format!("/deals/{}", young.id)).await.text;
    assert!(young.contains("Open for 1 day"), "{young}");
    let old = browser.get(&format!("/deals/{}", old.id)).await.text;
    assert!(old.contains("so few were open that long that it counts as"), "{old}");
}

#[tokio::test]
async fn each_sees_what_comes_in_from_the_deals_they_may_see() {
    let world = World::new().await;
    let [day_routes, _] = past(&world, 400, [0.8, 0.2]).await;
    for _ in 0..6 {
        open(&world, day_routes, 15, None).await;
    }
    let greta = world.member("Greta Solheim", Role::Seller, Sees::Own).await;
    morning(&world.app).await;
    let all = world.browser(&world.ada).await.get("/deals/forecast").await.text;
    assert!(all.contains("s 6 open deals"), "{all}");
    let own = world.browser(&greta).await.get("/deals/forecast").await.text;
    assert!(own.contains("from your 0 open deals") && own.contains("likely €0"), "{own}");
}

#[tokio::test]
async fn a_model_is_fitted_again_when_enough_more_has_ended_and_not_for_every_deal() {
    let world = World::new().await;
    let [day_routes, _] = past(&world, 200, [0.8, 0.2]).await;
    morning(&world.app).await;
    let fitted = async || {
        let mut conn = world.app.read().await.unwrap();
        let sql = db::Sql::fixed("select fitted_at, n from forecast");
        conn.first::<(i64, i64)>(sql, vec![]).await.unwrap().unwrap()
    };
    let first = fitted().await;
    assert_eq!(first.1, 200);
    assert_eq!(work::look_at_the_day(&world.app).await.unwrap(), 0, "a day begins once");
    world.wait_seconds(7_200);
    let browser = world.browser(&world.ada).await;
    let leave = async |count: usize| {
        for _ in 0..count {
            let deal = open(&world, day_routes, 30, None).await;
            let form = [("standing", "declined"), ("reason", "Not now.")];
            let answer = browser.post(&format!("/deals/{}/departure", deal.id), &form).await;
            assert_eq!(answer.status, 303, "{}", answer.text);
        }
        work::drain(&world.app).await.unwrap();
    };
    leave(3).await;
    assert_eq!(fitted().await, first);
    leave(8).await;
    assert_eq!(fitted().await.1, 211);
}

#[tokio::test]
async fn what_the_server_learned_is_asked_for_by_jobs_that_anybody_can_see_fail() {
    let world = World::new().await;
    let act = world.app.act_for(world.act().await.scope.workspace(), Via::Job);
    world
        .app
        .write(move |tx| Box::pin(async move { jobs::later(tx, &act, jobs::MORNING, "", "{}").await }))
        .await
        .unwrap();
    assert_eq!(
        work::drain(&world.app).await.unwrap(),
        3,
        "to learn, to weigh what is open, and to plan the week"
    );
}

#[tokio::test]
async fn weighing_every_deal_is_done_in_rounds_that_let_others_in_between() {
    let world = World::new().await;
    let (act, stage, now) = (world.act().await, stage(&world).await, world.app.now());
    let all = (0..1_050).map(|n| {
        let mut deal =
            Deal::named(format!("Deal {n}"), &stage, sameside::base::Currency::EUR, now, day(&world));
        deal.price_minor = Some(1_000_000);
        Kept { id: Id::new(now), version: 1, created_at: now, changed_at: now, removed_at: None, it: deal }
    });
    let all: Vec<_> = all.collect();
    let asked = act.clone();
    world
        .app
        .write(move |tx| {
            Box::pin(async move {
                records::create_many(tx, &act, all).await?;
                let sql = db::Sql::fixed("delete from job");
                tx.run(sql, vec![]).await?;
                jobs::later(tx, &asked, jobs::ASSESS_ALL, "", "{}").await
            })
        })
        .await
        .unwrap();
    let weighed = async || {
        let mut conn = world.app.read().await.unwrap();
        let sql = db::Sql::fixed("select count(*) from assessment");
        conn.first::<(i64,)>(sql, vec![]).await.unwrap().unwrap().0
    };
    assert_eq!((work::once(&world.app).await.unwrap(), weighed().await), (1, 0), "it asks for a round");
    assert_eq!((work::once(&world.app).await.unwrap(), weighed().await), (1, 1_000), "a round has its end");
    assert_eq!((work::once(&world.app).await.unwrap(), weighed().await), (1, 1_050), "the next one follows");
    assert_eq!(work::once(&world.app).await.unwrap(), 0, "and is the last");
}
