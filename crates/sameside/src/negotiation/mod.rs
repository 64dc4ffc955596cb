//! Negotiation: what else could be in the deal than its price, what that is worth to both sides, and what to offer.
//! Serves P8, P9, P13 and P14.
//!
//! A deal has one table: issues with options, each with what it is worth to us (from costs, beside the base of the
//! table, in the deal's currency) and to them (an estimate with its evidence, or nothing: then it is learnt from what
//! they choose). A product keeps such a table for its next deals. All that follows from the table (the frontier, the
//! fair points, what to ask in return, equal offers) is the engine's: `docs/method/negotiate.md`.
//!
//! Invariants: a package has one option of every issue; what was offered stays as it was offered, whatever becomes of
//! the table; a package that is agreed sets the deal's terms through the deal's own verb.

pub mod actions;
mod bargain;
mod offering;
mod pages;
mod starter;
pub(crate) mod store;
mod table;

pub use bargain::{Bargain, Worth};
pub use offering::{Offered, Offering, State};
pub use pages::{Card, card, routes};
pub use table::{Choosable, Issue, Negotiation, Package, Sets};
