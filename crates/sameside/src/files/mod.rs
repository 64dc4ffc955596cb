//! Documents of a deal, and which of them the client reads, on purpose. Serves P14.
//!
//! A document is a record, and its bytes: those lie in the folder `files` of the data, under a name of their own that nobody
//! chooses. They arrive under a temporary name, are safe on the disk before the record is made, and never change. What has no
//! record, and what was removed long ago, is swept away in the morning.
//!
//! Invariants: a document is ours alone until somebody shares it, and again from the moment they stop; who sees a deal sees
//! its documents; bytes are sent as a file to keep, never as a page to show, and only when they are what arrived.

pub mod actions;
mod attachment;
mod pages;
mod receive;
mod shelf;
pub(crate) mod store;

pub use attachment::{
    Attachment, FILE_BYTES_MAX, FILES_MAX, KEPT_DAYS, Media, Stored, clean_name, size_shown,
};
pub use pages::send::send;
pub use pages::{Card, card, routes};
pub use receive::{Arrived, keep};
pub use shelf::Shelf;
