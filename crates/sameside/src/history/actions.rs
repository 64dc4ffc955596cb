//! What is done with the history.

use crate::accounts::{Act, Right};
use crate::error::Result;
use crate::history;
use crate::records::{self, Kept, Kind, Record};
use db::{Conn, Tx};

/// The most versions between what somebody saw and what is there now that are compared field by field.
const VERSIONS_MAX: i64 = 50;

/// Undoes one change and answers with the record it was of, and the event that now undoes the undoing.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` when the record was changed again since, or something would be left without
/// what it needs: a workspace without an owner, a deal without a stage.
pub async fn undo(tx: &mut Tx, act: &Act, seq: i64) -> Result<(Kind, uuid::Uuid, i64)> {
    let event = history::get(tx, &act.scope, seq).await?;
    if event.kind == Kind::Member {
        act.scope.require(Right::Own)?;
    }
    let (kind, id) = records::undo(tx, act, seq).await?;
    let last = history::last(tx, act, id).await?;
    Ok((kind, id, last.unwrap_or(seq)))
}

/// The record as it was at `version`, taken back from what it is now change by change; nothing when that was too
/// long ago to say.
///
/// # Errors
/// What the database says.
pub async fn as_of<T: Record>(
    conn: &mut Conn,
    scope: &crate::accounts::Scope,
    now: &Kept<T>,
    version: i64,
) -> Result<Option<T>> {
    let behind = now.version - version;
    if !(0..=VERSIONS_MAX).contains(&behind) {
        return Ok(None);
    }
    let events = history::store::changes_of(conn, scope.workspace(), now.id.uuid(), behind).await?;
    let mut it = now.it.clone();
    for event in events {
        match event.changes.taken_back(&it) {
            Ok(before) => it = before,
            Err(_) => return Ok(None),
        }
    }
    Ok(Some(it))
}
