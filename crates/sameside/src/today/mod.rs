//! Today: the week's plan and why each thing is in it; what to ask, what to go ahead with, what to rebalance, what to walk
//! away from; what is due, what waits, who has not been heard from. Serves P4, P18 and P19.
//!
//! The plan is [`crate::week`]'s, made in the morning; each deal stands where it stands now, with the hours of the plan. What
//! came since then follows behind. Where there is no plan, those deals come first in which most hours would be spent in
//! vain.

mod pages;

pub use pages::{Told, routes, told};
