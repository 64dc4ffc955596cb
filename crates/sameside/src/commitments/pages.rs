//! The plan on pages: a deal's plan with its picture, one promise, planning backwards; what Today, a deal and a company show;
//! the steps of a product's plan.

use crate::accounts::{Member, Right};
use crate::base::{Date, Id, Locale, Range, plural};
use crate::commitments::actions::{self, Day, StepSaid};
use crate::commitments::store::{self, Count};
use crate::commitments::{Commitment, PlanStep, Side, Standing};
use crate::companies::Company;
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::outcomes;
use crate::products::Product;
use crate::promises;
use crate::records::{self, Kept, Kind, names_of, pages as records_pages};
use crate::search::lookup;
use crate::service;
use crate::tasks::{hours_text, parse_hours};
use crate::web::conflict::{self, Settled};
use crate::web::layout::{Place, Shell};
use crate::web::picture::{self, Hue, PlanPicture, Stop};
use crate::web::{Asked, Form, Input, PageError, Read, Routes, Visit, page, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::Conn;
use std::collections::HashMap;

/// Promises that a deal's own page shows.
const CARD_SHOWN: usize = 4;
/// Promises that Today shows.
const TODAY_SHOWN: i64 = 8;
/// How many days ahead Today looks.
const SOON_DAYS: i64 = 2;

/// The fields of the form, and what people call them.
const LABELS: &[(&str, &str)] = &[
    ("title", "What"),
    ("side", "Who promises"),
    ("owner_id", "Who of us"),
    ("contact_id", "Who of them"),
    ("after_id", "Comes after"),
    ("hours", "Hours of ours"),
    ("note", "How, where"),
];

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/deals/{id}/plan", Right::Look, show)
        .post("/deals/{id}/plan", Right::Sell, promise)
        .get("/deals/{id}/plan/backwards", Right::Look, look_back)
        .post("/deals/{id}/plan/backwards", Right::Sell, promise_all)
        .get("/commitments/{id}/edit", Right::Sell, edit)
        .post("/commitments/{id}", Right::Sell, change)
        .post("/commitments/{id}/day", Right::Sell, move_day)
        .post("/commitments/moves/{events}/undo", Right::Sell, put_back)
        .post("/commitments/{id}/day/refusal", Right::Sell, keep_day)
        .post("/commitments/{id}/confirmation", Right::Sell, confirm)
        .post("/commitments/{id}/completion", Right::Sell, complete)
        .post("/commitments/{id}/completion/removal", Right::Sell, reopen)
        .post("/commitments/{id}/removal", Right::Sell, remove)
        .post("/commitments/{id}/restoration", Right::Sell, restore)
        .get("/products/{id}/plan", Right::Look, steps)
        .post("/products/{id}/plan", Right::Manage, add_step)
        .post("/plan-steps/{id}/up", Right::Manage, step_up)
        .post("/plan-steps/{id}/removal", Right::Manage, remove_step)
}

/// A promise as pages show it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The address of its verbs.
    pub path: String,
    /// Its place in the plan, from 1.
    pub number: usize,
    /// Whose: `client` or `company`.
    pub side: &'static str,
    /// What.
    pub title: String,
    /// Who has it.
    pub who: String,
    /// Its day in words; empty without one.
    pub day: String,
    /// The same as a field takes it.
    pub day_iso: String,
    /// How it stands, in words.
    pub state: String,
    /// Whether its day is past, and it is not done.
    pub is_late: bool,
    /// Whether it is done.
    pub is_done: bool,
    /// The chance of keeping it, in words; empty where nobody can say.
    pub chance: String,
    /// What it comes after; empty if nothing.
    pub after: String,
    /// Why its day moved, or what it is about.
    pub notes: Vec<String>,
    /// The day the other side asks for: in words, as a field takes it, and why.
    pub asked: Option<(String, String, String)>,
    /// Whether the other side may still say yes to it.
    pub may_confirm: bool,
    /// What they asked for that it answers: address and words.
    pub answers: Vec<(String, String)>,
    /// Where the result is written down, if that is what is promised and still to come.
    pub result: String,
}

impl Line {
    /// Where it is on the page of its plan.
    fn anchor(&self) -> String {
        format!("c-{}", self.path.rsplit('/').next().unwrap_or_default())
    }
}

/// Days from the first of January 1970, as pictures count them.
#[expect(clippy::cast_precision_loss, reason = "days of a calendar")]
fn count(day: Date) -> f64 {
    "1970-01-01".parse::<Date>().map_or(0.0, |first| day.days_since(first) as f64)
}

#[expect(clippy::cast_possible_truncation, reason = "days of a calendar")]
fn day_of(count: f64) -> Option<Date> {
    "1970-01-01".parse::<Date>().ok().map(|first| first.plus_days(count as i64))
}

fn of_100(share: f64, locale: Locale) -> String {
    locale.number((share * 100.0).round(), 0)
}

/// Everything a plan says, line by line.
async fn lines(conn: &mut Conn, visit: &Visit, all: &[Kept<Commitment>]) -> Result<Vec<Line>> {
    let names = names(conn, visit, all).await?;
    lines_of(conn, visit, all, &names).await
}

