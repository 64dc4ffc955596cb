//! The table `promise`, and the tasks a promise rests on.

use crate::accounts::{Member, Workspace};
use crate::base::{Date, Id, Range, When};
use crate::commitments::Commitment;
use crate::promises::asked::{Promised, Work};
use db::{Conn, FromRow, Reader, Result, Tx, sql};

/// The most tasks that are learned from, those done last.
const DONE_MAX: i64 = 100_000;
/// The most promises already made that are weighed, those due first.
const PROMISED_MAX: i64 = 500;

/// A task that is done, with what was said and what it took.
pub(super) struct Done {
    pub(super) work: Work,
    pub(super) said: f64,
    pub(super) took: f64,
    pub(super) at: When,
}

/// The tasks that are done and of which it is known what was said and what they took.
///
/// # Errors
/// What the database says.
pub(super) async fn each_done(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    mut take: impl FnMut(Done) + Send,
) -> Result<()> {
    conn.each(
        sql!(
            "select p.name, m.name, t.hours_likely, t.hours_taken, t.done_at
             from task t left join deal d on d.id = t.deal_id left join product p on p.id = d.product_id
               left join member m on m.id = t.owner_id
             where t.workspace_id = $1 and t.done_at is not null and t.removed_at is null and t.hours_likely > 0 and t.hours_taken > 0
             order by t.done_at desc limit $2"
        ),
        vec![workspace.into(), DONE_MAX.into()],
        |row| {
            let mut row = row.reader();
            let (product, by) = (row.take::<Option<String>>()?, row.take::<Option<String>>()?);
            let work = Work { product: product.unwrap_or_default(), by: by.unwrap_or_default() };
            take(Done { work, said: row.take()?, took: row.take()?, at: row.take()? });
            Ok(())
        },
    )
    .await
}

/// How many such tasks there are.
///
/// # Errors
/// What the database says.
pub async fn count_done(conn: &mut Conn, workspace: Id<Workspace>) -> Result<i64> {
    let row = conn
        .first::<(i64,)>(
            sql!(
                "select count(*) from (select 1 from task where workspace_id = $1 and done_at is not null and removed_at is null
                   and hours_likely > 0 and hours_taken > 0 limit $2) x"
            ),
            vec![workspace.into(), DONE_MAX.into()],
        )
        .await?;
    Ok(row.map_or(0, |(count,)| count))
}

impl FromRow for Promised {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let title = row.take()?;
        let (product, by) = (row.take::<Option<String>>()?, row.take::<Option<String>>()?);
        let (low, likely, high): (Option<f64>, Option<f64>, Option<f64>) =
            (row.take()?, row.take()?, row.take()?);
        let hours =
            low.zip(likely).zip(high).and_then(|((low, likely), high)| Range::new(low, likely, high).ok());
        let work = Work { product: product.unwrap_or_default(), by: by.unwrap_or_default() };
        Ok(Self { title, work, hours, due_on: row.take()? })
    }
}

/// What a member has promised: open tasks and open commitments with a day, first due first; all but one commitment.
///
/// # Errors
/// What the database says.
pub(super) async fn promised(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    member: Id<Member>,
    but: Option<Id<Commitment>>,
) -> Result<Vec<Promised>> {
    conn.all(
        sql!(
            "select x.title, p.name, m.name, x.hours_low, x.hours_likely, x.hours_high, x.due_on
             from open_work x left join deal d on d.id = x.deal_id left join product p on p.id = d.product_id
               left join member m on m.id = x.owner_id
             where x.workspace_id = $1 and x.owner_id = $2 and x.due_on is not null and x.id <> $4
             order by x.due_on, x.id limit $3"
        ),
        vec![
            workspace.into(),
            member.into(),
            PROMISED_MAX.into(),
            but.unwrap_or(Id::of(uuid::Uuid::nil())).into(),
        ],
    )
    .await
}

/// What was learned: when, from how many, and the engine's model.
///
/// # Errors
/// What the database says.
pub async fn kept(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Option<(When, i64, String)>> {
    conn.first(
        sql!("select fitted_at, n, model from promise where workspace_id = $1"),
        vec![workspace.into()],
    )
    .await
}

/// Keeps what was learned in place of what was kept before.
///
/// # Errors
/// What the database says.
pub async fn save(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    (now, today): (When, Date),
    n: i64,
    model: &str,
) -> Result<()> {
    tx.run(
        sql!(
            "insert into promise (workspace_id, fitted_at, as_of, n, model) values ($1, $2, $3, $4, $5)
             on conflict (workspace_id) do update set fitted_at = excluded.fitted_at, as_of = excluded.as_of, n = excluded.n,
               model = excluded.model"
        ),
        vec![workspace.into(), now.into(), today.into(), n.into(), model.to_owned().into()],
    )
    .await
    .map(drop)
}
