//! Insights: the counters are true whatever happens, and everybody is told of what they may see.

use crate::world::World;
use sameside::accounts::{Act, Member, Role, Sees};
use sameside::activities::{Activity, Means};
use sameside::base::{Currency, Date, Id, Range, Source, When};
use sameside::commitments::{Commitment, Side};
use sameside::concessions::{Concession, State};
use sameside::contacts::Contact;
use sameside::deals::{Deal, Phase, Stage, Standing};
use sameside::departures::{Departure, Way};
use sameside::diagnosis::Parameter;
use sameside::history;
use sameside::outcomes::{
    Felt, Gladness, Measure, Occasion, Outcome, Reached, Thought, ThoughtLine, Whence, Whose,
};
use sameside::products::Product;
use sameside::pursuit::Effort;
use sameside::records::{self, Kept, Kind};
use sameside::tallies::{self, Sums};
use std::sync::Arc;
use tokio::sync::Mutex;

/// A small generator: the same seed gives the same sequence.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).unwrap()
    }

    fn happens(&mut self) -> bool {
        self.below(2) == 0
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn day(&mut self) -> Date {
        let first: Date = "2025-10-03".parse().unwrap();
        first.plus_days(i64::try_from(self.below(410)).unwrap())
    }

    fn amount(&mut self) -> f64 {
        self.below(40_000) as f64 - 12_000.0 + self.below(100) as f64 / 100.0
    }
}

struct Made {
    stages: Vec<Kept<Stage>>,
    members: Vec<Id<Member>>,
    products: Vec<Id<Product>>,
    contacts: Vec<Id<Contact>>,
    deals: Vec<Id<Deal>>,
    parts: Vec<(Part, uuid::Uuid)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Effort,
    Activity,
    Outcome,
    Gladness,
    Departure,
    Concession,
    Commitment,
}

fn outcome(dice: &mut Dice, deal_id: Id<Deal>) -> Outcome {
    let line = |parameter, low: f64| ThoughtLine {
        parameter,
        range: Range::new(low, low * 1.5, low * 2.0).unwrap(),
        whence: Whence::Ours,
    };
    let lines = vec![line(Parameter::Delivery, 1_000.0), line(Parameter::Success, 0.4)];
    Outcome {
        deal_id,
        measured_on: dice.day(),
        reached: dice.one(Reached::ALL),
        achieved: None,
        share: dice.below(11) as f64 / 10.0,
        change_share: None,
        benefit: None,
        delay: None,
        adoption: None,
        delivery: Some(dice.below(4_000) as f64),
        service: None,
        hours: dice.happens().then_some(12.5),
        client_gain: dice.amount(),
        company_gain: dice.amount(),
        thought: Thought {
            lines,
            hour_value: 80.0,
            price: 900.0,
            hoped: dice.happens().then_some((5.0, 7.25)),
        },
        source: Source::Measured,
        said_by: None,
        note: None,
        learnt: None,
    }
}

fn gladness(dice: &mut Dice, deal_id: Id<Deal>) -> Gladness {
    Gladness {
        deal_id,
        moment: dice.one(Occasion::ALL),
        whose: dice.one(Whose::ALL),
        felt: dice.one(Felt::ALL),
        because: None,
        said_by: None,
        said_on: dice.day(),
    }
}

fn departure(dice: &mut Dice, deal_id: Id<Deal>) -> Departure {
    Departure {
        deal_id,
        owner_id: None,
        way: Way::WalkedAway,
        side: None,
        reason: "It would not help them.".into(),
        learnt: None,
        message: None,
        referral: None,
        hours_saved: dice.below(90) as f64 / 2.0,
        watch_on: None,
        watch_parameter: None,
        watch_above: None,
        watch_below: None,
        watch_product: None,
        noticed_at: None,
        noticed: None,
        settled_at: None,
        settled_because: None,
    }
}

fn concession(dice: &mut Dice, deal_id: Id<Deal>, now: When) -> Concession {
    let cost = dice.below(900) as f64;
    Concession {
        deal_id,
        owner_id: None,
        title: "Free training".into(),
        cost_low: cost,
        cost_likely: cost,
        cost_high: cost,
        cost_source: Source::OurEstimate,
        worth_low: None,
        worth_likely: dice.happens().then_some(cost * 2.0),
        worth_high: None,
        worth_source: None,
        came_back: dice.happens().then(|| "A reference".into()),
        nothing_because: Some("They were first.".into()),
        share: 0.1,
        state: dice.one(State::ALL),
        decided_by_id: None,
        decided_at: dice.happens().then(|| now.plus_days(-i64::try_from(dice.below(300)).unwrap())),
        decided_because: None,
    }
}

