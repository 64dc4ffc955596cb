//! What is said in a conversation, and what follows for both sides.

use crate::accounts::Act;
use crate::assessment;
use crate::base::{Evidence, Id};
use crate::deals::Deal;
use crate::deals::pipelines::Way;
use crate::desk::{
    self,
    actions::{Answers, Goal},
};
use crate::diagnosis::actions::Answer;
use crate::diagnosis::said::{self, Ruling};
use crate::diagnosis::{Alternative, Bearing, CostPart, Step};
use crate::error::Result;
use crate::questions::actions::Said;
use crate::questions::{self, Question};
use crate::records::{self, Kept};
use db::Tx;

/// Says that an alternative is the best they could do; the deal is weighed anew.
///
/// # Errors
/// As [`said::best`].
pub async fn best(tx: &mut Tx, act: &Act, id: Id<Alternative>) -> Result<Kept<Alternative>> {
    let kept = said::best(tx, act, id).await?;
    assessment::actions::refresh(tx, act, kept.deal_id).await?;
    Ok(kept)
}

/// Says an alternative otherwise; the deal is weighed anew.
///
/// # Errors
/// As [`said::weigh_again`].
pub async fn weigh_again(
    tx: &mut Tx,
    act: &Act,
    id: Id<Alternative>,
    version: Option<i64>,
    it: Alternative,
) -> Result<Kept<Alternative>> {
    let kept = said::weigh_again(tx, act, id, version, it).await?;
    assessment::actions::refresh(tx, act, kept.deal_id).await?;
    Ok(kept)
}

/// Says whether the product's limits bear on the deal; it is weighed anew.
///
/// # Errors
/// As [`said::rule`].
pub async fn rule(tx: &mut Tx, act: &Act, id: Id<Deal>, ruling: Ruling) -> Result<Kept<Bearing>> {
    let kept = said::rule(tx, act, id, ruling).await?;
    assessment::actions::refresh(tx, act, id).await?;
    Ok(kept)
}

/// Counts a part of what the problem costs; the deal is weighed anew.
///
/// # Errors
/// As [`said::count`].
pub async fn count(tx: &mut Tx, act: &Act, it: CostPart) -> Result<Kept<CostPart>> {
    let kept = said::count(tx, act, it).await?;
    assessment::actions::refresh(tx, act, kept.deal_id).await?;
    Ok(kept)
}

/// Counts a part otherwise; the deal is weighed anew.
///
/// # Errors
/// As [`said::count_again`].
pub async fn count_again(
    tx: &mut Tx,
    act: &Act,
    id: Id<CostPart>,
    version: Option<i64>,
    it: CostPart,
) -> Result<Kept<CostPart>> {
    let kept = said::count_again(tx, act, id, version, it).await?;
    assessment::actions::refresh(tx, act, kept.deal_id).await?;
    Ok(kept)
}

/// Takes a part off; the deal is weighed anew.
///
/// # Errors
/// As [`said::forget_cost`].
pub async fn forget_cost(tx: &mut Tx, act: &Act, id: Id<CostPart>) -> Result<Id<Deal>> {
    let deal = said::forget_cost(tx, act, id).await?;
    assessment::actions::refresh(tx, act, deal).await?;
    Ok(deal)
}

/// Lets the deal count with the sum of its parts.
///
/// # Errors
/// As [`said::sum_up`].
pub async fn sum_up(tx: &mut Tx, act: &Act, deal: Id<Deal>) -> Result<()> {
    said::sum_up(tx, act, deal).await?;
    assessment::actions::refresh(tx, act, deal).await.map(drop)
}

/// Adds a step to their path; the deal is weighed anew.
///
/// # Errors
/// As [`said::step`].
pub async fn step(tx: &mut Tx, act: &Act, it: Step) -> Result<Kept<Step>> {
    let kept = said::step(tx, act, it).await?;
    assessment::actions::refresh(tx, act, kept.deal_id).await?;
    Ok(kept)
}

/// Says a step otherwise; the deal is weighed anew.
///
/// # Errors
/// As [`said::step_again`].
pub async fn step_again(
    tx: &mut Tx,
    act: &Act,
    id: Id<Step>,
    version: Option<i64>,
    it: Step,
) -> Result<Kept<Step>> {
    let kept = said::step_again(tx, act, id, version, it).await?;
    assessment::actions::refresh(tx, act, kept.deal_id).await?;
    Ok(kept)
}

/// A step is behind us, or ahead again; the deal is weighed anew.
///
/// # Errors
/// As [`said::pass`].
pub async fn pass(tx: &mut Tx, act: &Act, id: Id<Step>) -> Result<Kept<Step>> {
    let kept = said::pass(tx, act, id).await?;
    assessment::actions::refresh(tx, act, kept.deal_id).await?;
    Ok(kept)
}

/// Moves a step; the deal is weighed anew.
///
/// # Errors
/// As [`said::place_step`].
pub async fn place_step(tx: &mut Tx, act: &Act, id: Id<Step>, way: Option<Way>) -> Result<Id<Deal>> {
    let deal = said::place_step(tx, act, id, way).await?;
    assessment::actions::refresh(tx, act, deal).await?;
    Ok(deal)
}

/// Takes a step off; the deal is weighed anew.
///
/// # Errors
/// As [`said::forget_step`].
pub async fn forget_step(tx: &mut Tx, act: &Act, id: Id<Step>) -> Result<Id<Deal>> {
    let deal = said::forget_step(tx, act, id).await?;
    assessment::actions::refresh(tx, act, deal).await?;
    Ok(deal)
}

/// Writes one figure down; the deal is weighed anew.
///
/// # Errors
/// As [`crate::diagnosis::actions::answer`].
pub async fn figure(tx: &mut Tx, act: &Act, deal: Id<Deal>, answer: Answer) -> Result<()> {
    records::get(tx, &act.scope, deal).await?;
    crate::diagnosis::actions::answer(tx, act, deal, vec![answer]).await?;
    assessment::actions::refresh(tx, act, deal).await.map(drop)
}

/// Writes down what the deal says to a question of ours; the deal is weighed anew.
///
/// # Errors
/// As [`questions::actions::answer`].
pub async fn own(
    tx: &mut Tx,
    act: &Act,
    deal: Id<Deal>,
    question: (Id<Question>, Option<i64>),
    said: Said,
    evidence: Evidence,
) -> Result<Kept<questions::Answer>> {
    let kept = questions::actions::answer(tx, act, deal, question, said, evidence).await?;
    assessment::actions::refresh(tx, act, deal).await?;
    Ok(kept)
}

/// Writes down what they want to do; the deal is weighed anew.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Conflict`.
pub async fn goal(tx: &mut Tx, act: &Act, deal: Id<Deal>, version: Option<i64>, goal: Goal) -> Result<()> {
    let kept = records::get(tx, &act.scope, deal).await?;
    let answers = Answers { version, goal, price_minor: kept.price_minor, figures: Vec::new() };
    desk::actions::answer(tx, act, deal, answers).await.map(drop)
}
