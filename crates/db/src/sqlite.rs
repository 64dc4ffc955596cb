//! The embedded database: connections that are used where they are, without a thread between.
//!
//! A statement on SQLite takes microseconds; handing it, and each row of its answer, to another thread takes as
//! long again. So a reader is lent to whoever asks and runs its statements in place; only what waits for the disk
//! or reads without a limit says so to the runtime ([`in_place`]).

use crate::{Error, Result, Row, Sql, Value};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Prepared statements kept per connection.
const STATEMENTS_KEPT: usize = 512;
/// Rows a table is looked at for when the planner's figures are brought up to date.
const ANALYSED_ROWS: u32 = 400;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Read,
    Write,
}

/// Connections of one purpose, lent one at a time.
#[derive(Debug)]
pub(crate) struct Connections {
    idle: Mutex<Vec<Connection>>,
    turns: Arc<Semaphore>,
    purpose: Purpose,
}

impl Connections {
    /// Opens `count` connections to the file, which is made when it is not there.
    pub(crate) fn open(file: &Path, purpose: Purpose, count: u32) -> Result<Self> {
        let idle = (0..count).map(|_| open(file, purpose)).collect::<Result<Vec<_>>>()?;
        Ok(Self { turns: Arc::new(Semaphore::new(idle.len())), idle: Mutex::new(idle), purpose })
    }

    /// Lends a connection as soon as one is free, `wait` at most.
    pub(crate) async fn lend(self: &Arc<Self>, wait: Duration) -> Result<Lent> {
        let turn = match self.turns.clone().try_acquire_owned() {
            Ok(turn) => turn,
            Err(_) => tokio::time::timeout(wait, self.turns.clone().acquire_owned())
                .await
                .map_err(|_| Error::Busy)?
                .map_err(|_| Error::Closed)?,
        };
        let conn = self.shelf().pop().ok_or(Error::Closed)?;
        Ok(Lent { conn: Some(conn), from: self.clone(), _turn: turn })
    }

    /// Closes what is idle, and lends no more. The last to go folds the log into the file.
    pub(crate) fn close(&self) {
        self.turns.close();
        for conn in self.shelf().drain(..) {
            if self.purpose == Purpose::Write {
                let tidy = format!("pragma analysis_limit = {ANALYSED_ROWS}; pragma optimize;");
                if let Err(error) = conn.execute_batch(&tidy) {
                    tracing::warn!(%error, "could not bring the planner's figures up to date");
                }
            }
            if let Err((_, error)) = conn.close() {
                tracing::warn!(%error, "could not close a connection");
            }
        }
    }

    fn shelf(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        // Nothing that could panic is done while it is held.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open(file: &Path, purpose: Purpose) -> Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(file, flags)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    // A plan does not depend on the values: otherwise SQLite plans a kept statement anew whenever one is bound.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // A reader finds its pages in the mapped file; only the writer keeps changed ones.
    conn.execute_batch(match purpose {
        Purpose::Read => {
            "pragma foreign_keys = on; pragma cache_size = -1024; pragma mmap_size = 1073741824;
             pragma temp_store = memory; pragma query_only = on;"
        }
        Purpose::Write => {
            "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
             pragma cache_size = -8192; pragma mmap_size = 1073741824; pragma temp_store = memory;"
        }
    })?;
    Ok(conn)
}

/// A connection on loan. It goes back when dropped, and what was not committed is taken back first.
pub(crate) struct Lent {
    conn: Option<Connection>,
    from: Arc<Connections>,
    _turn: OwnedSemaphorePermit,
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            if !conn.is_autocommit()
                && let Err(error) = conn.execute_batch("rollback")
            {
                tracing::warn!(%error, "could not roll back");
            }
            self.from.shelf().push(conn);
        }
    }
}

impl Lent {
    /// Runs a text without parameters, such as `begin immediate`.
    pub(crate) fn script(&self, text: &str) -> Result<()> {
        Ok(self.get()?.execute_batch(text)?)
    }

    /// Runs a statement that changes something; answers with how many rows it touched.
    pub(crate) fn run(&self, sql: &Sql, values: &[Value]) -> Result<u64> {
        let mut statement = self.prepared(sql, values)?;
        Ok(statement.raw_execute()? as u64)
    }

    /// Hands each row to `take` until it answers `false`.
    pub(crate) fn rows(
        &self,
        sql: &Sql,
        values: &[Value],
        take: &mut dyn FnMut(&Row<'_>) -> Result<bool>,
    ) -> Result<()> {
        let mut statement = self.prepared(sql, values)?;
        let width = statement.column_count();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            if !take(&Row::Sqlite(row, width))? {
                break;
            }
        }
        Ok(())
    }

    /// Only prepares a statement.
    pub(crate) fn prepare(&self, sql: &Sql) -> Result<()> {
        self.get()?.prepare(&sql.numbered())?;
        Ok(())
    }

    fn prepared(&self, sql: &Sql, values: &[Value]) -> Result<rusqlite::CachedStatement<'_>> {
        let mut statement = self.get()?.prepare_cached(&sql.numbered())?;
        for (n, value) in values.iter().enumerate() {
            let n = n + 1;
            match value {
                Value::Int(v) => statement.raw_bind_parameter(n, v)?,
                Value::Real(v) => statement.raw_bind_parameter(n, v)?,
                Value::Text(v) => statement.raw_bind_parameter(n, v.as_deref())?,
                Value::Bytes(v) => statement.raw_bind_parameter(n, v.as_deref())?,
                Value::Id(v) => statement.raw_bind_parameter(n, v.as_ref().map(|id| &id.as_bytes()[..]))?,
            }
        }
        Ok(statement)
    }

    fn get(&self) -> Result<&Connection> {
        self.conn.as_ref().ok_or(Error::Closed)
    }
}

/// Does what may take long where it is, after giving the other tasks of this thread away.
pub(crate) fn in_place<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}
