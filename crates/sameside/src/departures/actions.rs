//! The verbs of departures: leave, say it otherwise, come back, leave it be; and looking whether a condition holds.

use crate::accounts::{self, Act, Settings, Via, Workspace};
use crate::app::App;
use crate::assessment::{self, Basis, Document, Ground, Known, Words};
use crate::base::{Date, Id, Range, When};
use crate::companies::Company;
use crate::deals::{Deal, Standing};
use crate::departures::watch::Now;
use crate::departures::{Departure, Goodbye, Profile, Short, Watch, Way, store};
use crate::diagnosis::{self, Figure, Parameter};
use crate::error::{Error, Result};
use crate::notices::{self, News, Source};
use crate::products::Product;
use crate::records::{self, Kept};
use db::{Conn, Tx};
use std::collections::HashMap;

/// What a person says when a deal is left.
#[derive(Debug, Clone)]
pub struct Parting {
    /// Who left.
    pub way: Way,
    /// Which side would not gain.
    pub side: Option<Short>,
    /// Why.
    pub reason: String,
    /// What we learnt.
    pub learnt: Option<String>,
    /// The words for it.
    pub message: Option<String>,
    /// Who may serve them better.
    pub referral: Option<String>,
    /// Come back on this day.
    pub watch_on: Option<Date>,
    /// Come back when this figure passes its break-even.
    pub watch_figure: Option<Parameter>,
    /// Come back when what we offer changes.
    pub watch_product: bool,
}

impl Parting {
    /// Of which only the way and the reason are said.
    pub const fn plain(way: Way, reason: String) -> Self {
        Self {
            way,
            side: None,
            reason,
            learnt: None,
            message: None,
            referral: None,
            watch_on: None,
            watch_figure: None,
            watch_product: false,
        }
    }
}

/// A figure with the value at which the answer would be another, and whether it would have to rise to it.
pub type Turn = (Parameter, f64, bool);

/// The figures that can be waited for.
const WATCHED: [Parameter; 4] =
    [Parameter::Benefit, Parameter::Success, Parameter::Delivery, Parameter::Adoption];
/// How closely a turn is looked for: the span is halved so many times.
const HALVINGS: usize = 9;
/// How far above what is likely a figure is thought to be able to rise, as a multiple.
const RISE_MAX: f64 = 8.0;

/// The figures that would turn the answer, were each known and the rest as it is.
pub fn turns(document: &Document, deal: &Deal, settings: &Settings) -> Vec<Turn> {
    WATCHED.iter().filter_map(|parameter| turn_of(document, deal, settings, *parameter)).collect()
}

/// The value of a figure from which on both sides would gain, the rest as it is: looked for between what is likely and
/// the best that can be thought of. Nothing, when no value would do, or they gain already.
fn turn_of(document: &Document, deal: &Deal, settings: &Settings, parameter: Parameter) -> Option<Turn> {
    let likely = document.basis.line(parameter)?.range.likely();
    let best = match parameter {
        Parameter::Success => 1.0,
        Parameter::Benefit => likely * RISE_MAX,
        _ => 0.0,
    };
    let serves = |value: f64| {
        let mut basis = document.basis.clone();
        let line = basis.lines.iter_mut().find(|line| line.parameter == parameter)?;
        line.range = Range::exactly(value);
        let answer = engine::assess::assess(&basis.input(deal, settings)).ok()?;
        let gains = answer.client.positive >= settings.client_floor
            && answer.margin.positive >= settings.company_floor
            && answer.decision_value.mean > 0.0;
        Some(gains)
    };
    if serves(likely)? || !serves(best)? {
        return None;
    }
    let (mut short, mut enough) = (likely, best);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(short, enough);
        if serves(middle)? { enough = middle } else { short = middle }
    }
    Some((parameter, rounded(enough, best > likely), best > likely))
}

