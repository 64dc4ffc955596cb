//! Service: what clients ask us to help with, whether it sells anything or not. Serves P18 and P19.
//!
//! Invariants: what was promised is counted in working hours and does not depend on what anybody pays; the queue is
//! ordered by how much of the promise is used up, and by nothing else; while it is their turn our promise stands still;
//! an inner note is never shown to a client ([`store::said`] for them reads none).

pub mod actions;
mod message;
mod pages;
mod request;
mod settings_pages;
pub(crate) mod store;

pub use message::{Blanks, Message, Shown, Side, Template};
pub(crate) use pages::time;
pub use pages::{Card, Entry, Line, card, routes, waiting};
pub use request::{Channel, Next, PROMISED_HOURS_MAX, Request, Turn};
pub use store::Of;
