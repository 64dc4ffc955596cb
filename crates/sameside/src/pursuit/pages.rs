//! Pursuit on pages: what a deal's page and Today show of it, the page of everything that went in, and its forms.

use crate::accounts::{Member, Right};
use crate::assessment::Words;
use crate::base::{Currency, Date, Id, Money, plural};
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::pursuit::actions::{self, Answer, minutes_between};
use crate::pursuit::{Choice, Decision, Effort, Facts, hours, minutes_of, store, time};
use crate::records::{self, Kept, Kind, names_of, pages as records_pages};
use crate::web::conflict::{self, Settled};
use crate::web::layout::{Flash, Place, Shell, Tone};
use crate::web::{Form, Input, PageError, Read, Routes, Visit, is_own_path, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::Conn;
use std::collections::HashMap;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/deals/{id}/pursuit", Right::Look, show)
        .post("/deals/{id}/efforts", Right::Sell, note)
        .get("/efforts/{id}/edit", Right::Sell, edit)
        .post("/efforts/{id}", Right::Sell, change)
        .post("/efforts/{id}/removal", Right::Sell, remove)
        .post("/efforts/{id}/restoration", Right::Sell, restore)
        .post("/deals/{id}/timer", Right::Sell, start)
        .post("/timer/end", Right::Sell, end)
        .post("/timer/removal", Right::Sell, drop_timer)
        .post("/deals/{id}/budget", Right::Sell, budget)
        .post("/deals/{id}/decisions", Right::Sell, decide)
}

/// What a deal's page shows of its pursuit.
#[derive(Debug)]
pub struct Panel {
    /// The deal's page.
    pub path: String,
    /// Whether this person may note and decide.
    pub may_write: bool,
    /// Whether nothing is agreed yet: only then there is a budget, and stops.
    pub is_pursued: bool,
    /// The hours that went in: `8½ h`.
    pub spent: String,
    /// The money that went in; empty for none.
    pub sums: String,
    /// The hours still ahead; empty when none are.
    pub ahead: String,
    /// The hours that may go in; empty when nobody can say.
    pub budget: String,
    /// Where that number comes from.
    pub whence: String,
    /// How much of it is used, in hundredths, 100 at most.
    pub used: u32,
    /// What asks to be thought over.
    pub points: Vec<String>,
    /// What was decided last: what, by whom and when, why.
    pub last: Option<(String, String, String)>,
    /// The timer of whoever looks, if it runs.
    pub timer: Option<Timer>,
    /// The currency of the deal.
    pub currency: String,
    /// Today.
    pub today: String,
    /// What is wrong with a form that was refused.
    pub form: Form,
}

/// A timer that runs.
#[derive(Debug)]
pub struct Timer {
    /// Whether it runs for the deal of the page.
    pub is_here: bool,
    /// For which deal it runs.
    pub title: String,
    /// That deal's page.
    pub href: String,
    /// How long it has run: `0:23`.
    pub time: String,
}

impl Panel {
    /// The answers to a stop.
    pub fn choices(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            (Choice::Continue.code(), "Go on, because …"),
            (Choice::Rebalance.code(), "Rebalance: other terms first"),
            (Choice::WalkAway.code(), "Walk away kindly"),
        ]
    }
}

/// What a deal's page shows of its pursuit, with what is wrong with a refused form.
///
/// # Errors
/// What the database says.
pub async fn panel(conn: &mut Conn, visit: &Visit, deal: &Kept<Deal>, form: Form) -> Result<Panel> {
    let facts = actions::of_deal(conn, visit.scope().workspace(), deal, visit.now).await?;
    let timer = timer(conn, visit, deal.id).await?;
    let names = match facts.decisions.first() {
        Some(last) => names_of(conn, visit.scope(), members([last.owner_id])).await?,
        None => HashMap::new(),
    };
    let (locale, words) = (visit.locale(), Words { currency: deal.currency, locale: visit.locale() });
    let last = facts.decisions.first().map(|last| decided(last, visit, &names));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..100")]
    let used = (facts.used().unwrap_or(0.0) * 100.0).clamp(0.0, 100.0) as u32;
    Ok(Panel {
        path: format!("/deals/{}", deal.id),
        may_write: visit.scope().may(Right::Sell) && deal.removed_at.is_none(),
        is_pursued: facts.is_pursued(),
        spent: hours(facts.spent.hours(), locale),
        sums: sums(&facts.spent.sums, visit),
        ahead: if facts.hours_ahead >= 0.05 { hours(facts.hours_ahead, locale) } else { String::new() },
        budget: facts.budget().map_or_else(String::new, |budget| hours(budget, locale)),
        whence: whence(&facts, words),
        used,
        points: facts.open().iter().map(|point| point.text(words)).collect(),
        last,
        timer,
        currency: deal.currency.prefix(),
        today: visit.today().to_string(),
        form,
    })
}

