//! The verbs of documents: add, say what one is, share and stop sharing, remove, bring back; and the sweeping.

use crate::accounts::{Act, Scope, Workspace};
use crate::app::App;
use crate::backup;
use crate::base::{Id, When};
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::files::receive::Arrived;
use crate::files::{Attachment, FILES_MAX, KEPT_DAYS, Shelf, Stored, store};
use crate::records::{self, Kept, Kind};
use db::{Conn, Tx};
use futures_util::TryStreamExt;

/// Bytes without a record may be of a form that is on its way: so old are those that are swept away, in days.
const ON_ITS_WAY_DAYS: i64 = 1;
/// How many names are looked up at once.
const NAMES_AT_ONCE: usize = 500;
/// How often a morning goes on sweeping what was removed.
const ROUNDS_MAX: usize = 100;

/// Adds a document to a deal. Its bytes are on the shelf; where this refuses, whoever put them there takes them away.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`.
pub async fn add(tx: &mut Tx, act: &Act, id: Id<Deal>, it: Arrived) -> Result<Kept<Attachment>> {
    let deal = records::get(tx, &act.scope, id).await?;
    has_room(tx, act.scope.workspace(), deal.id).await?;
    let it = Attachment {
        deal_id: deal.id,
        owner_id: act.scope.member(),
        title: it.title,
        name: it.name,
        media: it.media,
        size: it.size,
        sha256: it.sha256,
        stored_id: it.stored_id,
        shared_at: None,
    };
    records::create(tx, act, it).await
}

/// Whether a deal has room for one more document.
///
/// # Errors
/// `Invalid` when it has as many as it may.
pub async fn has_room(conn: &mut Conn, workspace: Id<Workspace>, deal: Id<Deal>) -> Result<()> {
    if store::count(conn, workspace, deal).await? >= FILES_MAX {
        let right = format!("at most {FILES_MAX} documents with a deal: remove one that is not needed first");
        return Err(Error::field("file", right));
    }
    Ok(())
}

/// Says what a document is called.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`; `Conflict` when `version` is not the newest.
pub async fn rename(
    tx: &mut Tx,
    act: &Act,
    id: Id<Attachment>,
    version: Option<i64>,
    title: String,
) -> Result<Kept<Attachment>> {
    of_visible_deal(tx, act, id).await?;
    records::change(tx, act, id, version, |it: &mut Attachment| {
        it.title = title;
        Ok(())
    })
    .await
}

/// From now on the client of the deal reads it on their page.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn share(tx: &mut Tx, act: &Act, id: Id<Attachment>) -> Result<Kept<Attachment>> {
    of_visible_deal(tx, act, id).await?;
    let now = act.now;
    records::change(tx, act, id, None, |it: &mut Attachment| {
        it.share(now);
        Ok(())
    })
    .await
}

/// The client does not read it any more.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn stop_sharing(tx: &mut Tx, act: &Act, id: Id<Attachment>) -> Result<Kept<Attachment>> {
    of_visible_deal(tx, act, id).await?;
    records::change(tx, act, id, None, |it: &mut Attachment| {
        it.stop_sharing();
        Ok(())
    })
    .await
}

/// Removes a document; for [`KEPT_DAYS`] days it can be brought back. Answers with its deal.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn remove(tx: &mut Tx, act: &Act, id: Id<Attachment>) -> Result<Id<Deal>> {
    let deal = of_visible_deal(tx, act, id).await?;
    records::remove(tx, act, id).await?;
    Ok(deal)
}

/// Brings a removed document back, as it was. Answers with its deal.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` when it was removed too long ago, or the deal has no room.
pub async fn restore(tx: &mut Tx, act: &Act, id: Id<Attachment>) -> Result<Id<Deal>> {
    let deal = of_visible_deal(tx, act, id).await?;
    records::restore(tx, act, id).await?;
    settle(tx, act, Kind::Attachment, id.uuid()).await?;
    Ok(deal)
}

