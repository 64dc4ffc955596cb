//! Advocates: two small sets of rules argue each deal, one for the client, one for us. Serves P8, and each rule the
//! principle it names.
//!
//! Invariants: a rule looks at facts gathered once per deal and at nothing else; a finding says its evidence; an answer
//! holds while the facts of the finding are the same, and no longer. A rule is one file of `rules/client` or
//! `rules/company` and a line in the list there.

pub mod actions;
mod facts;
mod pages;
mod reply;
pub mod rules;
pub(crate) mod store;

pub use facts::{Facts, Figures};
pub use pages::{FindingLine, FoundLine, Speech, found, routes, speech};
pub use reply::{Reply, Verdict};
pub use rules::{Answered, Found, Rule, Side};
