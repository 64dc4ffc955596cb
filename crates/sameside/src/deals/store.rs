//! The tables `pipeline`, `stage` and `deal`.

use crate::accounts::Workspace;
use crate::base::Id;
use crate::deals::{Pipeline, Stage};
use crate::records::Kept;
use db::{Conn, Result, sql};

/// The most pipelines of a workspace.
pub const PIPELINES_MAX: i64 = 100;
/// The most stages of a workspace.
pub const STAGES_MAX: i64 = 1_000;

/// The pipelines of a workspace in their order.
///
/// # Errors
/// What the database says.
pub async fn pipelines(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<Kept<Pipeline>>> {
    conn.all(
        sql!(
            "select id, version, created_at, changed_at, removed_at, name, position
             from pipeline where workspace_id = $1 and removed_at is null order by position, id limit $2"
        ),
        vec![workspace.into(), PIPELINES_MAX.into()],
    )
    .await
}

/// The stages of all pipelines of a workspace, in their order.
///
/// # Errors
/// What the database says.
pub async fn stages(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<Kept<Stage>>> {
    conn.all(
        sql!(
            "select id, version, created_at, changed_at, removed_at, pipeline_id, name, phase, position
             from stage where workspace_id = $1 and removed_at is null order by pipeline_id, position, id limit $2"
        ),
        vec![workspace.into(), STAGES_MAX.into()],
    )
    .await
}
