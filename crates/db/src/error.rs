//! What can go wrong in a store.

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
    /// Everything the driver says.
    Driver(sqlx::Error),
}

impl Error {
    /// Whether doing it all again may succeed: a serialisation failure or a deadlock.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Driver(sqlx::Error::Database(error)) => {
                matches!(error.code().as_deref(), Some("40001" | "40P01"))
            }
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
        Self::Driver(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unique(what) => write!(f, "another row already has this value ({what})"),
            Self::Reference(what) => write!(f, "a row it refers to is missing or still in use ({what})"),
            Self::Schema(what) | Self::Shape(what) => f.write_str(what),
            Self::Driver(error) => write!(f, "database: {error}"),
        }
    }
}

impl std::error::Error for Error {}
