//! The verbs of pursuit: note what went in, set how much may, answer a stop; and looking at what deals ask.

use crate::accounts::{self, Act, Member, Right, Workspace};
use crate::app::App;
use crate::assessment::{self, TrackRecord, Words};
use crate::base::{Date, Id, When};
use crate::deals::{Deal, Stage};
use crate::error::{Error, Result};
use crate::pursuit::{Budget, Choice, Decision, Effort, Facts, Stay, effort, store};
use crate::records::{self, Kept};
use db::{Conn, Tx};
use std::collections::HashMap;

/// A timer that ran longer than this, in minutes, was likely forgotten: then its end asks how long the work was.
const FORGOTTEN_MINUTES: i64 = 12 * 60;
/// The longest text of what a deal asks that lists show.
const SAID_CHARS: usize = 400;

/// Notes hours or money that went into a deal.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`.
pub async fn note(tx: &mut Tx, act: &Act, effort: Effort) -> Result<Kept<Effort>> {
    let deal = records::get(tx, &act.scope, effort.deal_id).await?;
    let kept = records::create(tx, act, effort).await?;
    refresh(tx, act, deal.id).await?;
    Ok(kept)
}

/// Changes an entry: what it was for, when, how much. Whose it is and of which deal stays. Answers with it.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict` when `version` is not the newest.
pub async fn change(
    tx: &mut Tx,
    act: &Act,
    id: Id<Effort>,
    version: Option<i64>,
    said: Effort,
) -> Result<Kept<Effort>> {
    let deal = deal_of(tx, act, id).await?;
    let edit = |effort: &mut Effort| {
        let (deal_id, owner_id, currency) = (effort.deal_id, effort.owner_id, effort.currency);
        *effort = Effort { deal_id, owner_id, currency, ..said };
        Ok(())
    };
    let kept = records::change(tx, act, id, version, edit).await?;
    refresh(tx, act, deal).await?;
    Ok(kept)
}

/// Removes an entry; it can be brought back. Answers with its deal.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn remove(tx: &mut Tx, act: &Act, id: Id<Effort>) -> Result<Id<Deal>> {
    let deal = deal_of(tx, act, id).await?;
    records::remove(tx, act, id).await?;
    refresh(tx, act, deal).await?;
    Ok(deal)
}

/// Brings a removed entry back. Answers with its deal.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn restore(tx: &mut Tx, act: &Act, id: Id<Effort>) -> Result<Id<Deal>> {
    let deal = deal_of(tx, act, id).await?;
    records::restore(tx, act, id).await?;
    refresh(tx, act, deal).await?;
    Ok(deal)
}

/// The deal of an entry, which this person must see.
async fn deal_of(tx: &mut Tx, act: &Act, id: Id<Effort>) -> Result<Id<Deal>> {
    let kept = records::get_any(tx, &act.scope, id).await?;
    Ok(records::get(tx, &act.scope, kept.deal_id).await?.id)
}

fn oneself(act: &Act) -> Result<Id<Member>> {
    act.scope.member().ok_or_else(|| Error::Refused("A timer is a member's own.".into()))
}

/// Starts the timer of whoever acts. One that runs for another deal is ended and noted first, one that runs for this
/// deal goes on.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` when one was forgotten elsewhere, which has to be ended by hand.
pub async fn start_timer(tx: &mut Tx, act: &Act, id: Id<Deal>, today: Date) -> Result<Option<Kept<Effort>>> {
    act.scope.require(Right::Sell)?;
    let (member, deal) = (oneself(act)?, records::get(tx, &act.scope, id).await?);
    let running = store::timer(tx, act.scope.workspace(), member).await?;
    let noted = match running {
        Some((other, _)) if other == deal.id => return Ok(None),
        Some(_) => end_timer(tx, act, None, None, today).await?,
        None => None,
    };
    store::start(tx, act.scope.workspace(), member, deal.id, act.now).await?;
    Ok(noted)
}

