//! Pursuit: hours and money that go into a deal, how much may, and the stops that ask whether going on is right.

use crate::world::{Answer, Browser, World};
use axum::http::StatusCode;
use sameside::accounts::{Role, Sees};
use sameside::base::Id;
use sameside::deals::Deal;
use sameside::records;
use sameside::work;

/// A deal of Ada's that is well known and worth going on with; answers with its address.
async fn known_deal(browser: &Browser, world: &World) -> String {
    let form = [("title", "Online ordering"), ("price", "18000"), ("owner", &world.ada.id.to_string())];
    let deal = browser.post("/deals", &form).await.leads_to().to_owned();
    let answers = [
        ("price", "18000"),
        ("benefit_per_month_low", "3000"),
        ("benefit_per_month_likely", "4000"),
        ("benefit_per_month_high", "5000"),
        ("success_low", "8.5"),
        ("success_likely", "9"),
        ("success_high", "9.5"),
        ("delivery_cost_low", "7000"),
        ("delivery_cost_likely", "8000"),
        ("delivery_cost_high", "9500"),
        ("hours_to_close_low", "8"),
        ("hours_to_close_likely", "14"),
        ("hours_to_close_high", "24"),
    ];
    assert_eq!(browser.post(&format!("{deal}/answers"), &answers).await.status, StatusCode::SEE_OTHER);
    deal
}

async fn put(browser: &Browser, deal: &str, time: &str) -> Answer {
    let form = [("effort", "Preparing the offer"), ("hours", time)];
    browser.post(&format!("{deal}/efforts"), &form).await
}

/// What the page says of the worth of going on.
fn worth(page: &Answer) -> &str {
    page.text.split("Worth ").nth(1).unwrap().split(" now").next().unwrap()
}

#[tokio::test]
async fn an_entry_that_was_wrong_is_put_right_and_counts_anew() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = known_deal(&browser, &world).await;
    put(&browser, &deal, "15:00").await;
    let all = browser.get(&format!("{deal}/pursuit")).await.text;
    let edit = all.split("href=\"").find(|part| part.starts_with("/efforts/")).unwrap();
    let edit = edit.split('"').next().unwrap();
    let page = browser.get(edit).await;
    assert!(page.text.contains("value=\"15:00\"") && page.text.contains("Preparing the offer"));
    let entry = edit.trim_end_matches("/edit");
    let right = [("effort", "Preparing the offer"), ("hours", "1:30"), ("version", "1")];
    let wrong = [("effort", "Preparing the offer"), ("hours", "long"), ("version", "1")];
    let refused = browser.post(entry, &wrong).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("1:30"));
    assert_eq!(browser.post(entry, &right).await.leads_to(), format!("{deal}/pursuit"));
    assert!(browser.get(&deal).await.text.contains("1½ h"));
    let late = [("effort", "Preparing another offer"), ("hours", "2:00"), ("version", "1")];
    let clash = browser.post(entry, &late).await;
    assert_eq!(clash.status, StatusCode::CONFLICT, "somebody put it right meanwhile");
    assert!(clash.text.contains("1:30") && clash.text.contains("2:00"), "both are shown");
    let told = browser.get(&format!("/history?of=deal.{}", &deal[7..])).await;
    assert!(told.text.contains("Minutes") || told.text.contains("15:00"), "{}", told.text);
}

