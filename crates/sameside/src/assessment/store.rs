//! The tables `assessment`, `track_record` and `hour_value`, and what an assessment reads of others.

use crate::accounts::{Member, Workspace};
use crate::assessment::{Document, Summary, TrackRecord};
use crate::base::{Date, Id, When};
use crate::deals::Deal;
use crate::diagnosis::Figure;
use crate::products::Product;
use crate::records::{Kept, store as records};
use db::{Conn, FromRow, Reader, Result, Sql, Tx, Value, sql};

/// The most products of a workspace that are looked at.
pub const PRODUCTS_MAX: i64 = 10_000;
/// Deals assessed in one go.
pub const DEALS_AT_ONCE: i64 = 200;
/// Rows put into one `insert`.
const ROWS_PER_INSERT: usize = 50;
const WIDTH: usize = 16;

/// An assessment on its way into the store.
#[derive(Debug, Clone)]
pub struct Made {
    /// The deal.
    pub deal: Id<Deal>,
    /// Whose it is.
    pub owner: Option<Id<Member>>,
    /// The version of the deal it was made from.
    pub deal_version: i64,
    /// What lists show.
    pub summary: Summary,
    /// Everything.
    pub document: String,
}

impl FromRow for Summary {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            verdict: row.take()?,
            reason: row.take()?,
            client_chance: row.take()?,
            company_chance: row.take()?,
            decision_value: row.take()?,
            hours_ahead: row.take()?,
            hours_wasted: row.take()?,
            assumed: row.take()?,
            ask_value: row.take()?,
            ask_hours: row.take()?,
        })
    }
}

/// Keeps assessments, each in place of the one before.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, workspace: Id<Workspace>, made: &[Made], now: When) -> Result<()> {
    for some in made.chunks(ROWS_PER_INSERT) {
        let rows: Vec<String> =
            (0..some.len()).map(|n| format!("({})", Sql::placeholders(n * WIDTH + 1, WIDTH))).collect();
        let sql = format!(
            "insert into assessment (deal_id, workspace_id, owner_id, deal_version, assessed_at, verdict, reason, client_chance,
               company_chance, decision_value, hours_ahead, hours_wasted, assumed, ask_value, ask_hours, document) values {}
             on conflict (deal_id) do update set owner_id = excluded.owner_id, deal_version = excluded.deal_version,
               assessed_at = excluded.assessed_at, verdict = excluded.verdict, reason = excluded.reason,
               client_chance = excluded.client_chance, company_chance = excluded.company_chance,
               decision_value = excluded.decision_value, hours_ahead = excluded.hours_ahead,
               hours_wasted = excluded.hours_wasted, assumed = excluded.assumed,
               ask_value = excluded.ask_value, ask_hours = excluded.ask_hours, document = excluded.document",
            rows.join(", ")
        );
        let mut values: Vec<Value> = Vec::with_capacity(some.len() * WIDTH);
        for one in some {
            values.extend([
                one.deal.into(),
                workspace.into(),
                one.owner.into(),
                one.deal_version.into(),
                now.into(),
                one.summary.verdict.clone().into(),
                one.summary.reason.clone().into(),
                one.summary.client_chance.into(),
                one.summary.company_chance.into(),
                one.summary.decision_value.into(),
                one.summary.hours_ahead.into(),
                one.summary.hours_wasted.into(),
                one.summary.assumed.into(),
                one.summary.ask_value.into(),
                one.summary.ask_hours.into(),
                one.document.clone().into(),
            ]);
        }
        tx.run(Sql::built(sql), values).await?;
    }
    Ok(())
}

/// A deal that has ended, or of which nothing can be said, has no assessment.
///
/// # Errors
/// What the database says.
pub async fn forget(tx: &mut Tx, workspace: Id<Workspace>, deal: Id<Deal>) -> Result<()> {
    tx.run(
        sql!("delete from assessment where deal_id = $1 and workspace_id = $2"),
        vec![deal.into(), workspace.into()],
    )
    .await
    .map(drop)
}

/// What is kept of a deal: the version of the deal it was made from, when, and the document.
///
/// # Errors
/// What the database says, or a document that is of another version of this program.
pub async fn of_deal(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Option<(i64, When, Option<Document>)>> {
    let row = conn
        .first::<(i64, When, String)>(
            sql!("select deal_version, assessed_at, document from assessment where deal_id = $1 and workspace_id = $2"),
            vec![deal.into(), workspace.into()],
        )
        .await?;
    Ok(row.map(|(version, at, text)| (version, at, serde_json::from_str(&text).ok())))
}

/// The figures of some deals, in order of the deals' ids.
///
/// # Errors
/// What the database says.
pub async fn figures_of_deals(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<Vec<Kept<Figure>>> {
    if deals.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select id, version, created_at, changed_at, removed_at, deal_id, product_id, parameter, low, likely, high, source, said_by, said_on, note
         from figure where (workspace_id = $1) is true and removed_at is null and deal_id in ({}) order by deal_id, changed_at desc",
        Sql::placeholders(2, deals.len())
    );
    let values = std::iter::once(workspace.into()).chain(deals.iter().map(|id| (*id).into())).collect();
    conn.all(Sql::built(sql), values).await
}

/// The products of a workspace.
///
/// # Errors
/// What the database says.
pub async fn products(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<Kept<Product>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.removed_at is null order by r.id limit $2",
        records::select::<Product>()
    );
    conn.all(Sql::built(sql), vec![workspace.into(), PRODUCTS_MAX.into()]).await
}