/// To two digits, on the side where it is enough.
fn rounded(value: f64, up: bool) -> f64 {
    if value <= 0.0 {
        return value;
    }
    let unit = 10_f64.powf(value.log10().floor() - 1.0);
    let steps = value / unit;
    (if up { steps.ceil() } else { steps.floor() }) * unit
}

/// Which side would not gain, as the engine sees it.
pub fn short_of(document: &Document, workspace: &Workspace) -> Option<Short> {
    let client = document.answer.client.positive < workspace.settings.client_floor;
    let company = document.answer.margin.positive < workspace.settings.company_floor
        || document.answer.decision_value.mean <= 0.0 && !client;
    match (client, company) {
        (true, true) => Some(Short::Both),
        (true, false) => Some(Short::Client),
        (false, true) => Some(Short::Company),
        (false, false) => None,
    }
}

async fn watch(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: &Kept<Deal>,
    document: Option<&Document>,
    parting: &Parting,
    known: Option<&Departure>,
) -> Result<Watch> {
    let product = match deal.product_id.filter(|_| parting.watch_product) {
        Some(product) => match known.and_then(|known| known.watch_product.clone()) {
            Some(profile) => Some(profile),
            None => profile(conn, workspace, product).await?,
        },
        None => None,
    };
    let figure = match parting.watch_figure {
        None => None,
        Some(parameter) => {
            let kept = known.and_then(|known| known.watch().figure).filter(|(of, ..)| *of == parameter);
            let settings =
                accounts::store::workspace(conn, workspace).await?.ok_or(Error::NotFound)?.settings;
            let turn = document.and_then(|document| turn_of(document, deal, &settings, parameter));
            let right = "a figure at which the answer would be another";
            Some(kept.or(turn).ok_or_else(|| Error::field("watch_figure", right))?)
        }
    };
    Ok(Watch { on: parting.watch_on, figure, product })
}

/// What a product is like now.
async fn profile(conn: &mut Conn, workspace: Id<Workspace>, product: Id<Product>) -> Result<Option<Profile>> {
    let Some(kept) = records::by_id::<Product>(conn, workspace, product).await? else { return Ok(None) };
    let figures = diagnosis::store::of_product(conn, workspace, product).await?;
    let figures: Vec<Figure> = figures.into_iter().map(|figure| figure.it).collect();
    Ok(Some(Profile::of(&kept, &figures)))
}

/// Writes a departure down, before the deal itself is left: the hours still ahead, and what is waited for, are as they
/// are now.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`.
pub async fn part(tx: &mut Tx, act: &Act, deal: &Kept<Deal>, parting: Parting) -> Result<Kept<Departure>> {
    let workspace = act.scope.workspace();
    let document = assessment::actions::of_deal(tx, workspace, deal, act.now).await?;
    let watch = watch(tx, workspace, deal, document.as_ref(), &parting, None).await?;
    let hours_ahead = document.as_ref().map_or(0.0, |document| document.summary().hours_ahead);
    let mut departure = Departure {
        deal_id: deal.id,
        owner_id: act.scope.member(),
        way: parting.way,
        side: parting.side,
        reason: parting.reason,
        learnt: parting.learnt,
        message: parting.message,
        referral: parting.referral,
        hours_saved: if parting.way == Way::WalkedAway { hours_ahead } else { 0.0 },
        watch_on: None,
        watch_parameter: None,
        watch_above: None,
        watch_below: None,
        watch_product: None,
        noticed_at: None,
        noticed: None,
        settled_at: None,
        settled_because: None,
    };
    departure.set_watch(watch);
    records::create(tx, act, departure).await
}

