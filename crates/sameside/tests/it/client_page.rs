//! The page of a client: what can be done on it, and that nothing of ours is ever in what it sends.

use crate::live::Stream;
use crate::world::{Answer, Browser, World};
use axum::http::StatusCode;
use sameside::accounts::{Act, Role, Sees, Via};
use sameside::activities::{Activity, Means};
use sameside::base::{Currency, Id, Source};
use sameside::client_page::actions::{self, Wish, hashed};
use sameside::commitments::{Commitment, Side};
use sameside::companies::Company;
use sameside::concessions::Concession;
use sameside::contacts::Contact;
use sameside::deals::Deal;
use sameside::departures::{Departure, Way};
use sameside::diagnosis::{
    Alternative, Answered, Bearing, Bears, Contraindication, CostPart, Early, Figure, Need, Parameter, Part,
    Step, Voice, Want,
};
use sameside::negotiation::{Choosable, Issue, Negotiation, Offered, Offering, Package, Sets, State};
use sameside::outcomes::{Felt, Gladness, Measure, Occasion, Whose};
use sameside::products::Product;
use sameside::proposals::{Lines, Proposal};
use sameside::pursuit::{Budget, Effort};
use sameside::questions::{Level, Question};
use sameside::records::{self, Doc, Kept, Other, Record};
use sameside::tasks::Task;
use sameside::web::doors;

/// What stands in every text that is ours alone.
const SECRET: &str = "geheim";
/// Figures of ours, written as they might be: each is in the world of [`Shared::new`] exactly where a client must not
/// read it.
const FIGURES: [&str; 22] = [
    "7771", "7772", "7773", "7774", "7775", "7776", "7777", "7778", "7779", "7781", "7782", "7783", "7784",
    "7785", "7786", "7787", "7788", "7789", "77.9", "0.7793", "7795", "7796",
];

async fn put<T: Record>(world: &World, it: T) -> Kept<T> {
    let act = world.act().await;
    world.app.write(move |tx| Box::pin(async move { records::create(tx, &act, it).await })).await.unwrap()
}

fn hidden(what: &str) -> String {
    format!("{SECRET} {what}")
}

fn other(what: &str) -> Other {
    Other([("Internal".to_owned(), hidden(what))].into())
}

/// A workspace full of what a client must not read, one deal that is shared, and who shares it.
struct Shared {
    world: World,
    ada: Browser,
    deal: Kept<Deal>,
    maria: Kept<Contact>,
    offering: Kept<Offering>,
}

impl Shared {
    async fn new() -> Self {
        let (mut it, product, elsewhere) = Self::bare().await;
        it.furnish(product, elsewhere).await;
        it
    }

    /// The deal and whom it is with, before anything else is said of it; a product, and a company that is not theirs.
    async fn bare() -> (Self, Id<Product>, Id<Company>) {
        let world = World::new().await;
        let ada = Some(world.ada.id);
        let browser = world.browser(&world.ada).await;
        let other_company = Company {
            note: Some(hidden("other note")),
            ..Company::named(hidden("Other Inc"), Currency::EUR)
        };
        let other_company = put(&world, other_company).await;
        let company = Company {
            owner_id: ada,
            matters: Some(hidden("what matters")),
            note: Some(hidden("company note")),
            revenue_minor: Some(777_100),
            employees: Some(7772),
            other: other("company"),
            ..Company::named("Aster Bakery", Currency::EUR)
        };
        let company = put(&world, company).await;
        let maria = Contact {
            company_id: Some(company.id),
            job_title: Some("Owner".into()),
            matters: Some(hidden("to Maria")),
            manner: Some(hidden("manner")),
            note: Some(hidden("contact note")),
            other: other("contact"),
            ..Contact::named("Maria Oliveira")
        };
        let maria = put(&world, maria).await;
        put(&world, Contact { company_id: Some(company.id), ..Contact::named(hidden("Colleague")) }).await;
        let product = Product {
            price_minor: Some(777_300),
            note: Some(hidden("product")),
            other: other("product"),
            ..Product::named(hidden("Oven"), Currency::EUR)
        };
        let product = put(&world, product).await;
        let made = browser.post("/deals", &[("title", "Saturday orders"), ("price", "18000")]).await;
        let id: Id<Deal> = made.leads_to().rsplit('/').next().unwrap().parse().unwrap();
        let act = world.act().await;
        let (company_id, maria_id, product_id) = (company.id, maria.id, product.id);
        let deal = world
            .app
            .write(move |tx| {
                Box::pin(async move {
                    records::change(tx, &act, id, None, |deal: &mut Deal| {
                        deal.owner_id = ada;
                        deal.company_id = Some(company_id);
                        deal.contact_id = Some(maria_id);
                        deal.product_id = Some(product_id);
                        deal.goal = Some("Stop losing the Saturday orders".into());
                        deal.goal_by = Some("Maria".into());
                        deal.goal_source = Some(Source::ClientSaid);
                        deal.reason = Some(hidden("reason"));
                        deal.other = other("deal");
                        Ok(())
                    })
                    .await
                })
            })
            .await
            .unwrap();
        let it = Self {
            offering: Kept {
                id: Id::of(uuid::Uuid::nil()),
                version: 0,
                created_at: world.app.now(),
                changed_at: world.app.now(),
                removed_at: None,
                it: offering(deal.id),
            },
            ada: browser,
            deal,
            maria,
            world,
        };
        (it, product.id, other_company.id)
    }

