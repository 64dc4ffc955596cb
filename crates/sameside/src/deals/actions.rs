//! What every workspace begins with.

use crate::accounts::Act;
use crate::deals::{Phase, Pipeline, Stage, store};
use crate::error::{Error, Result};
use crate::records::{self, Kept};
use db::{Conn, Tx};

/// The pipeline every workspace begins with: one stage for each phase.
///
/// # Errors
/// What the database says.
pub async fn first_pipeline(tx: &mut Tx, act: &Act) -> Result<Kept<Pipeline>> {
    let pipeline = records::create(tx, act, Pipeline { name: "Deals".into(), position: 1 }).await?;
    for (position, phase) in (1..).zip(Phase::ALL) {
        let stage = Stage { pipeline_id: pipeline.id, name: phase.label().into(), phase: *phase, position };
        records::create(tx, act, stage).await?;
    }
    Ok(pipeline)
}

/// The stage in which a deal begins: the first of the first pipeline.
///
/// # Errors
/// `Refused` when there is none.
pub async fn first_stage(conn: &mut Conn, act: &Act) -> Result<Kept<Stage>> {
    let pipelines = store::pipelines(conn, act.scope.workspace()).await?;
    let stages = store::stages(conn, act.scope.workspace()).await?;
    let first =
        pipelines.iter().find_map(|pipeline| stages.iter().find(|stage| stage.pipeline_id == pipeline.id));
    first.cloned().ok_or_else(|| {
        Error::Refused("There is no stage to begin in. Add one in Settings, Pipelines.".into())
    })
}
