//! Outcomes: what was to change for them, what did, what it cost both sides, how gladly it was paid; and what that teaches
//! about the next estimate. Serves P11, P15, P17, P20 and P21.
//!
//! What we thought is kept with the result as it was then, so that no later change of a profile makes an old estimate look
//! better. A deal whose result is measured is verified. Estimates of ours and profiles are corrected by what such ones turned
//! out to be ([`Lessons`]): the quantiles are the engine's (achieved ÷ promised), drawn towards those of all products.
//!
//! Invariants: what the client said and what was measured is never corrected; a correction always says from how many cases;
//! how glad they are is asked and never inferred; our reading of it is kept apart from theirs.

pub mod actions;
mod estimates_pages;
mod gladness;
mod lessons;
mod measure;
mod outcome;
mod pages;
pub(crate) mod store;

pub use gladness::{Felt, Gladness, Occasion, Whose};
pub use lessons::{CASES_MIN, Corrected, Lessons, MEASURE, about, path_of};
pub use measure::{Measure, change_said};
pub use outcome::{Outcome, REAL, Reached, Thought, ThoughtLine, Whence, key, share_of};
pub use pages::{Card, card, of_product, routes};
