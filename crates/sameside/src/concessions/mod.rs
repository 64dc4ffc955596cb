//! Concessions: what was given beyond the offer, what it cost us, what it is worth to them, and what came back. Serves
//! P9 and P10.
//!
//! Invariants: every concession says what came back, or why nothing did. One that takes a larger share of the price than
//! its asker may give waits for somebody who may; nobody says yes to more than they, or whoever they stand in for, may.

pub mod actions;
mod concession;
mod delegation;
mod pages;
pub(crate) mod store;

pub use concession::{Concession, State, Wish, may_give};
pub use delegation::Delegation;
pub use pages::{Card, Waiting, card, routes, waiting};
pub use store::{Balance, Given};
