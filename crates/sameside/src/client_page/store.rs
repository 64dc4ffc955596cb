//! The tables `client_link`, `client_key`, `client_entry` and `client_visit`.

use crate::accounts::Workspace;
use crate::base::{Id, When};
use crate::client_page::{ClientLink, ClientQuestion, ClientReport};
use crate::deals::Deal;
use crate::records::{Kept, store as records};
use db::{Conn, FromRow, Reader, Result, Tx, sql};

/// The most links of a deal that are listed, the newest.
pub const LINKS_MAX: i64 = 50;
/// The most questions that a client is asked.
pub const QUESTIONS_MAX: i64 = 24;
/// The most lines of a link's log that are shown, the newest.
pub const VISITS_MAX: i64 = 50;
/// The most lines of a link's log that are kept.
const VISITS_KEPT: i64 = 1_000;

/// What opens a link.
#[derive(Debug, Clone)]
pub struct Key {
    /// The link.
    pub link: Id<ClientLink>,
    /// Whose.
    pub workspace: Id<Workspace>,
    /// The hash of its passcode, if it asks for one.
    pub passcode_hash: Option<String>,
    /// How often a wrong one was said in a row.
    pub tries: i64,
}

impl FromRow for Key {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { link: row.take()?, workspace: row.take()?, passcode_hash: row.take()?, tries: row.take()? })
    }
}

/// Something that was done with a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// When.
    pub at: When,
    /// What.
    pub what: String,
    /// From where, shortened.
    pub address: String,
    /// With what.
    pub agent: String,
}

impl FromRow for Deed {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { at: row.take()?, what: row.take()?, address: row.take()?, agent: row.take()? })
    }
}

