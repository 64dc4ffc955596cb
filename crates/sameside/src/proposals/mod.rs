//! Proposals: one page made from the record, in versions; and what may be expected before anything is promised. Serves
//! P11 and P13.
//!
//! A draft follows the record until it is issued: then the whole page is kept as it was, with its number and day, and
//! the next version says why it changed. What is written down of a promised result is kept beside the page, not on it.
//!
//! Invariants: an issued version never changes; nothing of our books (costs, margin, chances to agree, notes) can be in
//! [`Content`], which has no field for it; a story is told only of a verified deal.

pub mod actions;
mod content;
mod pages;
mod proposal;
pub(crate) mod store;

pub use content::{Content, Offer, Step};
pub use pages::{Expected, expected, routes};
pub use proposal::{Lines, Proposal, Story};
