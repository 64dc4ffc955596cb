//! Questions of a workspace's own: set up in the settings, answered by deals, learned from by the forecast.

use crate::world::{Answer as Page, Browser, World};
use axum::http::StatusCode;
use sameside::accounts::{Act, Role, Sees};
use sameside::base::{Currency, Date, Evidence, Id, Source};
use sameside::deals::{Deal, Stage, Standing};
use sameside::questions::actions::{self as questions, Said, Words};
use sameside::questions::{Level, Question};
use sameside::records::{self, Kept};
use sameside::work;

const ALL: &str = "/settings/questions";

/// Asks who on their side wants it; answers with the address of its page.
async fn champion(ada: &Browser) -> String {
    let form = [
        ("title", "Who of theirs wants it?"),
        ("levels", "Nobody\nOne who says so\n\nSeveral"),
        ("why", "Alone nobody changes anything."),
        ("how", "Ask who would miss it."),
    ];
    let done = ada.post(ALL, &form).await;
    assert_eq!(done.leads_to(), ALL, "{}", done.text);
    address(&ada.get(ALL).await, "href=\"/settings/questions/", "Who of theirs")
}

/// The address that begins so, whose link or form is followed by a text.
fn address(page: &Page, start: &str, text: &str) -> String {
    let before = page.text.split(text).next().unwrap_or_default();
    let found = before.rsplit(start).next().unwrap_or_default().split('"').next().unwrap_or_default();
    let prefix = start.split('"').nth(1).unwrap_or_default();
    format!("{prefix}{found}")
}

async fn deal(browser: &Browser, more: &[(&str, &str)]) -> String {
    let mut form = vec![("title", "Orders by page"), ("price", "12000")];
    form.extend(more);
    browser.post("/deals", &form).await.leads_to().to_owned()
}

/// The value of a choice on a page.
fn choice(page: &str, text: &str) -> String {
    let choices = page.split("class=\"choice\"><input type=\"radio\" name=\"level\" value=\"").skip(1);
    let found = choices.filter(|part| part.split('>').nth(1).is_some_and(|label| label.starts_with(text)));
    found.map(|part| part.split('"').next().unwrap().to_owned()).next().unwrap_or_else(|| panic!("{text}"))
}

fn id_of(address: &str) -> &str {
    address.rsplit('/').next().unwrap()
}

/// Undoes what the newest event of something did.
async fn undo(world: &World, browser: &Browser, id: &str) -> Page {
    let mut conn = world.app.read().await.unwrap();
    let id: uuid::Uuid = id.parse().unwrap();
    let events = sameside::history::of(&mut conn, &world.act().await.scope, id, None).await.unwrap();
    let newest = events.iter().find(|event| event.subject == id).unwrap().seq;
    drop(conn);
    browser.post(&format!("/history/{newest}/undo"), &[]).await
}

