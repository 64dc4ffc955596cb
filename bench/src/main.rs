//! Makes big workspaces to measure with: `bin/bench` does the measuring.
//!
//! Every tenth deal is open; there is a company for ten deals, a contact for each company, an activity and five promises for each deal, and
//! seven products with a profile, so that every open deal is assessed. The same number gives the same workspace.

#![expect(clippy::print_stdout, reason = "its answer is data")]

mod live;

use clap::Parser;
use sameside::accounts::actions::{From, SetUp, open_session, set_up};
use sameside::accounts::{Act, Member, Via, Workspace};
use sameside::activities::{Activity, Means};
use sameside::app::{App, Clock};
use sameside::base::{Currency, Date, Email, Id, Locale, Source, When};
use sameside::commitments::{Commitment, Side};
use sameside::companies::Company;
use sameside::config::Config;
use sameside::contacts::Contact;
use sameside::deals::{Deal, Stage, Standing};
use sameside::diagnosis::{Figure, Parameter};
use sameside::error::Error;
use sameside::outcomes::{Felt, Gladness, Occasion, Outcome, Reached, Thought, Whose};
use sameside::products::Product;
use sameside::records::{self, Kept, Record};
use sameside::{assessment, deals, jobs, work};
use std::path::PathBuf;
use std::time::Instant;

/// Rows written in one transaction.
const ROWS_PER_WRITE: usize = 5_000;
/// Days in which the deals began.
const DAYS: i64 = 730;
/// Deals of one company.
const DEALS_PER_COMPANY: usize = 10;
/// Every so many-th deal has a result, and a word on how gladly they paid.
const RESULT_EVERY: usize = 20;
/// Promises of a deal: three of ours, two of theirs.
const PROMISES_OF_DEAL: usize = 5;
/// How often each way of writing has its turn, and how many records are written alone in one.
const TURNS: usize = 6;
const TURNS_F: f32 = 6.0;
const ALONE: usize = 500;
/// Every so many-th deal is open.
const OPEN_EVERY: usize = 10;

/// Makes big workspaces to measure with.
#[derive(Debug, Parser)]
enum Command {
    /// Make a workspace with so many deals; prints a session and a deal to measure with
    Make {
        /// The folder of the data
        #[arg(long)]
        data: PathBuf,
        /// How many deals
        #[arg(long)]
        deals: usize,
        /// How many activities; one for each deal, if nobody says
        #[arg(long)]
        activities: Option<usize>,
        /// PostgreSQL instead of the embedded database
        #[arg(long)]
        database: Option<String>,
    },
    /// Write with counters kept and without, in turn, and print what keeping them costs
    Counters {
        /// The folder of the data: a workspace made before
        #[arg(long)]
        data: PathBuf,
        /// PostgreSQL instead of the embedded database
        #[arg(long)]
        database: Option<String>,
    },
    /// Print a table of so many deals, as other systems export them
    Table {
        /// How many rows
        #[arg(long)]
        rows: usize,
    },
    /// Serve a workspace made before, hold client pages open, keep changing them, and print what ordinary pages take
    Live {
        /// The folder of the data
        #[arg(long)]
        data: PathBuf,
        /// How many client pages are held open
        #[arg(long, default_value_t = 500)]
        pages: usize,
        /// For how many seconds each part is measured
        #[arg(long, default_value_t = 20)]
        seconds: u64,
        /// How many changes a second arrive at them
        #[arg(long, default_value_t = 10)]
        changes: u64,
        /// The port of this machine to serve it on
        #[arg(long, default_value_t = 7442)]
        port: u16,
    },
    /// Assess every open deal anew, and print how long that took
    Assess {
        /// The folder of the data
        #[arg(long)]
        data: PathBuf,
        /// PostgreSQL instead of the embedded database
        #[arg(long)]
        database: Option<String>,
    },
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    match Command::parse() {
        Command::Make { data, deals, activities, database } => {
            make(open(data, database).await?, deals, activities.unwrap_or(deals)).await
        }
        Command::Live { data, pages, seconds, changes, port } => {
            let app = open(data.clone(), None).await?;
            live::live(app, data, live::Run { pages, seconds, changes, port }).await
        }
        Command::Counters { data, database } => counters(open(data, database).await?).await,
        Command::Assess { data, database } => assess(open(data, database).await?).await,
        Command::Table { rows } => {
            table(rows);
            Ok(())
        }
    }
}

