//! The results behind a lesson: what was thought, and what it came to, deal by deal.

use crate::base::Id;
use crate::deals::Deal;
use crate::diagnosis::Parameter;
use crate::error::{Error, Result};
use crate::outcomes::lessons::cases;
use crate::outcomes::{MEASURE, Whence, about, store};
use crate::products::Product;
use crate::records;
use crate::web::layout::{Place, Shell};
use crate::web::{Asked, PageError, Visit, page};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use std::collections::HashMap;

/// Results told on the page, the latest.
const SHOWN: usize = 100;

/// A result: what was thought and what it was.
struct Row {
    /// The deal's result; empty when the deal is not for this person's eyes.
    href: String,
    deal: String,
    client: String,
    day: String,
    thought: String,
    real: String,
    times: String,
}

#[derive(Template)]
#[template(path = "outcomes/templates/estimates.html")]
struct EstimatesPage {
    shell: Shell,
    title: String,
    /// What is done with it.
    below: String,
    /// The other results: of every product, where those of one are shown.
    all: String,
    rows: Vec<Row>,
    more: usize,
}

/// What a lesson is about, by its part of the address; `NotFound` for what is none.
fn told(code: &str) -> Result<(String, Option<(Whence, Parameter)>)> {
    if code == MEASURE {
        return Ok((MEASURE.to_owned(), None));
    }
    let (whence, parameter) = code.split_once('-').ok_or(Error::NotFound)?;
    match (Whence::parse(whence), Parameter::parse(parameter)) {
        (Some(whence @ (Whence::Ours | Whence::Profile)), Some(parameter)) => {
            Ok((about(whence, parameter), Some((whence, parameter))))
        }
        _ => Err(Error::NotFound),
    }
}

pub(super) async fn show(
    visit: Visit,
    Path(code): Path<String>,
    Asked(asked): Asked,
) -> Result<Response, PageError> {
    let (about, of) = told(&code)?;
    let (scope, locale) = (visit.scope(), visit.locale());
    let product: Option<Id<Product>> = asked.get("product").parse().ok();
    let mut conn = visit.read().await?;
    let product = match product {
        Some(id) => Some(records::get_any(&mut conn, scope, id).await?),
        None => None,
    };
    let profiles: HashMap<_, _> = store::profiles(&mut conn, scope.workspace())
        .await?
        .into_iter()
        .map(|(product, parameter, likely)| ((product, parameter), likely))
        .collect();
    let results = store::results(&mut conn, scope.workspace()).await?;
    let mut found: Vec<_> = results
        .iter()
        .filter(|(of, _)| product.as_ref().is_none_or(|product| Some(product.id) == *of))
        .flat_map(|(of, outcome)| {
            let profile = |product, parameter| profiles.get(&(product, parameter)).copied();
            cases(*of, outcome, profile).into_iter().map(move |case| (outcome, case))
        })
        .filter(|(_, case)| case.about == about)
        .collect();
    let more = found.len().saturating_sub(SHOWN);
    found.truncate(SHOWN);
    let ids: Vec<Id<Deal>> = found.iter().map(|(outcome, _)| outcome.deal_id).collect();
    let deals = store::deals_named(&mut conn, scope, &ids).await?;
    let rows = found.iter().map(|(outcome, case)| {
        let known = deals.get(&outcome.deal_id);
        let say = |value: f64| match (of, known) {
            (None, _) => format!("{}%", locale.number(value * 100.0, 0)),
            (Some((_, parameter)), Some(deal)) => parameter.unit().show(value, deal.currency, locale),
            // Without its deal the currency is not known: the multiple alone is told.
            (Some(_), None) => String::new(),
        };
        Row {
            href: known.map_or_else(String::new, |_| format!("/deals/{}/outcome", outcome.deal_id)),
            deal: known.map_or_else(|| "A deal that is not yours to see".into(), |deal| deal.title.clone()),
            client: known.and_then(|deal| deal.company.clone()).unwrap_or_default(),
            day: outcome.measured_on.show(locale),
            thought: say(case.thought),
            real: say(case.real),
            times: locale.number(case.real / case.thought, 2),
        }
    });
    let name = match of {
        None => "What clients reached of what they wished".to_owned(),
        Some((Whence::Profile, parameter)) => format!("{}: profiles, and what it was", parameter.label()),
        Some((_, parameter)) => format!("{}: our estimates, and what it was", parameter.label()),
    };
    let below = match (&product, of) {
        (Some(product), _) => format!("Of deals with {}", product.name),
        (None, None) => "It is said before anything is promised".to_owned(),
        (None, Some(_)) => "The next estimate is corrected by it, and says so".to_owned(),
    };
    page(&EstimatesPage {
        shell: visit.shell(Place::Insights),
        title: name,
        below,
        all: product.map_or_else(String::new, |_| format!("/estimates/{code}")),
        rows: rows.collect(),
        more,
    })
}
