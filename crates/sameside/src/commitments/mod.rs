//! Commitments: what both sides promise each other, with a day, up to the day on which the result is there: the mutual
//! plan. Serves P12 and P14.
//!
//! Invariants: a commitment is of one side, and somebody there has it; it may come after another one of the same deal,
//! never after itself. A day that moves moves what comes after it by as much, and says why. Whether a promise was kept is
//! read from the day it was promised for: that day moves along when the other side asked for it or when what comes before
//! moved, and stays when whoever promised puts it off.

pub mod actions;
mod commitment;
mod pages;
mod schedule;
pub(crate) mod store;

pub use commitment::{Commitment, PlanStep, Side, Standing, followers};
pub use pages::{Card, Line, Promised, card, coming, kept_with, promised, promised_of, routes};
pub use schedule::{Backwards, Planned, Wanted, after_workdays, backwards};
pub use store::{Count, of_deal};
