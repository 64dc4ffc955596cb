//! The tables `notice` and `quiet`.

use crate::accounts::{Member, Role, Workspace};
use crate::base::{Id, When};
use crate::notices::{KEPT_MAX, News, Quiet, Source};
use db::{Conn, FromRow, Reader, Result, Tx, sql};

/// Notices of one page.
pub const ROWS_MAX: i64 = 100;
/// Counted so far, and no further.
pub const COUNT_MAX: i64 = 100;

/// A notice as it is kept.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its place among all.
    pub seq: i64,
    /// When.
    pub at: When,
    /// Where it comes from.
    pub source: Source,
    /// What it says.
    pub words: String,
    /// When it was read.
    pub read_at: Option<When>,
}

impl FromRow for Notice {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            seq: row.take()?,
            at: row.take()?,
            source: row.take()?,
            words: row.take()?,
            read_at: row.take()?,
        })
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    member: Id<Member>,
    now: When,
    news: &News,
) -> Result<()> {
    tx.run(
        sql!(
            "insert into notice (workspace_id, member_id, at, source, words, path, about_id) values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        vec![
            workspace.into(),
            member.into(),
            now.into(),
            news.source.into(),
            news.words.clone().into(),
            news.path.clone().into(),
            news.about.into(),
        ],
    )
    .await?;
    tx.run(
        sql!(
            "delete from notice where member_id = $1 and seq <= (
               select seq from notice where member_id = $1 order by seq desc limit 1 offset $2)"
        ),
        vec![member.into(), KEPT_MAX.into()],
    )
    .await
    .map(drop)
}

/// Whether a member was told something by a mark.
pub(super) async fn is_told(conn: &mut Conn, member: Id<Member>, mark: &str) -> Result<bool> {
    let row: Option<(i64,)> = conn
        .first(
            sql!("select at from told where member_id = $1 and mark = $2"),
            vec![member.into(), mark.into()],
        )
        .await?;
    Ok(row.is_some())
}

/// Remembers that a member was told something; whether that is new.
pub(super) async fn mark_told(tx: &mut Tx, member: Id<Member>, mark: &str, now: When) -> Result<bool> {
    let added = tx
        .run(
            sql!(
                "insert into told (member_id, mark, at) values ($1, $2, $3) on conflict (member_id, mark) do nothing"
            ),
            vec![member.into(), mark.into(), now.into()],
        )
        .await?;
    Ok(added > 0)
}

/// Forgets what was told before a moment.
pub(super) async fn forget_told(tx: &mut Tx, before: When) -> Result<()> {
    tx.run(sql!("delete from told where at < $1"), vec![before.into()]).await.map(drop)
}

/// Who can come in to a workspace, with their roles; those who may most first.
///
/// # Errors
/// What the database says.
pub async fn active(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    limit: i64,
) -> Result<Vec<(Id<Member>, Role)>> {
    conn.all(
        sql!(
            "select id, role from member where workspace_id = $1 and removed_at is null and disabled_at is null and email is not null
             order by case role when 'owner' then 0 when 'admin' then 1 when 'manager' then 2 else 3 end, id limit $2"
        ),
        vec![workspace.into(), limit.into()],
    )
    .await
}

/// The notices of a member, newest first.
///
/// # Errors
/// What the database says.
pub async fn of(conn: &mut Conn, member: Id<Member>) -> Result<Vec<Notice>> {
    conn.all(
        sql!(
            "select seq, at, source, words, read_at from notice where member_id = $1 order by seq desc limit $2"
        ),
        vec![member.into(), ROWS_MAX.into()],
    )
    .await
}

/// What a member was told and has not read, newest first; what was told since quiet hours began is left out.
///
/// # Errors
/// What the database says.
pub async fn unread(
    conn: &mut Conn,
    member: Id<Member>,
    quiet_since: Option<When>,
    limit: i64,
) -> Result<Vec<Notice>> {
    conn.all(
        sql!(
            "select seq, at, source, words, read_at from notice
             where member_id = $1 and read_at is null and at < $2 order by seq desc limit $3"
        ),
        vec![member.into(), quiet_since.unwrap_or(When::from_micros(i64::MAX)).into(), limit.into()],
    )
    .await
}