#[tokio::test]
async fn a_question_is_set_up_reworded_reordered_and_taken_away_with_a_way_back() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    assert!(ada.get(ALL).await.text.contains("Nothing yet. A good first one"));
    let question = champion(&ada).await;
    let page = ada.get(ALL).await.text;
    assert!(page.contains("Nobody · One who says so · Several · Unknown"), "{page}");
    for (form, says) in [
        ([("title", ""), ("levels", "a\nb")], "the question, as you say it"),
        ([("title", "Who of theirs WANTS it?"), ("levels", "a\nb")], "a question that is not asked already"),
        ([("title", "Alone?"), ("levels", "yes")], "2 to 12 answers"),
        ([("title", "Alone?"), ("levels", "yes\nYes")], "each answer once"),
        ([("title", "Alone?"), ("levels", "yes\nunknown")], "belongs to every question already"),
    ] {
        let again = ada.post(ALL, &form).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{says}");
        assert!(again.text.contains(says), "{says}: {}", again.text);
    }
    assert!(!ada.get(ALL).await.text.contains("Alone?"), "nothing is half saved");
    ada.post(ALL, &[("title", "Have they tried before?"), ("levels", "No\nYes")]).await;
    let order = async || {
        let page = ada.get(ALL).await.text;
        page.find("Have they tried").unwrap() < page.find("Who of theirs").unwrap()
    };
    assert!(!order().await);
    let moved = ada.post(&format!("{question}/place"), &[("way", "down")]).await;
    assert!(ada.get(moved.leads_to()).await.text.contains("autofocus"), "pressing it again is one key");
    assert!(order().await);
    // In other words, and seen by somebody else meanwhile.
    let words = [("title", "Who there wants it?"), ("version", "1")];
    assert_eq!(ada.post(&question, &words).await.status, StatusCode::CONFLICT, "it was moved meanwhile");
    ada.post(&question, &[("title", "Who there wants it?"), ("why", "So."), ("version", "2")]).await;
    assert!(ada.get(ALL).await.text.contains("Who there wants it?"));
    assert_eq!(undo(&world, &ada, id_of(&question)).await.status, StatusCode::SEE_OTHER);
    assert!(ada.get(ALL).await.text.contains("Who of theirs wants it?"));
    // Its answers to choose.
    ada.post(&format!("{question}/levels"), &[("name", "All")]).await;
    let page = ada.get(&question).await;
    let level = address(&page, "formaction=\"/settings/levels/", "/removal\" formnovalidate>Take it away");
    assert!(page.text.contains("<b>All</b>"));
    assert_eq!(ada.post(&level, &[("name", "Several")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ada.post(&level, &[("name", "x"), ("version", "9")]).await.status, StatusCode::CONFLICT);
    ada.post(&level, &[("name", "Not one"), ("version", "1")]).await;
    ada.post(&format!("{level}/place"), &[("way", "down")]).await;
    assert!(ada.get(ALL).await.text.contains("One who says so · Not one · Several · All · Unknown"));
    ada.post(&format!("{level}/removal"), &[]).await;
    assert!(ada.get(ALL).await.text.contains("One who says so · Several · All · Unknown"));
    ada.post(&format!("{level}/restoration"), &[]).await;
    assert!(ada.get(ALL).await.text.contains("Not one"));
    ada.post(&format!("{question}/removal"), &[]).await;
    assert!(ada.get(ALL).await.text.contains("Not asked any more"));
    assert_eq!(ada.get(&question).await.status, StatusCode::NOT_FOUND);
    // The same is asked anew: the old one waits.
    ada.post(ALL, &[("title", "Who of theirs wants it?"), ("levels", "a\nb")]).await;
    ada.post(&format!("{question}/restoration"), &[]).await;
    assert!(ada.get(ALL).await.text.contains("Not asked any more"), "two that say the same are not asked");
    let refused = undo(&world, &ada, id_of(&question)).await;
    assert!(refused.status.is_redirection() || refused.status.is_client_error(), "{}", refused.status);
    assert!(ada.get(ALL).await.text.contains("Not asked any more"), "nor by undoing");
}

#[tokio::test]
async fn there_are_as_many_questions_and_answers_as_can_be_asked_well() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let question = champion(&ada).await;
    for n in 4..=12 {
        ada.post(&format!("{question}/levels"), &[("name", &format!("Answer {n}"))]).await;
    }
    assert!(ada.get(&question).await.text.contains("There are 12 answers already"));
    ada.post(&format!("{question}/levels"), &[("name", "Answer 13")]).await;
    assert!(!ada.get(ALL).await.text.contains("Answer 13"));
    for n in 2..=24 {
        ada.post(ALL, &[("title", &format!("Question {n}?")), ("levels", "a\nb")]).await;
    }
    let page = ada.get(ALL).await.text;
    assert!(page.contains("24 of at most 24") && page.contains("There are 24 questions already"), "{page}");
    ada.post(ALL, &[("title", "Question 25?"), ("levels", "a\nb")]).await;
    assert!(!ada.get(ALL).await.text.contains("Question 25?"));
}

#[tokio::test]
async fn managers_set_questions_up_and_sellers_answer_them_where_they_may_see() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let question = champion(&ada).await;
    let greta = world.member("Greta Solheim", Role::Seller, Sees::Own).await;
    let viewer = world.member("Vera Look", Role::Viewer, Sees::All).await;
    let manager = world.member("Mo Farr", Role::Manager, Sees::All).await;
    let (greta, viewer, mo) =
        (world.browser(&greta).await, world.browser(&viewer).await, world.browser(&manager).await);
    assert_eq!(mo.get(ALL).await.status, StatusCode::OK);
    for browser in [&greta, &viewer] {
        assert_eq!(browser.get(ALL).await.status, StatusCode::FORBIDDEN);
        assert_eq!(browser.post(&format!("{question}/removal"), &[]).await.status, StatusCode::FORBIDDEN);
    }
    let hers = deal(&ada, &[("owner", &world.ada.id.to_string())]).await;
    let level = choice(&ada.get(&format!("{hers}/diagnosis")).await.text, "Several");
    let form = [("question", id_of(&question)), ("level", &level)];
    assert_eq!(greta.post(&format!("{hers}/questions"), &form).await.status, StatusCode::NOT_FOUND);
    assert_eq!(viewer.post(&format!("{hers}/questions"), &form).await.status, StatusCode::FORBIDDEN);
    let own = deal(&greta, &[]).await;
    let done = greta.post(&format!("{own}/questions"), &form).await;
    assert!(done.leads_to().starts_with(&format!("{own}/diagnosis")), "{}", done.text);
    assert!(!ada.get(&format!("{hers}/diagnosis")).await.text.contains("Each has its answer"));
}

