//! Concessions on pages: what a deal's page shows, the form with its precedents, the queue and the ledger.

use crate::accounts::{Member, Right};
use crate::base::{Currency, Fields, Id, Locale, Money, Range, Source, plural};
use crate::concessions::actions;
use crate::concessions::store::{self, By};
use crate::concessions::{Balance, Concession, Delegation, Given, State, Wish};
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::records::{self, Kept, Kind, names_of, pages as records_pages};
use crate::search::lookup;
use crate::web::conflict::{self, Settled};
use crate::web::layout::{Place, Shell};
use crate::web::{Asked, Form, Input, PageError, Read, Routes, Visit, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::Conn;

/// How many the ledger shows.
const LEDGER_SHOWN: i64 = 50;
/// How many that wait Today shows.
const WAITING_SHOWN: i64 = 6;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/concessions", Right::Look, queue)
        .get("/deals/{id}/concessions/new", Right::Sell, new)
        .post("/deals/{id}/concessions", Right::Sell, give)
        .get("/concessions/{id}/edit", Right::Sell, edit)
        .post("/concessions/{id}", Right::Sell, change)
        .post("/concessions/{id}/answer", Right::Sell, decide)
        .post("/concessions/{id}/withdrawal", Right::Sell, withdraw)
        .post("/concessions/{id}/removal", Right::Sell, remove)
        .post("/concessions/{id}/restoration", Right::Sell, restore)
        .post("/delegations", Right::Sell, stand_in)
        .post("/delegations/{id}/removal", Right::Sell, no_stand_in)
}

/// One concession as pages show it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The address of its verbs.
    pub path: String,
    /// The page of its deal.
    pub href: String,
    /// What.
    pub title: String,
    /// In which deal, for whom.
    pub deal: String,
    /// Who gave or asks, when.
    pub who: String,
    /// What it cost us.
    pub cost: String,
    /// As a share of the price.
    pub share: String,
    /// What came back.
    pub back: String,
    /// Why nothing did.
    pub nothing: String,
    /// Where it stands: code and words.
    pub state: (&'static str, &'static str),
    /// What was said to it.
    pub because: String,
    /// How the deal stands.
    pub standing: &'static str,
    /// Whether it waits, and this person may say yes.
    pub may_decide: bool,
}

fn line(given: Given, visit: &Visit, may: f64) -> Line {
    let locale = visit.locale();
    let day = given.at.day(&visit.zone()).show_near(visit.today(), locale);
    let deal = match &given.company_name {
        Some(company) => format!("{company}, {}", given.deal_title),
        None => given.deal_title.clone(),
    };
    Line {
        path: format!("/concessions/{}", given.id),
        href: format!("/deals/{}", given.deal),
        title: given.title,
        deal,
        who: [given.by.unwrap_or_default(), day]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        cost: cost(given.cost, given.currency, locale),
        share: percent(given.share, locale),
        back: given.came_back.unwrap_or_default(),
        nothing: given.nothing_because.unwrap_or_default(),
        state: (given.state.code(), given.state.label()),
        because: given.decided_because.unwrap_or_default(),
        standing: given.standing.label(),
        may_decide: given.state == State::Asked && given.share <= may,
    }
}

fn cost([low, likely, high]: [f64; 3], currency: Currency, locale: Locale) -> String {
    let show = |units: f64| Money::of_units(units.round(), currency).show(locale);
    if low < high { format!("{} ({} to {})", show(likely), show(low), show(high)) } else { show(likely) }
}

fn percent(share: f64, locale: Locale) -> String {
    format!("{}% of the price", locale.number(share * 100.0, usize::from(share < 0.02)))
}

/// What a deal's page shows: what was given, what came back.
#[derive(Debug)]
pub struct Card {
    /// The deal's page.
    pub path: String,
    /// Whether this person may give.
    pub may_write: bool,
    /// What was given or asked, newest first.
    pub lines: Vec<Line>,
}

/// What a deal's page shows of what was given.
///
/// # Errors
/// What the database says.
pub async fn card(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>) -> Result<Card> {
    let given = store::of_deal(conn, visit.scope(), deal.id).await?;
    // Who may say yes is asked only when something waits.
    let may = if given.iter().any(|it| it.state == State::Asked) {
        actions::authority(conn, &visit.act(), visit.today()).await?
    } else {
        0.0
    };
    Ok(Card {
        path: format!("/deals/{}", deal.id),
        may_write: visit.scope().may(Right::Sell) && deal.removed_at.is_none(),
        lines: given.into_iter().map(|it| line(it, visit, may)).collect(),
    })
}

/// A concession that waits for whoever looks, for Today.
#[derive(Debug)]
pub struct Waiting {
    /// What, for whom.
    pub title: String,
    /// In which deal, how much.
    pub note: String,
}

