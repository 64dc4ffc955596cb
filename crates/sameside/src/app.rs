//! The running program: what every entry point is handed.

use crate::accounts::actions::Seat;
use crate::accounts::{Act, Attempts, Scope, Token, Via, Workspace, actions};
use crate::backup;
use crate::base::{Id, When};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::live::Live;
use db::migrate::{self, Migration};
use db::{Conn, Db, Tx};
use futures_util::future::BoxFuture;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// How long a seat is remembered before it is read again, in microseconds: so long may a change made by another
/// process (the command line) go unseen.
const SEAT_MICROS: i64 = 5_000_000;
/// How many seats are remembered.
const SEATS_MAX: usize = 10_000;

/// The schema, in order.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "0001_foundation", sql: include_str!("../migrations/0001_foundation.sql") },
    Migration { name: "0002_forecast", sql: include_str!("../migrations/0002_forecast.sql") },
    Migration { name: "0003_week", sql: include_str!("../migrations/0003_week.sql") },
    Migration { name: "0010_pursuit", sql: include_str!("../migrations/0010_pursuit.sql") },
    Migration { name: "0011_departures", sql: include_str!("../migrations/0011_departures.sql") },
    Migration { name: "0012_advocates", sql: include_str!("../migrations/0012_advocates.sql") },
    Migration { name: "0013_concessions", sql: include_str!("../migrations/0013_concessions.sql") },
    Migration { name: "0014_wants", sql: include_str!("../migrations/0014_wants.sql") },
    Migration { name: "0015_paths", sql: include_str!("../migrations/0015_paths.sql") },
    Migration { name: "0016_early", sql: include_str!("../migrations/0016_early.sql") },
    Migration { name: "0017_questions", sql: include_str!("../migrations/0017_questions.sql") },
    Migration { name: "0018_negotiation", sql: include_str!("../migrations/0018_negotiation.sql") },
    Migration { name: "0019_proposals", sql: include_str!("../migrations/0019_proposals.sql") },
    Migration { name: "0020_commitments", sql: include_str!("../migrations/0020_commitments.sql") },
    Migration { name: "0021_goodbyes", sql: include_str!("../migrations/0021_goodbyes.sql") },
    Migration { name: "0023_outcomes", sql: include_str!("../migrations/0023_outcomes.sql") },
    Migration { name: "0024_client_page", sql: include_str!("../migrations/0024_client_page.sql") },
    Migration { name: "0025_notices", sql: include_str!("../migrations/0025_notices.sql") },
    Migration { name: "0026_client_answers", sql: include_str!("../migrations/0026_client_answers.sql") },
    Migration { name: "0027_service", sql: include_str!("../migrations/0027_service.sql") },
    Migration { name: "0028_care", sql: include_str!("../migrations/0028_care.sql") },
    Migration { name: "0030_tallies", sql: include_str!("../migrations/0030_tallies.sql") },
    Migration { name: "0031_digest", sql: include_str!("../migrations/0031_digest.sql") },
    Migration { name: "0032_tally_order", sql: include_str!("../migrations/0032_tally_order.sql") },
    Migration { name: "0033_told_once", sql: include_str!("../migrations/0033_told_once.sql") },
    Migration { name: "0034_request_in_plan", sql: include_str!("../migrations/0034_request_in_plan.sql") },
    Migration { name: "0035_verification", sql: include_str!("../migrations/0035_verification.sql") },
    Migration { name: "0036_files", sql: include_str!("../migrations/0036_files.sql") },
    Migration { name: "0037_open_work", sql: include_str!("../migrations/0037_open_work.sql") },
    Migration { name: "0038_goodbye_watch", sql: include_str!("../migrations/0038_goodbye_watch.sql") },
];

/// What tells the time.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine.
    #[default]
    Machine,
    /// A moment that stands still until it is moved: tests.
    Still(Arc<Mutex<When>>),
}

