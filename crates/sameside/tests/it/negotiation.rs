//! Negotiation: a table of what could be in a deal, what follows from it, offers, and what was agreed.

use crate::world::{Answer, Browser, World};
use axum::http::StatusCode;
use sameside::accounts::{Role, Sees};
use sameside::work;

/// A deal of 10,000 euros; answers with its address.
async fn deal(browser: &Browser) -> String {
    let form = [("title", "Online ordering"), ("company", "Aster Bakery"), ("price", "10000")];
    browser.post("/deals", &form).await.leads_to().to_owned()
}

/// The same with a table of price and training, as the page of the method has it.
async fn table(browser: &Browser) -> String {
    let deal = deal(browser).await;
    browser.post(&format!("{deal}/negotiation"), &[("from", "blank")]).await;
    let price = [
        ("name", "Price"),
        ("sets", "price"),
        ("o0_name", "10,000"),
        ("o0_value", "10000"),
        ("o0_ours", "0"),
        ("o0_theirs_likely", "0"),
        ("o1_name", "9,000"),
        ("o1_value", "9000"),
        ("o1_ours", "-1000"),
        ("o1_theirs_likely", "1000"),
    ];
    let training = [
        ("name", "Training"),
        ("sets", "nothing"),
        ("o0_name", "none"),
        ("o0_ours", "0"),
        ("o0_theirs_likely", "0"),
        ("o1_name", "two days"),
        ("o1_ours", "-600"),
        ("o1_ours_because", "two days of Ben"),
        ("o1_theirs_low", "800"),
        ("o1_theirs_likely", "2000"),
        ("o1_theirs_high", "3000"),
        ("o1_theirs_evidence", "client_said"),
        ("o1_theirs_by", "Maria"),
    ];
    for form in [&price[..], &training[..]] {
        let answer = browser.post(&format!("{deal}/negotiation/issues"), form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }
    deal
}

/// The version of the table, as a form of the page carries it.
fn version(page: &Answer) -> String {
    let form = page.text.split("/negotiation/request\"").nth(1).expect("the form for what they ask");
    form.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Where the form that answers the newest offers leads, and its version.
fn answer_form(page: &Answer) -> (String, String) {
    let form = page.text.split("action=\"/offerings/").nth(1).expect("offers wait");
    let path = format!("/offerings/{}", form.split('"').next().unwrap());
    let version = form.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    (path, version.to_owned())
}

#[tokio::test]
async fn a_table_begins_with_the_deals_own_figures() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = deal(&browser).await;
    let answers = [
        ("goal", "Sell bread online"),
        ("price", "10000"),
        ("benefit_per_month_low", "900"),
        ("benefit_per_month_likely", "1600"),
        ("benefit_per_month_high", "2600"),
        ("benefit_per_month_evidence", "client_said"),
        ("success_likely", "8"),
    ];
    browser.post(&format!("{deal}/answers"), &answers).await;
    work::drain(&world.app).await.unwrap();
    let page = browser.get(&format!("{deal}/negotiation")).await;
    assert!(page.text.contains("Begin with this deal") && !page.text.contains("Begin with the table of"));
    let answer = browser.post(&format!("{deal}/negotiation"), &[("from", "figures")]).await;
    assert_eq!(answer.leads_to(), format!("{deal}/negotiation"));
    let page = browser.get(&format!("{deal}/negotiation")).await;
    for text in [
        "€9,500",
        "−€500",
        "+€500",
        "24 months",
        "50%",
        "45 packages",
        "on the table",
        "what they do not pay",
    ] {
        assert!(page.text.contains(text), "{text}");
    }
    let again = browser.post(&format!("{deal}/negotiation"), &[("from", "blank")]).await;
    assert!(again.text.contains("has a table already"), "{}", again.text);
    let page = browser.get(&deal).await;
    assert!(page.text.contains("What could be in it") && page.text.contains("The table and its picture"));
}

#[tokio::test]
async fn without_a_price_there_are_no_figures_to_begin_with() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = browser.post("/deals", &[("title", "A name alone")]).await.leads_to().to_owned();
    let answer = browser.post(&format!("{deal}/negotiation"), &[("from", "figures")]).await;
    assert!(answer.text.contains("no price to begin from"), "{}", answer.text);
}

