//! HTTP without sales: routes and their doors, sessions, pages, forms, errors, assets.
//!
//! Invariants: every route says what it asks of a visitor, and `closed_doors` proves it; nothing inline in a page;
//! a write from another site is refused (Fetch metadata, Origin); every body, wait and list has a limit.

mod door;
mod error;
mod form;
pub mod layout;
mod log;
pub mod picture;

mod routes;
mod serve;
mod visit;

pub use door::{Door, Routes};
pub use error::PageError;
pub(crate) use error::encode;
pub use form::{Form, Input, Read};
pub use routes::{doors, router};
pub use serve::serve;
pub use visit::{Visit, Visitor, page, page_as};
pub(crate) use visit::{no_session_cookie, session_cookie};