fn commitment(deal_id: Id<Deal>, side: Side, title: &str, promised: Option<Date>) -> Commitment {
    Commitment {
        deal_id,
        side,
        title: title.into(),
        note: None,
        owner_id: None,
        contact_id: None,
        due_on: promised,
        promised_on: promised,
        asked_on: None,
        asked_because: None,
        moved_because: None,
        after_id: None,
        hours_low: None,
        hours_likely: None,
        hours_high: None,
        chance: None,
        confirmed_on: None,
        done_on: None,
        done_note: None,
        measure_id: None,
    }
}

impl Made {
    fn promise(&self, dice: &mut Dice, deal_id: Id<Deal>) -> Commitment {
        let side = dice.one(Side::ALL);
        let day = dice.happens().then(|| dice.day());
        let mut it = commitment(deal_id, side, "Send the list", day);
        match side {
            Side::Company => it.owner_id = dice.happens().then(|| dice.one(&self.members)),
            Side::Client => it.contact_id = dice.happens().then(|| dice.one(&self.contacts)),
        }
        it.done_on = dice.happens().then(|| dice.day());
        it
    }

    /// As an import writes: many at once, and taken back at once.
    async fn many(&self, dice: &mut Dice, tx: &mut db::Tx, act: &Act) -> sameside::error::Result<()> {
        if dice.happens() {
            let mut saved = Vec::new();
            for id in self.deals.iter().take(3) {
                let kept = records::get(tx, &act.scope, *id).await?;
                let mut it = kept.it.clone();
                self.bend(dice, &mut it);
                saved.push((kept, it));
            }
            return records::save_many(tx, act, saved).await;
        }
        let (part, kind) = dice.one(&[
            (Part::Activity, Kind::Activity),
            (Part::Commitment, Kind::Commitment),
            (Part::Outcome, Kind::Outcome),
        ]);
        let mut events = Vec::new();
        for (_, id) in self.parts.iter().filter(|it| it.0 == part).take(4) {
            events.extend(history::last(tx, act, *id).await?.map(|seq| (*id, seq)));
        }
        records::remove_made(tx, act, kind, &events).await.map(drop)
    }

    fn bend(&self, dice: &mut Dice, deal: &mut Deal) {
        match dice.below(7) {
            0 => deal.owner_id = dice.happens().then(|| dice.one(&self.members)),
            1 => deal.product_id = dice.happens().then(|| dice.one(&self.products)),
            2 => deal.price_minor = dice.happens().then(|| 100 * i64::try_from(dice.below(90_000)).unwrap()),
            3 => {
                deal.currency = dice.one(&[
                    Currency::EUR,
                    Currency::parse("USD").unwrap(),
                    Currency::parse("JPY").unwrap(),
                ])
            }
            4 => {
                let stage = dice.one(&self.stages);
                (deal.stage_id, deal.phase) = (stage.id, stage.phase);
                deal.agreed_on = (!stage.phase.is_before_agreement()).then(|| dice.day());
            }
            5 => deal.opened_on = dice.happens().then(|| dice.day()),
            _ => {
                deal.standing = dice.one(Standing::ALL);
                deal.reason = Some("So it is.".into());
                deal.closed_on = deal.standing.is_ended().then(|| dice.day());
            }
        }
    }

