//! Work in the background: takes jobs one by one, hands each to its slice, and keeps what failed for people to see.

use crate::accounts::{self, Via, Workspace};
use crate::advocates;
use crate::app::App;
use crate::assessment;
use crate::base::{Id, When};
use crate::care;
use crate::commitments;
use crate::deals::Deal;
use crate::departures;
use crate::digest;
use crate::error::{Error, Result};
use crate::files;
use crate::import;
use crate::jobs::{self, ATTEMPTS_MAX, Job};
use crate::notices::{self, News};
use crate::products::Product;
use crate::promises;
use crate::pursuit;
use crate::search;
use crate::service;
use crate::tallies;
use crate::week;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long the worker sleeps at most while nothing is asked of it, in seconds: another process may have asked.
const IDLE_SECONDS_MAX: u64 = 2;
/// How many deals are weighed before others have their turn: some seconds of work.
const ROUND_DEALS: i64 = 1_000;
/// How often it looks whether a new day began somewhere, in seconds.
const LOOK_SECONDS: i64 = 600;

/// Works until `stop` says so; what is in hand is given back to the queue, an import apart, which is finished.
pub async fn run(app: App, stop: tokio::sync::watch::Receiver<bool>) {
    let mut stop = stop;
    let mut looked_at: Option<When> = None;
    while !*stop.borrow() {
        let now = app.now();
        if looked_at.is_none_or(|at| now.seconds_since(at) >= LOOK_SECONDS) {
            looked_at = Some(now);
            if let Err(error) = look_at_the_day(&app).await {
                tracing::error!(%error, "what the day asks for is not known");
            }
            if let Err(error) = warn(&app).await {
                tracing::error!(%error, "what was promised and is due cannot be told");
            }
        }
        match turn(&app, &mut stop.clone()).await {
            Ok(0) => {
                tokio::select! {
                    () = app.written() => {}
                    () = tokio::time::sleep(Duration::from_secs(IDLE_SECONDS_MAX)) => {}
                    _ = stop.changed() => {}
                }
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "the work that waits cannot be read");
                tokio::time::sleep(Duration::from_secs(IDLE_SECONDS_MAX)).await;
            }
        }
    }
}

/// Asks for the work of the day in every workspace in which a new one began; answers with in how many.
///
/// # Errors
/// What the database says.
pub async fn look_at_the_day(app: &App) -> Result<usize> {
    let all = accounts::store::workspaces(&mut app.read().await?).await?;
    let mut begun = 0;
    for workspace in all {
        tallies::actions::ask(app, &workspace).await?;
        let today = app.now().day(&workspace.zone());
        if jobs::store::morning(&mut app.read().await?, workspace.id).await? == Some(today) {
            continue;
        }
        let act = app.act_for(workspace.id, Via::Job);
        let asked =
            app.write(move |tx| Box::pin(async move { jobs::every_day(tx, &act, today).await })).await?;
        begun += usize::from(asked);
    }
    Ok(begun)
}

/// Tells members in every workspace what was promised and comes near, has passed or has no room; answers with how much that
/// was.
///
/// # Errors
/// What the database says.
pub async fn warn(app: &App) -> Result<usize> {
    let all = accounts::store::workspaces(&mut app.read().await?).await?;
    let mut told = 0;
    for workspace in all {
        let act = app.act_for(workspace.id, Via::Job);
        told += service::actions::warn(app, &act).await?;
        told += commitments::actions::warn(app, &act).await?;
        told += week::actions::warn(app, &act).await?;
    }
    Ok(told)
}

/// The jobs that are due, then the words of what changed; answers with how much that was. Weighing thousands of deals takes minutes,
/// so it is put down when asked to stop, and taken up again from the queue; a file that is being brought in is brought in to its end.
async fn turn(app: &App, stop: &mut tokio::sync::watch::Receiver<bool>) -> Result<usize> {
    let claimed = claim(app).await?;
    if claimed.iter().any(|job| job.name == jobs::IMPORT) {
        work_through(app, &claimed).await?;
    } else {
        let is_done = tokio::select! {
            biased;
            done = work_through(app, &claimed) => done.map(|()| true)?,
            () = async { drop(stop.wait_for(|stop| *stop).await) } => false,
        };
        if !is_done {
            app.write(move |tx| Box::pin(async move { Ok(jobs::store::give_back(tx, &claimed).await?) }))
                .await?;
            return Ok(0);
        }
    }
    Ok(claimed.len() + search::follow(app).await?)
}

