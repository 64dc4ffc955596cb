//! Deals: made from a name, answered, moved, left; and what both sides may expect of them.

use crate::world::{Answer, Browser, World};
use axum::http::StatusCode;
use sameside::accounts::{Role, Sees};

/// Makes a deal and answers with its address.
async fn made(browser: &Browser, form: &[(&str, &str)]) -> String {
    let answer = browser.post("/deals", form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.leads_to().to_owned()
}

/// The value of a field of a page's form.
fn value(page: &Answer, name: &str) -> String {
    let mark = format!("name=\"{name}\"");
    let at = page.text.find(&mark).unwrap_or_else(|| panic!("no field {name}"));
    let tag = &page.text[page.text[..at].rfind('<').unwrap()..];
    let tag = &tag[..tag.find('>').unwrap()];
    tag.split("value=\"").nth(1).map_or_else(String::new, |rest| rest.split('"').next().unwrap().to_owned())
}

#[tokio::test]
async fn a_deal_is_made_from_a_name_alone_and_says_what_it_needs() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = made(&browser, &[("title", "Online ordering")]).await;
    let page = browser.get(&deal).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Nothing to weigh yet"));
    let today = browser.get("/?whose=all").await;
    assert!(today.text.contains("Give it a price") && today.text.contains("Online ordering"));
}

#[tokio::test]
async fn a_deal_with_a_price_is_weighed_and_everything_assumed_says_so() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let form = [
        ("title", "Online ordering"),
        ("company", "Aster Bakery"),
        ("price", "18,000"),
        ("owner", &world.ada.id.to_string()),
    ];
    let deal = made(&browser, &form).await;
    let page = browser.get(&deal).await;
    for said in [
        "Ask first",
        "of 100 cases leave them better off",
        "of 100 cases pay for the work",
        "assumed",
        "The balance",
        "Aster Bakery",
    ] {
        assert!(page.text.contains(said), "{said}");
    }
    assert!(browser.get("/deals").await.text.contains("being looked at"), "not yet");
    sameside::work::drain(&world.app).await.unwrap();
    assert!(browser.get("/").await.text.contains("Online ordering"), "it is in Today");
    let list = browser.get("/deals").await;
    assert!(list.text.contains("€18,000") && list.text.contains("Ask first"));
}

#[tokio::test]
async fn answers_change_the_verdict_at_once_and_keep_who_said_what() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal =
        made(&browser, &[("title", "Online ordering"), ("company", "Aster Bakery"), ("price", "18000")])
            .await;
    let page = browser.get(&deal).await;
    let version = value(&page, "version");
    let answers = [
        ("version", version.as_str()),
        ("goal", "Stop losing the Saturday orders"),
        ("goal_evidence", "client_said"),
        ("price", "18000"),
        ("benefit_per_month_low", "3000"),
        ("benefit_per_month_likely", "4000"),
        ("benefit_per_month_high", "5.000"),
        ("benefit_per_month_evidence", "client_said"),
        ("benefit_per_month_by", "Maria Oliveira"),
        ("success_low", "8.5"),
        ("success_likely", "9"),
        ("success_high", "9.5"),
        ("success_evidence", "measured"),
        ("delivery_cost_low", "7000"),
        ("delivery_cost_likely", "8000"),
        ("delivery_cost_high", "9500"),
        ("delivery_cost_evidence", "our_estimate"),
    ];
    let answer = browser.post(&format!("{deal}/answers"), &answers).await;
    assert_eq!(answer.leads_to(), deal, "{}", answer.text);
    let page = browser.get(&deal).await;
    assert!(page.text.contains("Go ahead"), "four good answers are enough");
    assert!(page.text.contains("Maria Oliveira said"), "and who said it is told");
    assert_eq!(value(&page, "benefit_per_month_high"), "5000");
    assert_eq!(value(&page, "success_likely"), "9");
    // The same answers again change nothing: no new version, no new history.
    let again: Vec<(&str, &str)> = answers.iter().skip(1).copied().collect();
    browser.post(&format!("{deal}/answers"), &again).await;
    assert_eq!(value(&browser.get(&deal).await, "version"), value(&page, "version"));
}

#[tokio::test]
async fn a_wrong_answer_is_told_at_its_field_and_nothing_is_saved() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = made(&browser, &[("title", "Online ordering"), ("price", "18000")]).await;
    let wrong = [
        ("goal", "Fewer calls"),
        ("price", "a lot"),
        ("benefit_per_month_low", "9"),
        ("benefit_per_month_likely", "3"),
        ("benefit_per_month_high", "4"),
        ("success_likely", "12"),
    ];
    let page = browser.post(&format!("{deal}/answers"), &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["an amount such as 1200", "the lowest first", "numbers from 0 to 10", "Fewer calls"] {
        assert!(page.text.contains(said), "{said}");
    }
    assert!(!browser.get(&deal).await.text.contains("Fewer calls"), "nothing of it was saved");
}

