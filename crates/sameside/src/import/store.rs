//! The tables `import_run`, `external_key` and `import_refusal`.

use super::record::ExternalKey;
use super::run::{Plan, Report, Run, State};
use super::table::Refusal;
use crate::accounts::{Act, Workspace};
use crate::base::{Id, When};
use db::{Conn, FromRow, Reader, Result, Sql, Tx, Value, sql};
use std::collections::HashMap;
use uuid::Uuid;

/// Imports shown in a list.
pub(crate) const RUNS_MAX: i64 = 100;
/// Refusals read at once.
pub(crate) const REFUSALS_PAGE: i64 = 1_000;
const ROWS_PER_INSERT: usize = 100;
const IDS_PER_SELECT: usize = 500;

impl FromRow for Run {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let shape =
            |what: &str, error: serde_json::Error| db::Error::Shape(format!("{what} of an import: {error}"));
        Ok(Self {
            id: row.take()?,
            member: row.take()?,
            state: row.take()?,
            title: row.take()?,
            created_at: row.take()?,
            changed_at: row.take()?,
            finished_at: row.take()?,
            undone_at: row.take()?,
            rows_total: row.take()?,
            rows_done: row.take()?,
            plan: serde_json::from_str::<Plan>(&row.take::<String>()?)
                .map_err(|error| shape("the plan", error))?,
            report: serde_json::from_str::<Report>(&row.take::<String>()?)
                .map_err(|error| shape("the report", error))?,
        })
    }
}

fn document<T: serde::Serialize>(it: &T) -> Result<Value> {
    serde_json::to_string(it).map(Value::from).map_err(|error| db::Error::Shape(error.to_string()))
}