    async fn furnish(&mut self, product: Id<Product>, elsewhere: Id<Company>) {
        let (world, deal, ada) = (&self.world, self.deal.id, Some(self.world.ada.id));
        let now = world.app.now();
        let today = now.day(&jiff::tz::TimeZone::UTC);
        for (of_deal, parameter, value) in [
            (true, Parameter::Benefit, 7774.0),
            (true, Parameter::Delivery, 7775.0),
            (true, Parameter::Service, 7776.0),
            (true, Parameter::Willing, 7777.0),
            (false, Parameter::Delivery, 7778.0),
            (true, Parameter::Win, 0.7793),
        ] {
            let figure = Figure {
                deal_id: of_deal.then_some(deal),
                product_id: (!of_deal).then_some(product),
                parameter,
                low: value,
                likely: value,
                high: value,
                source: Source::OurEstimate,
                said_by: Some(hidden("estimator")),
                said_on: None,
                note: Some(hidden("figure")),
            };
            put(world, figure).await;
        }
        let need = Need { deal_id: deal, title: "Somebody answers".into(), note: Some(hidden("need")) };
        let need = put(world, need).await;
        for (title, answered, need_id, because) in [
            ("A call centre", Some(Answered::Replaced), Some(need.id), Some("a form costs less")),
            ("A robot", None, None, None),
        ] {
            let want = Want {
                deal_id: deal,
                title: title.into(),
                said_by: Some(hidden("who said")),
                said_on: None,
                answered,
                need_id,
                because: because.map(str::to_owned),
            };
            put(world, want).await;
        }
        let alternative = Alternative {
            deal_id: deal,
            title: hidden("alternative"),
            worth_low: 7779.0,
            worth_likely: 7779.0,
            worth_high: 7779.0,
            cost_low: 7781.0,
            cost_likely: 7781.0,
            cost_high: 7781.0,
            source: Source::Assumed,
            said_by: None,
            said_on: None,
            note: Some(hidden("alternative note")),
            best_at: None,
        };
        put(world, alternative).await;
        let limit = put(world, Contraindication { product_id: product, title: hidden("limit") }).await;
        let bearing = Bearing {
            contraindication_id: limit.id,
            deal_id: deal,
            title: hidden("limit"),
            bears: Bears::ALL[0],
            source: Source::Assumed,
            said_by: None,
            said_on: None,
            note: Some(hidden("bearing")),
        };
        put(world, bearing).await;
        let cost = CostPart {
            deal_id: deal,
            title: hidden("cost part"),
            times_low: 7782.0,
            times_likely: 7782.0,
            times_high: 7782.0,
            each_low: 1.0,
            each_likely: 1.0,
            each_high: 1.0,
            source: Source::Assumed,
            said_by: None,
            said_on: None,
            note: Some(hidden("cost note")),
        };
        put(world, cost).await;
        let voice = Voice {
            deal_id: deal,
            contact_id: self.maria.id,
            title: "Maria Oliveira".into(),
            part: Part::Blocks,
            note: Some(hidden("voice")),
        };
        put(world, voice).await;
        let step = Step {
            deal_id: deal,
            title: hidden("step"),
            position: 1,
            hours_low: Some(7783.0),
            hours_likely: Some(7783.0),
            hours_high: Some(7783.0),
            went_on: None,
            source: Source::Assumed,
            said_by: None,
            said_on: None,
            note: Some(hidden("step note")),
            passed_at: None,
        };
        put(world, step).await;
        put(
            world,
            Early { deal_id: deal, owner_id: ada, title: hidden("early"), missing: hidden("missing") },
        )
        .await;
        let activity = Activity {
            kind: Means::Call,
            title: hidden("call"),
            note: Some(hidden("what was said")),
            deal_id: Some(deal),
            company_id: None,
            contact_id: None,
            owner_id: ada,
            happened_at: now,
            minutes: None,
        };
        put(world, activity).await;
        let task = Task {
            title: hidden("task"),
            note: Some(hidden("task note")),
            deal_id: Some(deal),
            company_id: None,
            contact_id: None,
            owner_id: ada,
            due_on: None,
            done_at: None,
            hours_low: None,
            hours_likely: None,
            hours_high: None,
            hours_taken: Some(77.9),
        };
        put(world, task).await;
        let effort = Effort {
            deal_id: deal,
            owner_id: ada,
            title: hidden("effort"),
            worked_on: today,
            minutes: Some(60),
            spent_minor: Some(778_400),
            currency: Currency::EUR,
        };
        put(world, effort).await;
        put(world, Budget { deal_id: deal, hours: 7785.0, reason: hidden("budget") }).await;
        let concession = Concession {
            deal_id: deal,
            owner_id: ada,
            title: hidden("concession"),
            cost_low: 7786.0,
            cost_likely: 7786.0,
            cost_high: 7786.0,
            cost_source: Source::OurEstimate,
            worth_low: None,
            worth_likely: None,
            worth_high: None,
            worth_source: None,
            came_back: Some(hidden("return")),
            nothing_because: None,
            share: 0.5,
            state: sameside::concessions::State::Asked,
            decided_by_id: None,
            decided_at: None,
            decided_because: None,
        };
        put(world, concession).await;
        let departure = Departure {
            deal_id: deal,
            owner_id: ada,
            way: Way::ALL[0],
            side: None,
            reason: hidden("departure"),
            learnt: Some(hidden("learnt")),
            message: Some(hidden("letter")),
            referral: Some(hidden("referral")),
            hours_saved: 7787.0,
            watch_on: None,
            watch_parameter: None,
            watch_above: None,
            watch_below: None,
            watch_product: None,
            noticed_at: None,
            noticed: None,
            settled_at: None,
            settled_because: None,
        };
        put(world, departure).await;
        let reply = sameside::advocates::Reply {
            deal_id: deal,
            owner_id: ada,
            rule: "no_next_step".into(),
            mark: "2026-11-22".into(),
            evidence: hidden("finding"),
            choice: sameside::advocates::Verdict::Mended,
            reason: Some(hidden("reply")),
        };
        put(world, reply).await;
        let question =
            Question { title: hidden("question"), why: Some(hidden("why")), how: None, position: 1 };
        let question = put(world, question).await;
        for (position, name) in [(1, hidden("level")), (2, hidden("other level"))] {
            put(world, Level { question_id: question.id, name, position }).await;
        }
        let measure = Measure {
            deal_id: deal,
            title: "Saturday orders".into(),
            unit: "orders a week".into(),
            baseline: 120.0,
            wished: 200.0,
            by_on: None,
            source: Source::ClientSaid,
            said_by: Some(hidden("counter")),
            said_on: None,
            note: Some(hidden("measure note")),
        };
        put(world, measure).await;
        let gladness = Gladness {
            deal_id: deal,
            moment: Occasion::Agreement,
            whose: Whose::Company,
            felt: Felt::Grudgingly,
            because: Some(hidden("our reading")),
            said_by: None,
            said_on: today,
        };
        put(world, gladness).await;
        let draft = Proposal {
            deal_id: deal,
            owner_id: ada,
            number: 1,
            lines: Doc(Lines { we: vec![hidden("a draft")], ..Lines::default() }),
            because: Some(hidden("because")),
            content: Doc(None),
            offering_id: None,
            issued_on: None,
            promised: Some(7788.0),
            reach: Some(0.7793),
        };
        put(world, draft).await;
        let notice = sameside::notices::News::new(sameside::notices::Source::Given, hidden("notice"), "/");
        let (job, told) = (world.app.act_for(world.act().await.scope.workspace(), Via::Job), world.ada.id);
        world
            .app
            .write(move |tx| Box::pin(async move { sameside::notices::tell(tx, &job, told, notice).await }))
            .await
            .unwrap();
        let mut table = Negotiation::empty(Some(deal), None);
        let option = |key, name: &str| Choosable {
            key,
            name: name.into(),
            value: None,
            ours: 7789.0,
            ours_because: Some(hidden("option")),
            theirs: None,
        };
        let options = vec![option(2, "A day"), option(3, "Two days")];
        let issue = Issue { key: 1, name: "Training".into(), sets: Sets::Nothing, options };
        (table.issues, table.last_key) = (Doc(vec![issue]), 3);
        (table.our_least, table.our_least_because) = (7795.0, Some(hidden("our least")));
        (table.their_least, table.their_least_because) = (7796.0, Some(hidden("their least")));
        table.settle();
        put(world, table).await;
        let elsewhere_deal =
            Deal { company_id: Some(elsewhere), title: hidden("another deal"), ..self.deal.it.clone() };
        put(world, elsewhere_deal).await;
        for (side, title) in [(Side::Client, "Count a week of calls"), (Side::Company, "Set the till up")] {
            put(world, promise(deal, side, title)).await;
        }
        self.offering = put(&self.world, offering(deal)).await;
        let at = format!("/deals/{deal}");
        for (title, text) in
            [(hidden("document"), hidden("paper")), ("Opening hours".into(), "Six to six".into())]
        {
            crate::files::add(&self.ada, &at, &title, "a.txt", text.as_bytes()).await;
        }
        let theirs = crate::files::path_of(&self.ada, &at, "Opening hours").await;
        self.ada.post(&format!("{theirs}/sharing"), &[]).await;
        sameside::work::drain(&self.world.app).await.unwrap();
    }

