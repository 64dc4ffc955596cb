//! Notices on pages: all of them, one click to the place, quiet hours; and what other pages show of them.

use crate::accounts::{Member, Right};
use crate::base::{Fields, Id, When};
use crate::error::{Error, Result};
use crate::notices::store::{self, Notice};
use crate::notices::{Quiet, Source};
use crate::web::layout::{Flash, Place, Shell, Tone};
use crate::web::{Input, PageError, Routes, Visit, is_own_path, page};
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use db::Conn;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get("/notices", Right::Look, show)
        .get("/notices/{seq}", Right::Look, open)
        .post("/notices/read", Right::Look, read)
        .post("/notices/quiet", Right::Look, set_quiet)
}

#[derive(Template)]
#[template(path = "notices/templates/notices.html")]
struct NoticesPage {
    shell: Shell,
    lines: Vec<Line>,
    unread: usize,
    newest: i64,
    quiet_from: String,
    quiet_until: String,
    weekends: bool,
    is_quiet: bool,
}

/// A notice as its member reads it.
#[derive(Debug)]
pub struct Line {
    /// Where a click leads; it counts as read then.
    pub href: String,
    /// What it says.
    pub words: String,
    /// When, and where it comes from.
    pub note: String,
    /// Whether it was not read yet.
    pub is_new: bool,
    /// The side it comes from: `client` for what a client did.
    pub is_clients: bool,
}

fn line(notice: Notice, visit: &Visit) -> Line {
    let when = notice.at.show(&visit.zone(), visit.locale());
    Line {
        href: format!("/notices/{}", notice.seq),
        note: format!("{}, {when}", notice.source.label()),
        is_new: notice.read_at.is_none(),
        is_clients: notice.source == Source::Client,
        words: notice.words,
    }
}

/// Whose notices they are: only a person has any.
fn member(visit: &Visit) -> Result<Id<Member>> {
    visit.scope().member().ok_or(Error::NotFound)
}

/// What Today shows: what clients did that this member has not looked at, newest first, `limit` at most.
///
/// # Errors
/// What the database says.
pub async fn from_clients(conn: &mut Conn, visit: &Visit, limit: usize) -> Result<Vec<Line>> {
    let Some(member) = visit.scope().member() else { return Ok(Vec::new()) };
    let unread = store::unread(conn, member, None, store::ROWS_MAX).await?;
    let theirs = unread.into_iter().filter(|notice| notice.source == Source::Client);
    Ok(theirs.take(limit).map(|notice| line(notice, visit)).collect())
}

async fn show(visit: Visit) -> Result<Response, PageError> {
    let member = member(&visit)?;
    let mut conn = visit.read().await?;
    let all = store::of(&mut conn, member).await?;
    let quiet = store::quiet(&mut conn, member).await?;
    let minute = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
    page(&NoticesPage {
        shell: visit.shell(Place::Elsewhere),
        newest: all.first().map_or(0, |notice| notice.seq),
        unread: all.iter().filter(|notice| notice.read_at.is_none()).count(),
        lines: all.into_iter().map(|notice| line(notice, &visit)).collect(),
        quiet_from: quiet.hours.map_or_else(String::new, |(from, _)| minute(from)),
        quiet_until: quiet.hours.map_or_else(String::new, |(_, until)| minute(until)),
        weekends: quiet.weekends,
        is_quiet: quiet.holds(visit.now, &visit.zone()),
    })
}

/// To where a notice leads; it is read then.
async fn open(visit: Visit, Path(seq): Path<i64>) -> Result<Response, PageError> {
    let (member, now): (_, When) = (member(&visit)?, visit.now);
    let path = visit
        .write(move |tx, _| Box::pin(async move { Ok(store::read_one(tx, member, seq, now).await?) }))
        .await?
        .ok_or(Error::NotFound)?;
    Ok(Redirect::to(if is_own_path(&path) { &path } else { "/notices" }).into_response())
}

/// Everything up to a notice is read.
async fn read(visit: Visit, input: Input) -> Result<Response, PageError> {
    let (member, now) = (member(&visit)?, visit.now);
    let up_to = input.get("up_to").parse::<i64>().unwrap_or(i64::MAX);
    visit
        .write(move |tx, _| Box::pin(async move { Ok(store::read_all(tx, member, up_to, now).await?) }))
        .await?;
    Ok(Redirect::to("/notices").into_response())
}

/// A time of day as minutes: `18:30`.
fn minute(text: &str) -> Result<Option<i64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || format!("a time of day such as 18:00, not {text:?}");
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let (hour, minute): (i64, i64) =
        (hour.parse().map_err(|_| wrong())?, minute.get(..2).unwrap_or(minute).parse().map_err(|_| wrong())?);
    if (0..24).contains(&hour) && (0..60).contains(&minute) {
        Ok(Some(hour * 60 + minute))
    } else {
        Err(wrong())
    }
}

async fn set_quiet(visit: Visit, input: Input) -> Result<Response, PageError> {
    let member = member(&visit)?;
    let mut fields = Fields::default();
    let from = fields.take("quiet_from", minute(input.get("quiet_from"))).flatten();
    let until = fields.take("quiet_until", minute(input.get("quiet_until"))).flatten();
    if from.is_some() != until.is_some() && fields.is_empty() {
        fields.add("quiet_until", "both times, or neither");
    }
    let quiet = Quiet { hours: from.zip(until), weekends: !input.get("weekends").is_empty() };
    if let (true, Err(wrong)) = (fields.is_empty(), quiet.check()) {
        fields = wrong;
    }
    if let Some((_, message)) = fields.iter().next() {
        let text = format!("Quiet hours: {message}.");
        return Ok(visit.go("/notices#quiet", Flash { tone: Tone::Refused, text, undo: None }));
    }
    visit
        .write(move |tx, _| Box::pin(async move { Ok(store::save_quiet(tx, member, quiet).await?) }))
        .await?;
    Ok(visit.done("/notices#quiet", "Saved.", None))
}