/// Ends the timer of whoever acts and notes the time: as measured, or as they say.
///
/// # Errors
/// `Refused` when none runs; `Invalid` when it ran so long that it was likely forgotten and nothing is said.
pub async fn end_timer(
    tx: &mut Tx,
    act: &Act,
    minutes: Option<i64>,
    title: Option<String>,
    today: Date,
) -> Result<Option<Kept<Effort>>> {
    act.scope.require(Right::Sell)?;
    let member = oneself(act)?;
    let Some((id, since)) = store::timer(tx, act.scope.workspace(), member).await? else {
        return Err(Error::Refused("No timer runs. It was ended elsewhere, perhaps.".into()));
    };
    let measured = minutes_between(since, act.now);
    if minutes.is_none() && measured > FORGOTTEN_MINUTES {
        return Err(Error::field(
            "worked",
            format!("how long the work was; the timer ran for {} hours", measured / 60),
        ));
    }
    store::end(tx, act.scope.workspace(), member).await?;
    // The deal may have gone meanwhile: then nothing is noted, and the timer does not haunt anybody.
    let Ok(deal) = records::get::<Deal>(tx, &act.scope, id).await else { return Ok(None) };
    let effort = Effort {
        deal_id: deal.id,
        owner_id: Some(member),
        title: title.unwrap_or_else(|| "Worked on it".into()),
        worked_on: today,
        minutes: Some(minutes.unwrap_or(measured).min(effort::MINUTES_MAX)),
        spent_minor: None,
        currency: deal.currency,
    };
    note(tx, act, effort).await.map(Some)
}

/// Ends the timer of whoever acts without noting anything.
///
/// # Errors
/// `Forbidden`.
pub async fn drop_timer(tx: &mut Tx, act: &Act) -> Result<()> {
    act.scope.require(Right::Sell)?;
    let member = oneself(act)?;
    Ok(store::end(tx, act.scope.workspace(), member).await?)
}

/// Minutes from one moment to another, begun ones counted.
pub fn minutes_between(since: When, now: When) -> i64 {
    (now.seconds_since(since).max(0) + 59).div_euclid(60).max(1)
}

/// Sets the hours that may go into a deal, with the reason; without hours they follow from its worth again.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`.
pub async fn set_budget(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    hours: Option<f64>,
    reason: Option<String>,
) -> Result<()> {
    let deal = records::get(tx, &act.scope, id).await?;
    let set = store::budgets(tx, act.scope.workspace(), &[deal.id]).await?.remove(&deal.id);
    let reason = reason.unwrap_or_default();
    match (set, hours) {
        (None, None) => {}
        (Some(set), None) => records::remove::<Budget>(tx, act, set.id).await?,
        (None, Some(hours)) => {
            drop(records::create(tx, act, Budget { deal_id: deal.id, hours, reason }).await?)
        }
        (Some(set), Some(hours)) => {
            let edit = |budget: &mut Budget| {
                budget.hours = hours;
                budget.reason = reason;
                Ok(())
            };
            records::change(tx, act, set.id, None, edit).await?;
        }
    }
    refresh(tx, act, deal.id).await
}

/// What somebody decided at a stop.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What.
    pub choice: Choice,
    /// Why.
    pub reason: Option<String>,
    /// How many hours more may go in, if they say so: the budget becomes what is spent and these.
    pub hours_more: Option<f64>,
}

/// Answers a stop: what was asked is not asked again until its facts change.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` without a reason.
pub async fn decide(tx: &mut Tx, act: &Act, id: Id<Deal>, answer: Answer) -> Result<Kept<Decision>> {
    let deal = records::get(tx, &act.scope, id).await?;
    let facts = of_deal(tx, act.scope.workspace(), &deal, act.now).await?;
    let asked: Vec<String> = facts.open().iter().map(|point| facts.mark(point)).collect();
    let decision = Decision {
        deal_id: deal.id,
        owner_id: act.scope.member(),
        choice: answer.choice,
        reason: answer.reason.clone().unwrap_or_default(),
        asked: asked.join(" "),
        hours_spent: facts.spent.hours(),
        worth: facts.worth,
        verdict: facts.verdict.clone(),
    };
    let kept = records::create(tx, act, decision).await?;
    if let Some(more) = answer.hours_more {
        let hours = ((facts.spent.hours() + more) * 4.0).ceil() / 4.0;
        set_budget(tx, act, id, Some(hours), answer.reason).await?;
    }
    refresh(tx, act, deal.id).await?;
    Ok(kept)
}

