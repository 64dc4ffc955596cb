//! The week: where each member's hours go, promises first, nobody left out (P4, P12, P18, P19).
//!
//! Every morning the hours that are left of the week are planned for each member: the tasks that are due come first, then
//! the next steps of deals that bring most for an hour, and clients nobody has spoken to within the cadence. Today shows
//! the plan and why each thing is in it; what did not fit is told, and so is a promise that does not.
//!
//! Once a week the plan also says what one more hour of a member would bring (the shadow price of their hours), and deals
//! are weighed with that from then on. The plan rests on how deals are weighed, so this could swing: a dear hour makes
//! deals look poor, which makes hours cheap. Three things keep it still: the plan takes every deal's worth *before* the
//! hours it costs, so a dearer hour does not change what the plan chooses among; a new value is taken only once a week;
//! and it is drawn halfway (in ratio) towards the one before, within half and four times what the settings say.
//!
//! Invariants: care is never ordered by revenue; a plan is made from the records and can be made anew, so it has no
//! history. The formulas are the engine's alone.

pub mod actions;
mod plan;
pub(crate) mod store;

pub use plan::{Care, Doing, Due, Item, MemberHours, Next, Plan, Step};