/// What those are called who have promised something.
async fn names(
    conn: &mut Conn,
    visit: &Visit,
    all: &[Kept<Commitment>],
) -> Result<HashMap<uuid::Uuid, String>> {
    let mut wanted: HashMap<Kind, Vec<uuid::Uuid>> = HashMap::new();
    for it in all {
        wanted.entry(Kind::Member).or_default().extend(it.owner_id.map(Id::uuid));
        wanted.entry(Kind::Contact).or_default().extend(it.contact_id.map(Id::uuid));
    }
    names_of(conn, visit.scope(), wanted).await
}

async fn lines_of(
    conn: &mut Conn,
    visit: &Visit,
    all: &[Kept<Commitment>],
    names: &HashMap<uuid::Uuid, String>,
) -> Result<Vec<Line>> {
    let asked = match all.first() {
        Some(one) => service::store::in_plan(conn, visit.scope(), one.deal_id).await?,
        None => Vec::new(),
    };
    let (today, locale) = (visit.today(), visit.locale());
    let number = |id: Id<Commitment>| all.iter().position(|it| it.id == id).map(|n| n + 1);
    let line = |(n, it): (usize, &Kept<Commitment>)| {
        let who = it.who();
        let nobody = match it.side {
            Side::Company => "nobody of us yet",
            Side::Client => "nobody named yet",
        };
        let standing = it.standing(today);
        let day = |day: Date| day.show(locale);
        let promised = it.promised_on.filter(|promised| Some(*promised) != it.due_on).map(day);
        let state = match (it.done_on, standing, promised) {
            (Some(done), Standing::DoneLate, _) => format!("done {}, later than promised", day(done)),
            (Some(done), ..) => format!("done {}", day(done)),
            (None, Standing::Late, Some(promised)) => format!("promised for {promised}"),
            (None, Standing::Late, None) => "its day is past".to_owned(),
            (None, Standing::Undated, _) => "no day yet".to_owned(),
            (None, ..) if it.confirmed_on.is_some() => "both said yes".to_owned(),
            (None, ..) => String::new(),
        };
        let after = it.after_id.and_then(number).map(|n| format!("after {n}")).unwrap_or_default();
        Line {
            path: format!("/commitments/{}", it.id),
            number: n + 1,
            side: it.side.code(),
            title: it.title.clone(),
            who: who
                .map_or(nobody.to_owned(), |id| names.get(&id).cloned().unwrap_or_else(|| "Somebody".into())),
            day: it.due_on.map(day).unwrap_or_default(),
            day_iso: it.due_on.map(|day| day.to_string()).unwrap_or_default(),
            state,
            is_late: standing == Standing::Late,
            is_done: it.done_on.is_some(),
            chance: match it.chance {
                Some(chance) if it.done_on.is_none() => {
                    format!("kept in {} of 100 cases", of_100(chance, locale))
                }
                _ => String::new(),
            },
            after,
            notes: [&it.note, &it.moved_because, &it.done_note].into_iter().flatten().cloned().collect(),
            asked: it
                .asked_on
                .map(|asked| (day(asked), asked.to_string(), it.asked_because.clone().unwrap_or_default())),
            result: match it.measure_id {
                Some(_) if it.done_on.is_none() => format!("/deals/{}/outcome", it.deal_id),
                _ => String::new(),
            },
            may_confirm: it.confirmed_on.is_none() && it.done_on.is_none() && it.due_on.is_some(),
            answers: asked
                .iter()
                .filter(|(of, ..)| *of == it.id)
                .map(|(_, request, title)| (format!("/service/{request}"), title.clone()))
                .collect(),
        }
    };
    Ok(all.iter().enumerate().map(line).collect())
}

