//! The plan both sides share: promises, days that move, what was kept.

use crate::world::{Answer, Browser, World};
use sameside::base::{Date, Id};
use sameside::commitments::{self, Commitment, Side};
use sameside::deals::Deal;
use sameside::records::Kept;
use sameside::work;

async fn deal(world: &World, browser: &Browser) -> String {
    let owner = world.ada.id.to_string();
    let form = [
        ("title", "Ordering page"),
        ("company", "Aster Bakery"),
        ("price", "12000"),
        ("horizon_months", "12"),
        ("owner", owner.as_str()),
    ];
    let made = browser.post("/deals", &form).await;
    assert_eq!(made.status, 303, "{}", made.text);
    made.leads_to().split('?').next().unwrap().to_owned()
}

async fn plan(world: &World, path: &str) -> Vec<Kept<Commitment>> {
    let id: Id<Deal> = path.rsplit('/').next().unwrap().parse().unwrap();
    let act = world.act().await;
    let mut conn = world.app.read().await.unwrap();
    commitments::of_deal(&mut conn, act.scope.workspace(), id).await.unwrap()
}

/// A day so many days from today, where Ada is.
async fn day(world: &World, days: i64) -> Date {
    let act = world.act().await;
    act.now.day(&jiff::tz::TimeZone::UTC).plus_days(days)
}

async fn promise(browser: &Browser, path: &str, side: &str, title: &str, due: &str, after: &str) {
    let form = [("side", side), ("title", title), ("due_on", due), ("after_id", after)];
    let made = browser.post(&format!("{path}/plan"), &form).await;
    assert_eq!(made.status, 303, "{}", made.text);
}

#[tokio::test]
async fn a_day_that_moves_moves_what_comes_after_it_and_says_so() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let path = deal(&world, &browser).await;
    let (first, second) = (day(&world, 10).await, day(&world, 20).await);
    promise(&browser, &path, "client", "Send the menu", &first.to_string(), "").await;
    let menu = plan(&world, &path).await.remove(0);
    promise(&browser, &path, "company", "Set up the shop", &second.to_string(), &menu.id.to_string()).await;
    let later = first.plus_days(7).to_string();
    let address = format!("/commitments/{}", menu.id);
    let refused = browser.post(&format!("{address}/day"), &[("due_on", &later), ("by", "client")]).await;
    assert_eq!(refused.status, 422, "a day that moves says why");
    assert!(refused.text.contains("why it moves"), "{}", refused.text);
    let moved = [("due_on", later.as_str()), ("by", "client"), ("because", "The printer is late")];
    let answer = browser.post(&format!("{address}/day"), &moved).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let all = plan(&world, &path).await;
    assert_eq!(all[1].due_on, Some(second.plus_days(7)));
    assert_eq!(all[1].promised_on, Some(second.plus_days(7)), "nobody broke a promise by what came before");
    assert_eq!(all[0].promised_on, Some(first), "they put it off themselves");
    let page = browser.get(&format!("{path}/plan")).await.text;
    assert!(page.contains("The printer is late") && page.contains("which moved"), "{page}");
    // Brought forward, it moves nothing.
    let sooner = first.to_string();
    let back = [("due_on", sooner.as_str()), ("by", "client"), ("because", "It came after all")];
    browser.post(&format!("{address}/day"), &back).await;
    assert_eq!(plan(&world, &path).await[1].due_on, Some(second.plus_days(7)));
}

#[tokio::test]
async fn what_was_kept_is_counted_on_both_sides_and_missed_twice_it_is_found() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let path = deal(&world, &browser).await;
    for (side, title, days) in [
        ("client", "Send the menu", -9),
        ("client", "Say who decides", -3),
        ("company", "Set up the shop", -2),
        ("company", "Call them", 0),
    ] {
        let due = day(&world, days).await.to_string();
        promise(&browser, &path, side, title, &due, "").await;
    }
    let all = plan(&world, &path).await;
    let call = all.iter().find(|it| it.title == "Call them").unwrap();
    let done = [("done_note", "They were glad of it")];
    assert_eq!(browser.post(&format!("/commitments/{}/completion", call.id), &done).await.status, 303);
    let page = browser.get(&format!("{path}/plan")).await.text;
    assert!(page.contains("We kept 1 of 2 that came due; they kept none of 2 that came due."), "{page}");
    assert!(page.contains("They were glad of it"));
    work::drain(&world.app).await.unwrap();
    let page = browser.get(&path).await.text;
    assert!(page.contains("They missed 2 promises in this deal, last “Say who decides”"), "{page}");
    let today = browser.get("/").await.text;
    assert!(today.contains("Send the menu") && today.contains("Set up the shop"), "{today}");
    assert!(!today.contains("Call them"), "what is done is not asked for");
}

