//! The tables `request`, `message` and `template`.

use crate::accounts::{Member, Scope, Workspace};
use crate::base::{Id, When};
use crate::commitments::Commitment;
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::records::{Kept, store as records};
use crate::service::{Message, Request, Template};
use db::{Conn, Result, Sql, Value};

/// The most requests that wait for us and are put in order at once: those whose promise ends first.
pub const QUEUE_MAX: i64 = 1_000;
/// The most requests shown on the page of a record.
pub const LINES_MAX: i64 = 10;
/// The most that is shown of what was said in one request.
pub const MESSAGES_MAX: i64 = 500;
/// The most texts to answer with.
pub const TEMPLATES_MAX: i64 = 200;
/// The most that are counted as waiting beyond what was promised.
pub const LATE_MAX: i64 = 100;

/// Whose requests.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// In a deal.
    Deal(Id<Deal>),
    /// Of a company.
    Company(Id<Company>),
    /// Of a person.
    Contact(Id<Contact>),
}

impl Of {
    fn column(self) -> (&'static str, Value) {
        match self {
            Self::Deal(id) => ("deal_id", id.into()),
            Self::Company(id) => ("company_id", id.into()),
            Self::Contact(id) => ("contact_id", id.into()),
        }
    }
}

/// Whose of those that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's one sees.
    All,
    /// Nobody's.
    Nobody,
    /// One member's.
    Member(Id<Member>),
}

/// The requests that wait for us, whose promise ends first; one more than [`QUEUE_MAX`] if there are more.
///
/// # Errors
/// What the database says.
pub async fn waiting(conn: &mut Conn, scope: &Scope, whose: Whose) -> Result<Vec<Kept<Request>>> {
    let mut values: Vec<Value> = vec![scope.workspace().into(), (QUEUE_MAX + 1).into()];
    let mut also = records::visible(scope, &mut values);
    match whose {
        Whose::All => {}
        Whose::Nobody => also.push_str(" and r.owner_id is null"),
        Whose::Member(id) => {
            values.push(id.into());
            also.push_str(&format!(" and r.owner_id = ${}", values.len()));
        }
    }
    let sql = format!(
        "{} where r.workspace_id = $1 and r.due_at is not null and r.removed_at is null{also} order by r.due_at, r.id limit $2",
        records::select::<Request>()
    );
    conn.all(Sql::built(sql), values).await
}

/// Those that wait for us and whose promise ends between two moments, the last first; of everybody.
///
/// # Errors
/// What the database says.
pub async fn due_between(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    (from, until): (When, When),
) -> Result<Vec<Kept<Request>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.due_at >= $2 and r.due_at <= $3 and r.removed_at is null
         order by r.due_at desc, r.id limit $4",
        records::select::<Request>()
    );
    conn.all(Sql::built(sql), vec![workspace.into(), from.into(), until.into(), QUEUE_MAX.into()]).await
}

/// What the promises of a deal's plan answer: the promise, the request and what it is about, of those one sees.
///
/// # Errors
/// What the database says.
pub async fn in_plan(
    conn: &mut Conn,
    scope: &Scope,
    deal: Id<Deal>,
) -> Result<Vec<(Id<Commitment>, Id<Request>, String)>> {
    let mut values: Vec<Value> = vec![deal.into(), scope.workspace().into(), QUEUE_MAX.into()];
    let whose = records::visible(scope, &mut values);
    let sql = format!(
        "select r.commitment_id, r.id, r.title from request r where r.deal_id = $1 and r.workspace_id = $2
         and r.commitment_id is not null and r.removed_at is null{whose} order by r.opened_at, r.id limit $3"
    );
    conn.all(Sql::built(sql), values).await
}

/// How many requests one sees wait beyond what was promised, counted up to [`LATE_MAX`].
///
/// # Errors
/// What the database says.
pub async fn count_late(conn: &mut Conn, scope: &Scope, now: When) -> Result<i64> {
    let mut values: Vec<Value> = vec![scope.workspace().into(), now.into(), LATE_MAX.into()];
    let whose = records::visible(scope, &mut values);
    let sql = format!(
        "select count(*) from (select 1 from request r where r.workspace_id = $1 and r.due_at is not null and r.due_at < $2
         and r.removed_at is null{whose} limit $3) x"
    );
    Ok(conn.first::<(i64,)>(Sql::built(sql), values).await?.map_or(0, |(count,)| count))
}

/// The requests of a record, those that are not resolved first, then the last heard of; the record is one that this
/// person sees.
///
/// # Errors
/// What the database says.
pub async fn of(conn: &mut Conn, scope: &Scope, of: Of) -> Result<Vec<Kept<Request>>> {
    let (column, id) = of.column();
    let mut values = vec![id, LINES_MAX.into()];
    let whose = records::visible(scope, &mut values);
    let sql = format!(
        "{} where r.{column} = $1 and r.removed_at is null{whose}
         order by case when r.resolved_at is null then 0 else 1 end, r.last_word_at desc, r.id desc limit $2",
        records::select::<Request>()
    );
    conn.all(Sql::built(sql), values).await
}

/// What was said in a request, inner notes included, oldest first.
///
/// # Errors
/// What the database says.
pub async fn messages(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    request: Id<Request>,
) -> Result<Vec<Kept<Message>>> {
    let sql = format!(
        "{} where r.request_id = $1 and r.workspace_id = $2 and r.removed_at is null order by r.said_at, r.id limit $3",
        records::select::<Message>()
    );
    conn.all(Sql::built(sql), vec![request.into(), workspace.into(), MESSAGES_MAX.into()]).await
}

/// What was said in a request that its client may read, oldest first: no inner note is among it.
///
/// # Errors
/// What the database says.
pub async fn said(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    request: Id<Request>,
) -> Result<Vec<Kept<Message>>> {
    let sql = format!(
        "{} where r.request_id = $1 and r.workspace_id = $2 and r.shown = 'both' and r.removed_at is null
         order by r.said_at, r.id limit $3",
        records::select::<Message>()
    );
    conn.all(Sql::built(sql), vec![request.into(), workspace.into(), MESSAGES_MAX.into()]).await
}

/// The texts to answer with, by name.
///
/// # Errors
/// What the database says.
pub async fn templates(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<Kept<Template>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.removed_at is null order by r.name_folded, r.id limit $2",
        records::select::<Template>()
    );
    conn.all(Sql::built(sql), vec![workspace.into(), TEMPLATES_MAX.into()]).await
}
