//! The table `departure`.

use crate::accounts::{Member, Scope, Workspace};
use crate::base::Id;
use crate::deals::Deal;
use crate::departures::Departure;
use crate::records::{Kept, store as records};
use db::{Conn, Result, Sql};

/// Departures looked at in one go.
pub const AT_ONCE: i64 = 200;

/// The last departure of a deal.
///
/// # Errors
/// What the database says.
pub async fn last(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Option<Kept<Departure>>> {
    records::last_of_deal(conn, workspace, deal.uuid()).await
}

/// The departures of a workspace that wait for a condition, after `after`, by id, [`AT_ONCE`] at most.
///
/// # Errors
/// What the database says.
pub async fn watched(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    after: Option<Id<Departure>>,
) -> Result<Vec<Kept<Departure>>> {
    let after = after.unwrap_or(Id::of(uuid::Uuid::nil()));
    let sql = format!(
        "{} where r.workspace_id = $1 and r.settled_at is null and r.noticed_at is null and r.removed_at is null and r.id > $2
         and (r.watch_on is not null or r.watch_parameter is not null or r.watch_product is not null) order by r.id limit $3",
        records::select::<Departure>()
    );
    conn.all(Sql::built(sql), vec![workspace.into(), after.into(), AT_ONCE.into()]).await
}

/// Departures whose condition holds and that wait for somebody: deal, name, company, who left, what holds.
///
/// # Errors
/// What the database says.
pub async fn noticed(
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
        "select r.id, r.title, c.name, p.noticed from departure p join deal r on r.id = p.deal_id left join company c on c.id = r.company_id
         where p.workspace_id = $1 and p.settled_at is null and p.noticed_at is not null and p.removed_at is null
         and r.standing in ('walked_away', 'declined') and r.removed_at is null{whose} order by p.noticed_at desc, p.id limit $2"
    );
    conn.all(Sql::built(sql), values).await
}
