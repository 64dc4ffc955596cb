//! Tallies: counters kept with the writes, so that no page adds up a big table.
//!
//! What a deal and its parts come to is a pure function ([`tallies`]): sums by name, month, whose deal it is, product,
//! pipeline and currency. Every verb of `records` takes what a record came to before from what it comes to after and adds the
//! difference in its own transaction. When a deal changes hands or its end, what its parts come to moves with it.
//!
//! Invariants: the counters are what counting all records anew gives, whatever was made, changed, removed, restored, undone
//! or imported (a test tries long random sequences); sums are whole numbers, so nothing drifts; sums of several currencies
//! are never one; a counter has the owner of its deal, so who sees their own is told of their own alone. When [`RULES`]
//! change, or the workspace moves to another time zone, a job counts anew in rounds, and what is written meanwhile counts once.
//! Moments count on the day it was where the workspace is, whoever looks: one row of counters cannot be in two zones.

pub mod actions;
mod counted;
pub(crate) mod store;
mod tally;

pub use actions::count;
pub use counted::{Became, Effortful, Parts, is_missale, loose, tallies};
pub use store::Wish;
pub use tally::{Key, Month, Name, RULES, Sum, Sums};
