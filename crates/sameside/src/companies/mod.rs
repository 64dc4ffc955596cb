//! Companies: clients that are organisations. Serves P14 (people first) and P19 (the small like the large): a
//! company's revenue is kept for fairness checks alone and never orders a list.

pub mod actions;
mod company;
mod pages;

pub use company::Company;
pub use pages::routes;
pub(crate) use pages::{named, owner_filter};
