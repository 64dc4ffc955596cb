//! Today: what to ask, what to go ahead with, what to rebalance, what to walk away from, and why; what is due and
//! what waits. Serves P4: hours go where they return, so those that would be spent in vain come first.

mod pages;

pub use pages::routes;