pub(super) async fn insert_run(tx: &mut Tx, act: &Act, run: &Run) -> Result<()> {
    let values = vec![
        run.id.into(),
        act.scope.workspace().into(),
        run.member.into(),
        run.state.into(),
        run.title.clone().into(),
        run.created_at.into(),
        run.changed_at.into(),
        run.rows_total.into(),
        run.rows_done.into(),
        document(&run.plan)?,
        document(&run.report)?,
    ];
    tx.run(
        sql!(
            "insert into import_run (id, workspace_id, member_id, state, title, created_at, changed_at, rows_total, rows_done, mapping, report)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        values,
    )
    .await
    .map(drop)
}

/// Saves everything that can change of an import, but only while it is still in one of the states `from`.
pub(super) async fn update_run(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    run: &Run,
    from: State,
) -> Result<bool> {
    let values = vec![
        run.id.into(),
        workspace.into(),
        from.into(),
        run.state.into(),
        run.changed_at.into(),
        run.finished_at.into(),
        run.undone_at.into(),
        run.rows_total.into(),
        run.rows_done.into(),
        document(&run.plan)?,
        document(&run.report)?,
    ];
    let touched = tx
        .run(
            sql!(
                "update import_run set state = $4, changed_at = $5, finished_at = $6, undone_at = $7, rows_total = $8, rows_done = $9, mapping = $10, report = $11
                 where id = $1 and workspace_id = $2 and state = $3"
            ),
            values,
        )
        .await?;
    Ok(touched == 1)
}

/// Moves an import on from one row to another, in the transaction that takes the rows over; false if it is not there any more,
/// because it was stopped or somebody else moved it on.
pub(super) async fn progress(
    tx: &mut Tx,
    act: &Act,
    id: Id<Run>,
    from: i64,
    to: i64,
    report: &Report,
) -> Result<bool> {
    let touched = tx
        .run(
            sql!(
                "update import_run set rows_done = $4, report = $5, changed_at = $6
                 where id = $1 and workspace_id = $2 and rows_done = $3 and state = 'running'"
            ),
            vec![
                id.into(),
                act.scope.workspace().into(),
                from.into(),
                to.into(),
                document(report)?,
                act.now.into(),
            ],
        )
        .await?;
    Ok(touched == 1)
}

pub(super) async fn run(conn: &mut Conn, workspace: Id<Workspace>, id: Id<Run>) -> Result<Option<Run>> {
    conn.first(
        sql!(
            "select id, member_id, state, title, created_at, changed_at, finished_at, undone_at, rows_total, rows_done, mapping, report
             from import_run where id = $1 and workspace_id = $2"
        ),
        vec![id.into(), workspace.into()],
    )
    .await
}

/// The imports of a workspace, newest first.
pub(super) async fn runs(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<Run>> {
    conn.all(
        sql!(
            "select id, member_id, state, title, created_at, changed_at, finished_at, undone_at, rows_total, rows_done, mapping, report
             from import_run where workspace_id = $1 order by created_at desc limit $2"
        ),
        vec![workspace.into(), RUNS_MAX.into()],
    )
    .await
}

/// Removes a draft.
pub(super) async fn delete_draft(tx: &mut Tx, workspace: Id<Workspace>, id: Id<Run>) -> Result<bool> {
    let touched = tx
        .run(
            sql!("delete from import_run where id = $1 and workspace_id = $2 and state = 'draft'"),
            vec![id.into(), workspace.into()],
        )
        .await?;
    Ok(touched == 1)
}

/// Removes drafts that nobody started since a moment; answers with which.
pub(super) async fn delete_drafts(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    before: When,
) -> Result<Vec<Id<Run>>> {
    let rows = tx
        .all::<(Id<Run>,)>(
            sql!("delete from import_run where workspace_id = $1 and state = 'draft' and created_at < $2 returning id"),
            vec![workspace.into(), before.into()],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Which imports were undone.
pub(super) async fn undone_runs(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<Uuid>> {
    let rows = conn
        .all::<(Uuid,)>(
            sql!("select id from import_run where workspace_id = $1 and undone_at is not null limit 10000"),
            vec![workspace.into()],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What a key of another system stands for here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) record: Uuid,
    /// The digest of the row that was last taken over; 0 if that is not known.
    pub(super) digest: i64,
}

/// What keys of one kind and source stand for here.
pub(super) async fn keys(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    kind: &str,
    source: &str,
    ids: &[&str],
) -> Result<HashMap<String, Known>> {
    let mut known = HashMap::with_capacity(ids.len());
    for some in ids.chunks(IDS_PER_SELECT) {
        let sql = format!(
            "select external_id, record_id, digest from external_key where workspace_id = $1 and kind = $2 and source = $3 and external_id in ({})",
            Sql::placeholders(4, some.len())
        );
        let head: [Value; 3] = [workspace.into(), kind.into(), source.into()];
        let values = head.into_iter().chain(some.iter().map(|id| (*id).into())).collect();
        for (id, record, digest) in conn.all::<(String, Uuid, i64)>(Sql::built(sql), values).await? {
            known.insert(id, Known { record, digest });
        }
    }
    Ok(known)
}

/// Which of these records a source knows under an id of its own.
pub(super) async fn keyed(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    kind: &str,
    source: &str,
    records: &[Uuid],
) -> Result<Vec<Uuid>> {
    let mut found = Vec::new();
    for some in records.chunks(IDS_PER_SELECT) {
        let sql = format!(
            "select record_id from external_key where workspace_id = $1 and kind = $2 and source = $3 and substr(external_id, 1, 1) <> '~' and record_id in ({})",
            Sql::placeholders(4, some.len())
        );
        let head: [Value; 3] = [workspace.into(), kind.into(), source.into()];
        let values = head.into_iter().chain(some.iter().map(|id| (*id).into())).collect();
        found.extend(conn.all::<(Uuid,)>(Sql::built(sql), values).await?.into_iter().map(|(record,)| record));
    }
    Ok(found)
}

/// Adds keys; one that is there already stays.
pub(super) async fn insert_keys(tx: &mut Tx, act: &Act, keys: &[(&ExternalKey, Uuid, i64)]) -> Result<()> {
    const WIDTH: usize = 7;
    for some in keys.chunks(ROWS_PER_INSERT) {
        let rows: Vec<String> =
            (0..some.len()).map(|n| format!("({})", Sql::placeholders(n * WIDTH + 1, WIDTH))).collect();
        let sql = format!(
            "insert into external_key (workspace_id, kind, source, external_id, record_id, import_id, digest) values {} on conflict do nothing",
            rows.join(", ")
        );
        let mut values: Vec<Value> = Vec::with_capacity(WIDTH * some.len());
        for (key, record, digest) in some {
            values.extend([
                act.scope.workspace().into(),
                key.kind.word().into(),
                key.source.word().into(),
                key.id.as_str().into(),
                (*record).into(),
                act.import.into(),
                (*digest).into(),
            ]);
        }
        tx.run(Sql::built(sql), values).await?;
    }
    Ok(())
}

/// Remembers what row was last taken over under a key.
pub(super) async fn set_digest(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    key: &ExternalKey,
    digest: i64,
) -> Result<()> {
    tx.run(
        sql!(
            "update external_key set digest = $5 where workspace_id = $1 and kind = $2 and source = $3 and external_id = $4"
        ),
        vec![workspace.into(), key.kind.word().into(), key.source.word().into(), key.id.as_str().into(), digest.into()],
    )
    .await
    .map(drop)
}

/// Forgets the keys an import brought.
pub(super) async fn forget_keys(tx: &mut Tx, workspace: Id<Workspace>, import: Id<Run>) -> Result<()> {
    tx.run(
        sql!("delete from external_key where workspace_id = $1 and import_id = $2"),
        vec![workspace.into(), import.into()],
    )
    .await
    .map(drop)
}

/// Forgets which rows were last taken over for these records, so that the next import looks at them anew.
pub(super) async fn forget_digests(tx: &mut Tx, workspace: Id<Workspace>, records: &[Uuid]) -> Result<()> {
    for some in records.chunks(IDS_PER_SELECT) {
        let sql = format!(
            "update external_key set digest = 0 where workspace_id = $1 and record_id in ({})",
            Sql::placeholders(2, some.len())
        );
        let values = std::iter::once(workspace.into()).chain(some.iter().map(|id| (*id).into())).collect();
        tx.run(Sql::built(sql), values).await?;
    }
    Ok(())
}

/// A refused row: its place among all rows of the import, why, and the row itself.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub(super) place: i64,
    pub(super) refusal: Refusal,
    pub(super) row: String,
}

impl FromRow for Refused {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let place = row.take()?;
        let (file, line, reason): (String, i64, String) = (row.take()?, row.take()?, row.take()?);
        let refusal = Refusal { file, line: u64::try_from(line).ok().filter(|line| *line > 0), reason };
        Ok(Self { place, refusal, row: row.take()? })
    }
}

pub(super) async fn insert_refusals(tx: &mut Tx, import: Id<Run>, refused: &[Refused]) -> Result<()> {
    const WIDTH: usize = 6;
    for some in refused.chunks(ROWS_PER_INSERT) {
        let rows: Vec<String> =
            (0..some.len()).map(|n| format!("({})", Sql::placeholders(n * WIDTH + 1, WIDTH))).collect();
        let sql = format!(
            "insert into import_refusal (import_id, place, file, line, reason, row_text) values {}",
            rows.join(", ")
        );
        let mut values: Vec<Value> = Vec::with_capacity(WIDTH * some.len());
        for refused in some {
            let line = refused.refusal.line.and_then(|line| i64::try_from(line).ok()).unwrap_or(0);
            values.extend([
                import.into(),
                refused.place.into(),
                refused.refusal.file.as_str().into(),
                line.into(),
                refused.refusal.reason.as_str().into(),
                refused.row.replace('\0', "").into(),
            ]);
        }
        tx.run(Sql::built(sql), values).await?;
    }
    Ok(())
}

/// The refused rows of an import after a place, in the order of the files; only those of one file if it is named. The caller has made
/// sure that this person may see the import.
pub(super) async fn refusals(
    conn: &mut Conn,
    import: Id<Run>,
    file: Option<&str>,
    after: i64,
) -> Result<Vec<Refused>> {
    let Some(file) = file else {
        let of_all = sql!(
            "select place, file, line, reason, row_text from import_refusal where import_id = $1 and place > $2 order by place limit $3"
        );
        return conn.all(of_all, vec![import.into(), after.into(), REFUSALS_PAGE.into()]).await;
    };
    conn.all(
        sql!(
            "select place, file, line, reason, row_text from import_refusal where import_id = $1 and place > $2 and file = $4 order by place limit $3"
        ),
        vec![import.into(), after.into(), REFUSALS_PAGE.into(), file.into()],
    )
    .await
}

/// The files of which rows were refused, in the order of the import, with how many.
pub(super) async fn refused_files(conn: &mut Conn, import: Id<Run>) -> Result<Vec<(String, i64)>> {
    let found = conn
        .all::<(String, i64, i64)>(
            sql!(
                "select file, cast(count(*) as bigint), min(place) from import_refusal where import_id = $1 group by file order by min(place) limit 1000"
            ),
            vec![import.into()],
        )
        .await?;
    Ok(found.into_iter().map(|(file, count, _)| (file, count)).collect())
}
