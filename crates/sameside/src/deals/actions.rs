//! What is done with deals and pipelines.

use crate::accounts::Act;
use crate::deals::{Phase, Pipeline, Stage};
use crate::error::Result;
use crate::records::{self, Kept};
use db::Tx;

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