    async fn step(&mut self, dice: &mut Dice, tx: &mut db::Tx, act: &Act) -> sameside::error::Result<()> {
        if self.deals.len() < 3 || dice.below(12) == 0 {
            let stage = dice.one(&self.stages);
            let day = dice.day();
            let mut deal = Deal::named("Ordering page", &stage, Currency::EUR, act.now, day);
            self.bend(dice, &mut deal);
            self.deals.push(records::create(tx, act, deal).await?.id);
            return Ok(());
        }
        let deal = dice.one(&self.deals);
        match dice.below(11) {
            10 => self.many(dice, tx, act).await?,
            0..3 => {
                let mut it = records::get(tx, &act.scope, deal).await?.it;
                self.bend(dice, &mut it);
                records::change(tx, act, deal, None, |deal: &mut Deal| {
                    *deal = it;
                    Ok(())
                })
                .await?;
            }
            3 => records::remove(tx, act, deal).await?,
            4 => records::restore(tx, act, deal).await?,
            5 => {
                // Something that happened is undone, or the undoing is.
                let subject = match self.parts.is_empty() || dice.happens() {
                    true => deal.uuid(),
                    false => dice.one(&self.parts).1,
                };
                if let Some(seq) = history::last(tx, act, subject).await? {
                    records::undo(tx, act, seq).await?;
                }
            }
            6 => {
                let Some((part, id)) = (!self.parts.is_empty()).then(|| dice.one(&self.parts)) else {
                    return Ok(());
                };
                let gone = dice.happens();
                macro_rules! turn {
                    ($T:ty) => {
                        if gone {
                            records::remove::<$T>(tx, act, Id::of(id)).await?
                        } else {
                            records::restore::<$T>(tx, act, Id::of(id)).await?
                        }
                    };
                }
                match part {
                    Part::Effort => turn!(Effort),
                    Part::Activity => turn!(Activity),
                    Part::Outcome => turn!(Outcome),
                    Part::Gladness => turn!(Gladness),
                    Part::Departure => turn!(Departure),
                    Part::Concession => turn!(Concession),
                    Part::Commitment => turn!(Commitment),
                }
            }
            7 => {
                let Some((part, id)) = (!self.parts.is_empty()).then(|| dice.one(&self.parts)) else {
                    return Ok(());
                };
                // A part changes; an activity may go to another deal, or to none.
                match part {
                    Part::Activity => {
                        let to = dice.happens().then_some(deal);
                        records::change(tx, act, Id::<Activity>::of(id), None, |it: &mut Activity| {
                            it.deal_id = to;
                            it.minutes = it.minutes.map(|minutes| minutes + 5);
                            Ok(())
                        })
                        .await?;
                    }
                    Part::Outcome => {
                        let (gain, day) = (dice.amount(), dice.day());
                        records::change(tx, act, Id::<Outcome>::of(id), None, |it: &mut Outcome| {
                            (it.client_gain, it.measured_on) = (gain, day);
                            Ok(())
                        })
                        .await?;
                    }
                    Part::Gladness => {
                        let felt = dice.one(Felt::ALL);
                        records::change(tx, act, Id::<Gladness>::of(id), None, |it: &mut Gladness| {
                            it.felt = felt;
                            Ok(())
                        })
                        .await?;
                    }
                    Part::Effort => {
                        records::change(tx, act, Id::<Effort>::of(id), None, |it: &mut Effort| {
                            it.minutes = Some(it.minutes.unwrap_or(0) + 7);
                            Ok(())
                        })
                        .await?;
                    }
                    Part::Commitment => {
                        let (done, promised) = (dice.happens().then(|| dice.day()), dice.day());
                        records::change(tx, act, Id::<Commitment>::of(id), None, |it: &mut Commitment| {
                            (it.done_on, it.promised_on) = (done, Some(promised));
                            Ok(())
                        })
                        .await?;
                    }
                    Part::Departure | Part::Concession => {}
                }
            }
            _ => {
                let (part, id) = match dice.below(8) {
                    0 => {
                        let it = Effort {
                            deal_id: deal,
                            owner_id: Some(dice.one(&self.members)),
                            title: "Preparing".into(),
                            worked_on: dice.day(),
                            minutes: dice.happens().then_some(45),
                            spent_minor: Some(1_250),
                            currency: dice.one(&[Currency::EUR, Currency::parse("USD").unwrap()]),
                        };
                        (Part::Effort, records::create(tx, act, it).await?.id.uuid())
                    }
                    1 => {
                        let it = Activity {
                            kind: Means::Call,
                            title: "Call".into(),
                            note: None,
                            deal_id: dice.happens().then_some(deal),
                            company_id: None,
                            contact_id: None,
                            owner_id: dice.happens().then(|| dice.one(&self.members)),
                            happened_at: act.now.plus_days(-i64::try_from(dice.below(300)).unwrap()),
                            minutes: dice.happens().then_some(30),
                        };
                        // As an import makes them: many at once.
                        let made = |n: i64| Kept {
                            id: Id::new(act.now.plus_seconds(n)),
                            version: 1,
                            created_at: act.now,
                            changed_at: act.now,
                            removed_at: None,
                            it: it.clone(),
                        };
                        let many = vec![made(0), made(1)];
                        let id = many[1].id.uuid();
                        records::create_many(tx, act, many).await?;
                        (Part::Activity, id)
                    }
                    2 => (Part::Outcome, records::create(tx, act, outcome(dice, deal)).await?.id.uuid()),
                    3 => (Part::Gladness, records::create(tx, act, gladness(dice, deal)).await?.id.uuid()),
                    4 => (Part::Departure, records::create(tx, act, departure(dice, deal)).await?.id.uuid()),
                    5 | 6 => {
                        let it = self.promise(dice, deal);
                        (Part::Commitment, records::create(tx, act, it).await?.id.uuid())
                    }
                    _ => {
                        let it = concession(dice, deal, act.now);
                        (Part::Concession, records::create(tx, act, it).await?.id.uuid())
                    }
                };
                self.parts.push((part, id));
            }
        }
        Ok(())
    }
}

async fn begun(world: &World) -> Made {
    let mut conn = world.app.read().await.unwrap();
    let act = world.act().await;
    let sql = db::Sql::built("select id from stage order by position".into());
    let mut stages = Vec::new();
    for (id,) in conn.all::<(Id<Stage>,)>(sql, vec![]).await.unwrap() {
        stages.push(records::get(&mut conn, &act.scope, id).await.unwrap());
    }
    drop(conn);
    let bo = world.member("Bo Reyes", Role::Seller, Sees::Own).await;
    let act = world.act().await;
    let (products, contacts) = world
        .app
        .write(move |tx| {
            Box::pin(async move {
                let mut products = Vec::new();
                for name in ["Ordering page", "Booking page"] {
                    products.push(records::create(tx, &act, Product::named(name, Currency::EUR)).await?.id);
                }
                let mut contacts = Vec::new();
                for name in ["Maria", "Paul"] {
                    contacts.push(records::create(tx, &act, Contact::named(name)).await?.id);
                }
                Ok::<_, sameside::error::Error>((products, contacts))
            })
        })
        .await
        .unwrap();
    let members = vec![world.ada.id, bo.id];
    Made { stages, members, products, contacts, deals: Vec::new(), parts: Vec::new() }
}

