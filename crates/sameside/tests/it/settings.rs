//! The settings: of the workspace, of pipelines and their stages, of failed jobs.

use crate::world::{Answer, Browser, World};
use axum::http::StatusCode;
use sameside::accounts::{Act, Role, Sees, Via};
use sameside::base::Id;
use sameside::deals::{Deal, Phase, Pipeline, Stage};
use sameside::records::{self, Kept};
use sameside::{jobs, work};

const WORKSPACE: [(&str, &str); 8] = [
    ("name", "Fieldwork Software"),
    ("currency", "EUR"),
    ("time_zone", "Europe/Lisbon"),
    ("locale", "en-GB"),
    ("hour_value", "60"),
    ("client_floor", "70"),
    ("company_floor", "70"),
    ("client_weight", "1"),
];

fn with<'v>(form: &[(&'v str, &'v str)], field: &str, value: &'v str) -> Vec<(&'v str, &'v str)> {
    form.iter().map(|(name, old)| (*name, if *name == field { value } else { *old })).collect()
}

/// What stands after a mark in a page, up to the next quote, every time.
fn after(page: &Answer, mark: &str) -> Vec<String> {
    let parts = page.text.split(mark).skip(1);
    parts.map(|part| part.split('"').next().unwrap_or_default().to_owned()).collect()
}

/// The stages of the list page in their order: id and name.
async fn stages(browser: &Browser) -> Vec<(Id<Stage>, String)> {
    let page = browser.get("/settings/pipelines").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let parts = page.text.split("<a href=\"/settings/stages/").skip(1);
    let one = |part: &str| {
        let (id, rest) = part.split_once("\">").unwrap();
        (id.parse().unwrap(), rest.split('<').next().unwrap_or_default().to_owned())
    };
    parts.map(one).collect()
}

async fn names(browser: &Browser) -> Vec<String> {
    stages(browser).await.into_iter().map(|(_, name)| name).collect()
}

async fn stage(browser: &Browser, name: &str) -> String {
    let found = stages(browser).await.into_iter().find(|(_, other)| other == name);
    format!("/settings/stages/{}", found.unwrap_or_else(|| panic!("a stage {name}")).0)
}

fn id_in(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

async fn deal(world: &World, browser: &Browser, title: &str) -> Kept<Deal> {
    let answer = browser.post("/deals", &[("title", title), ("price", ""), ("horizon_months", "12")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let id = id_in(answer.leads_to().split('?').next().unwrap()).parse().unwrap();
    kept(world, id).await
}

async fn kept(world: &World, id: Id<Deal>) -> Kept<Deal> {
    let act = world.act().await;
    records::get(&mut world.app.read().await.unwrap(), &act.scope, id).await.unwrap()
}

#[tokio::test]
async fn the_workspace_is_changed_and_every_page_follows_at_once() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = ada.get("/settings").await;
    assert!(page.text.contains("value=\"60\"") && page.text.contains("value=\"70\""), "{}", page.text);
    let form = [
        ("name", "Fieldwork"),
        ("currency", "USD"),
        ("time_zone", "America/New_York"),
        ("locale", "de"),
        ("hour_value", "1.250,50"),
        ("client_floor", "80,5"),
        ("company_floor", "65"),
        ("client_weight", "2"),
        ("version", "1"),
    ];
    assert_eq!(ada.post("/settings", &form).await.leads_to(), "/settings");
    let page = ada.get("/settings").await;
    for kept in
        ["value=\"Fieldwork\"", "value=\"1250.50\"", "value=\"80.5\"", "value=\"65\"", "value=\"2\"", "$"]
    {
        assert!(page.text.contains(kept), "{kept}: {}", page.text);
    }
    assert!(page.text.contains("<small>Fieldwork</small>"), "the frame of the page says it too");
    assert!(ada.get("/account").await.text.contains("22. Nov. 2026, 07:00"), "zone and language as well");
}

#[tokio::test]
async fn settings_that_need_mending_say_where() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    for (field, value, says) in [
        ("name", "", "what your company is called"),
        ("currency", "XQQ", "one of the choices"),
        ("time_zone", "Mars/Olympus", "a time zone such as"),
        ("locale", "tlh", "one of the choices"),
        ("hour_value", "much", "an amount such as 1200"),
        ("hour_value", "-5", "an amount from 0"),
        ("client_floor", "170", "a share from 0 to 100%"),
        ("company_floor", "NaN", "a number, not"),
        ("client_weight", "-1", "a weight from 0"),
    ] {
        let answer = ada.post("/settings", &with(&WORKSPACE, field, value)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        assert!(answer.text.contains(says), "{field} {value}: {}", answer.text);
        assert!(answer.text.contains(&format!("id=\"{field}-error\"")), "{field}");
    }
}

#[tokio::test]
async fn two_admins_changing_the_workspace_see_each_others_words() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let versioned = |name| {
        let mut form = with(&WORKSPACE, "name", name);
        form.push(("version", "1"));
        form
    };
    assert_eq!(ada.post("/settings", &versioned("First")).await.status, StatusCode::SEE_OTHER);
    let second = ada.post("/settings", &versioned("Second")).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.text.contains("<del>First</del> <ins>Second</ins>"), "{}", second.text);
    assert!(second.text.contains("name=\"version\" value=\"2\""));
    assert!(ada.get("/settings").await.text.contains("value=\"First\""));
}

