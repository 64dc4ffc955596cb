//! Activities: what was done with a client, whether it sold anything or not (P18). Hours given here are what was
//! spent (P4).

mod activity;

pub use activity::{Activity, Means};