#[tokio::test]
async fn a_deal_answers_with_evidence_and_the_answer_follows_what_its_level_is_called() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let question = champion(&ada).await;
    let deal = deal(&ada, &[]).await;
    let (sheet, to) = (format!("{deal}/diagnosis"), format!("{deal}/questions"));
    let page = ada.get(&sheet).await.text;
    for text in ["Our own questions", "One is unknown", "Ask who would miss it.", "They do not know"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let one = choice(&page, "One who says so");
    let said = [
        ("question", id_of(&question)),
        ("level", &one),
        ("said_evidence", "client_said"),
        ("said_by", "Maria"),
        ("said_on", "2026-11-20"),
        ("note", "Rui would miss it"),
    ];
    let done = ada.post(&to, &said).await;
    assert!(done.leads_to().ends_with("#own"), "{}", done.text);
    let page = ada.get(&sheet).await.text;
    for text in ["One who says so <span", "Maria said, 20 Nov 2026", "Rui would miss it", "Each has its"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let history = ada.get(&deal).await.text;
    assert!(history.contains("wrote down the answer to") && history.contains("Who of theirs wants it?"));
    assert!(!history.to_lowercase().contains("trail"), "what only the forecast reads is not told");
    // The level is called otherwise, and taken away: the answer stays, in its words of now.
    let level = format!("/settings/levels/{one}");
    ada.post(&level, &[("name", "One champion"), ("version", "1")]).await;
    assert!(ada.get(&sheet).await.text.contains("One champion <span"));
    ada.post(&format!("{level}/removal"), &[]).await;
    let page = ada.get(&sheet).await.text;
    assert!(page.contains("One champion <span") && page.contains("One champion (as before)"), "{page}");
    let again = [("question", id_of(&question)), ("level", &one), ("note", "She said it again")];
    ada.post(&to, &again).await;
    assert!(ada.get(&sheet).await.text.contains("She said it again"));
    // They do not know; and nobody knows whether they do.
    let stale = [("question", id_of(&question)), ("level", "not_known"), ("version", "1")];
    assert_eq!(ada.post(&to, &stale).await.status, StatusCode::CONFLICT);
    ada.post(&to, &[("question", id_of(&question)), ("level", "not_known")]).await;
    assert!(ada.get(&sheet).await.text.contains("<small>They do not know <span"));
    let refused = ada.post(&to, &[("question", id_of(&question)), ("level", &one)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "it cannot be chosen any more");
    ada.post(&to, &[("question", id_of(&question)), ("level", "unknown")]).await;
    assert!(ada.get(&sheet).await.text.contains("<small class=\"quiet\">Unknown</small>"));
    let none = ada.post(&to, &[("question", id_of(&question))]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("one of the answers"), "{}", none.text);
    // Undone, it is what they said before.
    let answer = ada_answer(&world).await;
    assert_eq!(undo(&world, &ada, &answer).await.status, StatusCode::SEE_OTHER);
    assert!(ada.get(&sheet).await.text.contains("<small>They do not know <span"));
    // Removed, a question keeps its answers.
    ada.post(&format!("{question}/removal"), &[]).await;
    assert!(!ada.get(&sheet).await.text.contains("Our own questions"));
    assert_eq!(ada.post(&to, &stale).await.status, StatusCode::NOT_FOUND);
    ada.post(&format!("{question}/restoration"), &[]).await;
    assert!(ada.get(&sheet).await.text.contains("<small>They do not know <span"));
}

async fn ada_answer(world: &World) -> String {
    let mut conn = world.app.read().await.unwrap();
    let sql = db::Sql::fixed("select id from answer");
    conn.first::<(Id<Deal>,)>(sql, vec![]).await.unwrap().unwrap().0.to_string()
}

#[tokio::test]
async fn an_answer_taken_back_is_given_anew() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let question = champion(&ada).await;
    let deal = deal(&ada, &[]).await;
    let (sheet, to) = (format!("{deal}/diagnosis"), format!("{deal}/questions"));
    let several = choice(&ada.get(&sheet).await.text, "Several");
    let form = [("question", id_of(&question)), ("level", &several)];
    ada.post(&to, &form).await;
    undo(&world, &ada, &ada_answer(&world).await).await;
    assert!(ada.get(&sheet).await.text.contains("One is unknown"));
    assert_eq!(ada.post(&to, &form).await.status, StatusCode::SEE_OTHER);
    assert!(ada.get(&sheet).await.text.contains("Several <span"));
}

#[tokio::test]
async fn one_question_at_a_time_asks_our_own_after_those_of_the_diagnosis() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let question = champion(&ada).await;
    let deal = deal(&ada, &[]).await;
    let next = format!("{deal}/diagnosis/next");
    assert!(!ada.get(&next).await.text.contains("Who of theirs wants it?"));
    let mut at = next.clone();
    for _ in 0..30 {
        let page = ada.get(&at).await.text;
        if page.contains("<h1>Who of theirs wants it?</h1>") || page.contains("Nothing more to ask") {
            break;
        }
        let skip = page.split("href=\"").find(|part| part.contains(">Skip it<")).unwrap();
        at = skip.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    }
    let page = ada.get(&at).await.text;
    for text in ["Who of theirs wants it?", "Alone nobody changes anything.", "Ask who would miss it."] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let form = [("at", id_of(&question)), ("past", ""), ("unknown", "yes")];
    assert!(ada.post(&next, &form).await.leads_to().contains(id_of(&question)));
    assert!(ada.get(&format!("{deal}/diagnosis")).await.text.contains("<small>They do not know <span"));
    let several = choice(&page, "Several");
    let form = [("at", id_of(&question)), ("past", ""), ("level", &several)];
    ada.post(&next, &form).await;
    assert!(ada.get(&format!("{deal}/diagnosis")).await.text.contains("Several <span"));
    let strange = ada.get(&format!("{next}?at={}", Id::<Question>::of(uuid::Uuid::nil()))).await;
    assert_eq!(strange.status, StatusCode::OK, "a question that is not there is gone past");
}

