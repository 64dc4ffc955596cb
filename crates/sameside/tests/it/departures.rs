//! Walking away and being declined: honest words, somebody who may serve them better, and a condition that is watched.

use crate::world::{Answer, Browser, World};
use axum::http::StatusCode;
use sameside::base::{Currency, Id, Source};
use sameside::diagnosis::{Figure, Parameter};
use sameside::products::Product;
use sameside::records;
use sameside::work;

/// A product whose profile says that it rarely works, and a deal about it; answers with both.
async fn poor_deal(browser: &Browser, world: &World) -> (Id<Product>, String) {
    let act = world.act().await;
    let product = world
        .app
        .write(move |tx| {
            Box::pin(async move {
                let product = records::create(tx, &act, Product::named("Day routes", Currency::EUR)).await?;
                for (parameter, three) in [
                    (Parameter::Success, [0.1, 0.15, 0.2]),
                    (Parameter::Delivery, [6_000.0, 7_000.0, 8_000.0]),
                ] {
                    let [low, likely, high] = three;
                    let figure = Figure {
                        deal_id: None,
                        product_id: Some(product.id),
                        parameter,
                        low,
                        likely,
                        high,
                        source: Source::Measured,
                        said_by: None,
                        said_on: None,
                        note: None,
                    };
                    records::create(tx, &act, figure).await?;
                }
                Ok::<_, sameside::error::Error>(product.id)
            })
        })
        .await
        .unwrap();
    let owner = world.ada.id.to_string();
    let form = [
        ("title", "Routes for the night drivers"),
        ("company", "Brisk Couriers"),
        ("price", "21000"),
        ("product", &product.to_string()),
        ("owner", &owner),
    ];
    let deal = browser.post("/deals", &form).await.leads_to().to_owned();
    let answers = [
        ("goal", "Home by five, with nothing left in the vans"),
        ("price", "21000"),
        ("benefit_per_month_low", "4000"),
        ("benefit_per_month_likely", "5000"),
        ("benefit_per_month_high", "6000"),
        ("benefit_per_month_evidence", "client_said"),
    ];
    browser.post(&format!("{deal}/answers"), &answers).await;
    (product, deal)
}

/// The text of the message in a form.
fn message(page: &Answer) -> String {
    let text = page.text.split("name=\"message\"").nth(1).unwrap();
    text.split('>').nth(1).unwrap().split("</textarea").next().unwrap().to_owned()
}

#[tokio::test]
async fn walking_away_drafts_honest_words_and_sends_nothing() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let (_, deal) = poor_deal(&browser, &world).await;
    let page = browser.get(&format!("{deal}/departure")).await;
    assert_eq!(page.status, StatusCode::OK);
    let draft = message(&page);
    assert!(
        draft.contains("Home by five, with nothing left in the vans.") && draft.contains("Ada Lind"),
        "{draft}"
    );
    assert!(!draft.contains("7,000"), "nothing of our books: {draft}");
    let form = [
        ("standing", "walked_away"),
        ("side", "client"),
        ("reason", "We do not do night routes"),
        ("referral", "Nachtweg in Linz"),
        ("message", "old words"),
        ("draft", "true"),
    ];
    let again = browser.post(&format!("{deal}/departure"), &form).await;
    assert_eq!(again.status, StatusCode::OK);
    let draft = message(&again);
    assert!(draft.contains("We do not do night routes.") && draft.contains("Nachtweg in Linz."), "{draft}");
    assert!(browser.get("/deals").await.text.contains("Routes for the night drivers"), "nothing is left yet");
    let form = [&form[..4], &[("message", "Dear Petra, no.")]].concat();
    let left = browser.post(&format!("{deal}/departure"), &form).await;
    assert_eq!(left.leads_to(), deal);
    let page = browser.get(&deal).await;
    for text in
        ["Walked away", "They would not gain", "Nachtweg in Linz", "Dear Petra, no.", "that were still ahead"]
    {
        assert!(page.text.contains(text), "{text}");
    }
    assert!(!page.text.to_lowercase().contains("lost"));
}

