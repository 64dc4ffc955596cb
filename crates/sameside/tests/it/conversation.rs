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

#[tokio::test]
async fn what_the_problem_costs_is_the_sum_of_its_parts_and_says_so() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = deal(&browser, &[]).await;
    let sheet = format!("{deal}/diagnosis");
    let silent = browser.post(&format!("{deal}/costs"), &[("title", "Lost orders")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text.contains("how often a month") && silent.text.contains("what it costs each time"));
    let part = |title: &'static str, times: &'static str, each: &'static str| {
        [
            ("title", title),
            ("times_likely", times),
            ("each_likely", each),
            ("said_evidence", "client_said"),
            ("said_by", "Maria"),
        ]
    };
    browser.post(&format!("{deal}/costs"), &part("Lost orders", "40", "25")).await;
    browser.post(&format!("{deal}/costs"), &part("Overtime", "4", "150")).await;
    let page = browser.get(&sheet).await.text;
    assert!(page.contains("40 times a month, €25 each: €1,000 a month") && page.contains("€1,600 a month"));
    let taken = "id=\"benefit_per_month_likely\" value=\"1600\"";
    let page = browser.get(&deal).await.text;
    assert!(page.contains(taken) && page.contains("the sum of 2 parts: "), "{page}");
    browser
        .post(&format!("{deal}/answers"), &[("price", "12000"), ("benefit_per_month_likely", "900")])
        .await;
    let page = browser.get(&sheet).await.text;
    assert!(page.contains("The deal counts with €900 a month"), "both are told");
    browser.post(&format!("{deal}/costs/sum"), &[]).await;
    assert!(browser.get(&deal).await.text.contains(taken));
    let gone = action(&page, "/costs/", "");
    browser.post(&format!("{gone}/removal"), &[]).await;
    let page = browser.get(&deal).await.text;
    assert!(
        page.contains("value=\"1000\"") || page.contains("value=\"600\""),
        "the figure follows its parts"
    );
}

