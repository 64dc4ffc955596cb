//! What happened to every record: who, when, before and after. Written in the transaction of the change itself;
//! the timeline, undo, background work and search read it.

pub mod actions;
mod event;
mod pages;
pub(crate) mod store;
mod timeline;
mod words;

pub use event::{Changes, Event, Verb};
pub use pages::routes;
pub use store::{after, by_client_after, last_seq};
pub use timeline::{Eyes, Moment, Timeline, everything, of_import, timeline};
pub use words::Change;

use crate::accounts::{Act, Member, Scope, Via};
use crate::base::Id;
use crate::error::{Error, Result};
use crate::jobs;
use crate::notices::{self, News, Source};
use crate::records::Kind;
use db::{Conn, Tx};

/// Adds an event, and the work that follows from it.
///
/// # Errors
/// What the database says.
pub async fn add(tx: &mut Tx, act: &Act, event: Event) -> Result<()> {
    if let Some((job, key)) = follows(&event) {
        jobs::later(tx, act, job, &key.to_string(), "{}").await?;
    }
    if let Some((member, news)) = given(act, &event) {
        notices::tell(tx, act, member, news).await?;
    }
    store::insert(tx, act, &[event]).await?;
    Ok(())
}

/// Whom a deal, a task or a request was given to, and how they are told.
fn given(act: &Act, event: &Event) -> Option<(Id<Member>, News)> {
    if matches!(act.via, Via::Demo | Via::Import) || matches!(event.verb, Verb::Removed | Verb::Restored) {
        return None;
    }
    let words = match event.kind {
        Kind::Deal => format!("{} is yours to run now", event.title),
        Kind::Task => format!("A task for you: {}", event.title),
        Kind::Request => format!("A request for help is yours to answer: {}", event.title),
        _ => return None,
    };
    let (_, _, after) = event.changes.iter().find(|(field, ..)| *field == "owner_id")?;
    let member = after.as_str()?.parse().ok()?;
    Some((member, News::new(Source::Given, words, event.kind.page(event.subject)?)))
}

/// Adds many events; the caller asks for the work that follows from all of them together.
///
/// # Errors
/// What the database says.
pub async fn add_many(tx: &mut Tx, act: &Act, events: Vec<Event>) -> Result<()> {
    store::insert(tx, act, &events).await?;
    Ok(())
}

/// The job that follows from an event, and what it is about.
fn follows(event: &Event) -> Option<(&'static str, uuid::Uuid)> {
    match event.kind {
        Kind::Deal => Some((jobs::ASSESS_DEAL, event.subject)),
        Kind::Figure => Some((jobs::ASSESS_AROUND, event.about.unwrap_or(event.subject))),
        Kind::Product => Some((jobs::ASSESS_AROUND, event.subject)),
        Kind::Contraindication => event.about.map(|about| (jobs::ASSESS_AROUND, about)),
        Kind::Bearing | Kind::Step | Kind::Answer => event.about.map(|about| (jobs::ASSESS_DEAL, about)),
        Kind::Want
        | Kind::Voice
        | Kind::Early
        | Kind::Activity
        | Kind::Task
        | Kind::Request
        | Kind::Pulse
        | Kind::Cadence
        | Kind::Commitment
        | Kind::Effort
        | Kind::Budget
        | Kind::Decision
        | Kind::Goodbye
        | Kind::Reply
        | Kind::Measure
        | Kind::Gladness
        | Kind::Concession => event.about.map(|about| (jobs::LOOK_AT_DEAL, about)),
        Kind::Outcome => Some((jobs::ASSESS_ALL, event.subject)),
        _ => None,
    }
}

/// One event.
///
/// # Errors
/// `NotFound`.
pub async fn get(conn: &mut Conn, scope: &Scope, seq: i64) -> Result<Event> {
    store::by_seq(conn, scope.workspace(), seq).await?.ok_or(Error::NotFound)
}

/// What happened to a record, and to those shown on its page, newest first, 200 at most; `before` an event when
/// paging. The caller has made sure that this person may see the record.
///
/// # Errors
/// What the database says.
pub async fn of(
    conn: &mut Conn,
    scope: &Scope,
    subject: uuid::Uuid,
    before: Option<i64>,
) -> Result<Vec<Event>> {
    Ok(store::of(conn, scope.workspace(), subject, before).await?)
}

/// The most events of [`of_part`].
pub const PART_EVENTS_MAX: i64 = 2_000;

/// What happened to the parts of one kind of a record, the oldest first, and which of those events do not hold any more
/// because they were undone. The caller has made sure that this person may see the record.
///
/// # Errors
/// What the database says.
pub async fn of_part(
    conn: &mut Conn,
    scope: &Scope,
    kind: Kind,
    about: uuid::Uuid,
) -> Result<(Vec<Event>, std::collections::HashSet<i64>)> {
    let workspace = scope.workspace();
    let events = store::of_part(conn, workspace, kind, about, PART_EVENTS_MAX).await?;
    let subjects: std::collections::HashSet<_> = events.iter().map(|event| event.subject).collect();
    let subjects: Vec<_> = subjects.into_iter().collect();
    let mut undone = std::collections::HashSet::new();
    for (seq, undoes) in store::undoing(conn, workspace, &subjects).await? {
        // An undo that was itself undone does not count.
        if !undone.contains(&seq) {
            undone.insert(undoes);
        }
    }
    Ok((events, undone))
}

/// The last event of a record: what `/history/{seq}/undo` takes back after a change just made.
///
/// # Errors
/// What the database says.
pub async fn last(conn: &mut Conn, act: &Act, subject: uuid::Uuid) -> Result<Option<i64>> {
    Ok(store::last(conn, act.scope.workspace(), subject).await?)
}