async fn compared(world: &World) -> (Sums, Sums) {
    let act = world.act().await;
    tallies::actions::both_ways(&mut world.app.read().await.unwrap(), &act).await.unwrap()
}

#[track_caller]
fn same((kept, counted): (Sums, Sums), when: &str) {
    let left: Vec<_> = kept.iter().collect();
    let right: Vec<_> = counted.iter().collect();
    for (one, other) in left.iter().zip(&right) {
        assert_eq!(one, other, "{when}");
    }
    assert_eq!(left.len(), right.len(), "{when}");
}

#[tokio::test]
async fn what_was_kept_is_what_is_counted_anew_after_any_sequence_of_verbs() {
    for seed in [7_u64, 1_234_567, 0x9E37_79B9_7F4A_7C15] {
        let world = World::new().await;
        let made = Arc::new(Mutex::new((begun(&world).await, Dice(seed))));
        let mut done = 0;
        for turn in 0..420 {
            world.wait_seconds(1);
            let (act, made) = (world.act().await, made.clone());
            // What a verb refuses changes nothing, whatever it was.
            let step = world.app.write(move |tx| {
                Box::pin(async move {
                    let mut held = made.lock().await;
                    let (made, dice) = &mut *held;
                    made.step(dice, tx, &act).await
                })
            });
            done += usize::from(step.await.is_ok());
            if turn % 30 == 29 {
                same(compared(&world).await, &format!("seed {seed}, after {turn}"));
            }
        }
        assert!(done > 300, "only {done} steps were taken");
        same(compared(&world).await, &format!("seed {seed}, in the end"));
        let (kept, _) = compared(&world).await;
        assert!(kept.iter().count() > 40, "the sequence came to {} counters", kept.iter().count());
        // Counted anew by a job, in rounds, they are the same once more.
        tallies::actions::count_anew(&world.app, world.act().await.scope.workspace()).await.unwrap();
        same(compared(&world).await, &format!("seed {seed}, counted anew"));
    }
}

#[tokio::test]
async fn a_result_is_told_to_both_sides_books_with_its_data_and_its_records() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let nothing = browser.get("/insights/value").await;
    assert!(
        nothing.text.contains("no result was measured") && nothing.text.contains("Deals without a result")
    );
    let mut made = begun(&world).await;
    let act = world.act().await;
    let (stages, ada) = (made.stages.clone(), world.ada.id);
    let bo = made.members.pop().unwrap();
    let told = world.app.write(move |tx| {
        let stages = stages.clone();
        Box::pin(async move {
            let stage = stages.iter().find(|stage| stage.phase == Phase::Deliver).unwrap();
            let today: Date = "2026-11-20".parse().unwrap();
            for (owner, currency, client, company) in [
                (ada, Currency::EUR, 12_000.0, 3_000.0),
                (ada, Currency::EUR, -2_000.0, 500.0),
                (bo, Currency::EUR, 100.0, 10.0),
                (ada, Currency::parse("USD").unwrap(), 70_000.0, 9_000.0),
            ] {
                let mut deal = Deal::named("Ordering page", stage, currency, act.now, today);
                (deal.owner_id, deal.agreed_on) = (Some(owner), Some(today));
                let deal = records::create(tx, &act, deal).await?.id;
                let mut it = outcome(&mut Dice(3), deal);
                (it.client_gain, it.company_gain, it.measured_on) = (client, company, today);
                (it.hours, it.thought.hoped) = (Some(10.0), Some((15_000.0, 2_500.0)));
                records::create(tx, &act, it).await?;
            }
            Ok::<_, sameside::error::Error>(())
        })
    });
    told.await.unwrap();
    let page = browser.get("/insights/value").await.text;
    for text in [
        "3 results were measured",
        "clients gained €10,100 beyond what they paid, and we gained €3,510",
        "They were promised €45,000, and we hoped for €7,500.",
        "Sums in USD stand apart in the table",
        "/insights/value/records",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let data = browser.get("/insights/value/data?table=0").await;
    assert_eq!(data.headers["content-type"], "text/csv; charset=utf-8");
    let mut lines = data.text.lines();
    assert_eq!(
        lines.next(),
        Some("Measured,Currency,Results,They gained,Promised to them,We gained,Hoped for us")
    );
    assert_eq!(lines.next(), Some("2026-11,EUR,3,10100,45000,3510,7500"));
    assert_eq!(lines.next(), Some("2026-11,USD,1,70000,15000,9000,2500"));
    let behind = browser.get("/insights/value/records").await.text;
    assert_eq!(behind.matches("/outcome\"").count(), 4, "{behind}");
    // Who sees their own alone is told of their own alone.
    let bo = records::get::<Member>(&mut world.app.read().await.unwrap(), &world.act().await.scope, bo)
        .await
        .unwrap();
    let bo = world.browser(&bo).await;
    let own = bo.get("/insights/value").await.text;
    assert!(own.contains("1 result was measured: clients gained €100"), "{own}");
    assert_eq!(bo.get("/insights/value/records").await.text.matches("/outcome\"").count(), 1);
    let of_ada = bo.get(&format!("/insights/value?who=member:{}", world.ada.id)).await.text;
    assert!(of_ada.contains("1 result was measured"), "a filter opens nothing: {of_ada}");
    // What is asked for stands in the address, and in every link of the page.
    let team = browser.get(&format!("/insights/value?period=3&who=member:{}", world.ada.id)).await.text;
    assert!(team.contains("In the last 3 months 2 results were measured"), "{team}");
    assert!(
        team.contains(&format!("/insights/value/records?period=3&#38;who=member%3A{}", world.ada.id)),
        "{team}"
    );
    let all = [
        "outcomes",
        "impact",
        "promises",
        "mis-sales",
        "walk-aways",
        "concessions",
        "gladness",
        "calibration",
        "hours",
        "pipeline",
        "learnt",
    ];
    for name in all {
        for path in [
            format!("/insights/{name}"),
            format!("/insights/{name}/records"),
            format!("/insights/{name}?period=all"),
        ] {
            let page = browser.get(&path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text);
        }
    }
    let wrong = browser.get("/insights/mis-sales").await.text;
    assert!(wrong.contains("1 sale is known to be wrong: 1 left the client worse off"), "{wrong}");
    let books = browser.get("/insights/books").await;
    assert_eq!(books.status, 200, "{}", books.text);
    assert_eq!(browser.get("/insights/nothing").await.status, 404);
    assert_eq!(browser.get("/insights").await.status, 200);
}

