//! The tables `workspace`, `team`, `member`, `credential`, `session`, `pass`.

use crate::accounts::{Member, Purpose, Session, Settings, Team, Workspace};
use crate::base::{Email, Id, When};
use crate::records::Kept;
use db::{Conn, FromRow, Reader, Result, Tx, sql};
use std::collections::HashMap;

/// How somebody comes in.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Standing {
    /// Whether they chose a password.
    pub(crate) has_password: bool,
    /// When they were last here, in a session that is still kept.
    pub(crate) seen_at: Option<When>,
    /// Until when an invitation of theirs holds.
    pub(crate) invited_until: Option<When>,
}

/// The most members and teams that a list shows.
pub const MEMBERS_MAX: i64 = 1_000;
/// The most sessions of one member that are kept; the oldest ends when another begins.
pub const SESSIONS_MAX: i64 = 50;

impl FromRow for Workspace {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            name: row.take()?,
            currency: row.take()?,
            time_zone: row.take()?,
            locale: row.take()?,
            settings: serde_json::from_str::<Settings>(&row.take::<String>()?)
                .map_err(|error| db::Error::Shape(format!("settings: {error}")))?,
            version: row.take()?,
        })
    }
}

impl FromRow for Session {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            token_hash: row.take()?,
            created_at: row.take()?,
            seen_at: row.take()?,
            agent: row.take()?,
            address: row.take()?,
        })
    }
}

/// Whether anybody set this server up.
pub(crate) async fn any_workspace(conn: &mut Conn) -> Result<bool> {
    Ok(conn.first::<(i64,)>(sql!("select 1 from workspace limit 1"), vec![]).await?.is_some())
}

/// Every workspace of this instance, oldest first, 1,000 at most.
pub(crate) async fn workspaces(conn: &mut Conn) -> Result<Vec<Workspace>> {
    conn.all(
        sql!("select id, name, currency, time_zone, locale, settings, version from workspace order by created_at limit 1000"),
        vec![],
    )
    .await
}

pub(crate) async fn workspace(conn: &mut Conn, id: Id<Workspace>) -> Result<Option<Workspace>> {
    conn.first(
        sql!("select id, name, currency, time_zone, locale, settings, version from workspace where id = $1"),
        vec![id.into()],
    )
    .await
}

pub(super) async fn insert_workspace(tx: &mut Tx, it: &Workspace, now: When) -> Result<()> {
    tx.run(
        sql!(
            "insert into workspace (id, name, currency, time_zone, locale, settings, version, created_at)
             values ($1, $2, $3, $4, $5, $6, 1, $7)"
        ),
        vec![
            it.id.into(),
            it.name.clone().into(),
            it.currency.into(),
            it.time_zone.clone().into(),
            it.locale.into(),
            serde_json::to_string(&it.settings).unwrap_or_default().into(),
            now.into(),
        ],
    )
    .await
    .map(drop)
}

/// Saves a changed workspace over the version it was read with; false if that is not its version any more.
pub(super) async fn update_workspace(tx: &mut Tx, it: &Workspace) -> Result<bool> {
    let touched = tx
        .run(
            sql!(
                "update workspace set name = $3, currency = $4, time_zone = $5, locale = $6, settings = $7, version = version + 1
                 where id = $1 and version = $2"
            ),
            vec![
                it.id.into(),
                it.version.into(),
                it.name.clone().into(),
                it.currency.into(),
                it.time_zone.clone().into(),
                it.locale.into(),
                serde_json::to_string(&it.settings).unwrap_or_default().into(),
            ],
        )
        .await?;
    Ok(touched == 1)
}

