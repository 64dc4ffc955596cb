//! Diagnosis: what is known of a deal, as figures with evidence (P1, P2, P5). The same figures, said of a product,
//! are its profile. A figure that nobody gave is assumed, and says so.

pub mod actions;
mod figure;
pub(crate) mod form;
pub(crate) mod store;

pub use figure::{Figure, Parameter, Unit};
