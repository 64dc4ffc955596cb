//! The pool, and the one way to write.

use crate::conn::Inner;
use crate::sqlite::{Connections, Purpose, in_place};
use crate::{Conn, Dialect, Error, Result, Tx};
use futures_util::future::{BoxFuture, FutureExt};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, PgPool};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// How many times a write is tried again after a passing failure (serialisation, deadlock).
const WRITE_TRIES_MAX: u32 = 5;
/// How long a reader or writer waits for its turn.
const TURN_MAX: Duration = Duration::from_secs(30);
/// Connections that read from SQLite at the same time.
const SQLITE_READERS: u32 = 4;
/// Prepared statements kept per connection to a server.
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
    Sqlite { read: Arc<Connections>, write: Arc<Connections>, file: PathBuf },
    Postgres(PgPool),
}

/// What the closure of [`Db::write`] answers with.
pub type Writing<'t, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;

/// The closure of [`Db::write`], which may be called again.
type Work<T, E> = Box<dyn for<'t> FnMut(&'t mut Tx) -> Writing<'t, T, E> + Send>;

impl Db {
    /// Opens the store.
    ///
    /// # Errors
    /// The file cannot be made or read, or the server does not answer.
    pub async fn open(options: &Options) -> Result<Self> {
        match options {
            Options::Sqlite(file) => in_place(|| Self::open_sqlite(file)),
            Options::Postgres { url, connections } => {
                let options = PgConnectOptions::from_str(url)?
                    .statement_cache_capacity(STATEMENTS_KEPT)
                    .disable_statement_logging();
                let pool = PgPoolOptions::new()
                    .max_connections(*connections)
                    .acquire_timeout(TURN_MAX)
                    .connect_with(options)
                    .await?;
                Ok(Self(Pool::Postgres(pool)))
            }
        }
    }

    fn open_sqlite(file: &Path) -> Result<Self> {
        let write = Arc::new(Connections::open(file, Purpose::Write, 1)?);
        let read = Arc::new(Connections::open(file, Purpose::Read, SQLITE_READERS)?);
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
                Pool::Sqlite { read, .. } => Inner::Sqlite(read.lend(TURN_MAX).await?),
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
            Pool::Sqlite { read, .. } => {
                let conn = read.lend(TURN_MAX).await?;
                conn.script("begin deferred")?;
                Inner::Sqlite(conn)
            }
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
    pub fn write<T, E, F>(&self, work: F) -> BoxFuture<'static, Result<T, E>>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> Writing<'t, T, E> + Clone + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Passing + Send + 'static,
    {
        // Erased at once: what follows is compiled once for each answer, not once for each closure.
        self.written(Box::new(move |tx| work.clone()(tx)))
    }

    fn written<T, E>(&self, mut work: Work<T, E>) -> BoxFuture<'static, Result<T, E>>
    where
        T: Send + 'static,
        E: From<Error> + Passing + Send + 'static,
    {
        let (db, (tell, told)) = (self.clone(), oneshot::channel());
        let tried = async move {
            let mut tries = 1;
            let done = loop {
                match db.attempt(&mut work).await {
                    Err(error) if tries < WRITE_TRIES_MAX && error.is_passing() => {
                        tokio::time::sleep(Duration::from_millis(5 << tries)).await;
                        tries += 1;
                    }
                    done => break done,
                }
            };
            // Whoever asked may be gone; it is done all the same.
            drop(tell.send(done));
        };
        self.start(tried.boxed());
        async move {
            told.await.unwrap_or_else(|_| Err(Error::Shape("a write did not finish".into()).into()))
        }
        .boxed()
    }

    /// Runs a task of its own.
    fn start(&self, task: BoxFuture<'static, ()>) {
        match self.0 {
            // It waits for the disk where it is, so it has a thread that may wait.
            Pool::Sqlite { .. } => {
                let runtime = tokio::runtime::Handle::current();
                drop(tokio::task::spawn_blocking(move || runtime.block_on(task)));
            }
            Pool::Postgres(_) => drop(tokio::spawn(task)),
        }
    }

    async fn attempt<T, E: From<Error>>(&self, work: &mut Work<T, E>) -> Result<T, E> {
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
                Pool::Sqlite { write, .. } => {
                    let conn = write.lend(TURN_MAX).await?;
                    conn.script("begin immediate")?;
                    Inner::Sqlite(conn)
                }
                Pool::Postgres(pool) => Inner::PostgresWrite(pool.begin().await?),
            })))
        }
        .boxed()
    }

    /// Closes every connection after the work in hand; SQLite folds its log into the file.
    pub async fn close(&self) {
        match &self.0 {
            Pool::Sqlite { read, write, .. } => {
                in_place(|| {
                    read.close();
                    write.close();
                });
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
