//! Pulse: how a contact felt, theirs beside ours, one tap.

use crate::world::{Answer, Browser, World};
use axum::body::Body;
use axum::http::{Request, StatusCode};

/// The secret path of the link on a page.
fn link(page: &Answer) -> String {
    let at = page.text.find("/felt/").expect("a link");
    page.text[at..at + 6 + 64].to_owned()
}

/// A deal with a company and a person; answers with its address, and theirs.
async fn deal(browser: &Browser) -> (String, String) {
    let person = [("name", "Maria Oliveira"), ("company_id", "Aster Bakery")];
    let contact = browser.post("/contacts", &person).await.leads_to().to_owned();
    let contact = contact.rsplit('/').next().unwrap().to_owned();
    let form = [("title", "Online ordering"), ("company", "Aster Bakery"), ("contact", contact.as_str())];
    let deal = browser.post("/deals", &form).await.leads_to().to_owned();
    (deal, contact)
}

#[tokio::test]
async fn one_tap_says_it_and_opening_the_link_says_nothing() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let (deal, contact) = deal(&browser).await;
    let of_deal = deal.rsplit('/').next().unwrap();
    let asked = browser.post("/pulse-links", &[("contact_id", &contact), ("deal_id", of_deal)]).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    let link = link(&asked);
    let anon = world.anon();
    for _ in 0..3 {
        let page = anon.get(&link).await;
        assert!(page.text.contains("How did it feel?") && page.text.contains("Maria, Fieldwork Software"));
        let ahead = Request::get(link.as_str()).header("sec-purpose", "prefetch");
        anon.send(ahead, Body::empty()).await;
    }
    assert!(browser.get(&deal).await.text.contains("Nobody has said yet."), "looking says nothing");
    let said = anon.post(&link, &[("mood", "good")]).await;
    assert!(said.text.contains("Thank you, Maria") && said.text.contains("You said: <b>Good</b>"));
    let page = browser.get(&deal).await.text;
    assert!(
        page.contains("<b>Good</b>")
            && page.contains("Maria Oliveira")
            && page.contains("too few to say more")
    );
    // Said again, with a word, it takes the place of what was said.
    anon.post(&link, &[("mood", "so_so"), ("word", "It took <too> long.")]).await;
    let page = browser.get(&deal).await.text;
    assert!(
        page.contains("<b>So-so</b>")
            && !page.contains("<b>Good</b>")
            && page.contains("It took &#60;too&#62; long.")
    );
    let nonsense = anon.post(&link, &[("mood", "splendid")]).await;
    assert!(nonsense.text.contains("You said: <b>So-so</b>"));
    // Nothing of ours is on it.
    for ours in ["Online ordering", "Ada Lind", "/deals/"] {
        assert!(!said.text.contains(ours), "{ours}");
    }
    let wrong = format!("/felt/{}", "0".repeat(64));
    assert_eq!(anon.get(&wrong).await.status, StatusCode::NOT_FOUND);
    assert_eq!(anon.post(&wrong, &[("mood", "good")]).await.status, StatusCode::NOT_FOUND);
    world.wait_seconds(31 * 86_400);
    assert_eq!(anon.get(&link).await.status, StatusCode::NOT_FOUND, "it ends");
}

#[tokio::test]
async fn our_reading_stands_beside_theirs_and_is_never_mixed_with_it() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let (deal, _) = deal(&browser).await;
    let id = deal.rsplit('/').next().unwrap();
    let call =
        [("kind", "call"), ("title", "A hard talk"), ("deal_id", id), ("mood", "good"), ("back", &deal)];
    browser.post("/activities", &call).await;
    let page = browser.get(&deal).await.text;
    assert!(
        page.contains("as Ada Lind read it") && !page.contains("of theirs"),
        "a reading is no word of theirs"
    );
    let theirs = [
        ("mood", "bad"),
        ("whose", "client"),
        ("deal_id", id),
        ("word", "Nobody listened."),
        ("back", &deal),
    ];
    assert_eq!(browser.post("/pulses", &theirs).await.leads_to(), deal);
    let page = browser.get(&deal).await.text;
    assert!(
        page.contains("they said bad; we had read good, 3 steps better."),
        "where they differ it is told"
    );
    assert!(page.contains("1 word of theirs: too few to say more"));
    for _ in 0..5 {
        let theirs = [("mood", "very_good"), ("whose", "client"), ("deal_id", id), ("back", &deal)];
        browser.post("/pulses", &theirs).await;
    }
    let page = browser.get(&deal).await.text;
    assert!(page.contains("5 of 6 times it felt good to them: of all such contacts, 44 to 97 of 100."));
    assert_eq!(browser.post("/pulses", &[("deal_id", id)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_falling_pulse_is_found_by_their_advocate() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let (deal, _) = deal(&browser).await;
    let id = deal.rsplit('/').next().unwrap();
    for mood in ["very_good", "good", "not_good"] {
        browser.post("/pulses", &[("mood", mood), ("whose", "client"), ("deal_id", id)]).await;
        world.wait_seconds(3_600);
    }
    assert!(browser.get(&deal).await.text.contains("Before, they said: very good, good."));
}
