//! The decision engine: pure functions from one document to another.
//!
//! What is absent here is the point: no clock, no input or output, no database, no threads, no randomness
//! that is not seeded. The same input gives the same output, bit for bit, on every machine (transcendental
//! functions come from `libm`, never from the platform). One file answers one question; the page, the API
//! and the command line call these functions and none repeats a formula.
//!
//! Every question has the same three parts: an `Input` read with [`read`], a function, and an output that
//! serialises to the document described in `docs/method/`.

mod estimate;
mod input;
pub mod normal;
pub mod random;
mod rate;

pub use estimate::Estimate;
pub use input::{Error, INPUT_BYTES_MAX, read};
pub use rate::Rate;
