//! Importing: every row counted, nothing twice, everything taken back.

use crate::world::{Answer, Browser, World};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use sameside::accounts::{Scope, Via};
use sameside::base::{Currency, Id};
use sameside::companies::Company;
use sameside::contacts::Contact;
use sameside::deals::{Deal, Phase, Pipeline, Stage, Standing};
use sameside::error::{Error, Result};
use sameside::import::actions;
use sameside::import::field::Kind;
use sameside::import::run::{Counts, Report, Run, State};
use sameside::import::table::{Refusal, Upload};
use sameside::products::Product;
use sameside::records::{self, Kept, Record};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const TEAMS: &str =
    "sales_agent,manager,regional_office\nAda Lind,Ben Okafor,North\nCleo Marsh,Ben Okafor,North\n";
const ACCOUNTS: &str = "account,sector,year_established,revenue,employees,office_location,subsidiary_of\n\
    Little Mill,food,1990,1.5,12,Norway,Great Mills\n\
    Great Mills,food,1950,1500.25,9000,Norway,\n";
const PRODUCTS: &str = "product,series,sales_price\nOven Pro,Oven,4821\nOven Basic,Oven,550\n";
const PIPELINE: &str = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n\
    A1,Cleo Marsh,OvenPro,Little Mill,Won,10/20/2016,3/1/2017,4514\n\
    A2,Cleo Marsh,Oven Basic,Great Mills,Lost,10/25/2016,3/11/2017,0\n\
    A3,Ada Lind,Oven Pro,,Engaging,10/25/2016,,\n\
    A4,Ada Lind,Oven Basic,Little Mill,Prospecting,,,\n";

fn four() -> Vec<Upload> {
    let file = |name: &str, text: &str| Upload::bytes(name, text.as_bytes());
    vec![
        file("sales_pipeline.csv", PIPELINE),
        file("products.csv", PRODUCTS),
        file("accounts.csv", ACCOUNTS),
        file("sales_teams.csv", TEAMS),
    ]
}

fn one(name: &str, text: &str) -> Vec<Upload> {
    vec![Upload::bytes(name, text.as_bytes())]
}

async fn scope(world: &World) -> Scope {
    world.act().await.scope
}

async fn draft(world: &World, uploads: &[Upload]) -> Result<Run> {
    let act = world.act().await;
    let intake = Arc::new(actions::open(&world.app, act.scope.workspace(), uploads.to_vec()).await?);
    world
        .app
        .write(move |tx| {
            Box::pin(async move { actions::draft(tx, &act, Id::new(act.now), &intake, vec![]).await })
        })
        .await
}

async fn import(world: &World, uploads: Vec<Upload>) -> Result<Run> {
    let run = draft(world, &uploads).await?;
    actions::run(&world.app, &scope(world).await, Via::Import, run.id, uploads).await
}

async fn dry(world: &World, uploads: Vec<Upload>) -> Result<(Report, Vec<Refusal>)> {
    let scope = scope(world).await;
    let intake = actions::open(&world.app, scope.workspace(), uploads).await?;
    actions::dry_run(&world.app, &scope, Via::Import, intake, actions::DRY_RUN_ROWS_MAX).await
}

async fn undo(world: &World, id: Id<Run>) -> Result<Run> {
    actions::undo(&world.app, &scope(world).await, Via::Page, id).await
}

async fn all<T: Record>(world: &World, column: &'static str) -> Vec<Kept<T>> {
    let workspace = scope(world).await.workspace();
    let mut conn = world.app.read().await.unwrap();
    let texts = records::texts_of::<T>(&mut conn, workspace, column, 100_000).await.unwrap();
    let found = records::find_by::<T>(&mut conn, workspace, column, &texts).await.unwrap();
    let mut ids: Vec<Id<T>> = found.into_iter().map(|(id, _)| id).collect();
    ids.sort();
    ids.dedup();
    records::by_ids(&mut conn, workspace, &ids).await.unwrap()
}

async fn named<T: Record>(world: &World, column: &'static str, name: &str) -> Kept<T> {
    let mut found: Vec<Kept<T>> =
        all(world, column).await.into_iter().filter(|kept: &Kept<T>| kept.title() == name).collect();
    assert_eq!(found.len(), 1, "one {name}");
    found.remove(0)
}

fn counts(rows: u64, created: u64, updated: u64, unchanged: u64, refused: u64) -> Counts {
    Counts { rows, created, updated, unchanged, refused }
}