/// The concessions that wait for a yes whoever looks may give.
///
/// # Errors
/// What the database says.
pub async fn waiting(conn: &mut Conn, visit: &Visit) -> Result<Vec<Waiting>> {
    let asked = store::in_state(conn, visit.scope(), State::Asked, WAITING_SHOWN).await?;
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let may = actions::authority(conn, &visit.act(), visit.today()).await?;
    let lines = asked.into_iter().map(|it| line(it, visit, may)).filter(|line| line.may_decide);
    Ok(lines
        .map(|line| Waiting {
            title: line.title,
            note: format!("{} · {} · {}", line.deal, line.who, line.share),
        })
        .collect())
}

#[derive(Template)]
#[template(path = "concessions/templates/queue.html")]
struct QueuePage {
    shell: Shell,
    asked: Vec<Line>,
    ledger: Vec<Line>,
    clients: Vec<(String, String, String)>,
    sellers: Vec<(String, String, String)>,
    stand_ins: Vec<(String, String)>,
    members: Vec<(String, String)>,
    may: String,
    today: String,
    form: Form,
}

async fn queue(visit: Visit) -> Result<Response, PageError> {
    render_queue(&visit, Form::default(), StatusCode::OK).await
}

async fn render_queue(visit: &Visit, form: Form, status: StatusCode) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let (scope, today) = (visit.scope(), visit.today());
    let may = actions::authority(&mut conn, &visit.act(), today).await?;
    let asked = store::in_state(&mut conn, scope, State::Asked, store::ROWS_MAX).await?;
    let given = store::in_state(&mut conn, scope, State::Granted, LEDGER_SHOWN).await?;
    let clients = store::balances(&mut conn, scope, By::Client).await?;
    let sellers = store::balances(&mut conn, scope, By::Seller).await?;
    let mut stand_ins = Vec::new();
    if let Some(member) = scope.member() {
        let all = store::stand_ins(&mut conn, scope.workspace(), member, today).await?;
        let ids = all.iter().map(|delegation| delegation.to_id.uuid()).collect();
        let names = names_of(&mut conn, scope, [(Kind::Member, ids)].into()).await?;
        for delegation in all {
            let name = names.get(&delegation.to_id.uuid()).map_or("Somebody", String::as_str);
            let (from, until) =
                (delegation.from_on.show(visit.locale()), delegation.until_on.show(visit.locale()));
            stand_ins.push((
                format!("/delegations/{}/removal", delegation.id),
                format!("{name}, {from} to {until}"),
            ));
        }
    }
    let own = scope.member().map(|id| id.to_string());
    let mut members = lookup::members(&mut conn, scope, None).await?;
    members.retain(|(id, _)| Some(id) != own.as_ref());
    let it = QueuePage {
        shell: visit.shell(Place::Elsewhere),
        asked: asked.into_iter().map(|it| line(it, visit, may)).collect(),
        ledger: given.into_iter().map(|it| line(it, visit, may)).collect(),
        clients: clients.into_iter().map(|it| balance(it, visit.locale())).collect(),
        sellers: sellers.into_iter().map(|it| balance(it, visit.locale())).collect(),
        stand_ins,
        members,
        may: if may.is_finite() { percent(may, visit.locale()) } else { "any share of the price".into() },
        today: today.to_string(),
        form,
    };
    page_as(status, &it)
}

fn balance(it: Balance, locale: Locale) -> (String, String, String) {
    let nothing = if it.without == 0 {
        "something came back each time".to_owned()
    } else {
        format!("nothing came back {} of {} times", it.without, it.count)
    };
    (
        it.name,
        plural(it.count, "time", "times"),
        format!("{nothing}; {} on average", percent(it.share, locale)),
    )
}

#[derive(Template)]
#[template(path = "concessions/templates/form.html")]
struct FormPage {
    shell: Shell,
    title: &'static str,
    deal: String,
    path: String,
    action: String,
    currency: String,
    form: Form,
    may: String,
    same: Vec<Line>,
    like: Vec<Line>,
    client: String,
    product: String,
}

/// The form; what the address already says of the concession stands in it.
async fn new(visit: Visit, Path(id): Path<Id<Deal>>, Asked(input): Asked) -> Result<Response, PageError> {
    render_form(&visit, id, None, Form::again(&input, Fields::default()), StatusCode::OK).await
}

