//! Care: whom nobody has spoken to, and whether the small wait like the large. Serves P18 and P19.
//!
//! Invariants: every client has a cadence, its own with a reason or the workspace's, and none depends on what it pays;
//! all contacts count alike: a call, a meeting, an e-mail, an answer to a request, what they say of how it felt, what
//! they do on their page; a note of ours is none, nor is an opened page. The one source for Today, the week's plan and the advocates is the table `care`, made anew from the
//! records whenever one of them changes, and every morning. Fairness is counted by a job, and shown with its moment.

pub mod actions;
mod cadence;
pub mod fairness;
mod pages;
pub(crate) mod store;

pub use cadence::{Cadence, Client};
pub use fairness::{Fairness, Larger};
pub use pages::{Card, card, routes, silent};
