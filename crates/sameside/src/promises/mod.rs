//! Promised dates: which day may be offered without breaking a promise already made, and a whole plan backwards from the day
//! of its result (P11, P12).
//!
//! What an estimate means comes from the tasks that are done: hours taken beside hours said, by what the work was for and who
//! did it, widened where fewer than thirty tell of it. When it can be done comes from the hours of whoever does it and what
//! they have promised already. Both are the engine's; this slice gathers and says it in words.
//!
//! Invariants: a date is told with how often it is kept; where nobody wrote down what work took, that is said.

pub mod actions;
mod asked;
mod pages;
mod plan;
pub(crate) mod store;

pub use asked::{Asked, Told};
pub use pages::routes;
pub use plan::{Draft, draft};
