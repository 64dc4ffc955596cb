//! The table `history`.

use crate::accounts::{Act, Workspace};
use crate::base::Id;
use crate::history::{Changes, Event};
use db::{Conn, FromRow, Reader, Result, Sql, Tx, Value, sql};

/// Rows put into one `insert`.
const ROWS_PER_INSERT: usize = 50;
/// Records asked for in one `select`.
const SUBJECTS_PER_SELECT: usize = 500;
/// The most events of one answer.
pub const EVENTS_MAX: i64 = 200;

impl FromRow for Event {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            seq: row.take()?,
            at: row.take()?,
            actor: row.take()?,
            contact: row.take()?,
            via: row.take()?,
            kind: row.take()?,
            subject: row.take()?,
            about: row.take()?,
            verb: row.take()?,
            title: row.take()?,
            changes: serde_json::from_str::<Changes>(&row.take::<String>()?)
                .map_err(|error| db::Error::Shape(format!("history: {error}")))?,
            undoes: row.take()?,
        })
    }
}

pub(super) async fn insert(tx: &mut Tx, act: &Act, events: &[Event]) -> Result<()> {
    const WIDTH: usize = 13;
    for some in events.chunks(ROWS_PER_INSERT) {
        let rows: Vec<String> =
            (0..some.len()).map(|n| format!("({})", Sql::placeholders(n * WIDTH + 1, WIDTH))).collect();
        let sql = format!(
            "insert into history (workspace_id, at, actor_id, contact_id, via, import_id, kind, subject_id, about_id, verb, title, changes, undoes) values {}",
            rows.join(", ")
        );
        let mut values: Vec<Value> = Vec::with_capacity(WIDTH * some.len());
        for event in some {
            values.extend([
                act.scope.workspace().into(),
                act.now.into(),
                act.scope.member().into(),
                act.contact.into(),
                act.via.into(),
                act.import.into(),
                event.kind.into(),
                event.subject.into(),
                event.about.into(),
                event.verb.into(),
                event.title.clone().into(),
                serde_json::to_string(&event.changes).unwrap_or_default().into(),
                event.undoes.into(),
            ]);
        }
        tx.run(Sql::built(sql), values).await?;
    }
    Ok(())
}

pub(super) async fn by_seq(conn: &mut Conn, workspace: Id<Workspace>, seq: i64) -> Result<Option<Event>> {
    conn.first(
        sql!(
            "select seq, at, actor_id, contact_id, via, kind, subject_id, about_id, verb, title, changes, undoes
             from history where seq = $1 and workspace_id = $2"
        ),
        vec![seq.into(), workspace.into()],
    )
    .await
}

/// What happened to a record, and to those shown on its page, newest first; `before` an event when paging.
///
/// # Errors
/// What the database says.
pub async fn of(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    subject: uuid::Uuid,
    before: Option<i64>,
) -> Result<Vec<Event>> {
    conn.all(
        sql!(
            "select seq, at, actor_id, contact_id, via, kind, subject_id, about_id, verb, title, changes, undoes from (
               select * from (select * from history where subject_id = $1 and seq < $3 order by seq desc limit $4) s
               union all
               select * from (select * from history where about_id = $1 and seq < $3 order by seq desc limit $4) a
             ) h where workspace_id = $2 order by seq desc limit $4"
        ),
        vec![subject.into(), workspace.into(), before.unwrap_or(i64::MAX).into(), EVENTS_MAX.into()],
    )
    .await
}

/// What happened to the parts of one kind of a record: the newest `limit` events, the oldest of them first.
///
/// # Errors
/// What the database says.
pub async fn of_part(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    kind: crate::records::Kind,
    about: uuid::Uuid,
    limit: i64,
) -> Result<Vec<Event>> {
    let mut events: Vec<Event> = conn
        .all(
            sql!(
                "select seq, at, actor_id, contact_id, via, kind, subject_id, about_id, verb, title, changes, undoes
                 from history where about_id = $1 and workspace_id = $2 and kind = $3 order by seq desc limit $4"
            ),
            vec![about.into(), workspace.into(), kind.into(), limit.into()],
        )
        .await?;
    events.reverse();
    Ok(events)
}

/// Everything an import did, newest first, before `before`.
///
/// # Errors
/// What the database says.
pub async fn of_import(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    import: uuid::Uuid,
    before: Option<i64>,
) -> Result<Vec<Event>> {
    conn.all(
        sql!(
            "select seq, at, actor_id, contact_id, via, kind, subject_id, about_id, verb, title, changes, undoes
             from history where import_id = $1 and workspace_id = $2 and seq < $3 order by seq desc limit $4"
        ),
        vec![import.into(), workspace.into(), before.unwrap_or(i64::MAX).into(), EVENTS_MAX.into()],
    )
    .await
}

