//! What they may choose from: choose one, ask for a change, or say no and why (P9, P13).

use crate::base::Id;
use crate::client_page::Words;
use crate::client_page::pages::guest::{Done, Guest};
use crate::client_page::pages::sections::{Part, Reader};
use crate::error::{Error, Result};
use crate::negotiation::actions::Heard;
use crate::negotiation::{self, Negotiation, Offering, Sets, State};
use crate::records::Kept;
use crate::web::{Input, Read, Routes};
use axum::http::Method;
use axum::response::Response;
use db::Conn;

/// What can be done here.
pub(super) fn routes() -> Routes {
    Routes::new().open(Method::POST, "/c/{token}/offers", answer)
}

#[derive(askama::Template)]
#[template(path = "client_page/templates/offers.html")]
struct Offers {
    w: Words,
    path: String,
    may_act: bool,
    title: String,
    /// Which offering, and its version, where it waits for an answer or may be answered otherwise.
    of: Option<(String, i64)>,
    all: Vec<Offer>,
    state: State,
    said: String,
}

/// An offer as the client reads it.
struct Offer {
    n: usize,
    name: String,
    price: String,
    terms: String,
    words: Vec<(String, String)>,
    is_picked: bool,
}

/// The terms of an offer.
struct Terms {
    price_minor: Option<i64>,
    months: i64,
    refund_share: f64,
}

pub(super) async fn part(conn: &mut Conn, it: &Reader) -> Result<Option<Part>> {
    let (w, workspace, deal) = (it.words, it.workspace.id, it.deal.id);
    let table = negotiation::store::of_deal(conn, workspace, deal).await?;
    let agreed = table.as_ref().and_then(|table| agreed(it, table));
    let newest = negotiation::store::offerings(conn, workspace, deal).await?.into_iter().next();
    let offers = match (agreed, newest) {
        (Some(offer), _) => Offers {
            w,
            path: it.path.clone(),
            may_act: false,
            title: w.say("agreed-title"),
            of: None,
            all: vec![offer],
            state: State::Made,
            said: String::new(),
        },
        (None, Some(offering)) => Offers {
            w,
            path: it.path.clone(),
            may_act: it.may_act && is_open(it),
            title: if offering.offers.0.len() > 1 { w.say("offers-title") } else { w.say("offer-title") },
            of: Some((offering.id.to_string(), offering.version)),
            all: all(it, table.as_deref(), &offering),
            state: offering.state,
            said: offering.said.clone().unwrap_or_default(),
        },
        (None, None) => return Ok(None),
    };
    Part::new("offers", &offers).map(Some)
}

/// Whether they may still say something else: nothing has ended.
fn is_open(it: &Reader) -> bool {
    !it.deal.standing.is_ended()
}

fn all(it: &Reader, table: Option<&Negotiation>, offering: &Offering) -> Vec<Offer> {
    let one = |(n, offer): (usize, &negotiation::Offered)| {
        let terms_of = Terms {
            price_minor: offer.price_minor,
            months: offer.horizon_months.unwrap_or(it.deal.horizon_months),
            refund_share: offer.refund_share.unwrap_or(it.deal.refund_share),
        };
        Offer {
            n,
            name: it.words.with("offer-name", "n", n + 1),
            price: offer.price_minor.map_or_else(String::new, |minor| it.money(minor)),
            terms: terms(it, &terms_of),
            words: without_terms(table, &offer.words),
            is_picked: offering.picked.and_then(|picked| usize::try_from(picked).ok()) == Some(n),
        }
    };
    offering.offers.0.iter().enumerate().map(one).collect()
}

