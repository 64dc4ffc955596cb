//! The tables `departure` and `goodbye`.

use crate::accounts::{Member, Scope, Workspace};
use crate::base::Id;
use crate::companies::Company;
use crate::deals::Deal;
use crate::departures::{Departure, Goodbye};
use crate::records::{Kept, store as records};
use db::{Conn, Result, Sql, sql};

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

/// The goodbye to a client that holds.
///
/// # Errors
/// What the database says.
pub async fn goodbye(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    company: Id<Company>,
) -> Result<Option<Kept<Goodbye>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.company_id = $2 and r.ended_at is null and r.removed_at is null
         order by r.created_at desc, r.id desc limit 1",
        records::select::<Goodbye>()
    );
    conn.first(Sql::built(sql), vec![workspace.into(), company.into()]).await
}

/// The goodbyes that wait for something, after one, [`AT_ONCE`] at most.
///
/// # Errors
/// What the database says.
pub async fn goodbyes_watched(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    after: Option<Id<Goodbye>>,
) -> Result<Vec<Kept<Goodbye>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.id > $2 and r.noticed_at is null and r.ended_at is null and r.removed_at is null
         and (r.watch_on is not null or r.watch_product is not null) order by r.id limit $3",
        records::select::<Goodbye>()
    );
    let after = after.unwrap_or(Id::of(uuid::Uuid::nil()));
    conn.all(Sql::built(sql), vec![workspace.into(), after.into(), AT_ONCE.into()]).await
}

/// The deals that were left in the moment in which a goodbye was said, and are left still.
///
/// # Errors
/// What the database says.
pub async fn left_with(
    conn: &mut Conn,
    it: &Kept<Goodbye>,
    workspace: Id<Workspace>,
) -> Result<Vec<Id<Deal>>> {
    let rows: Vec<(Id<Deal>,)> = conn
        .all(
            sql!(
                "select r.id from deal r join departure p on p.deal_id = r.id where r.workspace_id = $1 and r.company_id = $2
                 and p.created_at = $3 and p.settled_at is null and p.removed_at is null and r.removed_at is null
                 and r.standing in ('walked_away', 'declined') order by r.id limit $4"
            ),
            vec![workspace.into(), it.company_id.into(), it.created_at.into(), AT_ONCE.into()],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Clients we said goodbye to, where what we waited for has come, and that wait for somebody: client, its name, why we left, what came.
///
/// # Errors
/// What the database says.
pub async fn goodbyes_asking(
    conn: &mut Conn,
    scope: &Scope,
    owner: Option<Id<Member>>,
    limit: i64,
) -> Result<Vec<(Id<Company>, String, String, Option<String>)>> {
    let mut values = vec![scope.workspace().into(), limit.into()];
    let mut whose = records::visible(scope, &mut values);
    if let Some(owner) = owner {
        values.push(owner.into());
        whose.push_str(&format!(" and coalesce(r.owner_id, g.owner_id) = ${}", values.len()));
    }
    let sql = format!(
        "select r.id, r.name, g.reason, g.noticed from goodbye g join company r on r.id = g.company_id
         where g.workspace_id = $1 and g.noticed_at is not null and g.settled_because is null and g.ended_at is null
         and g.removed_at is null and r.removed_at is null{whose} order by g.noticed_at desc, g.id limit $2"
    );
    conn.all(Sql::built(sql), values).await
}

/// The open and resting deals with a client that this person sees, by name.
///
/// # Errors
/// What the database says.
pub async fn open_with(
    conn: &mut Conn,
    scope: &Scope,
    company: Id<Company>,
    limit: i64,
) -> Result<Vec<(Id<Deal>, String)>> {
    let mut values = vec![scope.workspace().into(), company.into(), limit.into()];
    let whose = records::visible(scope, &mut values);
    let sql = format!(
        "select r.id, r.title from deal r where r.workspace_id = $1 and r.company_id = $2 and r.standing in ('open', 'paused')
         and r.agreed_on is null and r.removed_at is null{whose} order by r.title_folded, r.id limit $3"
    );
    conn.all(Sql::built(sql), values).await
}

/// What we still owe a client: promises of ours that are not kept yet, and requests that are not resolved.
///
/// # Errors
/// What the database says.
pub async fn owed(conn: &mut Conn, workspace: Id<Workspace>, company: Id<Company>) -> Result<(i64, i64)> {
    let found = conn
        .first(
            sql!(
                "select (select count(*) from commitment c join deal d on d.id = c.deal_id where c.workspace_id = $1 and d.company_id = $2
                   and c.side = 'company' and c.done_on is null and c.removed_at is null and d.removed_at is null and d.agreed_on is not null),
                 (select count(*) from request q where q.workspace_id = $1 and q.company_id = $2 and q.resolved_at is null and q.removed_at is null)"
            ),
            vec![workspace.into(), company.into()],
        )
        .await?;
    Ok(found.unwrap_or((0, 0)))
}
