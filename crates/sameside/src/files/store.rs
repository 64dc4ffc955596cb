//! The table `attachment`.

use crate::accounts::Workspace;
use crate::base::{Id, When};
use crate::deals::Deal;
use crate::files::{Attachment, FILES_MAX, Stored};
use crate::records::{Kept, store as records};
use db::{Conn, Result, Sql, Tx, sql};
use std::collections::HashSet;

/// The most documents that are swept away at once.
const SWEPT_AT_ONCE: i64 = 1_000;

/// The documents of a deal, the newest first.
///
/// # Errors
/// What the database says.
pub async fn of_deal(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Vec<Kept<Attachment>>> {
    records::of_deal(conn, workspace, deal.uuid(), FILES_MAX).await
}

/// Those of them that the client reads, the one that was shared last first.
///
/// # Errors
/// What the database says.
pub async fn shared(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Vec<Kept<Attachment>>> {
    let sql = format!(
        "{} where r.deal_id = $1 and r.workspace_id = $2 and r.removed_at is null and r.shared_at is not null
         order by r.shared_at desc, r.id desc limit $3",
        records::select::<Attachment>()
    );
    conn.all(Sql::built(sql), vec![deal.into(), workspace.into(), FILES_MAX.into()]).await
}

/// How many documents a deal has.
///
/// # Errors
/// What the database says.
pub async fn count(conn: &mut Conn, workspace: Id<Workspace>, deal: Id<Deal>) -> Result<i64> {
    let sql = sql!(
        "select count(*) from attachment where deal_id = $1 and workspace_id = $2 and removed_at is null"
    );
    let row = conn.first::<(i64,)>(sql, vec![deal.into(), workspace.into()]).await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// Whether the bytes of a document were swept away.
pub(super) async fn is_swept(conn: &mut Conn, workspace: Id<Workspace>, id: Id<Attachment>) -> Result<bool> {
    let sql = sql!("select 1 from attachment where id = $1 and workspace_id = $2 and swept_at is not null");
    Ok(conn.first::<(i64,)>(sql, vec![id.into(), workspace.into()]).await?.is_some())
}

/// Notes that the bytes of what was removed before a moment are gone, some at a time; answers with of how many.
pub(super) async fn sweep(tx: &mut Tx, workspace: Id<Workspace>, before: When, now: When) -> Result<u64> {
    let sql = sql!(
        "update attachment set swept_at = $3 where id in (
           select id from attachment where workspace_id = $1 and removed_at < $2 and swept_at is null order by removed_at, id limit $4)"
    );
    tx.run(sql, vec![workspace.into(), before.into(), now.into(), SWEPT_AT_ONCE.into()]).await
}

/// Those of some bytes that a document has.
pub(super) async fn in_use(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    ids: &[Id<Stored>],
) -> Result<HashSet<Id<Stored>>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let sql = format!(
        "select stored_id from attachment where workspace_id = $1 and swept_at is null and stored_id in ({})",
        Sql::placeholders(2, ids.len())
    );
    let values = std::iter::once(workspace.into()).chain(ids.iter().map(|id| (*id).into())).collect();
    let rows = conn.all::<(Id<Stored>,)>(Sql::built(sql), values).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
