//! What every record has in common: an id, a version, a workspace, a history; being created, changed, removed,
//! restored and undone.
//!
//! Invariants: a change carries the version it was made from; every change adds its event to the history in the
//! same transaction; removal is soft; references stay inside the workspace and inside what the person may see.

mod actions;
mod kind;
pub mod list;
pub mod pages;
mod record;
pub(crate) mod store;

pub use actions::{
    change, create, create_many, get, get_any, names, names_of, remove, remove_made, restore, save_many, undo,
};
pub use kind::Kind;
pub(crate) use record::record;
pub use record::{About, Doc, Kept, Other, Record, Reference};
pub use store::{Brief, briefs, by_id, by_ids, find_by, texts_of};
