//! Who works here: workspaces, members, teams, their rights, how they come in.
//!
//! Invariants: a [`Scope`] is given only to an authenticated member, or to the software itself for a workspace;
//! every query takes one. Secrets are kept as hashes alone. A workspace always has an owner who can come in.

pub mod actions;
mod attempts;
mod pages;
pub(crate) mod password;
mod scope;
pub(crate) mod store;
mod token;
mod types;

pub use attempts::Attempts;
pub use pages::routes;
pub use scope::{Act, Right, Scope, Via};
pub use token::Token;
pub(crate) use token::hex;
pub use types::{Member, Purpose, Role, Sees, Session, Settings, Team, Workspace};
