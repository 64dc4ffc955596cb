//! Choosing a record in a form by typing its name.
//!
//! In a template: `{% import "search/templates/lookup.html" as lookup %}`, then
//! `{{ lookup::field("company", "company", "Company", value = form.value("company"), error = form.error("company")) }}`
//! (the kind, the field's name, its label). It is a plain text field; with a script it offers names while one types.
//!
//! To fill it: `form.set("company", lookup::shown(conn, scope, Kind::Company, id).await?)`. To read it, inside the
//! transaction that saves: `lookup::company(tx, act, "company", text.as_deref(), current, currency).await?`, which
//! answers with the record, makes a new company of a name nobody has (`is_new`, so that the page can say so), and
//! refuses at the field when several have that name. [`contact`] does the same for people; [`product`] and [`deal`]
//! only find.

use crate::accounts::{Act, Member, Scope};
use crate::base::{Currency, Id, fold};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::products::Product;
use crate::records::{self, Brief, Kind};
use crate::search::store;
use db::{Conn, Tx};

/// How many letters of an id tell records of one name apart.
const TAIL_CHARS: usize = 8;
/// The most namesakes that a message lists.
const NAMESAKES_SHOWN: usize = 3;

/// A record that was chosen by its name.
#[derive(Debug, Clone)]
pub struct Chosen<T> {
    /// Which.
    pub id: Id<T>,
    /// What it is called.
    pub name: String,
    /// Whether it was made just now, because nobody had that name.
    pub is_new: bool,
}

/// What a lookup field says for a record: its name, with a mark if others have the same.
///
/// # Errors
/// What the database says.
pub async fn shown(conn: &mut Conn, scope: &Scope, kind: Kind, id: Option<uuid::Uuid>) -> Result<String> {
    let Some(id) = id else { return Ok(String::new()) };
    let Some(brief) = records::briefs(conn, scope.workspace(), kind, &[id]).await?.pop() else {
        return Ok(String::new());
    };
    let namesakes = store::named(conn, scope.workspace(), kind, &fold(&brief.title)).await?;
    Ok(if namesakes.iter().any(|other| other.id != id) { marked(&brief) } else { brief.title })
}

/// `Aster Bakery [3f9a01bc]`: a name with the end of its id.
pub fn marked(brief: &Brief) -> String {
    format!("{} [{}]", brief.title, tail(brief.id))
}

fn tail(id: uuid::Uuid) -> String {
    let id = id.simple().to_string();
    id.chars().skip(id.len() - TAIL_CHARS).collect()
}

/// The records that a typed name can mean. The one that was there before stays, whatever others are called.
async fn meant(
    conn: &mut Conn,
    scope: &Scope,
    kind: Kind,
    text: &str,
    current: Option<uuid::Uuid>,
) -> Result<Vec<Brief>> {
    if let Some(current) = current {
        let brief = records::briefs(conn, scope.workspace(), kind, &[current]).await?.pop();
        if let Some(brief) = brief.filter(|brief| brief.title == text || marked(brief) == text) {
            return Ok(vec![brief]);
        }
    }
    let (name, mark) = match text.strip_suffix(']').and_then(|text| text.rsplit_once(" [")) {
        Some((name, mark)) if mark.len() == TAIL_CHARS => (name, Some(mark)),
        _ => (text, None),
    };
    let mut found = store::named(conn, scope.workspace(), kind, &fold(name)).await?;
    found.retain(|it| scope.may_see(it.owner) && mark.is_none_or(|mark| tail(it.id) == mark));
    Ok(found)
}

fn several(field: &str, found: &[Brief]) -> Error {
    let names: Vec<String> = found.iter().take(NAMESAKES_SHOWN).map(marked).collect();
    Error::field(field, format!("which one: {}. More than one has this name", names.join(" or ")))
}