/// The links of a deal, newest first.
///
/// # Errors
/// What the database says.
pub async fn links(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Vec<Kept<ClientLink>>> {
    records::of_deal(conn, workspace, deal.uuid(), LINKS_MAX).await
}

/// What a secret with this hash opens.
pub(super) async fn key(conn: &mut Conn, secret_hash: &[u8]) -> Result<Option<Key>> {
    conn.first(
        sql!("select link_id, workspace_id, passcode_hash, tries from client_key where secret_hash = $1"),
        vec![secret_hash.to_vec().into()],
    )
    .await
}

/// What the client of a deal is asked, in the order it was asked in.
pub(super) async fn questions(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Vec<Kept<ClientQuestion>>> {
    let mut all = records::of_deal(conn, workspace, deal.uuid(), QUESTIONS_MAX).await?;
    all.reverse();
    Ok(all)
}

/// What the client of a deal reports of the result.
///
/// # Errors
/// What the database says.
pub async fn report(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Option<Kept<ClientReport>>> {
    records::last_of_deal(conn, workspace, deal.uuid()).await
}

/// The keys of links that ask for a passcode.
pub(super) async fn with_passcode(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Vec<(Id<ClientLink>, i64)>> {
    conn.all(
        sql!(
            "select k.link_id, k.tries from client_key k join client_link l on l.id = k.link_id
             where l.deal_id = $1 and k.workspace_id = $2 and k.passcode_hash is not null order by k.link_id limit $3"
        ),
        vec![deal.into(), workspace.into(), LINKS_MAX.into()],
    )
    .await
}

pub(super) async fn insert_key(tx: &mut Tx, key: &Key, secret_hash: Vec<u8>) -> Result<()> {
    tx.run(
        sql!(
            "insert into client_key (link_id, workspace_id, secret_hash, passcode_hash, tries) values ($1, $2, $3, $4, $5)"
        ),
        vec![
            key.link.into(),
            key.workspace.into(),
            secret_hash.into(),
            key.passcode_hash.clone().into(),
            key.tries.into(),
        ],
    )
    .await
    .map(drop)
}

/// Notes how often a wrong passcode was said in a row.
pub(super) async fn set_tries(tx: &mut Tx, link: Id<ClientLink>, tries: i64) -> Result<()> {
    let sql = sql!("update client_key set tries = $2 where link_id = $1");
    tx.run(sql, vec![link.into(), tries.into()]).await.map(drop)
}

/// One more wrong passcode; answers whether one more may be tried.
pub(super) async fn try_once(tx: &mut Tx, link: Id<ClientLink>, tries_max: i64) -> Result<bool> {
    let sql = sql!("update client_key set tries = tries + 1 where link_id = $1 and tries < $2");
    Ok(tx.run(sql, vec![link.into(), tries_max.into()]).await? == 1)
}

/// Whether a browser with this hash said the passcode of a link, and not too long ago.
pub(super) async fn has_entered(
    conn: &mut Conn,
    link: Id<ClientLink>,
    token_hash: &[u8],
    now: When,
) -> Result<bool> {
    let row = conn
        .first::<(i64,)>(
            sql!("select 1 from client_entry where token_hash = $1 and link_id = $2 and expires_at > $3"),
            vec![token_hash.to_vec().into(), link.into(), now.into()],
        )
        .await?;
    Ok(row.is_some())
}

/// A browser said the passcode of a link; entries that ended go.
pub(super) async fn insert_entry(
    tx: &mut Tx,
    link: Id<ClientLink>,
    token_hash: Vec<u8>,
    now: When,
    ends: When,
) -> Result<()> {
    let old = sql!("delete from client_entry where link_id = $1 and expires_at <= $2");
    tx.run(old, vec![link.into(), now.into()]).await?;
    tx.run(
        sql!("insert into client_entry (token_hash, link_id, expires_at) values ($1, $2, $3)"),
        vec![token_hash.into(), link.into(), ends.into()],
    )
    .await
    .map(drop)
}

/// Writes into the log of a link; what is beyond [`VISITS_KEPT`] lines goes.
pub(super) async fn note(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    link: Id<ClientLink>,
    deed: &Deed,
) -> Result<()> {
    tx.run(
        sql!(
            "insert into client_visit (workspace_id, link_id, at, what, address, agent) values ($1, $2, $3, $4, $5, $6)"
        ),
        vec![
            workspace.into(),
            link.into(),
            deed.at.into(),
            deed.what.clone().into(),
            deed.address.clone().into(),
            deed.agent.clone().into(),
        ],
    )
    .await?;
    tx.run(
        sql!(
            "delete from client_visit where link_id = $1 and seq <= (
               select seq from client_visit where link_id = $1 order by seq desc limit 1 offset $2)"
        ),
        vec![link.into(), VISITS_KEPT.into()],
    )
    .await
    .map(drop)
}

/// The last line of the logs of a deal's links, and which link it is of.
pub(super) async fn last_of_deal(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Option<(String, Deed)>> {
    let row = conn
        .first::<(String, When, String, String, String)>(
            sql!(
                "select l.title, v.at, v.what, v.address, v.agent from client_visit v join client_link l on l.id = v.link_id
                 where l.deal_id = $1 and v.workspace_id = $2 order by v.seq desc limit 1"
            ),
            vec![deal.into(), workspace.into()],
        )
        .await?;
    Ok(row.map(|(title, at, what, address, agent)| (title, Deed { at, what, address, agent })))
}

/// The last line of a link's log.
pub(super) async fn last(conn: &mut Conn, link: Id<ClientLink>) -> Result<Option<Deed>> {
    conn.first(
        sql!(
            "select at, what, address, agent from client_visit where link_id = $1 order by seq desc limit 1"
        ),
        vec![link.into()],
    )
    .await
}

/// The log of a link, newest first.
pub(super) async fn visits(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    link: Id<ClientLink>,
) -> Result<Vec<Deed>> {
    conn.all(
        sql!(
            "select at, what, address, agent from client_visit where link_id = $1 and workspace_id = $2 order by seq desc limit $3"
        ),
        vec![link.into(), workspace.into(), VISITS_MAX.into()],
    )
    .await
}

/// The live deals of a workspace with this name, folded; more than one where the name is not enough.
///
/// # Errors
/// What the database says.
pub async fn deals_named(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    folded: &str,
) -> Result<Vec<(Id<Deal>, String)>> {
    conn.all(
        sql!(
            "select id, title from deal where workspace_id = $1 and title_folded = $2 and removed_at is null order by id limit 20"
        ),
        vec![workspace.into(), folded.into()],
    )
    .await
}
