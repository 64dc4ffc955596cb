//! The conversation with a client: a deal's whole diagnosis on one sheet. Serves P1, P2, P3, P5 and P7.
//!
//! Invariants: what is said here is written through the verbs of the diagnosis, and what the assessment rests on is weighed
//! anew in the same transaction.

pub mod actions;
mod ask;
mod pages;

pub use pages::{asks, routes};