#[tokio::test]
async fn two_people_answering_the_same_question_see_each_others_answer() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::All).await;
    let (ada, ben) = (world.browser(&world.ada).await, world.browser(&ben).await);
    let deal = made(&ada, &[("title", "Online ordering"), ("price", "18000")]).await;
    let version = value(&ada.get(&deal).await, "version");
    let first = [("version", version.as_str()), ("price", "17000")];
    assert_eq!(ada.post(&format!("{deal}/answers"), &first).await.status, StatusCode::SEE_OTHER);
    let second = [("version", version.as_str()), ("price", "16000")];
    let page = ben.post(&format!("{deal}/answers"), &second).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text.contains("17000") && page.text.contains("16000"), "both are shown");
    assert_eq!(value(&page, "price"), "16000", "and nothing Ben typed is gone");
    let version = value(&page, "version");
    let saved = ben.post(&format!("{deal}/answers"), &[("version", &version), ("price", "16000")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "after looking, Ben may save");
}

#[tokio::test]
async fn a_conflict_in_the_form_shows_both_field_by_field() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = made(&browser, &[("title", "Online ordering"), ("price", "18000")]).await;
    let version = value(&browser.get(&format!("{deal}/edit")).await, "version");
    let change = |title: &'static str| vec![("title", title), ("price", "18000"), ("horizon_months", "12")];
    let mut first = change("Ordering, online");
    first.push(("version", &version));
    assert_eq!(browser.post(&deal, &first).await.status, StatusCode::SEE_OTHER);
    let mut second = change("Orders by web");
    second.push(("version", &version));
    let page = browser.post(&deal, &second).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text.contains("Ordering, online") && page.text.contains("Orders by web"));
    assert_eq!(value(&page, "title"), "Orders by web");
}

#[tokio::test]
async fn a_deal_left_without_a_reason_stays_open() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = made(&browser, &[("title", "Night routes"), ("price", "9000")]).await;
    let page = browser.post(&format!("{deal}/departure"), &[("standing", "walked_away")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("why going on would not help them, or us"));
    assert!(browser.get("/deals").await.text.contains("Night routes"));
    let left = [("standing", "walked_away"), ("reason", "We do not do night routes.")];
    assert_eq!(browser.post(&format!("{deal}/departure"), &left).await.status, StatusCode::SEE_OTHER);
    assert!(!browser.get("/deals").await.text.contains("Night routes"));
    let page = browser.get(&deal).await;
    assert!(page.text.contains("Walked away") && page.text.contains("We do not do night routes."));
    browser.post(&format!("{deal}/return"), &[]).await;
    assert!(browser.get("/deals").await.text.contains("Night routes"));
}

#[tokio::test]
async fn a_paused_deal_comes_back_to_today_on_its_day() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = made(&browser, &[("title", "Second shop"), ("price", "9000")]).await;
    let left = [("standing", "paused"), ("reason", "They move in January"), ("revisit_on", "2026-11-25")];
    assert_eq!(browser.post(&format!("{deal}/departure"), &left).await.status, StatusCode::SEE_OTHER);
    assert!(!browser.get("/?whose=all").await.text.contains("Second shop"));
    world.wait_seconds(4 * 86_400);
    let browser = world.browser(&world.ada).await;
    assert!(browser.get("/?whose=all").await.text.contains("Second shop"));
}

#[tokio::test]
async fn moving_a_card_is_kept_and_agreement_has_its_day() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = made(&browser, &[("title", "Online ordering"), ("price", "18000")]).await;
    let board = browser.get("/deals/board").await;
    assert!(board.text.contains("Online ordering"));
    let stage = |name: &str| {
        let at = board.text.find(&format!(">{name} <span>")).unwrap_or_else(|| panic!("no column {name}"));
        let id = board.text[..at].rfind("id=\"name-").unwrap();
        board.text[id + 9..].split('"').next().unwrap().to_owned()
    };
    let version = value(&browser.get(&deal).await, "version");
    let moved =
        browser.post(&format!("{deal}/stage"), &[("stage", &stage("Deliver")), ("version", &version)]).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text);
    let page = browser.get(&deal).await;
    assert!(page.text.contains("Agreed") && page.text.contains("22 Nov 2026"));
    let stale =
        browser.post(&format!("{deal}/stage"), &[("stage", &stage("Hear")), ("version", &version)]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "an old card does not overwrite");
}

