//! Negotiation on pages: the table, its picture, offers and what they said to them; the form of an issue.

use crate::accounts::Right;
use crate::base::{Currency, Date, Evidence, Figure, Id, Locale, Money, Range, Source};
use crate::deals::{Deal, Stage};
use crate::diagnosis::Unit;
use crate::diagnosis::form::number;
use crate::error::{Error, Result};
use crate::negotiation::actions::{self, From, Heard, Least};
use crate::negotiation::table::OPTIONS_MAX;
use crate::negotiation::{
    Bargain, Choosable, Issue, Negotiation, Offering, Package, Sets, State, Worth, store,
};
use crate::records::{self, Kept, pages as records_pages};
use crate::web::layout::{Place, Shell};
use crate::web::picture::{self, Mark, Packages};
use crate::web::{Asked, Form, Input, PageError, Read, Routes, Visit, encode, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::Conn;

/// Better packages that are shown.
const BETTER_SHOWN: usize = 4;
/// Answers to a wish that are shown.
const RETURNS_SHOWN: usize = 6;
/// Packages of the frontier in the table beside the picture.
const ROWS_SHOWN: usize = 40;
/// Offerings that are shown.
const OFFERINGS_SHOWN: usize = 12;
/// Empty options that a form begins with.
const BLANKS: usize = 2;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/deals/{id}/negotiation", Right::Look, show)
        .post("/deals/{id}/negotiation", Right::Sell, begin)
        .get("/deals/{id}/negotiation/issues/new", Right::Sell, new_issue)
        .post("/deals/{id}/negotiation/issues", Right::Sell, add_issue)
        .get("/deals/{id}/negotiation/issues/{key}", Right::Sell, edit_issue)
        .post("/deals/{id}/negotiation/issues/{key}", Right::Sell, change_issue)
        .post("/deals/{id}/negotiation/issues/{key}/removal", Right::Sell, drop_issue)
        .post("/deals/{id}/negotiation/least", Right::Sell, set_least)
        .post("/deals/{id}/negotiation/package", Right::Sell, put)
        .post("/deals/{id}/negotiation/request", Right::Sell, request)
        .post("/deals/{id}/negotiation/offers", Right::Sell, offer)
        .post("/deals/{id}/negotiation/agreement", Right::Sell, agree)
        .post("/deals/{id}/negotiation/template", Right::Sell, keep)
        .post("/offerings/{id}/answer", Right::Sell, hear)
}

/// What a deal's page shows of its negotiation.
#[derive(Debug)]
pub struct Card {
    /// The page of the negotiation.
    pub path: String,
    /// Whether there is a table.
    pub has_table: bool,
    /// What is on it, issue by issue.
    pub words: Vec<(String, String)>,
    /// Where it stands, in a sentence.
    pub text: String,
}

/// What a deal's page shows of its negotiation.
///
/// # Errors
/// What the database says.
pub async fn card(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>) -> Result<Card> {
    let workspace = visit.scope().workspace();
    let table = store::of_deal(conn, workspace, deal.id).await?;
    let offerings = store::offerings(conn, workspace, deal.id).await?;
    let text = match (&table, offerings.first()) {
        (Some(table), _) if table.agreed_on.is_some() => {
            format!("Agreed{}.", on(table.agreed_on, visit.locale()))
        }
        (_, Some(last)) => format!(
            "{}, {}: {}.",
            records::About::title(&last.it),
            last.created_at.day(&visit.zone()).show_near(visit.today(), visit.locale()),
            last.state.label().to_lowercase()
        ),
        _ => String::new(),
    };
    let current = |table: &Kept<Negotiation>| {
        table.current_package.0.as_ref().map(|package| table.words(package)).unwrap_or_default()
    };
    Ok(Card {
        path: format!("/deals/{}/negotiation", deal.id),
        has_table: table.is_some(),
        words: table.as_ref().map(current).unwrap_or_default(),
        text,
    })
}

fn on(day: Option<Date>, locale: Locale) -> String {
    day.map_or_else(String::new, |day| format!(" on {}", day.show(locale)))
}

/// A package as pages show it.
struct PackageView {
    code: String,
    letter: &'static str,
    name: String,
    words: Vec<(String, String)>,
    ours: String,
    theirs: String,
    note: String,
    ledger: String,
    is_current: bool,
}

/// An issue as pages show it.
struct IssueView {
    key: u32,
    name: String,
    sets: String,
    options: Vec<OptionView>,
}

