//! The digest: what a day or a week asks of a member, in the order of Today, and what happened since the one before; and the
//! weekly review of the workspace, for the team's meeting. Serves P15, P17, P18 and P20.
//!
//! Invariants: a digest says what Today says, made by the same function, and is kept as it stood that morning; nobody is told
//! of what they may not see; wins are ordered by what changed for the client relative to where it stood, never by price.

pub mod actions;
mod choice;
mod meeting;
mod pages;
mod review_pages;
pub(crate) mod store;

pub use choice::{Choice, Span};
pub use meeting::Meeting;
pub use pages::routes;
