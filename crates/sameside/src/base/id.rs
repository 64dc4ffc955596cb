//! The id of a record: typed, so that a deal's is never taken for a company's.

use crate::base::When;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;
use uuid::{NoContext, Timestamp, Uuid};

/// The id of a `T`: a UUID of version 7, which sorts by the moment it was made.
#[derive(Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Id<T> {
    uuid: Uuid,
    #[serde(skip)]
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// A new id, made at `now`.
    pub fn new(now: When) -> Self {
        let micros = now.micros().max(0).unsigned_abs();
        let nanos = u32::try_from(micros % 1_000_000 * 1_000).unwrap_or(0);
        Self::of(Uuid::new_v7(Timestamp::from_unix(NoContext, micros / 1_000_000, nanos)))
    }

    /// The id with this UUID, of whatever it was an id of.
    pub const fn of(uuid: Uuid) -> Self {
        Self { uuid, of: PhantomData }
    }

    /// The bare UUID.
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }

    /// The same id, said of another type: history and search speak of records of every kind.
    pub const fn cast<U>(self) -> Id<U> {
        Id::of(self.uuid)
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.fmt(f)
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.fmt(f)
    }
}
impl<T> FromStr for Id<T> {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::from_str(text).map(Self::of)
    }
}
impl<T> db::Parameter for Id<T> {
    fn value(self) -> db::Value {
        self.uuid.value()
    }
    fn missing() -> db::Value {
        Uuid::missing()
    }
}
impl<T> db::Column for Id<T> {
    fn column(row: &db::Row, index: usize) -> db::Result<Self> {
        Uuid::column(row, index).map(Self::of)
    }
}