/// How many promises of each side were kept, in a sentence; empty before any came due.
fn kept_words([ours, theirs]: [Count; 2]) -> String {
    let both: Vec<String> = [ours.said("we"), theirs.said("they")].into_iter().flatten().collect();
    let mut text = both.join("; ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if text.is_empty() { text } else { text + "." }
}

fn kept_of(all: &[Kept<Commitment>], deal: &Deal, today: Date) -> [Count; 2] {
    [Side::Company, Side::Client].map(|side| counted(all, deal, today, |it| it.side == side))
}

/// Of the promises of a deal those that are `whose`: how many came due, how many were kept.
fn counted(all: &[Kept<Commitment>], deal: &Deal, today: Date, whose: impl Fn(&Commitment) -> bool) -> Count {
    let mut count = Count::default();
    for it in all.iter().filter(|it| whose(it) && !it.is_let_go(deal)) {
        match it.standing(today) {
            Standing::Kept if it.promised_on.is_some() => {
                count.due += 1;
                count.kept += 1;
            }
            Standing::DoneLate | Standing::Late => count.due += 1,
            _ => {}
        }
    }
    count
}

/// How each person of a plan kept what they promised in it, ours first; those of whom nothing came due are left out.
fn kept_by_person(
    all: &[Kept<Commitment>],
    names: &HashMap<uuid::Uuid, String>,
    deal: &Deal,
    today: Date,
) -> Vec<(&'static str, String)> {
    let mut seen: Vec<(Side, Option<uuid::Uuid>)> = Vec::new();
    for side in [Side::Company, Side::Client] {
        for it in all.iter().filter(|it| it.side == side) {
            if !seen.contains(&(side, it.who())) {
                seen.push((side, it.who()));
            }
        }
    }
    let said = |(side, who): (Side, Option<uuid::Uuid>)| {
        let count = counted(all, deal, today, |it| it.side == side && it.who() == who);
        let nobody = if side == Side::Company { "Nobody of us" } else { "Nobody of theirs" };
        let name = match who {
            Some(id) => names.get(&id).map_or("Somebody", String::as_str),
            None => nobody,
        };
        Some((side.code(), count.said(name)?))
    };
    seen.into_iter().filter_map(said).collect()
}

/// What a deal's page shows of its plan.
#[derive(Debug)]
pub struct Card {
    /// The plan's page.
    pub path: String,
    /// What comes next, of both sides.
    pub next: Vec<Line>,
    /// How much more there is.
    pub more: usize,
    /// How many are done.
    pub done: usize,
    /// How many promises of each side were kept, in a sentence.
    pub kept: String,
    /// Whether this person may promise.
    pub may_write: bool,
}

/// What a deal's page shows of its plan.
///
/// # Errors
/// What the database says.
pub async fn card(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>) -> Result<Card> {
    let all = store::of_deal(conn, visit.scope().workspace(), deal.id).await?;
    let kept = kept_words(kept_of(&all, deal, visit.today()));
    let mut next = lines(conn, visit, &all).await?;
    let count = next.len();
    next.retain(|line| !line.is_done);
    let done = count - next.len();
    let more = next.len().saturating_sub(CARD_SHOWN);
    next.truncate(CARD_SHOWN);
    Ok(Card {
        path: format!("/deals/{}/plan", deal.id),
        next,
        more,
        done,
        kept,
        may_write: visit.scope().may(Right::Sell) && deal.removed_at.is_none(),
    })
}

/// A promise as Today shows it.
#[derive(Debug)]
pub struct Promised {
    /// The plan it is in.
    pub href: String,
    /// Whose: `client` or `company`.
    pub side: &'static str,
    /// What.
    pub title: String,
    /// In which deal, with whom.
    pub about: String,
    /// Its day in words.
    pub day: String,
    /// Whether that is past.
    pub is_late: bool,
    /// What they ask; empty if nothing.
    pub asked: String,
}

/// The promises that today asks about: ours that come due, theirs that are late, and where another day is asked for.
///
/// # Errors
/// What the database says.
pub async fn promised(conn: &mut Conn, visit: &Visit, owner: Option<Id<Member>>) -> Result<Vec<Promised>> {
    let today = visit.today();
    let until = today.plus_days(SOON_DAYS);
    let open = store::open(conn, visit.scope(), owner, (today, until), TODAY_SHOWN).await?;
    Ok(open.into_iter().map(|it| promised_line(it, visit)).collect())
}

/// What both sides promised until a day, the last included, and have not done; first due first.
///
/// # Errors
/// What the database says.
pub async fn coming(conn: &mut Conn, visit: &Visit, until: Date, limit: i64) -> Result<Vec<Promised>> {
    let open = store::open(conn, visit.scope(), None, (until.plus_days(1), until), limit).await?;
    Ok(open.into_iter().map(|it| promised_line(it, visit)).collect())
}

/// Some promises by their ids, as far as they are open and this person may see them.
///
/// # Errors
/// What the database says.
pub async fn promised_of(conn: &mut Conn, visit: &Visit, ids: &[uuid::Uuid]) -> Result<Vec<Promised>> {
    let open = store::by_ids(conn, visit.scope(), ids).await?;
    Ok(open.into_iter().map(|it| promised_line(it, visit)).collect())
}

fn promised_line(it: store::Open, visit: &Visit) -> Promised {
    let (today, locale) = (visit.today(), visit.locale());
    Promised {
        href: format!("/deals/{}/{}", it.deal, if it.is_verification { "outcome" } else { "plan" }),
        side: it.side.code(),
        title: it.title,
        about: [it.company.unwrap_or_default(), it.deal_title]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        day: it.due_on.map_or_else(String::new, |due| match due.days_since(today) {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            days if days < 0 => format!("since {}", due.show(locale)),
            _ => due.show(locale),
        }),
        is_late: it.due_on.is_some_and(|due| due < today),
        asked: it.asked_on.map_or_else(String::new, |day| match it.side {
            Side::Company => format!("They would rather have {}", day.show(locale)),
            Side::Client => format!("We asked for {}", day.show(locale)),
        }),
    }
}

/// How promises with a client were kept on both sides, in a sentence; empty before any came due.
///
/// # Errors
/// What the database says.
pub async fn kept_with(conn: &mut Conn, visit: &Visit, client: Id<Company>) -> Result<String> {
    Ok(kept_words(store::kept_with_client(conn, visit.scope(), client, visit.today()).await?))
}

#[derive(Template)]
#[template(path = "commitments/templates/plan.html")]
struct PlanPage {
    shell: Shell,
    deal: String,
    path: String,
    lines: Vec<Line>,
    picture: Option<PlanPicture>,
    kept: String,
    kept_by: Vec<(&'static str, String)>,
    end_said: String,
    members: Vec<(String, String)>,
    contacts: Vec<(String, String)>,
    befores: Vec<(String, String)>,
    may_write: bool,
    form: Form,
}

impl PlanPage {
    fn sides(&self) -> Vec<(&'static str, &'static str)> {
        Side::ALL.iter().map(|side| (side.code(), side.label())).collect()
    }
}

async fn show(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    render(&visit, id, Form::default(), StatusCode::OK).await
}

/// The day on which the result is to be there, as far as it was said.
async fn end_of(conn: &mut Conn, visit: &Visit, deal: Id<Deal>) -> Result<Option<Date>> {
    let measure = outcomes::store::measure(conn, visit.scope().workspace(), deal).await?;
    Ok(measure.and_then(|measure| measure.by_on))
}

async fn render(visit: &Visit, id: Id<Deal>, form: Form, status: StatusCode) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let (scope, today, locale) = (visit.scope(), visit.today(), visit.locale());
    let deal = records::get(&mut conn, scope, id).await?;
    let all = store::of_deal(&mut conn, scope.workspace(), id).await?;
    let names = names(&mut conn, visit, &all).await?;
    let lines = lines_of(&mut conn, visit, &all, &names).await?;
    let end = end_of(&mut conn, visit, id).await?;
    let points: Vec<Stop> = all
        .iter()
        .zip(&lines)
        .filter_map(|(it, line)| {
            Some(Stop {
                number: line.number,
                hue: if it.side == Side::Client { Hue::Client } else { Hue::Company },
                day: count(it.done_on.or(it.due_on)?),
                is_done: line.is_done,
                is_late: line.is_late,
                after: it
                    .after_id
                    .and_then(|after| all.iter().position(|other| other.id == after))
                    .map(|n| n + 1),
                text: format!("{}: {}, {}", line.number, line.title, line.day),
            })
        })
        .collect();
    let say = |at: f64| day_of(at).map_or_else(String::new, |day| day.show_near(today, locale));
    let picture = (!points.is_empty()).then(|| {
        let text = format!(
            "The plan over time: {} of theirs, {} of ours; the list below says the same.",
            plural(
                points.iter().filter(|point| point.hue == Hue::Client).count() as i64,
                "promise",
                "promises"
            ),
            points.iter().filter(|point| point.hue == Hue::Company).count(),
        );
        picture::plan(&points, count(today), end.map(count), text, &say)
    });
    let befores = all.iter().zip(&lines).filter(|(it, _)| it.done_on.is_none());
    let it = PlanPage {
        shell: visit.shell(Place::Deals),
        deal: deal.title.clone(),
        path: format!("/deals/{id}"),
        befores: befores
            .map(|(it, line)| (it.id.to_string(), format!("{}. {}", line.number, it.title)))
            .collect(),
        picture,
        kept: kept_words(kept_of(&all, &deal, today)),
        kept_by: kept_by_person(&all, &names, &deal, today),
        end_said: end.map(|end| end.show(locale)).unwrap_or_default(),
        members: lookup::members(&mut conn, scope, deal.owner_id).await?,
        contacts: people(&mut conn, visit, &deal).await?,
        may_write: scope.may(Right::Sell) && deal.removed_at.is_none(),
        lines,
        form,
    };
    page_as(status, &it)
}

/// Who of them may have something: the people of the company, and whoever the deal is with.
async fn people(conn: &mut Conn, visit: &Visit, deal: &Deal) -> Result<Vec<(String, String)>> {
    let mut all: Vec<(String, String)> = Vec::new();
    if let Some(company) = deal.company_id {
        let found = crate::contacts::store::of_company(conn, visit.scope(), company).await?;
        all.extend(found.into_iter().map(|it| (it.id.to_string(), it.it.name)));
    }
    if let Some(contact) = deal.contact_id.filter(|id| !all.iter().any(|(other, _)| *other == id.to_string()))
    {
        let names = records::names(conn, visit.scope(), Kind::Contact, [contact]).await?;
        all.extend(names.get(&contact.uuid()).map(|name| (contact.to_string(), name.clone())));
    }
    Ok(all)
}

/// A promise as its form says it.
fn read(input: &Input, mut it: Commitment) -> Result<Commitment> {
    let mut read = Read::new(input);
    it.side = read.code("side", Side::parse).unwrap_or(it.side);
    it.title = read.needed("title", "what is promised");
    it.note = read.note("note");
    it.after_id = read.id("after_id");
    it.owner_id = read.id("owner_id").filter(|_| it.side == Side::Company);
    it.contact_id = read.id("contact_id").filter(|_| it.side == Side::Client);
    if input.has("due_on") {
        it.due_on = read.date("due_on");
    }
    let hours = read.line("hours");
    match hours.as_deref().map(parse_hours).transpose() {
        Ok(hours) if it.side == Side::Company => it.set_estimate(hours),
        Ok(None) => it.set_estimate(None),
        Ok(Some(_)) => read.fields.add("hours", "no hours: they are not ours"),
        Err(right) => read.fields.add("hours", right),
    }
    read.done(it)
}

/// The chance of keeping one of ours by a day, where its hours were said.
async fn chance_of(
    visit: &Visit,
    it: &Commitment,
    day: Option<Date>,
    but: Option<Id<Commitment>>,
) -> Result<Option<f64>> {
    let Some((hours, day)) = it.estimate().zip(day) else { return Ok(None) };
    let mut conn = visit.read().await?;
    let (workspace, scope) = (&visit.seat.workspace, visit.scope());
    let deal = records::get(&mut conn, scope, it.deal_id).await?;
    let by = match it.owner_id {
        Some(owner) => records::by_id(&mut conn, workspace.id, owner).await?.ok_or(Error::NotFound)?,
        None => promises::actions::doer(&mut conn, workspace.id, &deal, visit.seat.member.id).await?,
    };
    let asked = [(hours, day)];
    let chances =
        promises::actions::chances(&mut conn, workspace, &deal, &by, &asked, but, visit.today()).await?;
    Ok(chances.into_iter().next().flatten())
}

async fn promise(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let blank = Commitment::blank(id, Side::Company, String::new());
    let done = match read(&input, blank) {
        Ok(mut it) => {
            it.chance = chance_of(&visit, &it, it.due_on, None).await?;
            visit.write(move |tx, act| Box::pin(actions::promise(tx, act, it))).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            let text = match (kept.side, kept.chance) {
                (Side::Company, Some(chance)) => format!(
                    "Promised; such promises are kept in {} of 100 cases.",
                    of_100(chance, visit.locale())
                ),
                (Side::Company, None) => "Promised.".to_owned(),
                (Side::Client, _) => "Written down as theirs; they have not said yes to it yet.".to_owned(),
            };
            Ok(visit.done(&format!("/deals/{id}/plan"), &text, undo))
        }
        Err(Error::Invalid(fields)) => {
            render(&visit, id, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "commitments/templates/backwards.html")]
struct BackwardsPage {
    shell: Shell,
    deal: String,
    path: String,
    end: String,
    end_error: String,
    rows: Vec<(String, &'static str, String, String)>,
    says: String,
    fits: bool,
    from: String,
    last: String,
    may_write: bool,
}

async fn draft(visit: &Visit, id: Id<Deal>, end: Date) -> Result<(Kept<Deal>, promises::Draft)> {
    let mut conn = visit.read().await?;
    let workspace = &visit.seat.workspace;
    let deal = records::get(&mut conn, visit.scope(), id).await?;
    let by = promises::actions::doer(&mut conn, workspace.id, &deal, visit.seat.member.id).await?;
    let draft = promises::draft(&mut conn, workspace, &deal, &by, end, visit.today()).await?;
    Ok((deal, draft))
}

async fn look_back(
    visit: Visit,
    Path(id): Path<Id<Deal>>,
    Asked(input): Asked,
) -> Result<Response, PageError> {
    let (today, locale) = (visit.today(), visit.locale());
    let end = match input.get("end") {
        "" => end_of(&mut visit.read().await?, &visit, id).await?.filter(|end| *end > today),
        text => text.parse::<Date>().ok().filter(|end| *end > today && end.days_since(today) < 3_660),
    };
    let asked = input.has("end") && !input.get("end").is_empty();
    let (deal, draft) = draft(&visit, id, end.unwrap_or(today.plus_days(90))).await?;
    let may_write = visit.scope().may(Right::Sell) && deal.removed_at.is_none();
    let mut it = BackwardsPage {
        shell: visit.shell(Place::Deals),
        deal: deal.title.clone(),
        path: format!("/deals/{id}"),
        end: end.map_or_else(|| input.get("end").to_owned(), |end| end.to_string()),
        end_error: String::new(),
        rows: Vec::new(),
        says: String::new(),
        fits: draft.plan.missing_days == 0,
        from: if draft.is_of_product {
            "The steps are those of the product.".to_owned()
        } else {
            "These are the usual steps; a product can have its own.".to_owned()
        },
        last: String::new(),
        may_write,
    };
    let Some(end) = end else {
        let mut status = StatusCode::OK;
        if asked {
            it.end_error = "a day after today, within ten years".into();
            status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        return page_as(status, &it);
    };
    for (planned, promise) in draft.plan.steps.iter().zip(&draft.promises) {
        let chance = promise.chance.map(|chance| format!("kept in {} of 100 cases", of_100(chance, locale)));
        it.rows.push((
            planned.due_on.show(locale),
            promise.side.code(),
            planned.step.title.clone(),
            chance.unwrap_or_else(|| plural(planned.step.days, "working day", "working days")),
        ));
    }
    it.last = draft.plan.steps.last().map_or(end, |step| step.due_on).to_string();
    it.says = if it.fits {
        format!(
            "It fits: the first step begins by {}.",
            draft.plan.steps.first().map_or(end, |step| step.from_on).show(locale)
        )
    } else {
        format!(
            "It does not fit: {} are missing before {}. Begun today it is there on {}; say so before anything is promised, or leave something out.",
            plural(draft.plan.missing_days, "working day", "working days"),
            end.show(locale),
            draft.plan.earliest.show(locale)
        )
    };
    page(&it)
}

async fn promise_all(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let end = read.date("end");
    if end.is_none() && read.fields.at("end").is_none() {
        read.fields.add("end", "the day the result is to be there");
    }
    let end = read.done(end.unwrap_or(visit.today()))?;
    let (_, draft) = draft(&visit, id, end).await?;
    let count = visit.write(move |tx, act| Box::pin(actions::promise_all(tx, act, draft.promises))).await?;
    let text = format!(
        "{} are in the plan. Theirs wait for their yes; every day can still be moved.",
        plural(i64::try_from(count).unwrap_or(i64::MAX), "promise", "promises")
    );
    Ok(visit.done(&format!("/deals/{id}/plan"), &text, None))
}

#[derive(Template)]
#[template(path = "commitments/templates/form.html")]
struct FormPage {
    shell: Shell,
    deal: String,
    path: String,
    action: String,
    members: Vec<(String, String)>,
    contacts: Vec<(String, String)>,
    befores: Vec<(String, String)>,
    form: Form,
}

impl FormPage {
    fn sides(&self) -> Vec<(&'static str, &'static str)> {
        Side::ALL.iter().map(|side| (side.code(), side.label())).collect()
    }
}

fn form_of(it: &Commitment, version: i64) -> Form {
    let id = |id: Option<String>| id.unwrap_or_default();
    Form::of(
        [
            ("title", it.title.clone()),
            ("side", it.side.code().to_owned()),
            ("owner_id", id(it.owner_id.map(|id| id.to_string()))),
            ("contact_id", id(it.contact_id.map(|id| id.to_string()))),
            ("after_id", id(it.after_id.map(|id| id.to_string()))),
            ("hours", it.estimate().map(hours_text).unwrap_or_default()),
            ("note", it.note.clone().unwrap_or_default()),
        ],
        Some(version),
    )
}

async fn edit(visit: Visit, Path(id): Path<Id<Commitment>>) -> Result<Response, PageError> {
    let kept = actions::get(&mut visit.read().await?, &visit.act(), id).await?;
    let form = form_of(&kept, kept.version);
    render_form(&visit, id, form, StatusCode::OK).await
}

async fn render_form(
    visit: &Visit,
    id: Id<Commitment>,
    form: Form,
    status: StatusCode,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let scope = visit.scope();
    let kept = actions::get(&mut conn, &visit.act(), id).await?;
    let deal = records::get(&mut conn, scope, kept.deal_id).await?;
    let all = store::of_deal(&mut conn, scope.workspace(), deal.id).await?;
    let befores = all.iter().filter(|it| it.id != id);
    let it = FormPage {
        shell: visit.shell(Place::Deals),
        deal: deal.title.clone(),
        path: format!("/deals/{}/plan", deal.id),
        action: format!("/commitments/{id}"),
        members: lookup::members(&mut conn, scope, kept.owner_id).await?,
        contacts: people(&mut conn, visit, &deal).await?,
        befores: befores.map(|it| (it.id.to_string(), it.title.clone())).collect(),
        form,
    };
    page_as(status, &it)
}

async fn change(visit: Visit, Path(id): Path<Id<Commitment>>, input: Input) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = actions::get(&mut conn, &visit.act(), id).await?;
    let path = format!("/commitments/{id}");
    let input = match conflict::settle_over(&mut conn, &visit, &kept, input, form_of, LABELS).await? {
        Settled::Save(input) => input,
        Settled::Choose(form) => {
            let mut names: HashMap<String, String> =
                lookup::members(&mut conn, visit.scope(), None).await?.into_iter().collect();
            let deal = records::get(&mut conn, visit.scope(), kept.deal_id).await?;
            names.extend(people(&mut conn, &visit, &deal).await?);
            let all = store::of_deal(&mut conn, visit.scope().workspace(), deal.id).await?;
            names.extend(all.into_iter().map(|it| (it.id.to_string(), it.it.title)));
            names.extend(Side::ALL.iter().map(|side| (side.code().to_owned(), side.label().to_owned())));
            let labelled =
                |_: &str, value: &str| names.get(value).cloned().unwrap_or_else(|| value.to_owned());
            let back = format!("/deals/{}/plan", kept.deal_id);
            return conflict::choose(&visit, Place::Deals, &kept.title, path, back, &form, labelled);
        }
    };
    drop(conn);
    let version = input.version();
    let done = match read(&input, kept.it.clone()) {
        Ok(said) => visit.write(move |tx, act| Box::pin(actions::change(tx, act, id, version, said))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, id).await?;
            Ok(visit.done(&format!("/deals/{}/plan", kept.deal_id), "Saved.", undo))
        }
        Err(Error::Invalid(fields)) => {
            render_form(&visit, id, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn move_day(visit: Visit, Path(id): Path<Id<Commitment>>, input: Input) -> Result<Response, PageError> {
    let kept = actions::get(&mut visit.read().await?, &visit.act(), id).await?;
    let mut read = Read::new(&input);
    let day = read.date("due_on");
    if day.is_none() && read.fields.at("due_on").is_none() {
        read.fields.add("due_on", "the other day");
    }
    let by = read.code("by", Side::parse).unwrap_or(Side::Company);
    let because = read.note("because");
    if because.is_none()
        && kept.due_on.is_some()
        && kept.asked_on != day
        && read.fields.at("because").is_none()
    {
        read.fields.add("because", "why it moves: the other side will ask");
    }
    let done = match read.done(day) {
        Ok(day) => {
            let chance = chance_of(&visit, &kept, day, Some(id)).await?;
            let today = visit.today();
            let wish = Day { on: day.unwrap_or(today), because, by, chance };
            visit.write(move |tx, act| Box::pin(actions::move_to(tx, act, id, None, wish, today))).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(moved) => {
            let events: Vec<String> = moved.events.iter().map(ToString::to_string).collect();
            let undo = Some(format!("/commitments/moves/{}/undo", events.join("-")));
            let text = moved_words(&visit, &moved).await?;
            Ok(visit.done(&format!("/deals/{}/plan", kept.deal_id), &text, undo))
        }
        Err(Error::Invalid(fields)) => {
            render(&visit, kept.deal_id, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What moved, and whom that concerns.
async fn moved_words(visit: &Visit, moved: &actions::Moved) -> Result<String> {
    let day = moved.it.due_on.map_or_else(String::new, |day| day.show(visit.locale()));
    if moved.along.is_empty() {
        return Ok(format!("Moved to {day}."));
    }
    let mut conn = visit.read().await?;
    let mut wanted: HashMap<Kind, Vec<uuid::Uuid>> = HashMap::new();
    for it in &moved.along {
        wanted.entry(Kind::Member).or_default().extend(it.owner_id.map(Id::uuid));
        wanted.entry(Kind::Contact).or_default().extend(it.contact_id.map(Id::uuid));
    }
    let names = names_of(&mut conn, visit.scope(), wanted).await?;
    let mut names: Vec<String> = names.into_values().collect();
    names.sort();
    let count = plural(
        i64::try_from(moved.along.len()).unwrap_or(i64::MAX),
        "promise that comes after it",
        "promises that come after it",
    );
    let whom = if names.is_empty() { String::new() } else { format!(" Tell {}.", names.join(", ")) };
    Ok(format!("Moved to {day}, and with it {count}.{whom}"))
}

async fn keep_day(visit: Visit, Path(id): Path<Id<Commitment>>, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let because = read.note("because");
    let because = read.done(because)?;
    let kept = visit.write(move |tx, act| Box::pin(actions::keep_day(tx, act, id, because))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done(&format!("/deals/{}/plan", kept.deal_id), "The day stays as it was.", undo))
}

/// Puts back a day that moved, and all that moved along.
async fn put_back(visit: Visit, Path(events): Path<String>) -> Result<Response, PageError> {
    let events: Option<Vec<i64>> = events.split('-').map(|seq| seq.parse().ok()).collect();
    let most = usize::try_from(store::OF_DEAL_MAX).unwrap_or(0);
    let events = events.filter(|all| all.len() <= most).ok_or(Error::NotFound)?;
    let done = visit
        .write(move |tx, act| Box::pin(async move { actions::put_back(tx, act, &events).await }))
        .await?;
    let back = i64::try_from(done.back).unwrap_or(i64::MAX);
    let text = match (done.back, done.not.as_slice()) {
        (1, []) => "The day is as it was.".to_owned(),
        (_, []) => format!("{} as they were.", plural(back, "day is", "days are all")),
        (0, not) => format!("Nothing was put back: {} changed since.", quoted(not)),
        (_, not) => {
            format!(
                "{} as before. {} changed since, and stays.",
                plural(back, "day is", "days are"),
                quoted(not)
            )
        }
    };
    let to = done.deal.map_or_else(|| "/deals".to_owned(), |deal| format!("/deals/{deal}/plan"));
    Ok(visit.done(&to, &text, None))
}

fn quoted(titles: &[String]) -> String {
    titles.iter().map(|title| format!("“{title}”")).collect::<Vec<_>>().join(", ")
}

async fn confirm(visit: Visit, Path(id): Path<Id<Commitment>>) -> Result<Response, PageError> {
    let today = visit.today();
    let kept = visit.write(move |tx, act| Box::pin(actions::confirm(tx, act, id, today))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done(&format!("/deals/{}/plan", kept.deal_id), "Both have said yes to it.", undo))
}

async fn complete(visit: Visit, Path(id): Path<Id<Commitment>>, input: Input) -> Result<Response, PageError> {
    let mut read = Read::new(&input);
    let note = read.note("done_note");
    let note = read.done(note)?;
    let today = visit.today();
    let kept = visit.write(move |tx, act| Box::pin(actions::complete(tx, act, id, note, today))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    let text =
        if kept.standing(today).is_missed() { "Done, later than promised." } else { "Done, as promised." };
    Ok(visit.done(&format!("/deals/{}/plan", kept.deal_id), text, undo))
}

async fn reopen(visit: Visit, Path(id): Path<Id<Commitment>>) -> Result<Response, PageError> {
    let kept = visit.write(move |tx, act| Box::pin(actions::reopen(tx, act, id))).await?;
    Ok(visit.done(&format!("/deals/{}/plan", kept.deal_id), "It is to be done.", None))
}

async fn remove(visit: Visit, Path(id): Path<Id<Commitment>>) -> Result<Response, PageError> {
    let deal = visit.write(move |tx, act| Box::pin(actions::remove(tx, act, id))).await?;
    let restore = format!("/commitments/{id}/restoration");
    Ok(visit.done(&format!("/deals/{deal}/plan"), "It is out of the plan.", Some(restore)))
}

async fn restore(visit: Visit, Path(id): Path<Id<Commitment>>) -> Result<Response, PageError> {
    let deal = visit.write(move |tx, act| Box::pin(actions::restore(tx, act, id))).await?;
    Ok(visit.done(&format!("/deals/{deal}/plan"), "It is back in the plan.", None))
}

#[derive(Template)]
#[template(path = "commitments/templates/steps.html")]
struct StepsPage {
    shell: Shell,
    product: String,
    path: String,
    steps: Vec<StepLine>,
    days: String,
    may_write: bool,
    form: Form,
}

struct StepLine {
    path: String,
    side: &'static str,
    title: String,
    note: String,
    is_first: bool,
}

impl StepsPage {
    fn sides(&self) -> Vec<(&'static str, &'static str)> {
        Side::ALL.iter().map(|side| (side.code(), side.label())).collect()
    }
}

async fn steps(visit: Visit, Path(id): Path<Id<Product>>) -> Result<Response, PageError> {
    render_steps(&visit, id, Form::default(), StatusCode::OK).await
}

async fn render_steps(
    visit: &Visit,
    id: Id<Product>,
    form: Form,
    status: StatusCode,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let product = records::get(&mut conn, visit.scope(), id).await?;
    let steps = store::steps(&mut conn, visit.scope().workspace(), id).await?;
    let days: i64 = steps.iter().map(|step| step.days).sum();
    let line = |(n, step): (usize, &Kept<PlanStep>)| StepLine {
        path: format!("/plan-steps/{}", step.id),
        side: step.side.code(),
        title: step.title.clone(),
        note: match step.estimate() {
            Some(hours) => {
                format!(
                    "{}, {} h of ours",
                    plural(step.days, "working day", "working days"),
                    hours_text(hours)
                )
            }
            None => plural(step.days, "working day", "working days"),
        },
        is_first: n == 0,
    };
    let it = StepsPage {
        shell: visit.shell(Place::Products),
        product: product.name.clone(),
        path: format!("/products/{id}"),
        days: plural(days, "working day", "working days"),
        may_write: visit.scope().may(Right::Manage) && product.removed_at.is_none(),
        steps: steps.iter().enumerate().map(line).collect(),
        form,
    };
    page_as(status, &it)
}

async fn add_step(visit: Visit, Path(id): Path<Id<Product>>, input: Input) -> Result<Response, PageError> {
    let done = match said(&input) {
        Ok(said) => visit.write(move |tx, act| Box::pin(actions::add_step(tx, act, id, said))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            Ok(visit.done(&format!("/products/{id}/plan"), "The step is at the end of the plan.", undo))
        }
        Err(Error::Invalid(fields)) => {
            render_steps(&visit, id, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

fn said(input: &Input) -> Result<StepSaid> {
    let mut read = Read::new(input);
    let title = read.needed("title", "what is to be done");
    let side = read.code("side", Side::parse).unwrap_or(Side::Company);
    let days = read.whole("days");
    if days.is_none() && read.fields.at("days").is_none() {
        read.fields.add("days", "how many working days it takes");
    }
    let text = read.line("hours");
    let hours: Option<Range> = match text.as_deref().map(parse_hours).transpose() {
        Ok(hours) => hours,
        Err(right) => {
            read.fields.add("hours", right);
            None
        }
    };
    read.done(StepSaid { side, title, days: days.unwrap_or_default(), hours })
}

async fn step_up(visit: Visit, Path(id): Path<Id<PlanStep>>) -> Result<Response, PageError> {
    let product = visit.write(move |tx, act| Box::pin(actions::step_up(tx, act, id))).await?;
    Ok(visit.done(&format!("/products/{product}/plan"), "It comes earlier now.", None))
}

async fn remove_step(visit: Visit, Path(id): Path<Id<PlanStep>>) -> Result<Response, PageError> {
    let product = visit.write(move |tx, act| Box::pin(actions::remove_step(tx, act, id))).await?;
    let undo = records_pages::undo_of(&visit, id).await?;
    Ok(visit.done(&format!("/products/{product}/plan"), "The step is gone.", undo))
}
