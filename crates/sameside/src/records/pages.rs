//! What every record's pages do alike: removing, restoring, saving over what somebody saw.

use crate::base::Id;
use crate::error::Result;
use crate::history;
use crate::records::{self, Kept, Record};
use crate::web::{PageError, Visit, is_own_path};
use axum::response::Response;

/// Removes a record and goes to `back`, if the form said so, or else to its list; with a way to bring it back.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn remove<T: Record>(visit: &Visit, id: Id<T>, back: &str) -> Result<Response, PageError> {
    let title = visit
        .write(move |tx, act| {
            Box::pin(async move {
                let kept = records::get_any(tx, &act.scope, id).await?;
                records::remove(tx, act, id).await?;
                Ok(kept.title())
            })
        })
        .await?;
    let list = T::KIND.path().unwrap_or("/");
    let restore = format!("{list}/{id}/restoration");
    let to = if is_own_path(back) { back } else { list };
    Ok(visit.done(to, &format!("{title} is removed. It can be brought back."), Some(restore)))
}

/// Brings a removed record back and goes to `back`, if the form said so, or else to its page.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn restore<T: Record>(visit: &Visit, id: Id<T>, back: &str) -> Result<Response, PageError> {
    let title = visit
        .write(move |tx, act| {
            Box::pin(async move {
                records::restore(tx, act, id).await?;
                Ok(records::get(tx, &act.scope, id).await?.title())
            })
        })
        .await?;
    let page = T::KIND.page(id.uuid()).unwrap_or_else(|| "/".into());
    let to = if is_own_path(back) { back } else { page.as_str() };
    Ok(visit.done(to, &format!("{title} is back."), None))
}

/// The address that undoes the last change of a record.
///
/// # Errors
/// What the database says.
pub async fn undo_of<T>(visit: &Visit, id: Id<T>) -> Result<Option<String>> {
    let mut conn = visit.read().await?;
    let last = history::last(&mut conn, &visit.act(), id.uuid()).await?;
    Ok(last.map(|seq| format!("/history/{seq}/undo")))
}

/// What a record's own page says above everything else when it was removed.
pub fn removed_on<T>(visit: &Visit, kept: &Kept<T>) -> String {
    kept.removed_at.map(|at| at.show(&visit.zone(), visit.locale())).unwrap_or_default()
}
