//! One small store over SQLite and PostgreSQL: one SQL text serves both. Knows no sales.
//!
//! - [`Db`] is the pool; [`Conn`] reads; [`Tx`] writes, inside [`Db::write`], which a dropped request cannot cut.
//! - [`Sql`] is a statement with `$n` parameters, written with [`sql!`] or built with [`Sql::built`]; a
//!   statement and its values are counted against each other, because SQLite accepts a missing one silently.
//! - [`Value`] is what a column can hold: a whole number, a real, text, bytes, an id. There are no other types:
//!   instants are microseconds, dates and enums are text, structures are JSON text.
//! - [`migrate`] runs migrations written once with neutral type words, and refuses a schema that is not its own.
//! - [`copy`] reads and writes whole tables, for backups.
//! - What cannot be said the same way in both databases is in [`Dialect`], both spellings side by side.

mod conn;
pub mod copy;
mod dialect;
mod error;
pub mod migrate;
mod pool;
mod row;
mod sql;
mod sqlite;
mod value;

pub use conn::{Conn, Tx};
pub use dialect::Dialect;
pub use error::Error;
pub use pool::{Db, Options, Passing, Writing};
pub use row::{Column, FromRow, Reader, Row};
pub use sql::Sql;
pub use uuid::Uuid;
pub use value::{Parameter, Value};

/// What every call of this crate answers with.
pub type Result<T, E = Error> = std::result::Result<T, E>;