struct OptionView {
    key: u32,
    name: String,
    ours: String,
    ours_because: String,
    theirs: String,
    source: &'static str,
    evidence: String,
    note: String,
    is_current: bool,
    is_wished: bool,
}

struct OfferingView {
    path: String,
    version: i64,
    title: String,
    when: String,
    state: State,
    said: String,
    offers: Vec<OfferView>,
}

struct OfferView {
    number: usize,
    words: Vec<(String, String)>,
    ours: String,
    theirs: String,
    is_picked: bool,
}

/// What the engine says, in words.
struct Told {
    picture: Packages,
    named: Vec<PackageView>,
    rows: Vec<PackageView>,
    rows_all: usize,
    better: Vec<PackageView>,
    returns: Vec<PackageView>,
    miss: Option<(PackageView, String)>,
    is_possible: bool,
    counts: String,
    learned: String,
    notes: Vec<String>,
}

#[derive(Template)]
#[template(path = "negotiation/templates/negotiation.html")]
struct NegotiationPage {
    shell: Shell,
    deal: String,
    path: String,
    may_write: bool,
    is_open: bool,
    product: String,
    product_keeps: bool,
    may_keep: bool,
    version: i64,
    has_table: bool,
    issues: Vec<IssueView>,
    told: Option<Told>,
    look: Option<PackageView>,
    agreed_on: String,
    next_stage: Option<(String, String, i64)>,
    wish: bool,
    least: [String; 4],
    offerings: Vec<OfferingView>,
    currency: String,
    form: Form,
}

impl NegotiationPage {
    fn is_agreed(&self) -> bool {
        !self.agreed_on.is_empty()
    }
}

/// How sums are said beside the base of a table.
#[derive(Clone, Copy)]
struct Say {
    currency: Currency,
    locale: Locale,
}

impl Say {
    fn sum(self, units: f64) -> String {
        Unit::Money.show(units.round() + 0.0, self.currency, self.locale)
    }

    fn signed(self, units: f64) -> String {
        if units.round() > 0.0 { format!("+{}", self.sum(units)) } else { self.sum(units) }
    }
}

async fn show(visit: Visit, Path(id): Path<Id<Deal>>, Asked(input): Asked) -> Result<Response, PageError> {
    render(&visit, id, &input, Form::default(), StatusCode::OK).await
}

async fn render(
    visit: &Visit,
    id: Id<Deal>,
    input: &Input,
    form: Form,
    status: StatusCode,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let (scope, workspace) = (visit.scope(), visit.scope().workspace());
    let (deal, table) = actions::of(&mut conn, &visit.act(), id).await?;
    let offerings = store::offerings(&mut conn, workspace, id).await?;
    let product = match deal.product_id {
        Some(product) => records::get_any(&mut conn, scope, product).await.ok(),
        None => None,
    };
    let product_keeps = match deal.product_id {
        Some(product) => store::of_product(&mut conn, workspace, product).await?.is_some(),
        None => false,
    };
    let stages = crate::deals::store::stages(&mut conn, workspace).await?;
    drop(conn);
    let say = Say { currency: deal.currency, locale: visit.locale() };
    let bargain = match &table {
        Some(table) if !table.issues.0.is_empty() => Some(actions::bargain(table, &offerings).await?),
        _ => None,
    };
    let path = format!("/deals/{id}");
    let told = table.as_ref().zip(bargain.as_ref()).map(|(table, bargain)| tell(table, bargain, &path, say));
    let look = table.as_ref().zip(bargain.as_ref()).and_then(|(table, bargain)| {
        let package = Package::parse(input.get("look")).filter(|package| table.is_whole(package))?;
        Some(view(table, &bargain.worth(&package), "", "The package you look at", say))
    });
    let may_write = visit.scope().may(Right::Sell);
    let it = NegotiationPage {
        shell: visit.shell(Place::Deals),
        deal: deal.title.clone(),
        may_write,
        is_open: !deal.standing.is_ended(),
        may_keep: product.is_some() && scope.may(Right::Manage),
        product: product.map_or_else(String::new, |product| product.it.name),
        product_keeps,
        version: table.as_ref().map_or(0, |table| table.version),
        has_table: table.is_some(),
        issues: table.as_ref().map(|table| issues(table, say)).unwrap_or_default(),
        told,
        look,
        agreed_on: table
            .as_ref()
            .and_then(|table| table.agreed_on)
            .map_or_else(String::new, |day| day.show(say.locale)),
        next_stage: next_stage(&deal, &stages),
        wish: table.as_ref().is_some_and(|table| table.requested_package.0.is_some()),
        least: table.as_ref().map(|table| least(table, say)).unwrap_or_default(),
        offerings: offerings.into_iter().take(OFFERINGS_SHOWN).map(|it| offering(it, visit, say)).collect(),
        currency: deal.currency.prefix(),
        path,
        form,
    };
    page_as(status, &it)
}

