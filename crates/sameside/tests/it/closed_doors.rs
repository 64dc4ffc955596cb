//! Every route of the site, tried by everybody who should not come in. A route that is added later is tried too; one
//! whose placeholder nobody here knows, or that is open to everybody without a reason here, fails by its name.

use crate::world::{Answer, Browser, World};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use sameside::accounts::actions::change_member;
use sameside::accounts::{Member, Right, Role, Sees, Team};
use sameside::activities::{Activity, Means};
use sameside::advocates::Reply;
use sameside::base::{Currency, Id, Source};
use sameside::client_page::{ClientLink, ClientQuestion};
use sameside::commitments::{PlanStep, Side as Promises};
use sameside::companies::Company;
use sameside::concessions::{Concession, Delegation};
use sameside::contacts::Contact;
use sameside::deals::{Deal, Pipeline, Stage};
use sameside::diagnosis::{
    Alternative, Contraindication, CostPart, Figure, Need, Parameter, Step, Voice, Want,
};
use sameside::negotiation::{Choosable, Issue, Negotiation, Offered, Offering, Sets};
use sameside::products::Product;
use sameside::pursuit::Effort;
use sameside::questions::{Level, Question};
use sameside::records::{self, Doc, Kept, Record};
use sameside::service::{Channel, Request as Help, Template as Text, Turn};
use sameside::tasks::Task;
use sameside::web::{Door, doors};
use std::collections::BTreeMap;

/// A word that is in the name of everything of Ada's, and nowhere else.
const HERS: &str = "Asterisk";

/// Routes that are open to everybody, and why.
const OPEN: [(&str, &str); 22] = [
    ("/healthz", "says whether the server can work, nothing else"),
    ("/assets/{hash}/{name}", "scripts and styles"),
    ("/favicon.ico", "a picture"),
    ("/sign-in", "is the door"),
    ("/sign-out", "ends the session it is sent with, or does nothing"),
    ("/set-up", "only while nobody has set the server up"),
    ("/pass/{token}", "guards itself by its secret"),
    ("/felt/{token}", "guards itself by its secret"),
    ("/password", "says how to come in again"),
    ("/c/{token}", "the page of a client: guards itself by its secret, and so do the next"),
    ("/c/{token}/passcode", "guards itself by its secret"),
    ("/c/{token}/offers", "guards itself by its secret"),
    ("/c/{token}/felt", "guards itself by its secret"),
    ("/c/{token}/help", "guards itself by its secret"),
    ("/c/{token}/help/words", "guards itself by its secret"),
    ("/c/{token}/proposal", "guards itself by its secret"),
    ("/c/{token}/files/{id}", "guards itself by its secret"),
    ("/c/{token}/live", "guards itself by its secret"),
    ("/c/{token}/answers", "guards itself by its secret"),
    ("/c/{token}/gladness", "guards itself by its secret"),
    ("/c/{token}/result", "guards itself by its secret"),
    ("/c/{token}/plan", "guards itself by its secret"),
];

/// What stands in for each placeholder: the path in front of it, and an id of Ada's that belongs there.
type Keys = BTreeMap<&'static str, String>;