#[tokio::test]
async fn promises_of_both_sides_are_told_with_who_kept_them() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    assert!(browser.get("/insights/promises").await.text.contains("no promise came due, ours or theirs"));
    let made = begun(&world).await;
    let (act, stage, ada, maria) =
        (world.act().await, made.stages[0].clone(), world.ada.id, made.contacts[0]);
    let bo = made.members[1];
    // It is the 22nd of November 2026.
    let day = |text: &str| -> Date { text.parse().unwrap() };
    let deal = world
        .app
        .write(move |tx| {
            let stage = stage.clone();
            Box::pin(async move {
                let mut deal =
                    Deal::named("Ordering page", &stage, Currency::EUR, act.now, day("2026-08-01"));
                deal.owner_id = Some(ada);
                let deal = records::create(tx, &act, deal).await?.id;
                let mut left =
                    Deal::named("Label printer", &stage, Currency::EUR, act.now, day("2026-08-01"));
                (left.standing, left.closed_on) = (Standing::WalkedAway, Some(day("2026-10-01")));
                (left.owner_id, left.reason) = (Some(ada), Some("It would not help them.".into()));
                let left = records::create(tx, &act, left).await?.id;
                let (ours, theirs) = (Side::Company, Side::Client);
                for (deal, side, who, promised, done) in [
                    (deal, ours, Some(ada), "2026-09-10", Some("2026-09-10")),
                    (deal, ours, Some(ada), "2026-10-10", Some("2026-10-13")),
                    (deal, ours, Some(bo), "2026-11-10", None),
                    (deal, ours, Some(bo), "2026-11-29", None),
                    (deal, ours, None, "2026-12-20", None),
                    (deal, theirs, None, "2026-09-20", Some("2026-09-01")),
                    // Past before we left, and ahead when we did.
                    (left, ours, Some(ada), "2026-09-20", None),
                    (left, ours, Some(ada), "2026-10-20", None),
                ] {
                    let mut it = commitment(deal, side, "Send the list", Some(day(promised)));
                    (it.owner_id, it.done_on) = (who, done.map(day));
                    it.contact_id = (side == theirs).then_some(maria);
                    records::create(tx, &act, it).await?;
                }
                Ok::<_, sameside::error::Error>(deal)
            })
        })
        .await
        .unwrap();
    let page = browser.get("/insights/promises").await.text;
    for text in [
        "In the last 12 months we kept 1 of 4 that came due; clients kept the one promise that came due.",
        "What we did later than promised came 3 days late, on average.",
        "Ada Lind",
        "Bo Reyes",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let data = browser.get("/insights/promises/data").await.text;
    let rows: Vec<&str> = data.lines().collect();
    assert_eq!(rows[0], "Promised for,Whose,Came due,Kept,Later than promised,Not done");
    assert_eq!(
        rows[1..],
        [
            "2026-11,company,1,0,0,1",
            "2026-10,company,1,0,1,0",
            "2026-09,company,2,1,0,1",
            "2026-09,client,1,1,0,0"
        ]
    );
    let people = browser.get("/insights/promises/data?table=1").await.text;
    assert!(people.contains("Ada Lind,company,3,1,1,1"), "{people}");
    assert!(
        people.contains("Bo Reyes,company,1,0,0,1") && people.contains("Clients of Ada Lind,client,1,1,0,0"),
        "{people}"
    );
    let behind = browser.get("/insights/promises/records").await.text;
    assert_eq!(behind.matches("promised “Send the list”").count(), 5, "{behind}");
    assert!(
        behind.contains("We promised “Send the list”: done 13 Oct 2026, later than promised"),
        "{behind}"
    );
    // What is this month's is due by its day, as the days go.
    world.wait_seconds(8 * 86_400);
    let browser = world.browser(&world.ada).await;
    let page = browser.get("/insights/promises").await.text;
    assert!(page.contains("we kept 1 of 5 that came due"), "{page}");
    // A month later the counters say the same of it.
    world.wait_seconds(5 * 86_400);
    let browser = world.browser(&world.ada).await;
    assert!(browser.get("/insights/promises").await.text.contains("we kept 1 of 5 that came due"));
    // On the plan's page stands who kept what in it.
    let plan = browser.get(&format!("/deals/{deal}/plan")).await.text;
    assert!(plan.contains("Ada Lind kept 1 of 2 that came due"), "{plan}");
    assert!(plan.contains("Bo Reyes kept none of 2 that came due"), "{plan}");
    // Of what one may not see nothing is told.
    let bo = records::get::<Member>(&mut world.app.read().await.unwrap(), &world.act().await.scope, bo)
        .await
        .unwrap();
    let bo = world.browser(&bo).await;
    assert!(bo.get("/insights/promises").await.text.contains("no promise came due"));
}