async fn open(data: PathBuf, database: Option<String>) -> Result<App, Error> {
    App::open(Config { data, database, ..Config::default() }, Clock::Machine).await
}

async fn make(app: App, count: usize, activities: usize) -> Result<(), Error> {
    let started = Instant::now();
    let (workspace, ada) = owner(&app).await?;
    let act = app.act_for(workspace.id, Via::Cli);
    let stage = deals::actions::first_stage(&mut app.read().await?, &act).await?;
    let people = people(&app, &act, &ada).await?;
    let products = products(&app, &act).await?;
    let companies: Vec<Id<Company>> = write(&app, &act, count.div_ceil(DEALS_PER_COMPANY), |n, it| Company {
        owner_id: pick(&people, n),
        city: Some(pick(&CITIES, n).unwrap_or("Lisbon").into()),
        ..Company::named(format!("{} {n}", it), Currency::EUR)
    })
    .await?;
    let contacts: Vec<Id<Contact>> = write(&app, &act, companies.len(), |n, it| Contact {
        company_id: companies.get(n).copied(),
        owner_id: pick(&people, n),
        email: Email::parse(&format!("person{n}@client{n}.example")).ok(),
        ..Contact::named(format!("Person of {it} {n}"))
    })
    .await?;
    let all: Vec<Id<Deal>> = write(&app, &act, count, |n, it| {
        deal(n, it, &stage, act.now, &companies, &contacts, &products, &people)
    })
    .await?;
    write(&app, &act, activities, |n, _| {
        call(n, act.now, pick(&all, n), companies.get(n % count.max(1) / DEALS_PER_COMPANY).copied(), &people)
    })
    .await?;
    write(&app, &act, count * PROMISES_OF_DEAL, |n, _| {
        let deal = n / PROMISES_OF_DEAL;
        let contact = contacts.get(deal / DEALS_PER_COMPANY).copied();
        promise(n, act.now, all.get(deal).copied(), contact, pick(&people, deal))
    })
    .await?;
    let with_result: Vec<Id<Deal>> = all.iter().skip(1).step_by(RESULT_EVERY).copied().collect();
    write(&app, &act, with_result.len(), |n, _| result(n, act.now, with_result.get(n).copied())).await?;
    write(&app, &act, with_result.len(), |n, _| glad(n, act.now, with_result.get(n).copied())).await?;
    let made = started.elapsed();
    let started = Instant::now();
    assessment::actions::count_past(&app, &act).await?;
    assess_all(&app, workspace.id).await?;
    let assessed = started.elapsed();
    let now = app.now();
    let session = app
        .write(move |tx| {
            Box::pin(async move {
                let from = From { agent: "bench".into(), address: "127.0.0.1".into() };
                open_session(tx, workspace.id, ada.id, &from, now).await
            })
        })
        .await?;
    app.db().close().await;
    let open_deal = all.get(all.len() / 2 / OPEN_EVERY * OPEN_EVERY).map(ToString::to_string);
    println!(
        "{}",
        serde_json::json!({
            "deals": count, "open": count.div_ceil(OPEN_EVERY), "session": session.text(), "deal": open_deal,
            "stage": stage.id.to_string(), "make_s": made.as_secs_f64(), "assess_s": assessed.as_secs_f64(),
        })
    );
    Ok(())
}

/// A call of some minutes.
fn call(
    n: usize,
    now: When,
    deal: Option<Id<Deal>>,
    company: Option<Id<Company>>,
    people: &[Id<Member>],
) -> Activity {
    Activity {
        kind: Means::Call,
        title: format!("Call {n}"),
        note: None,
        deal_id: deal,
        company_id: company,
        contact_id: None,
        owner_id: pick(people, n),
        happened_at: now.plus_days(-(spread(n, 11) % DAYS)),
        minutes: Some(15 + spread(n, 5) % 45),
    }
}

