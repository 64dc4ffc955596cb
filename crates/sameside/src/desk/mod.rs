//! The desk: deals as a seller works on them, with what the engine says of each. Board, table, a deal's own page with
//! its diagnosis, and the verbs that end in a new assessment. Serves P1, P2, P7 and P8.
//!
//! Invariants: no verb changes a deal without assessing it anew in the same transaction.

pub mod actions;
mod page;
mod pages;
pub(crate) mod store;
pub mod verify;
pub(crate) mod view;

pub(crate) use page::again;
pub use pages::routes;
pub use view::{Card, of_100};
