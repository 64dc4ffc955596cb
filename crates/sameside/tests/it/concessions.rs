//! Concessions: what is given, what comes back, who may say yes, and what was given before.

use crate::world::{Browser, World};
use axum::http::StatusCode;
use sameside::accounts::{Role, Sees};
use sameside::work;

/// A deal of 10,000 euros with a client; answers with its address.
async fn deal(browser: &Browser, title: &str, client: &str) -> String {
    let form = [("title", title), ("company", client), ("price", "10000")];
    browser.post("/deals", &form).await.leads_to().to_owned()
}

/// Where the form of the queue that answers leads to.
async fn answer_of(browser: &Browser) -> Option<String> {
    let page = browser.get("/concessions").await.text;
    let mut forms = page.split("action=\"").filter_map(|part| part.split('"').next());
    forms.find(|action| action.ends_with("/answer")).map(str::to_owned)
}

#[tokio::test]
async fn what_is_given_says_what_comes_back_or_why_nothing_does() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = deal(&browser, "Bookings", "Northlight Dental").await;
    let silent = [("title", "Training"), ("cost_likely", "480")];
    let page = browser.post(&format!("{deal}/concessions"), &silent).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("what comes back for it"));
    let form = [
        ("title", "Training for a fourth team"),
        ("cost_low", "300"),
        ("cost_likely", "480"),
        ("cost_high", "600"),
        ("worth_likely", "1500"),
        ("came_back", "Two visits for other practices"),
    ];
    assert_eq!(browser.post(&format!("{deal}/concessions"), &form).await.leads_to(), deal);
    let page = browser.get(&deal).await;
    for text in [
        "Training for a fourth team",
        "€480 (€300 to €600), 5% of the price",
        "Two visits for other practices",
    ] {
        assert!(page.text.contains(text), "{text}");
    }
    assert!(!page.text.contains("<div>Nothing came back for"));
    let nothing = [
        ("title", "A fourth calendar"),
        ("cost_likely", "700"),
        ("nothing_because", "We forgot it in the offer."),
    ];
    browser.post(&format!("{deal}/concessions"), &nothing).await;
    let page = browser.get(&deal).await;
    assert!(page.text.contains("<div>Nothing came back for “A fourth calendar”: 7% of the price."));
}

#[tokio::test]
async fn more_than_one_may_give_waits_for_somebody_who_may() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::All).await;
    let mia = world.member("Mia Lund", Role::Manager, Sees::All).await;
    let (ada, ben, mia) =
        (world.browser(&world.ada).await, world.browser(&ben).await, world.browser(&mia).await);
    let deal = deal(&ben, "Bookings", "Northlight Dental").await;
    let ask = |cost: &'static str| {
        [("title", "A discount"), ("cost_likely", cost), ("came_back", "Two years instead of one")]
    };
    ben.post(&format!("{deal}/concessions"), &ask("1000")).await;
    assert!(answer_of(&ada).await.is_none(), "a tenth is a seller's own to give");
    ben.post(&format!("{deal}/concessions"), &ask("2500")).await;
    assert!(ben.get(&deal).await.text.contains("Waits for a yes"));
    assert!(answer_of(&ben).await.is_none() && answer_of(&mia).await.is_none(), "a quarter is neither's");
    assert!(ada.get("/").await.text.contains("Waits for your yes"));
    let answer = answer_of(&ada).await.unwrap();
    assert_eq!(mia.post(&answer, &[("answer", "yes")]).await.status, StatusCode::FORBIDDEN);
    let silent = ada.post(&answer, &[("answer", "no")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text.contains("why not"));
    assert_eq!(
        ada.post(&answer, &[("answer", "yes"), ("because", "Two years are worth it.")]).await.leads_to(),
        "/concessions"
    );
    let page = ben.get(&deal).await;
    assert!(!page.text.contains("/withdrawal") && page.text.contains("Two years are worth it."));
    assert!(!ada.get("/").await.text.contains("Waits for your yes"));
}

