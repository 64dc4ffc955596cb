//! The demo: one story of Fieldwork Software, a small company that makes ordering, booking and record software for
//! small businesses and schools; two years of it, up to now. Served by `sameside demo`, used by tests and pictures.
//!
//! Invariants: the story is made by a seeded generator from the moment it is told, so the same seed and moment give
//! the same story; it is told through the verbs everything else uses, in one transaction, each event by who did it
//! and when; so an interrupted telling leaves nothing. Everybody in it is invented. Serves every principle: each has
//! a place somewhere in it.

mod asked;
mod care;
mod cast;
mod counted;
mod deals;
mod hand;
mod papers;
mod past;
mod people;
mod plan;
mod shared;
pub(crate) mod store;
mod tell;
mod words;

use crate::accounts::{Member, Token, Via};
use crate::app::App;
use crate::base::{Date, Id, When};
use crate::client_page::actions::{self as links, Wish};
use crate::client_page::{DAYS_USUAL, url};
use crate::error::{Error, Result};
use crate::{accounts, work};

/// The seed of the story everybody sees.
pub const SEED: u64 = 2_711;
/// Where the days of Fieldwork Software begin.
const ZONE: &str = "Europe/Lisbon";

/// What is in a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// The demo, told up to this moment.
    Told(When),
    /// Somebody's own workspace.
    Other,
}

/// Looks what is in a store.
///
/// # Errors
/// What the database says.
pub async fn look(app: &App) -> Result<Found> {
    let mut conn = app.read().await?;
    if !accounts::store::any_workspace(&mut conn).await? {
        return Ok(Found::Nothing);
    }
    Ok(store::told_until(&mut conn).await?.map_or(Found::Other, Found::Told))
}

/// A link to the page of a client who has offers, as that client would get it; none where nobody has.
///
/// # Errors
/// What the database says.
pub async fn client_page(app: &App) -> Result<Option<String>> {
    let mut conn = app.read().await?;
    let Some(workspace) = accounts::store::workspaces(&mut conn).await?.pop() else { return Ok(None) };
    let Some((deal, contact)) = store::newest_offers(&mut conn, workspace.id).await? else {
        return Ok(None);
    };
    drop(conn);
    let act = app.act_for(workspace.id, Via::Cli);
    let wish = Wish { days: DAYS_USUAL, contact, ..Wish::default() };
    let (_, token) =
        app.write(move |tx| Box::pin(async move { links::make(tx, &act, deal, wish, None).await })).await?;
    Ok(Some(url(&app.config().address(), &token)))
}

/// Tells the story into an empty store, and weighs every deal of it.
///
/// # Errors
/// `Refused` when the store is not empty; what the database says.
pub async fn build(app: &App, seed: u64) -> Result<()> {
    if look(app).await? != Found::Nothing {
        return Err(Error::Refused("The demo needs an empty place.".into()));
    }
    let now = app.now();
    let story = std::sync::Arc::new(plan::Story::of(seed, now));
    app.write(move |tx| Box::pin(async move { tell::tell(tx, &story, now).await })).await?;
    papers::put(app).await?;
    work::drain(app).await.map(drop)
}

/// A fresh link with which Ada Lind, the owner, comes in once.
///
/// # Errors
/// `NotFound` when there is no demo; what the database says.
pub async fn way_in(app: &App) -> Result<Token> {
    let (workspace, owner): (_, Id<Member>) =
        store::owner(&mut app.read().await?).await?.ok_or(Error::NotFound)?;
    let act = app.act_for(workspace, Via::Demo);
    app.write(move |tx| {
        Box::pin(
            async move { accounts::actions::give_pass(tx, &act, owner, accounts::Purpose::SignIn).await },
        )
    })
    .await
}

/// The day it is where the story happens.
fn day_of(now: When) -> Date {
    now.day(&jiff::tz::TimeZone::get(ZONE).unwrap_or(jiff::tz::TimeZone::UTC))
}
