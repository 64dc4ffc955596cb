//! Work that is done later: enqueued in the transaction that causes it, done at least once, tried again with
//! growing pauses, and shown to people when it fails for good.
//!
//! Knows no sales: a job is a name, a key and a payload. Asked for twice under one key before it ran, it runs once.

pub(crate) mod store;

use crate::accounts::Act;
use crate::base::Id;
use crate::error::Result;
use db::Tx;

/// Assess one deal anew; the key is its id.
pub const ASSESS_DEAL: &str = "assess_deal";
/// Assess every open deal with a product anew; the key is the id of the product, or of the one deal it is.
pub const ASSESS_AROUND: &str = "assess_around";
/// Count the track record and assess every open deal of the workspace anew.
pub const ASSESS_ALL: &str = "assess_all";
/// Run an import; the key is its id.
pub const IMPORT: &str = "import";

/// How often a job is tried before it is shown as failed.
pub const ATTEMPTS_MAX: i64 = 6;
/// How long a job may run before another worker takes it up, in seconds.
pub const LEASE_SECONDS: i64 = 600;

/// One piece of work.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its id.
    pub id: Id<Self>,
    /// Whose.
    pub workspace: Id<crate::accounts::Workspace>,
    /// What is to be done: one of the names above.
    pub name: String,
    /// What it is about.
    pub key: String,
    /// What else it needs to know, as JSON.
    pub payload: String,
    /// How often it was tried, this time included.
    pub attempts: i64,
}

/// Enqueues a job, unless one of the same name and key waits already.
///
/// # Errors
/// What the database says.
pub async fn later(tx: &mut Tx, act: &Act, name: &str, key: &str, payload: &str) -> Result<()> {
    store::insert(tx, act.scope.workspace(), act.now, name, key, payload).await?;
    Ok(())
}

/// How long to wait before the next attempt, in seconds: 5, 25, 125 … an hour at most.
pub fn pause_seconds(attempts: i64) -> i64 {
    5_i64.saturating_pow(u32::try_from(attempts).unwrap_or(1)).min(3_600)
}
