//! The tables of pursuit, and what the stops read of others.

use crate::accounts::{Member, Scope, Workspace};
use crate::base::{Currency, Date, Id, Money, When};
use crate::deals::{Deal, Stage};
use crate::pursuit::{Budget, Decision, Effort, Late, Spent, Stay};
use crate::records::{Kept, store as records};
use db::{Conn, Result, Sql, Tx, Value, sql};
use std::collections::HashMap;

/// The most entries of a deal on its page.
pub const EFFORTS_MAX: i64 = 200;
/// The most late promises of a deal that are looked at.
const LATE_MAX: i64 = 2_000;
/// The most decisions of some deals that are looked at.
const DECISIONS_MAX: i64 = 5_000;
/// How far back the history is read for stays, in events.
const EVENTS_BACK: i64 = 300_000;

fn of_deals(workspace: Id<Workspace>, deals: &[Id<Deal>]) -> (String, Vec<Value>) {
    let values = std::iter::once(workspace.into()).chain(deals.iter().map(|id| (*id).into())).collect();
    (Sql::placeholders(2, deals.len()), values)
}

/// What went into some deals: the minutes of their activities and entries, and the sums.
///
/// # Errors
/// What the database says.
pub async fn spent(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, Spent>> {
    let mut all: HashMap<Id<Deal>, Spent> = HashMap::new();
    if deals.is_empty() {
        return Ok(all);
    }
    let (marks, values) = of_deals(workspace, deals);
    let sql = format!(
        "select deal_id, cast(coalesce(sum(minutes), 0) as bigint) from activity
         where (workspace_id = $1) is true and removed_at is null and deal_id in ({marks}) group by deal_id"
    );
    for (deal, minutes) in conn.all::<(Id<Deal>, i64)>(Sql::built(sql), values.clone()).await? {
        all.entry(deal).or_default().minutes += minutes;
    }
    let sql = format!(
        "select deal_id, currency, cast(coalesce(sum(minutes), 0) as bigint), cast(coalesce(sum(spent_minor), 0) as bigint) from effort
         where (workspace_id = $1) is true and removed_at is null and deal_id in ({marks}) group by deal_id, currency order by deal_id, currency"
    );
    for (deal, currency, minutes, minor) in
        conn.all::<(Id<Deal>, Currency, i64, i64)>(Sql::built(sql), values).await?
    {
        let spent = all.entry(deal).or_default();
        spent.minutes += minutes;
        if minor != 0 {
            spent.sums.push(Money { minor, currency });
        }
    }
    Ok(all)
}

/// The promises of some deals whose day is past.
///
/// # Errors
/// What the database says.
pub async fn late(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
    today: Date,
) -> Result<HashMap<Id<Deal>, Vec<Late>>> {
    let mut all: HashMap<Id<Deal>, Vec<Late>> = HashMap::new();
    if deals.is_empty() {
        return Ok(all);
    }
    let (marks, mut values) = of_deals(workspace, deals);
    values.extend([today.into(), LATE_MAX.into()]);
    let sql = format!(
        "select deal_id, id, title, due_on from open_work where (workspace_id = $1) is true and deal_id in ({marks})
           and side = 'company' and due_on < ${day} order by deal_id, due_on, id limit ${}",
        deals.len() + 3,
        day = deals.len() + 2
    );
    for (deal, promise, title, due_on) in conn.all(Sql::built(sql), values).await? {
        all.entry(deal).or_default().push(Late { promise, title, due_on });
    }
    Ok(all)
}

/// The budgets that somebody set for some deals.
///
/// # Errors
/// What the database says.
pub async fn budgets(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, Kept<Budget>>> {
    if deals.is_empty() {
        return Ok(HashMap::new());
    }
    let (marks, values) = of_deals(workspace, deals);
    let sql = format!(
        "{} where (r.workspace_id = $1) is true and r.removed_at is null and r.deal_id in ({marks}) order by r.changed_at, r.id",
        records::select::<Budget>()
    );
    let rows = conn.all::<Kept<Budget>>(Sql::built(sql), values).await?;
    Ok(rows.into_iter().map(|budget| (budget.deal_id, budget)).collect())
}

/// What was decided about some deals, newest first.
///
/// # Errors
/// What the database says.
pub async fn decisions(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, Vec<Kept<Decision>>>> {
    let mut all: HashMap<Id<Deal>, Vec<Kept<Decision>>> = HashMap::new();
    if deals.is_empty() {
        return Ok(all);
    }
    let (marks, mut values) = of_deals(workspace, deals);
    values.push(DECISIONS_MAX.into());
    let sql = format!(
        "{} where (r.workspace_id = $1) is true and r.removed_at is null and r.deal_id in ({marks}) order by r.created_at desc, r.id desc limit ${}",
        records::select::<Decision>(),
        deals.len() + 2
    );
    for decision in conn.all::<Kept<Decision>>(Sql::built(sql), values).await? {
        all.entry(decision.deal_id).or_default().push(decision);
    }
    Ok(all)
}

/// Of some deals: what going on is worth, the hours ahead, and the verdict, as last assessed.
///
/// # Errors
/// What the database says.
pub async fn answers(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, (f64, f64, String)>> {
    if deals.is_empty() {
        return Ok(HashMap::new());
    }
    let (marks, values) = of_deals(workspace, deals);
    let sql = format!(
        "select deal_id, decision_value, hours_ahead, verdict from assessment where (workspace_id = $1) is true and deal_id in ({marks})"
    );
    let rows = conn.all::<(Id<Deal>, f64, f64, String)>(Sql::built(sql), values).await?;
    Ok(rows.into_iter().map(|(deal, worth, hours, verdict)| (deal, (worth, hours, verdict))).collect())
}

/// The entries of a deal, the last day first.
///
/// # Errors
/// What the database says.
pub async fn efforts(conn: &mut Conn, workspace: Id<Workspace>, deal: Id<Deal>) -> Result<Vec<Kept<Effort>>> {
    let sql = format!(
        "{} where r.deal_id = $1 and r.workspace_id = $2 and r.removed_at is null order by r.worked_on desc, r.id desc limit $3",
        records::select::<Effort>()
    );
    conn.all(Sql::built(sql), vec![deal.into(), workspace.into(), EFFORTS_MAX.into()]).await
}

/// The deal a member's timer runs for, and since when.
///
/// # Errors
/// What the database says.
pub async fn timer(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    member: Id<Member>,
) -> Result<Option<(Id<Deal>, When)>> {
    conn.first(
        sql!("select deal_id, started_at from timer where member_id = $1 and workspace_id = $2"),
        vec![member.into(), workspace.into()],
    )
    .await
}

/// Lets a member's timer run for a deal.
///
/// # Errors
/// What the database says.
pub async fn start(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    member: Id<Member>,
    deal: Id<Deal>,
    now: When,
) -> Result<()> {
    tx.run(
        sql!(
            "insert into timer (member_id, workspace_id, deal_id, started_at) values ($1, $2, $3, $4)
             on conflict (member_id) do update set deal_id = excluded.deal_id, started_at = excluded.started_at"
        ),
        vec![member.into(), workspace.into(), deal.into(), now.into()],
    )
    .await
    .map(drop)
}

/// Ends a member's timer.
///
/// # Errors
/// What the database says.
pub async fn end(tx: &mut Tx, workspace: Id<Workspace>, member: Id<Member>) -> Result<()> {
    tx.run(
        sql!("delete from timer where member_id = $1 and workspace_id = $2"),
        vec![member.into(), workspace.into()],
    )
    .await
    .map(drop)
}

/// Keeps what some deals ask, in place of what they asked before; `None` for those that ask nothing. What was asked
/// before keeps its moment.
///
/// # Errors
/// What the database says.
pub async fn keep(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    stops: &[(Id<Deal>, Option<String>)],
    now: When,
) -> Result<()> {
    for (deal, points) in stops {
        match points {
            None => {
                tx.run(
                    sql!("delete from pursuit_stop where deal_id = $1 and workspace_id = $2"),
                    vec![(*deal).into(), workspace.into()],
                )
                .await?;
            }
            Some(points) => {
                tx.run(
                    sql!(
                        "insert into pursuit_stop (deal_id, workspace_id, asked_at, points) values ($1, $2, $3, $4)
                         on conflict (deal_id) do update set points = excluded.points"
                    ),
                    vec![(*deal).into(), workspace.into(), now.into(), points.into()],
                )
                .await?;
            }
        }
    }
    Ok(())
}

/// What some deals ask now, as it is kept.
///
/// # Errors
/// What the database says.
pub async fn kept(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, String>> {
    if deals.is_empty() {
        return Ok(HashMap::new());
    }
    let (marks, values) = of_deals(workspace, deals);
    let sql = format!(
        "select deal_id, points from pursuit_stop where (workspace_id = $1) is true and deal_id in ({marks})"
    );
    Ok(conn.all::<(Id<Deal>, String)>(Sql::built(sql), values).await?.into_iter().collect())
}

/// The open deals that ask to be thought over, the longest asking first: deal, name, company, why.
///
/// # Errors
/// What the database says.
pub async fn asking(
    conn: &mut Conn,
    scope: &Scope,
    owner: Option<Id<Member>>,
    limit: i64,
) -> Result<Vec<(Id<Deal>, String, Option<String>, String)>> {
    let mut values = vec![scope.workspace().into(), limit.into()];
    let mut whose = records::visible(scope, &mut values);
    if let Some(owner) = owner {
        values.push(owner.into());
        whose.push_str(&format!(" and r.owner_id = ${}", values.len()));
    }
    let sql = format!(
        "select r.id, r.title, c.name, p.points from pursuit_stop p join deal r on r.id = p.deal_id
         left join company c on c.id = r.company_id
         where p.workspace_id = $1 and r.standing = 'open' and r.removed_at is null{whose} order by p.asked_at, p.deal_id limit $2"
    );
    conn.all(Sql::built(sql), values).await
}

/// How long deals stay in the stages of a workspace.
///
/// # Errors
/// What the database says.
pub async fn stays(conn: &mut Conn, workspace: Id<Workspace>) -> Result<HashMap<Id<Stage>, Stay>> {
    let rows = conn
        .all::<(Id<Stage>, i64, i64, i64)>(
            sql!("select stage_id, stays, days_p50, days_p90 from stage_stay where workspace_id = $1 limit 1000"),
            vec![workspace.into()],
        )
        .await?;
    let stay = |(stage, count, days_p50, days_p90)| (stage, Stay { count, days_p50, days_p90 });
    Ok(rows.into_iter().map(stay).collect())
}

/// Reads the moves of deals between stages, as their events tell them; the last ones, for background work.
///
/// # Errors
/// What the database says.
pub async fn each_move(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    mut take: impl FnMut(&str) + Send,
) -> Result<()> {
    conn.each(
        sql!(
            "select changes from history where workspace_id = $1 and kind = 'deal' and verb = 'changed'
             and seq > (select coalesce(max(seq), 0) - $2 from history where workspace_id = $1) and changes like $3"
        ),
        vec![workspace.into(), EVENTS_BACK.into(), "%\"moved_at\"%".into()],
        |row| {
            take(&row.reader().take::<String>()?);
            Ok(())
        },
    )
    .await
}

/// Keeps how long deals stay in stages, in place of what was counted before.
///
/// # Errors
/// What the database says.
pub async fn save_stays(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    stays: &[(Id<Stage>, Stay)],
    now: When,
) -> Result<()> {
    tx.run(sql!("delete from stage_stay where workspace_id = $1"), vec![workspace.into()]).await?;
    for (stage, stay) in stays {
        tx.run(
            sql!(
                "insert into stage_stay (stage_id, workspace_id, stays, days_p50, days_p90, counted_at)
                 select id, workspace_id, $3, $4, $5, $6 from stage where id = $1 and workspace_id = $2"
            ),
            vec![
                (*stage).into(),
                workspace.into(),
                stay.count.into(),
                stay.days_p50.into(),
                stay.days_p90.into(),
                now.into(),
            ],
        )
        .await?;
    }
    Ok(())
}