fn members(ids: impl IntoIterator<Item = Option<Id<Member>>>) -> HashMap<Kind, Vec<uuid::Uuid>> {
    [(Kind::Member, ids.into_iter().flatten().map(Id::uuid).collect())].into()
}

fn sums(sums: &[Money], visit: &Visit) -> String {
    sums.iter().map(|sum| visit.money(*sum)).collect::<Vec<_>>().join(" and ")
}

/// Where the budget comes from, in a sentence.
fn whence(facts: &Facts, words: Words) -> String {
    match (&facts.set, facts.worth) {
        (Some(set), _) => set.reason.clone(),
        (None, Some(worth)) => {
            let before = worth + facts.hours_ahead * facts.hour_value;
            if before <= 0.0 {
                return "It is not worth more than asking, as far as we know.".into();
            }
            format!(
                "{}% of the {} it is worth before our hours, at {} an hour.",
                words.locale.number(facts.share * 100.0, 0),
                words.money(before),
                words.money(facts.hour_value)
            )
        }
        (None, None) => String::new(),
    }
}

fn decided(
    decision: &Kept<Decision>,
    visit: &Visit,
    names: &HashMap<uuid::Uuid, String>,
) -> (String, String, String) {
    let who = decision.owner_id.and_then(|id| names.get(&id.uuid())).map_or("Somebody", String::as_str);
    let day = decision.created_at.day(&visit.zone()).show_near(visit.today(), visit.locale());
    (decision.choice.label().to_owned(), format!("{who}, {day}"), decision.reason.clone())
}

/// The timer of whoever looks; one whose deal they do not see any more shows without its name.
async fn timer(conn: &mut Conn, visit: &Visit, here: Id<Deal>) -> Result<Option<Timer>> {
    let Some(member) = visit.scope().member() else { return Ok(None) };
    let Some((deal, since)) = store::timer(conn, visit.scope().workspace(), member).await? else {
        return Ok(None);
    };
    let title = match records::get_any(conn, visit.scope(), deal).await {
        Ok(deal) => deal.it.title,
        Err(Error::NotFound) => "another deal".into(),
        Err(error) => return Err(error),
    };
    Ok(Some(Timer {
        is_here: deal == here,
        title,
        href: format!("/deals/{deal}"),
        time: time(minutes_between(since, visit.now)),
    }))
}

/// A deal that asks to be thought over, for Today.
#[derive(Debug)]
pub struct StopLine {
    /// Its page, at the question.
    pub href: String,
    /// What it is called.
    pub title: String,
    /// With whom; empty for nobody.
    pub company: String,
    /// Why.
    pub why: String,
}

impl StopLine {
    /// With whom, and why.
    pub fn said(&self) -> String {
        if self.company.is_empty() { self.why.clone() } else { format!("{} · {}", self.company, self.why) }
    }
}