#[tokio::test]
async fn somebody_else_says_yes_while_one_is_away() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::All).await;
    let mia = world.member("Mia Lund", Role::Manager, Sees::All).await;
    let mia_id = mia.id.to_string();
    let (ada, ben, mia) =
        (world.browser(&world.ada).await, world.browser(&ben).await, world.browser(&mia).await);
    let deal = deal(&ben, "Bookings", "Northlight Dental").await;
    let form = [("title", "A third off"), ("cost_likely", "3300"), ("came_back", "Three years")];
    ben.post(&format!("{deal}/concessions"), &form).await;
    assert!(answer_of(&mia).await.is_none());
    let refused = ada.post("/delegations", &[("to_id", &mia_id), ("until_on", "2026-11-01")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let away = [("to_id", mia_id.as_str()), ("from_on", "2026-11-23"), ("until_on", "2026-11-30")];
    assert_eq!(ada.post("/delegations", &away).await.leads_to(), "/concessions");
    assert!(answer_of(&mia).await.is_none(), "not before the day");
    world.wait_seconds(86_400);
    let answer = answer_of(&mia).await.expect("from the day on she may");
    assert_eq!(mia.post(&answer, &[("answer", "yes")]).await.leads_to(), "/concessions");
    let page = ada.get("/concessions").await.text;
    let end = page.split("action=\"").find(|part| part.starts_with("/delegations/")).unwrap();
    let end = end.split('"').next().unwrap();
    assert_eq!(ben.post(end, &[]).await.status, StatusCode::FORBIDDEN, "only who is away ends it");
    assert_eq!(ada.post(end, &[]).await.leads_to(), "/concessions");
}

#[tokio::test]
async fn precedents_stand_beside_the_form_and_a_pattern_is_said() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let first = deal(&browser, "Bookings", "Northlight Dental").await;
    for title in ["Eight per cent off", "A visit on Saturday", "A fourth calendar"] {
        let form = [("title", title), ("cost_likely", "800"), ("nothing_because", "They asked so kindly.")];
        browser.post(&format!("{first}/concessions"), &form).await;
    }
    let left = [("standing", "declined"), ("reason", "Another year.")];
    browser.post(&format!("{first}/departure"), &left).await;
    let second = deal(&browser, "Reminders", "Northlight Dental").await;
    let page = browser.get(&format!("{second}/concessions/new")).await;
    for text in [
        "What Northlight Dental got before",
        "Eight per cent off",
        "They asked so kindly.",
        "Declined by them",
    ] {
        assert!(page.text.contains(text), "{text}");
    }
    let said = "<div>They were given something 3 times; nothing came back 3 times.";
    assert!(browser.get(&second).await.text.contains(said));
    work::drain(&world.app).await.unwrap();
    let ledger = browser.get("/concessions").await;
    assert!(
        ledger.text.contains("nothing came back 3 of 3 times; 8% of the price on average"),
        "{}",
        ledger.text
    );
}

#[tokio::test]
async fn a_concession_said_anew_keeps_its_yes_only_for_what_that_covered() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::All).await;
    let (ada, ben) = (world.browser(&world.ada).await, world.browser(&ben).await);
    let deal = deal(&ben, "Bookings", "Northlight Dental").await;
    let said = |cost: &'static str, version: &'static str| {
        [
            ("title", "A discount"),
            ("cost_likely", cost),
            ("came_back", "Two years instead of one"),
            ("version", version),
        ]
    };
    ben.post(&format!("{deal}/concessions"), &said("1000", "")).await;
    let page = ben.get(&deal).await.text;
    let edit = page.split("href=\"").find(|part| part.starts_with("/concessions/")).unwrap();
    let edit = edit.split('"').next().unwrap();
    let form = ben.get(edit).await;
    assert!(form.text.contains("What we give, said anew") && form.text.contains("value=\"1000\""));
    let path = edit.trim_end_matches("/edit");
    assert_eq!(ben.post(path, &said("800", "1")).await.leads_to(), deal);
    assert!(answer_of(&ada).await.is_none(), "less than a tenth is a seller's own to give");
    ben.post(path, &said("1500", "2")).await;
    let page = ada.get("/concessions").await.text;
    assert!(page.contains("15% of the price"), "more than that waits for a yes again");
    let answer = answer_of(&ada).await.unwrap();
    ada.post(&answer, &[("answer", "yes")]).await;
    ben.post(path, &said("1400", "4")).await;
    assert!(answer_of(&ada).await.is_none(), "a yes to more covers less");
    ben.post(path, &said("1900", "5")).await;
    let answer = answer_of(&ada).await.unwrap();
    ada.post(&answer, &[("answer", "no"), ("because", "Half of it would do")]).await;
    let over = ben.post(path, &said("900", "7")).await;
    assert!(over.status.is_client_error() && over.text.contains("Ask for it anew"), "{}", over.status);
}