#[tokio::test]
async fn every_package_is_drawn_and_said_and_what_is_better_for_both_is_offered() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = table(&browser).await;
    let page = browser.get(&format!("{deal}/negotiation")).await;
    for text in
        ["4 packages", "Maria said", "€800 to €3,000", "two days of Ben", "Nash", "The same as a table"]
    {
        assert!(page.text.contains(text), "{text}");
    }
    assert!(page.text.contains("aria-label=\"On the table. Price: 10,000; Training: none. Us €0, them €0\""));
    assert!(!page.text.contains("No package here leaves both better off"));
    let look = browser.get(&format!("{deal}/negotiation?look=1.3_4.6")).await;
    assert!(look.text.contains("The package you look at"));
    for wrong in ["1.3", "9.9", "nonsense", "1.3_4.6_7.8"] {
        let page = browser.get(&format!("{deal}/negotiation?look={wrong}")).await;
        assert!(page.status.is_success() && !page.text.contains("The package you look at"), "{wrong}");
    }
    // Two days cost us 600 and are worth 2,000: with our least at −600 it is worth giving.
    let least =
        [("our_least", "-700"), ("our_least_because", "The margin of the base"), ("their_least", "0")];
    let answer = browser.post(&format!("{deal}/negotiation/least"), &least).await;
    assert_eq!(answer.leads_to(), format!("{deal}/negotiation"));
    let page = browser.get(&format!("{deal}/negotiation")).await;
    assert!(page.text.contains("The margin of the base"));
    // An empty zone is told with the nearest and the way to part.
    let least = [("our_least", "100"), ("their_least", "500")];
    browser.post(&format!("{deal}/negotiation/least"), &least).await;
    let page = browser.get(&format!("{deal}/negotiation")).await;
    for text in ["No package here leaves both better off", "short for", "departure?way=walked_away"] {
        assert!(page.text.contains(text), "{text}");
    }
    assert!(!page.text.contains("Make three equal offers"));
}

#[tokio::test]
async fn asked_for_something_it_says_what_would_keep_us_whole_and_the_ledger_knows_the_sums() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = table(&browser).await;
    let page = browser.get(&format!("{deal}/negotiation")).await;
    // Put the lower price with no training on the table; they ask for training: yes, at the full price.
    let put = [("package", "1.3_4.5"), ("version", &version(&page))];
    browser.post(&format!("{deal}/negotiation/package"), &put).await;
    let page = browser.get(&format!("{deal}/negotiation")).await;
    let wish = [("issue_4", "6"), ("issue_1", ""), ("version", &version(&page))];
    browser.post(&format!("{deal}/negotiation/request"), &wish).await;
    let page = browser.get(&format!("{deal}/negotiation")).await;
    for text in
        ["What would keep us whole", "One other thing changes.", "asked for", "With what they ask for"]
    {
        assert!(page.text.contains(text), "{text}");
    }
    let link =
        page.text.split("href=\"").find(|part| part.contains("came_back=")).expect("a link to the ledger");
    let link = link.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    let form = browser.get(&link).await;
    for text in ["Training: two days instead of none", "value=\"600\"", "Price: 10,000 instead of 9,000"] {
        assert!(form.text.contains(text), "{text} at {link}");
    }
    let put = [("package", "1.2_4.6"), ("version", &version(&page))];
    browser.post(&format!("{deal}/negotiation/package"), &put).await;
    let page = browser.get(&format!("{deal}/negotiation")).await;
    assert!(!page.text.contains("What would keep us whole"), "what is granted is not asked for any more");
    let stale = browser
        .post(&format!("{deal}/negotiation/package"), &[("package", "1.2_4.5"), ("version", "1")])
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn three_offers_are_made_chosen_from_and_agreed_on_and_the_deal_says_so() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = table(&browser).await;
    // Four ways to help in which nobody knows what they would rather have, all alike to us.
    for name in ["Support", "Visits"] {
        let form = [
            ("name", name),
            ("sets", "nothing"),
            ("o0_name", "mornings"),
            ("o0_ours", "0"),
            ("o1_name", "evenings"),
            ("o1_ours", "0"),
        ];
        browser.post(&format!("{deal}/negotiation/issues"), &form).await;
    }
    let least = [("our_least", "-3000"), ("their_least", "0")];
    browser.post(&format!("{deal}/negotiation/least"), &least).await;
    let page = browser.get(&format!("{deal}/negotiation")).await;
    let made = browser.post(&format!("{deal}/negotiation/offers"), &[("version", &version(&page))]).await;
    assert_eq!(made.leads_to(), format!("{deal}/negotiation"), "{}", made.text);
    let page = browser.get(&format!("{deal}/negotiation")).await;
    assert!(page.text.contains("Three equal offers") && page.text.contains("Waits for their choice"));
    let (path, at) = answer_form(&page);
    let nothing = browser.post(&path, &[("version", &at), ("state", "chosen"), ("picked", "7")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let chosen = browser.post(&path, &[("version", &at), ("state", "chosen"), ("picked", "1")]).await;
    assert_eq!(chosen.leads_to(), format!("{deal}/negotiation"));
    let page = browser.get(&format!("{deal}/negotiation")).await;
    for text in ["They chose", "What they chose once counts in it.", "Both agree on it"] {
        assert!(page.text.contains(text), "{text}");
    }
    // Both agree on the lower price with training.
    let package = "1.3_4.6_7.8_10.11";
    let agreed = browser
        .post(&format!("{deal}/negotiation/agreement"), &[("package", package), ("version", &version(&page))])
        .await;
    assert_eq!(agreed.leads_to(), format!("{deal}/negotiation"), "{}", agreed.text);
    let page = browser.get(&format!("{deal}/negotiation")).await;
    for text in ["Agreed on 22 Nov 2026", "Move the deal on: Deliver", "till better for both"] {
        assert!(page.text.contains(text), "{text}");
    }
    let page = browser.get(&deal).await;
    assert!(page.text.contains("€9,000 over 12 months") && page.text.contains("Agreed on 22 Nov 2026."));
    let history = browser.get(&format!("/history?of={}", deal.replace("/deals/", "deal."))).await.text;
    assert!(history.contains("€9,000"), "the deal's own history tells the price");
}

#[tokio::test]
async fn a_product_keeps_a_table_for_its_next_deals() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::All).await;
    let (ada, ben) = (world.browser(&world.ada).await, world.browser(&ben).await);
    let product =
        ada.post("/products", &[("name", "Ordering"), ("currency", "EUR")]).await.leads_to().to_owned();
    let product = product.trim_start_matches("/products/").to_owned();
    let with = |title: &'static str| [("title", title), ("price", "9000"), ("product", "")];
    let first = table(&ada).await;
    let nothing = ada.post(&format!("{first}/negotiation/template"), &[]).await;
    assert!(nothing.text.contains("about no product"), "{}", nothing.text);
    // The deal's form takes the product by its id.
    let edit = ada.get(&format!("{first}/edit")).await;
    let at =
        edit.text.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let form = [
        ("title", "Online ordering"),
        ("price", "10000"),
        ("product", product.as_str()),
        ("currency", "EUR"),
        ("horizon_months", "12"),
        ("version", at.as_str()),
    ];
    let changed = ada.post(&first, &form).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text);
    assert_eq!(ben.post(&format!("{first}/negotiation/template"), &[]).await.status, StatusCode::FORBIDDEN);
    let kept = ada.post(&format!("{first}/negotiation/template"), &[]).await;
    assert_eq!(kept.leads_to(), format!("{first}/negotiation"), "{}", kept.text);
    let mut second = with("Another bakery").to_vec();
    second.retain(|(name, _)| !name.starts_with("product"));
    second.push(("product", &product));
    let second = ben.post("/deals", &second).await.leads_to().to_owned();
    let page = ben.get(&format!("{second}/negotiation")).await;
    assert!(page.text.contains("Begin with the table of Ordering"));
    ben.post(&format!("{second}/negotiation"), &[("from", "product")]).await;
    let page = ben.get(&format!("{second}/negotiation")).await;
    assert!(page.text.contains("two days of Ben"));
    // Its price is 9,000, and so that option is on the table.
    assert!(page.text.contains("On the table. Price: 9,000; Training: none."), "{}", page.text);
}

