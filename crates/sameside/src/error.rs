//! What an action can answer with instead of doing it. Free of HTTP: pages and the API give it a status.

use crate::base::Fields;
use std::fmt;

/// What every action answers with.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an action did not happen. Then nothing of it is saved.
#[derive(Debug)]
pub enum Error {
    /// It is not there, or not for this person's eyes.
    NotFound,
    /// The person's role does not allow it; the sentence says which would.
    Forbidden(String),
    /// Fields that need mending.
    Invalid(Fields),
    /// Somebody changed the record meanwhile; this is its version now.
    Conflict {
        /// The version that is current.
        version: i64,
    },
    /// The rules of the product say no; the sentence says why and what would be right.
    Refused(String),
    /// Our fault. People see a number that is in the log too.
    Internal(String),
    /// The database.
    Store(db::Error),
}

impl Error {
    /// One field that needs mending.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(Fields::one(field, message))
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        Self::Store(error)
    }
}

impl From<engine::Error> for Error {
    fn from(error: engine::Error) -> Self {
        Self::field(&error.place, error.message)
    }
}

impl db::Passing for Error {
    fn is_passing(&self) -> bool {
        matches!(self, Self::Store(error) if db::Passing::is_passing(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("not found"),
            Self::Forbidden(why) | Self::Refused(why) | Self::Internal(why) => f.write_str(why),
            Self::Invalid(fields) => fields.fmt(f),
            Self::Conflict { .. } => f.write_str("somebody else changed it meanwhile"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}
