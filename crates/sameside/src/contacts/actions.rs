//! What is done with contacts.

use crate::accounts::Act;
use crate::base::{Currency, Id};
use crate::contacts::Contact;
use crate::error::Result;
use crate::records::{self, Kept};
use crate::search::lookup;
use db::Tx;

/// A contact as a form says it: where they work by name.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The contact.
    pub contact: Contact,
    /// The name of the company they work at.
    pub company: Option<String>,
    /// In what a new company's sums are.
    pub currency: Currency,
}

impl Draft {
    /// The contact, with the company found or made.
    async fn settled(self, tx: &mut Tx, act: &Act) -> Result<Contact> {
        let Self { mut contact, company, currency } = self;
        let was = contact.company_id;
        let found = lookup::company(tx, act, "company_id", company.as_deref(), was, currency).await?;
        contact.company_id = found.map(|it| it.id);
        Ok(contact)
    }
}

/// Makes a contact.
///
/// # Errors
/// `Forbidden`, `Invalid`.
pub async fn create(tx: &mut Tx, act: &Act, draft: Draft) -> Result<Kept<Contact>> {
    let contact = draft.settled(tx, act).await?;
    records::create(tx, act, contact).await
}

/// Changes a contact over the version the person saw.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn change(
    tx: &mut Tx,
    act: &Act,
    id: Id<Contact>,
    version: Option<i64>,
    draft: Draft,
) -> Result<Kept<Contact>> {
    let contact = draft.settled(tx, act).await?;
    records::change(tx, act, id, version, |kept| {
        *kept = contact;
        Ok(())
    })
    .await
}