/// Says a departure otherwise: another message, another condition. What was waited for and still is stays as it was.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`; `Refused` when the deal is not left.
pub async fn change(
    tx: &mut Tx,
    act: &Act,
    deal: &Kept<Deal>,
    version: Option<i64>,
    parting: Parting,
) -> Result<Kept<Departure>> {
    let workspace = act.scope.workspace();
    let known = current(tx, workspace, deal.id).await?.ok_or_else(not_left)?;
    // A deal that ended is not assessed; what would turn the answer is still the engine's to say.
    let document = as_if_open(tx, workspace, deal).await?;
    let watch = watch(tx, workspace, deal, document.as_ref(), &parting, Some(&known.it)).await?;
    records::change(tx, act, known.id, version, |departure: &mut Departure| {
        if departure.watch() != watch {
            departure.noticed_at = None;
            departure.noticed = None;
        }
        departure.set_watch(watch);
        departure.side = parting.side;
        departure.reason = parting.reason;
        departure.learnt = parting.learnt;
        departure.message = parting.message;
        departure.referral = parting.referral;
        Ok(())
    })
    .await
}

/// What the engine would say, were the deal open.
///
/// # Errors
/// What the database says.
pub async fn as_if_open(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: &Kept<Deal>,
) -> Result<Option<Document>> {
    let known = assessment::actions::known(conn, workspace, &[deal.id]).await?.remove(&deal.id);
    let ground = assessment::actions::ground(conn, workspace).await?;
    let mut open = deal.clone();
    open.it.standing = Standing::Open;
    assessment::actions::assess(&open, &known.unwrap_or_default(), &ground, None)
}

fn not_left() -> Error {
    Error::Refused("This deal was not left, or it is settled.".into())
}

