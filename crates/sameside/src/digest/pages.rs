//! The digest on pages: of a day, of a week; what was kept, and how often it is.

use crate::accounts::Right;
use crate::accounts::actions::Seat;
use crate::advocates::Verdict;
use crate::app::App;
use crate::base::{Date, Money, When};
use crate::digest::actions;
use crate::digest::store::{self, Happened, Which};
use crate::digest::{Choice, Span, choice::monday, review_pages};
use crate::error::{Error, Result};
use crate::outcomes::Reached;
use crate::records::Kind;
use crate::today::{self, Told};
use crate::web::layout::{Place, Shell};
use crate::web::{Input, PageError, Routes, Visit, page};
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/digest", Right::Look, now)
        .get("/digest/day/{day}", Right::Look, of_day)
        .get("/digest/week/{week}", Right::Look, of_week)
        .post("/account/digest", Right::Look, choose)
        .and(review_pages::routes())
}

/// A digest as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What happened since the one before.
    pub since: Vec<Told>,
    /// What Today said.
    pub today: Vec<Told>,
}

/// Makes the digests of a member, as they see it now.
///
/// # Errors
/// What the database says.
pub(super) async fn made(app: &App, seat: Seat, now: When, spans: &[Span]) -> Result<Vec<(Span, String)>> {
    let visit = Visit::in_background(app, seat, now);
    let mut made = Vec::new();
    for span in spans {
        let document = document(&visit, *span).await?;
        let text = serde_json::to_string(&document).map_err(|error| Error::Internal(error.to_string()))?;
        made.push((*span, text));
    }
    Ok(made)
}

async fn document(visit: &Visit, span: Span) -> Result<Document> {
    let begins = visit.today().start(&visit.zone());
    let from = begins.plus_days(-span.days());
    // A day tells what came since yesterday morning, up to now; a week the seven days before it.
    let to = if span == Span::Day { visit.now.plus_seconds(1) } else { begins };
    Ok(Document { since: since(visit, (from, to)).await?, today: today::told(visit, true).await? })
}

/// What happened in this member's own deals.
async fn since(visit: &Visit, between: (When, When)) -> Result<Vec<Told>> {
    let mut conn = visit.read().await?;
    let owner = visit.scope().member();
    let mut all = Vec::new();
    for (which, title) in [
        (Which::ByClient, "What clients did"),
        (Which::Answered, "What advocates were answered"),
        (Which::Results, "Results that were measured"),
        (Which::Agreed, "Agreed"),
        (Which::Left, "Left kindly"),
    ] {
        let found = store::happened(&mut conn, visit.scope(), which, between, (owner, &visit.zone())).await?;
        let lines: Vec<_> = found.iter().map(|it| line(visit, which, it)).collect();
        if !lines.is_empty() {
            all.push(Told { title: title.to_owned(), lines });
        }
    }
    Ok(all)
}

/// What happened, as a line: where it leads, the deal, what is said.
pub(super) fn line(visit: &Visit, which: Which, it: &Happened) -> (String, String, String) {
    let words = it.words.clone().unwrap_or_default();
    let said = match which {
        Which::Answered => {
            format!("{}: {words}", Verdict::parse(&it.word).map_or("", Verdict::label))
        }
        Which::ByClient => format!("{}: {words}", Kind::parse(&it.word).map_or("", Kind::label)),
        Which::Agreed => words,
        Which::Results => results(visit, it),
        Which::Left => words,
    };
    let said = match &it.company {
        Some(company) if !said.is_empty() => format!("{company} · {said}"),
        Some(company) => company.clone(),
        None => said,
    };
    let href = match which {
        Which::Results => format!("/deals/{}/outcome", it.deal),
        _ => format!("/deals/{}", it.deal),
    };
    (href, it.title.clone(), said)
}

/// A result in a sentence.
fn results(visit: &Visit, it: &Happened) -> String {
    let money = |units: Option<f64>| {
        units.map_or_else(String::new, |units| visit.money(Money::of_units(units.round(), it.currency)))
    };
    let [client, company, ..] = it.figures;
    format!(
        "What they wanted: {}. They gained {}, we gained {}",
        Reached::parse(&it.word).map_or("", Reached::label).to_lowercase(),
        money(client),
        money(company)
    )
}

#[derive(Template)]
#[template(path = "digest/templates/digest.html")]
struct DigestPage {
    shell: Shell,
    title: String,
    below: String,
    is_week: bool,
    since: Vec<Told>,
    today: Vec<Told>,
    kept: Vec<(String, String, bool)>,
    choice: &'static str,
    week: Date,
}

impl DigestPage {
    fn week(&self) -> String {
        format!("/digest/week/{}", self.week)
    }

    fn is_empty(&self) -> bool {
        self.since.is_empty() && self.today.is_empty()
    }
}

async fn now(visit: Visit) -> Result<Response, PageError> {
    show(&visit, Span::Day, visit.today()).await
}

async fn of_day(visit: Visit, Path(day): Path<String>) -> Result<Response, PageError> {
    show(&visit, Span::Day, day.parse().map_err(|_| Error::NotFound)?).await
}

async fn of_week(visit: Visit, Path(week): Path<String>) -> Result<Response, PageError> {
    let day: Date = week.parse().map_err(|_| Error::NotFound)?;
    if monday(day) != day {
        return Ok(Redirect::to(&format!("/digest/week/{}", monday(day))).into_response());
    }
    show(&visit, Span::Week, day).await
}

async fn show(visit: &Visit, span: Span, day: Date) -> Result<Response, PageError> {
    let member = visit.seat.member.id;
    let mut conn = visit.read().await?;
    let kept = store::kept(&mut conn, member, span, day).await?;
    let days = store::days(&mut conn, member, span).await?;
    let choice = store::choice(&mut conn, member).await?;
    drop(conn);
    let is_now = span.begin(visit.today()) == day;
    let (document, below) = match kept {
        Some((at, text)) => {
            let document = serde_json::from_str(&text).map_err(|error| Error::Internal(error.to_string()))?;
            (document, format!("As it stood on {}", at.show(&visit.zone(), visit.locale())))
        }
        None if is_now => (document(visit, span).await?, "As it stands now".to_owned()),
        // Nobody kept it, and what stood then cannot be told now.
        None => return Err(Error::NotFound.into()),
    };
    let name = |day: &Date| match span {
        Span::Day => day.show(visit.locale()),
        Span::Week => format!("Week of {}", day.show(visit.locale())),
    };
    let address = |day: &Date| format!("/digest/{}/{day}", span.code());
    let listed = days.iter().map(|one| (address(one), name(one), *one == day)).collect();
    page(&DigestPage {
        shell: visit.shell(Place::Today),
        title: name(&day),
        below,
        is_week: span == Span::Week,
        since: document.since,
        today: document.today,
        kept: listed,
        choice: choice.code(),
        week: monday(day),
    })
}

impl DigestPage {
    fn choices(&self) -> Vec<(&'static str, &'static str)> {
        Choice::ALL.iter().map(|choice| (choice.code(), choice.label())).collect()
    }
}

async fn choose(visit: Visit, input: Input) -> Result<Response, PageError> {
    let choice =
        Choice::parse(input.get("digest")).ok_or_else(|| Error::field("digest", "one of the choices"))?;
    visit.write(move |tx, act| Box::pin(async move { actions::choose(tx, act, choice).await })).await?;
    Ok(visit.done("/digest", "Saved.", None))
}
