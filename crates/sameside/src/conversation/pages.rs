//! A deal's diagnosis on pages: the whole sheet, and the forms on it.

mod alternatives;
mod cost;
mod evidence;
mod limits;
mod next;
mod own;
mod path;
mod wants;

use crate::accounts::Right;
use crate::base::{Date, Id, Locale, Source};
use crate::conversation::actions;
use crate::deals::Deal;
use crate::diagnosis::form as figures_form;
use crate::diagnosis::{Answered, Bears, Parameter, store};
use crate::error::{Error, Result};
use crate::records::{self, Kept, Record, pages as records_pages};
use crate::web::layout::{Place, Shell};
use crate::web::picture::{self, Hue, Meter};
use crate::web::{Form, Input, PageError, Read, Routes, Visit, page_as};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/deals/{id}/diagnosis", Right::Look, show)
        .get("/deals/{id}/diagnosis/next", Right::Look, next::show)
        .post("/deals/{id}/diagnosis/next", Right::Sell, next::answer)
        .get("/deals/{id}/evidence", Right::Look, evidence::show)
        .post("/deals/{id}/confirmations", Right::Sell, evidence::confirm)
        .post("/deals/{id}/wants", Right::Sell, wants::hear)
        .post("/wants/{id}", Right::Sell, wants::answer)
        .post("/wants/{id}/removal", Right::Sell, wants::forget)
        .post("/deals/{id}/needs", Right::Sell, wants::need)
        .post("/needs/{id}/removal", Right::Sell, wants::forget_need)
        .post("/deals/{id}/alternatives", Right::Sell, alternatives::weigh)
        .post("/alternatives/{id}", Right::Sell, alternatives::weigh_again)
        .post("/alternatives/{id}/best", Right::Sell, alternatives::best)
        .post("/alternatives/{id}/removal", Right::Sell, alternatives::forget)
        .post("/deals/{id}/questions", Right::Sell, own::answer)
        .post("/deals/{id}/bearings", Right::Sell, limits::rule)
        .post("/deals/{id}/costs", Right::Sell, cost::count)
        .post("/deals/{id}/costs/sum", Right::Sell, cost::sum_up)
        .post("/costs/{id}", Right::Sell, cost::count_again)
        .post("/costs/{id}/removal", Right::Sell, cost::forget)
        .post("/deals/{id}/willingness", Right::Sell, willing)
        .post("/deals/{id}/voices", Right::Sell, path::voice)
        .post("/voices/{id}/removal", Right::Sell, path::forget_voice)
        .post("/deals/{id}/steps", Right::Sell, path::step)
        .post("/steps/{id}", Right::Sell, path::step_again)
        .post("/steps/{id}/passing", Right::Sell, path::pass)
        .post("/steps/{id}/place", Right::Sell, path::place)
        .post("/steps/{id}/removal", Right::Sell, path::forget_step)
        .post("/products/{id}/contraindications", Right::Manage, limits::add)
        .post("/contraindications/{id}/removal", Right::Manage, limits::remove)
}

pub use evidence::asks;
use path::people as cost_people;

/// What was typed into one of the forms of the sheet, and into which.
#[derive(Debug, Default)]
struct Typed {
    at: String,
    form: Form,
}

impl Typed {
    /// What was typed into this form, if it was this one.
    fn form(&self, at: &str) -> Option<Form> {
        (self.at == at).then(|| self.form.clone())
    }
}

#[derive(Template)]
#[template(path = "conversation/templates/sheet.html")]
struct SheetPage {
    shell: Shell,
    deal: Kept<Deal>,
    path: String,
    currency: String,
    may_write: bool,
    wants: wants::Section,
    alternatives: alternatives::Section,
    limits: limits::Section,
    cost: cost::Section,
    road: path::Section,
    own: own::Section,
    complete: String,
    meter: Meter,
}

async fn show(visit: Visit, Path(id): Path<Id<Deal>>) -> Result<Response, PageError> {
    render(&visit, id, Typed::default(), StatusCode::OK).await
}

