//! Outcomes: what is to change, what became of it, how glad they are, and what that teaches.

use crate::world::{Browser, World};
use sameside::accounts::{Role, Sees};
use sameside::assessment;
use sameside::base::Id;
use sameside::deals::{Deal, Standing};
use sameside::diagnosis::Parameter;
use sameside::records::{self, Kept};
use sameside::work;

/// Makes a deal with a product and answers with its path; `stage` says in which phase.
async fn deal(world: &World, browser: &Browser, title: &str, product: Option<&str>, stage: &str) -> String {
    let mut conn = world.app.read().await.unwrap();
    let sql =
        db::Sql::built(format!("select id from stage where phase = '{stage}' order by position limit 1"));
    let (stage,) = conn.first::<(Id<sameside::deals::Stage>,)>(sql, vec![]).await.unwrap().unwrap();
    drop(conn);
    let (stage, owner) = (stage.to_string(), world.ada.id.to_string());
    let mut form = vec![
        ("title", title),
        ("price", "12000"),
        ("company", "Aster Bakery"),
        ("horizon_months", "12"),
        ("horizon_months", "12"),
        ("stage", &stage),
        ("owner", &owner),
        ("early_reason", "They asked for a price before anything else."),
    ];
    form.extend(product.map(|product| ("product", product)));
    let made = browser.post("/deals", &form).await;
    assert_eq!(made.status, 303, "{}", made.text);
    made.leads_to().split('?').next().unwrap().to_owned()
}

async fn kept(world: &World, path: &str) -> Kept<Deal> {
    let id: Id<Deal> = path.rsplit('/').next().unwrap().parse().unwrap();
    let act = world.act().await;
    records::get(&mut world.app.read().await.unwrap(), &act.scope, id).await.unwrap()
}

const PHONE: [(&str, &str); 6] = [
    ("measured", "At the phone"),
    ("unit", "hours a week"),
    ("baseline", "12"),
    ("wished", "4"),
    ("baseline_evidence", "client_said"),
    ("said_by", "Maria Oliveira"),
];

#[tokio::test]
async fn a_result_stands_beside_what_was_thought_and_verifies_the_deal() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let path = deal(&world, &browser, "Ordering page", None, "deliver").await;
    let figures = [
        ("benefit_per_month_likely", "2000"),
        ("benefit_per_month_evidence", "client_said"),
        ("delivery_cost_low", "3000"),
        ("delivery_cost_likely", "4000"),
        ("delivery_cost_high", "5000"),
        ("delivery_cost_evidence", "our_estimate"),
        ("price", "12000"),
    ];
    assert_eq!(browser.post(&format!("{path}/answers"), &figures).await.status, 303);
    assert_eq!(browser.post(&format!("{path}/measure"), &PHONE).await.status, 303);
    let page = browser.get(&path).await.text;
    assert!(page.contains("At the phone: 12 to 4 hours a week"), "{page}");
    assert!(
        page.contains(&format!("href=\"{path}/evidence#company.delivery_cost\"")),
        "one click to where it comes from"
    );
    let result = [
        ("reached", "partly"),
        ("achieved", "6"),
        ("measured_on", "2026-11-22"),
        ("delivery_cost", "6500"),
        ("benefit_per_month", "1500"),
        ("result_evidence", "measured"),
        ("learnt", "Their till took a week of its own."),
    ];
    let written = browser.post(&format!("{path}/outcome"), &result).await;
    assert_eq!(written.status, 303, "{}", written.text);
    let page = browser.get(&format!("{path}/outcome")).await.text;
    for text in [
        "They have some of what they wanted: 6 hours a week, 50% better than before",
        "€3,000 to €5,000, likely €4,000",
        "€6,500",
        "more",
        "Their till took a week of its own.",
        // 12 months of 1,500, felt at once, less the price; and the price less what delivering cost.
        "They gained €",
        "We gained €",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(page.contains("href=\"/estimates/ours-company.delivery_cost\""), "{page}");
    // Behind a lesson stand its results, deal by deal, for whoever may see them.
    let behind = browser.get("/estimates/ours-company.delivery_cost").await.text;
    for text in ["Ordering page", "Aster Bakery", "€4,000", "€6,500", "1.62"] {
        assert!(behind.contains(text), "{text}: {behind}");
    }
    let wished = browser.get("/estimates/measure").await.text;
    assert!(wished.contains("Ordering page") && wished.contains("75%"), "{wished}");
    let none = browser.get("/estimates/profile-company.delivery_cost").await.text;
    assert!(none.contains("No result tells of it yet"), "{none}");
    for nonsense in ["measures", "assumed-company.delivery_cost", "ours-company.nonsense"] {
        assert_eq!(browser.get(&format!("/estimates/{nonsense}")).await.status, 404, "{nonsense}");
    }
    let bo = world.member("Bo Berg", Role::Seller, Sees::Own).await;
    let behind = world.browser(&bo).await.get("/estimates/ours-company.delivery_cost").await.text;
    assert!(behind.contains("A deal that is not yours to see") && behind.contains("1.62"), "{behind}");
    assert!(!behind.contains("Ordering page") && !behind.contains("6,500"), "{behind}");
    let deal = kept(&world, &path).await;
    assert_eq!(deal.standing, Standing::Verified);
    // Taken back from the history, nothing is left of it.
    let undo = written.leads_to();
    assert!(undo.starts_with(&format!("{path}/outcome")));
}