/// What is known of the pursuit of some deals, by deal.
///
/// # Errors
/// What the database says.
pub async fn gather(
    conn: &mut Conn,
    workspace: &Workspace,
    deals: &[Kept<Deal>],
    now: When,
) -> Result<HashMap<Id<Deal>, Facts>> {
    let (id, zone) = (workspace.id, workspace.zone());
    let today = now.day(&zone);
    let ids: Vec<Id<Deal>> = deals.iter().map(|deal| deal.id).collect();
    let mut spent = store::spent(conn, id, &ids).await?;
    let mut late = store::late(conn, id, &ids, today).await?;
    let mut budgets = store::budgets(conn, id, &ids).await?;
    let mut decisions = store::decisions(conn, id, &ids).await?;
    let mut answers = store::answers(conn, id, &ids).await?;
    let stays = store::stays(conn, id).await?;
    let past = assessment::store::track_records(conn, id).await?;
    let past: HashMap<String, TrackRecord> = past.into_iter().collect();
    let course = |deal: &Deal| {
        let own = deal.product_id.and_then(|product| past.get(&product.to_string()));
        let known = |record: &&TrackRecord| record.ended >= super::point::STAYS_MIN;
        let record = own.filter(known).or_else(|| past.get("").filter(known))?;
        let [_, days_p50, days_p90] = record.days;
        Some(Stay { count: record.ended, days_p50, days_p90 })
    };
    let mut facts = |deal: &Kept<Deal>| {
        let answer = answers.remove(&deal.id);
        Facts {
            standing: deal.standing,
            phase: deal.phase,
            stage: deal.stage_id,
            days_in_stage: now.seconds_since(deal.moved_at).max(0) / 86_400,
            stay: stays.get(&deal.stage_id).copied(),
            days_open: deal.opened_on.map_or(0, |day| today.days_since(day).max(0)),
            course: course(deal),
            spent: spent.remove(&deal.id).unwrap_or_default(),
            hours_ahead: answer.as_ref().map_or(0.0, |(_, hours, _)| *hours),
            worth: answer.as_ref().map(|(worth, ..)| *worth),
            verdict: answer.map(|(.., verdict)| verdict),
            hour_value: workspace.settings.hour_value,
            share: workspace.settings.pursuit_share,
            set: budgets.remove(&deal.id),
            late: late.remove(&deal.id).unwrap_or_default(),
            decisions: decisions.remove(&deal.id).unwrap_or_default(),
            today,
        }
    };
    Ok(deals.iter().map(|deal| (deal.id, facts(deal))).collect())
}

/// What is known of the pursuit of one deal.
///
/// # Errors
/// What the database says.
pub async fn of_deal(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: &Kept<Deal>,
    now: When,
) -> Result<Facts> {
    let workspace = accounts::store::workspace(conn, workspace).await?.ok_or(Error::NotFound)?;
    let mut all = gather(conn, &workspace, std::slice::from_ref(deal), now).await?;
    all.remove(&deal.id).ok_or(Error::NotFound)
}

/// What a deal asks, in a sentence or two; nothing, if it asks nothing.
fn asked(deal: &Deal, facts: &Facts, workspace: &Workspace) -> Option<String> {
    let words = Words { currency: deal.currency, locale: workspace.locale };
    let texts: Vec<String> = facts.open().iter().map(|point| point.text(words)).collect();
    let text = texts.join(" ");
    (!text.is_empty()).then(|| text.chars().take(SAID_CHARS).collect())
}

/// Looks again at what a deal asks, in the transaction of the change that calls for it.
///
/// # Errors
/// What the database says.
pub async fn refresh(tx: &mut Tx, act: &Act, id: Id<Deal>) -> Result<()> {
    let deal = records::get_any(tx, &act.scope, id).await?;
    let workspace = accounts::store::workspace(tx, act.scope.workspace()).await?.ok_or(Error::NotFound)?;
    let facts = gather(tx, &workspace, std::slice::from_ref(&deal), act.now).await?;
    let stop = facts
        .get(&id)
        .filter(|_| deal.removed_at.is_none())
        .and_then(|facts| asked(&deal, facts, &workspace));
    Ok(store::keep(tx, workspace.id, &[(id, stop)], act.now).await?)
}

