//! Care: whom nobody has spoken to, each in their own cadence, whatever they pay; and whether the small wait longer.

use crate::world::{Answer, Browser, World};
use axum::http::StatusCode;
use sameside::work;

const DAY: i64 = 86_400;

/// The names on the list, in their order.
fn names(page: &Answer) -> Vec<String> {
    page.text
        .split("<span class=\"item-text\"><a href=\"/co")
        .skip(1)
        .map(|part| part.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned())
        .collect()
}

/// A client that agreed to something; answers with its address.
async fn client(browser: &Browser, name: &str, price: &str) -> String {
    let form = [("title", "Work"), ("company", name), ("price", price)];
    let deal = browser.post("/deals", &form).await.leads_to().to_owned();
    let page = browser.get("/deals?view=board").await.text + &browser.get(&deal).await.text;
    let stage = page.split("value=\"").filter_map(|part| part.split_once('"'));
    let deliver =
        stage.filter(|(_, rest)| rest.starts_with(">Deliver<") || rest.starts_with(" selected>Deliver<"));
    let deliver = deliver.map(|(id, _)| id.to_owned()).next().expect("a stage to deliver in");
    let moved = browser.post(&format!("{deal}/stage"), &[("stage", &deliver), ("stage_id", &deliver)]).await;
    assert!(moved.status.is_redirection() || moved.status.is_success(), "{}", moved.text);
    let page = browser.get(&deal).await.text;
    let company = page.split("href=\"/companies/").nth(2).expect("its company").split('"').next().unwrap();
    format!("/companies/{company}")
}

async fn look(world: &World) {
    work::look_at_the_day(&world.app).await.unwrap();
    work::drain(&world.app).await.unwrap();
}

#[tokio::test]
async fn the_longest_silence_comes_first_and_a_word_ends_it_at_once() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let small = client(&browser, "Ferry Lane Books", "900").await;
    let large = client(&browser, "Meridian Group", "900000").await;
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    for (path, title) in [(&small, "Shelves"), (&large, "Houses")] {
        let call = [("kind", "call"), ("title", title), ("company_id", &id(path))];
        browser.post("/activities", &call).await;
        world.wait_seconds(DAY);
    }
    look(&world).await;
    assert_eq!(names(&browser.get("/care").await), Vec::<String>::new(), "everybody was spoken to");
    world.wait_seconds(59 * DAY);
    look(&world).await;
    // A session does not last as long.
    let browser = world.browser(&world.ada).await;
    let page = browser.get("/care").await;
    assert_eq!(names(&page), ["Ferry Lane Books", "Meridian Group"], "by silence, not by size");
    assert!(page.text.contains("every 60 days was meant") && !page.text.contains("900"));
    // A note of ours is no word with them; an answer to what they ask is one.
    let note = [("kind", "note"), ("title", "Thought of them"), ("company_id", &id(&small))];
    browser.post("/activities", &note).await;
    assert_eq!(names(&browser.get("/care").await).len(), 2);
    let asked = browser.post("/service", &[("title", "A question"), ("company_id", &id(&small))]).await;
    browser.post(&format!("{}/answers", asked.leads_to()), &[("next", "resolved")]).await;
    assert_eq!(names(&browser.get("/care").await), ["Meridian Group"]);
    let call = [("kind", "call"), ("title", "Winter"), ("company_id", &id(&large)), ("back", "/care")];
    assert_eq!(browser.post("/activities", &call).await.leads_to(), "/care");
    assert_eq!(names(&browser.get("/care").await), Vec::<String>::new(), "at once");
}