/// Something of everything, all of it Ada's.
async fn furnished(world: &World) -> Keys {
    let ada = Some(world.ada.id);
    let company =
        put(world, Company { owner_id: ada, ..Company::named(format!("{HERS} Bakery"), Currency::EUR) })
            .await;
    let contact = put(
        world,
        Contact { owner_id: ada, company_id: Some(company.id), ..Contact::named(format!("{HERS} Anna")) },
    )
    .await;
    let product = put(world, Product::named(format!("{HERS} Oven"), Currency::EUR)).await;
    let pipeline = put(world, Pipeline { name: format!("{HERS} pipeline"), position: 9 }).await;
    let stage = put(
        world,
        Stage {
            pipeline_id: pipeline.id,
            name: format!("{HERS} stage"),
            phase: sameside::deals::Phase::ALL[0],
            position: 1,
        },
    )
    .await;
    let (now, today) = (world.app.now(), world.app.now().day(&jiff::tz::TimeZone::UTC));
    let deal = Deal {
        owner_id: ada,
        company_id: Some(company.id),
        product_id: Some(product.id),
        ..Deal::named(format!("{HERS} deal"), &stage, Currency::EUR, now, today)
    };
    let deal = put(world, deal).await;
    let figure = Figure {
        deal_id: Some(deal.id),
        product_id: None,
        parameter: Parameter::Benefit,
        low: 100.0,
        likely: 200.0,
        high: 300.0,
        source: Source::Assumed,
        said_by: None,
        said_on: None,
        note: None,
    };
    let figure = put(world, figure).await;
    let activity = Activity {
        kind: Means::Call,
        title: format!("{HERS} call"),
        note: None,
        deal_id: Some(deal.id),
        company_id: None,
        contact_id: None,
        owner_id: ada,
        happened_at: now,
        minutes: None,
    };
    let activity = put(world, activity).await;
    let task = Task {
        title: format!("{HERS} task"),
        note: None,
        deal_id: Some(deal.id),
        company_id: None,
        contact_id: None,
        owner_id: ada,
        due_on: None,
        done_at: None,
        hours_low: None,
        hours_likely: None,
        hours_high: None,
        hours_taken: None,
    };
    let task = put(world, task).await;
    let effort = Effort {
        deal_id: deal.id,
        owner_id: ada,
        title: format!("{HERS} effort"),
        worked_on: today,
        minutes: Some(30),
        spent_minor: None,
        currency: Currency::EUR,
    };
    let effort = put(world, effort).await;
    let reply = Reply {
        deal_id: deal.id,
        owner_id: ada,
        rule: "no_next_step".into(),
        mark: "2026-11-22".into(),
        evidence: format!("{HERS} evidence"),
        choice: sameside::advocates::Verdict::Mended,
        reason: None,
    };
    let reply = put(world, reply).await;
    let concession = Concession {
        deal_id: deal.id,
        owner_id: ada,
        title: format!("{HERS} discount"),
        cost_low: 1.0,
        cost_likely: 2.0,
        cost_high: 3.0,
        cost_source: Source::OurEstimate,
        worth_low: None,
        worth_likely: None,
        worth_high: None,
        worth_source: None,
        came_back: Some("A visit".into()),
        nothing_because: None,
        share: 0.5,
        state: sameside::concessions::State::Asked,
        decided_by_id: None,
        decided_at: None,
        decided_because: None,
    };
    let concession = put(world, concession).await;
    let want = Want {
        deal_id: deal.id,
        title: format!("{HERS} want"),
        said_by: None,
        said_on: None,
        answered: None,
        need_id: None,
        because: None,
    };
    let want = put(world, want).await;
    let need = put(world, Need { deal_id: deal.id, title: format!("{HERS} need"), note: None }).await;
    let alternative = Alternative {
        deal_id: deal.id,
        title: format!("{HERS} way"),
        worth_low: 0.0,
        worth_likely: 0.0,
        worth_high: 0.0,
        cost_low: 0.0,
        cost_likely: 0.0,
        cost_high: 0.0,
        source: Source::Assumed,
        said_by: None,
        said_on: None,
        note: None,
        best_at: None,
    };
    let alternative = put(world, alternative).await;
    let limit = Contraindication { product_id: product.id, title: format!("{HERS} limit") };
    let limit = put(world, limit).await;
    let mut table = Negotiation::empty(Some(deal.id), None);
    let options = vec![Choosable {
        key: 2,
        name: format!("{HERS} option"),
        value: None,
        ours: 1.0,
        ours_because: None,
        theirs: None,
    }];
    let issue = Issue { key: 1, name: format!("{HERS} issue"), sets: Sets::Nothing, options };
    (table.issues, table.last_key) = (Doc(vec![issue]), 2);
    table.settle();
    let package = table.first_package();
    put(world, table).await;
    let offer = Offered {
        words: vec![(format!("{HERS} issue"), format!("{HERS} option"))],
        ours: 1.0,
        theirs: 1.0,
        price_minor: None,
        refund_share: None,
        horizon_months: None,
        package,
    };
    let offering = Offering {
        deal_id: deal.id,
        owner_id: ada,
        offers: Doc(vec![offer]),
        state: sameside::negotiation::State::Made,
        picked: None,
        said: None,
        answered_at: None,
    };
    let offering = put(world, offering).await;
    let cost = CostPart {
        deal_id: deal.id,
        title: format!("{HERS} part"),
        times_low: 1.0,
        times_likely: 1.0,
        times_high: 1.0,
        each_low: 1.0,
        each_likely: 1.0,
        each_high: 1.0,
        source: Source::Assumed,
        said_by: None,
        said_on: None,
        note: None,
    };
    let cost = put(world, cost).await;
    let voice = Voice {
        deal_id: deal.id,
        contact_id: contact.id,
        title: format!("{HERS} Anna"),
        part: sameside::diagnosis::Part::Decides,
        note: None,
    };
    let voice = put(world, voice).await;
    let step = Step {
        deal_id: deal.id,
        title: format!("{HERS} step"),
        position: 1,
        hours_low: None,
        hours_likely: None,
        hours_high: None,
        went_on: None,
        source: Source::Assumed,
        said_by: None,
        said_on: None,
        note: None,
        passed_at: None,
    };
    let step = put(world, step).await;
    let title = format!("{HERS} question");
    let question = put(world, Question { title, why: None, how: None, position: 1 }).await;
    let name = format!("{HERS} answer");
    let level = put(world, Level { question_id: question.id, name, position: 1 }).await;
    let text = put(world, Text { name: format!("{HERS} text"), text: format!("{HERS} words") }).await;
    let help = Help {
        title: format!("{HERS} request"),
        said: None,
        company_id: Some(company.id),
        contact_id: None,
        deal_id: None,
        task_id: None,
        commitment_id: None,
        owner_id: ada,
        channel: Channel::Hand,
        opened_at: now,
        answer_hours: 4.0,
        resolve_hours: 24.0,
        answer_by: now,
        resolve_by: now,
        first_answered_at: None,
        answer_minutes: None,
        last_word_at: now,
        turn: Turn::Us,
        theirs_since: None,
        theirs_minutes: 0.0,
        resolved_at: None,
        resolved_how: None,
        resolve_minutes: None,
        reopened: 0,
    };
    let help = put(world, help).await;
    let team = put(world, Team { name: format!("{HERS} team") }).await;
    let mia = world.member(&format!("Mia {HERS}"), Role::Seller, Sees::All).await;
    let delegation = Delegation { owner_id: world.ada.id, to_id: mia.id, from_on: today, until_on: today };
    let delegation = put(world, delegation).await;
    let link = ClientLink {
        deal_id: deal.id,
        contact_id: Some(contact.id),
        owner_id: ada,
        title: format!("{HERS} page"),
        language: None,
        expires_at: now.plus_days(3),
        revoked_at: None,
    };
    let link = put(world, link).await;
    let title = format!("{HERS} promise");
    let commitment =
        put(world, sameside::commitments::Commitment::blank(deal.id, Promises::Company, title)).await;
    let move_act = world.act().await;
    let moved = world.app.write(move |tx| {
        Box::pin(async move {
            let later = |it: &mut sameside::commitments::Commitment| {
                it.due_on = Some(now.plus_days(9).day(&jiff::tz::TimeZone::UTC));
                Ok(())
            };
            sameside::records::change(tx, &move_act, commitment.id, None, later).await?;
            sameside::history::last(tx, &move_act, commitment.id.uuid()).await
        })
    });
    let moved = moved.await.unwrap().expect("it moved");
    let usual = PlanStep {
        product_id: product.id,
        side: Promises::Company,
        title: format!("{HERS} usual step"),
        place: 1,
        days: 1,
        hours_low: None,
        hours_likely: None,
        hours_high: None,
    };
    let usual = put(world, usual).await;
    let asked = ClientQuestion {
        deal_id: deal.id,
        owner_id: ada,
        title: format!("{HERS} question"),
        question_id: None,
        parameter: Some(Parameter::Benefit),
        said: None,
        answered_at: None,
    };
    let asked = put(world, asked).await;
    let (browser, at) = (world.browser(&world.ada).await, format!("/deals/{}", deal.id));
    let name = format!("{HERS} document");
    crate::files::add(&browser, &at, &name, "a.txt", b"Words").await;
    let document = crate::files::path_of(&browser, &at, &name).await;
    let mut conn = world.app.read().await.unwrap();
    let event =
        sameside::history::of(&mut conn, &world.act().await.scope, company.id.uuid(), None).await.unwrap();
    drop(conn);
    [
        ("companies", company.id.to_string()),
        ("contacts", contact.id.to_string()),
        ("products", product.id.to_string()),
        ("deals", deal.id.to_string()),
        ("figures", figure.id.to_string()),
        ("activities", activity.id.to_string()),
        ("tasks", task.id.to_string()),
        ("wants", want.id.to_string()),
        ("needs", need.id.to_string()),
        ("alternatives", alternative.id.to_string()),
        ("contraindications", limit.id.to_string()),
        ("costs", cost.id.to_string()),
        ("voices", voice.id.to_string()),
        ("steps", step.id.to_string()),
        ("questions", question.id.to_string()),
        ("levels", level.id.to_string()),
        ("service", help.id.to_string()),
        ("templates", text.id.to_string()),
        ("efforts", effort.id.to_string()),
        ("replies", reply.id.to_string()),
        ("concessions", concession.id.to_string()),
        ("commitments", commitment.id.to_string()),
        ("plan-steps", usual.id.to_string()),
        ("delegations", delegation.id.to_string()),
        ("issues", "1".to_owned()),
        ("offerings", offering.id.to_string()),
        ("client-links", link.id.to_string()),
        ("files", document.rsplit('/').next().unwrap().to_owned()),
        ("client-questions", asked.id.to_string()),
        ("notices", notice_of(world).await),
        ("pipelines", pipeline.id.to_string()),
        ("stages", stage.id.to_string()),
        ("members", mia.id.to_string()),
        ("teams", team.id.to_string()),
        ("history", event[0].seq.to_string()),
        ("moves", moved.to_string()),
        ("import", import_of(world).await),
        ("sessions", session_of(world).await),
        ("jobs", failed_job(world).await),
    ]
    .into()
}