#[tokio::test]
async fn hours_and_money_are_noted_shown_and_taken_back() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = known_deal(&browser, &world).await;
    let before = browser.get(&deal).await;
    put(&browser, &deal, "1:30").await;
    let money = [("effort", "Train to Lisbon"), ("spent", "42")];
    let noted = browser.post(&format!("{deal}/efforts"), &money).await;
    assert_eq!(noted.leads_to(), deal);
    let call = [("kind", "call"), ("title", "They lose orders"), ("minutes", "30"), ("deal_id", &deal[7..])];
    browser.post("/activities", &call).await;
    let mail = [("kind", "email"), ("title", "The offer"), ("deal_id", &deal[7..]), ("back", "")];
    let mail = browser.post("/activities", &mail).await.leads_to().to_owned();
    assert!(browser.get(&mail).await.text.contains("How long did it take?"));
    let wrong = browser.post(&format!("{mail}/minutes"), &[("took", "long")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text.contains("1:30"));
    browser.post(&format!("{mail}/minutes"), &[("took", "15 min")]).await;
    assert!(browser.get(&deal).await.text.contains("2¼ h and €42"), "said afterwards, it counts too");
    browser.post(&format!("{mail}/removal"), &[]).await;
    let page = browser.get(&deal).await;
    assert!(page.text.contains("2 h and €42"), "calls count like other hours");
    assert_eq!(worth(&page), worth(&before), "what is spent is not argued with");
    let all = browser.get(&format!("{deal}/pursuit")).await;
    for text in ["Preparing the offer", "1:30", "Train to Lisbon", "€42", "Calls, meetings and mails", "0:30"]
    {
        assert!(all.text.contains(text), "{text}");
    }
    let removal = all.text.split("action=\"").find(|part| part.starts_with("/efforts/")).unwrap();
    let removal = removal.split('"').next().unwrap();
    assert!(browser.post(removal, &[]).await.leads_to().ends_with("/pursuit"));
    assert!(!browser.get(&deal).await.text.contains("2 h and €42"));
    browser.post(&removal.replace("removal", "restoration"), &[]).await;
    let page = browser.get(&deal).await;
    assert!(page.text.contains("2 h and €42"));
    let told = browser.get(&format!("/history?of=deal.{}", &deal[7..])).await;
    assert!(told.text.contains("put into this:") && told.text.contains("Train to Lisbon"));
}

#[tokio::test]
async fn an_entry_that_says_nothing_is_sent_back_with_what_would_be_right() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = known_deal(&browser, &world).await;
    for (form, says) in [
        (vec![("effort", "Offer"), ("hours", "a while")], "1:30"),
        (vec![("effort", "Offer")], "what was spent"),
        (vec![("hours", "1")], "in a few words"),
        (vec![("effort", "Offer"), ("spent", "-3")], "above 0"),
    ] {
        let page = browser.post(&format!("{deal}/efforts"), &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains(says), "{says}: {}", page.text);
    }
}

#[tokio::test]
async fn a_timer_goes_on_while_nobody_looks_and_is_noted_when_it_ends() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = known_deal(&browser, &world).await;
    browser.post(&format!("{deal}/timer"), &[]).await;
    world.wait_seconds(25 * 60);
    let again = world.browser(&world.ada).await.get(&deal).await;
    assert!(again.text.contains("0:25") && again.text.contains("your timer runs"));
    let other = browser.post("/deals", &[("title", "Bookings"), ("price", "9000")]).await;
    let other = other.leads_to().to_owned();
    assert!(browser.get(&other).await.text.contains("End that, start here"));
    browser.post(&format!("{other}/timer"), &[]).await;
    assert!(browser.get(&format!("{deal}/pursuit")).await.text.contains("0:25"), "the first was noted");
    world.wait_seconds(90);
    let ended = browser.post("/timer/end", &[("effort", "Read their site")]).await;
    assert_eq!(ended.leads_to(), other);
    let all = browser.get(&format!("{other}/pursuit")).await;
    assert!(all.text.contains("Read their site") && all.text.contains("0:02"));
    let none = browser.post("/timer/end", &[]).await;
    assert!(none.text.contains("No timer runs"), "{}", none.text);
}

#[tokio::test]
async fn a_forgotten_timer_asks_how_long_the_work_was() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = known_deal(&browser, &world).await;
    browser.post(&format!("{deal}/timer"), &[]).await;
    world.wait_seconds(31 * 3_600);
    let page = browser.post("/timer/end", &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("ran for 31 hours"));
    let ended = browser.post("/timer/end", &[("worked", "2 h")]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert!(browser.get(&format!("{deal}/pursuit")).await.text.contains("2:00"));
}