#[tokio::test]
async fn what_they_would_pay_stands_beside_the_fair_price_and_changes_nothing_in_it() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = deal(&browser, &[]).await;
    let before = browser.get(&deal).await.text;
    let chance = |page: &str| {
        page.split("of 100 cases leave").next().unwrap()[..].chars().rev().take(40).collect::<String>()
    };
    let form = [
        ("willing_to_pay_low", "8000"),
        ("willing_to_pay_likely", "10000"),
        ("willing_to_pay_high", "13000"),
        ("willing_to_pay_evidence", "client_said"),
        ("willing_to_pay_by", "Maria"),
    ];
    assert_eq!(browser.post(&format!("{deal}/willingness"), &form).await.status, StatusCode::SEE_OTHER);
    let page = browser.get(&deal).await.text;
    assert!(page.contains("They would pay €8,000 to €13,000, likely €10,000 (Maria said"), "{page}");
    assert_eq!(chance(&page), chance(&before));
    let wrong = browser.post(&format!("{deal}/willingness"), &[("willing_to_pay_likely", "much")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn who_decides_is_written_down_and_the_advocate_asks_where_nobody_does() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    browser.post("/companies", &[("name", "Aster Bakery")]).await;
    let maria =
        browser.post("/contacts", &[("name", "Maria Oliveira"), ("company_id", "Aster Bakery")]).await;
    let maria = maria.leads_to().rsplit('/').next().unwrap().to_owned();
    let stages = browser.get("/deals/new").await.text;
    let propose = stages.split("<option value=\"").find(|part| part.contains(">Propose<")).unwrap();
    let propose = propose.split('"').next().unwrap();
    let deal = deal(&browser, &[("stage", propose), ("early_reason", "They asked for it.")]).await;
    let said = "<div>We are proposing, and nobody is known who decides or signs";
    assert!(browser.get(&deal).await.text.contains(said));
    let page = browser.get(&format!("{deal}/diagnosis")).await.text;
    assert!(
        page.contains("Nobody who decides or signs is known yet") && page.contains("Maria Oliveira</option>")
    );
    let silent = browser.post(&format!("{deal}/voices"), &[("part", "decides")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.post(&format!("{deal}/voices"), &[("contact", &maria), ("part", "uses")]).await;
    assert!(browser.get(&deal).await.text.contains(said), "who uses it does not decide");
    browser.post(&format!("{deal}/voices"), &[("contact", &maria), ("part", "decides")]).await;
    assert!(!browser.get(&deal).await.text.contains(said));
}

#[tokio::test]
async fn the_steps_until_they_decide_say_at_which_going_on_stops_being_worth_it() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = deal(&browser, &[]).await;
    let sheet = format!("{deal}/diagnosis");
    let good = [
        ("price", "12000"),
        ("benefit_per_month_likely", "4000"),
        ("success_likely", "9"),
        ("delivery_cost_likely", "3000"),
    ];
    browser.post(&format!("{deal}/answers"), &good).await;
    let step = |title: &'static str, hours: &'static str, went_on: &'static str| {
        [("title", title), ("hours_likely", hours), ("went_on", went_on), ("said_evidence", "our_estimate")]
    };
    browser.post(&format!("{deal}/steps"), &[("title", "The brother agrees")]).await;
    assert!(browser.get(&sheet).await.text.contains("No figures yet: it does not count"));
    assert!(!browser.get(&deal).await.text.contains("Their path"));
    let wrong = browser.post(&format!("{deal}/steps"), &step("Signature", "2", "12")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.post(&format!("{deal}/steps"), &step("Signature", "2", "9")).await;
    let page = browser.get(&sheet).await.text;
    assert!(
        page.contains("2 hours, 9 of 10 go on") && page.contains("Going on from here is worth"),
        "{page}"
    );
    assert!(browser.get(&deal).await.text.contains("Their path"));
    browser.post(&format!("{deal}/steps"), &step("Four rounds of the council", "900", "1")).await;
    assert!(browser.get(&deal).await.text.contains("Going on is worth nothing from"));
    let page = browser.get(&sheet).await.text;
    let before = page.split("It is behind us: Four rounds").next().unwrap();
    let passing = before.rsplit("action=\"").next().unwrap().split('"').next().unwrap().to_owned();
    browser.post(&passing, &[]).await;
    assert!(
        !browser.get(&deal).await.text.contains("Going on is worth nothing from"),
        "what is behind us is behind us"
    );
    browser.post(&passing.replace("passing", "place"), &[("way", "up")]).await;
    browser.post(&passing.replace("passing", "removal"), &[]).await;
    assert!(!browser.get(&sheet).await.text.contains("Four rounds"));
}

/// The id of the stage of this name.
async fn stage(browser: &Browser, name: &str) -> String {
    let text = browser.get("/deals/new").await.text;
    let option = text.split("<option value=\"").find(|part| part.contains(&format!(">{name}<"))).unwrap();
    option.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn whoever_proposes_before_it_is_asked_says_why_and_the_clients_advocate_tells_it() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let propose = stage(&browser, "Propose").await;
    // A new deal that begins as a proposal.
    let form = [("title", "Orders"), ("price", "12000"), ("stage", propose.as_str())];
    let refused = browser.post("/deals", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("name=\"early_reason\"")
            && refused.text.contains("nobody has asked what they want to do")
    );
    // One that is moved: by the menu, by dragging, on its form.
    let deal = deal(&browser, &[]).await;
    let asked =
        browser.post(&format!("{deal}/stage"), &[("stage", &propose), ("back", "/deals/board")]).await;
    assert!(asked.leads_to().starts_with(&format!("{deal}/proposal/early?stage=")), "{}", asked.leads_to());
    let page = browser.get(asked.leads_to()).await.text;
    assert!(page.contains("Nobody has asked what they want to do, nor what the problem costs them"));
    let edit = browser.post(&deal, &[("title", "Orders"), ("stage", &propose), ("price", "12000")]).await;
    assert_eq!(edit.status, StatusCode::UNPROCESSABLE_ENTITY);
    let silent = browser.post(&format!("{deal}/stage"), &[("stage", &propose), ("early_reason", " ")]).await;
    assert!(silent.leads_to().contains("/proposal/early"));
    let why = [
        ("stage", propose.as_str()),
        ("early_reason", "They need three lines by tonight."),
        ("back", "/deals/board"),
    ];
    assert_eq!(browser.post(&format!("{deal}/stage"), &why).await.leads_to(), "/deals/board");
    let page = browser.get(&deal).await.text;
    assert!(page.contains("The reason given: “They need three lines by tonight.”"));
    assert!(page.contains("proposed before it was all asked:"), "and it is in the history");
    // Where it is asked, nothing is asked of us.
    let known = self::deal(&browser, &[]).await;
    let answers = [
        ("goal", "Fewer lost orders"),
        ("price", "12000"),
        ("benefit_per_month_likely", "2000"),
        ("success_likely", "8"),
    ];
    browser.post(&format!("{known}/answers"), &answers).await;
    let moved = browser.post(&format!("{known}/stage"), &[("stage", propose.as_str())]).await;
    assert!(!moved.leads_to().contains("early"));
}

#[tokio::test]
async fn one_question_follows_the_other_each_with_its_reason_and_a_way_to_ask() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = deal(&browser, &[]).await;
    let next = format!("{deal}/diagnosis/next");
    let page = browser.get(&next).await.text;
    for text in ["Why we ask", "How to ask it", "Knowing it is worth €", "They do not know", "Skip it"] {
        assert!(page.contains(text), "{text}");
    }
    let hidden = |page: &str, name: &str| {
        let at = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        at.split('"').next().unwrap().to_owned()
    };
    let first = hidden(&page, "at");
    let key = first.split('.').nth(1).unwrap().to_owned();
    let silent = browser.post(&next, &[("at", &first)]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text.contains("or that they do not know"));
    let unknown =
        browser.post(&next, &[("at", &first), ("unknown", "yes"), (&format!("{key}_by"), "Maria")]).await;
    assert_eq!(unknown.leads_to(), format!("{next}?past={first}"));
    let page = browser.get(unknown.leads_to()).await.text;
    let second = hidden(&page, "at");
    assert_ne!(first, second);
    assert!(
        page.contains(&format!("{next}?at={first}&#38;past="))
            || page.contains(&format!("{next}?at={first}&amp;past=")),
        "one may go back"
    );
    let evidence = browser.get(&format!("{deal}/evidence")).await.text;
    assert!(evidence.contains("asked; they do not know"), "that they do not know is kept");
    let goal =
        [("at", "goal"), ("past", first.as_str()), ("goal", "Fewer lost orders"), ("said_by", "Maria")];
    assert!(browser.post(&next, &goal).await.leads_to().ends_with(&format!("past={first},goal")));
    assert!(browser.get(&deal).await.text.contains("Fewer lost orders"));
    let all = "goal,client.benefit_per_month,client.success,limits,client.alternative_value,decider,wants,client.adoption_cost,client.months_to_benefit,client.willing_to_pay,company.delivery_cost,company.service_cost_per_month,company.hours_to_close";
    let end = browser.get(&format!("{next}?past={all}")).await.text;
    assert!(end.contains("Nothing more to ask for now"), "{end}");
    let sheet = browser.get(&format!("{deal}/diagnosis")).await.text;
    assert!(sheet.contains("pieces are there"));
}

#[tokio::test]
async fn what_was_said_before_is_kept_beside_and_two_who_contradict_each_other_are_told() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = deal(&browser, &[]).await;
    let said = |likely: &'static str, source: &'static str, by: &'static str| {
        [
            ("price", "12000"),
            ("benefit_per_month_likely", likely),
            ("benefit_per_month_evidence", source),
            ("benefit_per_month_by", by),
        ]
    };
    browser.post(&format!("{deal}/answers"), &said("1000", "client_said", "Maria")).await;
    assert!(browser.get(&deal).await.text.contains(&format!("{deal}/evidence#client.benefit_per_month")));
    let evidence = format!("{deal}/evidence");
    assert!(!browser.get(&evidence).await.text.contains("Two say different things"));
    browser.post(&format!("{deal}/answers"), &said("2500", "measured", "till of two weeks")).await;
    let page = browser.get(&evidence).await.text;
    for text in [
        "Two say different things",
        "€1,000 a month (Maria said",
        "€2,500 a month (measured: till",
        "Everything that was said: 2 times",
        "written down by Ada Lind",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(browser.get(&deal).await.text.contains("cannot both be so"), "the deal's page says so");
    browser.post(&format!("{deal}/answers"), &said("2400", "client_said", "Maria")).await;
    let page = browser.get(&evidence).await.text;
    assert!(page.contains("Two say different things"), "2,400 is not 2,500 where both are said as exact");
    browser.post(&format!("{deal}/answers"), &said("2500", "client_said", "Maria")).await;
    assert!(!browser.get(&evidence).await.text.contains("Two say different things"));
}

