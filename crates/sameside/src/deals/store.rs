//! The tables `pipeline` and `stage`, and how many deals stand in them.

use crate::accounts::Workspace;
use crate::base::Id;
use crate::deals::{Deal, Pipeline, Stage};
use crate::records::Kept;
use db::{Conn, Result, sql};

/// The most pipelines of a workspace.
pub const PIPELINES_MAX: i64 = 100;
/// The most stages of a workspace.
pub const STAGES_MAX: i64 = 1_000;
/// A column is counted so far.
pub const COUNT_MAX: i64 = 1_000;

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

/// How many deals stand in a stage, open or ended, counted up to [`COUNT_MAX`] and one.
///
/// # Errors
/// What the database says.
pub async fn count_standing(conn: &mut Conn, workspace: Id<Workspace>, stage: Id<Stage>) -> Result<i64> {
    let row = conn
        .first::<(i64,)>(
            sql!(
                "select count(*) from (select 1 from deal where stage_id = $1 and workspace_id = $2 and removed_at is null limit $3) x"
            ),
            vec![stage.into(), workspace.into(), (COUNT_MAX + 1).into()],
        )
        .await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// A count of deals for people: `1 deal`, `12 deals`, `1000+ deals`.
pub fn counted(deals: i64) -> String {
    if deals > COUNT_MAX {
        format!("{COUNT_MAX}+ deals")
    } else {
        crate::base::plural(deals, "deal", "deals")
    }
}

/// The ids of the deals in a stage, removed ones too, after `after`, in the order of their ids.
///
/// # Errors
/// What the database says.
pub async fn in_stage(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    stage: Id<Stage>,
    after: Option<Id<Deal>>,
    limit: i64,
) -> Result<Vec<Id<Deal>>> {
    let after = after.unwrap_or(Id::of(uuid::Uuid::nil()));
    let rows = conn
        .all::<(Id<Deal>,)>(
            sql!(
                "select id from deal where stage_id = $1 and workspace_id = $2 and id > $3 order by id limit $4"
            ),
            vec![stage.into(), workspace.into(), after.into(), limit.into()],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The stages of a pipeline that were the last to be removed, together.
///
/// # Errors
/// What the database says.
pub async fn stages_removed_last(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    pipeline: Id<Pipeline>,
) -> Result<Vec<Id<Stage>>> {
    let rows = conn
        .all::<(Id<Stage>,)>(
            sql!(
                "select id from stage where pipeline_id = $1 and workspace_id = $2 and removed_at =
                   (select max(removed_at) from stage where pipeline_id = $1) order by position, id limit $3"
            ),
            vec![pipeline.into(), workspace.into(), STAGES_MAX.into()],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