/// The stage after agreement, for a deal that is not there yet.
fn next_stage(deal: &Kept<Deal>, stages: &[Kept<Stage>]) -> Option<(String, String, i64)> {
    if !deal.phase.is_before_agreement() || deal.standing.is_ended() {
        return None;
    }
    let after =
        |stage: &&Kept<Stage>| stage.pipeline_id == deal.pipeline_id && !stage.phase.is_before_agreement();
    let stage = stages.iter().find(after)?;
    Some((stage.id.to_string(), stage.name.clone(), deal.version))
}

fn least(table: &Negotiation, say: Say) -> [String; 4] {
    let plain = |units: f64| Money::of_units(units, say.currency).plain();
    [
        plain(table.our_least),
        table.our_least_because.clone().unwrap_or_default(),
        plain(table.their_least),
        table.their_least_because.clone().unwrap_or_default(),
    ]
}

fn issues(table: &Negotiation, say: Say) -> Vec<IssueView> {
    let has = |package: &Option<Package>, issue: u32, option: u32| {
        package.as_ref().is_some_and(|package| package.0.get(&issue) == Some(&option))
    };
    let of = |issue: &Issue| IssueView {
        key: issue.key,
        name: issue.name.clone(),
        sets: if issue.sets == Sets::Nothing { String::new() } else { issue.sets.label().to_owned() },
        options: issue
            .options
            .iter()
            .map(|option| {
                let theirs = option.theirs.as_ref();
                let evidence = theirs.map(|it| &it.evidence);
                let who =
                    |it: &Evidence| it.source.note(it.by.as_deref(), it.on.map(|day| day.show(say.locale)));
                OptionView {
                    key: option.key,
                    name: option.name.clone(),
                    ours: say.signed(option.ours),
                    ours_because: option.ours_because.clone().unwrap_or_default(),
                    theirs: theirs.map_or_else(String::new, |it| worth_of(it.range, say)),
                    source: evidence.map_or("", |it| it.source.code()),
                    evidence: evidence.map_or_else(String::new, who),
                    note: evidence.and_then(|it| it.note.clone()).unwrap_or_default(),
                    is_current: has(&table.current_package.0, issue.key, option.key),
                    is_wished: has(&table.requested_package.0, issue.key, option.key),
                }
            })
            .collect(),
    };
    table.issues.0.iter().map(of).collect()
}

fn worth_of(range: Range, say: Say) -> String {
    if range.low() < range.high() {
        format!("{} ({} to {})", say.signed(range.likely()), say.sum(range.low()), say.sum(range.high()))
    } else {
        say.signed(range.likely())
    }
}

fn view(table: &Negotiation, worth: &Worth, letter: &'static str, name: &str, say: Say) -> PackageView {
    PackageView {
        code: worth.package.code(),
        letter,
        name: name.to_owned(),
        words: table.words(&worth.package),
        ours: say.signed(worth.ours),
        theirs: say.signed(worth.theirs),
        note: String::new(),
        ledger: String::new(),
        is_current: table.current_package.0.as_ref() == Some(&worth.package),
    }
}

