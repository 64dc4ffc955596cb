//! Verifying: the result of a deal is written down beside what was thought of it, and the deal is verified (P15, P21).

use crate::accounts::{self, Act, Settings};
use crate::assessment::{self, Basis, Line, Origin};
use crate::base::{Date, Evidence, Id, Range, Source};
use crate::deals::{Deal, Phase};
use crate::desk::actions::save;
use crate::diagnosis::Parameter;
use crate::error::{Error, Result};
use crate::outcomes::{self, Outcome, REAL, Reached, Thought, ThoughtLine, Whence, key, share_of};
use crate::records::{self, Kept};
use db::{Conn, Tx};
use engine::{Rate, assess};
use std::sync::Arc;

/// What a person says of the result.
#[derive(Debug, Clone)]
pub struct Came {
    /// The version of the result they saw, if there was one.
    pub version: Option<i64>,
    /// When it was measured or asked.
    pub measured_on: Date,
    /// Whether they have what they wanted.
    pub reached: Reached,
    /// Where their measure stands.
    pub achieved: Option<f64>,
    /// What the figures really were.
    pub real: Vec<(Parameter, f64)>,
    /// How we know.
    pub evidence: Evidence,
    /// What we learnt.
    pub learnt: Option<String>,
}

/// Writes the result of a deal down, and verifies the deal.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`; `Refused` when nothing was agreed.
pub async fn verify(tx: &mut Tx, act: &Act, id: Id<Deal>, came: Came, today: Date) -> Result<Kept<Outcome>> {
    let workspace = act.scope.workspace();
    let deal = records::get(tx, &act.scope, id).await?;
    let settings = accounts::store::workspace(tx, workspace).await?.ok_or(Error::NotFound)?.settings;
    let measure = outcomes::store::measure(tx, workspace, id).await?;
    let thought = match outcomes::store::outcome(tx, workspace, id).await? {
        Some(kept) => kept.it.thought,
        None => {
            let mut thought = thought(tx, act, &deal).await?;
            thought.hoped = Some(hoped(&deal, &settings, &thought)?);
            thought
        }
    };
    if came.achieved.is_some() && measure.is_none() {
        return Err(Error::field("achieved", "nothing here, until it is said what is measured"));
    }
    if deal.agreed_on.is_some_and(|day| came.measured_on < day) {
        return Err(Error::field("measured_on", "a day after it was agreed"));
    }
    if came.measured_on > today {
        return Err(Error::field("measured_on", "a day that has come"));
    }
    let change_share = measure.as_ref().zip(came.achieved).map(|(measure, now)| measure.share(now));
    let share = change_share.map_or(share_of(came.reached), |share| share.clamp(0.0, 1.0));
    let real =
        |parameter: Parameter| came.real.iter().find(|(of, _)| *of == parameter).map(|(_, value)| *value);
    let mut outcome = Outcome {
        deal_id: id,
        measured_on: came.measured_on,
        reached: came.reached,
        achieved: came.achieved,
        share,
        change_share,
        benefit: real(Parameter::Benefit),
        delay: real(Parameter::Delay),
        adoption: real(Parameter::Adoption),
        delivery: real(Parameter::Delivery),
        service: real(Parameter::Service),
        hours: real(Parameter::Hours),
        client_gain: 0.0,
        company_gain: 0.0,
        thought,
        source: came.evidence.source,
        said_by: came.evidence.by,
        note: came.evidence.note,
        learnt: came.learnt,
    };
    (outcome.client_gain, outcome.company_gain) = really(&deal, &settings, &outcome)?;
    let kept = outcomes::actions::record(tx, act, &deal, came.version, outcome).await?;
    save(tx, act, id, None, |deal| deal.verify(today)).await?;
    Ok(kept)
}

/// What was thought of a deal before anybody had decided, without what results have taught since.
///
/// # Errors
/// What the database says.
async fn thought(conn: &mut Conn, act: &Act, deal: &Kept<Deal>) -> Result<Thought> {
    let workspace = act.scope.workspace();
    let known = assessment::actions::known(conn, workspace, &[deal.id]).await?.remove(&deal.id);
    let mut ground = assessment::actions::ground(conn, workspace).await?;
    ground.lessons = Arc::default();
    let before = Deal { phase: Phase::Hear, ..deal.it.clone() };
    let Some(basis) = Basis::gather(&before, &known.unwrap_or_default(), &ground, None) else {
        return Ok(Thought::default());
    };
    let whence = |line: &Line| match (line.origin, line.evidence.source) {
        (Origin::Deal, Source::OurEstimate) => Whence::Ours,
        (Origin::Deal, Source::ClientSaid | Source::Measured) => Whence::Theirs,
        (Origin::Product, _) => Whence::Profile,
        _ => Whence::Assumed,
    };
    let lines = basis.lines.iter().filter(|line| line.parameter != Parameter::Win).map(|line| ThoughtLine {
        parameter: line.parameter,
        range: line.range,
        whence: whence(line),
    });
    let hour_value = basis.hour_value.as_ref().map_or(ground.settings.hour_value, |hour| hour.value);
    Ok(Thought { lines: lines.collect(), hour_value, price: basis.price.units(), hoped: None })
}

/// What both sides gained, by what really was; where nobody counted, by what was thought likely.
fn really(deal: &Deal, settings: &Settings, outcome: &Outcome) -> Result<(f64, f64)> {
    let value = |parameter: Parameter| {
        let thought = outcome.thought.of(parameter).map(|line| Range::exactly(line.range.likely()));
        outcome.real(parameter).map(Range::exactly).or(thought)
    };
    // A benefit that was counted is what they have, however far it came.
    let is_counted = outcome.benefit.is_some() && outcome.reached != Reached::NotAtAll;
    gains(deal, settings, &outcome.thought, if is_counted { 1.0 } else { outcome.share }, value)
}

/// What both sides were thought to gain, once it was agreed.
///
/// # Errors
/// `Invalid` if a figure is beyond what the engine takes.
pub fn hoped(deal: &Deal, settings: &Settings, thought: &Thought) -> Result<(f64, f64)> {
    if let Some(hoped) = thought.hoped {
        return Ok(hoped);
    }
    let success = thought.of(Parameter::Success).map_or(1.0, |line| line.range.likely());
    gains(deal, settings, thought, success, |parameter| thought.of(parameter).map(|line| line.range))
}

/// The means of both sides' surplus, by the engine.
fn gains(
    deal: &Deal,
    settings: &Settings,
    thought: &Thought,
    success: f64,
    value: impl Fn(Parameter) -> Option<Range>,
) -> Result<(f64, f64)> {
    let price = deal.price().map_or(thought.price, crate::base::Money::units);
    let mut input = assessment::sums(deal, price, thought.hour_value, settings, value);
    input.client.success = Rate::known(success.clamp(0.0, 1.0)).unwrap_or(Rate::UNKNOWN);
    input.company.win = Some(Rate::known(1.0).unwrap_or(Rate::UNKNOWN));
    input.questions = Some(Vec::new());
    let answer = assess::assess(&input).map_err(|error| Error::field("result", error.to_string()))?;
    Ok((answer.client.mean, answer.company.mean))
}

/// The fields of the form that hold real values.
pub fn fields() -> impl Iterator<Item = (Parameter, &'static str)> {
    REAL.into_iter().map(|parameter| (parameter, key(parameter)))
}