/// The form of a new concession in a deal, or of one that is there.
async fn render_form(
    visit: &Visit,
    id: Id<Deal>,
    made: Option<Id<Concession>>,
    form: Form,
    status: StatusCode,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let scope = visit.scope();
    let deal = records::get(&mut conn, scope, id).await?;
    let may = actions::authority(&mut conn, &visit.act(), visit.today()).await?;
    let same = match deal.company_id {
        Some(company) => store::to_company(&mut conn, scope, company, id).await?,
        None => Vec::new(),
    };
    let like = match deal.product_id {
        Some(product) => store::about_product(&mut conn, scope, product, deal.company_id).await?,
        None => Vec::new(),
    };
    let wanted = [
        (Kind::Company, deal.company_id.map(Id::uuid).into_iter().collect()),
        (Kind::Product, deal.product_id.map(Id::uuid).into_iter().collect()),
    ];
    let names = names_of(&mut conn, scope, wanted.into()).await?;
    let name = |id: Option<uuid::Uuid>| id.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
    let it = FormPage {
        shell: visit.shell(Place::Deals),
        deal: deal.title.clone(),
        title: if made.is_none() { "They ask for something" } else { "What we give, said anew" },
        action: made
            .map_or_else(|| format!("/deals/{id}/concessions"), |made| format!("/concessions/{made}")),
        path: format!("/deals/{id}"),
        currency: deal.currency.prefix(),
        may: match deal.price() {
            Some(price) if may.is_finite() => {
                let sum = Money::of_units((price.units() * may).floor(), deal.currency);
                format!(
                    "You may give up to {} by yourself ({}).",
                    visit.money(sum),
                    percent(may, visit.locale())
                )
            }
            Some(_) => String::new(),
            None => "The deal has no price yet, so somebody above has to say yes.".into(),
        },
        same: same.into_iter().map(|it| line(it, visit, 0.0)).collect(),
        like: like.into_iter().map(|it| line(it, visit, 0.0)).collect(),
        client: name(deal.company_id.map(Id::uuid)),
        product: name(deal.product_id.map(Id::uuid)),
        form,
    };
    page_as(status, &it)
}

