//! The tables `forecast` and `outlook`, and what a forecast reads of others.

use crate::accounts::Workspace;
use crate::base::{Currency, Date, Id, When};
use crate::deals::{Deal, Standing};
use crate::diagnosis::Parameter;
use crate::forecast::seen::{Known, Said};
use crate::forecast::{Outlook, Skill};
use crate::questions::{Question, Turn};
use crate::records::Doc;
use db::{Conn, FromRow, Reader, Result, Sql, Tx, Value, sql};
use uuid::Uuid;

/// The most deals of a workspace that are learned from, those made last.
pub const DEALS_MAX: i64 = 200_000;
/// The most answers that are looked at.
const ANSWERS_MAX: i64 = 2_000_000;

impl FromRow for Known {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        let (id, title, standing) = (row.take()?, row.take()?, row.take::<Standing>()?);
        let (opened_on, agreed_on, closed_on) = (row.take()?, row.take()?, row.take()?);
        let (product, pipeline, owner, team) = (row.take()?, row.take()?, row.take()?, row.take()?);
        let (own, currency) = (row.take::<Option<i64>>()?, row.take::<Currency>()?);
        let (usual, usual_currency) = (row.take::<Option<i64>>()?, row.take::<Option<Currency>>()?);
        let horizon_months = row.take()?;
        let (goal_source, goal_on) = (row.take::<Option<String>>()?, row.take()?);
        Ok(Self {
            id,
            title,
            standing,
            opened_on,
            agreed_on,
            closed_on,
            product,
            pipeline,
            owner,
            team,
            price_minor: own.or(usual.filter(|_| usual_currency == Some(currency))),
            value_minor: own,
            currency,
            horizon_months,
            goal: goal_source.map(|source| (source, goal_on)),
            company: row.take()?,
            industry: row.take()?,
            employees: row.take()?,
            country: row.take()?,
            other: row.take()?,
        })
    }
}

const KNOWN: &str = "select d.id, d.title, d.standing, d.opened_on, d.agreed_on, d.closed_on, d.product_id, d.pipeline_id, \
     d.owner_id, m.team_id, d.price_minor, d.currency, p.price_minor, p.currency, d.horizon_months, d.goal_source, d.goal_on, \
     d.company_id, c.industry, c.employees, c.country, d.other \
     from deal d left join member m on m.id = d.owner_id left join product p on p.id = d.product_id \
     left join company c on c.id = d.company_id";

/// Every deal that is not removed, those made last first, [`DEALS_MAX`] at most.
///
/// # Errors
/// What the database says.
pub async fn each_deal(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    mut take: impl FnMut(Known) + Send,
) -> Result<()> {
    let sql =
        format!("{KNOWN} where d.workspace_id = $1 and d.removed_at is null order by d.id desc limit $2");
    conn.each(Sql::built(sql), vec![workspace.into(), DEALS_MAX.into()], |row| {
        take(Known::from_row(&mut row.reader())?);
        Ok(())
    })
    .await
}

/// Some deals.
///
/// # Errors
/// What the database says.
pub async fn deals(conn: &mut Conn, workspace: Id<Workspace>, ids: &[Id<Deal>]) -> Result<Vec<Known>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "{KNOWN} where (d.workspace_id = $1) is true and d.id in ({})",
        Sql::placeholders(2, ids.len())
    );
    let values = std::iter::once(workspace.into()).chain(ids.iter().map(|id| (*id).into())).collect();
    conn.all(Sql::built(sql), values).await
}

/// The answers of deals, each with the day it was first written down; of all deals, or of some.
///
/// # Errors
/// What the database says.
pub(super) async fn each_answer(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: Option<&[Id<Deal>]>,
    mut take: impl FnMut(Uuid, Said) + Send,
) -> Result<()> {
    let mut values: Vec<Value> = vec![workspace.into(), ANSWERS_MAX.into()];
    let which = match deals {
        Some([]) => return Ok(()),
        Some(ids) => {
            values.extend(ids.iter().map(|id| Value::from(*id)));
            format!("deal_id in ({})", Sql::placeholders(3, ids.len()))
        }
        None => "deal_id is not null".to_owned(),
    };
    let sql = format!(
        "select deal_id, parameter, likely, created_at from figure
         where workspace_id = $1 and removed_at is null and {which} order by id desc limit $2"
    );
    conn.each(Sql::built(sql), values, |row| {
        let mut row = row.reader();
        let (deal, parameter, likely, at) =
            (row.take::<Uuid>()?, row.take::<Parameter>()?, row.take::<f64>()?, row.take::<When>()?);
        take(deal, Said { parameter, likely, on: at.day(&jiff::tz::TimeZone::UTC) });
        Ok(())
    })
    .await
}

/// What deals say to the questions of the workspace's own, since when; of all deals, or of some.
///
/// # Errors
/// What the database says.
pub(super) async fn each_told(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: Option<&[Id<Deal>]>,
    mut take: impl FnMut(Uuid, Id<Question>, Vec<Turn>) + Send,
) -> Result<()> {
    let mut values: Vec<Value> = vec![workspace.into(), ANSWERS_MAX.into()];
    let which = match deals {
        Some([]) => return Ok(()),
        Some(ids) => {
            values.extend(ids.iter().map(|id| Value::from(*id)));
            format!("and deal_id in ({})", Sql::placeholders(3, ids.len()))
        }
        None => String::new(),
    };
    let sql = format!(
        "select deal_id, question_id, trail from answer
         where workspace_id = $1 and removed_at is null {which} order by id desc limit $2"
    );
    conn.each(Sql::built(sql), values, |row| {
        let mut row = row.reader();
        let (deal, question) = (row.take::<Uuid>()?, row.take::<Id<Question>>()?);
        take(deal, question, row.take::<Doc<Vec<Turn>>>()?.0);
        Ok(())
    })
    .await
}

