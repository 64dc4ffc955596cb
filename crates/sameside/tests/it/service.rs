//! Service: what clients ask for, who waits longest against what was promised, what is said and to whom it is shown.

use crate::world::{Answer, Browser, World};
use axum::http::StatusCode;
use sameside::accounts::{Role, Sees};

/// Hours until Monday, nine in the morning, where the world's days begin.
const TO_MONDAY: i64 = 21 * 3_600;

/// Asks for help; answers with the address of the request.
async fn ask(browser: &Browser, form: &[(&str, &str)]) -> String {
    let answer = browser.post("/service", form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.leads_to().to_owned()
}

/// The titles of the queue, in their order.
fn titles(page: &Answer) -> Vec<String> {
    page.text
        .split("<span class=\"item-text\"><a href=\"/service/")
        .skip(1)
        .map(|part| part.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_request_is_written_down_answered_and_resolved_from_the_queue() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    world.wait_seconds(TO_MONDAY);
    let form = [
        ("title", "The labels print twice"),
        ("company_id", "Aster Bakery"),
        ("contact_id", "Maria Oliveira"),
        ("said", "Every morning at six."),
    ];
    let request = ask(&browser, &form).await;
    let page = browser.get("/service").await;
    for text in [
        "The labels print twice",
        "Aster Bakery",
        "Maria Oliveira",
        "Nobody answers yet",
        "of the 4 h promised",
    ] {
        assert!(page.text.contains(text), "{text}");
    }
    world.wait_seconds(2 * 3_600);
    assert!(browser.get("/service").await.text.contains("Waits 2 h of the 4 h promised for a first answer"));
    let answer = [("text", "We look at it now."), ("next", "us"), ("back", "/service")];
    assert_eq!(browser.post(&format!("{request}/answers"), &answer).await.leads_to(), "/service");
    let page = browser.get(&request).await.text;
    for text in ["We look at it now.", "after 2 h of the 4 h promised", "Every morning at six.", "Ada Lind"] {
        assert!(page.contains(text), "{text}");
    }
    assert!(browser.get("/service?show=mine").await.text.contains("until it is resolved"));
    browser
        .post(&format!("{request}/answers"), &[("text", "It was the driver."), ("next", "resolved")])
        .await;
    assert_eq!(titles(&browser.get("/service").await), Vec::<String>::new());
    assert_eq!(titles(&browser.get("/service?show=resolved").await), ["The labels print twice"]);
    let again = browser.post(&format!("{request}/answers"), &[("next", "us")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "what is resolved is opened first");
    browser.post(&format!("{request}/words"), &[("text", "It is back.")]).await;
    assert_eq!(titles(&browser.get("/service").await), ["The labels print twice"]);
    assert!(browser.get(&request).await.text.contains("Opened again"));
    sameside::search::catch_up(&world.app).await.unwrap();
    let found = browser.get("/search?q=labels").await.text;
    assert!(found.contains("The labels print twice"), "requests are found");
}

#[tokio::test]
async fn who_waits_longest_against_what_was_promised_comes_first_whatever_they_pay() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    world.wait_seconds(TO_MONDAY);
    ask(&browser, &[("title", "Small one"), ("company_id", "Ferry Lane Books")]).await;
    world.wait_seconds(3_600);
    ask(&browser, &[("title", "Large one"), ("company_id", "Meridian Group")]).await;
    // Promised within an hour, asked half an hour ago: half of it is used up, and more of no other.
    let form = [("title", "Urgent one"), ("company_id", "Linden Physio"), ("answer_hours", "1")];
    ask(&browser, &form).await;
    let order = ["Small one", "Large one", "Urgent one"];
    assert_eq!(titles(&browser.get("/service").await)[0], order[0]);
    world.wait_seconds(1_800);
    assert_eq!(titles(&browser.get("/service").await), ["Urgent one", "Small one", "Large one"]);
    // The large client agrees to much, and its revenue is written down: nothing changes.
    let deal = browser
        .post("/deals", &[("title", "Everything"), ("company", "Meridian Group"), ("price", "900000")])
        .await;
    let deal = deal.leads_to().to_owned();
    ask(&browser, &[("title", "Of the large deal"), ("deal_id", deal.rsplit('/').next().unwrap())]).await;
    let page = browser.get("/service").await;
    assert_eq!(titles(&page), ["Urgent one", "Small one", "Large one", "Of the large deal"]);
    assert!(!page.text.contains("900"), "no price is in sight");
    world.wait_seconds(4 * 3_600);
    let page = browser.get("/service").await;
    assert!(page.text.contains("badge--broken\">") && page.text.contains("beyond what we promised"));
    assert!(page.text.contains("<span class=\"nav-count\">3<span class=\"hidden\"> beyond what we promised"));
}

#[tokio::test]
async fn what_we_note_for_ourselves_is_not_among_what_they_read() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let request = ask(&browser, &[("title", "A question"), ("contact_id", "Jo Almeida")]).await;
    let refused = browser.post(&format!("{request}/notes"), &[("text", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.post(&format!("{request}/notes"), &[("text", "They are behind with paying.")]).await;
    browser
        .post(&format!("{request}/answers"), &[("text", "It is in the menu above."), ("next", "them")])
        .await;
    let page = browser.get(&request).await.text;
    assert!(page.contains("They are behind with paying.") && page.contains("Only we see it"));
    assert_eq!(titles(&browser.get("/service?show=theirs").await), ["A question"]);
    let id = request.rsplit('/').next().unwrap().parse().unwrap();
    let act = world.act().await;
    let mut conn = world.app.read().await.unwrap();
    let said = sameside::service::actions::said(&mut conn, &act.scope, id).await.unwrap();
    let texts: Vec<_> = said.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["It is in the menu above."]);
}

#[tokio::test]
async fn working_hours_days_off_and_promises_are_settings_and_stay_as_promised() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let before = ask(&browser, &[("title", "Before")]).await;
    assert!(browser.get(&before).await.text.contains("23 Nov 2026, 13:00"), "four hours from Monday at nine");
    let page = browser.get("/settings/service").await.text;
    let version =
        page.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let wrong =
        [("version", version.as_str()), ("open_0", "soon"), ("days_off", "Christmas"), ("answer_hours", "0")];
    let refused = browser.post("/settings/service", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("hours such as 09:00 to 17:00") && refused.text.contains("a day a line"));
    let right = [
        ("version", version.as_str()),
        ("open_0", "8 to 12"),
        ("open_1", "8 to 12, 13 to 17"),
        ("days_off", "2026-11-23 A holiday\n"),
        ("answer_hours", "6"),
        ("resolve_hours", "16"),
    ];
    assert_eq!(browser.post("/settings/service", &right).await.leads_to(), "/settings/service");
    let page = browser.get("/settings/service").await.text;
    assert!(page.contains("08:00 to 12:00, 13:00 to 17:00") && page.contains("2026-11-23"));
    let after = ask(&browser, &[("title", "After")]).await;
    assert!(browser.get(&after).await.text.contains("24 Nov 2026, 15:00"), "Monday is off, and lunch");
    assert!(browser.get(&before).await.text.contains("23 Nov 2026, 13:00"), "promised is promised");
}

#[tokio::test]
async fn a_text_to_answer_with_is_filled_in_and_seen_before_it_goes() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let text = [("name", "Thanks"), ("text", "Dear {first_name}, we look at “{request}”. {me}")];
    assert_eq!(browser.post("/settings/templates", &text).await.leads_to(), "/settings/service");
    let request = ask(&browser, &[("title", "Two prices"), ("contact_id", "Teo Marsh")]).await;
    let page = browser.get(&request).await.text;
    let at = page.split("<option value=\"").find(|part| part.contains(">Thanks<")).unwrap();
    let id = at.split('"').next().unwrap();
    let page = browser.get(&format!("{request}?template={id}")).await.text;
    assert!(page.contains("Dear Teo, we look at “Two prices”. Ada Lind"));
    let removed = browser.post(&format!("/settings/templates/{id}/removal"), &[]).await;
    assert_eq!(removed.leads_to(), "/settings/service");
    assert!(!browser.get("/settings/service").await.text.contains("Thanks</summary>"));
}

#[tokio::test]
async fn a_product_and_a_request_may_promise_otherwise() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let product =
        [("name", "Night line"), ("currency", "EUR"), ("answer_hours", "1"), ("resolve_hours", "2")];
    let product = browser.post("/products", &product).await.leads_to().to_owned();
    let product = product.rsplit('/').next().unwrap();
    let deal = [("title", "Nights"), ("company", "Brisk Couriers"), ("product", product)];
    let deal = browser.post("/deals", &deal).await.leads_to().to_owned();
    let of_deal = deal.rsplit('/').next().unwrap();
    let request = ask(&browser, &[("title", "Down"), ("deal_id", of_deal), ("back", &deal)]).await;
    assert_eq!(request, deal);
    let page = browser.get(&deal).await.text;
    assert!(page.contains("Down") && page.contains("of the 60 min promised"));
    let own = ask(&browser, &[("title", "Later"), ("deal_id", of_deal), ("answer_hours", "10")]).await;
    let page = browser.get(&own).await.text;
    assert!(page.contains("24 Nov 2026, 11:00"), "ten hours from Monday at nine");
}

