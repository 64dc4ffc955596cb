//! One event of the history.

use crate::accounts::Member;
use crate::base::{Id, When, codes};
use crate::error::{Error, Result};
use crate::records::{Kept, Kind, Record};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

codes! {
    /// What was done to a record.
    pub enum Verb {
        /// It was made.
        Created = "created", "created";
        /// Some of its fields were changed.
        Changed = "changed", "changed";
        /// It was removed; it can be restored.
        Removed = "removed", "removed";
        /// It was brought back.
        Restored = "restored", "restored";
    }
}

/// Before and after of every field that changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Changes(pub Map<String, Json>);

impl Changes {
    /// What differs between two states of a record; from nothing to a state, every field that says something.
    ///
    /// # Errors
    /// The record cannot be written as JSON.
    pub fn between<T: Serialize>(before: Option<&T>, after: Option<&T>) -> Result<Self> {
        let (before, after) = (document(before)?, document(after)?);
        let mut changes = Map::new();
        for field in after.keys().chain(before.keys().filter(|field| !after.contains_key(*field))) {
            let old = before.get(field).cloned().unwrap_or(Json::Null);
            let new = after.get(field).cloned().unwrap_or(Json::Null);
            if old != new {
                changes.insert(field.clone(), Json::Array(vec![old, new]));
            }
        }
        Ok(Self(changes))
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each field with its value before and after.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json, &Json)> {
        self.0.iter().filter_map(|(field, pair)| {
            let [before, after] = pair.as_array()?.as_slice() else { return None };
            Some((field.as_str(), before, after))
        })
    }

    /// The record as it would be had this change not been made.
    ///
    /// # Errors
    /// `Refused` when one of the fields was changed again since.
    pub fn taken_back<T: Serialize + DeserializeOwned>(&self, now: &T) -> Result<T> {
        let mut document = document(Some(now))?;
        for (field, before, after) in self.iter() {
            let current = document.get(field).cloned().unwrap_or(Json::Null);
            if current != *after {
                let field = field.replace('_', " ");
                return Err(Error::Refused(format!(
                    "{field} was changed again since. Undo the later change first."
                )));
            }
            document.insert(field.to_owned(), before.clone());
        }
        serde_json::from_value(Json::Object(document))
            .map_err(|error| Error::Internal(format!("undo: {error}")))
    }
}

fn document<T: Serialize>(record: Option<&T>) -> Result<Map<String, Json>> {
    match record.map(serde_json::to_value).transpose() {
        Ok(Some(Json::Object(document))) => Ok(document),
        Ok(None) => Ok(Map::new()),
        Ok(Some(other)) => Err(Error::Internal(format!("a record is an object, not {other}"))),
        Err(error) => Err(Error::Internal(error.to_string())),
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its place in the history; given when it is added.
    pub seq: i64,
    /// When.
    pub at: When,
    /// Who; nobody for what the software did by itself.
    pub actor: Option<Id<Member>>,
    /// Which contact, where a client did it on their page.
    pub contact: Option<uuid::Uuid>,
    /// Through which door: a code of [`crate::accounts::Via`].
    pub via: String,
    /// What kind of record.
    pub kind: Kind,
    /// Which.
    pub subject: uuid::Uuid,
    /// On whose page it is shown too.
    pub about: Option<uuid::Uuid>,
    /// What was done.
    pub verb: Verb,
    /// What people called the record then.
    pub title: String,
    /// Before and after.
    pub changes: Changes,
    /// The event that this one undid.
    pub undoes: Option<i64>,
}

impl Event {
    /// An event about a record, by whoever adds it.
    pub fn new<T: Record>(kept: &Kept<T>, verb: Verb, changes: Changes) -> Self {
        Self {
            seq: 0,
            at: kept.changed_at,
            actor: None,
            contact: None,
            via: String::new(),
            kind: T::KIND,
            subject: kept.id.uuid(),
            about: kept.about(),
            verb,
            title: kept.title(),
            changes,
            undoes: None,
        }
    }
}