/// A promise of either side: seven of ten kept, one late, the others not done.
fn promise(
    n: usize,
    now: When,
    deal: Option<Id<Deal>>,
    contact: Option<Id<Contact>>,
    owner: Option<Id<Member>>,
) -> Commitment {
    let side = if n % PROMISES_OF_DEAL < 3 { Side::Company } else { Side::Client };
    let day = now.plus_days(-(spread(n, 31) % DAYS)).day(&jiff::tz::TimeZone::UTC);
    let done_on = match spread(n, 37) % 10 {
        0..7 => Some(day.plus_days(-1)),
        7 => Some(day.plus_days(4)),
        _ => None,
    };
    Commitment {
        deal_id: deal.unwrap_or_else(|| Id::new(now)),
        side,
        title: format!("Promise {n}"),
        note: None,
        owner_id: owner.filter(|_| side == Side::Company),
        contact_id: contact.filter(|_| side == Side::Client),
        due_on: Some(day),
        promised_on: Some(day),
        asked_on: None,
        asked_because: None,
        moved_because: None,
        after_id: None,
        hours_low: None,
        hours_likely: None,
        hours_high: None,
        chance: None,
        confirmed_on: None,
        done_on,
        done_note: None,
        measure_id: None,
    }
}

/// What became of a deal.
fn result(n: usize, now: When, deal: Option<Id<Deal>>) -> Outcome {
    let thought =
        Thought { lines: Vec::new(), hour_value: 90.0, price: 5_000.0, hoped: Some((4_000.0, 900.0)) };
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let gain = (spread(n, 19) % 9_000 - 900) as f64;
    Outcome {
        deal_id: deal.unwrap_or_else(|| Id::new(now)),
        measured_on: now.plus_days(-(spread(n, 29) % DAYS)).day(&jiff::tz::TimeZone::UTC),
        reached: pick(Reached::ALL, n).unwrap_or(Reached::Partly),
        achieved: None,
        share: 0.5,
        change_share: None,
        benefit: Some(400.0),
        delay: None,
        adoption: None,
        delivery: Some(1_500.0),
        service: None,
        hours: Some(12.0),
        client_gain: gain,
        company_gain: gain / 4.0,
        thought,
        source: Source::Measured,
        said_by: None,
        note: None,
        learnt: None,
    }
}

/// How glad they are.
fn glad(n: usize, now: When, deal: Option<Id<Deal>>) -> Gladness {
    Gladness {
        deal_id: deal.unwrap_or_else(|| Id::new(now)),
        moment: Occasion::Verification,
        whose: Whose::Client,
        felt: pick(Felt::ALL, n).unwrap_or(Felt::Fairly),
        because: None,
        said_by: None,
        said_on: now.plus_days(-(spread(n, 29) % DAYS)).day(&jiff::tz::TimeZone::UTC),
    }
}

/// Writes the same with counters kept and without, in turn. Without, the workspace is one whose counting has not begun; in the end
/// everything is counted anew.
async fn counters(app: App) -> Result<(), Error> {
    let workspace = accounts_of(&app).await?;
    let act = app.act_for(workspace, Via::Cli);
    let mut conn = app.read().await?;
    let deals: Vec<Id<Deal>> = conn
        .all::<(Id<Deal>,)>(db::Sql::built("select id from deal order by id limit 5000".into()), vec![])
        .await?
        .into_iter()
        .map(|(id,)| id)
        .collect();
    drop(conn);
    let mut took = [[0.0_f64; 2]; 2];
    for turn in 0..2 * TURNS {
        let is_kept = turn % 2 == 0;
        let rules = if is_kept { sameside::tallies::RULES } else { 0 };
        app.write(move |tx| {
            Box::pin(async move {
                let sql = db::Sql::built("update tally_place set rules = $1, is_done = 1".into());
                Ok::<_, Error>(tx.run(sql, vec![rules.into()]).await.map(drop)?)
            })
        })
        .await?;
        let started = Instant::now();
        write(&app, &act, ROWS_PER_WRITE, |n, _| call(n + turn, act.now, pick(&deals, n), None, &[])).await?;
        let many = started.elapsed().as_secs_f64() / 5_000.0;
        let started = Instant::now();
        for n in 0..ALONE {
            let (act, it) = (act.clone(), call(n, act.now, pick(&deals, n), None, &[]));
            app.write(move |tx| Box::pin(async move { records::create(tx, &act, it).await })).await?;
        }
        let alone = started.elapsed().as_secs_f64() / 500.0;
        let place = usize::from(!is_kept);
        for (sum, one) in took.iter_mut().zip([many, alone]) {
            if let Some(sum) = sum.get_mut(place) {
                *sum += one / f64::from(TURNS_F);
            }
        }
    }
    let started = Instant::now();
    sameside::tallies::actions::count_anew(&app, workspace).await?;
    let anew = started.elapsed().as_secs_f64();
    app.db().close().await;
    for (what, [with, without]) in
        ["5,000 activities at once, each", "an activity alone, durably"].iter().zip(took)
    {
        println!(
            "{what}: {:.1} µs with counters, {:.1} without, ratio {:.2}",
            with * 1e6,
            without * 1e6,
            with / without
        );
    }
    println!("everything counted anew: {anew:.1} s");
    Ok(())
}

