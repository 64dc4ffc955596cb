//! The advocates: what each says of a deal, and what becomes of an answer.

use crate::world::World;
use axum::http::StatusCode;
use sameside::work;

#[tokio::test]
async fn a_proposal_before_a_diagnosis_is_said_answered_and_said_again_when_its_facts_change() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let stages = browser.get("/deals/new").await;
    let propose = stages.text.split("<option value=\"").find(|part| part.contains(">Propose<")).unwrap();
    let propose = propose.split('"').next().unwrap();
    let owner = world.ada.id.to_string();
    let form = [
        ("title", "Online ordering"),
        ("price", "18000"),
        ("stage", propose),
        ("owner", &owner),
        ("early_reason", "They insist."),
    ];
    let deal = browser.post("/deals", &form).await.leads_to().to_owned();
    let said = "We are proposing, and nobody has asked what they want to do, nor what the problem costs them";
    let finding = format!("<div>{said}");
    assert!(browser.get(&deal).await.text.contains(&finding), "the page says so at once");
    work::drain(&world.app).await.unwrap();
    assert!(browser.get("/").await.text.contains(said), "and Today, when the background has looked");
    let silent = [("rule", "proposing_before_diagnosis"), ("answer", "accepted")];
    let page = browser.post(&format!("{deal}/findings"), &silent).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("why it is right here"));
    let because = [
        ("rule", "proposing_before_diagnosis"),
        ("answer", "accepted"),
        ("reply_reason", "They asked for three lines by tonight; we said what we do not know."),
    ];
    assert_eq!(browser.post(&format!("{deal}/findings"), &because).await.leads_to(), deal);
    assert!(!browser.get(&deal).await.text.contains(&finding));
    assert!(!browser.get("/").await.text.contains(said), "Today knows at once");
    let all = browser.get(&format!("{deal}/findings")).await;
    assert!(all.text.contains("They asked for three lines by tonight") && all.text.contains("Take it back"));
    // One of the three is asked now: the facts are others, and so the finding is a new one.
    let goal = [("goal", "Stop losing Saturday orders"), ("price", "18000")];
    browser.post(&format!("{deal}/answers"), &goal).await;
    let page = browser.get(&deal).await;
    assert!(page.text.contains("nobody has asked what the problem costs them, nor whether it would work"));
    assert!(browser.get(&format!("{deal}/findings")).await.text.contains("its facts have changed since"));
    work::drain(&world.app).await.unwrap();
    let told = browser.get("/notices").await.text;
    assert_eq!(
        told.matches("What you answered in Online ordering stands otherwise now").count(),
        1,
        "{told}"
    );
    let answers = [
        ("goal", "Stop losing Saturday orders"),
        ("price", "18000"),
        ("benefit_per_month_likely", "4000"),
        ("success_likely", "9"),
    ];
    browser.post(&format!("{deal}/answers"), &answers).await;
    work::drain(&world.app).await.unwrap();
    assert!(!browser.get("/").await.text.contains("We are proposing, and nobody has asked"));
}

#[tokio::test]
async fn an_answer_that_is_taken_back_lets_the_advocate_speak_again() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = browser
        .post("/deals", &[("title", "Online ordering"), ("price", "18000")])
        .await
        .leads_to()
        .to_owned();
    world.wait_seconds(4 * 86_400);
    let said = "<div>No next step is agreed, 4 days after the last word.";
    assert!(browser.get(&deal).await.text.contains(said));
    browser.post(&format!("{deal}/findings"), &[("rule", "no_next_step"), ("answer", "mended")]).await;
    assert!(!browser.get(&deal).await.text.contains(said));
    let gone =
        browser.post(&format!("{deal}/findings"), &[("rule", "nobody_decides"), ("answer", "mended")]).await;
    assert!(gone.text.contains("Nobody says that any more"), "{}", gone.text);
    let all = browser.get(&format!("{deal}/findings")).await;
    let removal = all.text.split("action=\"").find(|part| part.starts_with("/replies/")).unwrap();
    browser.post(removal.split('"').next().unwrap(), &[]).await;
    assert!(browser.get(&deal).await.text.contains(said));
    let next = [("title", "Ask Maria"), ("deal_id", &deal[7..]), ("due_on", "2026-12-01")];
    browser.post("/tasks", &next).await;
    assert!(!browser.get(&deal).await.text.contains(said), "a next step ends it");
}

#[tokio::test]
async fn what_a_decision_answers_is_not_asked_twice() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = browser
        .post("/deals", &[("title", "Online ordering"), ("price", "18000")])
        .await
        .leads_to()
        .to_owned();
    let set = [("budget", "2"), ("budget_reason", "A small shop.")];
    browser.post(&format!("{deal}/budget"), &set).await;
    browser.post(&format!("{deal}/efforts"), &[("effort", "Offer"), ("hours", "3")]).await;
    let page = browser.get(&deal).await;
    assert_eq!(
        page.text.matches("3 h went into it; 2 h was the budget.").count(),
        1,
        "the stop says it, once"
    );
    let all = browser.get(&format!("{deal}/findings")).await;
    assert!(all.text.contains("3 h went into it; 2 h was the budget."), "our advocate says it too");
    let beside = [("rule", "past_budget"), ("answer", "mended")];
    assert!(
        browser.post(&format!("{deal}/findings"), &beside).await.text.contains("Nobody says that any more")
    );
}
