//! Forecast: what became of deals like this one, learned from the workspace's own (P6, P11).
//!
//! In the background a model is fitted on the deals that ended, whenever enough of them are new, and kept with its day,
//! how many deals it knows and how good it was on deals it had not seen. Where what is known of a deal tells nothing
//! that the average does not, that is said, and nothing else is made of it.
//!
//! Invariants: nothing enters that was not known while a deal was open. What can come later, such as an answer or a
//! price, counts as it stood on a day drawn from the deal's life, which is how an open deal looks today. The formulas are
//! the engine's alone. A figure is told with its n and its day; a pipeline is told with a horizon, never weighted.

pub mod actions;
mod pages;
mod seen;
pub(crate) mod store;

pub use pages::routes;
pub use seen::{Chance, Known, Measured, Outlook, Skill, Tenth, Within};
