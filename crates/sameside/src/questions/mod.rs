//! Questions of a workspace's own: what tells its deals apart, in its own words (P1, P6). Each has levels in an order,
//! and is answered by a deal with evidence; the answers are what the forecast learns from, and never points.
//!
//! Invariants: `Unknown` belongs to every question and has no row; that they do not know is an answer, too. An answer
//! refers to its level, so that a level called otherwise is so in every answer. A question or a level that is removed
//! keeps its answers. An answer carries what it said before and since which day, so that nothing is learned from what
//! was not known at the time.

pub mod actions;
mod pages;
mod question;
pub(crate) mod store;

pub use pages::routes;
pub use question::{Answer, Level, Question, Turn};
pub(crate) use question::{NOT_KNOWN, UNKNOWN};
