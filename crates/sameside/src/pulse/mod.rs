//! Pulse: how a contact felt, one tap after it. Serves P16.
//!
//! Invariants: what they say and what we read are kept apart and compared, never mixed; nothing of it is inferred from
//! money; few answers are shown as few. A link that asks one person shows on opening and says on sending, so a mail
//! program that looks ahead changes nothing; said again through the same link, it takes the place of what was said.

pub mod actions;
mod pages;
mod picture;
#[expect(clippy::module_inception, reason = "the record of the slice has its name")]
mod pulse;
pub(crate) mod store;

pub use actions::{Ask, Saying};
pub(crate) use pages::moods;
pub use pages::{Card, card, routes};
pub use pulse::{Mood, Pulse, SAID_MIN, differences, wilson};
pub use store::Of;