/// The members of a workspace by name; also those who may not come in any more.
pub(crate) async fn members(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<Kept<Member>>> {
    conn.all(
        sql!(
            "select id, version, created_at, changed_at, removed_at, name, email, role, sees, team_id, time_zone, locale, disabled_at, week_hours
             from member where workspace_id = $1 and removed_at is null order by name_folded, id limit $2"
        ),
        vec![workspace.into(), MEMBERS_MAX.into()],
    )
    .await
}

/// The teams of a workspace by name.
pub(crate) async fn teams(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<Kept<Team>>> {
    conn.all(
        sql!(
            "select id, version, created_at, changed_at, removed_at, name
             from team where workspace_id = $1 and removed_at is null order by name, id limit $2"
        ),
        vec![workspace.into(), MEMBERS_MAX.into()],
    )
    .await
}

/// The ids of a team's members.
pub(crate) async fn members_of_team(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    team: Id<Team>,
) -> Result<Vec<Id<Member>>> {
    let rows = conn
        .all::<(Id<Member>,)>(
            sql!("select id from member where workspace_id = $1 and team_id = $2 and removed_at is null limit $3"),
            vec![workspace.into(), team.into(), MEMBERS_MAX.into()],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Who can sign in with an address, in every workspace of this instance: workspace, member, hash of the password.
pub(super) async fn by_email(
    conn: &mut Conn,
    email: &Email,
) -> Result<Vec<(Id<Workspace>, Id<Member>, Option<String>)>> {
    conn.all(
        sql!(
            "select m.workspace_id, m.id, c.password_hash from member m left join credential c on c.member_id = m.id
             where m.email = $1 and m.removed_at is null and m.disabled_at is null order by m.created_at limit 20"
        ),
        vec![email.clone().into()],
    )
    .await
}

/// The member of a workspace with an address.
pub(crate) async fn member_by_email(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    email: &Email,
) -> Result<Option<Id<Member>>> {
    let row = conn
        .first::<(Id<Member>,)>(
            sql!("select id from member where workspace_id = $1 and email = $2 and removed_at is null"),
            vec![workspace.into(), email.clone().into()],
        )
        .await?;
    Ok(row.map(|(id,)| id))
}

/// How many members with a role can still come in.
pub(super) async fn active_with_role(conn: &mut Conn, workspace: Id<Workspace>, role: &str) -> Result<i64> {
    let row = conn
        .first::<(i64,)>(
            sql!("select count(*) from member where workspace_id = $1 and role = $2 and disabled_at is null and removed_at is null and email is not null"),
            vec![workspace.into(), role.into()],
        )
        .await?;
    Ok(row.map_or(0, |(count,)| count))
}

pub(super) async fn set_password(tx: &mut Tx, member: Id<Member>, hash: &str, now: When) -> Result<()> {
    tx.run(
        sql!(
            "insert into credential (member_id, password_hash, changed_at) values ($1, $2, $3)
             on conflict (member_id) do update set password_hash = excluded.password_hash, changed_at = excluded.changed_at"
        ),
        vec![member.into(), hash.into(), now.into()],
    )
    .await
    .map(drop)
}

pub(super) async fn password_hash(conn: &mut Conn, member: Id<Member>) -> Result<Option<String>> {
    let row = conn
        .first::<(String,)>(
            sql!("select password_hash from credential where member_id = $1"),
            vec![member.into()],
        )
        .await?;
    Ok(row.map(|(hash,)| hash))
}

/// A new session to be kept.
pub(super) struct NewSession<'s> {
    pub(super) token_hash: Vec<u8>,
    pub(super) workspace: Id<Workspace>,
    pub(super) member: Id<Member>,
    pub(super) now: When,
    pub(super) expires_at: When,
    pub(super) agent: &'s str,
    pub(super) address: &'s str,
}

pub(super) async fn insert_session(tx: &mut Tx, it: NewSession<'_>) -> Result<()> {
    tx.run(
        sql!(
            "delete from session where member_id = $1 and token_hash not in (
               select token_hash from session where member_id = $1 order by seen_at desc limit $2)"
        ),
        vec![it.member.into(), (SESSIONS_MAX - 1).into()],
    )
    .await?;
    tx.run(
        sql!(
            "insert into session (token_hash, workspace_id, member_id, created_at, seen_at, expires_at, agent, address)
             values ($1, $2, $3, $4, $4, $5, $6, $7)"
        ),
        vec![
            it.token_hash.into(),
            it.workspace.into(),
            it.member.into(),
            it.now.into(),
            it.expires_at.into(),
            it.agent.into(),
            it.address.into(),
        ],
    )
    .await
    .map(drop)
}

/// Whose session this is, when it was last seen, and when it ends, if it has not ended.
pub(super) async fn session(
    conn: &mut Conn,
    token_hash: &[u8],
    now: When,
) -> Result<Option<(Id<Workspace>, Id<Member>, When, When)>> {
    conn.first(
        sql!("select workspace_id, member_id, seen_at, expires_at from session where token_hash = $1 and expires_at > $2"),
        vec![token_hash.into(), now.into()],
    )
    .await
}

pub(super) async fn touch_session(tx: &mut Tx, token_hash: &[u8], now: When) -> Result<()> {
    tx.run(sql!("update session set seen_at = $2 where token_hash = $1"), vec![token_hash.into(), now.into()])
        .await
        .map(drop)
}

pub(super) async fn leave(tx: &mut Tx, token_hash: &[u8]) -> Result<()> {
    tx.run(sql!("delete from session where token_hash = $1"), vec![token_hash.into()]).await.map(drop)
}

pub(super) async fn end_session(tx: &mut Tx, member: Id<Member>, token_hash: &[u8]) -> Result<bool> {
    let touched = tx
        .run(
            sql!("delete from session where member_id = $1 and token_hash = $2"),
            vec![member.into(), token_hash.into()],
        )
        .await?;
    Ok(touched == 1)
}

/// Ends every session of a member but the one with this hash.
pub(super) async fn end_sessions(tx: &mut Tx, member: Id<Member>, but: &[u8]) -> Result<u64> {
    tx.run(
        sql!("delete from session where member_id = $1 and token_hash <> $2"),
        vec![member.into(), but.into()],
    )
    .await
}

/// The open sessions of a member, last used first.
pub(crate) async fn sessions(conn: &mut Conn, member: Id<Member>, now: When) -> Result<Vec<Session>> {
    conn.all(
        sql!(
            "select token_hash, created_at, seen_at, agent, address from session
             where member_id = $1 and expires_at > $2 order by seen_at desc limit 50"
        ),
        vec![member.into(), now.into()],
    )
    .await
}

pub(super) async fn insert_pass(
    tx: &mut Tx,
    token_hash: Vec<u8>,
    workspace: Id<Workspace>,
    member: Id<Member>,
    purpose: Purpose,
    now: When,
    expires_at: When,
) -> Result<()> {
    tx.run(
        sql!("update pass set used_at = $3 where member_id = $1 and purpose = $2 and used_at is null"),
        vec![member.into(), purpose.into(), now.into()],
    )
    .await?;
    tx.run(
        sql!(
            "insert into pass (token_hash, workspace_id, member_id, purpose, created_at, expires_at)
             values ($1, $2, $3, $4, $5, $6)"
        ),
        vec![
            token_hash.into(),
            workspace.into(),
            member.into(),
            purpose.into(),
            now.into(),
            expires_at.into(),
        ],
    )
    .await
    .map(drop)
}

/// Whom a one-time link is for, if it can still be used.
pub(super) async fn pass(
    conn: &mut Conn,
    token_hash: &[u8],
    now: When,
) -> Result<Option<(Id<Workspace>, Id<Member>, Purpose)>> {
    conn.first(
        sql!("select workspace_id, member_id, purpose from pass where token_hash = $1 and used_at is null and expires_at > $2"),
        vec![token_hash.into(), now.into()],
    )
    .await
}

/// Uses a one-time link up; false if it was used already.
pub(super) async fn use_pass(tx: &mut Tx, token_hash: &[u8], now: When) -> Result<bool> {
    let touched = tx
        .run(
            sql!("update pass set used_at = $2 where token_hash = $1 and used_at is null"),
            vec![token_hash.into(), now.into()],
        )
        .await?;
    Ok(touched == 1)
}

/// Every one-time link of a member holds no more.
pub(super) async fn void_passes(tx: &mut Tx, member: Id<Member>, now: When) -> Result<u64> {
    tx.run(
        sql!("update pass set used_at = $2 where member_id = $1 and used_at is null"),
        vec![member.into(), now.into()],
    )
    .await
}

/// Whether somebody of a workspace has an address, removed or not, besides `but`.
pub(super) async fn is_taken(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    email: &Email,
    but: Option<Id<Member>>,
) -> Result<bool> {
    let row = conn
        .first::<(Id<Member>,)>(
            sql!("select id from member where workspace_id = $1 and email = $2"),
            vec![workspace.into(), email.clone().into()],
        )
        .await?;
    Ok(row.is_some_and(|(id,)| Some(id) != but))
}

/// How the members of a workspace come in: see [`Standing`].
pub(crate) async fn standings(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    now: When,
) -> Result<HashMap<Id<Member>, Standing>> {
    let rows = conn
        .all::<(Id<Member>, Option<When>, Option<When>, Option<When>)>(
            sql!(
                "select m.id, c.changed_at,
                   (select max(s.seen_at) from session s where s.member_id = m.id),
                   (select max(p.expires_at) from pass p where p.member_id = m.id and p.purpose = 'invitation' and p.used_at is null and p.expires_at > $2)
                 from member m left join credential c on c.member_id = m.id
                 where m.workspace_id = $1 and m.removed_at is null order by m.name_folded, m.id limit $3"
            ),
            vec![workspace.into(), now.into(), MEMBERS_MAX.into()],
        )
        .await?;
    let standing = |(id, password_at, seen_at, invited_until)| {
        (id, Standing { has_password: Option::<When>::is_some(&password_at), seen_at, invited_until })
    };
    Ok(rows.into_iter().map(standing).collect())
}