#[tokio::test]
async fn a_used_budget_stops_with_a_question_until_it_is_answered() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = known_deal(&browser, &world).await;
    assert!(!browser.get(&deal).await.text.contains("Is it right to go on?"));
    let refused = browser.post(&format!("{deal}/budget"), &[("budget", "6")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("why so many"));
    let set = [("budget", "6"), ("budget_reason", "It is a small shop.")];
    assert_eq!(browser.post(&format!("{deal}/budget"), &set).await.status, StatusCode::SEE_OTHER);
    let page = browser.get(&deal).await;
    assert!(page.text.contains("It is a small shop."));
    put(&browser, &deal, "6:15").await;
    let page = browser.get(&deal).await;
    assert!(
        page.text.contains("Is it right to go on?")
            && page.text.contains("6¼ h went into it; 6 h was the budget")
    );
    assert!(browser.get("/").await.text.contains("6¼ h went into it"), "it is in Today");
    let silent = browser.post(&format!("{deal}/decisions"), &[("choice", "continue")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text.contains("why this is right now"));
    let because =
        [("choice", "continue"), ("because", "Rui agreed; only the date is open."), ("hours_more", "4")];
    assert_eq!(browser.post(&format!("{deal}/decisions"), &because).await.leads_to(), deal);
    let page = browser.get(&deal).await;
    assert!(!page.text.contains("Is it right to go on?"));
    assert!(
        page.text.contains("10 h") && page.text.contains("Rui agreed"),
        "the budget is what is spent and four more"
    );
    assert!(!browser.get("/").await.text.contains("6¼ h went into it"));
    put(&browser, &deal, "4").await;
    assert!(browser.get(&deal).await.text.contains("Is it right to go on?"), "and then it asks again");
}

#[tokio::test]
async fn a_late_promise_and_a_changed_answer_are_found_in_the_background() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = known_deal(&browser, &world).await;
    let owner = world.ada.id.to_string();
    let task =
        [("title", "Send the plan"), ("due_on", "2026-11-23"), ("deal_id", &deal[7..]), ("owner_id", &owner)];
    browser.post("/tasks", &task).await;
    work::drain(&world.app).await.unwrap();
    assert!(!browser.get("/").await.text.contains("Is it right to go on?"), "it is not due yet");
    world.wait_seconds(2 * 86_400);
    assert!(
        browser.get(&deal).await.text.contains("A promise is late: “Send the plan”"),
        "the page knows at once"
    );
    let act = world.act().await;
    world
        .app
        .write(move |tx| {
            Box::pin(async move { sameside::jobs::later(tx, &act, sameside::jobs::MORNING, "", "{}").await })
        })
        .await
        .unwrap();
    work::drain(&world.app).await.unwrap();
    assert!(browser.get("/").await.text.contains("A promise is late"), "a new day brings it to Today");
    let decision = [("choice", "continue"), ("because", "It goes out tomorrow; they know.")];
    browser.post(&format!("{deal}/decisions"), &decision).await;
    assert!(!browser.get(&deal).await.text.contains("Is it right to go on?"));
    let answers = [("price", "18000"), ("benefit_per_month_likely", "300"), ("success_likely", "9")];
    browser.post(&format!("{deal}/answers"), &answers).await;
    work::drain(&world.app).await.unwrap();
    assert!(browser.get("/").await.text.contains("When you last decided the answer was “Go ahead”"));
}

#[tokio::test]
async fn the_background_is_as_strict_as_the_page_about_who_may_take_back_what() {
    let world = World::new().await;
    let ada = world.browser(&world.ada).await;
    let deal = known_deal(&ada, &world).await;
    put(&ada, &deal, "3").await;
    let id: Id<Deal> = deal[7..].parse().unwrap();
    let mut conn = world.app.read().await.unwrap();
    let scope = world.act().await.scope;
    let events = sameside::history::of(&mut conn, &scope, id.uuid(), None).await.unwrap();
    drop(conn);
    let noted = events.iter().find(|event| event.kind == records::Kind::Effort).unwrap().seq;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let ben = world.browser(&ben).await;
    let undone = ben.post(&format!("/history/{noted}/undo"), &[]).await;
    assert_eq!(undone.status, StatusCode::NOT_FOUND, "a part of a deal is for who sees the deal");
    let undone = ada.post(&format!("/history/{noted}/undo"), &[]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    assert!(ada.get(&deal).await.text.contains("<dt>Spent</dt><dd>0 h"));
}
