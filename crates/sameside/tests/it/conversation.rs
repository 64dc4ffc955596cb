//! The diagnosis as a conversation: wants and needs, what else they could do, whether we can help.

use crate::world::{Browser, World};
use axum::http::StatusCode;
use sameside::accounts::{Role, Sees};
use sameside::work;

/// A product and its address.
async fn product(browser: &Browser, name: &str) -> String {
    let answer = browser.post("/products", &[("name", name), ("currency", "EUR")]).await;
    answer.leads_to().to_owned()
}

/// A deal of 12,000 euros; answers with its address.
async fn deal(browser: &Browser, more: &[(&str, &str)]) -> String {
    let mut form = vec![("title", "Orders by page"), ("company", "Aster Bakery"), ("price", "12000")];
    form.extend(more);
    browser.post("/deals", &form).await.leads_to().to_owned()
}

/// The first address of a form on a page that begins and ends so.
fn action(text: &str, start: &str, end: &str) -> String {
    let mut forms = text.split("action=\"").skip(1).filter_map(|part| part.split('"').next());
    forms
        .find(|it| it.starts_with(start) && it.ends_with(end))
        .unwrap_or_else(|| panic!("{start}…{end}"))
        .to_owned()
}

#[tokio::test]
async fn a_want_is_answered_by_a_need_a_replacement_or_a_drop_with_its_reason() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = deal(&browser, &[]).await;
    let sheet = format!("{deal}/diagnosis");
    assert!(browser.get(&sheet).await.text.contains("Nothing heard yet"));
    let said = [("title", "An app"), ("said_by", "Maria"), ("said_on", "2026-11-20")];
    assert!(browser.post(&format!("{deal}/wants"), &said).await.leads_to().starts_with(&sheet));
    let page = browser.get(&sheet).await.text;
    for text in ["“An app”", "Maria, 20 Nov", "Not answered yet", "One waits for an answer"] {
        assert!(page.contains(text), "{text}");
    }
    let want = action(&page, "/wants/", "");
    let silent = [("title", "An app"), ("answered", "replaced"), ("need_new", "A page for orders")];
    let refused = browser.post(&want, &silent).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("why, in a sentence the client may read"));
    assert!(!browser.get(&sheet).await.text.contains("<b>A page for orders</b>"), "nothing is half saved");
    let answer = [
        ("title", "An app"),
        ("answered", "replaced"),
        ("need_new", "A page for orders"),
        ("because", "Nobody installs an app for bread."),
    ];
    assert_eq!(browser.post(&want, &answer).await.status, StatusCode::SEE_OTHER);
    let page = browser.get(&sheet).await.text;
    for text in [
        "Instead</span> A page for orders: Nobody installs an app",
        "<b>A page for orders</b>",
        "Each has its answer",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let need = action(&page, "/needs/", "/removal");
    let kept = browser.post(&need, &[]).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER);
    assert!(browser.get(&sheet).await.text.contains("<b>A page for orders</b>"), "a need that answers stays");
    let dropped = [("title", "An app"), ("answered", "dropped"), ("because", "They think so now, too.")];
    browser.post(&want, &dropped).await;
    browser.post(&need, &[]).await;
    let page = browser.get(&sheet).await.text;
    assert!(page.contains("Left out</span> They think so now") && !page.contains("<b>A page for orders</b>"));
    let same = [("title", "Fewer lost orders"), ("answered", "is_need")];
    browser.post(&format!("{deal}/wants"), &same).await;
    assert!(
        browser.get(&sheet).await.text.contains("<b>Fewer lost orders</b>"),
        "a want that is the need becomes one"
    );
    let all = browser
        .get(&format!(
            "/history?of={}",
            deal.trim_start_matches('/').replace('/', ".").replace("deals", "deal")
        ))
        .await;
    assert!(all.text.contains("heard what they want"), "{}", all.text);
}