#[tokio::test]
async fn moments_count_in_the_month_it_was_where_the_workspace_is_also_after_it_moved() {
    let world = World::new().await;
    let act = world.act().await;
    // Half past eleven in the evening of the last of October in Lisbon; it is November in Tokyo already.
    let at = When::of("2026-10-31T23:30:00Z".parse().unwrap());
    let call = Activity {
        kind: Means::Call,
        title: "Call".into(),
        note: None,
        deal_id: None,
        company_id: None,
        contact_id: None,
        owner_id: Some(world.ada.id),
        happened_at: at,
        minutes: Some(30),
    };
    world
        .app
        .write(move |tx| Box::pin(async move { records::create(tx, &act, call).await.map(drop) }))
        .await
        .unwrap();
    let month = |sums: &Sums| sums.iter().next().unwrap().0.month.unwrap().to_string();
    assert_eq!(month(&compared(&world).await.0), "2026-10");
    let sql = db::Sql::built("update workspace set time_zone = 'Asia/Tokyo'".into());
    let moved = world.app.write(move |tx| {
        Box::pin(async move { Ok::<_, sameside::error::Error>(tx.run(sql, vec![]).await.map(drop)?) })
    });
    moved.await.unwrap();
    sameside::work::look_at_the_day(&world.app).await.unwrap();
    sameside::work::drain(&world.app).await.unwrap();
    let both = compared(&world).await;
    assert_eq!(month(&both.0), "2026-11");
    same(both, "after the workspace moved");
}

#[tokio::test]
async fn one_is_said_as_one() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let made = begun(&world).await;
    let (act, stage, ada) = (world.act().await, made.stages[0].clone(), world.ada.id);
    let told = world.app.write(move |tx| {
        let stage = stage.clone();
        Box::pin(async move {
            let today: Date = "2026-11-20".parse().unwrap();
            let mut deal = Deal::named("Ordering page", &stage, Currency::EUR, act.now, today);
            (deal.owner_id, deal.agreed_on) = (Some(ada), Some(today));
            let deal = records::create(tx, &act, deal).await?.id;
            let mut it = outcome(&mut Dice(3), deal);
            (it.client_gain, it.measured_on, it.reached) = (-900.0, today, Reached::Fully);
            it.thought.hoped = None;
            records::create(tx, &act, it).await?;
            let mut said = gladness(&mut Dice(5), deal);
            (said.whose, said.felt, said.said_on) = (Whose::Client, Felt::NotAgain, today);
            records::create(tx, &act, said).await?;
            let mut given = concession(&mut Dice(7), deal, act.now);
            (given.state, given.decided_at, given.worth_likely) = (State::Granted, None, Some(50.0));
            records::create(tx, &act, given).await.map(drop)
        })
    });
    told.await.unwrap();
    for (path, texts) in [
        (
            "mis-sales",
            ["1 sale is known to be wrong: 1 was both.", "Beside 1 result that was measured: 1 of 1"],
        ),
        ("outcomes", ["1 result was verified. 1 has what they wanted", "0 have some of it, 0 have not."]),
        (
            "gladness",
            ["one client said how gladly it pays: not gladly.", "1 pays grudgingly, or would not again."],
        ),
        (
            "value",
            ["1 result was measured", "Of 1 result what was promised is not known: it was written down"],
        ),
        ("concessions", ["1 concession was given", "To the clients 1 of them was worth about"]),
    ] {
        let page = browser.get(&format!("/insights/{path}")).await.text;
        for text in texts {
            assert!(page.contains(text), "{path}: {text}: {page}");
        }
    }
    for path in ["outcomes", "mis-sales", "gladness", "value", "concessions", "hours", "pipeline", "learnt"] {
        let page = browser.get(&format!("/insights/{path}")).await.text;
        for wrong in [" 1 deals", " 1 results", " 1 were", " 1 are", " 1 answers", " 1 pay ", " 1 have "] {
            assert!(!page.contains(wrong), "{path} says {wrong}");
        }
    }
}