/// The deals that ask to be thought over, the longest asking first.
///
/// # Errors
/// What the database says.
pub async fn stops(
    conn: &mut Conn,
    visit: &Visit,
    owner: Option<Id<Member>>,
    limit: i64,
) -> Result<Vec<StopLine>> {
    let rows = store::asking(conn, visit.scope(), owner, limit).await?;
    let line = |(id, title, company, why): (Id<Deal>, String, Option<String>, String)| StopLine {
        href: format!("/deals/{id}#stop"),
        title,
        company: company.unwrap_or_default(),
        why,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// One entry, activity or decision of the page.
struct Row {
    what: String,
    day: String,
    who: String,
    hours: String,
    spent: String,
    /// The address of its verbs; empty for what is noted elsewhere.
    path: String,
}

#[derive(Template)]
#[template(path = "pursuit/templates/page.html")]
struct PursuitPage {
    shell: Shell,
    deal: String,
    panel: Panel,
    rows: Vec<Row>,
    decisions: Vec<(String, String, String)>,
    total: String,
}

async fn show(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    render(&visit, id, Form::default(), StatusCode::OK).await
}

/// The page, or the page again with what needs mending.
async fn render(visit: &Visit, id: Id<Deal>, form: Form, status: StatusCode) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let deal = records::get_any(&mut conn, visit.scope(), id).await?;
    let workspace = visit.scope().workspace();
    let facts = actions::of_deal(&mut conn, workspace, &deal, visit.now).await?;
    let efforts = store::efforts(&mut conn, workspace, id).await?;
    let owners = efforts.iter().map(|effort| effort.owner_id);
    let owners = owners.chain(facts.decisions.iter().map(|decision| decision.owner_id));
    let names = names_of(&mut conn, visit.scope(), members(owners)).await?;
    let entered: i64 = efforts.iter().filter_map(|effort| effort.minutes).sum();
    let talked = facts.spent.minutes - entered;
    let mut rows: Vec<Row> = efforts.iter().map(|effort| row(visit, effort, &names)).collect();
    if talked > 0 {
        rows.push(Row {
            what: "Calls, meetings and mails".into(),
            day: String::new(),
            who: String::new(),
            hours: time(talked),
            spent: String::new(),
            path: String::new(),
        });
    }
    let decisions = facts.decisions.iter().map(|decision| decided(decision, visit, &names)).collect();
    let panel = panel(&mut conn, visit, &deal, form).await?;
    let total = match (panel.sums.as_str(), panel.ahead.as_str()) {
        ("", "") => panel.spent.clone(),
        (sums, "") => format!("{} and {sums}", panel.spent),
        ("", ahead) => format!("{}; {ahead} still ahead", panel.spent),
        (sums, ahead) => format!("{} and {sums}; {ahead} still ahead", panel.spent),
    };
    let it = PursuitPage {
        shell: visit.shell(Place::Deals),
        deal: deal.title.clone(),
        panel,
        rows,
        decisions,
        total,
    };
    page_as(status, &it)
}

fn row(visit: &Visit, effort: &Kept<Effort>, names: &HashMap<uuid::Uuid, String>) -> Row {
    Row {
        what: effort.title.clone(),
        day: effort.worked_on.show_near(visit.today(), visit.locale()),
        who: effort.owner_id.and_then(|id| names.get(&id.uuid())).cloned().unwrap_or_default(),
        hours: effort.minutes.map_or_else(String::new, time),
        spent: effort.spent().map_or_else(String::new, |sum| visit.money(sum)),
        path: format!("/efforts/{}", effort.id),
    }
}

/// Where a form asks to be led back to: a page of ours, or the deal's.
fn back(input: &Input, id: Id<Deal>) -> String {
    let back = input.get("back");
    if is_own_path(back) { back.to_owned() } else { format!("/deals/{id}") }
}

async fn note(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let deal = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let done = match read_effort(&input, id, visit.scope().member(), visit.today(), deal.currency) {
        Ok(effort) => visit.write(move |tx, act| Box::pin(actions::note(tx, act, effort))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            Ok(visit.done(&back(&input, id), "Noted.", undo))
        }
        Err(Error::Invalid(fields)) => {
            render(&visit, id, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Reads the form of an entry.
fn read_effort(
    input: &Input,
    deal_id: Id<Deal>,
    owner_id: Option<Id<Member>>,
    today: Date,
    currency: Currency,
) -> Result<Effort> {
    let mut read = Read::new(input);
    let minutes = read.line("hours");
    let minutes = minutes.and_then(|text| read.fields.take("hours", minutes_of(&text)));
    let effort = Effort {
        deal_id,
        owner_id,
        title: read.needed("effort", "what it was for, in a few words"),
        worked_on: read.date("worked_on").unwrap_or(today),
        minutes,
        spent_minor: read.money("spent", currency).map(|sum| sum.minor),
        currency,
    };
    read.done(effort)
}

/// The fields of an entry, as a conflict names them.
const LABELS: &[(&str, &str)] =
    &[("effort", "What for"), ("hours", "Time"), ("spent", "Money"), ("worked_on", "On")];

fn effort_form(effort: &Effort, version: i64) -> Form {
    let values = [
        ("effort", effort.title.clone()),
        ("hours", effort.minutes.map_or_else(String::new, time)),
        ("spent", effort.spent().map_or_else(String::new, Money::plain)),
        ("worked_on", effort.worked_on.to_string()),
    ];
    Form::of(values, Some(version))
}

#[derive(Template)]
#[template(path = "pursuit/templates/edit.html")]
struct EditPage {
    shell: Shell,
    deal: String,
    back: String,
    action: String,
    currency: String,
    form: Form,
}

async fn edit(visit: Visit, Path(id): Path<Id<Effort>>) -> Result<Response, PageError> {
    let kept = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    render_edit(&visit, &kept, effort_form(&kept, kept.version), StatusCode::OK).await
}

async fn render_edit(
    visit: &Visit,
    kept: &Kept<Effort>,
    form: Form,
    status: StatusCode,
) -> Result<Response, PageError> {
    let deal = records::get(&mut visit.read().await?, visit.scope(), kept.deal_id).await?;
    let it = EditPage {
        shell: visit.shell(Place::Deals),
        deal: deal.title.clone(),
        back: format!("/deals/{}/pursuit", deal.id),
        action: format!("/efforts/{}", kept.id),
        currency: kept.currency.prefix(),
        form,
    };
    page_as(status, &it)
}

async fn change(visit: Visit, Path(id): Path<Id<Effort>>, input: Input) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let kept = records::get(&mut conn, visit.scope(), id).await?;
    // An entry of a deal they do not see is not there for them.
    records::get(&mut conn, visit.scope(), kept.deal_id).await?;
    let settled = conflict::settle_over(&mut conn, &visit, &kept, input, effort_form, LABELS).await?;
    drop(conn);
    let (path, back) = (format!("/efforts/{id}"), format!("/deals/{}/pursuit", kept.deal_id));
    let input = match settled {
        Settled::Save(input) => input,
        Settled::Choose(form) => {
            let as_is = |_: &str, value: &str| value.to_owned();
            return conflict::choose(&visit, Place::Deals, &kept.title, path, back, &form, as_is);
        }
    };
    let version = input.version();
    let done = match read_effort(&input, kept.deal_id, kept.owner_id, kept.worked_on, kept.currency) {
        Ok(said) => visit.write(move |tx, act| Box::pin(actions::change(tx, act, id, version, said))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(visit.done(&back, "Saved.", records_pages::undo_of(&visit, id).await?)),
        Err(Error::Invalid(fields)) => {
            render_edit(&visit, &kept, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn remove(visit: Visit, Path(id): Path<Id<Effort>>) -> Result<Response, PageError> {
    let deal = visit.write(move |tx, act| Box::pin(actions::remove(tx, act, id))).await?;
    let restore = format!("/efforts/{id}/restoration");
    Ok(visit.done(&format!("/deals/{deal}/pursuit"), "The entry is removed.", Some(restore)))
}

async fn restore(visit: Visit, Path(id): Path<Id<Effort>>) -> Result<Response, PageError> {
    let deal = visit.write(move |tx, act| Box::pin(actions::restore(tx, act, id))).await?;
    Ok(visit.done(&format!("/deals/{deal}/pursuit"), "The entry is back.", None))
}

async fn start(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    let today = visit.today();
    let noted = visit.write(move |tx, act| Box::pin(actions::start_timer(tx, act, id, today))).await;
    let noted = match noted {
        Err(Error::Invalid(_)) => return forgotten(&visit).await,
        other => other?,
    };
    let text = match noted.as_ref().and_then(|effort| effort.minutes) {
        Some(minutes) => {
            format!("The timer runs here. The one elsewhere was ended: {} noted.", time(minutes))
        }
        None => "The timer runs. It goes on when you leave the page.".into(),
    };
    let undo = match noted {
        Some(effort) => records_pages::undo_of(&visit, effort.id).await?,
        None => None,
    };
    Ok(visit.done(&format!("/deals/{id}"), &text, undo))
}

/// A timer that was likely forgotten is ended on its own deal's page, where one can say how long the work was.
async fn forgotten(visit: &Visit) -> Result<Response, PageError> {
    let member = visit.scope().member().ok_or(Error::NotFound)?;
    let running = store::timer(&mut visit.read().await?, visit.scope().workspace(), member).await?;
    let to = running.map_or_else(|| "/".to_owned(), |(deal, _)| format!("/deals/{deal}/pursuit"));
    let text = "Your timer ran for very long here. End it first, and say how long the work was.".to_owned();
    Ok(visit.go(&to, Flash { tone: Tone::Note, text, undo: None }))
}

async fn end(visit: Visit, input: Input) -> Result<Response, PageError> {
    let running = match visit.scope().member() {
        Some(member) => store::timer(&mut visit.read().await?, visit.scope().workspace(), member).await?,
        None => None,
    };
    let mut read = Read::new(&input);
    let minutes = read.line("worked");
    let minutes = minutes.and_then(|text| read.fields.take("worked", minutes_of(&text)));
    let title = read.line("effort");
    let today = visit.today();
    let done = match read.done(()) {
        Ok(()) => {
            visit.write(move |tx, act| Box::pin(actions::end_timer(tx, act, minutes, title, today))).await
        }
        Err(error) => Err(error),
    };
    match (done, running) {
        (Ok(Some(effort)), _) => {
            let undo = records_pages::undo_of(&visit, effort.id).await?;
            let text = format!("{} noted.", time(effort.minutes.unwrap_or(0)));
            Ok(visit.done(&back(&input, effort.deal_id), &text, undo))
        }
        (Ok(None), _) => Ok(visit.done("/", "The timer is ended. Its deal is not there any more.", None)),
        (Err(Error::Invalid(fields)), Some((deal, _))) => {
            render(&visit, deal, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        (Err(error), _) => Err(error.into()),
    }
}

async fn drop_timer(visit: Visit, input: Input) -> Result<Response, PageError> {
    visit.write(move |tx, act| Box::pin(actions::drop_timer(tx, act))).await?;
    let to = if is_own_path(input.get("back")) { input.get("back").to_owned() } else { "/".into() };
    Ok(visit.done(&to, "The timer is ended; nothing was noted.", None))
}

async fn budget(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let mut read = Read::new(&input);
    let (hours, reason) = (read.number("budget"), read.note("budget_reason"));
    let done = match read.done(()) {
        Ok(()) => visit.write(move |tx, act| Box::pin(actions::set_budget(tx, act, id, hours, reason))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let text = match hours {
                Some(hours) => format!("{} may go into it.", plural_hours(hours)),
                None => "What may go into it follows from its worth.".into(),
            };
            Ok(visit.done(&back(&input, id), &text, None))
        }
        Err(Error::Invalid(fields)) => {
            render(&visit, id, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

fn plural_hours(hours: f64) -> String {
    if (hours - hours.round()).abs() < 1e-9 {
        #[expect(clippy::cast_possible_truncation, reason = "a budget is at most 10,000 hours")]
        return plural(hours.round() as i64, "hour", "hours");
    }
    format!("{hours} hours")
}

async fn decide(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let mut read = Read::new(&input);
    let choice = read.code("choice", Choice::parse);
    if choice.is_none() {
        read.fields.add("choice", "one of the three");
    }
    let answer = Answer {
        choice: choice.unwrap_or(Choice::Continue),
        reason: read.note("because"),
        hours_more: read.number("hours_more"),
    };
    let choice = answer.choice;
    let done = match read.done(answer) {
        Ok(answer) => visit.write(move |tx, act| Box::pin(actions::decide(tx, act, id, answer))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(kept) => {
            let undo = records_pages::undo_of(&visit, kept.id).await?;
            let (to, text) = match choice {
                Choice::Continue => (format!("/deals/{id}"), "You go on, and why is written down."),
                Choice::Rebalance => {
                    (format!("/deals/{id}/edit"), "Written down. Which terms would help both?")
                }
                Choice::WalkAway => (format!("/deals/{id}#ending"), "Written down. Say goodbye well: below."),
            };
            Ok(visit.done(&to, text, undo))
        }
        Err(Error::Invalid(fields)) => {
            render(&visit, id, Form::again(&input, fields), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}
