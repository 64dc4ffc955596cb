//! The tables `measure`, `outcome`, `gladness` and `lesson`.

use crate::accounts::{Scope, Workspace};
use crate::base::{Currency, Id, When};
use crate::deals::Deal;
use crate::diagnosis::Parameter;
use crate::outcomes::{Felt, Gladness, Lessons, Measure, Occasion, Outcome};
use crate::products::Product;
use crate::records::{Kept, store as records};
use db::{Conn, FromRow, Reader, Result, Sql, Tx, Value, sql};
use std::collections::HashMap;

/// The most results that are learned from, the latest first.
const RESULTS_MAX: i64 = 20_000;
/// The most profile figures that are read.
const FIGURES_MAX: i64 = 20_000;
/// The most deals whose names are asked for at once.
const DEALS_NAMED_MAX: usize = 500;
/// The most lessons of a workspace: two for each parameter and one for the measure.
const LESSONS_MAX: i64 = 100;
/// The most readings of gladness of a deal.
const GLADNESS_MAX: i64 = 20;
/// The most readings of some deals.
const READINGS_MAX: i64 = 2_000;

/// The measure of a deal.
///
/// # Errors
/// What the database says.
pub async fn measure(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Option<Kept<Measure>>> {
    records::last_of_deal(conn, workspace, deal.uuid()).await
}

/// The result of a deal.
///
/// # Errors
/// What the database says.
pub async fn outcome(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Option<Kept<Outcome>>> {
    records::last_of_deal(conn, workspace, deal.uuid()).await
}

/// How glad they were, newest first.
///
/// # Errors
/// What the database says.
pub async fn gladness(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Vec<Kept<Gladness>>> {
    records::of_deal(conn, workspace, deal.uuid(), GLADNESS_MAX).await
}

/// The measures of some deals.
///
/// # Errors
/// What the database says.
pub async fn measures(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, Measure>> {
    if deals.is_empty() {
        return Ok(HashMap::new());
    }
    let (marks, values) = of_deals(workspace, deals);
    let sql = format!(
        "{} where (r.workspace_id = $1) is true and r.removed_at is null and r.deal_id in ({marks}) order by r.created_at, r.id limit $2",
        records::select::<Measure>()
    );
    let all: Vec<Kept<Measure>> = conn.all(Sql::built(sql), values).await?;
    Ok(all.into_iter().map(|kept| (kept.deal_id, kept.it)).collect())
}

/// The places of some deals in a statement, and its values: the workspace, the most rows, the deals.
fn of_deals(workspace: Id<Workspace>, deals: &[Id<Deal>]) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = vec![workspace.into(), READINGS_MAX.into()];
    values.extend(deals.iter().map(|deal| Value::from(*deal)));
    let marks: Vec<String> = (3..=values.len()).map(|n| format!("${n}")).collect();
    (marks.join(", "), values)
}

/// What the clients of some deals said of how glad they are, oldest first.
///
/// # Errors
/// What the database says.
pub async fn said_glad(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<Vec<(Id<Deal>, Occasion, Felt, Option<String>)>> {
    if deals.is_empty() {
        return Ok(Vec::new());
    }
    let (marks, values) = of_deals(workspace, deals);
    let sql = format!(
        "select deal_id, moment, felt, because from gladness where (workspace_id = $1) is true and removed_at is null
         and whose = 'client' and deal_id in ({marks}) order by created_at, id limit $2"
    );
    conn.all(Sql::built(sql), values).await
}

/// A result, with the product of its deal.
struct OfProduct {
    product: Option<Id<Product>>,
    outcome: Outcome,
}

impl FromRow for OfProduct {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let kept: Kept<Outcome> = Kept::from_row(row)?;
        Ok(Self { outcome: kept.it, product: row.take()? })
    }
}

/// Every result with the product of its deal, the latest first, at most [`RESULTS_MAX`].
///
/// # Errors
/// What the database says.
pub async fn results(
    conn: &mut Conn,
    workspace: Id<Workspace>,
) -> Result<Vec<(Option<Id<Product>>, Outcome)>> {
    let select = records::select::<Outcome>();
    let select = select.replacen(" from ", ", d.product_id from ", 1);
    let sql = format!(
        "{select} join deal d on d.id = r.deal_id where r.workspace_id = $1 and r.removed_at is null and d.removed_at is null
         order by r.measured_on desc, r.id desc limit $2"
    );
    let rows: Vec<OfProduct> = conn.all(Sql::built(sql), vec![workspace.into(), RESULTS_MAX.into()]).await?;
    Ok(rows.into_iter().map(|row| (row.product, row.outcome)).collect())
}

/// A deal behind a result.
#[derive(Debug, Clone)]
pub struct Behind {
    /// What it is called.
    pub title: String,
    /// With whom.
    pub company: Option<String>,
    /// In which currency its sums are.
    pub currency: Currency,
}

/// Those of some deals, at most [`DEALS_NAMED_MAX`], that this person may see.
///
/// # Errors
/// What the database says.
pub async fn deals_named(
    conn: &mut Conn,
    scope: &Scope,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, Behind>> {
    let deals = deals.get(..DEALS_NAMED_MAX).unwrap_or(deals);
    let mut values: Vec<Value> = vec![scope.workspace().into()];
    values.extend(deals.iter().map(|id| Value::from(*id)));
    let marks = if deals.is_empty() { "null".to_owned() } else { Sql::placeholders(2, deals.len()) };
    let mut sql = format!(
        "select r.id, r.title, c.name, r.currency from deal r left join company c on c.id = r.company_id
         where (r.workspace_id = $1) is true and r.removed_at is null and r.id in ({marks})"
    );
    sql.push_str(&records::visible(scope, &mut values));
    values.push(i64::try_from(DEALS_NAMED_MAX).unwrap_or(i64::MAX).into());
    sql.push_str(&format!(" order by r.id limit ${}", values.len()));
    let rows: Vec<(Id<Deal>, String, Option<String>, Currency)> = conn.all(Sql::built(sql), values).await?;
    Ok(rows
        .into_iter()
        .map(|(id, title, company, currency)| (id, Behind { title, company, currency }))
        .collect())
}

/// What the profiles say is likely.
///
/// # Errors
/// What the database says.
pub async fn profiles(
    conn: &mut Conn,
    workspace: Id<Workspace>,
) -> Result<Vec<(Id<Product>, Parameter, f64)>> {
    conn.all(
        sql!(
            "select product_id, parameter, likely from figure where workspace_id = $1 and product_id is not null
             and removed_at is null order by id limit $2"
        ),
        vec![workspace.into(), FIGURES_MAX.into()],
    )
    .await
}

/// What was learned.
///
/// # Errors
/// What the database says; a lesson that cannot be read.
pub async fn lessons(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Lessons> {
    let rows: Vec<(String, String)> = conn
        .all(
            sql!("select subject, document from lesson where workspace_id = $1 order by subject limit $2"),
            vec![workspace.into(), LESSONS_MAX.into()],
        )
        .await?;
    let read = |(subject, document): (String, String)| {
        let outcomes = serde_json::from_str(&document)
            .map_err(|error| db::Error::Shape(format!("the lesson {subject:?}: {error}")))?;
        Ok((subject, outcomes))
    };
    Ok(Lessons::kept(rows.into_iter().map(read).collect::<Result<Vec<_>>>()?))
}

/// Keeps what was learned in place of what was before.
///
/// # Errors
/// What the database says.
pub async fn save_lessons(tx: &mut Tx, workspace: Id<Workspace>, lessons: &Lessons, now: When) -> Result<()> {
    tx.run(sql!("delete from lesson where workspace_id = $1"), vec![workspace.into()]).await?;
    for (subject, outcomes) in lessons.iter() {
        let document = serde_json::to_string(outcomes)
            .map_err(|error| db::Error::Shape(format!("a lesson: {error}")))?;
        tx.run(
            sql!("insert into lesson (workspace_id, subject, document, learned_at) values ($1, $2, $3, $4)"),
            vec![workspace.into(), subject.into(), document.into(), now.into()],
        )
        .await?;
    }
    Ok(())
}