#[tokio::test]
async fn who_sees_only_their_own_sees_what_is_nobodys_and_takes_it() {
    let world = World::new().await;
    let ben = world.member("Ben Okafor", Role::Seller, Sees::Own).await;
    let mia = world.member("Mia Lund", Role::Seller, Sees::Own).await;
    let (ben, mia) = (world.browser(&ben).await, world.browser(&mia).await);
    let request = ask(&ben, &[("title", "Free for anybody")]).await;
    assert_eq!(titles(&mia.get("/service?show=nobody").await), ["Free for anybody"]);
    mia.post(&format!("{request}/owner"), &[("owner_id", "me"), ("back", "/service")]).await;
    assert_eq!(titles(&mia.get("/service?show=mine").await), ["Free for anybody"]);
    assert_eq!(ben.get(&request).await.status, StatusCode::NOT_FOUND);
    assert_eq!(titles(&ben.get("/service").await), Vec::<String>::new());
    mia.post(&format!("{request}/notes"), &[("text", "Mia's secret note")]).await;
    assert!(!ben.get("/history").await.text.contains("secret note"));
    assert!(mia.get("/history").await.text.contains("secret note"));
}

#[tokio::test]
async fn a_request_is_changed_removed_and_brought_back_like_any_record() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let request = ask(&browser, &[("title", "Wrong name"), ("company_id", "Aster Bakery")]).await;
    let form = [
        ("version", "1"),
        ("title", "Right name"),
        ("company_id", "Aster Bakery"),
        ("answer_hours", "8"),
        ("resolve_hours", "30"),
    ];
    assert_eq!(browser.post(&request, &form).await.leads_to(), request);
    let page = browser.get(&request).await.text;
    assert!(
        page.contains("Right name") && page.contains("23 Nov 2026, 17:00"),
        "eight hours from Monday at nine"
    );
    assert_eq!(browser.post(&format!("{request}/removal"), &[]).await.leads_to(), "/service");
    assert_eq!(titles(&browser.get("/service").await), Vec::<String>::new());
    browser.post(&format!("{request}/restoration"), &[]).await;
    assert_eq!(titles(&browser.get("/service").await), ["Right name"]);
}