/// The days on which clients agreed to a deal: of all clients, or of some.
///
/// # Errors
/// What the database says.
pub async fn each_agreement(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    companies: Option<&[Uuid]>,
    mut take: impl FnMut(Uuid, Date) + Send,
) -> Result<()> {
    let mut values: Vec<Value> = vec![workspace.into(), DEALS_MAX.into()];
    let which = match companies {
        Some([]) => return Ok(()),
        Some(ids) => {
            values.extend(ids.iter().map(|id| Value::from(*id)));
            format!("company_id in ({})", Sql::placeholders(3, ids.len()))
        }
        None => "company_id is not null".to_owned(),
    };
    let sql = format!(
        "select company_id, agreed_on from deal
         where workspace_id = $1 and removed_at is null and agreed_on is not null and {which} order by id desc limit $2"
    );
    conn.each(Sql::built(sql), values, |row| {
        let mut row = row.reader();
        take(row.take()?, row.take()?);
        Ok(())
    })
    .await
}

/// A model as it is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// When it was fitted.
    pub fitted_at: When,
    /// As of which day.
    pub as_of: Date,
    /// On how many deals that ended.
    pub n: i64,
    /// How many of them were agreed.
    pub n_won: i64,
    /// Whether it is better than the average.
    pub is_better: bool,
    /// How good it is.
    pub skill: Skill,
}

impl FromRow for Kept {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            fitted_at: row.take()?,
            as_of: row.take()?,
            n: row.take()?,
            n_won: row.take()?,
            is_better: row.take::<i64>()? != 0,
            // Of another version of this program: how good it is will be known when it is fitted again.
            skill: serde_json::from_str(&row.take::<String>()?).unwrap_or_default(),
        })
    }
}

/// What was learned, if anything.
///
/// # Errors
/// What the database says.
pub async fn kept(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Option<Kept>> {
    conn.first(
        sql!("select fitted_at, as_of, n, n_won, is_better, skill from forecast where workspace_id = $1"),
        vec![workspace.into()],
    )
    .await
}

/// The engine's model, with when it was fitted.
///
/// # Errors
/// What the database says.
pub async fn model(conn: &mut Conn, workspace: Id<Workspace>) -> Result<Option<(When, String)>> {
    conn.first(sql!("select fitted_at, model from forecast where workspace_id = $1"), vec![workspace.into()])
        .await
}

/// Keeps a model in place of the one before.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &mut Tx, workspace: Id<Workspace>, it: &Kept, model: &str) -> Result<()> {
    tx.run(
        sql!(
            "insert into forecast (workspace_id, fitted_at, as_of, n, n_won, is_better, skill, model)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (workspace_id) do update set fitted_at = excluded.fitted_at, as_of = excluded.as_of, n = excluded.n,
               n_won = excluded.n_won, is_better = excluded.is_better, skill = excluded.skill, model = excluded.model"
        ),
        vec![
            workspace.into(),
            it.fitted_at.into(),
            it.as_of.into(),
            it.n.into(),
            it.n_won.into(),
            i64::from(it.is_better).into(),
            serde_json::to_string(&it.skill).unwrap_or_default().into(),
            model.to_owned().into(),
        ],
    )
    .await
    .map(drop)
}

/// What was learned is forgotten: too little of it is left.
///
/// # Errors
/// What the database says.
pub async fn forget(tx: &mut Tx, workspace: Id<Workspace>) -> Result<()> {
    tx.run(sql!("delete from forecast where workspace_id = $1"), vec![workspace.into()]).await?;
    tx.run(sql!("delete from outlook where workspace_id = $1"), vec![workspace.into()]).await.map(drop)
}

/// What the open deals will bring, as one sees it: as of when, and what.
///
/// # Errors
/// What the database says.
pub async fn outlook(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    view: &str,
) -> Result<Option<(Date, Outlook)>> {
    let row = conn
        .first::<(Date, String)>(
            sql!("select as_of, document from outlook where workspace_id = $1 and view_key = $2"),
            vec![workspace.into(), view.into()],
        )
        .await?;
    Ok(row.and_then(|(as_of, text)| Some((as_of, serde_json::from_str(&text).ok()?))))
}

/// Keeps what the open deals will bring, in place of all that was kept before.
///
/// # Errors
/// What the database says.
pub async fn save_outlooks(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    as_of: Date,
    outlooks: &[(String, Outlook)],
) -> Result<()> {
    tx.run(sql!("delete from outlook where workspace_id = $1"), vec![workspace.into()]).await?;
    for (view, outlook) in outlooks {
        tx.run(
            sql!("insert into outlook (workspace_id, view_key, as_of, document) values ($1, $2, $3, $4)"),
            vec![
                workspace.into(),
                view.clone().into(),
                as_of.into(),
                serde_json::to_string(outlook).unwrap_or_default().into(),
            ],
        )
        .await?;
    }
    Ok(())
}
