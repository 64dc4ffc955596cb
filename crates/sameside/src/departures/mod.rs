//! Departures: a deal ended without an agreement, by us or by them. Why, the honest words for it, somebody who may serve
//! them better, the hours saved, and the condition that would bring the deal back. Serves P7 and P14.
//!
//! Invariants: a deal we walk away from or they decline has one departure that is not settled; nothing is ever sent;
//! the message tells nothing of our books. A condition that holds is noticed once, said in words, and waits for a
//! person: the deal is opened again by nobody else.

pub mod actions;
mod departure;
mod goodbye;
mod goodbye_pages;
mod letter;
mod pages;
pub(crate) mod store;
mod watch;

pub use departure::{Departure, Short, Way};
pub use goodbye::Goodbye;
pub use goodbye_pages::{Card, card};
pub use letter::Letter;
pub use pages::{Comeback, Farewell, comebacks, farewell, routes};
pub use watch::{Profile, Watch};
