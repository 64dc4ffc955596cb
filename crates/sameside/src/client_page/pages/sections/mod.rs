//! The parts of the page, in the order in which a client meets them.
//!
//! A part is a file here. Its function `part` reads what the client may read of the link's deal into a template of its
//! own, or answers `None` when there is nothing to show. Where something can be done it has `routes` under
//! `/c/{token}/`; a handler takes a [`Guest`](crate::client_page::Guest), reads the form, looks up among what belongs to
//! `guest.reader.deal` whatever the form names, calls the verb of its slice in `guest.write`, and answers with
//! `guest.after(&done, "text-said-then", "part")`.
//!
//! Invariant: a template here has words, and fields a client may read; never a record of ours.

mod felt;
mod files;
mod goal;
mod help;
mod offers;
mod people;
mod plan;
mod proposal;
mod questions;
mod result;

use crate::accounts::{Scope, Workspace};
use crate::base::{Date, Money, When};
use crate::client_page::Words;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::records::Kept;
use crate::web::Routes;
use askama::Template;
use db::Conn;

/// Whose page it is, and how they read it. The deal in it is for looking things up; a part shows of it what a client may
/// read.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Their language.
    pub words: Words,
    /// The address of their page: `/c/…`.
    pub path: String,
    /// Whose page it is on our side.
    pub workspace: Workspace,
    /// What it is about.
    pub deal: Kept<Deal>,
    /// Whom the link is for.
    pub contact: Option<Kept<Contact>>,
    /// The moment of the request.
    pub now: When,
    /// Whether they can do what is on it; not when we look at it ourselves.
    pub may_act: bool,
}

impl Reader {
    /// What a client's queries are scoped by.
    pub fn scope(&self) -> Scope {
        Scope::of_client(self.workspace.id)
    }

    /// The day it is where the workspace is.
    pub fn today(&self) -> Date {
        self.now.day(&self.workspace.zone())
    }

    /// A day as they read it.
    pub fn day(&self, day: Date) -> String {
        day.show(self.words.locale)
    }

    /// A sum of the deal as they read it.
    pub fn money(&self, minor: i64) -> String {
        Money { minor, currency: self.deal.currency }.show(self.words.locale)
    }
}

/// A part of the page, made.
#[derive(Debug)]
pub struct Part {
    /// Where links and what is said afterwards lead to.
    pub id: &'static str,
    /// What it says.
    pub html: String,
}

impl Part {
    /// A part from its template.
    ///
    /// # Errors
    /// The template could not be rendered.
    pub fn new(id: &'static str, template: &impl Template) -> Result<Self> {
        let html = template
            .render()
            .map_err(|error| Error::Internal(format!("a part of the client page: {error}")))?;
        Ok(Self { id, html })
    }
}

/// Every part that has something to say.
///
/// # Errors
/// What the database says.
pub(super) async fn all(conn: &mut Conn, it: &Reader) -> Result<Vec<Part>> {
    let parts = [
        goal::part(conn, it).await?,
        offers::part(conn, it).await?,
        plan::part(conn, it).await?,
        questions::part(conn, it).await?,
        result::result(conn, it).await?,
        result::glad(conn, it).await?,
        proposal::part(conn, it).await?,
        files::part(conn, it).await?,
        felt::part(conn, it).await?,
        help::part(conn, it).await?,
        people::part(conn, it).await?,
    ];
    Ok(parts.into_iter().flatten().collect())
}

/// What can be done on the parts.
pub(super) fn routes() -> Routes {
    Routes::new()
        .and(offers::routes())
        .and(plan::routes())
        .and(questions::routes())
        .and(result::routes())
        .and(proposal::routes())
        .and(files::routes())
        .and(felt::routes())
        .and(help::routes())
}