/// The engine's answer in words and as a picture.
fn tell(table: &Negotiation, bargain: &Bargain, path: &str, say: Say) -> Told {
    let now = if table.agreed_on.is_some() { "Agreed" } else { "On the table" };
    let fair = [
        (&bargain.current, "A", now),
        (&bargain.requested, "B", "With what they ask for"),
        (&bargain.nash, "N", "Fair: both gains, multiplied, are greatest (Nash)"),
        (
            &bargain.kalai_smorodinsky,
            "K",
            "Fair: both get the same share of what they could gain (Kalai and Smorodinsky)",
        ),
        (&bargain.egalitarian, "E", "Fair: who gains less gains most (egalitarian)"),
    ];
    let mut named: Vec<PackageView> = Vec::new();
    let mut marks: Vec<Mark> = Vec::new();
    let mark = |worth: &Worth, letter, name: &str| {
        let words: Vec<String> = table
            .words(&worth.package)
            .into_iter()
            .map(|(issue, option)| format!("{issue}: {option}"))
            .collect();
        Mark {
            letter,
            ours: worth.ours,
            theirs: worth.theirs,
            text: format!(
                "{name}. {}. Us {}, them {}",
                words.join("; "),
                say.signed(worth.ours),
                say.signed(worth.theirs)
            ),
            href: format!("{path}/negotiation?look={}#look", worth.package.code()),
            is_current: letter == "A",
        }
    };
    for (worth, letter, name) in fair {
        let Some(worth) = worth else { continue };
        match named.iter_mut().find(|known| known.code == worth.package.code()) {
            Some(known) => known.name = format!("{}. {name}", known.name),
            None => {
                named.push(view(table, worth, letter, name, say));
                marks.push(mark(worth, letter, name));
            }
        }
    }
    let others =
        bargain.frontier.iter().filter(|it| !named.iter().any(|known| known.code == it.package.code()));
    marks.extend(others.map(|worth| mark(worth, "", "Cannot be bettered for one without cost to the other")));
    let frontier: Vec<(f64, f64)> = bargain.frontier.iter().map(|it| (it.ours, it.theirs)).collect();
    let sampled = if bargain.is_sampled { ", a sample of them drawn" } else { "" };
    let counts = format!(
        "{} packages{sampled}; {} that cannot be bettered for one side without cost to the other",
        grouped(&bargain.outcomes),
        say.locale.number(count(bargain.frontier_size), 0)
    );
    let least = (table.our_least, table.their_least);
    let picture =
        picture::packages(&bargain.dots, &frontier, least, marks, format!("{counts}."), &|sum| say.sum(sum));
    let better = bargain.improvements.iter().take(BETTER_SHOWN).map(|(worth, gain)| PackageView {
        note: format!("Both together gain {}.", say.sum(*gain)),
        ..view(table, worth, "", "", say)
    });
    let returns = bargain.returns.iter().take(RETURNS_SHOWN).map(|(worth, changes)| PackageView {
        note: match changes {
            0 => "Nothing else has to change.".to_owned(),
            1 => "One other thing changes.".to_owned(),
            n => format!("{n} other things change."),
        },
        ledger: ledger(table, bargain, Some(worth), path),
        ..view(table, worth, "", "", say)
    });
    let miss = bargain.nearest_miss.as_ref().map(|(worth, ours, theirs)| {
        let short = match (ours.round() > 0.0, theirs.round() > 0.0) {
            (true, true) => format!("{} short for us, {} for them", say.sum(*ours), say.sum(*theirs)),
            (true, false) => format!("{} short for us", say.sum(*ours)),
            _ => format!("{} short for them", say.sum(*theirs)),
        };
        (view(table, worth, "", "The nearest", say), short)
    });
    let learned = match bargain.choices {
        0 => String::new(),
        1 => "What they chose once counts in it.".to_owned(),
        n => format!("What they chose {n} times counts in it."),
    };
    if let Some(wish) = named.iter_mut().find(|known| known.letter == "B") {
        wish.ledger = ledger(table, bargain, None, path);
    }
    Told {
        picture,
        rows: bargain.frontier.iter().take(ROWS_SHOWN).map(|worth| view(table, worth, "", "", say)).collect(),
        rows_all: bargain.frontier_size,
        better: better.collect(),
        returns: returns.collect(),
        miss,
        is_possible: bargain.is_possible,
        counts,
        learned,
        notes: bargain.notes.clone(),
        named,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of packages is said with few digits")]
fn count(number: usize) -> f64 {
    number as f64
}

/// A whole number in decimal with its digits in groups.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The form of the ledger with what granting the wish costs, what it is worth to them and what comes back for it.
fn ledger(table: &Negotiation, bargain: &Bargain, with: Option<&Worth>, path: &str) -> String {
    let (Some(current), Some(wish)) = (&table.current_package.0, &table.requested_package.0) else {
        return String::new();
    };
    let changes = |to: &Package, asked: bool| -> Vec<(String, String, f64, f64)> {
        let of = |issue: &Issue| {
            let (before, after) = (*current.0.get(&issue.key)?, *to.0.get(&issue.key)?);
            if before == after || wish.0.contains_key(&issue.key) != asked {
                return None;
            }
            let (old, new) = (issue.option(before)?, issue.option(after)?);
            let (was, is) = (bargain.value(issue.key, before)?, bargain.value(issue.key, after)?);
            let words = format!("{}: {} instead of {}", issue.name, new.name, old.name);
            Some((words, new.name.clone(), was.0 - is.0, is.1 - was.1))
        };
        table.issues.0.iter().filter_map(of).collect()
    };
    let granted = changes(&current.with(wish), true);
    let list = |all: &[(String, String, f64, f64)]| {
        all.iter().map(|(words, ..)| words.as_str()).collect::<Vec<_>>().join("; ")
    };
    let mut pairs = vec![("title", list(&granted))];
    let sum = |pick: fn(&(String, String, f64, f64)) -> f64| granted.iter().map(pick).sum::<f64>().max(0.0);
    pairs.push(("cost_likely", format!("{:.0}", sum(|it| it.2))));
    pairs.push(("cost_evidence", Source::OurEstimate.code().to_owned()));
    pairs.push(("worth_likely", format!("{:.0}", sum(|it| it.3))));
    pairs.push(("worth_evidence", Source::OurEstimate.code().to_owned()));
    if let Some(with) = with {
        pairs.push(("came_back", list(&changes(&with.package, false))));
    }
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    format!("{path}/concessions/new?{}", query.join("&"))
}

fn offering(it: Kept<Offering>, visit: &Visit, say: Say) -> OfferingView {
    let picked = it.picked.and_then(|n| usize::try_from(n).ok());
    let offers = it.offers.0.iter().enumerate().map(|(n, offer)| OfferView {
        number: n,
        words: offer.words.clone(),
        ours: say.signed(offer.ours),
        theirs: say.signed(offer.theirs),
        is_picked: picked == Some(n),
    });
    OfferingView {
        path: format!("/offerings/{}/answer", it.id),
        version: it.version,
        title: records::About::title(&it.it),
        when: it.created_at.day(&visit.zone()).show_near(visit.today(), say.locale),
        state: it.state,
        said: it.said.clone().unwrap_or_default(),
        offers: offers.collect(),
    }
}

/// The negotiation's page after something was done.
fn done(visit: &Visit, id: Id<Deal>, text: &str, undo: Option<String>) -> Response {
    visit.done(&format!("/deals/{id}/negotiation"), text, undo)
}

/// The page again when a form of it was refused.
async fn again(visit: &Visit, id: Id<Deal>, input: &Input, error: Error) -> Result<Response, PageError> {
    match error {
        Error::Invalid(fields) => {
            render(visit, id, &Input::default(), Form::again(input, fields), StatusCode::UNPROCESSABLE_ENTITY)
                .await
        }
        error => Err(error.into()),
    }
}

async fn begin(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let from = match input.get("from") {
        "figures" => From::Figures,
        "product" => From::Product,
        _ => From::Blank,
    };
    let kept = visit.write(move |tx, act| Box::pin(actions::begin(tx, act, id, from))).await?;
    let undo = records_pages::undo_of(&visit, kept.id).await?;
    Ok(done(&visit, id, "The table is there. Change what is not so.", undo))
}

async fn put(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let (version, package) = (input.version(), read_package(&input));
    match visit.write(move |tx, act| Box::pin(actions::put(tx, act, id, version, package))).await {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            Ok(done(&visit, id, "It is on the table now.", undo))
        }
        Err(error) => again(&visit, id, &input, error).await,
    }
}

fn read_package(input: &Input) -> Package {
    Package::parse(input.get("package")).unwrap_or_default()
}

async fn request(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let version = input.version();
    // Each issue is a field of its own: `issue_3=4`; one without a choice is left as it is.
    let pair = |name: &str| {
        let issue = name.strip_prefix("issue_")?.parse().ok()?;
        Some((issue, input.get(name).parse().ok()?))
    };
    let wish = Package(input.names().filter_map(pair).collect());
    let is_nothing = wish.0.is_empty();
    match visit.write(move |tx, act| Box::pin(actions::request(tx, act, id, version, wish))).await {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            let text = if is_nothing || kept.requested_package.0.is_none() {
                "They ask for nothing else."
            } else {
                "What they ask for is marked, with what would keep us whole."
            };
            Ok(done(&visit, id, text, undo))
        }
        Err(error) => again(&visit, id, &input, error).await,
    }
}