/// An import Ada prepares.
async fn import_of(world: &World) -> String {
    use sameside::import::{actions, table::Upload};
    let act = world.act().await;
    let file = Upload::bytes("hers.csv", format!("Company,Industry\n{HERS} Mill,food\n").into_bytes());
    let intake =
        std::sync::Arc::new(actions::open(&world.app, act.scope.workspace(), vec![file]).await.unwrap());
    let id = sameside::base::Id::new(act.now);
    let draft = world
        .app
        .write(move |tx| Box::pin(async move { actions::draft(tx, &act, id, &intake, vec![]).await }))
        .await
        .unwrap();
    draft.id.to_string()
}

async fn put<T: Record>(world: &World, it: T) -> Kept<T> {
    let act = world.act().await;
    world.app.write(move |tx| Box::pin(async move { records::create(tx, &act, it).await })).await.unwrap()
}

/// A notice of Ada's, as her page of notices names it.
async fn notice_of(world: &World) -> String {
    use sameside::notices::{News, Source, tell};
    let (act, ada) =
        (world.app.act_for(world.act().await.scope.workspace(), sameside::accounts::Via::Job), world.ada.id);
    world
        .app
        .write(move |tx| {
            Box::pin(async move {
                let news = News::new(Source::Client, format!("{HERS} notice"), "/deals");
                tell(tx, &act, ada, news).await
            })
        })
        .await
        .unwrap();
    let page = world.browser(&world.ada).await.get("/notices").await.text;
    let named = page.split("href=\"/notices/").skip(1).filter_map(|after| after.split('"').next());
    named.filter(|seq| seq.parse::<i64>().is_ok()).map(str::to_owned).next().expect("a notice")
}