/// The events of these records that undo others: each with the one it undoes, newest first.
///
/// # Errors
/// What the database says.
pub(super) async fn undoing(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    subjects: &[uuid::Uuid],
) -> Result<Vec<(i64, i64)>> {
    let mut found = Vec::new();
    for some in subjects.chunks(ROWS_PER_INSERT) {
        let sql = format!(
            "select seq, undoes from history where workspace_id = $1 and undoes is not null and subject_id in ({}) order by seq desc limit 1000",
            Sql::placeholders(2, some.len())
        );
        let values = std::iter::once(workspace.into()).chain(some.iter().map(|id| (*id).into())).collect();
        found.extend(conn.all::<(i64, i64)>(Sql::built(sql), values).await?);
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    Ok(found)
}

/// The last event of a record.
///
/// # Errors
/// What the database says.
pub(super) async fn last(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    subject: uuid::Uuid,
) -> Result<Option<i64>> {
    let row = conn
        .first::<(i64,)>(
            sql!(
                "select seq from history where subject_id = $1 and workspace_id = $2 order by seq desc limit 1"
            ),
            vec![subject.into(), workspace.into()],
        )
        .await?;
    Ok(row.map(|(seq,)| seq))
}

/// The changes of one record, newest first, `limit` at most.
///
/// # Errors
/// What the database says.
pub(super) async fn changes_of(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    subject: uuid::Uuid,
    limit: i64,
) -> Result<Vec<Event>> {
    conn.all(
        sql!(
            "select seq, at, actor_id, contact_id, via, kind, subject_id, about_id, verb, title, changes, undoes
             from history where subject_id = $1 and workspace_id = $2 order by seq desc limit $3"
        ),
        vec![subject.into(), workspace.into(), limit.into()],
    )
    .await
}

/// Everything that happened in a workspace, newest first; `before` an event when paging.
///
/// # Errors
/// What the database says.
pub(super) async fn recent(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    before: Option<i64>,
) -> Result<Vec<Event>> {
    conn.all(
        sql!(
            "select seq, at, actor_id, contact_id, via, kind, subject_id, about_id, verb, title, changes, undoes
             from history where workspace_id = $1 and seq < $2 order by seq desc limit $3"
        ),
        vec![workspace.into(), before.unwrap_or(i64::MAX).into(), EVENTS_MAX.into()],
    )
    .await
}

/// What imports wrote into records: the record, the import, and the changes, oldest first.
///
/// # Errors
/// What the database says.
pub async fn written_by_imports(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    subjects: &[uuid::Uuid],
) -> Result<Vec<(uuid::Uuid, uuid::Uuid, String)>> {
    let mut written = Vec::new();
    for some in subjects.chunks(SUBJECTS_PER_SELECT) {
        let sql = format!(
            "select subject_id, import_id, changes from history
             where workspace_id = $1 and import_id is not null and verb in ('created', 'changed') and subject_id in ({}) order by seq",
            Sql::placeholders(2, some.len())
        );
        let values = std::iter::once(workspace.into()).chain(some.iter().map(|id| (*id).into())).collect();
        written.extend(conn.all::<(uuid::Uuid, uuid::Uuid, String)>(Sql::built(sql), values).await?);
    }
    Ok(written)
}

/// A row that pages are told of.
#[derive(Debug, Clone, Copy)]
pub struct Happened {
    /// Its place.
    pub seq: i64,
    /// Which record.
    pub subject: uuid::Uuid,
    /// On whose page it is shown too.
    pub about: Option<uuid::Uuid>,
    /// Whether a client did it.
    pub is_clients: bool,
}

impl FromRow for Happened {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let (seq, subject, about) = (row.take()?, row.take()?, row.take()?);
        Ok(Self { seq, subject, about, is_clients: row.take::<String>()? == "client" })
    }
}

/// The place of the last event of all.
///
/// # Errors
/// What the database says.
pub async fn last_seq(conn: &mut Conn) -> Result<i64> {
    let row = conn.first::<(i64,)>(sql!("select seq from history order by seq desc limit 1"), vec![]).await?;
    Ok(row.map_or(0, |(seq,)| seq))
}

/// What happened after a place in any workspace, imports apart, the oldest first.
///
/// # Errors
/// What the database says.
pub async fn after(conn: &mut Conn, seq: i64, limit: i64) -> Result<Vec<Happened>> {
    conn.all(
        sql!(
            "select seq, subject_id, about_id, via from history where seq > $1 and import_id is null order by seq limit $2"
        ),
        vec![seq.into(), limit.into()],
    )
    .await
}

/// The last thing a client did with a deal after a place, if anything.
///
/// # Errors
/// What the database says.
pub async fn by_client_after(conn: &mut Conn, deal: uuid::Uuid, seq: i64) -> Result<Option<i64>> {
    let row = conn
        .first::<(i64,)>(
            sql!(
                "select seq from (
                   select * from (select seq from history where subject_id = $1 and seq > $2 and via = 'client' order by seq desc limit 1) s
                   union all
                   select * from (select seq from history where about_id = $1 and seq > $2 and via = 'client' order by seq desc limit 1) a
                 ) h order by seq desc limit 1"
            ),
            vec![deal.into(), seq.into()],
        )
        .await?;
    Ok(row.map(|(seq,)| seq))
}
