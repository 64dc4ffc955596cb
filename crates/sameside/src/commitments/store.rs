//! The tables `commitment` and `plan_step`.

use crate::accounts::{Member, Scope, Workspace};
use crate::base::{Date, Id};
use crate::commitments::{Commitment, PlanStep, Side};
use crate::companies::Company;
use crate::deals::Deal;
use crate::products::Product;
use crate::records::{Kept, store as records};
use db::{Conn, FromRow, Reader, Result, Sql, Value, sql};
use std::collections::HashMap;

/// The most commitments of one deal.
pub const OF_DEAL_MAX: i64 = 200;
/// The most steps of one product's plan.
pub const STEPS_MAX: i64 = 60;
/// The most missed promises that are looked at together.
const MISSED_MAX: i64 = 5_000;

/// The commitments of a deal, first due first, those without a day last. The caller has made sure that this person may see
/// the deal.
///
/// # Errors
/// What the database says.
pub async fn of_deal(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Vec<Kept<Commitment>>> {
    let sql = format!(
        "{} where r.deal_id = $1 and r.workspace_id = $2 and r.removed_at is null
         order by r.due_on nulls last, r.created_at, r.id limit $3",
        records::select::<Commitment>()
    );
    conn.all(Sql::built(sql), vec![deal.into(), workspace.into(), OF_DEAL_MAX.into()]).await
}

/// The promise to look at the result of a deal, the last one, removed or not.
///
/// # Errors
/// What the database says.
pub async fn verification(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Option<Kept<Commitment>>> {
    let sql = format!(
        "{} where r.deal_id = $1 and r.workspace_id = $2 and r.measure_id is not null
         order by r.removed_at is not null, r.created_at desc, r.id desc limit 1",
        records::select::<Commitment>()
    );
    conn.first(Sql::built(sql), vec![deal.into(), workspace.into()]).await
}

/// The steps that plans about a product begin with, in their order.
///
/// # Errors
/// What the database says.
pub async fn steps(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    product: Id<Product>,
) -> Result<Vec<Kept<PlanStep>>> {
    let sql = format!(
        "{} where r.product_id = $1 and r.workspace_id = $2 and r.removed_at is null order by r.place, r.id limit $3",
        records::select::<PlanStep>()
    );
    conn.all(Sql::built(sql), vec![product.into(), workspace.into(), STEPS_MAX.into()]).await
}

/// A promise with the deal it was made in.
#[derive(Debug, Clone)]
pub struct Open {
    /// In which deal.
    pub deal: Id<Deal>,
    /// What that is called.
    pub deal_title: String,
    /// With whom.
    pub company: Option<String>,
    /// Whose.
    pub side: Side,
    /// What.
    pub title: String,
    /// Until when.
    pub due_on: Option<Date>,
    /// The day the other side asks for.
    pub asked_on: Option<Date>,
    /// Whether it is looking at the result.
    pub is_verification: bool,
}

const OPEN: &str = "select r.id, r.title, c.name, x.side, x.title, x.due_on, x.asked_on, case when x.measure_id is null then 0 else 1 end \
     from commitment x join deal r on r.id = x.deal_id left join company c on c.id = r.company_id";

impl FromRow for Open {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            deal: row.take()?,
            deal_title: row.take()?,
            company: row.take()?,
            side: row.take()?,
            title: row.take()?,
            due_on: row.take()?,
            asked_on: row.take()?,
            is_verification: row.take::<i64>()? != 0,
        })
    }
}

/// Of the deals one may see, or of one member's: what we promised and is due until a day, what they promised for a day before
/// another, usually today, and where they ask for another day; first due first.
///
/// # Errors
/// What the database says.
pub async fn open(
    conn: &mut Conn,
    scope: &Scope,
    owner: Option<Id<Member>>,
    (before, until): (Date, Date),
    limit: i64,
) -> Result<Vec<Open>> {
    let mut values: Vec<Value> = vec![scope.workspace().into(), until.into(), before.into()];
    let mut whose = records::visible(scope, &mut values);
    if let Some(owner) = owner {
        values.push(owner.into());
        let n = values.len();
        whose.push_str(&format!(" and coalesce(x.owner_id, r.owner_id) = ${n}"));
    }
    values.push(limit.into());
    let sql = format!(
        "{OPEN} where x.workspace_id = $1 and x.removed_at is null and r.removed_at is null and r.standing in ('open', 'agreed') and x.done_on is null
           and (x.asked_on is not null or (x.side = 'company' and x.due_on <= $2) or (x.side = 'client' and x.due_on < $3)){whose}
         order by x.due_on, x.id limit ${}",
        values.len()
    );
    conn.all(Sql::built(sql), values).await
}

