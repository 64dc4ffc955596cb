//! What is done with pipelines and their stages.
//!
//! Invariants: a workspace has a pipeline, a pipeline has a stage; no deal is left in a stage that is removed; a
//! deal has the phase of its stage, also when the stage comes to mean something else.

use crate::accounts::{Act, Right, store as accounts};
use crate::base::{Date, Id, codes, fold};
use crate::deals::{Deal, Phase, Pipeline, Stage, store};
use crate::error::{Error, Result};
use crate::jobs;
use crate::records::{self, Kept, Kind};
use db::Tx;

/// Deals carried to another stage at once.
const CARRIED_AT_ONCE: i64 = 500;
/// The most deals carried to another stage in one go: it is one transaction, with an event for each.
const CARRIED_MAX: i64 = 20_000;

codes! {
    /// Which way something is moved in its order.
    pub enum Way {
        /// Towards the beginning.
        Up = "up", "Up";
        /// Towards the end.
        Down = "down", "Down";
    }
}

/// Adds a pipeline with one stage for each phase.
///
/// # Errors
/// `Forbidden`, `Invalid`; `Refused` when there are too many.
pub async fn add(tx: &mut Tx, act: &Act, name: String) -> Result<Kept<Pipeline>> {
    let all = free_name(tx, act, &name, None).await?;
    if all.len() >= usize::try_from(store::PIPELINES_MAX).unwrap_or(usize::MAX) {
        return Err(Error::Refused(format!("A workspace has {} pipelines at most.", store::PIPELINES_MAX)));
    }
    let position = all.last().map_or(1, |last| last.position + 1);
    let pipeline = records::create(tx, act, Pipeline { name, position }).await?;
    for (position, phase) in (1..).zip(Phase::ALL) {
        let stage = Stage { pipeline_id: pipeline.id, name: phase.label().into(), phase: *phase, position };
        records::create(tx, act, stage).await?;
    }
    Ok(pipeline)
}

/// Calls a pipeline something else.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn rename(
    tx: &mut Tx,
    act: &Act,
    id: Id<Pipeline>,
    version: Option<i64>,
    name: String,
) -> Result<Kept<Pipeline>> {
    free_name(tx, act, &name, Some(id)).await?;
    records::change(tx, act, id, version, |pipeline: &mut Pipeline| {
        pipeline.name = name;
        Ok(())
    })
    .await
}

/// A name belongs to one pipeline alone; answers with all pipelines.
async fn free_name(
    tx: &mut Tx,
    act: &Act,
    name: &str,
    of: Option<Id<Pipeline>>,
) -> Result<Vec<Kept<Pipeline>>> {
    let all = store::pipelines(tx, act.scope.workspace()).await?;
    if all.iter().any(|other| Some(other.id) != of && fold(&other.name) == fold(name)) {
        return Err(Error::field("name", "a name that no other pipeline has"));
    }
    Ok(all)
}

/// Moves a pipeline one place; at an end it stays.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` without a way.
pub async fn place(tx: &mut Tx, act: &Act, id: Id<Pipeline>, way: Option<Way>) -> Result<()> {
    records::get(tx, &act.scope, id).await?;
    let way = way.ok_or_else(|| Error::field("way", "up or down"))?;
    let all = store::pipelines(tx, act.scope.workspace()).await?;
    let order: Vec<_> = all.iter().map(|one| (one.id, one.position)).collect();
    for (id, position) in moved(&order, id, way) {
        let edit = |pipeline: &mut Pipeline| {
            pipeline.position = position;
            Ok(())
        };
        records::change(tx, act, id, None, edit).await?;
    }
    Ok(())
}

/// Moves a stage one place in its pipeline; at an end it stays.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` without a way.
pub async fn place_stage(tx: &mut Tx, act: &Act, id: Id<Stage>, way: Option<Way>) -> Result<()> {
    let stage = records::get(tx, &act.scope, id).await?;
    let way = way.ok_or_else(|| Error::field("way", "up or down"))?;
    let all = stages_of(tx, act, stage.pipeline_id).await?;
    let order: Vec<_> = all.iter().map(|one| (one.id, one.position)).collect();
    for (id, position) in moved(&order, id, way) {
        let edit = |stage: &mut Stage| {
            stage.position = position;
            Ok(())
        };
        records::change(tx, act, id, None, edit).await?;
    }
    Ok(())
}