/// Looks again at what some deals ask; those that are no deals are left out. For background work.
///
/// # Errors
/// What the database says.
pub async fn look(app: &App, act: &Act, ids: &[Id<Deal>]) -> Result<()> {
    let mut conn = app.read().await?;
    let workspace =
        accounts::store::workspace(&mut conn, act.scope.workspace()).await?.ok_or(Error::NotFound)?;
    let deals: Vec<Kept<Deal>> = records::by_ids(&mut conn, workspace.id, ids).await?;
    let facts = gather(&mut conn, &workspace, &deals, act.now).await?;
    let known = store::kept(&mut conn, workspace.id, ids).await?;
    drop(conn);
    let stop = |deal: &Kept<Deal>| {
        let facts = facts.get(&deal.id).filter(|_| deal.removed_at.is_none());
        (deal.id, facts.and_then(|facts| asked(deal, facts, &workspace)))
    };
    let mut stops: Vec<(Id<Deal>, Option<String>)> = deals.iter().map(stop).collect();
    // Most deals ask what they asked before: nothing is written for them.
    stops.retain(|(deal, stop)| known.get(deal) != stop.as_ref());
    if stops.is_empty() {
        return Ok(());
    }
    let (workspace, now) = (workspace.id, act.now);
    app.write(move |tx| Box::pin(async move { Ok(store::keep(tx, workspace, &stops, now).await?) })).await
}

/// Counts how long deals stay in the stages, from the moves that the history knows.
///
/// # Errors
/// What the database says.
pub async fn count_stays(app: &App, act: &Act) -> Result<()> {
    let workspace = act.scope.workspace();
    let mut days: HashMap<Id<Stage>, Vec<i64>> = HashMap::new();
    store::each_move(&mut app.read().await?, workspace, |changes| {
        if let Some((stage, stayed)) = stay_told_by(changes) {
            days.entry(stage).or_default().push(stayed);
        }
    })
    .await?;
    let stays: Vec<(Id<Stage>, Stay)> = days
        .into_iter()
        .map(|(stage, mut days)| {
            days.sort_unstable();
            let at = |share: usize| days.get((days.len() - 1) * share / 100).copied().unwrap_or(0);
            let count = i64::try_from(days.len()).unwrap_or(i64::MAX);
            (stage, Stay { count, days_p50: at(50), days_p90: at(90) })
        })
        .collect();
    let now = act.now;
    app.write(move |tx| Box::pin(async move { Ok(store::save_stays(tx, workspace, &stays, now).await?) }))
        .await
}

/// The stage a move left, and for how many days the deal had been there.
fn stay_told_by(changes: &str) -> Option<(Id<Stage>, i64)> {
    let changes: serde_json::Value = serde_json::from_str(changes).ok()?;
    let stage = changes.get("stage_id")?.get(0)?.as_str()?.parse().ok()?;
    let moment = |n: usize| -> Option<When> {
        changes.get("moved_at")?.get(n)?.as_str()?.parse::<jiff::Timestamp>().ok().map(When::of)
    };
    Some((stage, moment(1)?.seconds_since(moment(0)?).max(0) / 86_400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_tells_how_long_the_deal_stayed() {
        let stage = "01a2017c-0149-79d8-99c4-6e2d54bbf001";
        let changes = format!(
            r#"{{"stage_id":["{stage}","01a2017c-0149-79d8-99c4-6e2d54bbf002"],"moved_at":["2026-11-01T10:00:00Z","2026-11-22T09:00:00Z"]}}"#
        );
        assert_eq!(stay_told_by(&changes), Some((stage.parse().unwrap(), 20)));
        assert_eq!(stay_told_by(r#"{"moved_at":["2026-11-01T10:00:00Z","2026-11-22T09:00:00Z"]}"#), None);
    }

    #[test]
    fn a_minute_begun_is_a_minute() {
        let at = |seconds| When::from_micros(1_800_000_000_000_000).plus_seconds(seconds);
        assert_eq!(minutes_between(at(0), at(0)), 1);
        assert_eq!(minutes_between(at(0), at(60)), 1);
        assert_eq!(minutes_between(at(0), at(61)), 2);
    }
}
