//! Rows of an answer, read column by column in the order of the `select`.

use crate::{Error, Result};
use rusqlite::types::ValueRef;
use sqlx::{Row as _, ValueRef as _};
use uuid::Uuid;

/// One row of an answer.
pub enum Row<'r> {
    /// From SQLite, and how many columns it has.
    Sqlite(&'r rusqlite::Row<'r>, usize),
    /// From PostgreSQL.
    Postgres(&'r sqlx::postgres::PgRow),
}

impl<'r> Row<'r> {
    /// A reader that starts at the first column.
    pub const fn reader(&'r self) -> Reader<'r> {
        Reader { row: self, next: 0 }
    }

    /// How many columns it has.
    pub fn width(&self) -> usize {
        match self {
            Self::Sqlite(_, width) => *width,
            Self::Postgres(row) => row.len(),
        }
    }
}

/// Reads the columns of a row one after the other.
pub struct Reader<'r> {
    row: &'r Row<'r>,
    next: usize,
}

impl Reader<'_> {
    /// The next column.
    ///
    /// # Errors
    /// The column is missing, null where it must not be, or of another type.
    pub fn take<T: Column>(&mut self) -> Result<T> {
        let index = self.next;
        self.next += 1;
        T::column(self.row, index)
    }
}

/// What one column can be read as.
pub trait Column: Sized {
    /// Reads column `index` of `row`.
    ///
    /// # Errors
    /// The column is missing, null where it must not be, or of another type.
    fn column(row: &Row<'_>, index: usize) -> Result<Self>;
}

macro_rules! column {
    ($($type:ty, $from:expr;)*) => {$(
        impl Column for $type {
            fn column(row: &Row<'_>, index: usize) -> Result<Self> {
                match row {
                    Row::Sqlite(row, _) => {
                        let value = row.get_ref(index).map_err(|error| misfit(index, error))?;
                        $from(value)
                            .ok_or_else(|| misfit(index, format_args!("{} is not a {}", value.data_type(), stringify!($type))))
                    }
                    Row::Postgres(row) => row.try_get::<Self, _>(index).map_err(|error| misfit(index, error)),
                }
            }
        }
    )*};
}

fn misfit(index: usize, error: impl std::fmt::Display) -> Error {
    Error::Shape(format!("column {index}: {error}"))
}

column! {
    f64, |value| match value {
        ValueRef::Real(v) => Some(v),
        _ => None,
    };
    String, |value: ValueRef<'_>| value.as_str().ok().map(str::to_owned);
    Vec<u8>, |value: ValueRef<'_>| value.as_bytes().ok().map(<[u8]>::to_vec);
    Uuid, |value: ValueRef<'_>| value.as_blob().ok().and_then(|bytes| Uuid::from_slice(bytes).ok());
}

impl Column for i64 {
    fn column(row: &Row<'_>, index: usize) -> Result<Self> {
        match row {
            Row::Sqlite(row, _) => row.get(index).map_err(|error| misfit(index, error)),
            // A whole number written in a statement is a short one in PostgreSQL.
            Row::Postgres(row) => row
                .try_get(index)
                .or_else(|_| row.try_get::<i32, _>(index).map(Self::from))
                .map_err(|error| misfit(index, error)),
        }
    }
}

impl<T: Column> Column for Option<T> {
    fn column(row: &Row<'_>, index: usize) -> Result<Self> {
        let missing = match row {
            Row::Sqlite(row, _) => {
                row.get_ref(index).map_err(|error| misfit(index, error))? == ValueRef::Null
            }
            Row::Postgres(row) => row.try_get_raw(index).map_err(|error| misfit(index, error))?.is_null(),
        };
        if missing { Ok(None) } else { T::column(row, index).map(Some) }
    }
}

/// What a whole row can be read as.
pub trait FromRow: Sized {
    /// Takes its columns from `row`, in the order in which the statement selects them.
    ///
    /// # Errors
    /// A column is missing, null where it must not be, or of another type.
    fn from_row(row: &mut Reader<'_>) -> Result<Self>;
}

macro_rules! tuple {
    ($($name:ident)+) => {
        impl<$($name: Column),+> FromRow for ($($name,)+) {
            fn from_row(row: &mut Reader<'_>) -> Result<Self> {
                Ok(($(row.take::<$name>()?,)+))
            }
        }
    };
}

tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
tuple!(A B C D E F);
tuple!(A B C D E F G);
tuple!(A B C D E F G H);