/// Ended deals, and what they answered on the day they began to a question that tells them apart, and to one that does not.
async fn past(world: &World, count: usize) -> [Id<Question>; 2] {
    let (now, today) = (world.app.now(), world.app.now().day(&jiff::tz::TimeZone::UTC));
    let (stage, act) = (stage(world).await, world.act().await);
    world
        .app
        .write(move |tx| {
            Box::pin(async move {
                let mut asked = Vec::new();
                for title in ["Is it raining?", "Who of theirs wants it?"] {
                    let words = Words { title: title.into(), why: None, how: None };
                    let levels = ["Nobody", "Several"].map(str::to_owned).to_vec();
                    asked.push(questions::add(tx, &act, words, levels).await?.id);
                }
                for n in 0..count {
                    let days = 60 + i64::try_from(n % 300).unwrap();
                    let began = today.plus_days(-days);
                    let mut deal = Deal::named(format!("Deal {n}"), &stage, Currency::EUR, now, began);
                    deal.price_minor = Some(1_000_000);
                    let wanted = n % 2 == 0;
                    let ended = began.plus_days(30);
                    deal.closed_on = Some(ended);
                    // Wanted, eight of ten are agreed; unwanted, two of ten.
                    if (n / 2 % 10 < 8) == wanted {
                        (deal.standing, deal.agreed_on) = (Standing::Agreed, Some(ended));
                    } else {
                        (deal.standing, deal.reason) = (Standing::Declined, Some("Not now.".into()));
                    }
                    let deal = records::create(tx, &act, deal).await?;
                    let then = Act { now: now.plus_days(-days), ..act.clone() };
                    say(tx, &then, deal.id, asked[0], n / 3 % 2).await?;
                    say(tx, &then, deal.id, asked[1], usize::from(wanted)).await?;
                }
                Ok([asked[0], asked[1]])
            })
        })
        .await
        .unwrap()
}

/// Answers with one of the levels, by its place.
async fn say(
    tx: &mut db::Tx,
    act: &Act,
    deal: Id<Deal>,
    question: Id<Question>,
    level: usize,
) -> sameside::error::Result<()> {
    let sql = db::Sql::fixed("select id from level where question_id = $1 order by position");
    let levels = tx.all::<(Id<Level>,)>(sql, vec![question.into()]).await?;
    let evidence = Evidence { source: Source::ClientSaid, by: None, on: None, note: None };
    let said = Said::Level(levels[level].0);
    questions::answer(tx, act, deal, (question, None), said, evidence).await.map(drop)
}

async fn stage(world: &World) -> Kept<Stage> {
    let mut conn = world.app.read().await.unwrap();
    let sql = db::Sql::fixed("select id from stage where phase = 'hear' order by position limit 1");
    let (id,) = conn.first::<(Id<Stage>,)>(sql, vec![]).await.unwrap().unwrap();
    records::get(&mut conn, &world.act().await.scope, id).await.unwrap()
}