impl Clock {
    /// The moment it is. The only place that reads the clock.
    #[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
    pub fn now(&self) -> When {
        match self {
            Self::Machine => When::of(jiff::Timestamp::now()),
            Self::Still(moment) => *moment.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }
}

/// The running program. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Inner>);

/// Who sits behind which session, by the hash of its token, and since when that is remembered.
type Seats = HashMap<Vec<u8>, (When, Arc<Seat>)>;

#[derive(Debug)]
struct Inner {
    db: Db,
    config: Config,
    clock: Clock,
    seats: Mutex<Seats>,
    wake: Notify,
    attempts: Attempts,
    live: Live,
}

impl App {
    /// The program over an open store.
    pub fn new(db: Db, config: Config, clock: Clock) -> Self {
        let attempts = Attempts::new(clock.clone());
        Self(Arc::new(Inner {
            db,
            config,
            clock,
            seats: Mutex::default(),
            wake: Notify::new(),
            attempts,
            live: Live::default(),
        }))
    }

    /// Opens the store of a configuration and brings its schema up to date, after a backup if there is anything
    /// to lose.
    ///
    /// # Errors
    /// The store cannot be opened, or its schema is not this program's own.
    pub async fn open(config: Config, clock: Clock) -> Result<Self> {
        if config.database.is_none() {
            std::fs::create_dir_all(&config.data)
                .map_err(|error| Error::Refused(format!("{}: {error}", config.data.display())))?;
        }
        let db = Db::open(&config.database()).await?;
        backup::before_migrating(&db, MIGRATIONS, &config.backups(), clock.now()).await?;
        migrate::run(&db, MIGRATIONS).await?;
        Ok(Self::new(db, config, clock))
    }

    /// The store.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// How this instance is set up.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The attempts to come in of late.
    pub fn attempts(&self) -> &Attempts {
        &self.0.attempts
    }

    /// Who listens for what.
    pub fn live(&self) -> &Live {
        &self.0.live
    }

    /// The moment it is.
    pub fn now(&self) -> When {
        self.0.clock.now()
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// None was free in time.
    pub async fn read(&self) -> Result<Conn> {
        Ok(self.0.db.read().await?)
    }

    /// Does all of `work` in one transaction, or nothing; then wakes whoever does the work that follows.
    ///
    /// # Errors
    /// What `work` answers with, or the database.
    pub fn write<T, F>(&self, work: F) -> BoxFuture<'_, Result<T>>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> db::Writing<'t, T, Error> + Clone + Send + 'static,
        T: Send + 'static,
    {
        self.told(self.0.db.write(work))
    }

    fn told<T: Send + 'static>(&self, writing: BoxFuture<'static, Result<T>>) -> BoxFuture<'_, Result<T>> {
        Box::pin(async move {
            let done = writing.await;
            if done.is_ok() {
                self.0.wake.notify_one();
                self.0.live.stir();
            }
            done
        })
    }

    /// Waits until something was written.
    pub async fn written(&self) {
        self.0.wake.notified().await;
    }

    /// The software itself, working for a workspace now.
    pub fn act_for(&self, workspace: Id<Workspace>, via: Via) -> Act {
        Act::new(Scope::of_workspace(workspace), self.now(), via)
    }

    /// The member behind a session, if it has not ended.
    ///
    /// # Errors
    /// What the database says.
    pub async fn seat(&self, token: &Token) -> Result<Option<Arc<Seat>>> {
        let (now, hash) = (self.now(), token.hash());
        let remembered =
            self.seats().get(&hash).filter(|(since, _)| now.micros() - since.micros() < SEAT_MICROS).cloned();
        if let Some((_, seat)) = remembered {
            return Ok(Some(seat));
        }
        let Some(seat) = actions::seat(&mut self.read().await?, token, now).await? else {
            self.seats().remove(&hash);
            return Ok(None);
        };
        let seat = Arc::new(seat);
        if seat.is_stale {
            let hash = hash.clone();
            self.write(move |tx| Box::pin(async move { actions::touch_session(tx, &hash, now).await }))
                .await?;
        }
        let mut seats = self.seats();
        if seats.len() >= SEATS_MAX {
            seats.clear();
        }
        seats.insert(hash, (now, Arc::clone(&seat)));
        Ok(Some(seat))
    }

    /// Forgets every seat: after a change to sessions, members, teams or the workspace.
    pub fn forget_seats(&self) {
        self.seats().clear();
    }

    fn seats(&self) -> std::sync::MutexGuard<'_, Seats> {
        self.0.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
