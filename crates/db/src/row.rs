//! Rows of an answer, read column by column in the order of the `select`.

use crate::{Error, Result};
use sqlx::{Row as _, ValueRef as _};
use uuid::Uuid;

/// One row of an answer.
pub enum Row {
    /// From SQLite.
    Sqlite(sqlx::sqlite::SqliteRow),
    /// From PostgreSQL.
    Postgres(sqlx::postgres::PgRow),
}

impl Row {
    /// A reader that starts at the first column.
    pub const fn reader(&self) -> Reader<'_> {
        Reader { row: self, next: 0 }
    }

    /// How many columns it has.
    pub fn width(&self) -> usize {
        match self {
            Self::Sqlite(row) => row.len(),
            Self::Postgres(row) => row.len(),
        }
    }
}

/// Reads the columns of a row one after the other.
pub struct Reader<'r> {
    row: &'r Row,
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
    fn column(row: &Row, index: usize) -> Result<Self>;
}

macro_rules! column {
    ($($type:ty),*) => {$(
        impl Column for $type {
            fn column(row: &Row, index: usize) -> Result<Self> {
                let read = match row {
                    Row::Sqlite(row) => row.try_get::<Self, _>(index),
                    Row::Postgres(row) => row.try_get::<Self, _>(index),
                };
                read.map_err(|error| Error::Shape(format!("column {index}: {error}")))
            }
        }
    )*};
}

column!(f64, String, Vec<u8>, Uuid);

impl Column for i64 {
    fn column(row: &Row, index: usize) -> Result<Self> {
        let read = match row {
            Row::Sqlite(row) => row.try_get(index),
            // A whole number written in a statement is a short one in PostgreSQL.
            Row::Postgres(row) => {
                row.try_get(index).or_else(|_| row.try_get::<i32, _>(index).map(Self::from))
            }
        };
        read.map_err(|error| Error::Shape(format!("column {index}: {error}")))
    }
}

impl<T: Column> Column for Option<T> {
    fn column(row: &Row, index: usize) -> Result<Self> {
        let missing = match row {
            Row::Sqlite(row) => row.try_get_raw(index).map(|raw| raw.is_null()),
            Row::Postgres(row) => row.try_get_raw(index).map(|raw| raw.is_null()),
        };
        match missing {
            Ok(true) => Ok(None),
            Ok(false) => T::column(row, index).map(Some),
            Err(error) => Err(Error::Shape(format!("column {index}: {error}"))),
        }
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