/// A job of Ada's that failed, as the page of failed jobs names it.
async fn failed_job(world: &World) -> String {
    let act = world.act().await;
    world
        .app
        .write(move |tx| Box::pin(async move { sameside::jobs::later(tx, &act, "sing", HERS, "{}").await }))
        .await
        .unwrap();
    sameside::work::drain(&world.app).await.unwrap();
    let page = world.browser(&world.ada).await.get("/settings/jobs").await.text;
    let named = page.split("action=\"/settings/jobs/").skip(1).filter_map(|after| after.split('/').next());
    named.filter(|id| id.len() == 36).map(str::to_owned).next().expect("a failed job")
}

/// The session Ada has, as the page of sessions names it.
async fn session_of(world: &World) -> String {
    let page = world.browser(&world.ada).await.get("/account").await.text;
    let named = page.split("/account/sessions/").skip(1).find_map(|after| {
        let name = after.split('/').next()?;
        (name.len() > 15).then(|| name.to_owned())
    });
    named.expect("her page lists her sessions")
}

/// A stream does not end by itself: what it says and whom is tried in `live.rs`.
const STREAM: &str = "/live";

/// What is chosen from a few words, and is nobody's.
const CHOICES: [(&str, &str); 6] = [
    ("lookup", "company"),
    ("insights", "value"),
    ("day", "2026-11-22"),
    ("week", "2026-11-16"),
    ("estimates", "measure"),
    ("review", "2026-11-16"),
];