#[tokio::test]
async fn a_request_becomes_a_promise_of_its_deals_plan_and_is_shown_on_both() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    world.wait_seconds(TO_MONDAY);
    let owner = world.ada.id.to_string();
    let deal = async |title: &str| {
        let form = [("title", title), ("price", "900"), ("owner", owner.as_str())];
        browser.post("/deals", &form).await.leads_to().split('?').next().unwrap().to_owned()
    };
    let (path, elsewhere) = (deal("Ordering page").await, deal("Another").await);
    let id = path.rsplit('/').next().unwrap();
    let request = ask(&browser, &[("title", "Labels print twice"), ("deal_id", id)]).await;
    let page = browser.get(&request).await.text;
    assert!(
        page.contains("No promise of the plan answers it.") && page.contains("Make it a promise of the plan")
    );
    let made = browser.post(&format!("{request}/promise"), &[]).await;
    assert_eq!(made.leads_to(), request, "{}", made.text);
    let page = browser.get(&request).await.text;
    // Three working days from Monday at nine.
    assert!(page.contains("due 25 Nov") && !page.contains("Make it a promise of the plan"), "{page}");
    let plan = browser.get(&format!("{path}/plan")).await.text;
    let link = format!("They asked for it: <a href=\"{request}\">Labels print twice</a>");
    assert!(plan.contains(&link), "{plan}");
    let again = browser.post(&format!("{request}/promise"), &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "it is in the plan already");
    // Tied to none, then to one of another deal, which is refused.
    browser.post(&format!("{request}/commitment"), &[("commitment_id", "")]).await;
    assert!(browser.get(&request).await.text.contains("No promise of the plan answers it."));
    let form = [("side", "company"), ("title", "Elsewhere"), ("due_on", "2026-12-01"), ("after_id", "")];
    browser.post(&format!("{elsewhere}/plan"), &form).await;
    let there = browser.get(&format!("{elsewhere}/plan")).await.text;
    let foreign = there.split("/commitments/").nth(1).unwrap().split('/').next().unwrap();
    let refused = browser.post(&format!("{request}/commitment"), &[("commitment_id", foreign)]).await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
    let own = plan.split("/commitments/").nth(1).unwrap().split('/').next().unwrap();
    browser.post(&format!("{request}/commitment"), &[("commitment_id", own)]).await;
    assert!(browser.get(&format!("{path}/plan")).await.text.contains(&link));
    let told = browser.get(&format!("/history?of=deal.{id}")).await.text;
    assert!(told.contains("In the plan as"), "{told}");
}