#[tokio::test]
async fn a_plan_is_made_backwards_and_what_does_not_fit_is_said() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let path = deal(&world, &browser).await;
    let near = day(&world, 9).await.to_string();
    let page = browser.get(&format!("{path}/plan/backwards?end={near}")).await.text;
    assert!(page.contains("It does not fit") && page.contains("Work with it"), "{page}");
    let far = day(&world, 120).await;
    let page = browser.get(&format!("{path}/plan/backwards?end={far}")).await.text;
    assert!(page.contains("It fits"), "{page}");
    let refused = browser.get(&format!("{path}/plan/backwards?end=2020-01-01")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("a day after today"));
    let made = browser.post(&format!("{path}/plan/backwards"), &[("end", &far.to_string())]).await;
    assert_eq!(made.status, 303, "{}", made.text);
    let all = plan(&world, &path).await;
    assert_eq!(all.len(), 6);
    assert!(all.windows(2).all(|pair| pair[1].after_id == Some(pair[0].id)), "each after the one before");
    assert!(all.last().unwrap().due_on.unwrap() <= far);
    assert!(all.iter().all(|it| (it.side == Side::Company) == it.owner_id.is_some()));
}

#[tokio::test]
async fn a_products_own_steps_make_its_plans_and_hours_tell_the_chance() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let made = browser.post("/products", &[("name", "Ordering")]).await;
    let product = made.leads_to().split('?').next().unwrap().to_owned();
    let wrong = browser.post(&format!("{product}/plan"), &[("title", ""), ("days", "soon")]).await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text.contains("what is to be done") && wrong.text.contains("a whole number"),
        "{}",
        wrong.text
    );
    for (side, title, days, hours) in
        [("client", "Send the menu", "5", ""), ("company", "Set it up", "1", "30 to 50")]
    {
        let form = [("side", side), ("title", title), ("days", days), ("hours", hours)];
        assert_eq!(browser.post(&format!("{product}/plan"), &form).await.status, 303);
    }
    let owner = world.ada.id.to_string();
    let form = [
        ("title", "Ordering page"),
        ("product", product.rsplit('/').next().unwrap()),
        ("owner", owner.as_str()),
        ("horizon_months", "12"),
    ];
    let made = browser.post("/deals", &form).await;
    assert_eq!(made.status, 303, "{}", made.text.split("<main").nth(1).unwrap_or_default());
    let path = made.leads_to().split('?').next().unwrap().to_owned();
    let far = day(&world, 200).await.to_string();
    let page = browser.get(&format!("{path}/plan/backwards?end={far}")).await.text;
    assert!(page.contains("The steps are those of the product.") && page.contains("of 100 cases"), "{page}");
    assert_eq!(browser.post(&format!("{path}/plan/backwards"), &[("end", &far)]).await.status, 303);
    let all = plan(&world, &path).await;
    let ours = all.iter().find(|it| it.side == Side::Company).unwrap();
    assert!(ours.chance.unwrap() > 0.5, "{ours:?}");
    let theirs = all.iter().find(|it| it.side == Side::Client).unwrap();
    let days = ours.due_on.unwrap().days_since(theirs.due_on.unwrap());
    assert!(days >= 9, "forty hours of a twenty hour week are not one day: {days}");
}

#[tokio::test]
async fn a_ring_and_a_stranger_are_refused() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let path = deal(&world, &browser).await;
    promise(&browser, &path, "company", "One", "", "").await;
    let one = plan(&world, &path).await.remove(0);
    promise(&browser, &path, "company", "Two", "", &one.id.to_string()).await;
    let two = plan(&world, &path).await.into_iter().find(|it| it.title == "Two").unwrap();
    let version = one.version.to_string();
    let two_id = two.id.to_string();
    let ring =
        [("version", version.as_str()), ("title", "One"), ("side", "company"), ("after_id", two_id.as_str())];
    let refused = browser.post(&format!("/commitments/{}", one.id), &ring).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("does not itself wait for this"), "{}", refused.text);
    let hours = [("side", "client"), ("title", "Three"), ("hours", "3")];
    let refused = browser.post(&format!("{path}/plan"), &hours).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("they are not ours"), "{}", refused.text);
    // Taken out and brought back, the chain closes and holds.
    assert_eq!(browser.post(&format!("/commitments/{}/removal", one.id), &[]).await.status, 303);
    assert_eq!(plan(&world, &path).await[0].after_id, None);
    assert_eq!(browser.post(&format!("/commitments/{}/restoration", one.id), &[]).await.status, 303);
    assert_eq!(plan(&world, &path).await.len(), 2);
}

/// What the next page says once.
fn said(answer: &Answer) -> String {
    let mut text = answer.cookie("sameside_flash").unwrap_or_default();
    while text.contains('%') {
        let mut parts = text.split('%');
        let mut bytes = parts.next().unwrap().as_bytes().to_vec();
        for part in parts {
            bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
            bytes.extend(&part.as_bytes()[2..]);
        }
        text = String::from_utf8(bytes).unwrap();
    }
    text
}