async fn offer(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let (_, table) = actions::of(&mut conn, &visit.act(), id).await?;
    let table = table.ok_or_else(|| Error::Refused("This deal has no table yet. Begin one first.".into()))?;
    let offerings = store::offerings(&mut conn, visit.scope().workspace(), id).await?;
    drop(conn);
    let bargain = actions::bargain(&table, &offerings).await?;
    let version = input.version().unwrap_or(table.version);
    let offers = bargain.offers;
    match visit.write(move |tx, act| Box::pin(actions::offer(tx, act, id, version, offers))).await {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            Ok(done(&visit, id, "The offers are kept. Each is worth the same to us: they choose.", undo))
        }
        Err(error) => again(&visit, id, &input, error).await,
    }
}

async fn hear(visit: Visit, Path(id): Path<Id<Offering>>, input: Input) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get(&mut conn, visit.scope(), id).await?;
    let deal = records::get(&mut conn, visit.scope(), kept.deal_id).await?.id;
    drop(conn);
    let mut read = Read::new(&input);
    let state = read.code("state", State::parse);
    if state.is_none() && read.fields.at("state").is_none() {
        read.fields.add("state", "what they said: which they chose, what they would change, or none of them");
    }
    let heard =
        Heard { state: state.unwrap_or(State::Made), picked: read.whole("picked"), said: read.note("said") };
    let version = input.version();
    let written = match read.done(heard) {
        Ok(heard) => visit.write(move |tx, act| Box::pin(actions::hear(tx, act, id, version, heard))).await,
        Err(error) => Err(error),
    };
    match written {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            let text = match kept.state {
                State::Chosen => "What they chose is on the table, and the next offers know of it.",
                State::ChangeAsked => "What they would change is written down.",
                State::Declined => "They want none of them; that is written down.",
                State::Made => "The offers wait for their choice again.",
            };
            let back = input.get("back");
            let to = if crate::web::is_own_path(back) {
                back.to_owned()
            } else {
                format!("/deals/{deal}/negotiation")
            };
            Ok(visit.done(&to, text, undo))
        }
        Err(error) => again(&visit, deal, &input, error).await,
    }
}