#[tokio::test]
async fn a_figure_of_ours_that_grew_old_asks_whether_it_is_still_so() {
    let world = World::new().await;
    let browser = world.browser(&world.ada).await;
    let deal = deal(&browser, &[]).await;
    let ours =
        [("price", "12000"), ("delivery_cost_likely", "4000"), ("delivery_cost_evidence", "our_estimate")];
    browser.post(&format!("{deal}/answers"), &ours).await;
    let evidence = format!("{deal}/evidence");
    world.wait_seconds(90 * 86_400);
    let browser = world.browser(&world.ada).await;
    assert!(!browser.get(&evidence).await.text.contains("is it still so"));
    world.wait_seconds(86_400);
    let page = browser.get(&evidence).await.text;
    assert!(page.contains("Nobody has looked at it for 91 days.") && page.contains("is it still so?"));
    assert!(
        browser.get(&deal).await.text.contains("1 figure of ours was not looked at for longer than 90 days")
    );
    let so = [("of", "company.delivery_cost")];
    assert_eq!(browser.post(&format!("{deal}/confirmations"), &so).await.status, StatusCode::SEE_OTHER);
    assert!(!browser.get(&evidence).await.text.contains("is it still so"));
    let none = browser.post(&format!("{deal}/confirmations"), &[("of", "client.success")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
}