/// Does the jobs that are due now, at most one batch; answers with how many.
///
/// # Errors
/// What the database says of the queue; what a job says is kept with the job.
pub async fn once(app: &App) -> Result<usize> {
    let claimed = claim(app).await?;
    work_through(app, &claimed).await?;
    Ok(claimed.len())
}

async fn claim(app: &App) -> Result<Vec<Job>> {
    let now = app.now();
    if jobs::store::next_at(&mut app.read().await?).await?.is_none_or(|at| at > now) {
        return Ok(Vec::new());
    }
    app.write(move |tx| {
        Box::pin(async move {
            jobs::store::free_expired(tx, now).await?;
            Ok(jobs::store::claim(tx, now).await?)
        })
    })
    .await
}

async fn work_through(app: &App, claimed: &[Job]) -> Result<()> {
    let (deals, others): (Vec<Job>, Vec<Job>) =
        claimed.iter().cloned().partition(|job| job.name == jobs::ASSESS_DEAL);
    let mut alone = others;
    for same in deals.chunk_by(|one, next| one.workspace == next.workspace) {
        // Deals are assessed together; one that cannot be must not hold up the others.
        match assess_and_look(app, same).await {
            Ok(()) => finish_all(app, same).await?,
            Err(_) => alone.extend_from_slice(same),
        }
    }
    for job in &alone {
        let done = handle(app, job).await;
        finish(app, job, done).await?;
    }
    Ok(())
}

async fn assess_and_look(app: &App, same: &[Job]) -> Result<()> {
    assessment::actions::assess_deals(app, same).await?;
    let Some(first) = same.first() else { return Ok(()) };
    let deals: Vec<_> = same.iter().filter_map(|job| job.key.parse().ok()).collect();
    let act = app.act_for(first.workspace, Via::Job);
    pursuit::actions::look(app, &act, &deals).await?;
    advocates::actions::look_again(app, &act, &deals).await
}