async fn agree(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let (version, package, today) = (input.version(), read_package(&input), visit.today());
    match visit.write(move |tx, act| Box::pin(actions::agree(tx, act, id, version, package, today))).await {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            Ok(done(&visit, id, "Agreed. The deal's terms are what it says.", undo))
        }
        Err(error) => again(&visit, id, &input, error).await,
    }
}

async fn keep(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    let kept = visit.write(move |tx, act| Box::pin(actions::keep_for_product(tx, act, id))).await?;
    let undo = records_pages::undo_of(&visit, kept.id).await?;
    Ok(done(&visit, id, "The product keeps this table; its next deals may begin with it.", undo))
}

async fn set_least(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let deal = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let mut read = Read::new(&input);
    let sum = |read: &mut Read<'_>, field| read.money(field, deal.currency).map_or(0.0, Money::units);
    let least = Least {
        ours: sum(&mut read, "our_least"),
        ours_because: read.line("our_least_because"),
        theirs: sum(&mut read, "their_least"),
        theirs_because: read.line("their_least_because"),
    };
    let version = input.version();
    let written = match read.done(least) {
        Ok(least) => {
            visit.write(move |tx, act| Box::pin(actions::set_least(tx, act, id, version, least))).await
        }
        Err(error) => Err(error),
    };
    match written {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            Ok(done(&visit, id, "The zone in which both are better off follows.", undo))
        }
        Err(error) => again(&visit, id, &input, error).await,
    }
}

/// The names of the fields of one option.
struct Row {
    key: String,
    name: String,
    value: String,
    ours: String,
    ours_because: String,
    theirs: String,
    theirs_by: String,
    theirs_note: String,
}

impl Row {
    fn of(row: usize) -> Self {
        let field = |part: &str| format!("o{row}_{part}");
        Self {
            key: field("key"),
            name: field("name"),
            value: field("value"),
            ours: field("ours"),
            ours_because: field("ours_because"),
            theirs: field("theirs"),
            theirs_by: field("theirs_by"),
            theirs_note: field("theirs_note"),
        }
    }
}

#[derive(Template)]
#[template(path = "negotiation/templates/issue.html")]
struct IssuePage {
    shell: Shell,
    deal: String,
    path: String,
    action: String,
    key: u32,
    currency: String,
    rows: Vec<Row>,
    form: Form,
    is_stale: bool,
}

impl IssuePage {
    fn sets(&self) -> Vec<(&'static str, &'static str)> {
        Sets::ALL.iter().map(|one| (one.code(), one.label())).collect()
    }

