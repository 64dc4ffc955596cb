//! The books of both sides: what a client gained from each deal with us and what we did, promised and real, our hours included.
//! Serves P21, P15 and P17.
//!
//! Invariants: promised is what was told when the result was first written down, and never what somebody thought later;
//! every figure leads to its evidence; a mis-sale is shown as one, whatever it brought; clients stand by their names and are
//! never ordered by what they pay; sums of several currencies are never added.

mod pages;
pub(crate) mod store;

pub use pages::{Card, card, routes};
