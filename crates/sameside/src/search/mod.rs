//! Finding records: by the beginning of a name at once, by any of their words with typing errors forgiven; and
//! choosing one in a form by its name.
//!
//! Words are kept beside the records (`search_word`), taken in from the history in the background a moment after each
//! change ([`follow`]); a name is found by its beginning at once, because that asks the records themselves.
//!
//! Invariants: what is found is read again from the records and shown only to who may see it; the words are made
//! from the records and can be thrown away at any time.

mod find;
mod follow;
pub mod lookup;
mod pages;
mod store;
mod words;

pub use find::{Hit, find};
pub use follow::{catch_up, follow};
pub use pages::routes;
