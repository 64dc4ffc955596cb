//! Proposals: one page from the record, in versions, with nothing of our books on it; and what may be expected.

use crate::world::{Answer, Browser, World};
use axum::http::StatusCode;
use sameside::accounts::{Role, Sees};
use sameside::work;

/// Words and sums of our books, each of which stands somewhere in the record of [`deal`].
const OURS: [&str; 7] = ["secretly", "3,333", "444", "77 hours", "unkind", "5,555", "6.1 of 10"];

/// A deal with everything known of it: our costs, our chance, a note, an offer with what it is worth to us.
async fn deal(browser: &Browser) -> String {
    let form = [("title", "Online ordering"), ("company", "Aster Bakery"), ("price", "12000")];
    let deal = browser.post("/deals", &form).await.leads_to().to_owned();
    let answers = [
        ("goal", "Sell bread before Easter"),
        ("price", "12000"),
        ("benefit_per_month_low", "900"),
        ("benefit_per_month_likely", "1600"),
        ("benefit_per_month_high", "2600"),
        ("benefit_per_month_evidence", "client_said"),
        ("success_likely", "8"),
        ("success_evidence", "measured"),
        ("delivery_cost_likely", "3333"),
        ("delivery_cost_note", "Ben does it secretly on Sundays"),
        ("service_cost_per_month_likely", "444"),
        ("hours_to_close_likely", "77"),
        ("strategic_value_likely", "5555"),
    ];
    let answered = browser.post(&format!("{deal}/answers"), &answers).await;
    assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.text);
    let id = deal.trim_start_matches("/deals/");
    let note = [
        ("kind", "call"),
        ("title", "Maria was unkind"),
        ("deal", id),
        ("note", "unkind to Ben"),
        ("back", &deal),
    ];
    browser.post("/activities", &note).await;
    deal
}

fn version(page: &Answer, form: &str) -> String {
    let after = page
        .text
        .split(&format!("{form}\""))
        .nth(1)
        .unwrap_or_else(|| panic!("no form {form}: {}", page.text));
    after.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

async fn write(browser: &Browser, deal: &str, version: &str, we: &str, promised: &str) {
    let form = [
        ("version", version),
        ("measure", "From 20 to 60 orders a week, by 1 May"),
        ("we", we),
        ("they", "You tell us each Friday how it went"),
        ("will_not", "We do not touch your till"),
        ("promised", promised),
        ("until", "2026-12-24"),
    ];
    let written = browser.post(&format!("{deal}/proposal"), &form).await;
    assert_eq!(written.leads_to(), format!("{deal}/proposal"), "{}", written.text);
}

#[tokio::test]
async fn the_page_is_made_from_the_record_and_nothing_of_our_books_is_on_it() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = deal(&browser).await;
    browser.post(&format!("{deal}/negotiation"), &[("from", "figures")]).await;
    let page = browser.get(&format!("{deal}/negotiation")).await;
    let made = browser
        .post(&format!("{deal}/negotiation/offers"), &[("version", &version(&page, "/negotiation/offers"))])
        .await;
    assert_eq!(made.leads_to(), format!("{deal}/negotiation"), "{}", made.text);
    write(&browser, &deal, "", "We start on 1 December\nA person answers within a day", "1600").await;
    work::drain(&world.app).await.unwrap();
    let sheet = browser.get(&format!("{deal}/proposal/sheet")).await;
    for text in [
        "For Aster Bakery",
        "Sell bread before Easter",
        "From 20 to 60 orders a week",
        "What you may choose from",
        "Offer 2",
        "Over 12 months:",
        "€900 to €2,600 a month, likely €1,600, as you told us",
        "What we work towards: €1,600 a month",
        "A person answers within a day",
        "We do not touch your till",
        "Good until 24 Dec 2026",
        "Draft",
    ] {
        assert!(sheet.text.contains(text), "{text}: {}", sheet.text);
    }
    let record = browser.get(&deal).await.text;
    for ours in &OURS[..4] {
        assert!(record.contains(ours), "the record knows {ours}");
    }
    // What the offers are worth to us stands on the negotiation's page, and nowhere on this one.
    let bargain = browser.get(&format!("{deal}/negotiation")).await.text;
    assert!(bargain.contains("text-company"));
    browser.post(&format!("{deal}/proposal/issue"), &[("version", "1")]).await;
    for path in ["sheet", "sheet?version=1"] {
        let text = browser.get(&format!("{deal}/proposal/{path}")).await.text;
        for ours in OURS.iter().chain(&[
            "of 100 cases",
            "margin",
            "Worth to us",
            "text-company",
            "/negotiation",
            "<nav",
        ]) {
            assert!(!text.contains(ours), "{ours} is on the page: {text}");
        }
    }
}