async fn accounts_of(app: &App) -> Result<Id<Workspace>, Error> {
    let sql = db::Sql::built("select id from workspace limit 1".into());
    let first = app.read().await?.first::<(Id<Workspace>,)>(sql, vec![]).await?;
    first.map(|(id,)| id).ok_or(Error::NotFound)
}

async fn assess(app: App) -> Result<(), Error> {
    let (workspace, _) = owner(&app).await?;
    let started = Instant::now();
    assess_all(&app, workspace.id).await?;
    app.db().close().await;
    println!("{:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

async fn assess_all(app: &App, workspace: Id<Workspace>) -> Result<(), Error> {
    let act = app.act_for(workspace, Via::Cli);
    app.write(move |tx| {
        Box::pin(async move { jobs::later(tx, &act, jobs::ASSESS_ALL, "bench", "{}").await })
    })
    .await?;
    work::drain(app).await.map(drop)
}

/// The workspace and Ada, made if there is nobody yet.
async fn owner(app: &App) -> Result<(Workspace, Kept<Member>), Error> {
    let it = SetUp {
        workspace: "Fieldwork Software".into(),
        name: "Ada Lind".into(),
        email: Email::parse("ada@fieldwork.example").map_err(|right| Error::Refused(right.to_string()))?,
        password_hash: None,
        currency: Currency::EUR,
        time_zone: "Europe/Lisbon".into(),
        locale: Locale::EnGb,
    };
    let now = app.now();
    app.write(move |tx| Box::pin(async move { set_up(tx, it, now, Via::Cli).await })).await
}

async fn people(app: &App, act: &Act, ada: &Kept<Member>) -> Result<Vec<Id<Member>>, Error> {
    let ada_id = ada.id;
    let member = |n: usize, _: &str| Member {
        name: format!("Member {n}"),
        email: Email::parse(&format!("member{n}@fieldwork.example")).ok(),
        ..ada.it.clone()
    };
    let mut all = write(app, act, 7, member).await?;
    all.push(ada_id);
    Ok(all)
}

async fn products(app: &App, act: &Act) -> Result<Vec<Id<Product>>, Error> {
    let product = |n: usize, it: &str| Product::named(format!("{it} service {n}"), Currency::EUR);
    let all = write(app, act, 7, product).await?;
    let profile = [
        (Parameter::Benefit, [600.0, 900.0, 1_600.0]),
        (Parameter::Success, [0.6, 0.75, 0.9]),
        (Parameter::Delivery, [1_000.0, 1_500.0, 2_500.0]),
        (Parameter::Hours, [4.0, 9.0, 20.0]),
    ];
    write(app, act, all.len() * profile.len(), |n, _| {
        let (parameter, [low, likely, high]) = profile.get(n % profile.len()).copied().unwrap_or(profile[0]);
        Figure {
            deal_id: None,
            product_id: all.get(n / profile.len()).copied(),
            parameter,
            low,
            likely,
            high,
            source: Source::Measured,
            said_by: None,
            said_on: None,
            note: None,
        }
    })
    .await?;
    Ok(all)
}

#[expect(clippy::too_many_arguments, reason = "a deal is made of everything else")]
fn deal(
    n: usize,
    it: &str,
    stage: &Kept<Stage>,
    now: When,
    companies: &[Id<Company>],
    contacts: &[Id<Contact>],
    products: &[Id<Product>],
    people: &[Id<Member>],
) -> Deal {
    let age = spread(n, 3) % DAYS;
    let opened: Date = now.plus_days(-age).day(&jiff::tz::TimeZone::UTC);
    let mut deal = Deal {
        company_id: companies.get(n / DEALS_PER_COMPANY).copied(),
        contact_id: contacts.get(n / DEALS_PER_COMPANY).copied(),
        product_id: pick(products, n),
        owner_id: pick(people, n),
        price_minor: Some(200_000 + spread(n, 7) % 1_500_000),
        ..Deal::named(format!("{it} for client {n}"), stage, Currency::EUR, now.plus_days(-age), opened)
    };
    if !n.is_multiple_of(OPEN_EVERY) {
        let closed = opened.plus_days(10 + spread(n, 13) % 80);
        let agreed = spread(n, 17) % 100 < 45;
        deal.standing = if agreed { Standing::Agreed } else { Standing::Declined };
        deal.agreed_on = agreed.then_some(closed);
        deal.closed_on = Some(closed);
        deal.reason = (!agreed).then(|| "Another way was simpler for them".into());
    }
    deal
}

const WORDS: [&str; 8] =
    ["Bookings", "Online ordering", "Reminders", "Pupil records", "Stock", "Routes", "Labels", "Bakery"];
const CITIES: [&str; 5] = ["Lisbon", "Porto", "Tavira", "Braga", "Coimbra"];

/// Writes `count` records, a few thousand in one transaction; answers with their ids, in order.
async fn write<T: Record>(
    app: &App,
    act: &Act,
    count: usize,
    make: impl Fn(usize, &str) -> T,
) -> Result<Vec<Id<T>>, Error> {
    let mut ids = Vec::with_capacity(count);
    for from in (0..count).step_by(ROWS_PER_WRITE) {
        let batch: Vec<Kept<T>> = (from..count.min(from + ROWS_PER_WRITE))
            .map(|n| {
                let at = act.now.plus_seconds(-(spread(n, 3) % DAYS) * 86_400);
                let it = make(n, pick(&WORDS, n).unwrap_or_default());
                Kept {
                    id: Id::new(act.now),
                    version: 1,
                    created_at: at,
                    changed_at: at,
                    removed_at: None,
                    it,
                }
            })
            .collect();
        ids.extend(batch.iter().map(|kept| kept.id));
        let act = act.clone();
        app.write(move |tx| Box::pin(async move { records::create_many(tx, &act, batch).await })).await?;
    }
    Ok(ids)
}

/// A number that looks random and is always the same.
fn spread(n: usize, salt: u64) -> i64 {
    let mixed = (n as u64 ^ (salt << 40)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    i64::try_from((mixed ^ (mixed >> 29)) >> 24).unwrap_or_default()
}

fn pick<T: Copy>(all: &[T], n: usize) -> Option<T> {
    all.get(usize::try_from(spread(n, 23)).unwrap_or_default() % all.len().max(1)).copied()
}

/// A table as other systems write them: days as in the United States, some rows without a client.
fn table(rows: usize) {
    println!("opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value");
    for n in 0..rows {
        let (year, month, day) = (2024 + spread(n, 1) % 2, 1 + spread(n, 2) % 12, 1 + spread(n, 4) % 28);
        let account = if n % 6 == 0 { String::new() } else { format!("Client {}", n / DEALS_PER_COMPANY) };
        let (stage, closed, value) = match spread(n, 9) % 10 {
            0 => ("Engaging", String::new(), String::new()),
            1..=5 => ("Won", format!("12/{day:02}/2025"), (500 + spread(n, 6) % 9_000).to_string()),
            _ => ("Lost", format!("12/{day:02}/2025"), "0".to_owned()),
        };
        println!(
            "OP{n:07},Member {},Product {},{account},{stage},{month:02}/{day:02}/{year},{closed},{value}",
            n % 35,
            n % 7
        );
    }
}