/// A promise whose day is near or past.
#[derive(Debug, Clone)]
pub struct Due {
    /// Which.
    pub id: Id<Commitment>,
    /// In which deal.
    pub deal: Id<Deal>,
    /// What that is called.
    pub deal_title: String,
    /// Whose.
    pub side: Side,
    /// What.
    pub title: String,
    /// Until when.
    pub due_on: Date,
    /// Who of us has it, or runs the deal; nobody for some.
    pub whom: Option<Id<Member>>,
}

impl FromRow for Due {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            deal: row.take()?,
            deal_title: row.take()?,
            side: row.take()?,
            title: row.take()?,
            due_on: row.take()?,
            whom: row.take()?,
        })
    }
}

/// Of everybody's open deals: what we promised and is not done, due from a day until another, and what they promised for a
/// day before `today`; the last due first.
///
/// # Errors
/// What the database says.
pub async fn due(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    (from, until): (Date, Date),
    today: Date,
) -> Result<Vec<Due>> {
    conn.all(
        sql!(
            "select x.id, r.id, r.title, x.side, x.title, x.due_on, case when x.side = 'company' then coalesce(x.owner_id, r.owner_id) else r.owner_id end
             from commitment x join deal r on r.id = x.deal_id
             where x.workspace_id = $1 and x.removed_at is null and r.removed_at is null and r.standing = 'open' and x.done_on is null
               and x.due_on >= $2 and x.due_on <= $3 and (x.side = 'company' or x.due_on < $4)
             order by x.due_on desc, x.id limit $5"
        ),
        vec![workspace.into(), from.into(), until.into(), today.into(), MISSED_MAX.into()],
    )
    .await
}

/// Some open promises of deals one may see, by their ids, first due first; those that are no promises are left out.
///
/// # Errors
/// What the database says.
pub async fn by_ids(conn: &mut Conn, scope: &Scope, ids: &[uuid::Uuid]) -> Result<Vec<Open>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![scope.workspace().into()];
    let whose = records::visible(scope, &mut values);
    let places = Sql::placeholders(values.len() + 1, ids.len());
    values.extend(ids.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "{OPEN} where (x.workspace_id = $1) is true and x.removed_at is null and r.removed_at is null and x.done_on is null
           and x.id in ({places}){whose} order by x.due_on, x.id",
    );
    conn.all(Sql::built(sql), values).await
}

/// Of some deals: what one side promised and did not keep, with the day it was promised for, oldest first.
///
/// # Errors
/// What the database says.
pub async fn missed(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
    side: Side,
    today: Date,
) -> Result<HashMap<Id<Deal>, Vec<(String, Date)>>> {
    let mut all: HashMap<Id<Deal>, Vec<(String, Date)>> = HashMap::new();
    if deals.is_empty() {
        return Ok(all);
    }
    let mut values: Vec<Value> = vec![workspace.into(), side.into(), today.into(), MISSED_MAX.into()];
    values.extend(deals.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "select deal_id, title, promised_on from commitment
         where (workspace_id = $1) is true and side = $2 and removed_at is null and promised_on is not null
           and ((done_on is null and promised_on < $3) or done_on > promised_on) and deal_id in ({})
         order by promised_on, id limit $4",
        Sql::placeholders(5, deals.len())
    );
    for (deal, title, day) in conn.all::<(Id<Deal>, String, Date)>(Sql::built(sql), values).await? {
        all.entry(deal).or_default().push((title, day));
    }
    Ok(all)
}

