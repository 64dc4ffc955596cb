//! The tables `digest`, `digest_choice` and `meeting`, and what is read of others for them.

use crate::accounts::{Member, Scope, Workspace};
use crate::base::{Currency, Date, Id, When};
use crate::deals::Deal;
use crate::digest::{Choice, Meeting, Span};
use crate::records::{Kept, store as records};
use db::{Conn, FromRow, Reader, Result, Sql, Tx, Value, sql};

/// The most lines of one part.
pub const LINES_MAX: i64 = 20;
/// The most members of a workspace for whom digests are kept.
const MEMBERS_MAX: i64 = 5_000;
/// The most kept digests that a page lists.
const KEPT_MAX: i64 = 14;

/// What a member chose; daily, until they do.
///
/// # Errors
/// What the database says.
pub async fn choice(conn: &mut Conn, member: Id<Member>) -> Result<Choice> {
    let row = conn
        .first::<(Choice,)>(
            sql!("select choice from digest_choice where member_id = $1"),
            vec![member.into()],
        )
        .await?;
    Ok(row.map_or(Choice::Daily, |(choice,)| choice))
}

/// The members of a workspace with what they chose.
pub(super) async fn choices(
    conn: &mut Conn,
    workspace: Id<Workspace>,
) -> Result<Vec<(Id<Member>, Option<Choice>)>> {
    conn.all(
        sql!(
            "select m.id, c.choice from member m left join digest_choice c on c.member_id = m.id
             where m.workspace_id = $1 and m.removed_at is null and m.disabled_at is null order by m.id limit $2"
        ),
        vec![workspace.into(), MEMBERS_MAX.into()],
    )
    .await
}

/// Keeps what a member chose.
pub(super) async fn choose(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    member: Id<Member>,
    choice: Choice,
    now: When,
) -> Result<()> {
    tx.run(
        sql!(
            "insert into digest_choice (member_id, workspace_id, choice, changed_at) values ($1, $2, $3, $4)
             on conflict (member_id) do update set choice = excluded.choice, changed_at = excluded.changed_at"
        ),
        vec![member.into(), workspace.into(), choice.into(), now.into()],
    )
    .await
    .map(drop)
}

/// A kept digest, as text, with the moment it was made.
pub(super) async fn kept(
    conn: &mut Conn,
    member: Id<Member>,
    span: Span,
    day: Date,
) -> Result<Option<(When, String)>> {
    conn.first(
        sql!("select made_at, document from digest where member_id = $1 and span = $2 and day = $3"),
        vec![member.into(), span.into(), day.into()],
    )
    .await
}

/// The days for which digests are kept, the last first.
pub(super) async fn days(conn: &mut Conn, member: Id<Member>, span: Span) -> Result<Vec<Date>> {
    let rows: Vec<(Date,)> = conn
        .all(
            sql!("select day from digest where member_id = $1 and span = $2 order by day desc limit $3"),
            vec![member.into(), span.into(), KEPT_MAX.into()],
        )
        .await?;
    Ok(rows.into_iter().map(|(day,)| day).collect())
}

/// Keeps a digest as it stands; the first of a day stays.
pub(super) async fn keep(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    member: Id<Member>,
    of: (Span, Date),
    document: String,
    now: When,
) -> Result<()> {
    tx.run(
        sql!(
            "insert into digest (workspace_id, member_id, span, day, made_at, document) values ($1, $2, $3, $4, $5, $6)
             on conflict (member_id, span, day) do nothing"
        ),
        vec![workspace.into(), member.into(), of.0.into(), of.1.into(), now.into(), document.into()],
    )
    .await
    .map(drop)
}

/// Lets go of the digests before a day.
pub(super) async fn let_go(tx: &mut Tx, workspace: Id<Workspace>, before: Date) -> Result<()> {
    tx.run(
        sql!("delete from digest where workspace_id = $1 and day < $2"),
        vec![workspace.into(), before.into()],
    )
    .await
    .map(drop)
}

