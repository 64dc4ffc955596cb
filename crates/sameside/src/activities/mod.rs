//! Activities: what was done with a client, whether it sold anything or not (P18). Hours given here are what was
//! spent (P4).
//!
//! A page of a deal, a company or a contact shows them with [`lines`] and takes new ones with [`Entry`]:
//! `{% import "activities/templates/parts.html" as activity %}`, then `{{ activity::entry(entry) }}` and
//! `{{ activity::list(activities, "Nothing noted yet.") }}`.

pub mod actions;
mod activity;
mod pages;
pub(crate) mod store;

pub use activity::{Activity, Means};
pub use pages::{Entry, Line, lines, routes};
pub use store::Of;