    /// A link, made by Ada for Maria.
    async fn link(&self, wish: Wish) -> String {
        link_to(&self.world, self.deal.id, Wish { contact: Some(self.maria.id), ..wish }).await
    }

    /// The client's browser, and their page.
    async fn client(&self) -> (Browser, String) {
        (self.world.anon(), self.link(thirty_days()).await)
    }

    fn offers(&self, version: &str) -> Vec<(&'static str, String)> {
        vec![("offering", self.offering.id.to_string()), ("version", version.to_owned())]
    }

    async fn choose(&self, client: &Browser, page: &str, rest: &[(&'static str, &str)]) -> Answer {
        let mut form = self.offers("");
        form.extend(rest.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        client.post(&format!("{page}/offers"), &form).await
    }
}

fn promise(deal: Id<Deal>, side: Side, title: &str) -> Commitment {
    let hours = (side == Side::Company).then_some(77.9);
    Commitment {
        deal_id: deal,
        side,
        title: title.into(),
        note: Some(hidden("how")),
        owner_id: None,
        contact_id: None,
        due_on: Some("2026-12-01".parse().unwrap()),
        promised_on: Some("2026-12-01".parse().unwrap()),
        asked_on: None,
        asked_because: None,
        moved_because: Some(hidden("why it moved")),
        after_id: None,
        hours_low: hours,
        hours_likely: hours,
        hours_high: hours,
        chance: Some(0.7793),
        confirmed_on: None,
        done_on: None,
        done_note: None,
        measure_id: None,
    }
}

fn thirty_days() -> Wish {
    Wish { days: 30, ..Wish::default() }
}

fn offering(deal: Id<Deal>) -> Offering {
    let offer = |package: &str, words: &str, price_minor| Offered {
        package: Package::parse(package).unwrap(),
        words: vec![("Training".into(), words.into())],
        ours: 7789.0,
        theirs: 7796.0,
        price_minor: Some(price_minor),
        refund_share: None,
        horizon_months: None,
    };
    Offering {
        deal_id: deal,
        owner_id: None,
        offers: Doc(vec![offer("1.2", "A day", 1_800_000), offer("1.3", "Two days", 1_540_000)]),
        state: State::Made,
        picked: None,
        said: None,
        answered_at: None,
    }
}

/// The path of a page: `/c/…`.
async fn link_to(world: &World, deal: Id<Deal>, wish: Wish) -> String {
    let (act, hash) = (world.act().await, hashed(wish.passcode.as_deref()).await.unwrap());
    let act: Act = act;
    let made = world
        .app
        .write(move |tx| Box::pin(async move { actions::make(tx, &act, deal, wish, hash).await }))
        .await
        .unwrap();
    format!("/c/{}", made.1.text())
}

/// Nothing of ours is in an answer, its headers included, as it went over the wire.
fn is_clean(answer: &Answer, what: &str) {
    let whole = format!("{}\n{:?}", answer.text, answer.headers);
    assert!(!whole.contains(SECRET), "{what}: {}", near(&whole, SECRET));
    // A figure may be written with whatever stands between its thousands.
    let plain: String = whole.chars().filter(|c| !matches!(c, ',' | '\u{202f}' | '\u{a0}' | ' ')).collect();
    let plain_dots = plain.replace('.', "");
    for figure in FIGURES {
        // The secret of a link is 64 digits of its own.
        let found = plain.contains(figure) || (!figure.contains('.') && plain_dots.contains(figure));
        assert!(!found, "{what}: {figure} in {}", near(&plain, figure));
    }
}

fn near(text: &str, word: &str) -> String {
    let at = text.find(word).unwrap_or(0);
    text[..at]
        .chars()
        .rev()
        .take(80)
        .collect::<String>()
        .chars()
        .rev()
        .chain(text[at..].chars().take(60))
        .collect()
}

/// An answer without the secret of its own link, whose digits are random.
fn without(answer: Answer, page: &str) -> Answer {
    let mut headers = axum::http::HeaderMap::new();
    for (name, value) in &answer.headers {
        if name != "x-request-id" {
            let text = value.to_str().unwrap().replace(page, "/c/");
            headers.append(name, axum::http::HeaderValue::from_str(&text).unwrap());
        }
    }
    let ids = regexless_ids(&answer.text.replace(page, "/c/"));
    Answer { text: ids, headers, status: answer.status }
}

/// A text without ids and hashes of assets, whose digits are random too.
fn regexless_ids(text: &str) -> String {
    let is_hex = |c: char| c.is_ascii_hexdigit() || c == '-';
    let mut out = String::new();
    let mut word = String::new();
    for c in text.chars().chain(['\n']) {
        if is_hex(c) {
            word.push(c);
        } else {
            if word.len() < 16 {
                out.push_str(&word);
            }
            word.clear();
            out.push(c);
        }
    }
    out
}

#[tokio::test]
async fn a_client_reads_what_is_theirs_and_nothing_of_ours_in_every_answer() {
    let shared = Shared::new().await;
    let (client, page) = shared.client().await;
    let page_now = client.get(&page).await;
    assert_eq!(page_now.status, StatusCode::OK, "{}", page_now.text);
    for theirs in [
        "Saturday orders",
        "Stop losing the Saturday orders",
        "from 120 to 200 orders a week",
        "A call centre",
        "Somebody answers",
        "a form costs less",
        "A robot",
        "Offer 2",
        "€15,400",
        "Two days",
        "Maria Oliveira",
        "Ada Lind",
        "Opening hours",
    ] {
        assert!(page_now.text.contains(theirs), "{theirs} is not on the page: {}", page_now.text);
    }
    let at = format!("/deals/{}", shared.deal.id);
    let mut documents = Vec::new();
    for title in ["Opening hours", &hidden("document")] {
        let path = crate::files::path_of(&shared.ada, &at, title).await;
        assert_eq!(shared.ada.get(&path).await.status, StatusCode::OK, "{title} is there to be read");
        documents.push(path.rsplit('/').next().unwrap().to_owned());
    }
    let taken = client.get(&format!("{page}/files/{}", documents[0])).await;
    assert_eq!(taken.text, "Six to six");
    let mut tried = 0;
    let all = doors();
    let theirs = all.iter().filter(|door| door.path.starts_with("/c/{token}"));
    let ways = theirs.flat_map(|door| {
        documents.iter().take(if door.path.contains("{id}") { 2 } else { 1 }).map(move |id| (door, id))
    });
    for (door, id) in ways {
        let path = door.path.replace("/c/{token}", &page).replace("{id}", id);
        for language in ["en", "de", "fr", "es"] {
            let forms: [&[(&str, &str)]; 4] = [
                &[],
                &[("state", "chosen"), ("picked", "99")],
                &[("state", "change_asked"), ("said", "\u{0}<script>")],
                &[("version", "-1"), ("state", "declined"), ("passcode", "x"), ("offering", "nonsense")],
            ];
            // What the stream sends is tried apart: it does not end.
            if door.path.ends_with("/live") {
                continue;
            }
            for form in forms {
                let body: Vec<String> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
                let request = axum::http::Request::builder()
                    .method(door.method.clone())
                    .uri(&path)
                    .header("accept-language", language)
                    .header("sec-fetch-site", "same-origin")
                    .header("content-type", "application/x-www-form-urlencoded");
                let answer = client.send(request, axum::body::Body::from(body.join("&"))).await;
                assert!(!answer.status.is_server_error(), "{path}: {}", answer.text);
                for (name, value) in [("cache-control", "no-store"), ("referrer-policy", "no-referrer")] {
                    assert_eq!(answer.headers[name], value, "{path}");
                }
                assert!(answer.headers["x-robots-tag"].to_str().unwrap().contains("noindex"), "{path}");
                is_clean(&without(answer, &page), &format!("{} {path}", door.method));
                tried += 1;
            }
        }
    }
    assert!(tried > 30, "only {tried} answers were looked at");
    // The same marks are there to be read by who may read them, or the test proves nothing.
    let ours = shared.ada.get(&format!("/deals/{}", shared.deal.id)).await.text;
    assert!(ours.contains(SECRET) && ours.contains("7,7"), "the deal's own page shows what is ours");
}

/// What a line of the stream may be; the mark of a page is sixteen digits made of what is on it.
fn is_of_a_stream(line: &str) -> bool {
    let is_mark = |mark: &str| mark.len() == 16 && mark.chars().all(|c| c.is_ascii_hexdigit());
    match line.split_once(": ") {
        Some(("retry", ms)) => ms.parse::<u32>().is_ok(),
        Some(("event", what)) => matches!(what, "changed" | "ended"),
        Some(("data", what)) => matches!(what, "page" | "ended"),
        Some(("id", mark)) => is_mark(mark),
        Some(_) => false,
        None => line.is_empty() || line == ":",
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stream_of_the_page_says_that_it_changed_and_not_a_word_more() {
    let (mut shared, product, elsewhere) = Shared::bare().await;
    tokio::spawn(sameside::web::feed(shared.world.app.clone()));
    let (client, page) = shared.client().await;
    let now = client.get(&page).await.text;
    let mark = now.split("/live?since=").nth(1).expect("a stream").split('"').next().unwrap().to_owned();
    let mut stream = Stream::open(&shared.world, &format!("{page}/live?since={mark}"), None, None).await;
    // Everything that is ours is written while the page is open, and some of what is theirs.
    shared.furnish(product, elsewhere).await;
    let mut heard = stream.hears("changed").await;
    let asked = client.post(&format!("{page}/help"), &[("title", "Orders come twice")]).await;
    assert!(asked.leads_to().contains("said-help"), "{}", asked.text);
    let queue = shared.ada.get("/service").await.text;
    let request = queue.split("<a href=\"/service/").find(|part| part.contains("Orders come twice")).unwrap();
    let request = format!("/service/{}", request.split('"').next().unwrap());
    let note = hidden("they are always in a hurry");
    shared.ada.post(&format!("{request}/notes"), &[("text", &note)]).await;
    shared.ada.post(&format!("{request}/answers"), &[("text", "We look at it."), ("next", "us")]).await;
    let reading = [
        ("deal_id", shared.deal.id.to_string()),
        ("whose", "company".to_owned()),
        ("mood", "bad".to_owned()),
        ("word", hidden("our reading")),
    ];
    let reading: Vec<(&str, &str)> = reading.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert!(shared.ada.post("/pulses", &reading).await.status.is_redirection());
    heard.push_str(&stream.hears_out().await);
    let ended = shared.ada.get(&format!("/deals/{}/client-page", shared.deal.id)).await.text;
    let link = ended.split("/client-links/").nth(1).expect("its link").split('/').next().unwrap();
    shared.ada.post(&format!("/client-links/{link}/revocation"), &[]).await;
    heard.push_str(&stream.hears("event: ended").await);
    heard.push_str(&stream.hears_out().await);
    assert!(heard.contains("event: changed") && heard.contains("event: ended"), "{heard}");
    for line in heard.lines() {
        assert!(is_of_a_stream(line), "{line:?} in {heard}");
    }
    let words: String = heard.lines().filter(|line| !line.starts_with("id: ")).collect();
    assert!(!words.contains(SECRET) && FIGURES.iter().all(|figure| !words.contains(figure)), "{words}");
    // Our own page knows all of it, or the test proves nothing.
    let ours = shared.ada.get(&format!("/deals/{}", shared.deal.id)).await.text;
    assert!(ours.contains(SECRET) && ours.contains("7,7"), "the deal's own page shows what is ours");
}

#[tokio::test]
async fn a_client_asks_for_help_says_how_it_felt_and_reads_no_note_and_nobody_elses_request() {
    let shared = Shared::new().await;
    let (client, page) = shared.client().await;
    let ask = [("title", "Orders come twice"), ("said", "Since Monday.")];
    let asked = client.post(&format!("{page}/help"), &ask).await;
    assert!(asked.leads_to().ends_with("?said=said-help#help"), "{}", asked.leads_to());
    let deal = shared.deal.id.to_string();
    let elsewhere = [("title", hidden("request of others")), ("said", hidden("what others said"))];
    let elsewhere: Vec<(&str, &str)> =
        elsewhere.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let foreign = shared.ada.post("/service", &elsewhere).await.leads_to().to_owned();
    let queue = shared.ada.get("/service").await.text;
    let request = queue.split("<a href=\"/service/").find(|part| part.contains("Orders come twice")).unwrap();
    let id = request.split('"').next().unwrap().to_owned();
    let request = format!("/service/{id}");
    let note = hidden("they are always in a hurry");
    shared.ada.post(&format!("{request}/notes"), &[("text", &note)]).await;
    let answer = [("text", "We stopped the second one."), ("next", "us")];
    shared.ada.post(&format!("{request}/answers"), &answer).await;
    let whole = shared.ada.get(&request).await.text;
    assert!(whole.contains(SECRET) && whole.contains("On their page") && whole.contains("Maria Oliveira"));
    for language in ["en", "de", "fr", "es"] {
        let request = axum::http::Request::get(page.as_str()).header("accept-language", language);
        let answer = client.send(request, axum::body::Body::empty()).await;
        assert!(
            answer.text.contains("Orders come twice") && answer.text.contains("We stopped the second one.")
        );
        is_clean(&without(answer, &page), &format!("the page in {language}"));
    }
    // A request of others is not theirs to write to; their own is.
    let theirs = foreign.rsplit('/').next().unwrap();
    let words = [("request", theirs), ("text", "Mine now?")];
    assert!(client.post(&format!("{page}/help/words"), &words).await.leads_to().contains("not-possible-now"));
    let words = [("request", id.as_str()), ("text", "Once more this morning.")];
    client.post(&format!("{page}/help/words"), &words).await;
    assert!(shared.ada.get(&request).await.text.contains("Once more this morning."));
    for mood in ["so_so", "good"] {
        assert!(
            client.post(&format!("{page}/felt"), &[("mood", mood)]).await.leads_to().contains("said-felt")
        );
    }
    client.post(&format!("{page}/felt"), &[("mood", "good"), ("word", "You answered at once.")]).await;
    let ours = shared.ada.get(&format!("/deals/{deal}")).await.text;
    assert!(ours.contains("You answered at once.") && !ours.contains("<b>So-so</b>"), "one word a day");
    assert!(client.get(&page).await.text.contains("You said: Good."));
}

#[tokio::test]
async fn what_the_client_chooses_is_on_the_deal_in_its_history_and_in_the_log_of_the_link() {
    let shared = Shared::new().await;
    let (client, page) = shared.client().await;
    client.get(&page).await;
    let chosen =
        shared.choose(&client, &page, &[("state", "chosen"), ("picked", "1"), ("version", "1")]).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.text);
    assert!(chosen.leads_to().ends_with("?said=said-chosen#offers"), "{}", chosen.leads_to());
    let after = client.get(&format!("{page}?said=said-chosen")).await.text;
    assert!(after.contains("We have your choice") && after.contains("your choice"), "{after}");
    let deal = format!("/deals/{}", shared.deal.id);
    let bargain = shared.ada.get(&format!("{deal}/negotiation")).await.text;
    assert!(bargain.contains("They chose"), "{bargain}");
    let history = shared.ada.get(&format!("/history?of=deal.{}", shared.deal.id)).await.text;
    assert!(history.contains("Maria Oliveira") && history.contains("on their page"), "{history}");
    let links = shared.ada.get(&format!("{deal}/client-page")).await.text;
    assert!(links.contains("chose offer 2") && links.contains("opened the page"), "{links}");
    assert!(!links.contains(page.trim_start_matches("/c/")), "the secret is nowhere");
}

#[tokio::test]
async fn a_client_may_ask_for_a_change_or_say_no_until_it_is_agreed() {
    let shared = Shared::new().await;
    let (client, page) = shared.client().await;
    let lacking = shared.choose(&client, &page, &[("state", "change_asked"), ("picked", "0")]).await;
    assert!(lacking.leads_to().contains("said=needs-mending"), "{}", lacking.leads_to());
    let form = [("state", "change_asked"), ("picked", "0"), ("said", "Start in April")];
    shared.choose(&client, &page, &form).await;
    assert!(client.get(&page).await.text.contains("Start in April"));
    let stale =
        shared.choose(&client, &page, &[("state", "chosen"), ("picked", "0"), ("version", "1")]).await;
    // The first version in the form is empty: the newest is meant.
    assert!(stale.leads_to().contains("said=said-chosen"), "{}", stale.leads_to());
    shared.choose(&client, &page, &[("state", "declined"), ("said", "Too dear")]).await;
    assert!(client.get(&page).await.text.contains("Too dear"));
    let act = shared.world.act().await;
    let (deal, today) = (shared.deal.id, shared.world.app.now().day(&jiff::tz::TimeZone::UTC));
    shared
        .world
        .app
        .write(move |tx| {
            Box::pin(async move {
                let package = Package::parse("1.3").unwrap();
                sameside::negotiation::actions::agree(tx, &act, deal, None, package, today).await
            })
        })
        .await
        .unwrap();
    let late = shared.choose(&client, &page, &[("state", "chosen"), ("picked", "0")]).await;
    assert!(late.leads_to().contains("said=not-possible-now"), "{}", late.leads_to());
    let agreed = client.get(&page).await.text;
    assert!(agreed.contains("What we agreed on") && agreed.contains("Two days"), "{agreed}");
}

#[tokio::test]
async fn a_link_that_opens_nothing_says_the_same_whatever_it_was() {
    let shared = Shared::new().await;
    let (client, page) = shared.client().await;
    let revoked = link_to(&shared.world, shared.deal.id, thirty_days()).await;
    let links = shared.ada.get(&format!("/deals/{}/client-page", shared.deal.id)).await.text;
    let named = links.split("Page for anybody there").nth(1).unwrap();
    let newest = named.split("/client-links/").nth(1).unwrap().split('/').next().unwrap();
    shared.ada.post(&format!("/client-links/{newest}/revocation"), &[]).await;
    let never = format!("/c/{}", "a".repeat(64));
    let mut said = Vec::new();
    for path in [revoked.as_str(), &never, "/c/nonsense", "/c/%00", &format!("{never}/proposal")] {
        let answer = client.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer");
        said.push(answer.text);
    }
    assert!(said.iter().all(|text| *text == said[0]), "{said:?}");
    for path in [&revoked, &never] {
        let answer = shared.choose(&client, path, &[("state", "chosen"), ("picked", "0")]).await;
        assert_eq!((answer.status, answer.text == said[0]), (StatusCode::NOT_FOUND, true));
    }
    assert_eq!(client.get(&page).await.status, StatusCode::OK, "the other link still holds");
    shared.world.wait_seconds(31 * 86_400);
    let ended = client.get(&page).await;
    assert_eq!(ended.status, StatusCode::GONE);
    assert!(ended.text.contains("ask Fieldwork Software for a new link"), "{}", ended.text);
    let late = shared.choose(&client, &page, &[("state", "chosen"), ("picked", "0")]).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert_eq!(
        client.get(&revoked).await.text,
        said[0],
        "a link that was taken back does not say that it ended"
    );
}

#[tokio::test]
async fn a_link_opens_its_own_deal_alone_and_no_page_of_members() {
    let shared = Shared::new().await;
    let (client, page) = shared.client().await;
    let secret = page.trim_start_matches("/c/");
    let theirs = Deal { title: "Another of theirs".into(), ..shared.deal.it.clone() };
    let theirs = put(&shared.world, theirs).await;
    let second = link_to(&shared.world, theirs.id, thirty_days()).await;
    let tried = shared.choose(&client, &second, &[("state", "chosen"), ("picked", "0")]).await;
    assert!(
        tried.leads_to().contains("not-possible-now"),
        "an offering of another deal: {}",
        tried.leads_to()
    );
    assert!(!client.get(&second).await.text.contains("€15,400"));
    let otto = shared.world.stranger().await;
    let answer = shared.world.browser(&otto).await.get(&page).await;
    assert_eq!(answer.status, StatusCode::OK, "a link opens for whoever has it, and shows no more");
    is_clean(&without(answer, &page), "another workspace");
    for door in doors().iter().filter(|door| door.right.is_some() && !door.path.contains('{')) {
        let request = axum::http::Request::builder()
            .method(door.method.clone())
            .uri(door.path)
            .header("authorization", format!("Bearer {secret}"))
            .header("cookie", format!("sameside={secret}"))
            .header("sec-fetch-site", "same-origin");
        let answer = client.send(request, axum::body::Body::empty()).await;
        assert!(
            [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED].contains(&answer.status),
            "{} {}: {}",
            door.method,
            door.path,
            answer.status
        );
        assert!(door.method == "POST" || answer.leads_to().starts_with("/sign-in"), "{}", door.path);
    }
}

#[tokio::test]
async fn a_passcode_is_asked_for_and_few_tries_are_given() {
    let shared = Shared::new().await;
    let page = shared.link(Wish { passcode: Some("rye bread".into()), ..thirty_days() }).await;
    let client = shared.world.anon();
    let shut = client.get(&page).await;
    assert_eq!(shut.status, StatusCode::UNAUTHORIZED);
    assert!(!shut.text.contains("Saturday"), "nothing is told before: {}", shut.text);
    let refused = shared.choose(&client, &page, &[("state", "chosen"), ("picked", "0")]).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let wrong = client.post(&format!("{page}/passcode"), &[("passcode", "white bread")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = client.post(&format!("{page}/passcode"), &[("passcode", " rye bread ")]).await;
    assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.text);
    let cookie = right.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("Path=/c"), "{cookie}");
    let with = |path: String| {
        axum::http::Request::get(path).header("cookie", cookie.split(';').next().unwrap().to_owned())
    };
    let open = client.send(with(page.clone()), axum::body::Body::empty()).await;
    assert!(open.text.contains("Saturday"), "{}", open.text);
    let other = shared.link(Wish { passcode: Some("other".into()), ..thirty_days() }).await;
    let elsewhere = client.send(with(other), axum::body::Body::empty()).await;
    assert_eq!(elsewhere.status, StatusCode::UNAUTHORIZED, "a passcode opens its own link");
    for _ in 0..9 {
        client.post(&format!("{page}/passcode"), &[("passcode", "white bread")]).await;
    }
    let locked = client.post(&format!("{page}/passcode"), &[("passcode", "rye bread")]).await;
    assert!(locked.text.contains("too often"), "{}", locked.text);
    shared.world.wait_seconds(13 * 3_600);
    let later = client.send(with(page), axum::body::Body::empty()).await;
    assert_eq!(later.status, StatusCode::UNAUTHORIZED, "an entry ends");
}

#[tokio::test]
async fn the_page_speaks_the_language_of_the_link_or_of_the_browser() {
    let shared = Shared::new().await;
    let (client, page) = shared.client().await;
    let ask = |path: &str, language: &str| axum::http::Request::get(path).header("accept-language", language);
    let german = client.send(ask(&page, "de-DE,de;q=0.9"), axum::body::Body::empty()).await.text;
    assert!(german.contains("lang=\"de\"") && german.contains("Angebot 2"), "{german}");
    assert!(german.contains("15.400"), "sums are written as they are there: {german}");
    let french =
        shared.link(Wish { language: Some(sameside::client_page::Tongue::Fr), ..thirty_days() }).await;
    let text = client.send(ask(&french, "de"), axum::body::Body::empty()).await.text;
    assert!(text.contains("Quelle offre vous convient"), "{text}");
    let gone = client.send(ask("/c/0", "es"), axum::body::Body::empty()).await.text;
    assert!(gone.contains("Aquí no hay nada"), "{gone}");
}

#[tokio::test]
async fn who_asks_too_often_is_asked_to_wait() {
    let shared = Shared::new().await;
    let (client, page) = shared.client().await;
    let mut last = StatusCode::NOT_FOUND;
    for _ in 0..40 {
        last = client.get(&format!("/c/{}", "b".repeat(64))).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(client.get(&page).await.status, StatusCode::OK, "who has a right link is not held up");
    for _ in 0..260 {
        last = client.get(&format!("{page}/proposal")).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    shared.world.wait_seconds(60);
    assert_eq!(client.get(&page).await.status, StatusCode::OK);
}

#[tokio::test]
async fn links_are_made_by_who_sells_and_shown_once() {
    let shared = Shared::new().await;
    let path = format!("/deals/{}/client-page", shared.deal.id);
    let wrong = shared.ada.post(&path, &[("days", "0"), ("passcode", "abc")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    let maria = shared.maria.id.to_string();
    let made = shared.ada.post(&path, &[("days", "14"), ("contact", &maria), ("language", "de")]).await;
    let link =
        made.text.split("value=\"http://localhost").nth(1).expect("the link").split('"').next().unwrap();
    assert_eq!(shared.world.anon().get(link).await.status, StatusCode::OK);
    assert!(!shared.ada.get(&path).await.text.contains(link), "it is shown once");
    let preview = shared.ada.get(&format!("{path}/preview?language=de")).await;
    assert!(
        preview.text.contains("So sieht der Kunde") && !preview.text.contains("<form"),
        "{}",
        preview.text
    );
    let vera = shared.world.member("Vera Blick", Role::Viewer, Sees::All).await;
    let vera = shared.world.browser(&vera).await;
    assert_eq!(vera.post(&path, &[("days", "14")]).await.status, StatusCode::FORBIDDEN);
    let act = Act::new(shared.world.act().await.scope, shared.world.app.now(), Via::Page);
    let elsewhere = put(&shared.world, Contact::named("Nobody here")).await;
    let wish = Wish { contact: Some(Id::of(uuid::Uuid::from_u128(7))), ..thirty_days() };
    let deal = shared.deal.id;
    let refused = shared
        .world
        .app
        .write(move |tx| Box::pin(async move { actions::make(tx, &act, deal, wish, None).await }))
        .await;
    assert!(refused.is_err(), "a contact that is not there, {}", elsewhere.name);
}

#[tokio::test]
async fn a_phone_that_tells_nothing_of_where_a_form_comes_from_is_heard_all_the_same() {
    let shared = Shared::new().await;
    let (client, page) = shared.client().await;
    let body = format!("offering={}&state=chosen&picked=0", shared.offering.id);
    let request = || {
        axum::http::Request::post(format!("{page}/offers"))
            .header("origin", "null")
            .header("content-type", "application/x-www-form-urlencoded")
    };
    let old = client.send(request(), axum::body::Body::from(body.clone())).await;
    assert!(old.leads_to().contains("said-chosen"), "{} {}", old.status, old.text);
    let foreign = request().header("sec-fetch-site", "cross-site");
    assert_eq!(client.send(foreign, axum::body::Body::from(body)).await.status, StatusCode::FORBIDDEN);
}

/// Runs a verb as Ada.
macro_rules! as_ada {
    ($shared:expr, |$tx:ident, $act:ident| $verb:expr) => {{
        let act = $shared.world.act().await;
        $shared
            .world
            .app
            .write(move |$tx| {
                Box::pin(async move {
                    let $act = &act;
                    $verb.await
                })
            })
            .await
            .unwrap()
    }};
}

#[tokio::test]
async fn what_the_client_answers_becomes_evidence_that_the_client_said_it() {
    let shared = Shared::new().await;
    let (client, page) = shared.client().await;
    let deal = shared.deal.id;
    assert!(
        !client.get(&page).await.text.contains("What we would like to know"),
        "nothing is asked by itself"
    );
    let path = format!("/deals/{deal}/client-page");
    let form = shared.ada.get(&path).await.text;
    let question = form.split("value=\"q.").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for ask in [format!("q.{question}"), "f.client.benefit_per_month".to_owned()] {
        let asked = shared.ada.post(&format!("/deals/{deal}/client-questions"), &[("ask", &ask)]).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    }
    let ours = shared
        .ada
        .post(&format!("/deals/{deal}/client-questions"), &[("ask", "f.company.delivery_cost")])
        .await;
    assert_eq!(ours.status, StatusCode::UNPROCESSABLE_ENTITY, "our costs are nothing to ask them for");
    let open = client.get(&page).await.text;
    assert!(open.contains("What does the problem cost you in a usual month?"), "{open}");
    assert!(!open.contains("7774") && !open.contains("7,774"), "our own guess is not told: {open}");
    // The question of the workspace is asked on purpose: its words are the client's to read from now on.
    assert!(open.contains(&hidden("question")) && open.contains(&hidden("level")));
    let ids: Vec<&str> = open
        .split("name=\"question\" value=\"")
        .skip(1)
        .filter_map(|after| after.split('"').next())
        .collect();
    let level = open.split("name=\"level\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut answered = 0;
    for id in ids {
        for form in [[("question", id), ("value", "1600")], [("question", id), ("level", level)]] {
            let done = client.post(&format!("{page}/answers"), &form).await;
            answered += usize::from(done.leads_to().contains("said-answered"));
        }
    }
    assert_eq!(answered, 2, "each is answered by what it asks for");
    let evidence = shared.ada.get(&format!("/deals/{deal}/evidence")).await.text;
    assert!(evidence.contains("1,600") && evidence.contains("Maria Oliveira"), "{evidence}");
    assert!(client.get(&page).await.text.contains("You said: € 1,600 a month"));
    let otherwise =
        client.post(&format!("{page}/answers"), &[("question", "nonsense"), ("value", "3")]).await;
    assert!(otherwise.leads_to().contains("not-possible-now"));
}

#[tokio::test]
async fn the_client_says_how_glad_it_is_and_what_became_of_it_and_we_confirm() {
    let shared = Shared::new().await;
    let (client, page) = shared.client().await;
    let deal = shared.deal.id;
    let early = client.post(&format!("{page}/result"), &[("reached", "fully")]).await;
    assert!(early.leads_to().contains("not-possible-now"), "{}", early.leads_to());
    as_ada!(shared, |tx, act| async {
        records::change(tx, act, deal, None, |deal: &mut Deal| {
            deal.agreed_on = Some("2026-11-20".parse().unwrap());
            deal.phase = sameside::deals::Phase::Deliver;
            Ok(())
        })
        .await
    });
    let now = client.get(&page).await;
    is_clean(&without(now, &page), "the page of an agreed deal");
    assert!(!client.get(&page).await.text.contains("was the day to look at the result"), "nothing is due");
    // The plan says when both look at the result; on that day the page asks how it stands.
    as_ada!(shared, |tx, act| async {
        let sql = db::Sql::built("select id from measure where deal_id = $1 limit 1".into());
        let (measure,) = tx.first::<(Id<Measure>,)>(sql, vec![deal.into()]).await?.unwrap();
        let mut look = Commitment::blank(deal, Side::Company, "Look at the result together".into());
        look.due_on = Some("2026-11-22".parse().unwrap());
        look.measure_id = Some(measure);
        sameside::commitments::actions::promise(tx, act, look).await
    });
    let due = client.get(&page).await.text;
    assert!(due.contains("22 Nov 2026 was the day to look at the result together"), "{due}");
    assert!(due.contains("href=\"#result\">Say how it stands</a>"), "{due}");
    let glad = [("felt", "grudgingly"), ("because", "It was late")];
    assert!(client.post(&format!("{page}/gladness"), &glad).await.leads_to().contains("said-glad"));
    let report = [("reached", "partly"), ("achieved", "180"), ("note", "Still busy on Fridays")];
    assert!(client.post(&format!("{page}/result"), &report).await.leads_to().contains("said-result"));
    let after = client.get(&page).await.text;
    assert!(after.contains("180 orders a week") && after.contains("Still busy on Fridays"), "{after}");
    assert!(
        !after.contains("Say how it stands") && !after.contains("was the day to look"),
        "said once: {after}"
    );
    let outcome = shared.ada.get(&format!("/deals/{deal}/outcome")).await.text;
    assert!(outcome.contains("It was late") && outcome.contains("Maria Oliveira"), "{outcome}");
    assert!(
        outcome.contains("value=\"180\"") && outcome.contains("Still busy on Fridays"),
        "to be confirmed: {outcome}"
    );
    let standing =
        records::get(&mut shared.world.app.read().await.unwrap(), &shared.world.act().await.scope, deal)
            .await
            .unwrap()
            .standing;
    assert_eq!(standing, sameside::deals::Standing::Open, "a deal is verified by us, once we have looked");
    let notices = shared.ada.get("/notices").await.text;
    assert!(notices.contains("pays grudgingly: “It was late” in Saturday orders"), "{notices}");
    assert!(
        notices.contains("reports that their side has some of what they wanted, 180 orders a week"),
        "{notices}"
    );
}

#[tokio::test]
async fn the_client_confirms_asks_for_another_day_and_calls_its_own_promises_done() {
    let shared = Shared::new().await;
    let (client, page) = shared.client().await;
    let text = client.get(&page).await.text;
    let step = |title: &str| {
        let after = text.split(title).nth(1).unwrap();
        after.split("name=\"step\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let (theirs, ours) = (step("Count a week of calls"), step("Set the till up"));
    let plan = format!("{page}/plan");
    for (form, said) in [
        (vec![("step", ours.as_str()), ("do", "finish")], "not-possible-now"),
        (vec![("step", ours.as_str()), ("do", "confirm")], "said-confirmed"),
        (
            vec![("step", ours.as_str()), ("do", "another"), ("day", "2026-12-04"), ("because", "A fair")],
            "said-another",
        ),
        (vec![("step", ours.as_str()), ("do", "another"), ("day", "soon")], "needs-mending"),
        (vec![("step", theirs.as_str()), ("do", "finish")], "said-finished"),
        (vec![("step", shared.offering.id.to_string().as_str()), ("do", "confirm")], "not-possible-now"),
    ] {
        let answer = client.post(&plan, &form).await;
        assert!(answer.leads_to().contains(said), "{form:?}: {}", answer.leads_to());
    }
    let after = client.get(&page).await.text;
    assert!(after.contains("Another day was asked for: 4 Dec 2026") && after.contains("done"), "{after}");
    let notices = shared.ada.get("/notices").await.text;
    assert!(
        notices.contains("asks for 4 Dec 2026 for “Set the till up”: “A fair” in Saturday orders"),
        "{notices}"
    );
    assert!(notices.contains("has done “Count a week of calls”"), "{notices}");
}