/// The chance that an open deal is agreed.
async fn chance(world: &World, deal: Id<Deal>) -> f64 {
    let act = world.act().await;
    let mut conn = world.app.read().await.unwrap();
    let kept = records::get(&mut conn, &act.scope, deal).await.unwrap();
    let told =
        sameside::assessment::actions::of_deal(&mut conn, act.scope.workspace(), &kept, world.app.now());
    let told = told.await.unwrap().unwrap();
    told.basis.line(sameside::diagnosis::Parameter::Win).unwrap().range.likely()
}

#[tokio::test]
async fn answers_that_tell_deals_apart_are_looked_at_and_change_the_chance() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let [rain, wanted] = past(&world, 300).await;
    let (act, stage, now) = (world.act().await, stage(&world).await, world.app.now());
    let began: Date = now.day(&jiff::tz::TimeZone::UTC).plus_days(-5);
    let mut open = Deal::named("Now", &stage, Currency::EUR, now, began);
    open.price_minor = Some(1_000_000);
    let made = act.clone();
    let open = world
        .app
        .write(move |tx| Box::pin(async move { records::create(tx, &made, open).await }))
        .await
        .unwrap();
    assert_eq!(work::look_at_the_day(&world.app).await.unwrap(), 1);
    work::drain(&world.app).await.unwrap();
    let page = ada.get("/deals/forecast").await.text;
    assert!(page.contains("<li>Who of theirs wants it?</li>"), "{page}");
    let unknown = chance(&world, open.id).await;
    assert!((0.35..0.65).contains(&unknown), "{unknown}");
    // It is asked first of our own, though it stands last.
    let next = format!("/deals/{}/diagnosis/next", open.id);
    let past = "goal,problem_cost,limits,decider,wants";
    let mut at = format!("{next}?past={past}");
    for _ in 0..20 {
        let page = ada.get(&at).await.text;
        if page.contains("<h1>Who of theirs wants it?</h1>") {
            assert!(page.contains("would sharpen the chance"), "{page}");
            break;
        }
        assert!(!page.contains("<h1>Is it raining?</h1>"), "what tells less is asked later");
        let skip = page.split("href=\"").find(|part| part.contains(">Skip it<")).unwrap();
        at = skip.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    }
    assert!(ada.get(&at).await.text.contains("<h1>Who of theirs wants it?</h1>"));
    let mut said = Vec::new();
    for level in [0, 1] {
        let (act, id) = (act.clone(), open.id);
        world
            .app
            .write(move |tx| Box::pin(async move { say(tx, &act, id, wanted, level).await }))
            .await
            .unwrap();
        work::drain(&world.app).await.unwrap();
        said.push(chance(&world, open.id).await);
    }
    assert!(said[0] < unknown - 0.1 && said[1] > unknown + 0.1, "{unknown}, then {said:?}");
    // Called otherwise, it counts as before; removed, it does not count.
    ada.post(&format!("{ALL}/{wanted}"), &[("title", "Who there wants it?")]).await;
    let refresh = async || {
        let (act, id) = (world.act().await, open.id);
        let refresh = sameside::assessment::actions::refresh;
        world.app.write(move |tx| Box::pin(async move { refresh(tx, &act, id).await })).await.unwrap();
        chance(&world, open.id).await
    };
    assert!((refresh().await - said[1]).abs() < 0.02);
    ada.post(&format!("{ALL}/{wanted}/removal"), &[]).await;
    assert!((refresh().await - unknown).abs() < 0.1);
    assert_ne!(rain, wanted);
}

#[tokio::test]
async fn two_who_answer_a_question_in_the_same_moment_are_both_heard() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let bo = world.browser(&world.ada).await;
    let question = champion(&ada).await;
    let deal = deal(&ada, &[]).await;
    let to = format!("{deal}/questions");
    let page = ada.get(&format!("{deal}/diagnosis")).await.text;
    let (one, several) = (choice(&page, "One who says so"), choice(&page, "Several"));
    for _ in 0..3 {
        let first = [("question", id_of(&question)), ("level", one.as_str())];
        let second = [("question", id_of(&question)), ("level", several.as_str())];
        let (first, second) = tokio::join!(ada.post(&to, &first), bo.post(&to, &second));
        assert_eq!(
            (first.status, second.status),
            (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER),
            "{}",
            second.text
        );
    }
    let page = ada.get(&format!("{deal}/diagnosis")).await.text;
    assert!(page.contains("One who says so <span") || page.contains("Several <span"), "{page}");
}
