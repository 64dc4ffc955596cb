//! The tables `concession` and `delegation`.

use crate::accounts::{Member, Scope, Workspace};
use crate::base::{Currency, Date, Id, When};
use crate::companies::Company;
use crate::concessions::{Concession, Delegation, State};
use crate::deals::{Deal, Standing};
use crate::products::Product;
use crate::records::{Kept, store as records};
use db::{Conn, FromRow, Reader, Result, Sql, Value};
use std::collections::HashMap;

/// The most concessions of one list.
pub const ROWS_MAX: i64 = 100;
/// The most clients or sellers whose balance is shown.
pub const BALANCES_MAX: i64 = 50;
/// The most precedents of one kind beside the form.
pub const PRECEDENTS_MAX: i64 = 8;
/// The most delegations of one list.
const DELEGATIONS_MAX: i64 = 50;

/// A concession with the deal it was given in.
#[derive(Debug, Clone)]
pub struct Given {
    /// The concession.
    pub id: Id<Concession>,
    /// Its version.
    pub version: i64,
    /// In which deal.
    pub deal: Id<Deal>,
    /// What that is called.
    pub deal_title: String,
    /// How that stands.
    pub standing: Standing,
    /// In which currency.
    pub currency: Currency,
    /// To whom.
    pub company: Option<Id<Company>>,
    /// What they are called.
    pub company_name: Option<String>,
    /// Who gave it.
    pub by: Option<String>,
    /// When.
    pub at: When,
    /// What.
    pub title: String,
    /// What it cost us: low, likely, high.
    pub cost: [f64; 3],
    /// What came back.
    pub came_back: Option<String>,
    /// Or why nothing did.
    pub nothing_because: Option<String>,
    /// As a share of the price.
    pub share: f64,
    /// Where it stands.
    pub state: State,
    /// What was said to it.
    pub decided_because: Option<String>,
}

const GIVEN: &str = "select x.id, x.version, r.id, r.title, r.standing, r.currency, c.id, c.name, m.name, x.created_at, x.title, \
     x.cost_low, x.cost_likely, x.cost_high, x.came_back, x.nothing_because, x.share, x.state, x.decided_because \
     from concession x join deal r on r.id = x.deal_id left join company c on c.id = r.company_id \
     left join member m on m.id = x.owner_id";

impl FromRow for Given {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            version: row.take()?,
            deal: row.take()?,
            deal_title: row.take()?,
            standing: row.take()?,
            currency: row.take()?,
            company: row.take()?,
            company_name: row.take()?,
            by: row.take()?,
            at: row.take()?,
            title: row.take()?,
            cost: [row.take()?, row.take()?, row.take()?],
            came_back: row.take()?,
            nothing_because: row.take()?,
            share: row.take()?,
            state: row.take()?,
            decided_because: row.take()?,
        })
    }
}

async fn given(
    conn: &mut Conn,
    scope: &Scope,
    only: &str,
    more: Vec<Value>,
    limit: i64,
) -> Result<Vec<Given>> {
    let mut values = vec![scope.workspace().into()];
    values.extend(more);
    let whose = records::visible(scope, &mut values);
    values.push(limit.into());
    let sql = format!(
        "{GIVEN} where x.workspace_id = $1 and x.removed_at is null and r.removed_at is null and {only}{whose}
         order by x.created_at desc, x.id desc limit ${}",
        values.len()
    );
    conn.all(Sql::built(sql), values).await
}

/// The concessions of a deal, newest first.
///
/// # Errors
/// What the database says.
pub async fn of_deal(conn: &mut Conn, scope: &Scope, deal: Id<Deal>) -> Result<Vec<Given>> {
    given(conn, scope, "x.deal_id = $2", vec![deal.into()], ROWS_MAX).await
}

/// Those of a workspace in a state, newest first.
///
/// # Errors
/// What the database says.
pub async fn in_state(conn: &mut Conn, scope: &Scope, state: State, limit: i64) -> Result<Vec<Given>> {
    given(conn, scope, "x.state = $2", vec![state.into()], limit).await
}

/// What a client was given before, in other deals too.
///
/// # Errors
/// What the database says.
pub async fn to_company(
    conn: &mut Conn,
    scope: &Scope,
    company: Id<Company>,
    but: Id<Deal>,
) -> Result<Vec<Given>> {
    let only = "r.company_id = $2 and x.deal_id <> $3 and x.state = 'granted'";
    given(conn, scope, only, vec![company.into(), but.into()], PRECEDENTS_MAX).await
}

/// What others were given in deals about the same product.
///
/// # Errors
/// What the database says.
pub async fn about_product(
    conn: &mut Conn,
    scope: &Scope,
    product: Id<Product>,
    but: Option<Id<Company>>,
) -> Result<Vec<Given>> {
    let only = "r.product_id = $2 and (r.company_id is null or r.company_id <> $3) and x.state = 'granted'";
    let but = but.unwrap_or(Id::of(uuid::Uuid::nil()));
    given(conn, scope, only, vec![product.into(), but.into()], PRECEDENTS_MAX).await
}

