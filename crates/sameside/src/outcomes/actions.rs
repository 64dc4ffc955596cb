//! The verbs of outcomes: say what is measured, write the result down, say how glad they are, learn from all of it.

use crate::accounts::{Act, Via};
use crate::base::{Date, Evidence, Id};
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::notices::{self, News, Source};
use crate::outcomes::{Felt, Gladness, Lessons, Measure, Occasion, Outcome, Whose, store};
use crate::records::{self, Kept};
use db::Tx;
use std::collections::HashMap;

/// What a person says is measured.
#[derive(Debug, Clone)]
pub struct Measured {
    /// What is counted.
    pub title: String,
    /// In what.
    pub unit: String,
    /// Where it stands before.
    pub baseline: f64,
    /// Where they want it.
    pub wished: f64,
    /// By when.
    pub by_on: Option<Date>,
    /// How we know where it stands.
    pub evidence: Evidence,
}

/// Says what is measured, or says it otherwise.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn measure(
    tx: &mut Tx,
    act: &Act,
    deal: Id<Deal>,
    version: Option<i64>,
    said: Measured,
) -> Result<Kept<Measure>> {
    let deal = records::get(tx, &act.scope, deal).await?;
    let measure = Measure {
        deal_id: deal.id,
        title: said.title,
        unit: said.unit,
        baseline: said.baseline,
        wished: said.wished,
        by_on: said.by_on,
        source: said.evidence.source,
        said_by: said.evidence.by,
        said_on: said.evidence.on,
        note: said.evidence.note,
    };
    match store::measure(tx, act.scope.workspace(), deal.id).await? {
        None => records::create(tx, act, measure).await,
        Some(kept) => {
            let edit = |it: &mut Measure| {
                *it = measure;
                Ok(())
            };
            records::change(tx, act, kept.id, version, edit).await
        }
    }
}

/// Writes the result of a deal down, in place of what was written before; the next estimates learn from it.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`; `Refused` before anything is agreed.
pub async fn record(
    tx: &mut Tx,
    act: &Act,
    deal: &Kept<Deal>,
    version: Option<i64>,
    outcome: Outcome,
) -> Result<Kept<Outcome>> {
    if deal.agreed_on.is_none() {
        return Err(Error::Refused("Nothing is agreed yet, so there is no result to measure.".into()));
    }
    if let Some(owner) = deal.owner_id.filter(|_| act.via == Via::Page) {
        let words = format!(
            "What became of {} is written down: {}",
            deal.title,
            outcome.reached.label().to_lowercase()
        );
        let path = format!("/deals/{}/outcome", deal.id);
        let news = News { about: Some(deal.id.uuid()), ..News::new(Source::Come, words, path) };
        notices::tell(tx, act, owner, news).await?;
    }
    let kept = store::outcome(tx, act.scope.workspace(), deal.id).await?;
    match kept {
        None => records::create(tx, act, outcome).await,
        Some(kept) => {
            // What was thought stays as it was when the result was first written down.
            let thought = kept.thought.clone();
            let edit = |it: &mut Outcome| {
                *it = outcome;
                it.thought = thought;
                Ok(())
            };
            records::change(tx, act, kept.id, version, edit).await
        }
    }
}

/// What a person says of how glad they are.
#[derive(Debug, Clone)]
pub struct Feeling {
    /// When it was asked.
    pub moment: Occasion,
    /// Who says so.
    pub whose: Whose,
    /// How glad.
    pub felt: Felt,
    /// Why.
    pub because: Option<String>,
    /// Who of them.
    pub said_by: Option<String>,
}

/// Writes down how glad they are. Said again for the same moment by the same side, it takes the place of what was said.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn feel(
    tx: &mut Tx,
    act: &Act,
    deal: Id<Deal>,
    feeling: Feeling,
    today: Date,
) -> Result<Kept<Gladness>> {
    let deal = records::get(tx, &act.scope, deal).await?;
    let it = Gladness {
        deal_id: deal.id,
        moment: feeling.moment,
        whose: feeling.whose,
        felt: feeling.felt,
        because: feeling.because,
        said_by: feeling.said_by.filter(|_| feeling.whose == Whose::Client),
        said_on: today,
    };
    let said = store::gladness(tx, act.scope.workspace(), deal.id).await?;
    match said.into_iter().find(|kept| kept.moment == it.moment && kept.whose == it.whose) {
        None => records::create(tx, act, it).await,
        Some(kept) => {
            let edit = |gladness: &mut Gladness| {
                *gladness = it;
                Ok(())
            };
            records::change(tx, act, kept.id, None, edit).await
        }
    }
}

/// Learns from every result what estimates really come to.
///
/// # Errors
/// What the database says.
pub async fn learn(tx: &mut Tx, act: &Act) -> Result<()> {
    let workspace = act.scope.workspace();
    let results = store::results(tx, workspace).await?;
    let profiles: HashMap<_, _> = store::profiles(tx, workspace)
        .await?
        .into_iter()
        .map(|(product, parameter, likely)| ((product, parameter), likely))
        .collect();
    let lessons = Lessons::learn(&results, |product, parameter| profiles.get(&(product, parameter)).copied());
    Ok(store::save_lessons(tx, workspace, &lessons, act.now).await?)
}