/// What both agreed on.
fn agreed(it: &Reader, table: &Negotiation) -> Option<Offer> {
    let package = table.agreed_package.0.as_ref()?;
    let price_minor = match table.sets(package, Sets::Price) {
        Some(units) => Some(crate::base::Money::of_units(units, it.deal.currency).minor),
        None => it.deal.price_minor,
    };
    #[expect(clippy::cast_possible_truncation, reason = "whole months up to 120")]
    let months =
        table.sets(package, Sets::Months).map_or(it.deal.horizon_months, |months| months.round() as i64);
    let refund_share = table.sets(package, Sets::Refund).unwrap_or(it.deal.refund_share);
    Some(Offer {
        n: 0,
        name: String::new(),
        price: price_minor.map_or_else(String::new, |minor| it.money(minor)),
        terms: terms(it, &Terms { price_minor, months, refund_share }),
        words: without_terms(Some(table), &table.words(package)),
        is_picked: true,
    })
}

/// For how long, what that is a month, what is given back.
fn terms(it: &Reader, terms: &Terms) -> String {
    let months = terms.months.max(1);
    let long = it.words.with("months", "n", months);
    let mut text = match terms.price_minor {
        Some(minor) => {
            let month = crate::base::Money { minor: minor / months, currency: it.deal.currency };
            let month = crate::base::Money::of_units(month.units().round(), it.deal.currency);
            it.words.with_all("a-month-for", &[("sum", &month.show(it.words.locale)), ("long", &long)])
        }
        None => it.words.with("for-long", "long", long),
    };
    if terms.refund_share > 0.0 {
        let share = it.words.locale.number(terms.refund_share * 100.0, 0);
        text.push_str("; ");
        text.push_str(&it.words.with("given-back", "share", share));
    }
    text
}

/// What is said of the price and the time in its own line is not said again among the rest.
fn without_terms(table: Option<&Negotiation>, words: &[(String, String)]) -> Vec<(String, String)> {
    let sets = |name: &str| {
        let issues = table.iter().flat_map(|table| &table.issues.0);
        issues.filter(|issue| issue.name == name).any(|issue| issue.sets != Sets::Nothing)
    };
    words.iter().filter(|(issue, _)| !sets(issue)).cloned().collect()
}

/// They choose one, ask for a change of one, or want none.
async fn answer(guest: Guest, input: Input) -> Response {
    let (heard, done, text) = match heard(&input) {
        Ok(heard) => heard,
        Err(error) => return guest.refused(&error, "offers"),
    };
    let (deal, is_open) = (guest.reader.deal.id, is_open(&guest.reader));
    let (named, version) = (input.get("offering").parse::<Id<Offering>>().ok(), input.version());
    let workspace = guest.reader.workspace.id;
    let written = guest
        .write(move |tx, act| {
            Box::pin(async move {
                let newest: Option<Kept<Offering>> =
                    negotiation::store::offerings(tx, workspace, deal).await?.into_iter().next();
                let agreed = negotiation::store::of_deal(tx, workspace, deal).await?;
                let is_agreed = agreed.is_some_and(|table| table.agreed_package.0.is_some());
                let offering = newest.filter(|it| Some(it.id) == named && is_open && !is_agreed);
                let offering = offering.ok_or(Error::NotFound)?;
                negotiation::actions::hear(tx, act, offering.id, version, heard).await?;
                Ok(Done::new(done, "/negotiation"))
            })
        })
        .await;
    guest.after(&written, text, "offers")
}

/// What the form says, what that is to a colleague of ours, and what the client reads then.
fn heard(input: &Input) -> Result<(Heard, String, &'static str)> {
    let mut read = Read::new(input);
    let (state, picked, said) = (read.code("state", State::parse), read.whole("picked"), read.note("said"));
    let state = state.ok_or_else(|| Error::field("state", "what they say to it"))?;
    let number = picked.map_or(0, |picked| picked.saturating_add(1));
    let quote = said.as_ref().map_or_else(String::new, |said| format!(": “{said}”"));
    let (done, text) = match state {
        State::Chosen => (format!("chose offer {number}{quote}"), "said-chosen"),
        State::ChangeAsked => (format!("asked for a change of offer {number}{quote}"), "said-change"),
        State::Declined => (format!("wants none of the offers{quote}"), "said-declined"),
        State::Made => return Err(Error::field("state", "one of the answers")),
    };
    read.done((Heard { state, picked, said }, done, text))
}
