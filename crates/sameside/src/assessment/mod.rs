//! Assessment: for every open deal, does it help them, does it help us, what next. Serves P4, P5, P8, P13, P15.
//!
//! Invariants: the formulas are the engine's alone; every figure that goes in is told with its evidence, and what
//! nobody said is assumed and says so; an assessment is made from the records and can be made anew at any time, so
//! it has no history of its own.

pub mod actions;
mod basis;
mod document;
pub(crate) mod store;
mod words;

pub use basis::{Basis, Ground, HourValue, Known, Line, Origin, SAMPLES, TrackRecord, sums};
pub use document::{Document, Summary};
pub use words::Words;
