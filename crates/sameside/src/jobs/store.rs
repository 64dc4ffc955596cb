//! The tables `job` and `morning`.

use crate::accounts::Workspace;
use crate::base::{Date, Id, When};
use crate::jobs::{Job, LEASE_SECONDS};
use db::{Conn, FromRow, Reader, Result, Sql, Tx, sql};

/// Failed jobs tried again at once.
const AGAIN_MAX: i64 = 1_000;
/// Jobs claimed at once.
pub const CLAIM_MAX: i64 = 50;

impl FromRow for Job {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            workspace: row.take()?,
            name: row.take()?,
            key: row.take()?,
            payload: row.take()?,
            attempts: row.take()?,
        })
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    now: When,
    name: &str,
    key: &str,
    payload: &str,
) -> Result<()> {
    let id: Id<Job> = Id::new(now);
    tx.run(
        sql!(
            "insert into job (id, workspace_id, name, dedup, payload, state, attempts, run_at, created_at)
             values ($1, $2, $3, $4, $5, 'ready', 0, $6, $6)
             on conflict (workspace_id, name, dedup) where state = 'ready' do nothing"
        ),
        vec![id.into(), workspace.into(), name.into(), key.into(), payload.into(), now.into()],
    )
    .await
    .map(drop)
}

/// Takes up to [`CLAIM_MAX`] jobs that are due; nobody else gets them before their lease ends.
///
/// # Errors
/// What the database says.
pub async fn claim(tx: &mut Tx, now: When) -> Result<Vec<Job>> {
    let sql = format!(
        "update job set state = 'running', attempts = attempts + 1, lease_until = $2 where id in (
           select id from job where state = 'ready' and run_at <= $1 order by run_at, id limit $3{skip}
         ) returning id, workspace_id, name, dedup, payload, attempts",
        skip = tx.dialect().skip_locked()
    );
    let lease = now.plus_seconds(LEASE_SECONDS);
    tx.all(Sql::built(sql), vec![now.into(), lease.into(), CLAIM_MAX.into()]).await
}

/// When the next job is due, if any waits.
///
/// # Errors
/// What the database says.
pub async fn next_at(conn: &mut Conn) -> Result<Option<When>> {
    let row = conn
        .first::<(When,)>(
            sql!("select run_at from job where state = 'ready' order by run_at limit 1"),
            vec![],
        )
        .await?;
    Ok(row.map(|(at,)| at))
}

/// The job is done: its row goes.
///
/// # Errors
/// What the database says.
pub async fn done(tx: &mut Tx, id: Id<Job>) -> Result<()> {
    tx.run(sql!("delete from job where id = $1"), vec![id.into()]).await.map(drop)
}

/// The job failed: it waits for its next attempt at `again_at`, or is shown as failed when there is none. If the
/// same work was asked for again meanwhile, that one stands for both.
///
/// # Errors
/// What the database says.
pub async fn failed(tx: &mut Tx, job: &Job, error: &str, again_at: Option<When>, now: When) -> Result<()> {
    let state = if again_at.is_some() { "ready" } else { "failed" };
    let asked_again = tx
        .first::<(i64,)>(
            sql!("select 1 from job where workspace_id = $1 and name = $2 and dedup = $3 and state = 'ready' limit 1"),
            vec![job.workspace.into(), job.name.clone().into(), job.key.clone().into()],
        )
        .await?;
    if again_at.is_some() && asked_again.is_some() {
        return done(tx, job.id).await;
    }
    tx.run(
        sql!("update job set state = $2, error = $3, run_at = $4, lease_until = null, finished_at = $5 where id = $1"),
        vec![job.id.into(), state.into(), error.into(), again_at.unwrap_or(now).into(), now.into()],
    )
    .await
    .map(drop)
}

/// Jobs whose worker went away are ready again, unless the same work waits already.
///
/// # Errors
/// What the database says.
pub async fn free_expired(tx: &mut Tx, now: When) -> Result<u64> {
    tx.run(
        sql!(
            "delete from job where state = 'running' and lease_until < $1 and exists (
               select 1 from job j where j.workspace_id = job.workspace_id and j.name = job.name and j.dedup = job.dedup and j.state = 'ready')"
        ),
        vec![now.into()],
    )
    .await?;
    tx.run(
        sql!(
            "update job set state = 'ready', lease_until = null where state = 'running' and lease_until < $1"
        ),
        vec![now.into()],
    )
    .await
}