/// What did not go with its deal `r`: see [`Commitment::is_let_go`].
const NOT_LET_GO: &str =
    "(r.standing not in ('walked_away', 'declined') or r.closed_on is null or x.promised_on < r.closed_on)";

/// How many promises came due, and how many of them were kept by the day they were promised for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// How many came due, or were done before.
    pub due: i64,
    /// How many were kept.
    pub kept: i64,
}

impl Count {
    /// How many were not.
    pub const fn missed(self) -> i64 {
        self.due - self.kept
    }

    /// `we kept 3 of 4 that came due`, as part of a sentence; nothing before any came due.
    pub fn said(self, who: &str) -> Option<String> {
        match (self.due, self.kept) {
            (0, _) => None,
            (1, 0) => Some(format!("{who} did not keep the one promise that came due")),
            (1, _) => Some(format!("{who} kept the one promise that came due")),
            (due, 0) => Some(format!("{who} kept none of {due} that came due")),
            (due, kept) if due == kept => Some(format!("{who} kept all {due} that came due")),
            (due, kept) => Some(format!("{who} kept {kept} of {due} that came due")),
        }
    }
}

/// Of some clients: how many of their promises, in any deal, came due, and how many they kept.
///
/// # Errors
/// What the database says.
pub async fn kept_by_clients(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    clients: &[Id<Company>],
    today: Date,
) -> Result<HashMap<Id<Company>, Count>> {
    if clients.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values: Vec<Value> = vec![workspace.into(), today.into()];
    values.extend(clients.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "select r.company_id, count(*), cast(sum(case when x.done_on is not null and x.done_on <= x.promised_on then 1 else 0 end) as bigint)
         from commitment x join deal r on r.id = x.deal_id
         where x.workspace_id = $1 and x.side = 'client' and x.removed_at is null and r.removed_at is null
           and x.promised_on is not null and (x.done_on is not null or (x.promised_on < $2 and {NOT_LET_GO}))
           and r.company_id in ({})
         group by r.company_id",
        Sql::placeholders(3, clients.len())
    );
    let rows = conn.all::<(Id<Company>, i64, i64)>(Sql::built(sql), values).await?;
    Ok(rows.into_iter().map(|(company, due, kept)| (company, Count { due, kept })).collect())
}

/// Of a client: how many promises of each side, in any deal, came due and were kept, ours first.
///
/// # Errors
/// What the database says.
pub async fn kept_with_client(
    conn: &mut Conn,
    scope: &Scope,
    client: Id<Company>,
    today: Date,
) -> Result<[Count; 2]> {
    let mut values: Vec<Value> = vec![scope.workspace().into(), today.into(), client.into()];
    let whose = records::visible(scope, &mut values);
    let sql = format!(
        "select x.side, count(*), cast(sum(case when x.done_on is not null and x.done_on <= x.promised_on then 1 else 0 end) as bigint)
         from commitment x join deal r on r.id = x.deal_id
         where x.workspace_id = $1 and x.removed_at is null and r.removed_at is null and r.company_id = $3
           and x.promised_on is not null and (x.done_on is not null or (x.promised_on < $2 and {NOT_LET_GO})){whose}
         group by x.side"
    );
    let mut counts = [Count::default(); 2];
    for (side, due, kept) in conn.all::<(Side, i64, i64)>(Sql::built(sql), values).await? {
        let place = usize::from(side == Side::Client);
        if let Some(count) = counts.get_mut(place) {
            *count = Count { due, kept };
        }
    }
    Ok(counts)
}

/// How many commitments a deal has, removed ones not counted, up to the most it may have.
///
/// # Errors
/// What the database says.
pub async fn count(conn: &mut Conn, workspace: Id<Workspace>, deal: Id<Deal>) -> Result<i64> {
    let row = conn
        .first::<(i64,)>(
            sql!(
                "select count(*) from (select 1 from commitment where deal_id = $1 and workspace_id = $2 and removed_at is null limit $3) x"
            ),
            vec![deal.into(), workspace.into(), OF_DEAL_MAX.into()],
        )
        .await?;
    Ok(row.map_or(0, |(count,)| count))
}