/// Where it is undone.
fn undo_of(answer: &Answer) -> String {
    let text = said(answer);
    let at = text.find("/commitments/moves/").unwrap_or_else(|| panic!("{text}"));
    text[at..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_day_that_moved_with_others_goes_back_in_one_click() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let path = deal(&world, &browser).await;
    // Wednesdays and Thursdays: nothing falls on a free day.
    let (first, second, third) = (day(&world, 10).await, day(&world, 17).await, day(&world, 24).await);
    let mut before = String::new();
    for (title, due) in [("Send the menu", first), ("Set up the shop", second), ("Open it", third)] {
        promise(&browser, &path, "company", title, &due.to_string(), &before).await;
        before = plan(&world, &path).await.iter().find(|it| it.title == title).unwrap().id.to_string();
    }
    let days = async || plan(&world, &path).await.iter().map(|it| it.due_on.unwrap()).collect::<Vec<_>>();
    let menu = plan(&world, &path).await[0].id;
    let later = [
        ("due_on", first.plus_days(7).to_string()),
        ("by", "client".into()),
        ("because", "They moved".into()),
    ];
    let later: Vec<(&str, &str)> = later.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let moved = browser.post(&format!("/commitments/{menu}/day"), &later).await;
    let undo = undo_of(&moved);
    assert_eq!(days().await, [first.plus_days(7), second.plus_days(7), third.plus_days(7)]);
    let back = browser.post(&undo, &[]).await;
    assert_eq!(back.status, 303, "{}", back.text);
    assert_eq!(days().await, [first, second, third]);
    assert!(said(&back).contains("3 days are all as they were."), "{}", said(&back));
    // What somebody moved again meanwhile stays, and is named.
    let moved = browser.post(&format!("/commitments/{menu}/day"), &later).await;
    let undo = undo_of(&moved);
    let shop = plan(&world, &path).await.into_iter().find(|it| it.title == "Set up the shop").unwrap();
    let again = second.plus_days(5).to_string();
    let again = [("due_on", again.as_str()), ("by", "client"), ("because", "Sooner, after all")];
    assert_eq!(browser.post(&format!("/commitments/{}/day", shop.id), &again).await.status, 303);
    let back = said(&browser.post(&undo, &[]).await);
    assert!(back.contains("2 days are as before. “Set up the shop” changed since, and stays."), "{back}");
    assert_eq!(days().await, [first, second.plus_days(5), third]);
    assert_eq!(browser.post("/commitments/moves/1/undo", &[]).await.status, 404, "that is no move");
    assert_eq!(browser.post("/commitments/moves/soon/undo", &[]).await.status, 404);
}

#[tokio::test]
async fn the_day_on_which_the_result_is_looked_at_stands_in_the_plan_once_it_is_agreed() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let path = deal(&world, &browser).await;
    let (by, later) = (day(&world, 40).await, day(&world, 61).await);
    let measure = async |by: Date, version: &str| {
        let by = by.to_string();
        let form = [
            ("measured", "At the phone"),
            ("unit", "hours a week"),
            ("baseline", "12"),
            ("wished", "4"),
            ("by_on", by.as_str()),
            ("baseline_evidence", "client_said"),
            ("version", version),
        ];
        let said = browser.post(&format!("{path}/measure"), &form).await;
        assert_eq!(said.status, 303, "{}", said.text);
    };
    measure(by, "").await;
    assert_eq!(plan(&world, &path).await.len(), 0, "nothing is agreed yet");
    let mut conn = world.app.read().await.unwrap();
    let sql = db::Sql::built("select id from stage where phase = 'deliver' order by position limit 1".into());
    let (stage,) = conn.first::<(Id<sameside::deals::Stage>,)>(sql, vec![]).await.unwrap().unwrap();
    drop(conn);
    let to = [("stage", stage.to_string()), ("version", "1".into()), ("early_reason", "They asked.".into())];
    let to: Vec<(&str, &str)> = to.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let moved = browser.post(&format!("{path}/stage"), &to).await;
    assert_eq!(moved.status, 303, "{}", moved.text);
    let look = plan(&world, &path).await.remove(0);
    assert_eq!(look.title, "Look at the result together: At the phone");
    assert_eq!((look.due_on, look.side, look.owner_id), (Some(by), Side::Company, Some(world.ada.id)));
    // It moves with the day of the measure, which is nobody's broken promise.
    measure(later, "1").await;
    let all = plan(&world, &path).await;
    assert_eq!((all.len(), all[0].due_on, all[0].promised_on), (1, Some(later), Some(later)));
    // When it is due, Today and the plan ask for the result.
    world.wait_seconds(61 * 86_400);
    let browser = world.browser(&world.ada).await;
    let today = browser.get("/").await.text;
    assert!(today.contains("Look at the result together: At the phone"), "{today}");
    assert!(today.contains(&format!("href=\"{path}/outcome\"")), "{today}");
    let page = browser.get(&format!("{path}/plan")).await.text;
    assert!(page.contains("What became of it?"), "{page}");
    let result = [
        ("reached", "partly"),
        ("achieved", "6"),
        ("measured_on", &later.to_string()),
        ("result_evidence", "measured"),
    ];
    let said = browser.post(&format!("{path}/outcome"), &result).await;
    assert_eq!(said.status, 303, "{}", said.text);
    let look = plan(&world, &path).await.remove(0);
    assert_eq!(look.done_on, Some(later), "written down, it is done");
    assert_eq!(look.done_note.as_deref(), Some("The result is written down."));
}
