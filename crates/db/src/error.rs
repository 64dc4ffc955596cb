//! What can go wrong in a store.

use rusqlite::ErrorCode;
use rusqlite::ffi::{SQLITE_CONSTRAINT_FOREIGNKEY, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
use std::fmt;

/// Why the database did not answer.
#[derive(Debug)]
pub enum Error {
    /// Another row already has this value; the text names the constraint or its columns.
    Unique(String),
    /// A row it refers to is not there, or rows still refer to it.
    Reference(String),
    /// The schema is not this program's own, and why.
    Schema(String),
    /// A statement and its values do not fit, or a column holds something else than it should.
    Shape(String),
    /// No connection was free in time.
    Busy,
    /// The store was closed.
    Closed,
    /// Everything else SQLite says.
    Sqlite(rusqlite::Error),
    /// Everything else PostgreSQL, or the way to it, says.
    Postgres(sqlx::Error),
}

impl Error {
    /// Whether doing it all again may succeed: a serialisation failure or a deadlock, another program writes to
    /// the same file, or somebody wrote the same row between our look and our write, which is seen the next time.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Unique(_) => true,
            Self::Postgres(sqlx::Error::Database(error)) => {
                matches!(error.code().as_deref(), Some("40001" | "40P01"))
            }
            Self::Sqlite(error) => error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy),
            _ => false,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(database) = &error {
            let what = || database.constraint().unwrap_or_else(|| database.message()).to_owned();
            match database.kind() {
                sqlx::error::ErrorKind::UniqueViolation => return Self::Unique(what()),
                sqlx::error::ErrorKind::ForeignKeyViolation => return Self::Reference(what()),
                _ => {}
            }
        }
        Self::Postgres(error)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        if let rusqlite::Error::SqliteFailure(code, Some(what)) = &error {
            match code.extended_code {
                SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY => return Self::Unique(what.clone()),
                SQLITE_CONSTRAINT_FOREIGNKEY => return Self::Reference(what.clone()),
                _ => {}
            }
        }
        Self::Sqlite(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unique(what) => write!(f, "another row already has this value ({what})"),
            Self::Reference(what) => write!(f, "a row it refers to is missing or still in use ({what})"),
            Self::Schema(what) | Self::Shape(what) => f.write_str(what),
            Self::Busy => f.write_str("the database is busy: no connection was free in time"),
            Self::Closed => f.write_str("the database is closed"),
            Self::Sqlite(error) => write!(f, "database: {error}"),
            Self::Postgres(error) => write!(f, "database: {error}"),
        }
    }
}

impl std::error::Error for Error {}
