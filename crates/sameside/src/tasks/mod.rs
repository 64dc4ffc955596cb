//! Tasks: what is to be done, by whom and until when.
//!
//! A page of a deal, a company or a contact shows them with [`lines`] and takes new ones with [`Entry`]:
//! `{% import "tasks/templates/parts.html" as todo %}`, then `{{ todo::list(tasks, path, shell.can_write, "Nothing to
//! do now.") }}` and `{{ todo::entry(task) }}`.

pub mod actions;
mod pages;
pub(crate) mod store;
mod task;

pub(crate) use pages::as_lines;
pub use pages::{Entry, Line, hours_text, lines, routes};
pub use store::Of;
pub use task::{HOURS_MAX, Task, parse_hours};