/// What was given to, or by, somebody over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Balance {
    /// To or by whom.
    pub name: String,
    /// How often.
    pub count: i64,
    /// How often nothing came back.
    pub without: i64,
    /// The mean share of the price.
    pub share: f64,
}

impl FromRow for Balance {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { name: row.take()?, count: row.take()?, without: row.take()?, share: row.take()? })
    }
}

/// Whose balances.
#[derive(Debug, Clone, Copy)]
pub enum By {
    /// Of each client.
    Client,
    /// Of each of us.
    Seller,
}

/// What was given to each client, or by each of us, those to or by whom most was given for nothing first.
///
/// # Errors
/// What the database says.
pub async fn balances(conn: &mut Conn, scope: &Scope, by: By) -> Result<Vec<Balance>> {
    let (join, name) = match by {
        By::Client => ("join company w on w.id = r.company_id", "w.name"),
        By::Seller => ("join member w on w.id = x.owner_id", "w.name"),
    };
    let mut values = vec![scope.workspace().into()];
    let whose = records::visible(scope, &mut values);
    values.push(BALANCES_MAX.into());
    let sql = format!(
        "select {name}, count(*), cast(sum(case when x.came_back is null then 1 else 0 end) as bigint), avg(x.share)
         from concession x join deal r on r.id = x.deal_id {join}
         where x.workspace_id = $1 and x.removed_at is null and r.removed_at is null and x.state = 'granted'{whose}
         group by w.id, {name} order by 3 desc, 2 desc, 1 limit ${}",
        values.len()
    );
    conn.all(Sql::built(sql), values).await
}

/// Of some deals: what was given in each, and what their clients were given in all: how often, how often for nothing.
///
/// # Errors
/// What the database says.
pub async fn of_deals(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, Vec<Kept<Concession>>>> {
    let mut all: HashMap<Id<Deal>, Vec<Kept<Concession>>> = HashMap::new();
    if deals.is_empty() {
        return Ok(all);
    }
    let sql = format!(
        "{} where (r.workspace_id = $1) is true and r.removed_at is null and r.state = 'granted' and r.deal_id in ({}) order by r.deal_id, r.created_at, r.id",
        records::select::<Concession>(),
        Sql::placeholders(2, deals.len())
    );
    let values = std::iter::once(workspace.into()).chain(deals.iter().map(|id| (*id).into())).collect();
    for concession in conn.all::<Kept<Concession>>(Sql::built(sql), values).await? {
        all.entry(concession.deal_id).or_default().push(concession);
    }
    Ok(all)
}

/// Of some clients: how often they were given something in any deal, and how often nothing came back.
///
/// # Errors
/// What the database says.
pub async fn of_clients(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    clients: &[Id<Company>],
) -> Result<HashMap<Id<Company>, (i64, i64)>> {
    if clients.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "select r.company_id, count(*), cast(sum(case when x.came_back is null then 1 else 0 end) as bigint)
         from concession x join deal r on r.id = x.deal_id
         where x.workspace_id = $1 and x.removed_at is null and x.state = 'granted' and r.removed_at is null and r.company_id in ({})
         group by r.company_id",
        Sql::placeholders(2, clients.len())
    );
    let values = std::iter::once(workspace.into()).chain(clients.iter().map(|id| (*id).into())).collect();
    let rows = conn.all::<(Id<Company>, i64, i64)>(Sql::built(sql), values).await?;
    Ok(rows.into_iter().map(|(company, count, without)| (company, (count, without))).collect())
}

/// Those for whom a member stands in on a day.
///
/// # Errors
/// What the database says.
pub async fn stands_in_for(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    member: Id<Member>,
    today: Date,
) -> Result<Vec<Kept<Delegation>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.to_id = $2 and r.removed_at is null and r.from_on <= $3 and r.until_on >= $3 order by r.id limit $4",
        records::select::<Delegation>()
    );
    conn.all(Sql::built(sql), vec![workspace.into(), member.into(), today.into(), DELEGATIONS_MAX.into()])
        .await
}

/// Who stands in for a member, today and later.
///
/// # Errors
/// What the database says.
pub async fn stand_ins(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    member: Id<Member>,
    today: Date,
) -> Result<Vec<Kept<Delegation>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.owner_id = $2 and r.removed_at is null and r.until_on >= $3 order by r.from_on, r.id limit $4",
        records::select::<Delegation>()
    );
    conn.all(Sql::built(sql), vec![workspace.into(), member.into(), today.into(), DELEGATIONS_MAX.into()])
        .await
}