/// The departure of a deal that is not settled.
///
/// # Errors
/// What the database says.
pub async fn current(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Option<Kept<Departure>>> {
    Ok(store::last(conn, workspace, deal).await?.filter(|departure| departure.settled_at.is_none()))
}

/// The deal is open again: its departure is settled.
///
/// # Errors
/// What the database says.
pub async fn come_back(tx: &mut Tx, act: &Act, deal: Id<Deal>) -> Result<()> {
    let Some(departure) = current(tx, act.scope.workspace(), deal).await? else { return Ok(()) };
    let now = act.now;
    records::change(tx, act, departure.id, None, |departure: &mut Departure| {
        departure.come_back(now);
        Ok(())
    })
    .await
    .map(drop)
}

/// The deal is left be, though what was waited for has come.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` without a reason; `Refused` when it is settled.
pub async fn let_be(
    tx: &mut Tx,
    act: &Act,
    deal: Id<Deal>,
    because: Option<String>,
) -> Result<Id<Departure>> {
    let deal = records::get(tx, &act.scope, deal).await?;
    let departure = current(tx, act.scope.workspace(), deal.id).await?.ok_or_else(not_left)?;
    let now = act.now;
    let edit = |departure: &mut Departure| departure.let_be(because, now);
    Ok(records::change(tx, act, departure.id, None, edit).await?.id)
}

/// The goodbye to a client that holds, which this person must see.
///
/// # Errors
/// `NotFound`; `Refused` when we serve them.
pub async fn goodbye_to(conn: &mut Conn, act: &Act, company: Id<Company>) -> Result<Kept<Goodbye>> {
    records::get(conn, &act.scope, company).await?;
    let it = store::goodbye(conn, act.scope.workspace(), company).await?;
    it.ok_or_else(|| Error::Refused("We serve this client.".into()))
}

/// A goodbye with what the product is like now that it waits for.
///
/// # Errors
/// `Invalid` when there is no such product.
pub async fn waiting_for(conn: &mut Conn, act: &Act, said: Goodbye) -> Result<Goodbye> {
    let watch_product = match said.product_id {
        Some(product) => {
            let profile = profile(conn, act.scope.workspace(), product).await?;
            Some(profile.ok_or_else(|| Error::field("product_id", "one of our products"))?)
        }
        None => None,
    };
    Ok(Goodbye { watch_product, ..said })
}

/// Says a goodbye otherwise: other words, another day.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`; `Refused` when we serve them.
pub async fn change_goodbye(
    tx: &mut Tx,
    act: &Act,
    company: Id<Company>,
    version: Option<i64>,
    said: Goodbye,
) -> Result<Kept<Goodbye>> {
    let known = goodbye_to(tx, act, company).await?;
    let said = waiting_for(tx, act, said).await?;
    let edit = |it: &mut Goodbye| {
        it.say_anew(said);
        Ok(())
    };
    records::change(tx, act, known.id, version, edit).await
}

/// We serve a client again. The deals that were left stay left: each is opened by somebody who means it.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` when we do already.
pub async fn serve_again(tx: &mut Tx, act: &Act, company: Id<Company>) -> Result<Kept<Goodbye>> {
    let (known, now) = (goodbye_to(tx, act, company).await?, act.now);
    records::change(tx, act, known.id, None, |it: &mut Goodbye| it.end(now)).await
}

/// It stays a goodbye, though what we waited for has come.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` without a reason; `Refused` when nothing asks.
pub async fn let_goodbye_be(
    tx: &mut Tx,
    act: &Act,
    company: Id<Company>,
    because: Option<String>,
) -> Result<Kept<Goodbye>> {
    let known = goodbye_to(tx, act, company).await?;
    records::change(tx, act, known.id, None, |it: &mut Goodbye| it.let_be(because)).await
}

/// Notices the clients we said goodbye to where what we waited for has come.
async fn watch_goodbyes(app: &App, act: &Act) -> Result<()> {
    let id = act.scope.workspace();
    let mut after = None;
    loop {
        let mut conn = app.read().await?;
        let workspace = accounts::store::workspace(&mut conn, id).await?.ok_or(Error::NotFound)?;
        let waiting = store::goodbyes_watched(&mut conn, id, after).await?;
        let Some(last) = waiting.last().map(|goodbye| goodbye.id) else { return Ok(()) };
        after = Some(last);
        let today = act.now.day(&workspace.zone());
        let mut held = Vec::new();
        for goodbye in waiting {
            let watch = goodbye.watch();
            let (mut product, mut currency) = (None, workspace.currency);
            if let Some(watched) = goodbye.product_id.filter(|_| watch.product.is_some()) {
                product = profile(&mut conn, id, watched).await?;
                let kept = records::by_id::<Product>(&mut conn, id, watched).await?;
                currency = kept.map_or(currency, |kept| kept.currency);
            }
            let words = Words { currency, locale: workspace.locale };
            let now = Now { today, figure: None, product: product.as_ref() };
            held.extend(watch.holds(now, words).map(|what| (goodbye.id, what)));
        }
        drop(conn);
        for (goodbye, what) in held {
            let (act, now) = (act.clone(), act.now);
            app.write(move |tx| {
                Box::pin(async move {
                    let edit = |it: &mut Goodbye| {
                        it.notice(what, now);
                        Ok(())
                    };
                    match records::change(tx, &act, goodbye, None, edit).await {
                        // The client was removed meanwhile: nobody waits for it.
                        Err(Error::Invalid(_) | Error::NotFound) => Ok(()),
                        Err(error) => Err(error),
                        Ok(kept) => tell_of_client(tx, &act, &kept).await,
                    }
                })
            })
            .await?;
        }
    }
}

/// Tells who has a client that what we waited for with them has come.
async fn tell_of_client(tx: &mut Tx, act: &Act, kept: &Kept<Goodbye>) -> Result<()> {
    let Ok(company) = records::get(tx, &act.scope, kept.company_id).await else { return Ok(()) };
    let Some(member) = company.owner_id.or(kept.owner_id) else { return Ok(()) };
    let why = kept.noticed.as_ref().map_or_else(String::new, |why| format!(": {why}"));
    let words = format!("It is time to look at {} again{why}", company.name);
    notices::tell(tx, act, member, News::new(Source::Come, words, format!("/companies/{}", company.id))).await
}

/// Looks at everything a workspace waits for, and notices what holds. For background work.
///
/// # Errors
/// What the database says.
pub async fn watch_all(app: &App, id: Id<Workspace>) -> Result<()> {
    let act = app.act_for(id, Via::Job);
    watch_goodbyes(app, &act).await?;
    let mut known: Option<(Workspace, Ground)> = None;
    let mut after = None;
    loop {
        let mut conn = app.read().await?;
        let waiting = store::watched(&mut conn, id, after).await?;
        let Some(last) = waiting.last().map(|departure| departure.id) else { return Ok(()) };
        after = Some(last);
        if known.is_none() {
            let workspace = accounts::store::workspace(&mut conn, id).await?.ok_or(Error::NotFound)?;
            known = Some((workspace, assessment::actions::ground(&mut conn, id).await?));
        }
        let Some((workspace, ground)) = &known else { return Ok(()) };
        let held = holding(&mut conn, workspace, ground, &waiting, act.now).await?;
        drop(conn);
        for (departure, what) in held {
            let (act, now) = (act.clone(), act.now);
            app.write(move |tx| {
                Box::pin(async move {
                    let edit = |departure: &mut Departure| {
                        departure.notice(what, now);
                        Ok(())
                    };
                    match records::change(tx, &act, departure, None, edit).await {
                        // Its deal was removed meanwhile: nobody waits for it.
                        Err(Error::Invalid(_) | Error::NotFound) => Ok(()),
                        Err(error) => Err(error),
                        Ok(kept) => tell_of(tx, &act, &kept).await,
                    }
                })
            })
            .await?;
        }
    }
}

/// Tells who runs a deal that what it waited for has come.
async fn tell_of(tx: &mut Tx, act: &Act, kept: &Kept<Departure>) -> Result<()> {
    let Ok(deal) = records::get(tx, &act.scope, kept.deal_id).await else { return Ok(()) };
    let Some(member) = deal.owner_id.or(kept.owner_id) else { return Ok(()) };
    let why = kept.noticed.as_ref().map_or_else(String::new, |why| format!(": {why}"));
    let words = format!("What you waited for has come in {}{why}", deal.title);
    notices::tell(tx, act, member, News::new(Source::Come, words, format!("/deals/{}", deal.id))).await
}

/// Which of some departures have what they wait for, and what that is.
async fn holding(
    conn: &mut Conn,
    workspace: &Workspace,
    ground: &Ground,
    waiting: &[Kept<Departure>],
    now: When,
) -> Result<Vec<(Id<Departure>, String)>> {
    let ids: Vec<Id<Deal>> = waiting.iter().map(|departure| departure.deal_id).collect();
    let deals: HashMap<Id<Deal>, Kept<Deal>> = records::by_ids::<Deal>(conn, workspace.id, &ids)
        .await?
        .into_iter()
        .map(|deal| (deal.id, deal))
        .collect();
    let known = assessment::actions::known(conn, workspace.id, &ids).await?;
    let nothing = Known::default();
    let today = now.day(&workspace.zone());
    let mut held = Vec::new();
    for departure in waiting {
        let Some(deal) = deals.get(&departure.deal_id).filter(|deal| deal.removed_at.is_none()) else {
            continue;
        };
        let watch = departure.watch();
        let figure = watch.figure.and_then(|(parameter, ..)| {
            let known = known.get(&deal.id).unwrap_or(&nothing);
            Basis::gather(deal, known, ground, None)?.line(parameter).map(|line| line.range.likely())
        });
        let product = deal.product_id.filter(|_| watch.product.is_some());
        let product = product
            .and_then(|id| ground.products.get(&id))
            .map(|(product, figures)| Profile::of(product, figures));
        let words = Words { currency: deal.currency, locale: workspace.locale };
        if let Some(what) = watch.holds(Now { today, figure, product: product.as_ref() }, words) {
            held.push((departure.id, what));
        }
    }
    Ok(held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_said_in_two_digits_on_the_side_where_it_is_enough() {
        for (value, up, said) in
            [(0.7312, true, 0.74), (9_843.0, false, 9_800.0), (12_410.0, true, 13_000.0), (0.0, false, 0.0)]
        {
            assert!((rounded(value, up) - said).abs() < 1e-9, "{value}");
        }
    }
}