#[tokio::test]
async fn what_says_nothing_is_sent_back_with_what_would_be_right() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let path = deal(&world, &browser, "Ordering page", None, "deliver").await;
    let nowhere = browser.post(&format!("{path}/measure"), &[("measured", "Calls"), ("unit", "a day")]).await;
    assert_eq!(nowhere.status, 422);
    assert!(nowhere.text.contains("a number: where it stands now"), "{}", nowhere.text);
    let same = [("measured", "Calls"), ("unit", "a day"), ("baseline", "5"), ("wished", "5")];
    let same = browser.post(&format!("{path}/measure"), &same).await;
    assert!(same.status == 422 && same.text.contains("what is to change"), "{}", same.text);
    for (form, right) in [
        (vec![("achieved", "3")], "whether they have what they wanted"),
        (vec![("reached", "fully"), ("achieved", "3")], "until it is said what is measured"),
        (vec![("reached", "fully"), ("measured_on", "2027-01-01")], "a day that has come"),
        (vec![("reached", "fully"), ("delivery_cost", "-5")], "a number from 0 on"),
        (vec![("reached", "sideways")], "one of the choices"),
    ] {
        let answer = browser.post(&format!("{path}/outcome"), &form).await;
        assert_eq!(answer.status, 422, "{form:?}");
        assert!(answer.text.contains(right), "{form:?}: {}", answer.text);
    }
    assert_eq!(kept(&world, &path).await.standing, Standing::Open, "nothing is half written");
}

#[tokio::test]
async fn nothing_that_is_not_agreed_has_a_result() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let path = deal(&world, &browser, "Ordering page", None, "propose").await;
    assert!(!browser.get(&format!("{path}/outcome")).await.text.contains("What became of it?"));
    let answer = browser.post(&format!("{path}/outcome"), &[("reached", "fully")]).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
    assert!(answer.text.contains("Nothing is agreed yet"), "{}", answer.text);
}

#[tokio::test]
async fn an_estimate_that_was_wrong_corrects_the_next_one_and_says_so() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let made = browser.post("/products", &[("name", "Stock and labels"), ("currency", "EUR")]).await;
    let product = made.leads_to().split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
    let estimate =
        [("delivery_cost_likely", "4000"), ("delivery_cost_evidence", "our_estimate"), ("price", "12000")];
    for n in 0..5 {
        let path = deal(&world, &browser, &format!("Stall {n}"), Some(&product), "deliver").await;
        assert_eq!(browser.post(&format!("{path}/answers"), &estimate).await.status, 303);
        let result = [("reached", "fully"), ("delivery_cost", "6000")];
        assert_eq!(browser.post(&format!("{path}/outcome"), &result).await.status, 303);
    }
    work::drain(&world.app).await.unwrap();
    let path = deal(&world, &browser, "The next stall", Some(&product), "propose").await;
    assert_eq!(browser.post(&format!("{path}/answers"), &estimate).await.status, 303);
    work::drain(&world.app).await.unwrap();
    let next = kept(&world, &path).await;
    let mut conn = world.app.read().await.unwrap();
    let workspace = world.act().await.scope.workspace();
    let told =
        assessment::actions::of_deal(&mut conn, workspace, &next, world.app.now()).await.unwrap().unwrap();
    let line = told.basis.line(Parameter::Delivery).unwrap();
    assert_eq!(line.range.likely(), 6_000.0);
    assert_eq!(
        line.evidence.note.as_deref(),
        Some("€4,000 was said; 5 such estimates turned out 1.50 times that")
    );
    drop(conn);
    // What the client itself said is left alone.
    let said =
        [("delivery_cost_likely", "4000"), ("delivery_cost_evidence", "client_said"), ("price", "12000")];
    let version = told.basis.line(Parameter::Delivery).map(|_| "1").unwrap();
    let said: Vec<_> = said.into_iter().chain([("delivery_cost_version", version)]).collect();
    assert_eq!(browser.post(&format!("{path}/answers"), &said).await.status, 303);
    let next = kept(&world, &path).await;
    let mut conn = world.app.read().await.unwrap();
    let told =
        assessment::actions::of_deal(&mut conn, workspace, &next, world.app.now()).await.unwrap().unwrap();
    assert_eq!(told.basis.line(Parameter::Delivery).unwrap().range.likely(), 4_000.0);
}

#[tokio::test]
async fn a_grumble_is_kept_and_the_clients_advocate_says_so() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let path = deal(&world, &browser, "Ordering page", None, "deliver").await;
    let grumble = [
        ("felt", "grudgingly"),
        ("moment", "agreement"),
        ("whose", "client"),
        ("glad_by", "Maria Oliveira"),
        ("because", "Dear, for three shops"),
    ];
    assert_eq!(browser.post(&format!("{path}/gladness"), &grumble).await.status, 303);
    let ours = [("felt", "fairly"), ("moment", "agreement"), ("whose", "company")];
    assert_eq!(browser.post(&format!("{path}/gladness"), &ours).await.status, 303);
    work::drain(&world.app).await.unwrap();
    let page = browser.get(&path).await.text;
    assert!(page.contains("they said: grudgingly: “Dear, for three shops”"), "{page}");
    assert!(page.contains("Grudgingly, at the agreement (Maria Oliveira"), "theirs is kept: {page}");
    assert!(page.contains("It is fair, at the agreement (our reading"), "ours is kept apart: {page}");
    let nothing = browser.post(&format!("{path}/gladness"), &[("whose", "client")]).await;
    assert!(nothing.status == 422 && nothing.text.contains("how glad they are to pay"));
}

#[tokio::test]
async fn a_proposal_says_how_both_will_see_that_it_worked() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let path = deal(&world, &browser, "Ordering page", None, "diagnose").await;
    assert_eq!(browser.post(&format!("{path}/measure"), &PHONE).await.status, 303);
    let page = browser.get(&format!("{path}/proposal")).await.text;
    assert!(page.contains("At the phone: from 12 to 4 hours a week."), "{page}");
}