async fn finish_all(app: &App, done: &[Job]) -> Result<()> {
    let ids: Vec<_> = done.iter().map(|job| job.id).collect();
    app.write(move |tx| {
        Box::pin(async move {
            for id in ids {
                jobs::store::done(tx, id).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Does every job that is due, until none is; how tests and the command line wait for what follows.
///
/// # Errors
/// What the database says of the queue.
pub async fn drain(app: &App) -> Result<usize> {
    let mut all = 0;
    loop {
        match once(app).await? {
            0 => return Ok(all),
            some => all += some,
        }
    }
}

async fn finish(app: &App, job: &Job, done: Result<()>) -> Result<()> {
    let (job, now) = (job.clone(), app.now());
    let failed = done.err().map(|error| {
        let is_last = job.attempts >= ATTEMPTS_MAX || matches!(error, Error::Refused(_) | Error::NotFound);
        tracing::warn!(job = job.name, key = job.key, attempts = job.attempts, %error, "a job failed");
        (error.to_string(), (!is_last).then(|| now.plus_seconds(jobs::pause_seconds(job.attempts))))
    });
    app.write(move |tx| {
        Box::pin(async move {
            match failed {
                None => jobs::store::done(tx, job.id).await?,
                Some((error, again_at)) => {
                    jobs::store::failed(tx, &job, &error, again_at, now).await?;
                    if again_at.is_none() {
                        tell_of_failure(tx, &job, &error, now).await?;
                    }
                }
            }
            Ok(())
        })
    })
    .await
}

/// Tells the admins that a job failed for good.
async fn tell_of_failure(tx: &mut db::Tx, job: &Job, error: &str, now: When) -> Result<()> {
    let act = accounts::Act::new(accounts::Scope::of_workspace(job.workspace), now, Via::Job);
    let (words, path) = match job.name.as_str() {
        jobs::IMPORT => (format!("An import did not work: {error}"), format!("/import/{}", job.key)),
        _ => (format!("Work in the background failed: {error}"), "/settings/jobs".to_owned()),
    };
    notices::tell_admins(tx, &act, News::new(notices::Source::Failed, words, path)).await
}

/// What a deal asks of us, looked at again; the key of the job is its id, or that of something else, of which nothing is asked.
async fn look_at_one(app: &App, job: &Job) -> Result<()> {
    let Ok(id) = job.key.parse() else { return Ok(()) };
    let act = app.act_for(job.workspace, Via::Job);
    care::actions::look_around(app, &act, Id::<Deal>::uuid(id)).await?;
    pursuit::actions::look(app, &act, &[id]).await?;
    advocates::actions::look_again(app, &act, &[id]).await
}

/// Some of the open deals, in the order of their ids: one job of a chain, so that what is asked for meanwhile need not wait
/// for all of them, and no job outlasts its lease. Two rounds that start from one deal do the same, so one is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Round {
    /// Only the deals with this product.
    product: Option<Id<Product>>,
    /// Those after this one.
    after: Option<Id<Deal>>,
    /// Whether the week is planned when all are done.
    then_plan: bool,
}

impl Round {
    /// Asks for it.
    async fn ask(&self, app: &App, workspace: Id<Workspace>) -> Result<()> {
        let key = serde_json::to_string(self).map_err(|error| Error::Internal(error.to_string()))?;
        let act = app.act_for(workspace, Via::Job);
        app.write(move |tx| {
            Box::pin(async move { jobs::later(tx, &act, jobs::WEIGH_OPEN, &key, "{}").await })
        })
        .await
    }

    /// Weighs up to [`ROUND_DEALS`] deals, looks at what they ask of us, and asks for the next round.
    async fn go(mut self, app: &App, workspace: Id<Workspace>) -> Result<()> {
        let act = app.act_for(workspace, Via::Job);
        let ground = assessment::actions::ground(&mut app.read().await?, workspace).await?;
        for _ in 0..ROUND_DEALS / assessment::store::DEALS_AT_ONCE {
            let mut conn = app.read().await?;
            let deals = assessment::store::open_deals(&mut conn, workspace, self.product, self.after).await?;
            drop(conn);
            let Some(last) = deals.last().copied() else {
                return if self.then_plan { ask_for_plan(app, workspace).await } else { Ok(()) };
            };
            assessment::actions::assess_some(app, &act, &deals, Some(&ground)).await?;
            pursuit::actions::look(app, &act, &deals).await?;
            advocates::actions::look_again(app, &act, &deals).await?;
            self.after = Some(last);
        }
        self.ask(app, workspace).await
    }
}

async fn ask_for_plan(app: &App, workspace: Id<Workspace>) -> Result<()> {
    let act = app.act_for(workspace, Via::Job);
    app.write(move |tx| Box::pin(async move { week::actions::plan_later(tx, &act).await })).await
}

/// Which slice does which job.
async fn handle(app: &App, job: &Job) -> Result<()> {
    match job.name.as_str() {
        jobs::ASSESS_DEAL => {
            assessment::actions::assess_deals(app, std::slice::from_ref(job)).await?;
            look_at_one(app, job).await
        }
        jobs::ASSESS_AROUND => {
            assessment::actions::assess_around(app, job).await?;
            departures::actions::watch_all(app, job.workspace).await?;
            look_at_one(app, job).await?;
            let product = job.key.parse().ok();
            Round { product, ..Round::default() }.ask(app, job.workspace).await
        }
        jobs::ASSESS_ALL => {
            assessment::actions::learn(app, job).await?;
            departures::actions::watch_all(app, job.workspace).await?;
            pursuit::actions::count_stays(app, &app.act_for(job.workspace, Via::Job)).await?;
            Round::default().ask(app, job.workspace).await
        }
        jobs::WEIGH_OPEN => {
            let round: Round = serde_json::from_str(&job.key)
                .map_err(|error| Error::Refused(format!("{:?} is no round: {error}", job.key)))?;
            round.go(app, job.workspace).await
        }
        jobs::LOOK_AT_DEAL => look_at_one(app, job).await,
        jobs::MORNING => {
            assessment::actions::learn_in_the_morning(app, job).await?;
            departures::actions::watch_all(app, job.workspace).await?;
            promises::actions::learn(app, job).await?;
            care::fairness::count(app, &app.act_for(job.workspace, Via::Job)).await?;
            digest::actions::keep_all(app, job.workspace).await?;
            // A disk that is full or read-only must not keep the day's other work waiting.
            if let Err(error) = files::actions::sweep(app, job.workspace, app.now()).await {
                tracing::error!(%error, "the folder of documents could not be swept");
            }
            Round { then_plan: true, ..Round::default() }.ask(app, job.workspace).await
        }
        jobs::COUNT => tallies::actions::count_on(app, job.workspace).await,
        jobs::PLAN_WEEK => {
            care::actions::look_at_all(app, &app.act_for(job.workspace, Via::Job)).await?;
            week::actions::plan_week(app, job).await
        }
        jobs::FAIRNESS => care::fairness::count(app, &app.act_for(job.workspace, Via::Job)).await,
        jobs::IMPORT => import::actions::in_background(app, job).await,
        name => Err(Error::Refused(format!("nobody knows how to do {name:?}"))),
    }
}
