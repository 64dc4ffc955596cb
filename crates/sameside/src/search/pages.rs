//! The search page and the options of lookup fields.

use crate::accounts::Right;
use crate::base::fold;
use crate::error::Error;
use crate::records::Kind;
use crate::search::{lookup, store};
use crate::web::{Asked, PageError, Routes, Visit, page};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use std::collections::HashMap;

/// Names offered at once.
const OPTIONS_MAX: i64 = 10;

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new().get("/lookup/{kind}", Right::Look, options)
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
    let start = fold(asked.get("q"));
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
