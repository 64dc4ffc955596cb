//! Finding records: by the beginning of a name at once, by any of their words with typing errors forgiven; and
//! choosing one in a form by its name.
//!
//! Invariants: what is found is read again from the database and shown only to who may see it; the index beside
//! the database is made from the records and can be thrown away at any time.

pub mod lookup;
mod pages;
mod store;

pub use pages::routes;