#[tokio::test]
async fn what_changed_most_for_a_client_stands_first_whatever_it_paid() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let made = begun(&world).await;
    let (act, stage, ada) = (world.act().await, made.stages[0].clone(), world.ada.id);
    let told = world.app.write(move |tx| {
        let stage = stage.clone();
        Box::pin(async move {
            let today: Date = "2026-11-20".parse().unwrap();
            for (title, price, (before, wished, after), gain) in [
                ("Large rollout", 9_000_000, (12.0, 2.0, 11.0), 50_000.0),
                ("Small shop", 90_000, (12.0, 2.0, 3.0), 400.0),
                ("More bookings", 50_000, (10.0, 30.0, 15.0), 100.0),
                ("Wrong sale", 70_000, (12.0, 2.0, 1.0), -900.0),
                ("It got worse", 70_000, (12.0, 2.0, 14.0), 0.0),
            ] {
                let mut deal = Deal::named(title, &stage, Currency::EUR, act.now, today);
                (deal.owner_id, deal.price_minor) = (Some(ada), Some(price));
                let deal = records::create(tx, &act, deal).await?.id;
                let measure = Measure {
                    deal_id: deal,
                    title: "At the phone".into(),
                    unit: "hours a week".into(),
                    baseline: before,
                    wished,
                    by_on: None,
                    source: Source::Measured,
                    said_by: None,
                    said_on: None,
                    note: None,
                };
                records::create(tx, &act, measure).await?;
                let mut it = outcome(&mut Dice(3), deal);
                (it.client_gain, it.achieved, it.measured_on) = (gain, Some(after), today);
                records::create(tx, &act, it).await?;
            }
            Ok::<_, sameside::error::Error>(())
        })
    });
    told.await.unwrap();
    let page = browser.get("/insights/impact").await.text;
    assert!(
        page.contains("it changed most for Small shop: at the phone, 12 to 3 hours a week, 75% better than where it stood."),
        "{page}"
    );
    let data = browser.get("/insights/impact/data").await.text;
    let order: Vec<&str> = data.lines().skip(1).map(|row| row.split(',').nth(1).unwrap()).collect();
    assert_eq!(order, ["Small shop", "More bookings", "Large rollout"]);
    assert!(!data.contains("price") && !data.contains("9000"), "{data}");
}

#[tokio::test]
async fn a_digest_says_what_today_says_and_is_kept_as_it_stood() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let due =
        [("title", "Send Maria the sheet"), ("due_on", "2026-11-22"), ("owner", &world.ada.id.to_string())];
    assert_eq!(browser.post("/tasks", &due).await.status, 303);
    let now = browser.get("/digest").await.text;
    assert!(now.contains("As it stands now") && now.contains("Send Maria the sheet"), "{now}");
    // In the morning it is kept; what comes later does not change it.
    sameside::digest::actions::keep_all(&world.app, world.act().await.scope.workspace()).await.unwrap();
    let later = [("title", "Call Paul back"), ("due_on", "2026-11-22"), ("owner", &world.ada.id.to_string())];
    assert_eq!(browser.post("/tasks", &later).await.status, 303);
    let kept = browser.get("/digest/day/2026-11-22").await.text;
    assert!(kept.contains("As it stood on 22 Nov 2026") && kept.contains("Send Maria the sheet"), "{kept}");
    assert!(!kept.contains("Call Paul back"), "{kept}");
    assert!(browser.get("/").await.text.contains("Call Paul back"));
    // The day before nobody kept, and what stood then cannot be told now.
    assert_eq!(browser.get("/digest/day/2026-11-21").await.status, 404);
    assert_eq!(browser.get("/digest/day/soon").await.status, 404);
    // Who wants none has none kept.
    assert_eq!(browser.post("/account/digest", &[("digest", "never")]).await.status, 303);
    world.wait_seconds(86_400);
    let browser = world.browser(&world.ada).await;
    sameside::digest::actions::keep_all(&world.app, world.act().await.scope.workspace()).await.unwrap();
    assert!(browser.get("/digest/day/2026-11-23").await.text.contains("As it stands now"));
    assert!(browser.get("/digest/day/2026-11-22").await.text.contains("As it stood"));
}