    /// A part of a range.
    fn part(&self, field: &str, part: &str) -> &str {
        self.form.value(&format!("{field}_{part}"))
    }

    fn source(&self, row: &Row) -> &str {
        match self.part(&row.theirs, "evidence") {
            "" => Source::OurEstimate.code(),
            code => code,
        }
    }
}

async fn new_issue(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    let (deal, table) = actions::of(&mut visit.read().await?, &visit.act(), id).await?;
    let form = Form::of([], table.map(|table| table.version));
    issue_page(&visit, &deal, 0, form, StatusCode::OK)
}

async fn edit_issue(visit: Visit, Path((id, key)): Path<(Id<Deal>, u32)>) -> Result<Response, PageError> {
    let (deal, table) = actions::of(&mut visit.read().await?, &visit.act(), id).await?;
    let table = table.ok_or(Error::NotFound)?;
    let issue = table.issue(key).ok_or(Error::NotFound)?;
    issue_page(&visit, &deal, key, kept_form(issue, table.version, deal.currency), StatusCode::OK)
}

fn kept_form(issue: &Issue, version: i64, currency: Currency) -> Form {
    let mut form =
        Form::of([("name", issue.name.clone()), ("sets", issue.sets.code().to_owned())], Some(version));
    let plain = |units: f64| Money::of_units(units, currency).plain();
    for (n, option) in issue.options.iter().enumerate() {
        let mut set = |part: &str, value: String| form.set(&format!("o{n}_{part}"), value);
        set("key", option.key.to_string());
        set("name", option.name.clone());
        set("ours", plain(option.ours));
        set("ours_because", option.ours_because.clone().unwrap_or_default());
        if let Some(value) = option.value {
            let shown = match issue.sets {
                Sets::Price => plain(value),
                Sets::Refund => format!("{}", (value * 10_000.0).round() / 100.0),
                Sets::Months | Sets::Nothing => format!("{value}"),
            };
            set("value", shown);
        }
        if let Some(theirs) = &option.theirs {
            let range = theirs.range;
            if range.low() < range.high() {
                set("theirs_low", plain(range.low()));
                set("theirs_high", plain(range.high()));
            }
            set("theirs_likely", plain(range.likely()));
            set("theirs_evidence", theirs.evidence.source.code().to_owned());
            set("theirs_by", theirs.evidence.by.clone().unwrap_or_default());
            set("theirs_note", theirs.evidence.note.clone().unwrap_or_default());
        }
    }
    form
}

/// The option a field of the form belongs to.
fn row_of(name: &str) -> Option<usize> {
    name.strip_prefix('o')?.split_once('_')?.0.parse().ok().filter(|row| *row < OPTIONS_MAX)
}

fn issue_page(
    visit: &Visit,
    deal: &Kept<Deal>,
    key: u32,
    form: Form,
    status: StatusCode,
) -> Result<Response, PageError> {
    let used = form.names().filter_map(row_of).map(|row| row + 1).max().unwrap_or(0);
    let rows = if used == 0 { BLANKS + 1 } else { (used + BLANKS).min(OPTIONS_MAX) };
    let path = format!("/deals/{}/negotiation", deal.id);
    let action = if key == 0 { format!("{path}/issues") } else { format!("{path}/issues/{key}") };
    let it = IssuePage {
        shell: visit.shell(Place::Deals),
        deal: deal.title.clone(),
        path,
        action,
        key,
        currency: deal.currency.prefix(),
        rows: (0..rows).map(Row::of).collect(),
        is_stale: status == StatusCode::CONFLICT,
        form,
    };
    page_as(status, &it)
}

async fn add_issue(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    save_issue(visit, id, 0, input).await
}

async fn change_issue(
    visit: Visit,
    Path((id, key)): Path<(Id<Deal>, u32)>,
    input: Input,
) -> Result<Response, PageError> {
    let (_, table) = actions::of(&mut visit.read().await?, &visit.act(), id).await?;
    table.and_then(|table| table.issue(key).map(drop)).ok_or(Error::NotFound)?;
    save_issue(visit, id, key, input).await
}