#[tokio::test]
async fn a_figure_that_passes_its_break_even_brings_the_deal_back() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let (product, deal) = poor_deal(&browser, &world).await;
    let form = [
        ("standing", "walked_away"),
        ("reason", "It works for one in seven."),
        ("watch_figure", "client.success"),
    ];
    assert_eq!(browser.post(&format!("{deal}/departure"), &form).await.leads_to(), deal);
    assert!(browser.get(&deal).await.text.contains("When chance that it works for them rises to"));
    work::drain(&world.app).await.unwrap();
    assert!(!browser.get("/").await.text.contains("What you waited for has come"));
    let act = world.act().await;
    let figure = {
        let mut conn = world.app.read().await.unwrap();
        let scope = world.act().await.scope;
        let all = sameside::history::of(&mut conn, &scope, product.uuid(), None).await.unwrap();
        let is_success = |event: &&sameside::history::Event| event.title == Parameter::Success.label();
        Id::<Figure>::of(all.iter().find(is_success).unwrap().subject)
    };
    world
        .app
        .write(move |tx| {
            Box::pin(async move {
                let edit = |figure: &mut Figure| {
                    (figure.low, figure.likely, figure.high) = (0.85, 0.9, 0.95);
                    Ok(())
                };
                records::change(tx, &act, figure, None, edit).await
            })
        })
        .await
        .unwrap();
    work::drain(&world.app).await.unwrap();
    let today = browser.get("/").await;
    assert!(
        today.text.contains("What you waited for has come") && today.text.contains("9 of 10 now"),
        "{}",
        today.text
    );
    let page = browser.get(&deal).await;
    assert!(page.text.contains("Open it again"));
    browser.post(&format!("{deal}/return"), &[]).await;
    assert!(browser.get("/deals").await.text.contains("Routes for the night drivers"));
    assert!(!browser.get("/").await.text.contains("What you waited for has come"));
}

#[tokio::test]
async fn a_changed_product_or_a_day_brings_it_back_and_it_can_be_left_be() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let (product, deal) = poor_deal(&browser, &world).await;
    let form = [
        ("standing", "declined"),
        ("reason", "They take somebody who does nights."),
        ("learnt", "Ask about nights in the first call."),
        ("watch_product", "true"),
        ("watch_on", "2027-03-01"),
    ];
    assert_eq!(browser.post(&format!("{deal}/departure"), &form).await.leads_to(), deal);
    let page = browser.get(&deal).await;
    assert!(
        page.text.contains("Declined by them") && page.text.contains("Ask about nights in the first call.")
    );
    assert!(page.text.contains("On 1 Mar 2027, or when Day routes changes"), "{}", page.text);
    let act = world.act().await;
    world
        .app
        .write(move |tx| {
            Box::pin(async move {
                let edit = |product: &mut Product| {
                    product.price_minor = Some(1_500_000);
                    Ok(())
                };
                records::change(tx, &act, product, None, edit).await
            })
        })
        .await
        .unwrap();
    work::drain(&world.app).await.unwrap();
    assert!(browser.get("/").await.text.contains("Day routes has changed. Price: none before, €15,000 now."));
    let silent = browser.post(&format!("{deal}/departure/settlement"), &[]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text.contains("why it is right to leave it"));
    let because = [("let_be", "The price was never it.")];
    assert_eq!(browser.post(&format!("{deal}/departure/settlement"), &because).await.leads_to(), deal);
    assert!(!browser.get("/").await.text.contains("Day routes has changed"));
    assert!(browser.get(&deal).await.text.contains("The price was never it."));
}

