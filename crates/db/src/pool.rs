//! The pool, and the one way to write.

use crate::conn::Inner;
use crate::{Conn, Dialect, Error, Result, Tx};
use futures_util::future::{BoxFuture, FutureExt};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, PgPool, SqlitePool};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::str::FromStr;
use std::time::Duration;

/// How many times a write is tried again after a passing failure (serialisation, deadlock).
const WRITE_TRIES_MAX: u32 = 5;
/// How long a reader or writer waits for its turn, in seconds.
const TURN_SECONDS_MAX: u64 = 30;
/// Connections that read from SQLite at the same time.
const SQLITE_READERS: u32 = 4;
/// Prepared statements kept per connection.
const STATEMENTS_KEPT: usize = 512;

/// Where the data is.
#[derive(Debug, Clone)]
pub enum Options {
    /// One file; it is made when it is not there.
    Sqlite(PathBuf),
    /// A server, `postgres://…`, with at most this many connections.
    Postgres {
        /// The address, user and database.
        url: String,
        /// The size of the pool.
        connections: u32,
    },
}

/// The store: a pool of connections. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db(Pool);

#[derive(Debug, Clone)]
enum Pool {
    Sqlite { read: SqlitePool, write: SqlitePool, file: PathBuf },
    Postgres(PgPool),
}

/// What the closure of [`Db::write`] answers with.
pub type Writing<'t, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;

impl Db {
    /// Opens the store.
    ///
    /// # Errors
    /// The file cannot be made or read, or the server does not answer.
    pub async fn open(options: &Options) -> Result<Self> {
        match options {
            Options::Sqlite(file) => Self::open_sqlite(file).await,
            Options::Postgres { url, connections } => {
                let options = PgConnectOptions::from_str(url)?
                    .statement_cache_capacity(STATEMENTS_KEPT)
                    .disable_statement_logging();
                let pool = PgPoolOptions::new()
                    .max_connections(*connections)
                    .acquire_timeout(Duration::from_secs(TURN_SECONDS_MAX))
                    .connect_with(options)
                    .await?;
                Ok(Self(Pool::Postgres(pool)))
            }
        }
    }

    async fn open_sqlite(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("cache_size", "-8192")
            .pragma("mmap_size", "1073741824")
            .pragma("temp_store", "memory")
            .statement_cache_capacity(STATEMENTS_KEPT)
            .disable_statement_logging();
        let turn = Duration::from_secs(TURN_SECONDS_MAX);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(turn)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone().optimize_on_close(true, 400))
            .await?;
        let read = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS)
            .acquire_timeout(turn)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok(Self(Pool::Sqlite { read, write, file: file.to_owned() }))
    }

    /// Which database is behind.
    pub const fn dialect(&self) -> Dialect {
        match self.0 {
            Pool::Sqlite { .. } => Dialect::Sqlite,
            Pool::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The file of an embedded store.
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Pool::Sqlite { file, .. } => Some(file),
            Pool::Postgres(_) => None,
        }
    }

    /// A connection to read with. Keep it for one request at most.
    ///
    /// # Errors
    /// None was free in time.
    pub fn read(&self) -> BoxFuture<'_, Result<Conn>> {
        async move {
            Ok(Conn(match &self.0 {
                Pool::Sqlite { read, .. } => Inner::SqliteRead(read.acquire().await?),
                Pool::Postgres(pool) => Inner::PostgresRead(pool.acquire().await?),
            }))
        }
        .boxed()
    }

    /// A connection on which everything read is of one moment; for backups and exports.
    ///
    /// # Errors
    /// None was free in time.
    pub async fn snapshot(&self) -> Result<Conn> {
        Ok(Conn(match &self.0 {
            Pool::Sqlite { read, .. } => Inner::SqliteWrite(read.begin_with("begin deferred").await?),
            Pool::Postgres(pool) => Inner::PostgresWrite(
                pool.begin_with("begin transaction isolation level repeatable read read only").await?,
            ),
        }))
    }

    /// Runs `work` in one transaction: all of it is saved, or nothing. It runs in a task of its own, so that a
    /// request that goes away cannot cut it in the middle, and once more after a passing failure; so `work`
    /// must do nothing outside the transaction, and never call the network.
    ///
    /// # Errors
    /// What `work` answers with, or the database; then nothing is saved.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> Writing<'t, T, E> + Clone + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Passing + Send + 'static,
    {
        let db = self.clone();
        let task = tokio::spawn(async move {
            let mut tries = 1;
            loop {
                match db.attempt(work.clone()).await {
                    Err(error) if tries < WRITE_TRIES_MAX && error.is_passing() => {
                        tokio::time::sleep(Duration::from_millis(5 << tries)).await;
                        tries += 1;
                    }
                    done => return done,
                }
            }
        });
        match task.await {
            Ok(done) => done,
            Err(error) => Err(Error::Shape(format!("a write did not finish: {error}")).into()),
        }
    }

    async fn attempt<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> Writing<'t, T, E>,
        E: From<Error>,
    {
        let mut tx = self.begin().await?;
        match work(&mut tx).await {
            Ok(value) => {
                tx.commit().await?;
                Ok(value)
            }
            Err(error) => {
                // The first error is the one to tell; a connection that cannot roll back is dropped by the pool.
                if let Err(second) = tx.rollback().await {
                    tracing::warn!(%second, "could not roll back");
                }
                Err(error)
            }
        }
    }

    pub(crate) fn begin(&self) -> BoxFuture<'_, Result<Tx>> {
        async move {
            Ok(Tx(Conn(match &self.0 {
                Pool::Sqlite { write, .. } => Inner::SqliteWrite(write.begin_with("begin immediate").await?),
                Pool::Postgres(pool) => Inner::PostgresWrite(pool.begin().await?),
            })))
        }
        .boxed()
    }

    /// Closes every connection after the work in hand; SQLite folds its log into the file.
    pub async fn close(&self) {
        match &self.0 {
            Pool::Sqlite { read, write, .. } => {
                read.close().await;
                write.close().await;
            }
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}

/// An error that can say whether doing it all again may succeed.
pub trait Passing {
    /// Whether it was a passing failure of the database.
    fn is_passing(&self) -> bool;
}

impl Passing for Error {
    fn is_passing(&self) -> bool {
        Self::is_passing(self)
    }
}