async fn edit<T: Record>(world: &World, id: Id<T>, edit: impl FnOnce(&mut T) + Clone + Send + 'static) {
    let act = world.act().await;
    world
        .app
        .write(move |tx| {
            Box::pin(async move {
                records::change(tx, &act, id, None, |it: &mut T| {
                    edit(it);
                    Ok(())
                })
                .await
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_pipeline_of_four_files_comes_in_whole_whatever_their_order() {
    let world = World::new().await;
    let run = import(&world, four()).await.unwrap();
    assert_eq!(run.state, State::Finished);
    assert_eq!(run.report.kinds[&Kind::Member], counts(2, 1, 0, 1, 0), "Ada is here already");
    assert_eq!(run.report.kinds[&Kind::Company], counts(2, 2, 0, 0, 0));
    assert_eq!(run.report.kinds[&Kind::Product], counts(2, 2, 0, 0, 0));
    assert_eq!(run.report.kinds[&Kind::Deal], counts(4, 4, 0, 0, 0));
    assert!(run.report.implied.is_empty());
    assert_eq!((run.rows_total, run.rows_done), (10, 10));

    let small: Kept<Company> = named(&world, "name", "Little Mill").await;
    let great: Kept<Company> = named(&world, "name", "Great Mills").await;
    assert_eq!(small.parent_id, Some(great.id), "the parent stands below its child in the file");
    assert_eq!(
        (great.revenue_minor, great.currency.code(), great.founded_year),
        (Some(150_025_000_000), "USD", Some(1950))
    );
    let pro: Kept<Product> = named(&world, "name", "Oven Pro").await;
    assert_eq!((pro.price_minor, pro.family.as_deref()), (Some(482_100), Some("Oven")));

    let won: Kept<Deal> = named(&world, "title", "Oven Pro for Little Mill").await;
    assert_eq!((won.standing, won.phase, won.price_minor), (Standing::Agreed, Phase::Deliver, Some(451_400)));
    assert_eq!(won.product_id, Some(pro.id), "OvenPro was read as Oven Pro");
    assert_eq!(
        (won.opened_on.unwrap().to_string(), won.closed_on.unwrap().to_string()),
        ("2016-10-20".into(), "2017-03-01".into())
    );
    let lost: Kept<Deal> = named(&world, "title", "Oven Basic for Great Mills").await;
    assert_eq!((lost.standing, lost.price_minor, lost.agreed_on), (Standing::Declined, None, None));
    let engaged: Kept<Deal> = named(&world, "title", "Oven Pro").await;
    assert_eq!(
        (engaged.standing, engaged.phase, engaged.company_id),
        (Standing::Open, Phase::Diagnose, None)
    );
    assert_eq!(engaged.owner_id, Some(world.ada.id));
    assert_eq!(engaged.other.0.get("Stage").map(String::as_str), Some("Engaging"));
    let prospect: Kept<Deal> = named(&world, "title", "Oven Basic for Little Mill").await;
    assert_eq!((prospect.phase, prospect.opened_on), (Phase::Hear, None));
    let cleo: Kept<sameside::accounts::Member> = named(&world, "name", "Cleo Marsh").await;
    assert_eq!(cleo.email, None, "somebody who cannot sign in");
    assert!(cleo.team_id.is_some());
}

#[tokio::test]
async fn clients_brought_in_are_cared_for_the_same_day() {
    let world = World::new().await;
    import(&world, four()).await.unwrap();
    sameside::work::drain(&world.app).await.unwrap();
    let care = world.browser(&world.ada).await.get("/care").await.text;
    assert!(
        care.contains("Little Mill"),
        "something was agreed with them, and nobody has spoken to them since"
    );
}

#[tokio::test]
async fn the_same_files_again_change_nothing_and_say_so() {
    let world = World::new().await;
    import(&world, four()).await.unwrap();
    let before = all::<Deal>(&world, "title").await;
    let again = import(&world, four()).await.unwrap();
    let total = again.report.total();
    assert_eq!((total.rows, total.unchanged), (10, 10));
    assert_eq!(all::<Deal>(&world, "title").await, before);
    let mut conn = world.app.read().await.unwrap();
    let events = db::Sql::fixed("select count(*) from history where import_id = $1");
    let (events,) = conn.first::<(i64,)>(events, vec![again.id.into()]).await.unwrap().unwrap();
    assert_eq!(events, 0, "nothing of it is in the history");
}

#[tokio::test]
async fn a_changed_row_changes_its_record_and_leaves_what_people_wrote() {
    let world = World::new().await;
    import(&world, four()).await.unwrap();
    let deal: Kept<Deal> = named(&world, "title", "Oven Basic for Little Mill").await;
    edit(&world, deal.id, |deal: &mut Deal| deal.title = "Second oven".into()).await;
    let changed = PIPELINE.replace(
        "A4,Ada Lind,Oven Basic,Little Mill,Prospecting,,,",
        "A4,Ada Lind,Oven Basic,Little Mill,Engaging,11/1/2016,,700",
    );
    let run = import(&world, one("sales_pipeline.csv", &changed)).await.unwrap();
    assert_eq!(run.report.kinds[&Kind::Deal], counts(4, 0, 1, 3, 0));
    let deal: Kept<Deal> = named(&world, "title", "Second oven").await;
    assert_eq!((deal.phase, deal.price_minor), (Phase::Diagnose, Some(70_000)));
}

#[tokio::test]
async fn a_whole_import_is_undone_updates_included_and_can_be_brought_again() {
    let world = World::new().await;
    let first = import(&world, four()).await.unwrap();
    let changed =
        PIPELINE.replace(",4514\n", ",9999\n") + "A5,Ada Lind,Oven Pro,New Mill,Engaging,10/25/2016,,\n";
    let second = import(&world, one("sales_pipeline.csv", &changed)).await.unwrap();
    assert_eq!(second.report.kinds[&Kind::Deal], counts(5, 1, 1, 3, 0));
    assert_eq!(second.report.implied.get(&Kind::Company), Some(&1), "New Mill is only named");
    let undone = undo(&world, second.id).await.unwrap();
    assert_eq!(undone.state, State::Undone);
    let told = undone.report.undone.unwrap();
    assert_eq!((told.removed, told.restored, told.left), (2, 1, 0));
    let won: Kept<Deal> = named(&world, "title", "Oven Pro for Little Mill").await;
    assert_eq!(won.price_minor, Some(451_400));
    assert_eq!(all::<Deal>(&world, "title").await.len(), 4);
    assert!(matches!(undo(&world, second.id).await, Err(Error::Refused(_))));

    let again = import(&world, one("sales_pipeline.csv", &changed)).await.unwrap();
    assert_eq!(again.report.kinds[&Kind::Deal], counts(5, 1, 1, 3, 0), "what was undone is news again");
    undo(&world, again.id).await.unwrap();
    undo(&world, first.id).await.unwrap();
    assert!(all::<Deal>(&world, "title").await.is_empty() && all::<Company>(&world, "name").await.is_empty());
    assert_eq!(
        named::<sameside::accounts::Member>(&world, "name", "Ada Lind").await.id,
        world.ada.id,
        "Ada was here before"
    );
}

#[tokio::test]
async fn what_somebody_changed_since_is_left_by_an_undo_and_told() {
    let world = World::new().await;
    import(&world, four()).await.unwrap();
    let second =
        import(&world, one("sales_pipeline.csv", &PIPELINE.replace(",4514\n", ",9999\n"))).await.unwrap();
    let won: Kept<Deal> = named(&world, "title", "Oven Pro for Little Mill").await;
    edit(&world, won.id, |deal: &mut Deal| deal.price_minor = Some(1)).await;
    let undone = undo(&world, second.id).await.unwrap().report.undone.unwrap();
    assert_eq!((undone.restored, undone.left), (0, 1));
    assert_eq!(named::<Deal>(&world, "title", "Oven Pro for Little Mill").await.price_minor, Some(1));
}

#[tokio::test]
async fn a_dry_run_says_exactly_what_happens_then_and_saves_nothing() {
    let world = World::new().await;
    let changed = PIPELINE.replace("3/1/2017,4514", "sometime,4514");
    let mut uploads = four();
    uploads[0] = Upload::bytes("sales_pipeline.csv", changed.as_bytes());
    let (report, refusals) = dry(&world, uploads.clone()).await.unwrap();
    assert!(all::<Deal>(&world, "title").await.is_empty() && all::<Company>(&world, "name").await.is_empty());
    let run = import(&world, uploads).await.unwrap();
    assert_eq!(report.kinds, run.report.kinds);
    assert_eq!(report.kinds[&Kind::Deal], counts(4, 3, 0, 0, 1));
    assert_eq!((refusals[0].line, refusals[0].file.as_str()), (Some(2), "sales_pipeline.csv"));
    let mut conn = world.app.read().await.unwrap();
    let kept = actions::refusals(&mut conn, &scope(&world).await, run.id, None, -1).await.unwrap();
    assert_eq!(kept[0].1, refusals[0]);
    assert_eq!(kept[0].2, "A1,Cleo Marsh,OvenPro,Little Mill,Won,10/20/2016,sometime,4514");
}

#[tokio::test]
async fn rows_about_what_is_here_already_join_it_and_fill_only_what_is_empty() {
    let world = World::new().await;
    let act = world.act().await;
    let (aster, bo) = world
        .app
        .write(move |tx| {
            Box::pin(async move {
                let company =
                    Company { city: Some("Lisbon".into()), ..Company::named("Aster Bakery", Currency::EUR) };
                let aster = records::create(tx, &act, company).await?;
                let email = Some(sameside::base::Email::parse("bo@aster.example").unwrap());
                let bo = records::create(tx, &act, Contact { email, ..Contact::named("Bo Baker") }).await?;
                Ok((aster, bo))
            })
        })
        .await
        .unwrap();
    let companies = "Company,City,Industry,Employees\nASTER  bakery,Porto,Food,12\nOther,Porto,Food,3\n";
    let run = import(&world, one("companies.csv", companies)).await.unwrap();
    assert_eq!(run.report.kinds[&Kind::Company], counts(2, 1, 1, 0, 0));
    assert_eq!((run.report.duplicates_count, run.report.duplicates[0].record), (1, aster.id.uuid()));
    let kept: Kept<Company> = named(&world, "name", "Aster Bakery").await;
    assert_eq!(
        (kept.city.as_deref(), kept.industry.as_deref(), kept.employees),
        (Some("Lisbon"), Some("Food"), Some(12))
    );
    let contacts = "First name,Last name,Email,Company\nBo,Baker-Smith,BO@aster.example,Aster Bakery\n";
    let run = import(&world, one("contacts.csv", contacts)).await.unwrap();
    assert_eq!(run.report.kinds[&Kind::Contact], counts(1, 0, 1, 0, 0));
    let kept: Kept<Contact> = named(&world, "name", "Bo Baker").await;
    assert_eq!((kept.id, kept.company_id), (bo.id, Some(aster.id)));
}

#[tokio::test]
async fn a_pipeline_named_in_the_file_is_made_with_its_stages() {
    let world = World::new().await;
    let text = "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Pipeline,Associated Company\n\
        1,Roof,Contract Sent,2026-03-01,Dee Stone,10,Roofs,Acme\n2,Shed,Closed Won,2026-01-01,Dee Stone,10,Roofs,Acme\n3,Hut,Closed Lost,2026-01-01,Dee Stone,10,Roofs,\n";
    let run = import(&world, one("deals.csv", text)).await.unwrap();
    assert_eq!(run.report.kinds[&Kind::Deal], counts(3, 3, 0, 0, 0));
    assert_eq!(
        (run.report.implied.get(&Kind::Company), run.report.implied.get(&Kind::Member)),
        (Some(&1), Some(&1))
    );
    let pipeline: Kept<Pipeline> = named(&world, "name", "Roofs").await;
    let mut stages: Vec<Kept<Stage>> = all::<Stage>(&world, "name").await;
    stages.retain(|stage| stage.pipeline_id == pipeline.id);
    stages.sort_by_key(|stage| stage.position);
    let stages: Vec<(&str, Phase)> = stages.iter().map(|stage| (stage.name.as_str(), stage.phase)).collect();
    assert_eq!(stages, [("Contract Sent", Phase::Agree), ("Closed Won", Phase::Deliver)]);
    assert_eq!(
        import(&world, one("deals.csv", text)).await.unwrap().report.kinds[&Kind::Deal],
        counts(3, 0, 0, 3, 0)
    );
}

#[tokio::test]
async fn a_deal_won_early_does_not_turn_its_stage_into_one_of_agreed_deals() {
    let world = World::new().await;
    let text = "Deal - ID,Deal - Title,Deal - Pipeline,Deal - Stage,Deal - Status,Deal - Won time,Deal - Lost time\n\
        1,Van,Main,Qualified,Won,2026-02-01 10:00:00,\n2,Car,Main,Qualified,Lost,,2026-02-03 10:00:00\n3,Bus,Main,Qualified,Open,,\n";
    import(&world, one("deals.csv", text)).await.unwrap();
    let van: Kept<Deal> = named(&world, "title", "Van").await;
    let car: Kept<Deal> = named(&world, "title", "Car").await;
    let bus: Kept<Deal> = named(&world, "title", "Bus").await;
    assert_eq!((van.standing, van.phase), (Standing::Agreed, Phase::Deliver));
    assert_eq!(van.other.0["Stage"], "Qualified", "what the file says is kept");
    assert!(car.standing == Standing::Declined && car.phase < Phase::Deliver);
    assert!(bus.standing == Standing::Open && bus.phase < Phase::Deliver && bus.stage_id != van.stage_id);
    let stage: Kept<Stage> = named(&world, "name", "Qualified").await;
    assert_eq!(bus.stage_id, stage.id);
}

#[tokio::test]
async fn linked_exports_find_each_other_by_id_and_people_get_their_part_in_deals() {
    let world = World::new().await;
    let files = [
        (
            "Opportunity.csv",
            "Id,AccountId,Name,StageName,Amount,CloseDate,IsClosed,IsWon,OwnerId\n006000000000001AAA,001000000000001AAA,Big one,Negotiation/Review,1000,2026-12-31,false,false,005000000000001AAA\n",
        ),
        (
            "OpportunityContactRole.csv",
            "Id,OpportunityId,ContactId,Role,IsPrimary\n00K1,006000000000001AAA,003000000000001AAA,Decision Maker,true\n00K2,006000000000009AAA,003000000000001AAA,Buyer,false\n",
        ),
        (
            "Task.csv",
            "Id,WhoId,WhatId,Subject,ActivityDate,Status,IsClosed,TaskSubtype\n00T1,003000000000001AAA,006000000000001AAA,Talk,2026-05-06,Completed,true,Call\n00T2,,006000000000001AAA,Send offer,2026-06-06,Not Started,false,Task\n",
        ),
        (
            "Contact.csv",
            "Id,AccountId,LastName,FirstName,Email\n003000000000001AAA,001000000000001AAA,Stone,Dee,dee@acme.example\n",
        ),
        ("Account.csv", "Id,Name,BillingCity,OwnerId\n001000000000001AAA,Acme,Oslo,005000000000001AAA\n"),
        (
            "User.csv",
            "Id,Username,Name,Email,IsActive,ProfileId\n005000000000001AAA,eve,Eve Hart,eve@x.example,true,00e\n",
        ),
    ];
    let uploads: Vec<Upload> =
        files.iter().map(|(name, text)| Upload::bytes(name, text.as_bytes())).collect();
    let run = import(&world, uploads.clone()).await.unwrap();
    assert_eq!(run.report.kinds[&Kind::DealContact], counts(2, 1, 0, 0, 1));
    assert_eq!(run.report.kinds[&Kind::Activity], counts(1, 1, 0, 0, 0));
    assert_eq!(run.report.kinds[&Kind::Task], counts(1, 1, 0, 0, 0));
    assert!(run.report.implied.is_empty(), "{:?}", run.report.implied);
    let deal: Kept<Deal> = named(&world, "title", "Big one").await;
    let dee: Kept<Contact> = named(&world, "name", "Dee Stone").await;
    assert_eq!((deal.contact_id, deal.company_id), (Some(dee.id), dee.company_id));
    let call: Kept<sameside::activities::Activity> = named(&world, "title", "Talk").await;
    assert_eq!((call.deal_id, call.contact_id), (Some(deal.id), Some(dee.id)));
    assert_eq!(
        call.happened_at.day(&jiff::tz::TimeZone::get("Europe/Lisbon").unwrap()).to_string(),
        "2026-05-06"
    );
    let eve: Kept<sameside::accounts::Member> = named(&world, "name", "Eve Hart").await;
    assert!(eve.disabled_at.is_some(), "who comes in is for an admin to say");
    assert_eq!(deal.owner_id, Some(eve.id));
    let again = import(&world, uploads).await.unwrap().report.total();
    assert_eq!((again.rows, again.unchanged, again.refused), (8, 7, 1));
}

#[tokio::test]
async fn counts_add_up_when_keys_repeat_and_rows_are_bad() {
    let world = World::new().await;
    let text = "Record ID,Deal Name,Deal Stage,Amount,Deal owner\n1,A,Closed Won,1,x\n1,A,Closed Won,1,x\n1,A,Closed Won,2,x\n2,B,Closed Won,-5,x\n3,C,Closed Won,many,x\n\"4,D,Closed Won,1,x\n5,E,Closed Won,1,x,y,z\n6,F,Closed Won,1,x\n";
    let run = import(&world, one("deals.csv", text)).await.unwrap();
    assert_eq!(run.report.kinds[&Kind::Deal], counts(8, 2, 1, 1, 4));
    let deal: Kept<Deal> = named(&world, "title", "A").await;
    assert_eq!(deal.price_minor, Some(200));
}

#[tokio::test]
async fn nothing_is_lost_of_long_texts_and_unknown_columns() {
    let world = World::new().await;
    let long = "word ".repeat(200);
    let text =
        format!("Full name,Email,Shoe size,Notes\n\"{long}\",a@b.example,44,\"{}\"\n", "note ".repeat(6_000));
    let run = import(&world, one("contacts.csv", &text)).await.unwrap();
    assert_eq!(run.report.kinds[&Kind::Contact], counts(1, 1, 0, 0, 0));
    let contact = all::<Contact>(&world, "name").await.remove(0);
    assert_eq!(contact.other.0["Shoe size"], "44");
    assert_eq!(contact.other.0["Name"], long.trim());
    assert_eq!(contact.other.0["Description"].len(), 29_999);
}

#[tokio::test]
async fn an_import_that_was_cut_off_goes_on_where_it_was() {
    let world = World::new().await;
    let uploads = four();
    let run = draft(&world, &uploads).await.unwrap();
    let id = run.id;
    // As if the process had ended after the members and companies: they are saved, and the import says so.
    import(&world, uploads[2..].to_vec()).await.unwrap();
    let done = db::Sql::fixed("update import_run set state = 'running', rows_done = 4 where id = $1");
    world
        .app
        .write(move |tx| Box::pin(async move { Ok(tx.run(done, vec![id.into()]).await?) }))
        .await
        .unwrap();
    let early = actions::run(&world.app, &scope(&world).await, Via::Import, id, uploads.clone()).await;
    assert!(matches!(early, Err(Error::Refused(_))), "it may be at work elsewhere");
    world.wait_seconds(300);
    let run = actions::run(&world.app, &scope(&world).await, Via::Import, id, uploads).await.unwrap();
    assert_eq!((run.state, run.rows_done), (State::Finished, 10));
    assert_eq!(run.report.kinds.get(&Kind::Company), None, "their rows were dealt with before");
    assert_eq!(run.report.kinds[&Kind::Deal], counts(4, 4, 0, 0, 0));
}

#[tokio::test]
async fn two_imports_do_not_run_at_once() {
    let world = World::new().await;
    let first = draft(&world, &four()).await.unwrap().id;
    let running = db::Sql::fixed("update import_run set state = 'running' where id = $1");
    world
        .app
        .write(move |tx| Box::pin(async move { Ok(tx.run(running, vec![first.into()]).await?) }))
        .await
        .unwrap();
    let Err(Error::Refused(why)) = import(&world, four()).await else { panic!("it must wait") };
    assert!(why.contains("Another import"), "{why}");
    world.wait_seconds(300);
    assert!(import(&world, four()).await.is_ok(), "one that was cut off gives way");
}

#[tokio::test]
async fn only_who_administers_imports_and_nothing_leaks_into_another_workspace() {
    let world = World::new().await;
    let run = import(&world, four()).await.unwrap();
    let stranger = world.stranger().await;
    let theirs = world.act_as(&stranger).await;
    let mut conn = world.app.read().await.unwrap();
    assert!(matches!(actions::get(&mut conn, &theirs.scope, run.id).await, Err(Error::NotFound)));
    let seller =
        world.member("Sam Reed", sameside::accounts::Role::Seller, sameside::accounts::Sees::All).await;
    let act = world.act_as(&seller).await;
    assert!(matches!(actions::get(&mut conn, &act.scope, run.id).await, Err(Error::Forbidden(_))));
    let intake = Arc::new(actions::open(&world.app, theirs.scope.workspace(), four()).await.unwrap());
    let act_of_theirs = theirs.clone();
    let draft = world
        .app
        .write(move |tx| {
            Box::pin(async move {
                actions::draft(tx, &act_of_theirs, Id::new(act_of_theirs.now), &intake, vec![]).await
            })
        })
        .await
        .unwrap();
    let there = actions::run(&world.app, &theirs.scope, Via::Import, draft.id, four()).await.unwrap();
    assert_eq!(there.report.kinds[&Kind::Deal], counts(4, 4, 0, 0, 0), "the same files are news there");
}

/// Sends files as a browser does.
async fn send(browser: &Browser, files: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, text) in files {
        body.push_str(&format!(
            "--line\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n{text}\r\n"
        ));
    }
    body.push_str("--line--\r\n");
    let request = Request::post("/import")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=line")
        .header("sec-fetch-site", "same-origin");
    browser.send(request, Body::from(body)).await
}

/// The cells of a row of the truth table.
fn cells(html: &str, label: &str) -> Vec<String> {
    let row = html
        .split("<tr")
        .find(|row| row.contains(&format!(">{label}</th>")))
        .unwrap_or_else(|| panic!("no {label}"));
    let cells = row.split("class=\"num").skip(1).filter_map(|cell| cell.split_once('>'));
    cells.map(|(_, text)| text.split('<').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn files_are_dropped_looked_at_corrected_brought_in_and_taken_back_on_pages() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let bad = PIPELINE.to_owned() + "A9,Ada Lind,Oven Pro,Little Mill,Won,10/25/2016,3/1/2017,=cheap\n";
    let files = [
        ("sales_pipeline.csv", bad.as_str()),
        ("products.csv", PRODUCTS),
        ("accounts.csv", ACCOUNTS),
        ("sales_teams.csv", TEAMS),
    ];
    let sent = send(&ada, &files).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let here = sent.leads_to().to_owned();
    let draft = ada.get(&here).await.text;
    assert_eq!(cells(&draft, "Deals"), ["5", "4", "0", "0", "1"]);
    assert!(draft.contains("“OvenPro” means “Oven Pro”") && draft.contains("Oven Pro for Little Mill"));
    assert!(draft.contains("won on 1 Mar 2017"), "a day as Ada reads it");
    assert!(all::<Deal>(&world, "title").await.is_empty(), "nothing changes before the start");

    let corrected =
        ada.post(&here, &[("t0_kind", "deal"), ("t0_s1", "won"), ("t2_kind", ""), ("near", "true")]).await;
    assert_eq!(corrected.status, StatusCode::SEE_OTHER);
    let draft = ada.get(&here).await.text;
    assert!(!draft.contains(">Companies</th>"), "that table is left out now");
    assert!(draft.contains("companies will be made because rows name them"));
    let started = ada
        .post(&format!("{here}/run"), &[("t2_kind", "company"), ("near", "true"), ("near0", "true")])
        .await;
    assert_eq!(started.leads_to(), here);
    let waiting = ada.get(&here).await.text;
    assert!(waiting.contains(&format!("data-poll=\"{here}\"")));
    sameside::work::drain(&world.app).await.unwrap();
    let done = ada.get(&here).await.text;
    assert_eq!(cells(&done, "All"), ["11", "9", "0", "1", "1"]);
    assert!(done.contains("Every one of the 11 rows is accounted for.") && !done.contains("data-poll"));
    assert_eq!(all::<Deal>(&world, "title").await.len(), 4);

    assert!(done.contains("refusals.csv?file=sales_pipeline.csv"));
    let csv = ada.get(&format!("{here}/refusals.csv?file=sales_pipeline.csv")).await;
    assert!(csv.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/csv"));
    assert!(
        csv.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("sales_pipeline refused.csv")
    );
    let lines: Vec<&str> = csv.text.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(
        lines[0].starts_with("\u{FEFF}Sameside: why,Sameside: line,opportunity_id,sales_agent,"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].starts_with("\"“close_value” is “=cheap”") && lines[1].ends_with(",'=cheap"),
        "{}",
        lines[1]
    );
    // Mended, the downloaded file can be brought as it is.
    let mended = csv.text.replace("'=cheap", "77");
    let run = import(&world, one("sales_pipeline refused.csv", &mended)).await.unwrap();
    assert_eq!(run.report.kinds[&Kind::Deal], counts(1, 1, 0, 0, 0));
    let deals = all::<Deal>(&world, "title").await;
    let deal = deals.iter().find(|deal| deal.price_minor == Some(7_700)).expect("it came in");
    assert!(!deal.other.0.keys().any(|name| name.starts_with("Sameside")), "our columns are passed over");
    undo(&world, run.id).await.unwrap();

    let undone = ada.post(&format!("{here}/undo"), &[]).await;
    assert_eq!(undone.leads_to(), here);
    sameside::work::drain(&world.app).await.unwrap();
    let page = ada.get(&here).await.text;
    assert!(page.contains("were removed"), "{page}");
    assert!(all::<Deal>(&world, "title").await.is_empty());
    assert!(ada.get("/import").await.text.contains("Undone"));
    assert!(
        !actions::folder(&world.app, here.rsplit('/').next().unwrap().parse().unwrap()).exists(),
        "the files are gone"
    );
}

#[tokio::test]
async fn what_is_ambiguous_must_be_said_on_the_page_before_it_starts() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let text = "Deal,Amount,Close date,Stage\nRoof,5,03/04/2025,Won\nShed,6,05/06/2025,Mystery\n";
    let here = send(&ada, &[("deals.csv", text)]).await.leads_to().to_owned();
    let draft = ada.get(&here).await.text;
    assert!(draft.contains("does the day come first, or the month?") && draft.contains("not known"));
    let started = ada.post(&format!("{here}/run"), &[]).await;
    assert_eq!(started.leads_to(), here);
    assert!(ada.get(&here).await.text.contains("Start the import"), "it did not start");
    ada.post(&format!("{here}/run"), &[("t0_kind", "deal"), ("t0_d2", "month_first"), ("t0_s0", "lost")])
        .await;
    sameside::work::drain(&world.app).await.unwrap();
    let deal: Kept<Deal> = named(&world, "title", "Roof").await;
    assert_eq!(deal.closed_on.unwrap().to_string(), "2025-03-04");
}

#[tokio::test]
async fn what_cannot_be_read_is_said_at_once_and_nothing_is_kept() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    for (files, told) in [
        (vec![("photo.csv", "\u{89}PNG\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}")], "nothing to read"),
        (vec![("empty.csv", "")], "it is empty"),
        (vec![], "Choose one file"),
    ] {
        let answer = send(&ada, &files).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(told), "{told}: {}", answer.text);
    }
    let kept =
        std::fs::read_dir(world.app.config().data.join("imports")).map(|folder| folder.count()).unwrap_or(0);
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn a_draft_is_thrown_away_with_its_files_by_hand_or_after_a_week() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let mut folders = Vec::new();
    for _ in 0..2 {
        let here =
            send(&ada, &[("clients.csv", "Company,Industry\nAcme,food\n")]).await.leads_to().to_owned();
        let folder = actions::folder(&world.app, here.rsplit('/').next().unwrap().parse().unwrap());
        assert!(folder.exists());
        folders.push((here, folder));
    }
    assert_eq!(ada.post(&format!("{}/removal", folders[0].0), &[]).await.leads_to(), "/import");
    assert!(!folders[0].1.exists() && folders[1].1.exists());
    world.wait_seconds(8 * 86_400);
    send(&ada, &[("empty.csv", "")]).await;
    assert!(!folders[1].1.exists());
}

#[tokio::test]
async fn hostile_files_are_refused_or_counted_and_never_half_saved() {
    const HEAD: &str = "Deal,Company,Stage,Amount,Close date\n";
    let world = World::new().await;
    let bytes = |text: String| text.into_bytes();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("deals.csv", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zip, format!("{HEAD}Z,Acme,Won,1,2025-01-02\n").as_bytes()).unwrap();
    let whole = zip.finish().unwrap().into_inner();
    let half = whole[..whole.len() / 2].to_vec();
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let long = "x".repeat(2 << 20);
    let cases: Vec<(&str, Vec<u8>, Option<Counts>)> = vec![
        ("nothing.csv", vec![], None),
        ("binary.csv", (0..=255).cycle().take(5_000).collect(), None),
        ("half.zip", half, None),
        ("cards.csv", b"BEGIN:VCARD\nFN:Bo\nEND:VCARD\n".to_vec(), None),
        ("tree.csv", b"[{\"deal\": 1, \"stage\": 2}]".to_vec(), None),
        ("wide.csv", bytes(vec!["c"; 2_000].join(",") + "\n"), None),
        ("header.csv", bytes(HEAD.to_owned()), Some(counts(0, 0, 0, 0, 0))),
        (
            "blank.csv",
            bytes(format!("{HEAD}\n  \n,,,,\nA,Acme,Won,1,2025-01-02\n\n")),
            Some(counts(1, 1, 0, 0, 0)),
        ),
        (
            "lines.csv",
            bytes(format!("{HEAD}\"B\n1\",Acme,Won,1,2025-01-02\n\"B\r\n2\",Acme,Lost,2,2025-01-02\n")),
            Some(counts(2, 2, 0, 0, 0)),
        ),
        (
            "ragged.csv",
            bytes(format!("{HEAD}C,Acme\nD,Acme,Won,1,2025-01-02,x,y\nE,Acme,Won,1,2025-01-02,,\n")),
            Some(counts(3, 2, 0, 0, 1)),
        ),
        ("nul.csv", bytes(format!("{HEAD}F\0G,Ac\0me,Won,1,2025-01-02\n")), Some(counts(1, 1, 0, 0, 0))),
        (
            "open.csv",
            bytes(format!("{HEAD}\"H,Acme,Won,1,2025-01-02\nI,Acme,Won,1,2025-01-02\n")),
            Some(counts(2, 1, 0, 0, 1)),
        ),
        (
            "long.csv",
            bytes(format!("{HEAD}\"{long}\",Acme,Won,1,2025-01-02\nJ,Acme,Won,1,2025-01-02\n")),
            Some(counts(2, 1, 0, 0, 1)),
        ),
        (
            "formulas.csv",
            bytes(format!(
                "{HEAD}=1+1,@Acme,Won,1,2025-01-02\nK,Acme,Won,=2,2025-01-02\nL,Acme,Won,-5,2025-01-02\n"
            )),
            Some(counts(3, 1, 0, 0, 2)),
        ),
        (
            "twice.csv",
            bytes("Deal,Deal,Stage,Stage,Amount\nM,N,Won,Lost,1\n".to_owned()),
            Some(counts(1, 1, 0, 0, 0)),
        ),
        (
            "wide16.csv",
            utf16(&format!("\u{FEFF}{HEAD}Größe,Acme,Won,1,2025-01-02\n")),
            Some(counts(1, 1, 0, 0, 0)),
        ),
        ("zip.zip", whole, Some(counts(1, 1, 0, 0, 0))),
    ];
    let mut known = 0;
    for (name, bytes, expected) in cases {
        let uploads = vec![Upload::bytes(name, bytes)];
        let workspace = scope(&world).await.workspace();
        let intake = actions::open(&world.app, workspace, uploads.clone()).await.unwrap();
        let Some(expected) = expected else {
            let told: Vec<&Refusal> = intake.refusals.iter().chain(&intake.left_aside).collect();
            assert!(
                intake.tables.is_empty() && told.len() == 1 && !told[0].reason.is_empty(),
                "{name}: {told:?}"
            );
            continue;
        };
        let run = import(&world, uploads.clone()).await.unwrap();
        let found = run.report.kinds.get(&Kind::Deal).copied().unwrap_or_default();
        assert_eq!((run.state, found), (State::Finished, expected), "{name}");
        known += usize::try_from(found.created).unwrap();
        assert_eq!(all::<Deal>(&world, "title").await.len(), known, "{name}");
        let again = import(&world, uploads).await.unwrap().report.total();
        assert_eq!((again.unchanged, again.refused), (found.created, found.refused), "{name} again");
    }
}

#[tokio::test]
async fn an_import_whose_files_are_gone_says_so_and_does_not_look_finished() {
    let world = World::new().await;
    let run = draft(&world, &four()).await.unwrap();
    let gone = actions::run(&world.app, &scope(&world).await, Via::Import, run.id, vec![]).await;
    let Err(Error::Refused(why)) = gone else { panic!("it has no files") };
    assert!(why.contains("not there any more"), "{why}");
    let run = actions::get(&mut world.app.read().await.unwrap(), &scope(&world).await, run.id).await.unwrap();
    assert_eq!(run.state, State::Failed);
}

#[tokio::test]
async fn a_column_of_answers_names_no_companies() {
    let world = World::new().await;
    let text = "Product,Seller,Client,Status\nOven,Ada Lind,New,Won\nOven,Ada Lind,Current,Lost\nMixer,Ada Lind,Past,Won\n";
    let run = import(&world, one("deals.csv", text)).await.unwrap();
    assert_eq!(run.report.kinds[&Kind::Deal], counts(3, 3, 0, 0, 0));
    assert!(all::<Company>(&world, "name").await.is_empty());
    assert!(all::<Deal>(&world, "title").await.iter().all(|deal| deal.other.0.contains_key("Client")));
}

/// The pipeline data beside a checkout of the repository, on machines that have it.
fn real_pipeline() -> Option<Vec<Upload>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
    let folder: PathBuf = root
        .ancestors()
        .skip(1)
        .map(|above| above.join("shared/data/crm-pipeline"))
        .find(|folder| folder.is_dir())?;
    let files = ["sales_pipeline.csv", "accounts.csv", "products.csv", "sales_teams.csv"];
    Some(files.iter().map(|name| Upload::path(&folder.join(name))).collect())
}

#[tokio::test]
async fn the_real_pipeline_comes_in_whole() {
    let Some(uploads) = real_pipeline() else {
        eprintln!("skipped: the pipeline data is not on this machine");
        return;
    };
    let world = World::new().await;
    let run = import(&world, uploads.clone()).await.unwrap();
    assert_eq!(run.report.kinds[&Kind::Deal], counts(8_800, 8_800, 0, 0, 0));
    assert_eq!(run.report.kinds[&Kind::Company], counts(85, 85, 0, 0, 0));
    assert_eq!(run.report.kinds[&Kind::Product], counts(7, 7, 0, 0, 0));
    assert_eq!(run.report.kinds[&Kind::Member], counts(35, 35, 0, 0, 0));
    assert!(run.report.implied.is_empty());
    let deals = all::<Deal>(&world, "title").await;
    let standing = |standing| deals.iter().filter(|deal| deal.standing == standing).count();
    assert_eq!(
        (standing(Standing::Agreed), standing(Standing::Declined), standing(Standing::Open)),
        (4_238, 2_473, 2_089)
    );
    assert_eq!(deals.iter().filter(|deal| deal.company_id.is_none()).count(), 1_425);
    assert!(deals.iter().all(|deal| deal.owner_id.is_some() && deal.product_id.is_some()));
    let act = world.act().await;
    sameside::forecast::actions::learn(&world.app, &act, 6_711).await.unwrap();
    let forecast = world.browser(&world.ada).await.get("/deals/forecast").await.text;
    for text in ["No better than your average", "n = 6,711", "Within 90 days: likely"] {
        assert!(forecast.contains(text), "{text} in {forecast}");
    }
    let again = import(&world, uploads).await.unwrap().report.total();
    assert_eq!((again.rows, again.unchanged), (8_927, 8_927));
    let undone = undo(&world, run.id).await.unwrap().report.undone.unwrap();
    assert_eq!(undone.left, 0);
    assert!(all::<Deal>(&world, "title").await.is_empty());
}