#[tokio::test]
async fn words_and_conditions_can_be_changed_after_leaving() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let (_, deal) = poor_deal(&browser, &world).await;
    browser.post(&format!("{deal}/departure"), &[("standing", "walked_away"), ("reason", "Nights.")]).await;
    let page = browser.get(&format!("{deal}/departure")).await;
    assert!(page.text.contains("How we left it"));
    let version =
        page.text.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let change = [
        ("standing", "walked_away"),
        ("version", &version),
        ("reason", "Nights."),
        ("message", "Dear all, we are sorry."),
        ("watch_on", "2026-11-23"),
    ];
    assert_eq!(browser.post(&format!("{deal}/departure"), &change).await.leads_to(), deal);
    assert!(browser.get(&deal).await.text.contains("Dear all, we are sorry."));
    world.wait_seconds(86_400);
    let act = world.act().await;
    world
        .app
        .write(move |tx| {
            Box::pin(async move { sameside::jobs::later(tx, &act, sameside::jobs::MORNING, "", "{}").await })
        })
        .await
        .unwrap();
    work::drain(&world.app).await.unwrap();
    assert!(browser.get("/").await.text.contains("The day has come: 23 Nov 2026."));
}

#[tokio::test]
async fn a_client_is_parted_with_kindly_and_what_is_owed_to_it_stays() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let owner = world.ada.id.to_string();
    let company = [("name", "Paper Moon"), ("owner_id", &owner)];
    let client = browser.post("/companies", &company).await.leads_to().to_owned();
    let deal = [("title", "Labels for the shop"), ("company", "Paper Moon"), ("owner", &owner)];
    let open = browser.post("/deals", &deal).await.leads_to().to_owned();
    let help = [("title", "The till prints twice"), ("company_id", &client[11..])];
    browser.post("/service", &help).await;
    work::drain(&world.app).await.unwrap();
    let heard = browser.get("/care").await.text;
    assert!(heard.contains("Paper Moon") || browser.get(&client).await.text.contains("Next by"));
    let form = browser.get(&format!("{client}/goodbye")).await;
    for text in [
        "Part kindly",
        "Labels for the shop",
        "We still owe them 1 request for help",
        "What we have promised you",
    ] {
        assert!(form.text.contains(text), "{text}: {}", form.text);
    }
    let silent = browser.post(&format!("{client}/goodbye"), &[("way", "walked_away")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "why is part of it");
    let said = [
        ("way", "walked_away"),
        ("side", "both"),
        ("reason", "Their counter is made of paper"),
        ("message", "Dear all, thank you."),
        ("referral", "Their wholesaler"),
        ("watch_on", "2001-01-01"),
    ];
    assert_eq!(browser.post(&format!("{client}/goodbye"), &said).await.leads_to(), client);
    let page = browser.get(&client).await;
    for text in [
        "We do not serve them any longer",
        "Their counter is made of paper",
        "Their wholesaler",
        "1 request for help",
    ] {
        assert!(page.text.contains(text), "{text}");
    }
    assert!(browser.get(&open).await.text.contains("Walked away."), "its open deal is left with it");
    let twice = browser
        .post(&format!("{client}/goodbye"), &[("way", "walked_away"), ("reason", "Other words")])
        .await;
    assert_eq!(twice.leads_to(), client, "said again, it is said otherwise");
    browser.post(&format!("{client}/goodbye"), &said).await;
    work::drain(&world.app).await.unwrap();
    assert!(!browser.get("/care").await.text.contains("Paper Moon"), "nobody is asked to speak with them");
    let workspace = world.act().await.scope.workspace();
    sameside::departures::actions::watch_all(&world.app, workspace).await.unwrap();
    let today = browser.get("/").await.text;
    assert!(today.contains("What you waited for has come") && today.contains("Paper Moon"));
    let why = [("let_be", "Nothing has changed there")];
    browser.post(&format!("{client}/goodbye/settlement"), &why).await;
    assert!(!browser.get("/").await.text.contains("Their counter is made of paper"));
    assert_eq!(browser.post(&format!("{client}/goodbye/end"), &[]).await.leads_to(), client);
    work::drain(&world.app).await.unwrap();
    let page = browser.get(&client).await;
    assert!(!page.text.contains("We do not serve them any longer"), "they are served again");
    let told = browser.get(&format!("/history?of=company.{}", &client[11..])).await.text;
    assert!(told.contains("said goodbye to them:") && told.contains("Neither would gain"));
}

