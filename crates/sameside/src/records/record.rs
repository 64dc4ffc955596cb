//! What a record is, and the declaration of one.

use crate::accounts::{Member, Right};
use crate::base::{Fields, Id, When};
use crate::records::Kind;
use db::Value;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Deref;

/// A record's columns: declared by [`record!`].
pub trait Record: About + Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What it is.
    const KIND: Kind;
    /// Its table.
    const TABLE: &'static str;
    /// The columns of its own that are read, in order.
    const COLUMNS: &'static [&'static str];
    /// Columns computed from those, for search and sorting; written, never read.
    const DERIVED: &'static [&'static str];

    /// The values of `COLUMNS`, then of `DERIVED`.
    fn values(&self) -> Vec<Value>;

    /// Takes `COLUMNS` from a row.
    ///
    /// # Errors
    /// A column holds something else than it should.
    fn read(row: &mut db::Reader<'_>) -> db::Result<Self>;
}

/// What a record says of itself.
pub trait About {
    /// What people call it.
    fn title(&self) -> String;

    /// Whose it is: decides who may see it. A record without an owner is everybody's.
    fn owner(&self) -> Option<Id<Member>> {
        None
    }

    /// The record on whose page its events are shown too: the deal of a figure, the company of a deal.
    fn about(&self) -> Option<uuid::Uuid> {
        None
    }

    /// The records it refers to, with the field that does.
    fn references(&self) -> Vec<Reference> {
        Vec::new()
    }

    /// What must always be true of it.
    ///
    /// # Errors
    /// What is wrong, field by field.
    fn check(&self) -> Result<(), Fields> {
        Ok(())
    }

    /// What a person needs to change it.
    fn right() -> Right {
        Right::Sell
    }
}

/// A reference of one record to another.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    /// The field that refers.
    pub field: &'static str,
    /// To a record of this kind.
    pub kind: Kind,
    /// With this id.
    pub id: uuid::Uuid,
}

impl Reference {
    /// A reference, if there is one.
    pub fn to<T>(field: &'static str, kind: Kind, id: Option<Id<T>>) -> Option<Self> {
        id.map(|id| Self { field, kind, id: id.uuid() })
    }
}

/// A record as it is kept: itself, with its id, version and dates.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept<T> {
    /// Its id.
    pub id: Id<T>,
    /// How many times it was saved; a change says from which version it was made.
    pub version: i64,
    /// When it was made.
    pub created_at: When,
    /// When it was last changed.
    pub changed_at: When,
    /// When it was removed, if it was.
    pub removed_at: Option<When>,
    /// Itself.
    pub it: T,
}

impl<T> Deref for Kept<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.it
    }
}

impl<T: Record> db::FromRow for Kept<T> {
    fn from_row(row: &mut db::Reader<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            version: row.take()?,
            created_at: row.take()?,
            changed_at: row.take()?,
            removed_at: row.take()?,
            it: T::read(row)?,
        })
    }
}

/// What a table of somebody else's had in columns that no field of ours takes: name and text. Nothing is lost.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Other(pub BTreeMap<String, String>);

impl Other {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each column with its text, for a page.
    pub fn shown(&self) -> Vec<(String, String)> {
        self.0.iter().map(|(name, text)| (name.clone(), text.clone())).collect()
    }
}

impl db::Parameter for Other {
    fn value(self) -> Value {
        if self.is_empty() {
            "{}".value()
        } else {
            serde_json::to_string(&self.0).unwrap_or_default().value()
        }
    }
    fn missing() -> Value {
        String::missing()
    }
}

impl db::Column for Other {
    fn column(row: &db::Row, index: usize) -> db::Result<Self> {
        let text = String::column(row, index)?;
        serde_json::from_str(&text).map_err(|error| db::Error::Shape(format!("column {index}: {error}")))
    }
}

/// A document in a column: a list or a map that only its record reads, kept as text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Doc<T>(pub T);

impl<T: Serialize> db::Parameter for Doc<T> {
    fn value(self) -> Value {
        // What is kept this way has only keys that JSON knows, so writing cannot fail.
        serde_json::to_string(&self.0).unwrap_or_default().value()
    }
    fn missing() -> Value {
        String::missing()
    }
}

impl<T: DeserializeOwned> db::Column for Doc<T> {
    fn column(row: &db::Row, index: usize) -> db::Result<Self> {
        let text = String::column(row, index)?;
        serde_json::from_str(&text)
            .map(Self)
            .map_err(|error| db::Error::Shape(format!("column {index}: {error}")))
    }
}

/// Declares a record: its struct, its table and its columns, which carry the names of the fields.
///
/// ```ignore
/// record! {
///     /// Members who share what they see.
///     pub struct Team in "team", Kind::Team {
///         /// What it is called.
///         pub name: String,
///     }
///     derived { name_folded = |team| fold(&team.name) }
/// }
/// ```
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident in $table:literal, $kind:expr => {
            $( $(#[$fmeta:meta])* pub $field:ident : $type:ty, )*
        }
        derived { $( $column:ident = |$it:ident| $value:expr ),* $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $( $(#[$fmeta])* pub $field: $type, )* }

        impl $crate::records::Record for $name {
            const KIND: $crate::records::Kind = $kind;
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];
            const DERIVED: &'static [&'static str] = &[$(stringify!($column)),*];

            fn values(&self) -> Vec<db::Value> {
                vec![
                    $( db::Value::from(self.$field.clone()), )*
                    $( { let $it = self; db::Value::from($value) }, )*
                ]
            }

            fn read(row: &mut db::Reader<'_>) -> db::Result<Self> {
                Ok(Self { $( $field: row.take()?, )* })
            }
        }
    };
}

pub(crate) use record;