/// Whose position changes, and to what, when one of an order is moved; positions become 1, 2, 3 …
pub(crate) fn moved<T>(order: &[(Id<T>, i64)], id: Id<T>, way: Way) -> Vec<(Id<T>, i64)> {
    let mut ids: Vec<Id<T>> = order.iter().map(|(id, _)| *id).collect();
    let Some(at) = ids.iter().position(|one| *one == id) else { return Vec::new() };
    let to = match way {
        Way::Up => at.saturating_sub(1),
        Way::Down => (at + 1).min(ids.len() - 1),
    };
    ids.swap(at, to);
    let changed = |(id, position): &(Id<T>, i64)| !order.contains(&(*id, *position));
    ids.into_iter().zip(1..).filter(changed).collect()
}

/// The stages of one pipeline in their order.
async fn stages_of(tx: &mut Tx, act: &Act, id: Id<Pipeline>) -> Result<Vec<Kept<Stage>>> {
    let mut stages = store::stages(tx, act.scope.workspace()).await?;
    stages.retain(|stage| stage.pipeline_id == id);
    Ok(stages)
}

/// Adds a stage after the last one of its phase, or of the phases before.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`; `Refused` when there are too many.
pub async fn add_stage(
    tx: &mut Tx,
    act: &Act,
    pipeline: Id<Pipeline>,
    name: String,
    phase: Phase,
) -> Result<Kept<Stage>> {
    records::get(tx, &act.scope, pipeline).await?;
    let all = store::stages(tx, act.scope.workspace()).await?;
    if all.len() >= usize::try_from(store::STAGES_MAX).unwrap_or(usize::MAX) {
        return Err(Error::Refused(format!("A workspace has {} stages at most.", store::STAGES_MAX)));
    }
    let others: Vec<_> = all.into_iter().filter(|stage| stage.pipeline_id == pipeline).collect();
    free_stage_name(&others, &name, None)?;
    let at = others.iter().rposition(|other| other.phase <= phase).map_or(0, |at| at + 1);
    for (n, other) in others.iter().enumerate() {
        let position = i64::try_from(if n < at { n + 1 } else { n + 2 }).unwrap_or(i64::MAX);
        if other.position != position {
            let edit = |stage: &mut Stage| {
                stage.position = position;
                Ok(())
            };
            records::change(tx, act, other.id, None, edit).await?;
        }
    }
    let position = i64::try_from(at + 1).unwrap_or(i64::MAX);
    records::create(tx, act, Stage { pipeline_id: pipeline, name, phase, position }).await
}

fn free_stage_name(others: &[Kept<Stage>], name: &str, of: Option<Id<Stage>>) -> Result<()> {
    if others.iter().any(|other| Some(other.id) != of && fold(&other.name) == fold(name)) {
        return Err(Error::field("name", "a name that no other stage of this pipeline has"));
    }
    Ok(())
}

/// Changes what a stage is called and what it means. Its deals take on the new phase.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`; `Refused` with too many deals to take along.
pub async fn change_stage(
    tx: &mut Tx,
    act: &Act,
    id: Id<Stage>,
    version: Option<i64>,
    (name, phase): (String, Phase),
) -> Result<Kept<Stage>> {
    let before = records::get(tx, &act.scope, id).await?;
    free_stage_name(&stages_of(tx, act, before.pipeline_id).await?, &name, Some(id))?;
    let after = records::change(tx, act, id, version, |stage: &mut Stage| {
        stage.name = name;
        stage.phase = phase;
        Ok(())
    })
    .await?;
    if before.phase != after.phase {
        carry(tx, act, id, &after).await?;
    }
    Ok(after)
}