#[tokio::test]
async fn somebody_who_left_us_is_thanked_and_not_argued_with() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let client = browser.post("/companies", &[("name", "Juniper Toys")]).await.leads_to().to_owned();
    let form = browser.get(&format!("{client}/goodbye?way=declined")).await.text;
    assert!(form.contains("They left us") && form.contains("thank you for telling us plainly"));
    let said = [("way", "declined"), ("reason", "They hired somebody who does it by hand")];
    browser.post(&format!("{client}/goodbye"), &said).await;
    assert!(browser.get(&client).await.text.contains("They do not work with us any longer"));
}

#[tokio::test]
async fn a_client_we_parted_with_comes_back_when_what_we_offer_has_changed() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let nights = [("name", "Night watch"), ("price", "900"), ("currency", "EUR")];
    let product = browser.post("/products", &nights).await.leads_to().to_owned();
    let client = browser.post("/companies", &[("name", "Juniper Toys")]).await.leads_to().to_owned();
    let of = &product["/products/".len()..];
    let said = [("way", "walked_away"), ("reason", "Nights cost them too much"), ("product_id", of)];
    browser.post(&format!("{client}/goodbye"), &said).await;
    let page = browser.get(&client).await.text;
    assert!(page.contains("when Night watch changes"), "{page}");
    let workspace = world.act().await.scope.workspace();
    sameside::departures::actions::watch_all(&world.app, workspace).await.unwrap();
    assert!(!browser.get("/").await.text.contains("Juniper Toys"), "nothing has changed yet");
    let cheaper = [("name", "Night watch"), ("price", "700"), ("currency", "EUR"), ("version", "1")];
    browser.post(&product, &cheaper).await;
    sameside::departures::actions::watch_all(&world.app, workspace).await.unwrap();
    let today = browser.get("/").await.text;
    assert!(today.contains("Juniper Toys") && today.contains("Price: €900 before, €700 now"), "{today}");
    let nonsense =
        [("way", "walked_away"), ("reason", "Why"), ("product_id", "0198f2c0-0000-7000-8000-000000000000")];
    let other = browser.post("/companies", &[("name", "Paper Moon")]).await.leads_to().to_owned();
    let refused = browser.post(&format!("{other}/goodbye"), &nonsense).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("one of our products"), "{}", refused.text);
}

#[tokio::test]
async fn a_goodbye_that_was_not_meant_is_taken_back_with_its_deals() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let owner = world.ada.id.to_string();
    let client = browser.post("/companies", &[("name", "Paper Moon")]).await.leads_to().to_owned();
    let deal = |title| [("title", title), ("company", "Paper Moon"), ("owner", owner.as_str())];
    let before = browser.post("/deals", &deal("Old labels")).await.leads_to().to_owned();
    let why = [("standing", "walked_away"), ("reason", "Not now")];
    browser.post(&format!("{before}/departure"), &why).await;
    let open = browser.post("/deals", &deal("Labels for the shop")).await.leads_to().to_owned();
    world.wait_seconds(60);
    let said = [("way", "walked_away"), ("reason", "Their counter is made of paper")];
    browser.post(&format!("{client}/goodbye"), &said).await;
    assert!(browser.get(&open).await.text.contains("Walked away."));
    browser.post(&format!("{client}/goodbye/removal"), &[]).await;
    assert!(!browser.get(&open).await.text.contains("Walked away."), "it is open again");
    assert!(browser.get(&before).await.text.contains("Walked away."), "what was left before stays left");
    assert!(!browser.get(&client).await.text.contains("We do not serve them any longer"));
    let again = browser.post(&format!("{client}/goodbye/removal"), &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "there is nothing more to take back");
}
