//! What is done with companies.

use crate::accounts::Act;
use crate::base::Id;
use crate::companies::Company;
use crate::error::{Error, Result};
use crate::records::{self, Kept};
use crate::search::lookup;
use db::Tx;

/// A company as a form says it: the one it belongs to by name.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The company.
    pub company: Company,
    /// The name of the one it belongs to.
    pub parent: Option<String>,
}

impl Draft {
    /// The company, with the one it belongs to found or made.
    async fn settled(self, tx: &mut Tx, act: &Act) -> Result<Company> {
        let Self { mut company, parent } = self;
        let (was, currency) = (company.parent_id, company.currency);
        let found = lookup::company(tx, act, "parent_id", parent.as_deref(), was, currency).await?;
        company.parent_id = found.map(|it| it.id);
        Ok(company)
    }
}

/// Makes a company.
///
/// # Errors
/// `Forbidden`, `Invalid`.
pub async fn create(tx: &mut Tx, act: &Act, draft: Draft) -> Result<Kept<Company>> {
    let company = draft.settled(tx, act).await?;
    records::create(tx, act, company).await
}

/// Changes a company over the version the person saw.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn change(
    tx: &mut Tx,
    act: &Act,
    id: Id<Company>,
    version: Option<i64>,
    draft: Draft,
) -> Result<Kept<Company>> {
    let company = draft.settled(tx, act).await?;
    if company.parent_id == Some(id) {
        return Err(Error::field("parent_id", "another company: none is part of itself"));
    }
    records::change(tx, act, id, version, |kept| {
        *kept = company;
        Ok(())
    })
    .await
}
