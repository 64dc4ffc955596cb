//! The page of a client: what we work on together, as they may read it, behind a link and without an account. Serves P3,
//! P13, P14, P16, P20 and P21.
//!
//! A link is for one deal, perhaps for one contact; its secret has 256 bits, of which the hash alone is kept. Whoever has
//! it reads the page and does what is on it: each is a verb of the slice it belongs to, called for this one deal, under
//! the contact's name and through [`Via::Client`](crate::accounts::Via). It is in the history, and whoever runs the deal
//! is told.
//!
//! A part of the page is a file in `pages/sections`: a function from [`Reader`] to a [`Part`], whose template knows words and
//! what the client may read, and, where something can be done, a route under `/c/{token}/` whose handler takes a
//! [`Guest`].
//!
//! Invariants: the view types of the sections have no field for our costs, margins, chances, notes, findings or other
//! clients, and no text of an error is shown that was written for us; whatever a form names is looked up among what
//! belongs to the link's deal; a wrong link learns nothing; every sentence is in the client's language, and a test
//! fails where one is missing.

pub mod actions;
mod deal_pages;
mod link;
mod pages;
mod said;
pub(crate) mod store;
mod words;

pub(crate) use deal_pages::url;
pub use deal_pages::{Card, card};
pub use link::{ClientLink, DAYS_MAX, DAYS_USUAL, State};
pub use pages::guest::{Done, Guest};
pub use pages::routes;
pub use pages::sections::{Part, Reader};
pub use said::{ASKABLE, ClientQuestion, ClientReport};
pub use words::{Tongue, Words};