#[tokio::test]
async fn what_a_good_deal_is_is_judged_anew_when_it_changes() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    work::drain(&world.app).await.unwrap();
    ada.post("/settings", &with(&WORKSPACE, "name", "Fieldwork")).await;
    assert_eq!(work::drain(&world.app).await.unwrap(), 0, "a name changes no verdict");
    ada.post("/settings", &with(&WORKSPACE, "client_floor", "90")).await;
    assert!(work::drain(&world.app).await.unwrap() > 0);
    assert!(ada.get("/settings/jobs").await.text.contains("Nothing failed"));
}

#[tokio::test]
async fn managers_arrange_pipelines_and_nothing_else_and_sellers_not_even_that() {
    let world = World::new().await;
    let mara = world.member("Mara Silva", Role::Manager, Sees::All).await;
    let sam = world.member("Sam Ito", Role::Seller, Sees::All).await;
    let (mara, sam) = (world.browser(&mara).await, world.browser(&sam).await);
    assert_eq!(mara.get("/settings").await.leads_to(), "/settings/pipelines");
    let page = mara.get("/settings/pipelines").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("/settings/members"), "no way is shown that is closed");
    let hear = stage(&mara, "Hear").await;
    let answer = mara.post(&hear, &[("name", "Listen"), ("phase", "hear")]).await;
    assert_eq!(answer.leads_to(), "/settings/pipelines");
    assert_eq!(mara.post("/settings", &WORKSPACE).await.status, StatusCode::FORBIDDEN);
    assert_eq!(mara.get("/settings/jobs").await.status, StatusCode::FORBIDDEN);
    for path in ["/settings", "/settings/pipelines", &hear, "/settings/jobs"] {
        assert_eq!(sam.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in [&hear, &format!("{hear}/removal"), &format!("{hear}/place"), "/settings/pipelines"] {
        assert_eq!(sam.post(path, &[("name", "x")]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_stage_is_added_where_its_phase_is_renamed_and_moved_with_two_keys() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let page = ada.get("/settings/pipelines").await;
    let pipeline = after(&page, "<a href=\"/settings/pipelines/")[0].clone();
    let add = format!("/settings/pipelines/{pipeline}/stages");
    assert_eq!(ada.post(&add, &[("name", "Second call"), ("phase", "diagnose")]).await.status, 303);
    let all = ["Hear", "Diagnose", "Second call", "Propose", "Agree", "Deliver", "Verify"];
    assert_eq!(names(&ada).await, all);
    for (name, phase, says) in [
        ("", "hear", "what this step is called"),
        ("HEAR", "hear", "a name that no other stage of this pipeline has"),
        ("Call", "sing", "one of the choices"),
        ("Call", "", "what it means"),
    ] {
        let answer = ada.post(&add, &[("name", name), ("phase", phase)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {phase}");
        assert!(answer.text.contains(says), "{says}: {}", answer.text);
    }
    let second = stage(&ada, "Second call").await;
    let up = ada.post(&format!("{second}/place"), &[("way", "up")]).await;
    assert_eq!(names(&ada).await[..3], ["Hear", "Second call", "Diagnose"]);
    let page = ada.get(up.leads_to()).await;
    assert!(page.text.contains("value=\"up\" autofocus"), "the same key moves it once more");
    let up = ada.post(&format!("{second}/place"), &[("way", "up")]).await;
    let page = ada.get(up.leads_to()).await;
    assert!(page.text.contains("value=\"down\" autofocus"), "at the end the other button has the focus");
    ada.post(&format!("{second}/place"), &[("way", "up")]).await;
    assert_eq!(names(&ada).await[..3], ["Second call", "Hear", "Diagnose"], "at the end it stays");
    let answer = ada.post(&format!("{second}/place"), &[("way", "sideways")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ada.post(&second, &[("name", "First call"), ("phase", "hear")]).await.status, 303);
    assert_eq!(names(&ada).await[..2], ["First call", "Hear"]);
}

#[tokio::test]
async fn a_stage_that_comes_to_mean_something_else_takes_its_deals_along() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let open = deal(&world, &ada, "Online ordering").await;
    assert_eq!(open.phase, Phase::Hear);
    let hear = stage(&ada, "Hear").await;
    assert_eq!(ada.post(&hear, &[("name", "Hear"), ("phase", "deliver")]).await.status, 303);
    let now = kept(&world, open.id).await;
    assert_eq!((now.phase, now.stage_id), (Phase::Deliver, open.stage_id));
    assert!(now.agreed_on.is_some(), "what is delivered was agreed");
    let act = world.act().await;
    let mut conn = world.app.read().await.unwrap();
    let events = sameside::history::of(&mut conn, &act.scope, open.id.uuid(), None).await.unwrap();
    assert!(events[0].changes.iter().any(|(field, ..)| field == "phase"), "and its history says so");
}

#[tokio::test]
async fn a_stage_with_deals_is_removed_only_with_a_place_for_them() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let one = deal(&world, &ada, "Online ordering").await;
    let (hear, diagnose) = (stage(&ada, "Hear").await, stage(&ada, "Diagnose").await);
    assert!(ada.get(&hear).await.text.contains("It holds 1 deal."));
    let removal = format!("{hear}/removal");
    for to in ["", id_in(&hear), "0190b6f0-0000-7000-8000-000000000000", "nowhere"] {
        let answer = ada.post(&removal, &[("to", to)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{to}");
        assert!(answer.text.contains("id=\"to-error\""), "{to}: {}", answer.text);
    }
    assert_eq!(kept(&world, one.id).await.it, one.it, "nothing happened to it");
    assert_eq!(ada.post(&removal, &[("to", id_in(&diagnose))]).await.leads_to(), "/settings/pipelines");
    let now = kept(&world, one.id).await;
    assert_eq!((now.stage_id.to_string().as_str(), now.phase), (id_in(&diagnose), Phase::Diagnose));
    assert_eq!(ada.get(&hear).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ada.post(&format!("{hear}/restoration"), &[]).await.status, 303);
    assert_eq!(names(&ada).await[0], "Hear");
}

#[tokio::test]
async fn a_pipeline_keeps_a_stage_and_a_workspace_keeps_a_pipeline() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let pipeline = after(&ada.get("/settings/pipelines").await, "<a href=\"/settings/pipelines/")[0].clone();
    let at = format!("/settings/pipelines/{pipeline}");
    assert_eq!(ada.post(&format!("{at}/removal"), &[]).await.leads_to(), at, "it is the only one");
    let all = stages(&ada).await;
    for (id, _) in all.iter().skip(1) {
        let answer = ada.post(&format!("/settings/stages/{id}/removal"), &[]).await;
        assert_eq!(answer.leads_to(), "/settings/pipelines", "{}", answer.text);
    }
    let last = format!("/settings/stages/{}", all[0].0);
    assert!(ada.get(&last).await.text.contains("It is the last stage of its pipeline"));
    assert_eq!(ada.post(&format!("{last}/removal"), &[]).await.leads_to(), last);
    assert_eq!(names(&ada).await, ["Hear"]);
}

#[tokio::test]
async fn a_pipeline_is_added_renamed_moved_removed_with_its_deals_elsewhere_and_restored() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let ids = async || after(&ada.get("/settings/pipelines").await, "<a href=\"/settings/pipelines/");
    let first = ids().await[0].clone();
    assert_eq!(ada.post("/settings/pipelines", &[("name", "Renewals")]).await.status, 303);
    for (name, says) in [("", "a name, such as"), ("renewals", "a name that no other pipeline has")] {
        let answer = ada.post("/settings/pipelines", &[("name", name)]).await;
        assert!(answer.text.contains(says), "{}", answer.text);
    }
    let both = ids().await;
    assert_eq!((both.len(), names(&ada).await.len()), (2, 12));
    let second = format!("/settings/pipelines/{}", both[1]);
    ada.post(&format!("{second}/place"), &[("way", "up")]).await;
    assert_eq!(ids().await, [both[1].clone(), first.clone()]);
    let moved = deal(&world, &ada, "Renew the shop").await;
    assert_eq!(moved.pipeline_id.to_string(), both[1], "deals begin in the first pipeline");
    assert_eq!(ada.post(&second, &[("name", "Renewed")]).await.leads_to(), "/settings/pipelines");
    let refused = ada.post(&format!("{second}/removal"), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("to which its deals go: it holds 1 deal"), "{}", refused.text);
    let removed = ada.post(&format!("{second}/removal"), &[("to", &first)]).await;
    assert_eq!(removed.leads_to(), "/settings/pipelines", "{}", removed.text);
    let now = kept(&world, moved.id).await;
    assert_eq!((now.pipeline_id.to_string(), now.phase), (first.clone(), Phase::Hear));
    assert_eq!((ids().await.len(), names(&ada).await.len()), (1, 6));
    ada.post(&format!("{second}/restoration"), &[]).await;
    assert_eq!((ids().await.len(), names(&ada).await.len()), (2, 12), "it comes back with its stages");
}

#[tokio::test]
async fn pipelines_of_another_workspace_are_not_found() {
    let world = World::new().await;
    let otto = world.stranger().await;
    let (ada, otto) = (world.browser(&world.ada).await, world.browser(&otto).await);
    let theirs = stage(&otto, "Hear").await;
    let pipeline = after(&otto.get("/settings/pipelines").await, "<a href=\"/settings/pipelines/")[0].clone();
    let pipeline = format!("/settings/pipelines/{pipeline}");
    for path in [&theirs, &pipeline] {
        assert_eq!(ada.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        for (rest, form) in [
            ("", [("name", "Mine"), ("phase", "hear")]),
            ("/place", [("way", "down"), ("x", "")]),
            ("/removal", [("to", ""), ("x", "")]),
            ("/restoration", [("x", ""), ("y", "")]),
        ] {
            let answer = ada.post(&format!("{path}{rest}"), &form).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}{rest}: {}", answer.text);
        }
    }
    let form = [("name", "Mine"), ("phase", "hear")];
    assert_eq!(ada.post(&format!("{pipeline}/stages"), &form).await.status, StatusCode::NOT_FOUND);
    let own = deal(&world, &ada, "Online ordering").await;
    let answer =
        ada.post(&format!("/settings/stages/{}/removal", own.stage_id), &[("to", id_in(&theirs))]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "deals do not leave the workspace");
    assert_eq!(names(&otto).await.len(), 6);
}

#[tokio::test]
async fn an_undone_change_of_a_stage_never_leaves_a_deal_standing_nowhere() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let open = deal(&world, &ada, "Online ordering").await;
    let act = world.act().await;
    let mut conn = world.app.read().await.unwrap();
    let events = sameside::history::of(&mut conn, &act.scope, open.stage_id.uuid(), None).await.unwrap();
    let seq = events.last().unwrap().seq;
    drop(conn);
    let answer = ada.post(&format!("/history/{seq}/undo"), &[("back", "/settings/pipelines")]).await;
    let said = answer.cookie("sameside_flash").unwrap();
    assert!(said.contains("This%2520stage%2520holds%25201%2520deal"), "{said}");
    assert_eq!(names(&ada).await[0], "Hear");
    let hear = stage(&ada, "Hear").await;
    ada.post(&hear, &[("name", "Hear"), ("phase", "deliver")]).await;
    assert_eq!(kept(&world, open.id).await.phase, Phase::Deliver);
    let mut conn = world.app.read().await.unwrap();
    let events = sameside::history::of(&mut conn, &act.scope, open.stage_id.uuid(), None).await.unwrap();
    drop(conn);
    let changed = events.iter().find(|event| event.changes.iter().any(|(field, ..)| field == "phase"));
    let seq = changed.unwrap().seq;
    ada.post(&format!("/history/{seq}/undo"), &[("back", "/settings/pipelines")]).await;
    assert_eq!(kept(&world, open.id).await.phase, Phase::Hear, "its deals follow it back");
}

#[tokio::test]
async fn a_change_of_the_workspace_is_in_the_history_and_can_be_undone() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    ada.post("/settings", &with(&WORKSPACE, "client_floor", "90")).await;
    let page = ada.get("/history").await;
    assert!(page.text.contains("They must be better off in at least"), "{}", page.text);
    let undo = format!("/history/{}", after(&page, "action=\"/history/")[0]);
    ada.post(&undo, &[]).await;
    assert!(!ada.get("/settings").await.text.contains("name=\"client_floor\" value=\"90\""));
    let vera = world.member("Vera Sousa", Role::Viewer, Sees::All).await;
    assert_eq!(world.browser(&vera).await.post(&undo, &[]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_undone_change_of_a_member_keeps_the_rules_of_members() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Owner, Sees::All).await;
    let ada = world.browser(&world.ada).await;
    let suspension = format!("/settings/members/{}/suspension", world.ada.id);
    let ben_at_work = world.browser(&ben).await;
    assert_eq!(ben_at_work.post(&suspension, &[]).await.leads_to(), "/settings/members");
    let readmission = format!("/settings/members/{}/readmission", world.ada.id);
    ben_at_work.post(&readmission, &[]).await;
    assert_eq!(ada.get("/account").await.status, StatusCode::SEE_OTHER, "her sessions ended");
    let act = world.act().await;
    let mut conn = world.app.read().await.unwrap();
    let events = sameside::history::of(&mut conn, &act.scope, world.ada.id.uuid(), None).await.unwrap();
    drop(conn);
    let again = world.browser(&world.ada).await;
    let undo = format!("/history/{}/undo", events[0].seq);
    ben_at_work.post(&undo, &[("back", "/history")]).await;
    assert_eq!(again.get("/account").await.status, StatusCode::SEE_OTHER, "out at once, by undo too");
    let mut conn = world.app.read().await.unwrap();
    let made = sameside::history::of(&mut conn, &act.scope, ben.id.uuid(), None).await.unwrap();
    drop(conn);
    let undo = format!("/history/{}/undo", made.last().unwrap().seq);
    let answer = ben_at_work.post(&undo, &[("back", "/history")]).await;
    let said = answer.cookie("sameside_flash").unwrap();
    assert!(
        said.contains("A%2520workspace%2520needs%2520an%2520owner"),
        "the last owner is not undone: {said}"
    );
    assert_eq!(ben_at_work.get("/account").await.status, StatusCode::OK);
}

/// Lets a job fail that nobody knows how to do.
async fn fail(world: &World, act: Act, key: &str) {
    let key = key.to_owned();
    world
        .app
        .write(move |tx| Box::pin(async move { jobs::later(tx, &act, "sing", &key, "{}").await }))
        .await
        .unwrap();
    work::drain(&world.app).await.unwrap();
}

#[tokio::test]
async fn a_failed_job_is_shown_with_its_reason_tried_again_or_let_go() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    fail(&world, world.act().await, "a song").await;
    let page = ada.get("/settings/jobs").await;
    assert!(page.text.contains("nobody knows how to do &#34;sing&#34;"), "{}", page.text);
    let ids = async || after(&ada.get("/settings/jobs").await, "action=\"/settings/jobs/");
    let again = format!("/settings/jobs/{}", ids().await[1]);
    assert_eq!(ada.post(&again, &[]).await.leads_to(), "/settings/jobs");
    assert!(ada.get("/settings/jobs").await.text.contains("Nothing failed"), "it waits for its turn");
    assert_eq!(ada.post(&again, &[]).await.status, StatusCode::NOT_FOUND, "it is among the failed no more");
    work::drain(&world.app).await.unwrap();
    fail(&world, world.act().await, "another song").await;
    assert_eq!(ids().await.len(), 5, "both are there: two buttons each, and one for all");
    let all = ada.post("/settings/jobs/attempts", &[]).await;
    assert!(all.cookie("sameside_flash").unwrap().contains("2%2520jobs%2520are"), "{all:?}");
    work::drain(&world.app).await.unwrap();
    for at in ids().await.iter().filter(|at| at.ends_with("/removal")) {
        ada.post(&format!("/settings/jobs/{at}"), &[]).await;
    }
    assert!(ada.get("/settings/jobs").await.text.contains("Nothing failed"));
    assert_eq!(work::drain(&world.app).await.unwrap(), 0, "what was let go is not done");
}

#[tokio::test]
async fn failed_jobs_of_another_workspace_are_neither_shown_nor_touched() {
    let world = World::new().await;
    let otto = world.stranger().await;
    let act = Act::new(world.act_as(&otto).await.scope, world.app.now(), Via::Page);
    fail(&world, act, "a song").await;
    let (ada, otto) = (world.browser(&world.ada).await, world.browser(&otto).await);
    assert!(ada.get("/settings/jobs").await.text.contains("Nothing failed"));
    for at in after(&otto.get("/settings/jobs").await, "action=\"/settings/jobs/") {
        ada.post(&format!("/settings/jobs/{at}"), &[]).await;
    }
    assert!(otto.get("/settings/jobs").await.text.contains("nobody knows"), "it is still among the failed");
}

#[tokio::test]
async fn a_pipeline_changed_by_two_shows_both() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let hear = stage(&ada, "Hear").await;
    let form = |name| [("name", name), ("phase", "hear"), ("version", "1")];
    assert_eq!(ada.post(&hear, &form("Listen")).await.status, 303);
    let second = ada.post(&hear, &form("Ask")).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.text.contains("<del>Listen</del> <ins>Ask</ins>"), "{}", second.text);
    let at = after(&ada.get("/settings/pipelines").await, "<a href=\"/settings/pipelines/")[0].clone();
    let id: Id<Pipeline> = at.parse().unwrap();
    let at = format!("/settings/pipelines/{id}");
    let form = |name| [("name", name), ("version", "1")];
    assert_eq!(ada.post(&at, &form("New clients")).await.status, 303);
    assert_eq!(ada.post(&at, &form("Sales")).await.status, StatusCode::CONFLICT);
}