/// The figures of all products of a workspace.
///
/// # Errors
/// What the database says.
pub async fn profiles(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<Kept<Figure>>> {
    conn.all(
        sql!(
            "select f.id, f.version, f.created_at, f.changed_at, f.removed_at, f.deal_id, f.product_id, f.parameter, f.low, f.likely, f.high,
               f.source, f.said_by, f.said_on, f.note
             from product p join figure f on f.product_id = p.id
             where p.workspace_id = $1 and p.removed_at is null and f.removed_at is null order by f.changed_at desc limit 100000"
        ),
        vec![workspace.into()],
    )
    .await
}

/// Open deals after `after`, by id, [`DEALS_AT_ONCE`] at most; of one product, if one is given.
///
/// # Errors
/// What the database says.
pub async fn open_deals(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    product: Option<Id<Product>>,
    after: Option<Id<Deal>>,
) -> Result<Vec<Id<Deal>>> {
    let after = after.unwrap_or(Id::of(db::Uuid::nil()));
    let rows = match product {
        Some(product) => {
            conn.all::<(Id<Deal>,)>(
                sql!(
                    "select id from deal where workspace_id = $1 and standing in ('open', 'paused') and removed_at is null
                     and id > $2 and product_id = $3 order by id limit $4"
                ),
                vec![workspace.into(), after.into(), product.into(), DEALS_AT_ONCE.into()],
            )
            .await?
        }
        None => {
            conn.all::<(Id<Deal>,)>(
                sql!(
                    "select id from deal where workspace_id = $1 and standing in ('open', 'paused') and removed_at is null
                     and id > $2 order by id limit $3"
                ),
                vec![workspace.into(), after.into(), DEALS_AT_ONCE.into()],
            )
            .await?
        }
    };
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How deals went, by product; the one under the empty key is of all.
///
/// # Errors
/// What the database says.
pub async fn track_records(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<(String, TrackRecord)>> {
    let rows = conn
        .all::<(String, i64, i64, i64, i64, i64)>(
            sql!(
                "select product_key, agreed, ended, days_p10, days_p50, days_p90 from track_record
                 where workspace_id = $1 order by product_key limit 10001"
            ),
            vec![workspace.into()],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(key, agreed, ended, low, mid, high)| {
            (key, TrackRecord { agreed, ended, days: [low, mid, high] })
        })
        .collect())
}

/// Counts the deals that ended, by product: agreed or not, begun and ended on which days. Reads every one; for
/// background work.
///
/// # Errors
/// What the database says.
pub async fn each_ended(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    mut take: impl FnMut(Option<Id<Product>>, bool, Option<String>, Option<String>) + Send,
) -> Result<()> {
    conn.each(
        sql!(
            "select product_id, agreed_on, opened_on, closed_on from deal where workspace_id = $1 and removed_at is null
             and (standing in ('agreed', 'verified', 'walked_away', 'declined') or agreed_on is not null)"
        ),
        vec![workspace.into()],
        |row| {
            let mut row = row.reader();
            let (product, agreed_on, opened_on, closed_on) = (row.take()?, row.take::<Option<String>>()?, row.take()?, row.take::<Option<String>>()?);
            let ended_on = agreed_on.clone().or(closed_on);
            take(product, agreed_on.is_some(), opened_on, ended_on);
            Ok(())
        },
    )
    .await
}

/// Keeps the counts, in place of those before.
///
/// # Errors
/// What the database says.
pub async fn save_track_records(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    records: &[(String, TrackRecord)],
    now: When,
) -> Result<()> {
    tx.run(sql!("delete from track_record where workspace_id = $1"), vec![workspace.into()]).await?;
    for (key, record) in records {
        let [low, mid, high] = record.days;
        tx.run(
            sql!(
                "insert into track_record (workspace_id, product_key, agreed, ended, days_p10, days_p50, days_p90, counted_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)"
            ),
            vec![
                workspace.into(),
                key.clone().into(),
                record.agreed.into(),
                record.ended.into(),
                low.into(),
                mid.into(),
                high.into(),
                now.into(),
            ],
        )
        .await?;
    }
    Ok(())
}

/// What an hour of each member is worth, and by the plan of which week.
///
/// # Errors
/// What the database says.
pub async fn hour_values(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Vec<(Id<Member>, Date, f64)>> {
    conn.all(
        sql!(
            "select member_id, week, value from hour_value where workspace_id = $1 order by member_id limit 10000"
        ),
        vec![workspace.into()],
    )
    .await
}

/// Keeps what an hour of each member is worth, by the plan of a week, in place of what was kept of them.
///
/// # Errors
/// What the database says.
pub async fn save_hour_values(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    week: Date,
    values: &[(Id<Member>, f64)],
) -> Result<()> {
    for (member, value) in values {
        tx.run(
            sql!(
                "insert into hour_value (workspace_id, member_id, week, value) values ($1, $2, $3, $4)
                 on conflict (workspace_id, member_id) do update set week = excluded.week, value = excluded.value"
            ),
            vec![workspace.into(), (*member).into(), week.into(), (*value).into()],
        )
        .await?;
    }
    Ok(())
}