#[tokio::test]
async fn what_somebody_may_not_see_they_may_not_answer_either() {
    let world = World::new().await;
    let greta = world.member("Greta Solheim", Role::Seller, Sees::Own).await;
    let (ada, greta) = (world.browser(&world.ada).await, world.browser(&greta).await);
    let deal = deal(&ada, &[("owner", &world.ada.id.to_string())]).await;
    ada.post(&format!("{deal}/wants"), &[("title", "An app")]).await;
    let want = action(&ada.get(&format!("{deal}/diagnosis")).await.text, "/wants/", "");
    for (path, form) in
        [(format!("{deal}/wants"), "title"), (want.clone(), "title"), (format!("{want}/removal"), "x")]
    {
        assert_eq!(greta.post(&path, &[(form, "Mine")]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(greta.get(&format!("{deal}/diagnosis")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_best_of_what_else_they_could_do_becomes_the_figure_with_its_evidence() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = deal(&browser, &[]).await;
    let sheet = format!("{deal}/diagnosis");
    let nothing = [("title", "Do nothing"), ("said_evidence", "assumed")];
    browser.post(&format!("{deal}/alternatives"), &nothing).await;
    let niece = [
        ("title", "A niece for the phone"),
        ("worth_likely", "5000"),
        ("cost_likely", "1800"),
        ("said_evidence", "client_said"),
        ("said_by", "Maria"),
    ];
    browser.post(&format!("{deal}/alternatives"), &niece).await;
    let page = browser.get(&sheet).await.text;
    assert!(page.contains("Leaves them €3,200: brings €5,000, costs €1,800"), "{page}");
    assert!(!page.contains("The best without us</span>"), "nobody has said which is the best");
    let before = page.split("aria-label=\"The best without us: A niece").next().unwrap();
    let best = before.rsplit("action=\"").next().unwrap().split('"').next().unwrap().to_owned();
    browser.post(&best, &[]).await;
    assert!(browser.get(&sheet).await.text.contains("The best without us</span>"));
    let page = browser.get(&deal).await.text;
    assert!(
        page.contains("name=\"alternative_value_likely\" id=\"alternative_value_likely\" value=\"3200\"")
    );
    assert!(page.contains("A niece for the phone"), "where the figure comes from is told with it");
    let dearer = [("title", "A niece for the phone"), ("worth_likely", "5000"), ("cost_likely", "3000")];
    browser.post(best.trim_end_matches("/best"), &dearer).await;
    let page = browser.get(&deal).await.text;
    assert!(
        page.contains("name=\"alternative_value_likely\" id=\"alternative_value_likely\" value=\"2000\"")
    );
    // Somebody writes another figure: both are there, and one click counts with the list again.
    browser
        .post(&format!("{deal}/answers"), &[("price", "12000"), ("alternative_value_likely", "900")])
        .await;
    let page = browser.get(&sheet).await.text;
    assert!(page.contains("The deal counts with €900"), "{page}");
    browser.post(&best, &[]).await;
    assert!(!browser.get(&sheet).await.text.contains("The deal counts with"));
}

#[tokio::test]
async fn where_a_limit_of_the_product_is_so_we_walk_away_and_the_client_hears_why() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let routes = product(&browser, "Day routes").await;
    let id = routes.rsplit('/').next().unwrap().to_owned();
    let empty = browser.post(&format!("{routes}/contraindications"), &[("sentence", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.post(&format!("{routes}/contraindications"), &[("sentence", "They drive by night.")]).await;
    let deal = deal(&browser, &[("product", &id), ("owner", &world.ada.id.to_string())]).await;
    let sheet = format!("{deal}/diagnosis");
    let page = browser.get(&sheet).await.text;
    assert!(page.contains("They drive by night.") && page.contains("Not asked yet"));
    let limit = page
        .split("name=\"contraindication\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let answer = |bears: &'static str| {
        [("contraindication", limit.clone()), ("bears", bears.to_owned()), ("said_by", "Petra".to_owned())]
    };
    let say = async |bears: &'static str| {
        let form = answer(bears);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post(&format!("{deal}/bearings"), &form).await
    };
    assert_eq!(say("perhaps").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    say("applies").await;
    let page = browser.get(&deal).await.text;
    for text in ["Walk away", "<div>We cannot help here: “They drive by night”."] {
        assert!(page.contains(text), "{text}");
    }
    work::drain(&world.app).await.unwrap();
    assert!(browser.get("/").await.text.contains("We cannot help here"));
    say("unknown").await;
    let page = browser.get(&deal).await.text;
    assert!(!page.contains("We cannot help here"), "what nobody knows is no reason to leave");
    assert!(browser.get(&sheet).await.text.contains("Asked; nobody knows"));
    say("applies").await;
    let list = browser.get(&routes).await.text;
    browser.post(&action(&list, "/contraindications/", "/removal"), &[]).await;
    work::drain(&world.app).await.unwrap();
    assert!(
        !browser.get(&deal).await.text.contains("We cannot help here"),
        "what is off the list is no limit"
    );
}

#[tokio::test]
async fn a_want_nobody_answered_is_said_once_we_propose() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = deal(&browser, &[]).await;
    browser.post(&format!("{deal}/wants"), &[("title", "An app")]).await;
    assert!(!browser.get(&deal).await.text.contains("They wait for an answer"), "there is time");
    let stages = browser.get("/deals/new").await.text;
    let propose = stages.split("<option value=\"").find(|part| part.contains(">Propose<")).unwrap();
    let propose = propose.split('"').next().unwrap();
    let reason = "They asked for three lines by tonight.";
    browser.post(&format!("{deal}/stage"), &[("stage", propose), ("early_reason", reason)]).await;
    assert!(browser.get(&deal).await.text.contains("<div>They wait for an answer to “An app”."));
    let want = action(&browser.get(&format!("{deal}/diagnosis")).await.text, "/wants/", "");
    browser
        .post(&want, &[("title", "An app"), ("answered", "dropped"), ("because", "They think so, too.")])
        .await;
    assert!(!browser.get(&deal).await.text.contains("They wait for an answer"));
}