#[tokio::test]
async fn the_table_goes_on_where_it_stopped_whatever_it_is_sorted_by() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    for n in 0..60 {
        let (title, price) = (format!("Deal {n:02}"), (1_000 + n % 7).to_string());
        let priced = n % 5 != 0;
        made(&browser, &[("title", &title), ("price", if priced { &price } else { "" })]).await;
    }
    sameside::work::drain(&world.app).await.unwrap();
    for (sort, all) in [
        ("recent", 60),
        ("title", 60),
        ("price", 60),
        ("expected", 60),
        ("client", 48),
        ("company", 48),
        ("value", 48),
    ] {
        let mut seen = std::collections::BTreeSet::new();
        let mut next = format!("/deals?sort={sort}");
        for _ in 0..3 {
            let page = browser.get(&next).await;
            let rows: Vec<&str> = page
                .text
                .split("<th scope=\"row\"><a href=\"/deals/")
                .skip(1)
                .map(|row| &row[..36])
                .collect();
            assert!(rows.iter().all(|row| seen.insert((*row).to_owned())), "{sort}: none is shown twice");
            let Some(at) = page.text.find("after_id=") else { break };
            let start = page.text[..at].rfind("href=\"").unwrap() + 6;
            next = page.text[start..].split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
        }
        assert_eq!(seen.len(), all, "{sort}: none is left out");
    }
}

#[tokio::test]
async fn a_deal_of_others_is_nowhere_for_who_sees_only_their_own() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let stranger = world.stranger().await;
    let ada = world.browser(&world.ada).await;
    let owner = world.ada.id.to_string();
    let deal = made(&ada, &[("title", "Online ordering"), ("price", "18000"), ("owner", &owner)]).await;
    for other in [&ben, &stranger] {
        let browser = world.browser(other).await;
        assert_eq!(browser.get(&deal).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            browser.post(&format!("{deal}/answers"), &[("price", "1")]).await.status,
            StatusCode::NOT_FOUND
        );
        for path in ["/deals", "/deals?sort=client", "/deals/board", "/?whose=all"] {
            assert!(!browser.get(path).await.text.contains("Online ordering"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_removed_deal_can_be_restored() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = made(&browser, &[("title", "Online ordering"), ("price", "18000")]).await;
    assert_eq!(browser.post(&format!("{deal}/removal"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!browser.get("/deals?sort=client").await.text.contains("Online ordering"));
    assert!(browser.get(&deal).await.text.contains("This deal was removed"));
    browser.post(&format!("{deal}/restoration"), &[]).await;
    assert!(browser.get("/deals?sort=client").await.text.contains("Online ordering"));
}

#[tokio::test]
async fn work_in_the_background_counts_how_deals_went_and_assesses_what_is_open() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let open = made(&browser, &[("title", "Open one"), ("price", "18000")]).await;
    for (title, standing) in [("A", "declined"), ("B", "agreed"), ("C", "agreed")] {
        let deal = made(&browser, &[("title", title), ("price", "9000")]).await;
        let left = [("standing", standing), ("reason", "told")];
        assert_eq!(browser.post(&format!("{deal}/departure"), &left).await.status, StatusCode::SEE_OTHER);
    }
    assert!(sameside::work::drain(&world.app).await.unwrap() > 0);
    assert!(browser.get(&open).await.text.contains("2 of 3 such deals that ended were agreed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stops_the_server_does_not_wait_until_every_deal_is_weighed() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    for n in 0..40 {
        made(&browser, &[("title", &format!("Deal {n:02}")), ("price", "1000")]).await;
    }
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::spawn(sameside::work::run(world.app.clone(), stopped));
    let states = || async {
        let sql =
            db::Sql::fixed("select state, attempts, count(*) from job group by state, attempts limit 9");
        world.app.read().await.unwrap().all::<(String, i64, i64)>(sql, vec![]).await.unwrap()
    };
    while !states().await.iter().any(|(state, ..)| state == "running") {
        assert!(!states().await.is_empty(), "it is not done before it began");
    }
    stop.send(true).unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(20), worker).await.unwrap().unwrap();
    // What was in hand waits again as if it had not been tried, or was done by then.
    assert!(states().await.iter().all(|(state, attempts, _)| state == "ready" && *attempts == 0));
    sameside::work::drain(&world.app).await.unwrap();
    assert!(states().await.is_empty());
}
