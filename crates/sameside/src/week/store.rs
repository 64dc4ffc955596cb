//! The table `week_plan`, and what a plan reads of others.

use crate::accounts::{Member, Scope, Workspace};
use crate::base::{Currency, Date, Id, When};
use crate::deals::Deal;
use crate::week::{Due, Next, Plan};
use db::{Conn, FromRow, Reader, Result, Sql, Tx, sql};

/// The most deals that are planned with: those worth most.
const DEALS_MAX: i64 = 30_000;
/// The most promises that are due at once.
const DUE_MAX: i64 = 20_000;
/// The most members whose plans are shown together.
const PLANS_MAX: i64 = 200;
/// The most promises without room that are told.
const NO_ROOM_MAX: usize = 200;

impl FromRow for Next {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            deal: row.take()?,
            member: row.take()?,
            company: row.take()?,
            verdict: row.take()?,
            decision_value: row.take()?,
            hours_ahead: row.take()?,
            hours_wasted: row.take()?,
            ask_value: row.take()?,
            ask_hours: row.take()?,
            expected_on: row.take()?,
        })
    }
}

/// The open deals before agreement that somebody runs, in the workspace's currency.
///
/// # Errors
/// What the database says.
pub async fn deals(conn: &mut Conn, workspace: Id<Workspace>, currency: Currency) -> Result<Vec<Next>> {
    conn.all(
        sql!(
            "select d.id, d.owner_id, d.company_id, a.verdict, a.decision_value, a.hours_ahead, a.hours_wasted, a.ask_value, a.ask_hours,
               d.expected_on
             from assessment a join deal d on d.id = a.deal_id
             where a.workspace_id = $1 and d.standing = 'open' and d.removed_at is null and d.owner_id is not null
               and d.currency = $2 and d.phase in ('hear', 'diagnose', 'propose', 'agree')
             order by a.decision_value desc, a.deal_id limit $3"
        ),
        vec![workspace.into(), currency.into(), DEALS_MAX.into()],
    )
    .await
}

impl FromRow for Due {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { promise: row.take()?, member: row.take()?, company: row.take()?, hours: row.take()? })
    }
}

/// The tasks and commitments of members that are due until a day, or late.
///
/// # Errors
/// What the database says.
pub async fn due(conn: &mut Conn, workspace: Id<Workspace>, until: Date) -> Result<Vec<Due>> {
    conn.all(
        sql!(
            "select x.id, x.owner_id, x.company_id, x.hours_likely from (
               select id, owner_id, company_id, hours_likely, due_on from task
               where workspace_id = $1 and done_at is null and removed_at is null and owner_id is not null and due_key <= $2
               union all
               select c.id, c.owner_id, d.company_id, c.hours_likely, c.due_on from commitment c join deal d on d.id = c.deal_id
               where c.workspace_id = $1 and c.done_on is null and c.removed_at is null and c.owner_id is not null and c.due_on <= $2
                 and d.removed_at is null and d.standing = 'open'
             ) x order by x.due_on, x.id limit $3"
        ),
        vec![workspace.into(), until.into(), DUE_MAX.into()],
    )
    .await
}

/// A member's plan as it is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The first day of its week.
    pub week: Date,
    /// When it was made.
    pub made_at: When,
    /// The plan.
    pub plan: Plan,
}

impl FromRow for Kept {
    fn from_row(row: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            week: row.take()?,
            made_at: row.take()?,
            // One of another version of this program is made anew in the morning.
            plan: serde_json::from_str(&row.take::<String>()?).unwrap_or_default(),
        })
    }
}

/// The plans for a week that one may see: of one member, or of everybody.
///
/// # Errors
/// What the database says.
pub async fn plans(
    conn: &mut Conn,
    scope: &Scope,
    week: Date,
    member: Option<Id<Member>>,
) -> Result<Vec<Kept>> {
    let mut values = vec![scope.workspace().into(), week.into(), PLANS_MAX.into()];
    let mut whose = String::new();
    let seen = scope.owners().map(<[Id<Member>]>::to_vec);
    for ids in member.map(|id| vec![id]).into_iter().chain(seen) {
        whose.push_str(&format!(" and member_id in ({})", Sql::placeholders(values.len() + 1, ids.len())));
        values.extend(ids.into_iter().map(Into::into));
    }
    let sql = format!(
        "select week, made_at, document from week_plan where workspace_id = $1 and week = $2{whose} order by member_id limit $3"
    );
    conn.all(Sql::built(sql), values).await
}

/// What is promised for deals and has no room in the plans of a week: the deal, what, its day.
///
/// # Errors
/// What the database says.
pub async fn no_room(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    week: Date,
) -> Result<Vec<(Id<Deal>, String, Option<Date>)>> {
    let plans: Vec<Kept> = conn
        .all(
            sql!(
                "select week, made_at, document from week_plan where workspace_id = $1 and week = $2 order by member_id limit $3"
            ),
            vec![workspace.into(), week.into(), PLANS_MAX.into()],
        )
        .await?;
    let broken: Vec<_> = plans.into_iter().flat_map(|kept| kept.plan.broken).take(NO_ROOM_MAX).collect();
    if broken.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = vec![workspace.into()];
    values.extend(broken.iter().map(|id| (*id).into()));
    let sql = format!(
        "select deal_id, title, due_on from open_work where (workspace_id = $1) is true and deal_id is not null and id in ({})
         order by due_on, id limit {NO_ROOM_MAX}",
        Sql::placeholders(2, broken.len())
    );
    conn.all(Sql::built(sql), values).await
}

/// Keeps the plans, in place of all before.
///
/// # Errors
/// What the database says.
pub async fn save(
    tx: &mut Tx,
    workspace: Id<Workspace>,
    week: Date,
    plans: &[(Id<Member>, Plan)],
    now: When,
) -> Result<()> {
    tx.run(sql!("delete from week_plan where workspace_id = $1"), vec![workspace.into()]).await?;
    for (member, plan) in plans {
        tx.run(
            sql!(
                "insert into week_plan (workspace_id, member_id, week, made_at, document) values ($1, $2, $3, $4, $5)"
            ),
            vec![
                workspace.into(),
                (*member).into(),
                week.into(),
                now.into(),
                serde_json::to_string(plan).unwrap_or_default().into(),
            ],
        )
        .await?;
    }
    Ok(())
}
