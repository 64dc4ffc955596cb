//! Keeping the counters: with every write, and anew.

use crate::accounts::{self, Act, Via, Workspace};
use crate::activities::Activity;
use crate::app::App;
use crate::base::Id;
use crate::commitments::Commitment;
use crate::concessions::Concession;
use crate::deals::Deal;
use crate::departures::Departure;
use crate::error::{Error, Result};
use crate::jobs;
use crate::outcomes::{Gladness, Outcome};
use crate::pursuit::Effort;
use crate::records::{Kept, Kind, Record};
use crate::tallies::store::{self, Place, Wanted};
use crate::tallies::{Effortful, Parts, RULES, Sums, loose, tallies};
use db::{Conn, Tx};
use jiff::tz::TimeZone;
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Deals counted in one transaction.
const DEALS_PER_ROUND: i64 = 500;
/// Activities looked through in one transaction.
const ACTIVITIES_PER_ROUND: i64 = 20_000;

/// A record before and after it was written; none where it was not there yet, or was removed.
pub type Turn<'a, T> = (Option<&'a Kept<T>>, Option<&'a Kept<T>>);

/// Takes what some records came to before from what they come to after, and adds the difference to the counters. Called by the
/// verbs of `records` alone, once what they write is written.
///
/// # Errors
/// What the database says.
pub async fn count<T: Record>(tx: &mut Tx, workspace: Id<Workspace>, turns: &[Turn<'_, T>]) -> Result<()> {
    if !is_counted(T::KIND) || turns.is_empty() {
        return Ok(());
    }
    let Some(place) = store::place(tx, workspace, RULES).await?.filter(|place| place.rules == RULES) else {
        return Ok(());
    };
    let sums = match T::KIND {
        Kind::Deal => of_deals(tx, workspace, turns, &place).await?,
        _ => of_parts(tx, workspace, turns, &place).await?,
    };
    Ok(store::add(tx, workspace, &sums).await?)
}

/// Whether records of a kind come to anything.
const fn is_counted(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Deal
            | Kind::Activity
            | Kind::Effort
            | Kind::Outcome
            | Kind::Gladness
            | Kind::Departure
            | Kind::Concession
            | Kind::Commitment
    )
}

impl Place {
    /// In which zone days are counted.
    fn zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }

    /// Whether a deal is counted already: else the round that comes to it will.
    fn has(&self, deal: Id<Deal>) -> bool {
        self.is_done || self.deal.is_some_and(|until| deal.uuid() <= until)
    }

    fn has_loose(&self, id: uuid::Uuid) -> bool {
        self.is_done || self.activity.is_some_and(|until| id <= until)
    }
}

/// The record as what it is.
fn as_kept<T: Record, U: Record>(kept: Option<&Kept<T>>) -> Option<&Kept<U>> {
    kept.and_then(|kept| (kept as &dyn Any).downcast_ref())
}