/// Removes a stage; its deals go to the stage `to`.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` at `to` while deals stand in it and no other stage is named; `Refused` for the
/// last stage of a pipeline, or with too many deals to carry.
pub async fn remove_stage(
    tx: &mut Tx,
    act: &Act,
    id: Id<Stage>,
    to: Option<Id<Stage>>,
) -> Result<Kept<Stage>> {
    act.scope.require(Right::Manage)?;
    let stage = records::get(tx, &act.scope, id).await?;
    let others = stages_of(tx, act, stage.pipeline_id).await?;
    let mut others: Vec<_> = others.into_iter().filter(|other| other.id != id).collect();
    if others.is_empty() {
        let text =
            "It is the last stage of its pipeline, and deals must stand somewhere. Add another one first.";
        return Err(Error::Refused(text.into()));
    }
    let standing = store::count_standing(tx, act.scope.workspace(), id).await?;
    let to = match to {
        Some(to) if to != id => {
            records::get(tx, &act.scope, to).await.map_err(|_| Error::field("to", "a stage that is there"))?
        }
        _ if standing > 0 => {
            let deals = store::counted(standing);
            return Err(Error::field("to", format!("the stage to which its deals go: it holds {deals}")));
        }
        // Removed deals go along too, so that they can be restored.
        _ => others.remove(nearest(&others, stage.phase)),
    };
    carry(tx, act, id, &to).await?;
    records::remove::<Stage>(tx, act, id).await?;
    Ok(stage)
}

/// Which of some stages is nearest to a phase: the last that is not beyond it, else the first.
fn nearest(stages: &[Kept<Stage>], phase: Phase) -> usize {
    stages.iter().rposition(|stage| stage.phase <= phase).unwrap_or(0)
}

/// Removes a pipeline with its stages; its deals go to the pipeline `to`, each to the stage nearest in meaning.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` at `to` while deals go through it and no other pipeline is named; `Refused` for
/// the last pipeline, or with too many deals to carry.
pub async fn remove(
    tx: &mut Tx,
    act: &Act,
    id: Id<Pipeline>,
    to: Option<Id<Pipeline>>,
) -> Result<Kept<Pipeline>> {
    act.scope.require(Right::Manage)?;
    let pipeline = records::get(tx, &act.scope, id).await?;
    let all = store::pipelines(tx, act.scope.workspace()).await?;
    let Some(otherwise) = all.iter().find(|other| other.id != id).map(|other| other.id) else {
        let text = "It is the only pipeline, and deals must go through one. Add another one first.";
        return Err(Error::Refused(text.into()));
    };
    let stages = stages_of(tx, act, id).await?;
    let mut standing = 0;
    for stage in &stages {
        standing += store::count_standing(tx, act.scope.workspace(), stage.id).await?;
    }
    let to = match to {
        Some(to) if to != id => {
            let there = records::get(tx, &act.scope, to).await;
            there.map_err(|_| Error::field("to", "a pipeline that is there"))?.id
        }
        _ if standing > 0 => {
            let deals = store::counted(standing);
            return Err(Error::field("to", format!("the pipeline to which its deals go: it holds {deals}")));
        }
        _ => otherwise,
    };
    let others = stages_of(tx, act, to).await?;
    for stage in &stages {
        if let Some(to) = others.get(nearest(&others, stage.phase)) {
            carry(tx, act, stage.id, to).await?;
        }
        records::remove::<Stage>(tx, act, stage.id).await?;
    }
    records::remove::<Pipeline>(tx, act, id).await?;
    Ok(pipeline)
}

/// Brings a removed stage back.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` while its pipeline is removed.
pub async fn restore_stage(tx: &mut Tx, act: &Act, id: Id<Stage>) -> Result<()> {
    records::restore::<Stage>(tx, act, id).await?;
    settle(tx, act, Kind::Stage, id.uuid()).await
}

/// Brings a removed pipeline back, with the stages that were removed with it.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn restore(tx: &mut Tx, act: &Act, id: Id<Pipeline>) -> Result<()> {
    records::restore::<Pipeline>(tx, act, id).await?;
    settle(tx, act, Kind::Pipeline, id.uuid()).await
}

