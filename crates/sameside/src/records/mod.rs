//! What every record has in common: an id, a version, a workspace, a history; being created, changed, removed,
//! restored and undone.
//!
//! Invariants: a change carries the version it was made from; every change adds its event to the history in the
//! same transaction; removal is soft; references stay inside the workspace and inside what the person may see.

mod actions;
mod kind;
mod record;
mod store;

pub use actions::{change, create, create_many, get, get_any, remove, restore, save_many, undo};
pub use kind::Kind;
pub(crate) use record::record;
pub use record::{About, Kept, Other, Record, Reference};
pub use store::{by_id, by_ids};