/// The path of a door with every placeholder filled, and whether an id of Ada's is in it.
fn filled(door: &Door, keys: &Keys) -> (String, bool) {
    let (mut path, mut before, mut is_hers) = (String::new(), "", false);
    for part in door.path.split('/').skip(1) {
        path.push('/');
        if !part.starts_with('{') {
            before = part;
            path.push_str(part);
        } else if let Some((_, choice)) = CHOICES.iter().find(|(place, _)| *place == before) {
            path.push_str(choice);
        } else if let Some(id) = keys.get(before) {
            is_hers = true;
            path.push_str(id);
        } else {
            panic!("{} {}: add to `furnished` what {part} after {before:?} is", door.method, door.path);
        }
    }
    (path, is_hers)
}

/// Opens a page, or sends a form in which nothing is wrong: what is refused is refused for who sends it.
async fn knock(browser: &Browser, door: &Door, path: &str, keys: &Keys) -> Answer {
    if door.method == Method::GET {
        return browser.get(path).await;
    }
    let form = [
        ("version", "1"),
        ("name", "A name"),
        ("title", "A title"),
        ("reason", "A reason"),
        ("email", "somebody@else.example"),
        ("role", "seller"),
        ("sees", "all"),
        ("standing", "walked_away"),
        ("way", "up"),
        ("due_on", "2027-01-11"),
        ("because", "A reason"),
        ("days", "3"),
        ("end", "2027-06-01"),
        ("phase", "hear"),
        ("stage", &keys["stages"]),
    ];
    browser.post(path, &form).await
}

fn guarded() -> Vec<Door> {
    let doors: Vec<Door> = doors().into_iter().filter(|door| door.right.is_some()).collect();
    assert!(doors.len() > 30, "the search for doors found only {}", doors.len());
    doors
}

fn check(door: &Door, answer: &Answer, expected: &[StatusCode], who: &str) {
    assert!(
        expected.contains(&answer.status),
        "{} {}: {who} got {} instead of {expected:?}",
        door.method,
        door.path,
        answer.status
    );
    assert!(!answer.text.contains(HERS), "{} {}: {who} read something of Ada's", door.method, door.path);
}

#[test]
fn only_what_must_be_open_is_open() {
    for door in doors().iter().filter(|door| door.right.is_none()) {
        assert!(
            OPEN.iter().any(|(path, _)| *path == door.path),
            "{} {} is open to everybody: give it a right, or say here why",
            door.method,
            door.path
        );
    }
}

#[tokio::test]
async fn who_belongs_here_comes_in() {
    let world = World::new().await;
    let (keys, ada) = (furnished(&world).await, world.browser(&world.ada).await);
    for door in guarded().iter().filter(|door| door.method == Method::GET && door.path != STREAM) {
        let (path, _) = filled(door, &keys);
        let answer = ada.get(&path).await;
        assert!(
            answer.status.is_success() || answer.status.is_redirection(),
            "{path}: {} {}",
            answer.status,
            answer.text
        );
    }
}

#[tokio::test]
async fn strangers_are_sent_to_the_sign_in_page() {
    let world = World::new().await;
    let (keys, nobody) = (furnished(&world).await, world.anon());
    for door in guarded() {
        let (path, _) = filled(&door, &keys);
        let answer = knock(&nobody, &door, &path, &keys).await;
        if door.method == Method::GET {
            check(&door, &answer, &[StatusCode::SEE_OTHER], "a stranger");
            assert!(answer.leads_to().starts_with("/sign-in"), "{path} leads to {}", answer.leads_to());
        } else {
            check(&door, &answer, &[StatusCode::UNAUTHORIZED], "a stranger");
        }
    }
}

