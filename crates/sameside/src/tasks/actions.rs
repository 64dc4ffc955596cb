//! What is done with tasks.

use crate::accounts::Act;
use crate::base::Id;
use crate::error::Result;
use crate::records::{self, Kept};
use crate::tasks::Task;
use db::Tx;

/// Plans a task. For a deal it is also for the deal's company, for a person also for theirs.
///
/// # Errors
/// `Forbidden`, `Invalid`.
pub async fn create(tx: &mut Tx, act: &Act, mut task: Task) -> Result<Kept<Task>> {
    if let Some(deal) = task.deal_id {
        let deal = records::get(tx, &act.scope, deal).await?;
        task.company_id = task.company_id.or(deal.company_id);
    } else if let (Some(contact), None) = (task.contact_id, task.company_id) {
        task.company_id = records::get(tx, &act.scope, contact).await?.company_id;
    }
    records::create(tx, act, task).await
}

/// Says that a task is done, and how many hours it took where somebody says so; one that is done stays so.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`.
pub async fn complete(tx: &mut Tx, act: &Act, id: Id<Task>, hours: Option<f64>) -> Result<Kept<Task>> {
    let now = act.now;
    records::change(tx, act, id, None, move |task: &mut Task| {
        task.done_at = task.done_at.or(Some(now));
        task.hours_taken = hours.or(task.hours_taken);
        Ok(())
    })
    .await
}

/// Puts a task that was done back on the list.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn reopen(tx: &mut Tx, act: &Act, id: Id<Task>) -> Result<Kept<Task>> {
    records::change(tx, act, id, None, |task: &mut Task| {
        task.done_at = None;
        Ok(())
    })
    .await
}
