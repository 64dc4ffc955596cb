//! The search page and the options of lookup fields.

use crate::accounts::Right;
use crate::base::fold;
use crate::error::Error;
use crate::records::Kind;
use crate::search::find::KINDS;
use crate::search::{Hit, find, lookup, store};
use crate::web::layout::{Place, Shell};
use crate::web::{Asked, PageError, Routes, Visit, page};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use std::collections::HashMap;

/// Names offered at once.
const OPTIONS_MAX: i64 = 10;
/// Of each kind on the page of all kinds.
const OF_EACH: usize = 6;
/// On the page of one kind.
const OF_ONE: usize = 50;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new().get("/search", Right::Look, search).get("/lookup/{kind}", Right::Look, options)
}

/// What was found of one kind.
struct Group {
    title: &'static str,
    picture: &'static str,
    word: &'static str,
    more: String,
    hits: Vec<(String, Hit)>,
}

#[derive(Template)]
#[template(path = "search/templates/search.html")]
struct SearchPage {
    shell: Shell,
    q: String,
    instead: String,
    groups: Vec<Group>,
    actions: Vec<(&'static str, &'static str)>,
}

/// What can be done or opened, whatever was found: address and what people call it.
const ACTIONS: [(&str, &str, Right); 14] = [
    ("/deals/new", "New deal", Right::Sell),
    ("/companies/new", "New company", Right::Sell),
    ("/contacts/new", "New contact", Right::Sell),
    ("/tasks/new", "New task", Right::Sell),
    ("/activities/new", "Note an activity", Right::Sell),
    ("/products/new", "New product", Right::Manage),
    ("/", "Today", Right::Look),
    ("/deals/board", "Board of deals", Right::Look),
    ("/deals", "Deals", Right::Look),
    ("/companies", "Companies", Right::Look),
    ("/contacts", "Contacts", Right::Look),
    ("/activities", "Activities", Right::Look),
    ("/history", "What happened", Right::Look),
    ("/import", "Import", Right::Look),
];

const fn words_of(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Company => ("Companies", "companies"),
        Kind::Contact => ("Contacts", "contacts"),
        Kind::Product => ("Products", "products"),
        Kind::Request => ("Requests", "question"),
        Kind::Task => ("Tasks", "tasks"),
        Kind::Activity => ("Activities", "note"),
        _ => ("Deals", "deals"),
    }
}

async fn search(visit: Visit, Asked(asked): Asked) -> Result<Response, PageError> {
    let q = asked.words("q");
    let only = Kind::parse(asked.get("kind")).filter(|kind| KINDS.contains(kind));
    let (kinds, limit) = match only {
        Some(kind) => (vec![kind], OF_ONE),
        None => (KINDS.to_vec(), OF_EACH),
    };
    let mut conn = visit.read().await?;
    let (hits, instead) = find(&mut conn, visit.scope(), &kinds, &q, limit).await?;
    let mut groups: Vec<Group> = Vec::new();
    for kind in kinds {
        let of_kind: Vec<Hit> = hits.iter().filter(|hit| hit.kind == kind).cloned().collect();
        if of_kind.is_empty() {
            continue;
        }
        let (title, picture) = words_of(kind);
        let more = if only.is_none() && of_kind.len() == OF_EACH {
            format!("/search?q={}&kind={}", crate::web::encode(&q), kind.code())
        } else {
            String::new()
        };
        let hits = of_kind.into_iter().map(|hit| (kind.page(hit.id).unwrap_or_default(), hit)).collect();
        groups.push(Group { title, picture, word: kind.label(), more, hits });
    }
    let asked_for = fold(&q);
    let fits = |name: &str| !asked_for.is_empty() && fold(name).contains(&asked_for);
    let actions = ACTIONS.iter().filter(|(_, name, right)| fits(name) && visit.scope().may(*right));
    page(&SearchPage {
        shell: visit.shell(Place::Elsewhere),
        instead: if groups.is_empty() { String::new() } else { instead.join(", ") },
        groups,
        actions: actions.map(|(href, name, _)| (*href, *name)).collect(),
        q,
    })
}

#[derive(Template)]
#[template(path = "search/templates/options.html")]
struct Options {
    names: Vec<String>,
}

/// What a lookup field offers for what was typed so far.
async fn options(visit: Visit, Path(kind): Path<String>, Asked(asked): Asked) -> Result<Response, PageError> {
    let kind = Kind::parse(&kind)
        .filter(|kind| matches!(kind, Kind::Company | Kind::Contact | Kind::Product | Kind::Deal))
        .ok_or(Error::NotFound)?;
    let start = fold(&asked.words("q"));
    let mut conn = visit.read().await?;
    let found = store::beginning(&mut conn, visit.scope(), kind, &start, OPTIONS_MAX).await?;
    let mut counts: HashMap<String, usize> = HashMap::new();
    for it in &found {
        *counts.entry(fold(&it.title)).or_default() += 1;
    }
    let is_shared = |title: &str| counts.get(&fold(title)).is_some_and(|count| *count > 1);
    let names = found
        .iter()
        .map(|it| if is_shared(&it.title) { lookup::marked(it) } else { it.title.clone() })
        .collect();
    page(&Options { names })
}
