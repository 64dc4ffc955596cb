//! HTTP without sales: routes and their doors, sessions, pages, forms, errors, assets.
//!
//! Invariants: every route says what it asks of a visitor, and `closed_doors` proves it; nothing inline in a page;
//! a write from another site is refused (Fetch metadata, Origin); every body, wait and list has a limit.

pub mod conflict;
mod door;
mod error;
mod form;
pub mod layout;
pub(crate) mod live;
mod log;
mod list;
pub mod picture;

mod routes;
mod serve;
mod visit;

pub use door::{Door, Routes};
pub use error::PageError;
pub(crate) use error::encode;
pub use form::{Asked, Form, Input, Read};
pub use list::ListQuery;
pub use live::feed;
pub use routes::{doors, router};
pub use serve::serve;
pub use visit::{Visit, Visitor, page, page_as};
pub(crate) use visit::{address, no_session_cookie, session_cookie};

/// Whether an address that came with a form leads to a page of this site.
pub fn is_own_path(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains('\\')
}