/// How many notices a member has not read, [`COUNT_MAX`] at most; those told since quiet hours began are left out.
///
/// # Errors
/// What the database says.
pub async fn count_unread(conn: &mut Conn, member: Id<Member>, quiet_since: Option<When>) -> Result<i64> {
    let row = conn
        .first::<(i64,)>(
            sql!(
                "select count(*) from (
                   select 1 from notice where member_id = $1 and read_at is null and at < $2 limit $3) n"
            ),
            vec![member.into(), quiet_since.unwrap_or(When::from_micros(i64::MAX)).into(), COUNT_MAX.into()],
        )
        .await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// The newest notice there is, of anybody.
///
/// # Errors
/// What the database says.
pub async fn last(conn: &mut Conn) -> Result<i64> {
    let row = conn.first::<(i64,)>(sql!("select seq from notice order by seq desc limit 1"), vec![]).await?;
    Ok(row.map_or(0, |(seq,)| seq))
}

/// The newest notice of a member.
///
/// # Errors
/// What the database says.
pub async fn last_of(conn: &mut Conn, member: Id<Member>) -> Result<i64> {
    let sql = sql!("select seq from notice where member_id = $1 order by seq desc limit 1");
    Ok(conn.first::<(i64,)>(sql, vec![member.into()]).await?.map_or(0, |(seq,)| seq))
}

/// Who was told something after `seq`, the oldest first.
///
/// # Errors
/// What the database says.
pub async fn told_after(conn: &mut Conn, seq: i64, limit: i64) -> Result<Vec<(i64, Id<Member>)>> {
    conn.all(
        sql!("select seq, member_id from notice where seq > $1 order by seq limit $2"),
        vec![seq.into(), limit.into()],
    )
    .await
}

/// Marks one notice of a member as read and answers with where it leads; nothing, if it is not theirs.
pub(super) async fn read_one(tx: &mut Tx, member: Id<Member>, seq: i64, now: When) -> Result<Option<String>> {
    tx.run(
        sql!("update notice set read_at = $3 where seq = $1 and member_id = $2 and read_at is null"),
        vec![seq.into(), member.into(), now.into()],
    )
    .await?;
    let sql = sql!("select path from notice where seq = $1 and member_id = $2");
    Ok(tx.first::<(String,)>(sql, vec![seq.into(), member.into()]).await?.map(|(path,)| path))
}

/// Marks what a member was told up to `seq` as read.
pub(super) async fn read_all(tx: &mut Tx, member: Id<Member>, seq: i64, now: When) -> Result<u64> {
    tx.run(
        sql!("update notice set read_at = $3 where member_id = $1 and seq <= $2 and read_at is null"),
        vec![member.into(), seq.into(), now.into()],
    )
    .await
}

/// When a member wants to be left in peace.
///
/// # Errors
/// What the database says.
pub async fn quiet(conn: &mut Conn, member: Id<Member>) -> Result<Quiet> {
    let sql = sql!("select from_minute, until_minute, weekends from quiet where member_id = $1");
    let row = conn.first::<(Option<i64>, Option<i64>, i64)>(sql, vec![member.into()]).await?;
    Ok(row.map_or_else(Quiet::default, |(from, until, weekends)| Quiet {
        hours: from.zip(until),
        weekends: weekends != 0,
    }))
}

pub(super) async fn save_quiet(tx: &mut Tx, member: Id<Member>, quiet: Quiet) -> Result<()> {
    tx.run(sql!("delete from quiet where member_id = $1"), vec![member.into()]).await?;
    tx.run(
        sql!("insert into quiet (member_id, from_minute, until_minute, weekends) values ($1, $2, $3, $4)"),
        vec![
            member.into(),
            quiet.hours.map(|(from, _)| from).into(),
            quiet.hours.map(|(_, until)| until).into(),
            i64::from(quiet.weekends).into(),
        ],
    )
    .await
    .map(drop)
}
