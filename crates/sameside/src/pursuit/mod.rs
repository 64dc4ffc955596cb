//! Pursuit: the hours and the money that go into a deal before it is agreed, how much may, and the stops at which
//! the question is put again: go on because …, rebalance, or walk away. Serves P4.
//!
//! Invariants: what is spent is shown as spent and enters no computation of what to do: an assessment counts the hours
//! ahead alone. A stop that was answered stays answered until its facts change. A budget that nobody set follows from
//! what the deal is worth.

pub mod actions;
mod effort;
mod pages;
mod point;
pub(crate) mod store;
mod words;

pub use effort::{Budget, Choice, Decision, Effort, minutes_of};
pub use pages::{Panel, StopLine, panel, routes, stops};
pub use point::{Facts, Late, Point, Spent, Stay};
pub use words::{hours, time};
