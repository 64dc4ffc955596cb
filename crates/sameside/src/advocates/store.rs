//! The tables of the advocates, and what they look at of others.

use crate::accounts::{Member, Scope, Workspace};
use crate::advocates::{Reply, Side};
use crate::base::{Id, When};
use crate::deals::Deal;
use crate::records::{Kept, store as records};
use db::{Conn, Result, Sql, Tx, Value, sql};
use std::collections::HashMap;

/// The most answers of a deal that are looked at.
const REPLIES_MAX: i64 = 1_000;

fn of_deals(workspace: Id<Workspace>, deals: &[Id<Deal>]) -> (String, Vec<Value>) {
    let values = std::iter::once(workspace.into()).chain(deals.iter().map(|id| (*id).into())).collect();
    (Sql::placeholders(2, deals.len()), values)
}

/// Of some deals: when somebody last called, met or wrote.
///
/// # Errors
/// What the database says.
pub async fn spoken(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, When>> {
    let (marks, values) = of_deals(workspace, deals);
    let sql = format!(
        "select deal_id, max(happened_at) from activity where (workspace_id = $1) is true and removed_at is null and kind <> 'note'
         and deal_id in ({marks}) group by deal_id"
    );
    Ok(conn.all::<(Id<Deal>, When)>(Sql::built(sql), values).await?.into_iter().collect())
}

/// Of some deals: how much is on the list or promised, by either side, and not done.
///
/// # Errors
/// What the database says.
pub async fn steps(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, i64>> {
    let (marks, values) = of_deals(workspace, deals);
    let sql = format!(
        "select deal_id, count(*) from open_work where (workspace_id = $1) is true and deal_id in ({marks}) group by deal_id"
    );
    Ok(conn.all::<(Id<Deal>, i64)>(Sql::built(sql), values).await?.into_iter().collect())
}

/// Of some agreed deals: the minutes of ours since the day they were agreed. Days are compared as text, moments by
/// where that day begins in `zone`, which the caller gives as the first moment of each deal.
///
/// # Errors
/// What the database says.
pub async fn minutes_since(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
    agreed: (When, crate::base::Date),
) -> Result<i64> {
    let row = conn
        .first::<(i64,)>(
            sql!(
                "select cast(coalesce((select sum(minutes) from activity where deal_id = $1 and workspace_id = $2 and removed_at is null and happened_at >= $3), 0)
                 + coalesce((select sum(minutes) from effort where deal_id = $1 and workspace_id = $2 and removed_at is null and worked_on >= $4), 0) as bigint)"
            ),
            vec![deal.into(), workspace.into(), agreed.0.into(), agreed.1.into()],
        )
        .await?;
    Ok(row.map_or(0, |(minutes,)| minutes))
}

/// Of some deals: the client's chance, as last assessed.
///
/// # Errors
/// What the database says.
pub async fn chances(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, f64>> {
    let (marks, values) = of_deals(workspace, deals);
    let sql = format!(
        "select deal_id, client_chance from assessment where (workspace_id = $1) is true and deal_id in ({marks})"
    );
    Ok(conn.all::<(Id<Deal>, f64)>(Sql::built(sql), values).await?.into_iter().collect())
}

/// The answers of some deals, newest first.
///
/// # Errors
/// What the database says.
pub async fn replies(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, Vec<Kept<Reply>>>> {
    let (marks, mut values) = of_deals(workspace, deals);
    values.push(REPLIES_MAX.into());
    let sql = format!(
        "{} where (r.workspace_id = $1) is true and r.removed_at is null and r.deal_id in ({marks}) order by r.created_at desc, r.id desc limit ${}",
        records::select::<Reply>(),
        deals.len() + 2
    );
    let mut all: HashMap<Id<Deal>, Vec<Kept<Reply>>> = HashMap::new();
    for reply in conn.all::<Kept<Reply>>(Sql::built(sql), values).await? {
        all.entry(reply.deal_id).or_default().push(reply);
    }
    Ok(all)
}

/// A finding as it is kept for Today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// What the rule is called.
    pub rule: String,
    /// For whom it speaks.
    pub side: Side,
    /// The evidence.
    pub evidence: String,
    /// The facts it rests on.
    pub mark: String,
}

/// What is kept of some deals' open findings.
///
/// # Errors
/// What the database says.
pub async fn kept(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, Vec<Open>>> {
    let (marks, values) = of_deals(workspace, deals);
    let sql = format!(
        "select deal_id, rule, side, evidence, mark from finding where (workspace_id = $1) is true and deal_id in ({marks}) order by deal_id, rule"
    );
    let mut all: HashMap<Id<Deal>, Vec<Open>> = HashMap::new();
    for (deal, rule, side, evidence, mark) in conn.all(Sql::built(sql), values).await? {
        all.entry(deal).or_default().push(Open { rule, side, evidence, mark });
    }
    Ok(all)
}

/// Keeps the open findings of a deal in place of those before; one that was there keeps the moment it was found.
///
/// # Errors
/// What the database says.
pub async fn keep(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
    open: &[Open],
    now: When,
) -> Result<()> {
    let rules: Vec<Value> = open.iter().map(|one| one.rule.clone().into()).collect();
    let others = if rules.is_empty() {
        String::new()
    } else {
        format!(" and rule not in ({})", Sql::placeholders(3, rules.len()))
    };
    let sql = format!("delete from finding where deal_id = $1 and workspace_id = $2{others}");
    let values = [deal.into(), workspace.into()].into_iter().chain(rules).collect();
    tx.run(Sql::built(sql), values).await?;
    for one in open {
        tx.run(
            sql!(
                "insert into finding (deal_id, rule, workspace_id, side, evidence, mark, found_at) values ($1, $2, $3, $4, $5, $6, $7)
                 on conflict (deal_id, rule) do update set evidence = excluded.evidence, mark = excluded.mark, side = excluded.side"
            ),
            vec![
                deal.into(),
                one.rule.clone().into(),
                workspace.into(),
                one.side.into(),
                one.evidence.clone().into(),
                one.mark.clone().into(),
                now.into(),
            ],
        )
        .await?;
    }
    Ok(())
}

/// A row of what is open in a workspace: deal, name, company, side, evidence.
pub type OpenRow = (Id<Deal>, String, Option<String>, Side, String);

/// The open findings of a workspace, the longest open first; of one member's deals, or of everybody's one sees.
///
/// # Errors
/// What the database says.
pub async fn open(
    conn: &mut Conn,
    scope: &Scope,
    owner: Option<Id<Member>>,
    limit: i64,
) -> Result<Vec<OpenRow>> {
    let mut values = vec![scope.workspace().into(), limit.into()];
    let mut whose = records::visible(scope, &mut values);
    if let Some(owner) = owner {
        values.push(owner.into());
        whose.push_str(&format!(" and r.owner_id = ${}", values.len()));
    }
    let sql = format!(
        "select r.id, r.title, c.name, f.side, f.evidence from finding f join deal r on r.id = f.deal_id left join company c on c.id = r.company_id
         where f.workspace_id = $1 and r.standing = 'open' and r.removed_at is null{whose} order by f.found_at, f.deal_id, f.rule limit $2"
    );
    conn.all(Sql::built(sql), values).await
}
