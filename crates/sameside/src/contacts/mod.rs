//! Contacts: the people we work with. Serves P14: who they are, what matters to them, how they like to be spoken
//! to, comes first.

pub mod actions;
mod contact;
mod pages;
pub(crate) mod store;

pub use contact::Contact;
pub use pages::routes;