#[tokio::test]
async fn what_is_wrong_with_an_issue_is_said_at_its_field_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = table(&browser).await;
    for (form, said) in [
        (vec![("name", "Price"), ("o0_name", "x")], "already"),
        (vec![("name", "Term")], "1 to 24 options"),
        (vec![("name", "Term"), ("o0_name", "a"), ("o1_name", "A")], "this one is there already"),
        (vec![("name", "Term"), ("o0_name", "kept words"), ("o0_ours", "much")], "1200"),
        (
            vec![("name", "Term"), ("sets", "months"), ("o0_name", "long"), ("o0_value", "500")],
            "from 1 to 120",
        ),
        (
            vec![("name", "Term"), ("sets", "price"), ("o0_name", "long"), ("o0_value", "5")],
            "sets “The price” already",
        ),
    ] {
        let page = browser.post(&format!("{deal}/negotiation/issues"), &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
        assert!(page.text.contains(said), "{said}: {}", page.text);
        assert!(form.iter().all(|(_, value)| page.text.contains(value)), "{form:?}");
    }
    let stale = [("name", "Training"), ("o0_name", "none"), ("version", "1")];
    let page = browser.post(&format!("{deal}/negotiation/issues/4"), &stale).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text.contains("Somebody changed the table meanwhile"));
    let page = browser.get(&format!("{deal}/negotiation/issues/4")).await;
    assert!(page.text.contains("two days of Ben") && page.text.contains("value=\"Maria\""));
    assert_eq!(browser.get(&format!("{deal}/negotiation/issues/99")).await.status, StatusCode::NOT_FOUND);
    let page = browser.get(&format!("{deal}/negotiation")).await;
    let drop = [("version", version(&page))];
    let drop: Vec<(&str, &str)> = drop.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(&format!("{deal}/negotiation/issues/4/removal"), &drop).await;
    assert!(browser.get(&format!("{deal}/negotiation")).await.text.contains("2 packages"));
}

#[tokio::test]
async fn who_does_not_see_the_deal_sees_nothing_of_its_table() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let (ada, ben) = (world.browser(&world.ada).await, world.browser(&ben).await);
    let deal = table(&ada).await;
    let id = deal.trim_start_matches("/deals/");
    let edit = ada.get(&format!("{deal}/edit")).await;
    let at =
        edit.text.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let form = [
        ("title", "Hers"),
        ("price", "10000"),
        ("owner", &world.ada.id.to_string()),
        ("currency", "EUR"),
        ("horizon_months", "12"),
        ("version", &at),
    ];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, *value)).collect();
    assert_eq!(ada.post(&deal, &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(ben.get(&format!("{deal}/negotiation")).await.status, StatusCode::NOT_FOUND);
    let history = ben.get(&format!("/history?of=deal.{id}")).await;
    assert!(!history.text.contains("What could be in it"));
}