#[tokio::test]
async fn what_is_of_another_workspace_is_not_there() {
    let world = World::new().await;
    let keys = furnished(&world).await;
    let otto = world.stranger().await;
    let otto = world.browser(&otto).await;
    for door in guarded() {
        let (path, is_hers) = filled(&door, &keys);
        if is_hers {
            check(
                &door,
                &knock(&otto, &door, &path, &keys).await,
                &[StatusCode::NOT_FOUND],
                "another workspace",
            );
        } else if door.method == Method::GET && door.path != STREAM {
            let answer = otto.get(&path).await;
            assert!(!answer.text.contains(HERS), "{path}: another workspace read something of Ada's");
        }
    }
    let sessions = world.browser(&world.ada).await.get("/account").await.text;
    assert!(sessions.contains(&keys["sessions"]), "nobody else ended Ada's session");
}

#[tokio::test]
async fn who_sees_their_own_does_not_find_what_is_others() {
    let world = World::new().await;
    let keys = furnished(&world).await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let ben = world.browser(&ben).await;
    for door in guarded() {
        let (path, is_hers) = filled(&door, &keys);
        let owned = [
            "/companies/{",
            "/contacts/{",
            "/deals/{",
            "/activities/{",
            "/tasks/{",
            "/efforts/{",
            "/replies/{",
            "/concessions/{",
            "/offerings/{",
            "/client-links/{",
            "/files/{",
            "/client-questions/{",
            "/notices/{",
            "/history/{",
        ];
        if is_hers && owned.iter().any(|start| door.path.starts_with(start)) {
            check(&door, &knock(&ben, &door, &path, &keys).await, &[StatusCode::NOT_FOUND], "a colleague");
        }
    }
}

#[tokio::test]
async fn lower_roles_are_told_that_it_is_not_theirs() {
    let world = World::new().await;
    let keys = furnished(&world).await;
    for (role, right) in [
        (Role::Viewer, Right::Sell),
        (Role::Seller, Right::Manage),
        (Role::Manager, Right::Administer),
        (Role::Admin, Right::Own),
    ] {
        let member = world.member(&format!("A {}", role.label()), role, Sees::All).await;
        let browser = world.browser(&member).await;
        for door in guarded().iter().filter(|door| door.right >= Some(right)) {
            let (path, _) = filled(door, &keys);
            check(door, &knock(&browser, door, &path, &keys).await, &[StatusCode::FORBIDDEN], role.label());
        }
    }
}

#[tokio::test]
async fn who_was_asked_to_leave_is_out_at_once() {
    let world = World::new().await;
    let keys = furnished(&world).await;
    let mia = world.member("Mia Gone", Role::Owner, Sees::All).await;
    let browser = world.browser(&mia).await;
    assert!(browser.get("/account").await.status != StatusCode::SEE_OTHER, "she is in");
    let (act, id, now): (_, Id<Member>, _) = (world.act().await, mia.id, world.app.now());
    world
        .app
        .write(move |tx| {
            Box::pin(async move {
                change_member(tx, &act, id, None, |member| {
                    member.disabled_at = Some(now);
                    Ok(())
                })
                .await
            })
        })
        .await
        .unwrap();
    world.app.forget_seats();
    for door in guarded() {
        let (path, _) = filled(&door, &keys);
        let expected = [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED];
        let answer = knock(&browser, &door, &path, &keys).await;
        check(&door, &answer, &expected, "who was asked to leave");
        assert!(door.method == Method::POST || answer.leads_to().starts_with("/sign-in"));
    }
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let world = World::new().await;
    let (keys, ada) = (furnished(&world).await, world.browser(&world.ada).await);
    for door in doors().iter().filter(|door| door.method != Method::GET) {
        let path = if door.right.is_some() {
            filled(door, &keys).0
        } else {
            door.path.replace("{token}", "0").replace("{id}", "0")
        };
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")] {
            let request = Request::builder()
                .method(door.method.clone())
                .uri(&path)
                .header(name, value)
                .header("content-type", "application/x-www-form-urlencoded");
            let answer = ada.send(request, Body::from("version=1")).await;
            assert_eq!(
                answer.status,
                StatusCode::FORBIDDEN,
                "{} {} with {name}: {value}",
                door.method,
                door.path
            );
        }
    }
}