/// Something that happened in a deal.
#[derive(Debug, Clone)]
pub struct Happened {
    /// In which.
    pub deal: Id<Deal>,
    /// What that is called.
    pub title: String,
    /// With whom.
    pub company: Option<String>,
    /// A word: a code, a sentence.
    pub word: String,
    /// More words.
    pub words: Option<String>,
    /// In which currency its sums are.
    pub currency: Currency,
    /// Figures: what each says.
    pub figures: [Option<f64>; 4],
}

impl FromRow for Happened {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            deal: row.take()?,
            title: row.take()?,
            company: row.take()?,
            word: row.take()?,
            words: row.take()?,
            currency: row.take()?,
            figures: [row.take()?, row.take()?, row.take()?, row.take()?],
        })
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// What advocates had found and was answered: how, why.
    Answered,
    /// What clients did by themselves: the kind of record, what it is called.
    ByClient,
    /// Deals that were agreed.
    Agreed,
    /// Results that were measured: whether they have what they wanted; what both gained, where their measure stood and stands.
    Results,
    /// Deals that were left: who left, why, what was learnt; hours saved.
    Left,
}

/// What happened from a moment on, before another, in deals this person may see; in their own alone, with `owner`. Days are those of
/// `zone`.
///
/// # Errors
/// What the database says.
pub async fn happened(
    conn: &mut Conn,
    scope: &Scope,
    which: Which,
    (from, to): (When, When),
    (owner, zone): (Option<Id<Member>>, &jiff::tz::TimeZone),
) -> Result<Vec<Happened>> {
    let (fields, tables, day) = match which {
        Which::Answered => (
            "p.choice, p.evidence || coalesce(': ' || p.reason, ''), r.currency, null, null, null, null",
            "reply p join deal r on r.id = p.deal_id and p.removed_at is null",
            "p.created_at",
        ),
        Which::ByClient => (
            "p.kind, p.title, r.currency, null, null, null, null",
            "history p join deal r on r.id = coalesce(p.about_id, p.subject_id) and p.via = 'client'",
            "p.at",
        ),
        Which::Agreed => ("r.phase, r.goal, r.currency, null, null, null, null", "deal r", "r.agreed_on"),
        Which::Results => (
            "p.reached, p.learnt, r.currency, p.client_gain, p.company_gain, p.achieved, p.share",
            "outcome p join deal r on r.id = p.deal_id and p.removed_at is null",
            "p.measured_on",
        ),
        Which::Left => (
            "p.way, p.reason || coalesce(' Learnt: ' || p.learnt, ''), r.currency, p.hours_saved, null, null, null",
            "departure p join deal r on r.id = p.deal_id and p.removed_at is null",
            "p.created_at",
        ),
    };
    let bound = |at: When| -> Value { if day.ends_with("_on") { at.day(zone).into() } else { at.into() } };
    let mut values: Vec<Value> = vec![scope.workspace().into(), bound(from), bound(to)];
    let workspace = if tables.starts_with("deal") { "r" } else { "p" };
    let mut only = records::visible(scope, &mut values);
    if let Some(owner) = owner {
        values.push(owner.into());
        only.push_str(&format!(" and r.owner_id = ${}", values.len()));
    }
    values.push(LINES_MAX.into());
    let sql = format!(
        "select r.id, r.title, c.name, {fields} from {tables} left join company c on c.id = r.company_id
         where {workspace}.workspace_id = $1 and r.removed_at is null and {day} >= $2 and {day} < $3{only}
         order by {day} desc, r.id limit ${}",
        values.len()
    );
    conn.all(Sql::built(sql), values).await
}

/// The notes of a week's meeting.
///
/// # Errors
/// What the database says.
pub async fn meeting(conn: &mut Conn, workspace: Id<Workspace>, week: Date) -> Result<Option<Kept<Meeting>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.week = $2 and r.removed_at is null order by r.created_at, r.id limit 1",
        records::select::<Meeting>()
    );
    conn.first(Sql::built(sql), vec![workspace.into(), week.into()]).await
}