async fn of_deals<T: Record>(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    turns: &[Turn<'_, T>],
    place: &Place,
) -> Result<Sums> {
    let turns: Vec<Turn<'_, Deal>> =
        turns.iter().map(|(before, after)| (as_kept(*before), as_kept(*after))).collect();
    let id_of = |turn: &Turn<'_, Deal>| turn.1.or(turn.0).map(|kept| kept.id);
    // A deal just made has no parts yet; one that stays whose it was, and how it stands, takes none of them along.
    let moved: Vec<Id<Deal>> = turns
        .iter()
        .filter(|(before, after)| match (before, after) {
            (None, Some(after)) => after.version > 1,
            (Some(before), Some(after)) => bears(before) != bears(after),
            _ => true,
        })
        .filter_map(id_of)
        .collect();
    let parts = store::parts(tx, workspace, &moved, (Wanted::All, &place.zone())).await?;
    let (none, zone) = (Parts::default(), place.zone());
    let mut sums = Sums::default();
    for turn in &turns {
        let Some(id) = id_of(turn).filter(|id| place.has(*id)) else { continue };
        let parts = parts.get(&id).unwrap_or(&none);
        turn.1.into_iter().for_each(|after| sums.plus(tallies(after, parts, &zone)));
        turn.0.into_iter().for_each(|before| sums.minus(tallies(before, parts, &zone)));
    }
    Ok(sums)
}

/// What of a deal bears on what its parts come to.
fn bears(deal: &Deal) -> impl PartialEq + use<> {
    let place = (deal.owner_id, deal.product_id, deal.pipeline_id);
    (place, deal.currency, deal.standing, deal.closed_on)
}

async fn of_parts<T: Record>(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    turns: &[Turn<'_, T>],
    place: &Place,
) -> Result<Sums> {
    let zone = place.zone();
    let mut sums = Sums::default();
    let mut before: BTreeMap<Id<Deal>, Parts> = BTreeMap::new();
    let mut after: BTreeMap<Id<Deal>, Parts> = BTreeMap::new();
    let mut turned: BTreeSet<uuid::Uuid> = BTreeSet::new();
    for (was, is) in turns {
        turned.extend(was.or(*is).map(|kept| kept.id.uuid()));
        for (kept, side, is_after) in [(*was, &mut before, false), (*is, &mut after, true)] {
            let Some(loose_one) = kept.and_then(|kept| put(kept, side, &zone)) else { continue };
            if place.has_loose(loose_one.id) {
                if is_after { sums.plus(loose(&loose_one)) } else { sums.minus(loose(&loose_one)) }
            }
        }
    }
    let ids: BTreeSet<Id<Deal>> = before.keys().chain(after.keys()).copied().collect();
    let ids: Vec<Id<Deal>> = ids.into_iter().filter(|id| place.has(*id)).collect();
    if ids.is_empty() {
        return Ok(sums);
    }
    let deals = store::deals(tx, workspace, &ids).await?;
    // Hours and promises stand alone; the others bear on each other, such as a result and how glad they were.
    let others = if matches!(T::KIND, Kind::Activity | Kind::Effort | Kind::Commitment) {
        HashMap::new()
    } else {
        store::parts(tx, workspace, &ids, (Wanted::Few, &zone)).await?
    };
    for id in ids {
        let Some(deal) = deals.get(&id) else { continue };
        let other = others.get(&id).map(|parts| parts.without(&turned)).unwrap_or_default();
        let whole = |side: &mut BTreeMap<Id<Deal>, Parts>| {
            let mut parts = other.clone();
            parts.join(side.remove(&id).unwrap_or_default());
            tallies(deal, &parts, &zone)
        };
        sums.plus(whole(&mut after));
        sums.minus(whole(&mut before));
    }
    Ok(sums)
}

impl Parts {
    /// Those that are none of these.
    fn without(&self, turned: &BTreeSet<uuid::Uuid>) -> Self {
        fn keep<T: Clone>(all: &[Kept<T>], turned: &BTreeSet<uuid::Uuid>) -> Vec<Kept<T>> {
            all.iter().filter(|kept| !turned.contains(&kept.id.uuid())).cloned().collect()
        }
        Self {
            efforts: self.efforts.iter().filter(|it| !turned.contains(&it.id)).cloned().collect(),
            outcomes: keep(&self.outcomes, turned),
            gladness: keep(&self.gladness, turned),
            departures: keep(&self.departures, turned),
            concessions: keep(&self.concessions, turned),
            commitments: keep(&self.commitments, turned),
        }
    }

    fn join(&mut self, other: Self) {
        self.efforts.extend(other.efforts);
        self.outcomes.extend(other.outcomes);
        self.gladness.extend(other.gladness);
        self.departures.extend(other.departures);
        self.concessions.extend(other.concessions);
        self.commitments.extend(other.commitments);
    }
}

/// Puts a part with its deal; gives it back if it is of no deal.
fn put<T: Record>(
    kept: &Kept<T>,
    side: &mut BTreeMap<Id<Deal>, Parts>,
    zone: &TimeZone,
) -> Option<Effortful> {
    let any: &dyn Any = kept;
    let mut with = |deal: Id<Deal>, put: &dyn Fn(&mut Parts)| put(side.entry(deal).or_default());
    if let Some(it) = any.downcast_ref::<Kept<Activity>>() {
        let effort = Effortful::of_activity(it, zone);
        match it.deal_id {
            Some(deal) => with(deal, &|parts| parts.efforts.push(effort.clone())),
            None => return Some(effort),
        }
    } else if let Some(it) = any.downcast_ref::<Kept<Effort>>() {
        with(it.deal_id, &|parts| parts.efforts.push(Effortful::of_effort(it)));
    } else if let Some(it) = any.downcast_ref::<Kept<Outcome>>() {
        with(it.deal_id, &|parts| parts.outcomes.push(it.clone()));
    } else if let Some(it) = any.downcast_ref::<Kept<Gladness>>() {
        with(it.deal_id, &|parts| parts.gladness.push(it.clone()));
    } else if let Some(it) = any.downcast_ref::<Kept<Departure>>() {
        with(it.deal_id, &|parts| parts.departures.push(it.clone()));
    } else if let Some(it) = any.downcast_ref::<Kept<Concession>>() {
        with(it.deal_id, &|parts| parts.concessions.push(it.clone()));
    } else if let Some(it) = any.downcast_ref::<Kept<Commitment>>() {
        with(it.deal_id, &|parts| parts.commitments.push(it.clone()));
    }
    None
}

/// A new workspace has nothing to be counted, so from its first record on the counters are true.
///
/// # Errors
/// What the database says.
pub async fn begin(tx: &mut Tx, workspace: &Workspace) -> Result<()> {
    let place = Place { is_done: true, ..Place::begun(workspace.time_zone.clone()) };
    Ok(store::save_place(tx, workspace.id, &place).await?)
}

/// Asks for everything to be counted anew where the rules or the workspace's time zone changed, or counting was cut off.
///
/// # Errors
/// What the database says.
pub async fn ask(app: &App, workspace: &Workspace) -> Result<bool> {
    let place = store::place_seen(&mut app.read().await?, workspace.id).await?;
    if place.is_some_and(|place| place.is_done && place.is_of(&workspace.time_zone)) {
        return Ok(false);
    }
    let act = app.act_for(workspace.id, Via::Job);
    app.write(move |tx| Box::pin(async move { jobs::later(tx, &act, jobs::COUNT, "", "{}").await })).await?;
    Ok(true)
}

/// Counts everything of a workspace anew, from the first record on.
///
/// # Errors
/// What the database says.
pub async fn count_anew(app: &App, workspace: Id<Workspace>) -> Result<()> {
    app.write(move |tx| {
        Box::pin(async move {
            let place = Place { rules: 0, ..Place::begun(String::new()) };
            Ok(store::save_place(tx, workspace, &place).await?)
        })
    })
    .await?;
    count_on(app, workspace).await
}

/// Goes on counting where it was left, some records at a time, so that others have their turn.
///
/// # Errors
/// What the database says.
pub async fn count_on(app: &App, workspace: Id<Workspace>) -> Result<()> {
    while app.write(move |tx| Box::pin(async move { round(tx, workspace).await })).await? {}
    Ok(())
}

/// The name of the time zone in which a workspace is.
async fn zone_of(conn: &mut Conn, workspace: Id<Workspace>) -> Result<String> {
    let found = accounts::store::workspace(conn, workspace).await?;
    found.map(|it| it.time_zone).ok_or(Error::NotFound)
}

/// Counts some records; answers with whether there are more.
async fn round(tx: &mut Tx, workspace: Id<Workspace>) -> Result<bool> {
    let zone = zone_of(tx, workspace).await?;
    let mut place = match store::place_seen(tx, workspace).await? {
        Some(place) if place.is_of(&zone) => place,
        _ => {
            store::forget(tx, workspace).await?;
            Place::begun(zone)
        }
    };
    if place.is_done {
        return Ok(false);
    }
    // First: whoever writes meanwhile waits for the end of this round, and then knows how far it came.
    store::save_place(tx, workspace, &place).await?;
    let deals = store::deals_after(tx, workspace, place.deal, DEALS_PER_ROUND).await?;
    let mut sums = Sums::default();
    if let Some(last) = deals.last() {
        place.deal = Some(last.id.uuid());
        of_all(tx, workspace, &deals, &place.zone(), &mut sums).await?;
    }
    let after = (place.activity, ACTIVITIES_PER_ROUND);
    let efforts = store::loose_after(tx, workspace, after, &place.zone()).await?;
    if let Some(last) = efforts.last() {
        place.activity = Some(last.id);
        efforts.iter().for_each(|effort| sums.plus(loose(effort)));
    }
    place.is_done = deals.is_empty() && efforts.is_empty();
    store::add(tx, workspace, &sums).await?;
    store::save_place(tx, workspace, &place).await?;
    Ok(!place.is_done)
}

async fn of_all(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Kept<Deal>],
    zone: &TimeZone,
    sums: &mut Sums,
) -> Result<()> {
    let ids: Vec<Id<Deal>> = deals.iter().map(|deal| deal.id).collect();
    let parts = store::parts(conn, workspace, &ids, (Wanted::All, zone)).await?;
    let none = Parts::default();
    for deal in deals {
        sums.plus(tallies(deal, parts.get(&deal.id).unwrap_or(&none), zone));
    }
    Ok(())
}

/// What the counters hold, and what they would hold if everything were counted now.
///
/// # Errors
/// What the database says.
pub async fn both_ways(conn: &mut Conn, act: &Act) -> Result<(Sums, Sums)> {
    let workspace = act.scope.workspace();
    let kept = store::every(conn, workspace).await?;
    let zone = zone_of(conn, workspace).await?;
    let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
    let (mut sums, mut after) = (Sums::default(), None);
    loop {
        let deals = store::deals_after(conn, workspace, after, DEALS_PER_ROUND).await?;
        let Some(last) = deals.last() else { break };
        after = Some(last.id.uuid());
        of_all(conn, workspace, &deals, &zone, &mut sums).await?;
    }
    let mut after = None;
    loop {
        let efforts = store::loose_after(conn, workspace, (after, ACTIVITIES_PER_ROUND), &zone).await?;
        let Some(last) = efforts.last() else { break };
        after = Some(last.id);
        efforts.iter().for_each(|effort| sums.plus(loose(effort)));
    }
    Ok((kept, sums))
}