async fn save_issue(visit: Visit, id: Id<Deal>, key: u32, input: Input) -> Result<Response, PageError> {
    let deal = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let version = input.version();
    let written = match read_issue(&visit, &deal, key, &input) {
        Ok(issue) => {
            visit.write(move |tx, act| Box::pin(actions::put_issue(tx, act, id, version, issue))).await
        }
        Err(error) => Err(error),
    };
    match written {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            Ok(done(&visit, id, "The table says so now.", undo))
        }
        Err(Error::Invalid(fields)) => {
            issue_page(&visit, &deal, key, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(Error::Conflict { version }) => {
            let mut form = Form::again(&input, crate::base::Fields::default());
            form.version = Some(version);
            issue_page(&visit, &deal, key, form, StatusCode::CONFLICT)
        }
        Err(error) => Err(error.into()),
    }
}

/// Reads the form of an issue; an option without a name and figures is left out.
fn read_issue(visit: &Visit, deal: &Kept<Deal>, key: u32, input: &Input) -> Result<Issue> {
    let mut read = Read::new(input);
    let name = read.needed("name", "what is negotiated, in a few words: training, term, support");
    let sets = read.code("sets", Sets::parse).unwrap_or(Sets::Nothing);
    let money = |text: &str| Ok::<_, String>(Money::parse(text, deal.currency)?.units());
    let mut options = Vec::new();
    for row in 0..OPTIONS_MAX {
        let field = |part: &str| format!("o{row}_{part}");
        let Some(name) = read.line(&field("name")) else { continue };
        let ours = read.money(&field("ours"), deal.currency).map_or(0.0, Money::units);
        let value_field = field("value");
        let value = match sets {
            Sets::Nothing => None,
            Sets::Price => read.money(&value_field, deal.currency).map(Money::units),
            Sets::Refund | Sets::Months => {
                let text = input.get(&value_field).trim().trim_end_matches('%').to_owned();
                let share = if sets == Sets::Refund { 0.01 } else { 1.0 };
                match (text.is_empty(), number(&text)) {
                    (true, _) => None,
                    (_, Ok(value)) => Some(value * share),
                    (_, Err(right)) => {
                        read.fields.add(&value_field, right);
                        None
                    }
                }
            }
        };
        let theirs = read.range(&field("theirs"), money);
        let source = read.code(&field("theirs_evidence"), Source::parse).unwrap_or(Source::OurEstimate);
        let by = read.line(&field("theirs_by"));
        let evidence = Evidence {
            source,
            by: by.or_else(|| (source == Source::OurEstimate).then(|| visit.seat.member.name.clone())),
            on: Some(visit.today()),
            note: read.line(&field("theirs_note")),
        };
        options.push(Choosable {
            key: input.get(&field("key")).parse().unwrap_or(0),
            name,
            value,
            ours,
            ours_because: read.line(&field("ours_because")),
            theirs: theirs.map(|range| Figure { range, evidence }),
        });
    }
    if options.is_empty() {
        read.fields.add("options", format!("1 to {OPTIONS_MAX} options, each with a name"));
    }
    read.done(Issue { key, name, sets, options })
}

async fn drop_issue(
    visit: Visit,
    Path((id, key)): Path<(Id<Deal>, u32)>,
    input: Input,
) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let version = input.version();
    let kept = visit.write(move |tx, act| Box::pin(actions::drop_issue(tx, act, id, version, key))).await?;
    let undo = records_pages::undo_of(&visit, kept.id).await?;
    Ok(done(&visit, id, "It is not on the table any more.", undo))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::negotiation::table::tests::table;

    #[test]
    fn digits_stand_in_groups() {
        assert_eq!(["9", "999", "1000", "1048576"].map(grouped), ["9", "999", "1,000", "1,048,576"]);
    }

    #[test]
    fn the_ledger_is_told_what_was_granted_and_what_came_back() {
        let mut table = table();
        table.requested_package.0 = Package::parse("5.7");
        let bargain = Bargain::of(&table, &[]).unwrap();
        let say = Say { currency: Currency::EUR, locale: Locale::EnGb };
        let told = tell(&table, &bargain, "/deals/1", say);
        let query = &told.returns[0].ledger;
        for part in [
            "cost_likely=2&",
            "worth_likely=10&",
            &encode("Training: a day instead of none"),
            &encode("Price: 100 instead of 90"),
        ] {
            assert!(query.contains(part), "{part} in {query}");
        }
        let letters: Vec<&str> = told.named.iter().map(|it| it.letter).collect();
        assert_eq!(letters, ["A", "B", "N", "E"], "K stands at B");
        assert!(told.named[1].name.contains("Kalai"));
        assert_eq!(
            told.counts,
            "9 packages; 7 that cannot be bettered for one side without cost to the other"
        );
    }
}
