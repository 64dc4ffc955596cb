//! Work that is done later: enqueued in the transaction that causes it, done at least once, tried again with
//! growing pauses, and shown to people when it fails for good.
//!
//! Knows no sales: a job is a name, a key and a payload. Asked for twice under one key before it ran, it runs once.

mod pages;
pub(crate) mod store;

pub use pages::routes;

use crate::accounts::{Act, Right};
use crate::base::{Date, Id};
use crate::error::{Error, Result};
use db::Tx;

/// Assess one deal anew; the key is its id.
pub const ASSESS_DEAL: &str = "assess_deal";
/// Assess every open deal with a product anew; the key is the id of the product, or of the one deal it is.
pub const ASSESS_AROUND: &str = "assess_around";
/// Count the track record and assess every open deal of the workspace anew.
pub const ASSESS_ALL: &str = "assess_all";
/// What every day asks for: learns from what ended, and weighs every open deal at its age.
pub const MORNING: &str = "morning";
/// Weigh open deals and look at what they ask of us, some at a time; the key is a round of `crate::work`.
pub const WEIGH_OPEN: &str = "weigh_open";
/// Look again at what a deal asks of us; the key is its id.
pub const LOOK_AT_DEAL: &str = "look_at_deal";
/// Plan what is left of the week of everybody.
pub const PLAN_WEEK: &str = "plan_week";
/// Count anew what the records come to, where the rules of counting changed.
pub const COUNT: &str = "count";
/// Count how long clients wait, by their size.
pub const FAIRNESS: &str = "fairness";
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

/// Asks for the work of a day, unless it was asked for already; answers with whether it was.
///
/// # Errors
/// What the database says.
pub async fn every_day(tx: &mut Tx, act: &Act, today: Date) -> Result<bool> {
    let workspace = act.scope.workspace();
    if store::morning(tx, workspace).await? == Some(today) {
        return Ok(false);
    }
    store::save_morning(tx, workspace, today).await?;
    later(tx, act, MORNING, "", "{}").await?;
    Ok(true)
}

/// Tries failed jobs once more: one, or all there are. Answers with how many.
///
/// # Errors
/// `Forbidden`; `NotFound` when that one is not there or did not fail.
pub async fn try_again(tx: &mut Tx, act: &Act, id: Option<Id<Job>>) -> Result<u64> {
    act.scope.require(Right::Administer)?;
    let again = store::again(tx, act.scope.workspace(), id, act.now).await?;
    if again == 0 && id.is_some() { Err(Error::NotFound) } else { Ok(again) }
}

/// Lets a failed job go: it is not done, and not shown any more.
///
/// # Errors
/// `Forbidden`; `NotFound` when it is not there or did not fail.
pub async fn let_go(tx: &mut Tx, act: &Act, id: Id<Job>) -> Result<()> {
    act.scope.require(Right::Administer)?;
    if store::let_go(tx, act.scope.workspace(), id).await? { Ok(()) } else { Err(Error::NotFound) }
}

/// How long to wait before the next attempt, in seconds: 5, 25, 125 … an hour at most.
pub fn pause_seconds(attempts: i64) -> i64 {
    5_i64.saturating_pow(u32::try_from(attempts).unwrap_or(1)).min(3_600)
}