/// Makes true again what must hold after a pipeline or a stage changed in any way, undo included.
///
/// # Errors
/// `Refused` when it cannot be: deals would stand nowhere.
pub async fn settle(tx: &mut Tx, act: &Act, kind: Kind, id: uuid::Uuid) -> Result<()> {
    match kind {
        Kind::Stage => {
            let stage = records::get_any::<Stage>(tx, &act.scope, Id::of(id)).await?;
            let standing = store::count_standing(tx, act.scope.workspace(), stage.id).await?;
            if stage.removed_at.is_none() {
                if records::get(tx, &act.scope, stage.pipeline_id).await.is_err() {
                    return Err(Error::Refused("Its pipeline is removed. Bring that back first.".into()));
                }
                return carry(tx, act, stage.id, &stage).await;
            }
            if standing > 0 {
                let deals = store::counted(standing);
                return Err(Error::Refused(format!("This stage holds {deals}. Move its deals first.")));
            }
            if stages_of(tx, act, stage.pipeline_id).await?.is_empty() {
                return Err(Error::Refused("A pipeline needs a stage. Add another one first.".into()));
            }
            Ok(())
        }
        Kind::Pipeline => {
            let pipeline = records::get_any::<Pipeline>(tx, &act.scope, Id::of(id)).await?;
            let live = stages_of(tx, act, pipeline.id).await?;
            if pipeline.removed_at.is_none() {
                if live.is_empty() {
                    for stage in store::stages_removed_last(tx, act.scope.workspace(), pipeline.id).await? {
                        records::restore::<Stage>(tx, act, stage).await?;
                    }
                }
                return Ok(());
            }
            let mut standing = 0;
            for stage in &live {
                standing += store::count_standing(tx, act.scope.workspace(), stage.id).await?;
            }
            if standing > 0 {
                let deals = store::counted(standing);
                return Err(Error::Refused(format!("This pipeline holds {deals}. Move its deals first.")));
            }
            if store::pipelines(tx, act.scope.workspace()).await?.is_empty() {
                return Err(Error::Refused("A workspace needs a pipeline. Add another one first.".into()));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Puts every deal of a stage into another, or into the same one as it is now; removed deals too.
async fn carry(tx: &mut Tx, act: &Act, from: Id<Stage>, to: &Kept<Stage>) -> Result<()> {
    let workspace = accounts::workspace(tx, act.scope.workspace()).await?.ok_or(Error::NotFound)?;
    let today = act.now.day(&workspace.zone());
    let mut after: Option<Id<Deal>> = None;
    let mut carried = 0;
    loop {
        let ids = store::in_stage(tx, act.scope.workspace(), from, after, CARRIED_AT_ONCE).await?;
        let Some(last) = ids.iter().max() else { break };
        after = Some(*last);
        carried += i64::try_from(ids.len()).unwrap_or(i64::MAX);
        if carried > CARRIED_MAX {
            return Err(Error::Refused(format!(
                "More than {CARRIED_MAX} deals stand in it. Move some of them on the deals page first."
            )));
        }
        let deals = records::by_ids(tx, act.scope.workspace(), &ids).await?;
        let moved = deals.into_iter().map(|deal| {
            let it = in_stage(&deal, to, act, today)?;
            Ok((deal, it))
        });
        records::save_many(tx, act, moved.collect::<Result<_>>()?).await?;
    }
    if carried > 0 {
        jobs::later(tx, act, jobs::ASSESS_ALL, "", "{}").await?;
    }
    Ok(())
}

/// A deal as it is when it stands in a stage. One that has ended only stands there; nothing else of it changes.
fn in_stage(deal: &Deal, stage: &Kept<Stage>, act: &Act, today: Date) -> Result<Deal> {
    let mut it = deal.clone();
    if it.standing.is_ended() {
        (it.pipeline_id, it.stage_id, it.phase) = (stage.pipeline_id, stage.id, stage.phase);
    } else {
        it.move_to(stage, act.now, today)?;
    }
    Ok(it)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::When;

    #[test]
    fn moving_one_changes_only_those_whose_place_changes() {
        let ids: Vec<Id<Stage>> = (0..4).map(|n| Id::new(When::from_micros(n))).collect();
        let order: Vec<_> = ids.iter().copied().zip(1..).collect();
        assert_eq!(moved(&order, ids[1], Way::Up), [(ids[1], 1), (ids[0], 2)]);
        assert_eq!(moved(&order, ids[1], Way::Down), [(ids[2], 2), (ids[1], 3)]);
        assert_eq!(moved(&order, ids[0], Way::Up), []);
        assert_eq!(moved(&order, ids[3], Way::Down), []);
        let gaps = [(ids[0], 7), (ids[1], 7), (ids[2], 30)];
        assert_eq!(moved(&gaps, ids[2], Way::Up), [(ids[0], 1), (ids[2], 2), (ids[1], 3)]);
    }
}