/// The deal of a document, which this person must see.
async fn of_visible_deal(tx: &mut Tx, act: &Act, id: Id<Attachment>) -> Result<Id<Deal>> {
    let kept = records::get_any(tx, &act.scope, id).await?;
    Ok(records::get(tx, &act.scope, kept.deal_id).await?.id)
}

/// After something was brought back, by whatever verb: a document without bytes is none, and a deal has only so many.
///
/// # Errors
/// `Refused`.
pub async fn settle(tx: &mut Tx, act: &Act, kind: Kind, id: uuid::Uuid) -> Result<()> {
    if kind != Kind::Attachment {
        return Ok(());
    }
    let (workspace, id): (_, Id<Attachment>) = (act.scope.workspace(), Id::of(id));
    let kept = records::get_any(tx, &act.scope, id).await?;
    if kept.removed_at.is_some() {
        return Ok(());
    }
    if store::is_swept(tx, workspace, id).await? {
        let why = format!(
            "“{}” was removed more than {KEPT_DAYS} days ago, and its file was thrown away since. Add it again.",
            kept.title
        );
        return Err(Error::Refused(why));
    }
    if store::count(tx, workspace, kept.deal_id).await? > FILES_MAX {
        let why = format!("The deal has {FILES_MAX} documents already. Remove one that is not needed first.");
        return Err(Error::Refused(why));
    }
    Ok(())
}

/// A document, for who sees its deal.
///
/// # Errors
/// `NotFound`.
pub async fn read(conn: &mut Conn, scope: &Scope, id: Id<Attachment>) -> Result<Kept<Attachment>> {
    let kept = records::get(conn, scope, id).await?;
    records::get_any(conn, scope, kept.deal_id).await?;
    Ok(kept)
}

/// A document that the client of a deal reads.
///
/// # Errors
/// `NotFound`, whatever keeps it from them.
pub async fn read_by_client(
    conn: &mut Conn,
    scope: &Scope,
    deal: Id<Deal>,
    id: Id<Attachment>,
) -> Result<Kept<Attachment>> {
    let kept = records::get(conn, scope, id).await?;
    if kept.deal_id == deal && kept.shared_at.is_some() { Ok(kept) } else { Err(Error::NotFound) }
}

/// Takes away the bytes of a form that came to nothing. What stays is swept away later.
pub(super) async fn forget(app: &App, workspace: Id<Workspace>, id: Id<Stored>) {
    let forgotten = match Shelf::of(app.config()) {
        Ok(shelf) => shelf.remove(workspace, id).await,
        Err(error) => Err(error),
    };
    if let Err(error) = forgotten {
        tracing::warn!(%error, "a file that nobody needs stays until it is swept away");
    }
}

/// Throws away the bytes of documents that were removed more than [`KEPT_DAYS`] days before `now`, those that never became a
/// document, and what a crash left half written. Answers with how many there were. After a backup was put in place nothing is
/// thrown away for as long: another backup may know what this one does not.
///
/// # Errors
/// What the database or the disk says.
pub async fn sweep(app: &App, workspace: Id<Workspace>, now: When) -> Result<usize> {
    let long_ago = now.plus_days(-KEPT_DAYS);
    if backup::generation(&mut app.read().await?).await? >= long_ago.micros() {
        return Ok(0);
    }
    for _ in 0..ROUNDS_MAX {
        let marked = app
            .write(move |tx| Box::pin(async move { Ok(store::sweep(tx, workspace, long_ago, now).await?) }))
            .await?;
        if marked == 0 {
            break;
        }
    }
    let shelf = Shelf::of(app.config())?;
    let before = now.plus_days(-ON_ITS_WAY_DAYS);
    let mut removed = shelf.remove_half_written(workspace, before).await?;
    let mut names = shelf.older(workspace, before).try_chunks(NAMES_AT_ONCE);
    while let Some(ids) = names.try_next().await.map_err(|cut| cut.1)? {
        let used = store::in_use(&mut app.read().await?, workspace, &ids).await?;
        for id in ids.into_iter().filter(|id| !used.contains(id)) {
            removed += usize::from(shelf.remove(workspace, id).await?);
        }
    }
    Ok(removed)
}
