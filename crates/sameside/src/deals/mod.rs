//! Deals: engagements with a client, from the first talk to the measured result, with dignified exits.
//!
//! Invariants: a deal stands in one stage of its pipeline, whose phase it has; it is open, paused, or ended in one
//! of four ways, and then says when and why; it can be made from a name alone. Serves P7 (walking away is an
//! outcome of the first class) and P15 (a deal is closed well when its result is measured).

pub mod actions;
mod deal;
mod pages;
mod pipeline;
pub mod pipelines;
pub(crate) mod store;

pub use deal::{Deal, Phase, Standing};
pub(crate) use pages::Moves;
pub use pages::routes;
pub use pipeline::{Pipeline, Stage};