async fn give(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let deal = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let today = visit.today();
    let done = match read_wish(&input, deal.currency) {
        Ok(wish) => visit.write(move |tx, act| Box::pin(actions::give(tx, act, id, wish, today))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            let text = match kept.state {
                State::Asked => "It is more than you may give by yourself; it waits for a yes.",
                _ => "Written down, with what comes back.",
            };
            Ok(visit.done(&format!("/deals/{id}"), text, undo))
        }
        Err(Error::Invalid(fields)) => {
            render_form(&visit, id, None, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Reads the form of a concession.
fn read_wish(input: &Input, currency: Currency) -> Result<Wish> {
    let mut read = Read::new(input);
    let money = |text: &str| Ok(Money::parse(text, currency)?.units());
    let (cost, worth) = (read.range("cost", money), read.range("worth", money));
    if cost.is_none() && read.fields.at("cost").is_none() {
        read.fields.add("cost", "what it costs us: one amount, or the lowest, the likely and the highest");
    }
    let source = |read: &mut Read<'_>, field| read.code(field, Source::parse).unwrap_or(Source::OurEstimate);
    let (cost_source, worth_source) =
        (source(&mut read, "cost_evidence"), source(&mut read, "worth_evidence"));
    let wish = Wish {
        title: read.needed("title", "what they get, in a few words"),
        cost: cost.unwrap_or(Range::exactly(0.0)),
        cost_source,
        worth: worth.map(|range| (range, worth_source)),
        came_back: read.note("came_back"),
        nothing_because: read.note("nothing_because"),
    };
    read.done(wish)
}

/// The fields of a concession, as a conflict names them.
const LABELS: &[(&str, &str)] = &[
    ("title", "What they get"),
    ("cost_low", "What it costs us at least"),
    ("cost_likely", "What it likely costs us"),
    ("cost_high", "What it costs us at most"),
    ("cost_evidence", "How we know what it costs"),
    ("worth_low", "What it is worth to them at least"),
    ("worth_likely", "What it is likely worth to them"),
    ("worth_high", "What it is worth to them at most"),
    ("worth_evidence", "How we know what it is worth"),
    ("came_back", "What comes back"),
    ("nothing_because", "Why nothing does"),
];

fn form_of(it: &Concession, currency: Currency, version: i64) -> Form {
    let say = |units: f64| Money::of_units(units, currency).plain();
    let values = [
        ("title", it.title.clone()),
        ("cost_evidence", it.cost_source.code().to_owned()),
        ("worth_evidence", it.worth_source.unwrap_or(Source::Assumed).code().to_owned()),
        ("came_back", it.came_back.clone().unwrap_or_default()),
        ("nothing_because", it.nothing_because.clone().unwrap_or_default()),
    ];
    let mut form = Form::of(values, Some(version));
    form.set_range("cost", it.cost(), say);
    if let Some(worth) = it.worth() {
        form.set_range("worth", worth, say);
    }
    form
}

async fn edit(visit: Visit, Path(id): Path<Id<Concession>>) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get(&mut conn, visit.scope(), id).await?;
    let deal = records::get(&mut conn, visit.scope(), kept.deal_id).await?;
    drop(conn);
    let form = form_of(&kept, deal.currency, kept.version);
    render_form(&visit, deal.id, Some(id), form, StatusCode::OK).await
}

async fn change(visit: Visit, Path(id): Path<Id<Concession>>, input: Input) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get(&mut conn, visit.scope(), id).await?;
    let deal = records::get(&mut conn, visit.scope(), kept.deal_id).await?;
    let form_at = |it: &Concession, version| form_of(it, deal.currency, version);
    let settled = conflict::settle_over(&mut conn, &visit, &kept, input, form_at, LABELS).await?;
    drop(conn);
    let (path, back) = (format!("/concessions/{id}"), format!("/deals/{}", deal.id));
    let input = match settled {
        Settled::Save(input) => input,
        Settled::Choose(form) => {
            let labelled = |field: &str, value: &str| match field {
                "cost_evidence" | "worth_evidence" => {
                    Source::parse(value).map_or_else(String::new, |source| source.label().to_owned())
                }
                _ => value.to_owned(),
            };
            return conflict::choose(&visit, Place::Deals, &kept.title, path, back, &form, labelled);
        }
    };
    let (version, today) = (input.version(), visit.today());
    let done = match read_wish(&input, deal.currency) {
        Ok(wish) => {
            visit.write(move |tx, act| Box::pin(actions::change(tx, act, id, version, wish, today))).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(now) => {
            let undo = records_pages::undo_of(&visit, id).await?;
            let text = match (kept.state, now.state) {
                (State::Granted, State::Asked) => {
                    "Saved. It takes more than was allowed, so it waits for a yes."
                }
                _ => "Saved.",
            };
            Ok(visit.done(&back, text, undo))
        }
        Err(Error::Invalid(fields)) => {
            let form = Form::again(&input, fields);
            render_form(&visit, deal.id, Some(id), form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn decide(visit: Visit, Path(id): Path<Id<Concession>>, input: Input) -> Result<Response, PageError> {
    let kept = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    records::get(&mut visit.read().await?, visit.scope(), kept.deal_id).await?;
    let mut read = Read::new(&input);
    let because = read.note("because");
    let (granted, today) = (input.get("answer") == "yes", visit.today());
    let done = match read.done(()) {
        Ok(()) => {
            visit.write(move |tx, act| Box::pin(actions::decide(tx, act, id, granted, because, today))).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => {
            let undo = records_pages::undo_of(&visit, id).await?;
            let text = if granted { "You said yes." } else { "You said no, and why." };
            Ok(visit.done("/concessions", text, undo))
        }
        Err(Error::Invalid(fields)) => {
            render_queue(&visit, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn withdraw(visit: Visit, Path(id): Path<Id<Concession>>) -> Result<Response, PageError> {
    let kept = visit.write(move |tx, act| Box::pin(actions::withdraw(tx, act, id))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done(&format!("/deals/{}", kept.deal_id), "It is not asked for any more.", undo))
}

async fn remove(visit: Visit, Path(id): Path<Id<Concession>>) -> Result<Response, PageError> {
    let deal = visit.write(move |tx, act| Box::pin(actions::remove(tx, act, id))).await?;
    let restore = format!("/concessions/{id}/restoration");
    Ok(visit.done(&format!("/deals/{deal}"), "It is removed from the ledger.", Some(restore)))
}

async fn restore(visit: Visit, Path(id): Path<Id<Concession>>) -> Result<Response, PageError> {
    let deal = visit.write(move |tx, act| Box::pin(actions::restore(tx, act, id))).await?;
    Ok(visit.done(&format!("/deals/{deal}"), "It is back in the ledger.", None))
}

async fn stand_in(visit: Visit, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let (to, until) = (read.id::<Member>("to_id"), read.date("until_on"));
    let from = read.date("from_on").unwrap_or(visit.today());
    if to.is_none() && read.fields.at("to_id").is_none() {
        read.fields.add("to_id", "who says yes for you");
    }
    if until.is_none() && read.fields.at("until_on").is_none() {
        read.fields.add("until_on", "the last day you are away");
    }
    let done = match read.done(to.zip(until)) {
        Ok(Some((to, until))) => {
            visit.write(move |tx, act| Box::pin(actions::stand_in(tx, act, to, from, until))).await
        }
        Ok(None) => Err(Error::field("to_id", "who says yes for you")),
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            Ok(visit.done("/concessions", "They say yes for you on these days.", undo))
        }
        Err(Error::Invalid(fields)) => {
            render_queue(&visit, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn no_stand_in(visit: Visit, Path(id): Path<Id<Delegation>>) -> Result<Response, PageError> {
    visit.write(move |tx, act| Box::pin(actions::no_stand_in(tx, act, id))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done("/concessions", "Nobody stands in on these days.", undo))
}