/// Jobs that were taken and not done wait again, as if nobody had taken them, unless the same work waits already.
///
/// # Errors
/// What the database says.
pub async fn give_back(tx: &mut Tx, jobs: &[Job]) -> Result<()> {
    for job in jobs {
        tx.run(
            sql!(
                "delete from job where id = $1 and state = 'running' and exists (
                   select 1 from job j where j.workspace_id = job.workspace_id and j.name = job.name and j.dedup = job.dedup and j.state = 'ready')"
            ),
            vec![job.id.into()],
        )
        .await?;
        tx.run(
            sql!(
                "update job set state = 'ready', attempts = attempts - 1, lease_until = null where id = $1 and state = 'running'"
            ),
            vec![job.id.into()],
        )
        .await?;
    }
    Ok(())
}

/// A failed job, for people: what, about what, why, when.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Its id.
    pub id: Id<Job>,
    /// What was to be done.
    pub name: String,
    /// About what.
    pub key: String,
    /// What went wrong.
    pub error: Option<String>,
    /// When it was given up.
    pub at: Option<When>,
}

impl FromRow for Failure {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { id: row.take()?, name: row.take()?, key: row.take()?, error: row.take()?, at: row.take()? })
    }
}

/// The failed jobs of a workspace, newest first, 100 at most.
///
/// # Errors
/// What the database says.
pub async fn failures(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<Failure>> {
    conn.all(
        sql!(
            "select id, name, dedup, error, finished_at from job
             where workspace_id = $1 and state = 'failed' order by created_at desc limit 100"
        ),
        vec![workspace.into()],
    )
    .await
}

/// Failed jobs of a workspace are tried once more, from the first attempt: one, or all of them. Where the same work
/// waits already, that stands for both. Answers with how many there were.
///
/// # Errors
/// What the database says.
pub async fn again(tx: &mut Tx, workspace: Id<Workspace>, id: Option<Id<Job>>, now: When) -> Result<u64> {
    let failed = tx
        .all::<(Id<Job>, String, String)>(
            sql!(
                "select id, name, dedup from job where workspace_id = $1 and state = 'failed' order by created_at limit $2"
            ),
            vec![workspace.into(), AGAIN_MAX.into()],
        )
        .await?;
    let mut again = 0;
    for (job, name, key) in failed.into_iter().filter(|(job, ..)| id.is_none_or(|id| id == *job)) {
        let payload = payload(tx, job).await?;
        insert(tx, workspace, now, &name, &key, &payload).await?;
        again += tx.run(sql!("delete from job where id = $1"), vec![job.into()]).await?;
    }
    Ok(again)
}

async fn payload(tx: &mut Tx, id: Id<Job>) -> Result<String> {
    let row = tx.first::<(String,)>(sql!("select payload from job where id = $1"), vec![id.into()]).await?;
    Ok(row.map_or_else(|| "{}".to_owned(), |(payload,)| payload))
}

/// A failed job is let go; false if there is none.
///
/// # Errors
/// What the database says.
pub async fn let_go(tx: &mut Tx, workspace: Id<Workspace>, id: Id<Job>) -> Result<bool> {
    let touched = tx
        .run(
            sql!("delete from job where id = $1 and workspace_id = $2 and state = 'failed'"),
            vec![id.into(), workspace.into()],
        )
        .await?;
    Ok(touched == 1)
}

/// Up to which day the work of every day was asked for.
///
/// # Errors
/// What the database says.
pub async fn morning(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Option<Date>> {
    let row = conn
        .first::<(Date,)>(sql!("select day from morning where workspace_id = $1"), vec![workspace.into()])
        .await?;
    Ok(row.map(|(day,)| day))
}

/// The work of a day is asked for.
///
/// # Errors
/// What the database says.
pub async fn save_morning(tx: &mut Tx, workspace: Id<Workspace>, day: Date) -> Result<()> {
    tx.run(
        sql!(
            "insert into morning (workspace_id, day) values ($1, $2)
             on conflict (workspace_id) do update set day = excluded.day"
        ),
        vec![workspace.into(), day.into()],
    )
    .await
    .map(drop)
}
