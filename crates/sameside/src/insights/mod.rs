//! Insights: what we learn from how it really went. Each is a question, a sentence that answers it, a picture, its table, its
//! data as CSV, and the records behind. Serves P15, P17, P20 and P21.
//!
//! Invariants: a page reads counters ([`crate::tallies`]) and documents made in the background, and adds up no big table; a
//! share is told with its n and its interval, and too few are told as too few; sums of several currencies are never added;
//! everybody is told of what they may see alone; no client is ranked by what it pays.

mod pages;
mod share;
pub(crate) mod store;

pub use pages::routes;
pub use share::{CASES_MIN, wilson};