#[tokio::test]
async fn an_issued_version_stays_as_it_was_and_the_next_says_why_it_changed() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = deal(&browser).await;
    let none = browser.post(&format!("{deal}/proposal/issue"), &[]).await;
    assert!(none.text.contains("no draft yet"));
    write(&browser, &deal, "", "We start on 1 December", "").await;
    browser.post(&format!("{deal}/proposal/issue"), &[("version", "1")]).await;
    let again = browser.post(&format!("{deal}/proposal/issue"), &[]).await;
    assert!(again.text.contains("Version 1 is issued"), "{}", again.text);
    // The deal goes on; the version does not.
    let page = browser.get(&format!("{deal}/edit")).await;
    let at =
        page.text.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let form = [
        ("title", "Ordering for three shops"),
        ("price", "11000"),
        ("currency", "EUR"),
        ("horizon_months", "12"),
        ("version", at.as_str()),
    ];
    assert_eq!(browser.post(&deal, &form).await.status, StatusCode::SEE_OTHER);
    let sheet = browser.get(&format!("{deal}/proposal/sheet?version=1")).await;
    assert!(
        sheet.text.contains("€12,000")
            && sheet.text.contains("Version 1, 22 Nov 2026")
            && !sheet.text.contains("three shops")
    );
    write(&browser, &deal, "", "We start on 8 December", "").await;
    let page = browser.get(&format!("{deal}/proposal")).await;
    assert!(
        page.text.contains("Issue version 2") && page.text.contains("What changed since the last version")
    );
    let silent = browser.post(&format!("{deal}/proposal/issue"), &[("version", "1")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text.contains("why it changed") && silent.text.contains("We start on 8 December"));
    let because = [("version", "1"), ("because", "The till arrives a week later.")];
    assert_eq!(
        browser.post(&format!("{deal}/proposal/issue"), &because).await.leads_to(),
        format!("{deal}/proposal")
    );
    let page = browser.get(&format!("{deal}/proposal")).await;
    for text in [
        "The till arrives a week later.",
        "<del>We start on 1 December</del><ins>We start on 8 December</ins>",
        "<del>€12,000</del><ins>€11,000</ins>",
        "Version 1, 22 Nov 2026",
    ] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    let old = browser.get(&format!("{deal}/proposal?version=1")).await;
    assert!(old.text.contains("This is version 1") && old.text.contains("We start on 1 December"));
    assert!(browser.get(&deal).await.text.contains("Version 2 issued on 22 Nov 2026"));
}

#[tokio::test]
async fn what_is_promised_is_kept_with_how_likely_it_is_reached() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = deal(&browser).await;
    write(&browser, &deal, "", "We start", "1600").await;
    let page = browser.get(&format!("{deal}/proposal")).await;
    // It works in 8 of 10 cases, and then brings the likely figure every other time.
    assert!(page.text.contains("reached in 40 of 100 cases"), "{}", page.text);
    browser.post(&format!("{deal}/proposal/issue"), &[("version", "1")]).await;
    let said = "Version 1 promises €1,600 a month: reached in 40 of 100 cases";
    assert!(browser.get(&deal).await.text.contains(said));
}

#[tokio::test]
async fn they_choose_an_offer_of_the_proposal_and_it_is_on_the_table() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = deal(&browser).await;
    browser.post(&format!("{deal}/negotiation"), &[("from", "figures")]).await;
    let page = browser.get(&format!("{deal}/negotiation")).await;
    browser
        .post(&format!("{deal}/negotiation/offers"), &[("version", &version(&page, "/negotiation/offers"))])
        .await;
    let page = browser.get(&format!("{deal}/proposal")).await;
    let form = page.text.split("action=\"/offerings/").nth(1).expect("they may choose");
    let path = format!("/offerings/{}", form.split('"').next().unwrap());
    let back = format!("{deal}/proposal");
    let chosen =
        browser.post(&path, &[("version", "1"), ("state", "chosen"), ("picked", "0"), ("back", &back)]).await;
    assert_eq!(chosen.leads_to(), back, "{}", chosen.text);
    let page = browser.get(&back).await;
    assert!(page.text.contains("Our offer") && !page.text.contains("Offer 2"));
}

#[tokio::test]
async fn a_story_is_told_only_of_what_was_verified_and_to_others_with_the_same_product() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let browser = world.browser(&world.ada).await;
    let product =
        browser.post("/products", &[("name", "Ordering"), ("currency", "EUR")]).await.leads_to().to_owned();
    let product = product.trim_start_matches("/products/").to_owned();
    let ada = world.ada.id.to_string();
    let profile = [
        ("success_low", "6"),
        ("success_likely", "8"),
        ("success_high", "9"),
        ("success_evidence", "measured"),
    ];
    browser.post(&format!("/products/{product}/profile"), &profile).await;
    let form = |title: &'static str| {
        [("title", title), ("price", "9000"), ("product", product.as_str()), ("owner", ada.as_str())]
    };
    let first = browser.post("/deals", &form("First")).await.leads_to().to_owned();
    let early = browser.post(&format!("{first}/story"), &[("told", "Nothing yet")]).await;
    assert!(early.text.contains("Only what was verified"), "{}", early.text);
    let left = browser
        .post(&format!("{first}/departure"), &[("standing", "verified"), ("reason", "40 orders more a week")])
        .await;
    assert_eq!(left.status, StatusCode::SEE_OTHER, "{}", left.text);
    let sentence = "Forty more orders a week after a spring.";
    assert_eq!(browser.post(&format!("{first}/story"), &[("told", sentence)]).await.leads_to(), first);
    let second = browser.post("/deals", &form("Second")).await.leads_to().to_owned();
    let page = browser.get(&second).await;
    for text in [sentence, "6 to 9 of 10, likely 8", "1 verified"] {
        assert!(page.text.contains(text), "{text}");
    }
    assert!(browser.get(&format!("{second}/proposal/sheet")).await.text.contains(sentence));
    // Who sees only their own does not read of hers.
    let ben_id = ben.id.to_string();
    let ben = world.browser(&ben).await;
    let own =
        [("title", "His"), ("price", "9000"), ("product", product.as_str()), ("owner", ben_id.as_str())];
    let his = ben.post("/deals", &own).await.leads_to().to_owned();
    assert!(!ben.get(&his).await.text.contains(sentence));
    assert_eq!(ben.get(&format!("{second}/proposal")).await.status, StatusCode::NOT_FOUND);
    browser.post(&format!("{first}/story"), &[("told", "")]).await;
    assert!(!browser.get(&second).await.text.contains(sentence));
}