/// The company of this name; a new one if there is none.
///
/// # Errors
/// `Invalid` at `field` when several have this name; `Forbidden`.
pub async fn company(
    tx: &mut Tx,
    act: &Act,
    field: &str,
    text: Option<&str>,
    current: Option<Id<Company>>,
    currency: Currency,
) -> Result<Option<Chosen<Company>>> {
    let Some(text) = text else { return Ok(None) };
    let found = meant(tx, &act.scope, Kind::Company, text, current.map(Id::uuid)).await?;
    match found.as_slice() {
        [] => {
            let company = Company { owner_id: act.scope.member(), ..Company::named(text, currency) };
            let made = records::create(tx, act, company).await?;
            Ok(Some(Chosen { id: made.id, name: text.to_owned(), is_new: true }))
        }
        [one] => Ok(Some(Chosen { id: Id::of(one.id), name: one.title.clone(), is_new: false })),
        more => Err(several(field, more)),
    }
}

/// The contact of this name, one of `company` before others; a new one there if there is none.
///
/// # Errors
/// `Invalid` at `field` when several have this name; `Forbidden`.
pub async fn contact(
    tx: &mut Tx,
    act: &Act,
    field: &str,
    text: Option<&str>,
    current: Option<Id<Contact>>,
    company: Option<Id<Company>>,
) -> Result<Option<Chosen<Contact>>> {
    let Some(text) = text else { return Ok(None) };
    let mut found = meant(tx, &act.scope, Kind::Contact, text, current.map(Id::uuid)).await?;
    if found.len() > 1 && company.is_some() {
        let ids: Vec<Id<Contact>> = found.iter().map(|it| Id::of(it.id)).collect();
        let there = records::by_ids(tx, act.scope.workspace(), &ids).await?;
        let there: Vec<_> =
            there.iter().filter(|it| it.company_id == company).map(|it| it.id.uuid()).collect();
        if there.len() == 1 {
            found.retain(|it| there.contains(&it.id));
        }
    }
    match found.as_slice() {
        [] => {
            let contact =
                Contact { company_id: company, owner_id: act.scope.member(), ..Contact::named(text) };
            let made = records::create(tx, act, contact).await?;
            Ok(Some(Chosen { id: made.id, name: text.to_owned(), is_new: true }))
        }
        [one] => Ok(Some(Chosen { id: Id::of(one.id), name: one.title.clone(), is_new: false })),
        more => Err(several(field, more)),
    }
}

/// The product of this name.
///
/// # Errors
/// `Invalid` at `field` when there is none, or several.
pub async fn product(
    conn: &mut Conn,
    scope: &Scope,
    field: &str,
    text: Option<&str>,
    current: Option<Id<Product>>,
) -> Result<Option<Chosen<Product>>> {
    found(conn, scope, Kind::Product, field, text, current).await
}

/// The deal of this name.
///
/// # Errors
/// `Invalid` at `field` when there is none, or several.
pub async fn deal(
    conn: &mut Conn,
    scope: &Scope,
    field: &str,
    text: Option<&str>,
    current: Option<Id<Deal>>,
) -> Result<Option<Chosen<Deal>>> {
    found(conn, scope, Kind::Deal, field, text, current).await
}

async fn found<T>(
    conn: &mut Conn,
    scope: &Scope,
    kind: Kind,
    field: &str,
    text: Option<&str>,
    current: Option<Id<T>>,
) -> Result<Option<Chosen<T>>> {
    let Some(text) = text else { return Ok(None) };
    let found = meant(conn, scope, kind, text, current.map(Id::uuid)).await?;
    match found.as_slice() {
        [] => {
            Err(Error::field(field, format!("the name of a {} that is there", kind.label().to_lowercase())))
        }
        [one] => Ok(Some(Chosen { id: Id::of(one.id), name: one.title.clone(), is_new: false })),
        more => Err(several(field, more)),
    }
}

/// The members to choose from, by name: those who can come in, and `chosen`, whoever that is.
///
/// # Errors
/// What the database says.
pub async fn members(
    conn: &mut Conn,
    scope: &Scope,
    chosen: Option<Id<Member>>,
) -> Result<Vec<(String, String)>> {
    let all = crate::accounts::store::members(conn, scope.workspace()).await?;
    let can = all.into_iter().filter(|it| Some(it.id) == chosen || it.disabled_at.is_none());
    Ok(can.map(|it| (it.id.to_string(), it.it.name)).collect())
}