async fn render(
    visit: &Visit,
    id: Id<Deal>,
    typed: Typed,
    status: StatusCode,
) -> Result<Response, PageError> {
    let mut conn = visit.read().await?;
    let deal = records::get_any(&mut conn, visit.scope(), id).await?;
    let pieces = store::pieces(&mut conn, visit.scope().workspace(), &deal).await?;
    let (there, of) = pieces.done();
    #[expect(clippy::cast_precision_loss, reason = "a handful of pieces")]
    let meter = picture::meter(there as f64, of as f64, Hue::Mutual, &format!("{there} of {of}"));
    let it = SheetPage {
        complete: pieces.sentence(),
        meter,
        shell: visit.shell(Place::Deals),
        path: format!("/deals/{id}"),
        currency: deal.currency.prefix(),
        may_write: visit.scope().may(Right::Sell) && deal.removed_at.is_none(),
        wants: wants::section(&mut conn, visit, &deal, &typed).await?,
        alternatives: alternatives::section(&mut conn, visit, &deal, &typed).await?,
        limits: limits::section(&mut conn, visit, &deal, &typed).await?,
        cost: cost::section(&mut conn, visit, &deal, &typed).await?,
        road: path::section(&mut conn, visit, &deal, &typed).await?,
        own: own::section(&mut conn, visit, &deal, &typed).await?,
        deal,
    };
    page_as(status, &it)
}

/// Writes down what they would pay.
async fn willing(visit: Visit, Path(id): Path<Id<Deal>>, input: Input) -> Result<Response, PageError> {
    let deal = records::get(&mut visit.read().await?, visit.scope(), id).await?;
    let done = match figures_form::read(&visit, &input, Parameter::Willing, deal.currency) {
        Ok(answer) => visit.write(move |tx, act| Box::pin(actions::figure(tx, act, id, answer))).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(visit.done(&format!("/deals/{id}/diagnosis#cost"), "Written down.", None)),
        Err(Error::Invalid(fields)) => {
            let typed = Typed { at: "willing".into(), form: Form::again(&input, fields) };
            render(&visit, id, typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The answer to a form of the sheet: back to its part with a way to undo, or the sheet again with what needs mending.
async fn answered<T: Record>(
    visit: &Visit,
    deal: Id<Deal>,
    (at, input): (&str, &Input),
    (part, text): (&str, &str),
    done: Result<Kept<T>>,
) -> Result<Response, PageError> {
    match done {
        Ok(kept) => {
            let undo = records_pages::undo_of(visit, kept.id).await?;
            Ok(visit.done(&format!("/deals/{deal}/diagnosis#{part}"), text, undo))
        }
        Err(Error::Invalid(fields)) => {
            let typed = Typed { at: at.to_owned(), form: Form::again(input, fields) };
            render(visit, deal, typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Error::Conflict { version }) => {
            let mut form = Form::again(input, crate::base::Fields::one("version", CHANGED));
            form.version = Some(version);
            render(visit, deal, Typed { at: at.to_owned(), form }, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What is said when somebody else was first: what was typed stays in the fields, and saving keeps it.
const CHANGED: &str = "a second look: somebody changed this meanwhile. Your words are still here; saving puts them in place of theirs";

/// Where something comes from, as every form of the sheet asks it.
struct Whence {
    source: Source,
    by: Option<String>,
    on: Option<Date>,
    note: Option<String>,
}

fn whence(visit: &Visit, read: &mut Read<'_>) -> Whence {
    let source = read.code("said_evidence", Source::parse).unwrap_or(Source::ClientSaid);
    let own = (source == Source::OurEstimate).then(|| visit.seat.member.name.clone());
    Whence {
        source,
        by: read.line("said_by").or(own),
        on: read.date("said_on").or(Some(visit.today())),
        note: read.note("note"),
    }
}

/// Puts where something comes from into a form.
fn fill_whence(form: &mut Form, source: Source, by: Option<&str>, on: Option<Date>, note: Option<&str>) {
    form.set("said_evidence", source.code());
    form.set("said_by", by.unwrap_or_default());
    form.set("said_on", on.map(|day| day.to_string()).unwrap_or_default());
    form.set("note", note.unwrap_or_default());
}

/// Who said something, and when, in a few words; empty if nobody knows.
fn who_when(by: Option<&str>, on: Option<Date>, visit: &Visit) -> String {
    let day = on.map(|day| day.show_near(visit.today(), visit.locale()));
    let parts = [by.map(str::to_owned), day];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A range in money without its cents: `€1,600 (€800 to €2,600)`.
fn money_range(range: crate::base::Range, currency: crate::base::Currency, locale: Locale) -> String {
    let show = |units: f64| crate::diagnosis::Unit::Money.show(units, currency, locale);
    if range.low() < range.high() {
        format!("{} ({} to {})", show(range.likely()), show(range.low()), show(range.high()))
    } else {
        show(range.likely())
    }
}