#[tokio::test]
async fn a_client_has_a_cadence_of_its_own_with_a_reason() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let company = client(&browser, "Linden Physio", "2000").await;
    let id = company.rsplit('/').next().unwrap();
    browser.post("/activities", &[("kind", "meeting"), ("title", "Start"), ("company_id", id)]).await;
    let refused = browser.post(&format!("{company}/cadence"), &[("days", "10")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("why, in a sentence"));
    let own = [("days", "10"), ("because", "They are moving house.")];
    assert_eq!(browser.post(&format!("{company}/cadence"), &own).await.leads_to(), company);
    let page = browser.get(&company).await.text;
    assert!(page.contains("every 10 days") && page.contains("They are moving house."));
    world.wait_seconds(11 * DAY);
    assert_eq!(names(&browser.get("/care").await), ["Linden Physio"]);
    assert!(browser.get(&company).await.text.contains("It is time"));
    browser.post(&format!("{company}/cadence"), &[("days", "")]).await;
    assert_eq!(names(&browser.get("/care").await), Vec::<String>::new());
    assert!(browser.get(&company).await.text.contains("every 60 days, like everybody"));
}

#[tokio::test]
async fn whether_the_small_wait_longer_is_counted_by_a_job_and_told_with_its_moment() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    assert!(browser.get("/insights/fairness").await.text.contains("Not counted yet"));
    let clients = ["Small", "Smaller", "Larger", "Largest"];
    for (n, name) in clients.iter().enumerate() {
        client(&browser, name, &format!("{}000", 1 + n * 10)).await;
    }
    world.wait_seconds(21 * 3_600);
    for _ in 0..5 {
        for (n, name) in clients.iter().enumerate() {
            let asked = browser.post("/service", &[("title", "Help"), ("company_id", name)]).await;
            let request = asked.leads_to().to_owned();
            // The smaller wait two hours, the others not at all.
            let waits = if n < 2 { 2 * 3_600 } else { 0 };
            world.wait_seconds(waits);
            browser.post(&format!("{request}/answers"), &[("next", "resolved")]).await;
            world.wait_seconds(DAY - waits);
        }
    }
    browser.post("/service/fairness", &[]).await;
    work::drain(&world.app).await.unwrap();
    let page = browser.get("/insights/fairness").await.text;
    assert!(page.contains("of 20 requests by 4 clients") && page.contains("Counted on"), "{page}");
    let table = browser.get("/insights/fairness/data").await;
    assert!(
        table.text.starts_with("A quarter of the clients,Half within,Nine of ten within"),
        "{}",
        table.text
    );
    assert_eq!(table.text.lines().count(), 5);
    assert!(table.text.contains("\nThe largest,0.00,0.00,0.00,5,1"), "{}", table.text);
    // A small client waits longer than the larger ones did: its advocate says so.
    let deal = [("title", "More work"), ("company", "Small"), ("price", "500")];
    let deal = browser.post("/deals", &deal).await.leads_to().to_owned();
    browser.post("/service", &[("title", "Still nothing"), ("company_id", "Small")]).await;
    world.wait_seconds(3 * DAY);
    let page = browser.get(&deal).await.text;
    assert!(page.contains("“Still nothing” has waited"), "their advocate speaks");
}

#[tokio::test]
async fn what_a_client_does_on_its_page_is_a_word_with_it_and_opening_it_is_none() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    client(&browser, "Ferry Lane Books", "900").await;
    let deal = browser.get("/deals").await.text;
    let deal = deal.split("href=\"/deals/").find(|part| part.contains(">Work<")).unwrap();
    let deal = deal.split('"').next().unwrap().parse().unwrap();
    let (act, wish) =
        (world.act().await, sameside::client_page::actions::Wish { days: 30, ..Default::default() });
    let made = world.app.write(move |tx| {
        Box::pin(async move { sameside::client_page::actions::make(tx, &act, deal, wish, None).await })
    });
    let page = format!("/c/{}", made.await.unwrap().1.text());
    look(&world).await;
    assert_eq!(names(&browser.get("/care").await), ["Ferry Lane Books"], "nobody ever spoke to it");
    let anon = world.anon();
    anon.get(&page).await;
    work::drain(&world.app).await.unwrap();
    assert_eq!(names(&browser.get("/care").await), ["Ferry Lane Books"], "a look is no word");
    let said = anon.post(&format!("{page}/gladness"), &[("felt", "gladly")]).await;
    assert!(said.leads_to().contains("said-glad"), "{}", said.text);
    work::drain(&world.app).await.unwrap();
    assert_eq!(names(&browser.get("/care").await), Vec::<String>::new());
}