#[tokio::test]
async fn the_review_puts_first_what_changed_most_for_a_client_and_keeps_what_was_said() {
    let world = World::new().await;
    let made = begun(&world).await;
    let (act, stages, ada) = (world.act().await, made.stages.clone(), world.ada.id);
    let told = world.app.write(move |tx| {
        let stages = stages.clone();
        Box::pin(async move {
            let stage = stages.iter().find(|stage| stage.phase == Phase::Deliver).unwrap();
            let today: Date = "2026-11-20".parse().unwrap();
            // The small deal changed more for its client than the large one.
            for (title, price, after, gain) in [
                ("Large rollout", 9_000_000, 11.0, 50_000.0),
                ("Small shop", 90_000, 3.0, 400.0),
                ("Wrong sale", 70_000, 9.0, -900.0),
            ] {
                let mut deal = Deal::named(title, stage, Currency::EUR, act.now, today);
                (deal.owner_id, deal.agreed_on, deal.price_minor) = (Some(ada), Some(today), Some(price));
                let deal = records::create(tx, &act, deal).await?.id;
                let measure = Measure {
                    deal_id: deal,
                    title: "At the phone".into(),
                    unit: "hours a week".into(),
                    baseline: 12.0,
                    wished: 2.0,
                    by_on: None,
                    source: Source::Measured,
                    said_by: None,
                    said_on: None,
                    note: None,
                };
                records::create(tx, &act, measure).await?;
                let mut it = outcome(&mut Dice(3), deal);
                (it.client_gain, it.achieved, it.measured_on) = (gain, Some(after), today);
                (it.reached, it.share) = (Reached::Partly, 0.5);
                it.learnt = (gain < 0.0).then(|| "Ask who has to learn it.".into());
                records::create(tx, &act, it).await?;
            }
            Ok::<_, sameside::error::Error>(())
        })
    });
    told.await.unwrap();
    let browser = world.browser(&world.ada).await;
    let (act, stage) = (world.act().await, made.stages[0].clone());
    let ahead = world.app.write(move |tx| {
        let stage = stage.clone();
        Box::pin(async move {
            let today: Date = "2026-11-20".parse().unwrap();
            let mut deal = Deal::named("Booking page", &stage, Currency::EUR, act.now, today);
            deal.owner_id = Some(ada);
            let deal = records::create(tx, &act, deal).await?.id;
            for (side, title, days) in [
                (Side::Client, "Send the list", 7),
                (Side::Company, "Set it up", -2),
                (Side::Company, "Far off", 30),
            ] {
                records::create(tx, &act, commitment(deal, side, title, Some(today.plus_days(days)))).await?;
            }
            Ok::<_, sameside::error::Error>(())
        })
    });
    ahead.await.unwrap();
    assert_eq!(browser.post("/service", &[("title", "The page is down")]).await.status, 303);
    let week = browser.get("/review").await;
    assert_eq!(week.leads_to(), "/review/2026-11-16");
    let page = browser.get("/review/2026-11-16").await.text;
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    assert!(at("Small shop") < at("Large rollout"), "{page}");
    assert!(page.contains("75% better than where it stood"), "{page}");
    assert!(
        at("Sales that were wrong") < at("Wrong sale") && page.contains("Learnt: Ask who has to learn it.")
    );
    // What comes up is told in the review of this week: promises of both sides, and who waits.
    assert!(
        at("Promised by the end of next week") < at("Set it up") && at("Set it up") < at("Send the list")
    );
    assert!(at("Waits for us") < at("The page is down") && !page.contains("Far off"), "{page}");
    assert!(!browser.get("/review/2026-11-09").await.text.contains("Small shop"));
    assert!(!browser.get("/review/2026-11-09").await.text.contains("Set it up"));
    assert_eq!(browser.get("/review/2026-11-17").await.status, 404);
    // What was said is kept with its versions; who wrote over what they had not seen is asked.
    let said = browser.post("/review/2026-11-16", &[("note", "Bo calls the large one.")]).await;
    assert_eq!(said.status, 303, "{}", said.text);
    assert!(browser.get("/review/2026-11-16").await.text.contains("Bo calls the large one."));
    let over = browser.post("/review/2026-11-16", &[("note", "Ada calls."), ("version", "1")]).await;
    assert_eq!(over.status, 303, "{}", over.text);
    let late = browser.post("/review/2026-11-16", &[("note", "Carla calls."), ("version", "1")]).await;
    assert_eq!(late.status, 409, "{}", late.text);
    assert!(late.text.contains("Ada calls.") && late.text.contains("Carla calls."), "{}", late.text);
}
