//! The statements of tasks that no other record has.

use crate::accounts::{Member, Scope};
use crate::base::{Date, Id};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::records::{Kept, store as records};
use crate::tasks::Task;
use db::{Conn, Result, Sql, Value, sql};

/// The most tasks shown on a record's page.
pub const LINES_MAX: i64 = 50;

/// Whose tasks.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// For a deal.
    Deal(Id<Deal>),
    /// For a company.
    Company(Id<Company>),
    /// For a person.
    Contact(Id<Contact>),
}

/// What is to be done for a record, first due first; the record is one that this person sees.
///
/// # Errors
/// What the database says.
pub async fn of(conn: &mut Conn, scope: &Scope, of: Of) -> Result<Vec<Kept<Task>>> {
    let (column, id) = match of {
        Of::Deal(id) => ("deal_id", Value::from(id)),
        Of::Company(id) => ("company_id", id.into()),
        Of::Contact(id) => ("contact_id", id.into()),
    };
    let mut values = vec![id, LINES_MAX.into()];
    let whose = records::visible(scope, &mut values);
    let sql = format!(
        "{} where r.{column} = $1 and r.removed_at is null and r.done_at is null{whose} order by r.due_key, r.id limit $2",
        records::select::<Task>()
    );
    conn.all(Sql::built(sql), values).await
}

/// What is due on a day or late, first due first, `limit` at most; of one member, or of everybody one sees.
///
/// # Errors
/// What the database says.
pub async fn due(
    conn: &mut Conn,
    scope: &Scope,
    owner: Option<Id<Member>>,
    today: Date,
    limit: i64,
) -> Result<Vec<Kept<Task>>> {
    let mut values = vec![scope.workspace().into(), today.into(), limit.into()];
    let mut whose = records::visible(scope, &mut values);
    if let Some(owner) = owner {
        values.push(owner.into());
        whose.push_str(&format!(" and r.owner_id = ${}", values.len()));
    }
    let sql = format!(
        "{} where r.workspace_id = $1 and r.removed_at is null and r.done_at is null and r.due_key <= $2{whose} order by r.due_key, r.id limit $3",
        records::select::<Task>()
    );
    conn.all(Sql::built(sql), values).await
}

/// How many tasks of a member are due on a day or late, counted up to [`LINES_MAX`].
///
/// # Errors
/// What the database says.
pub async fn count_due(conn: &mut Conn, scope: &Scope, owner: Id<Member>, today: Date) -> Result<i64> {
    let row = conn
        .first::<(i64,)>(
            sql!(
                "select count(*) from (select 1 from task where workspace_id = $1 and owner_id = $2 and done_at is null
                 and removed_at is null and due_key <= $3 limit $4) x"
            ),
            vec![scope.workspace().into(), owner.into(), today.into(), LINES_MAX.into()],
        )
        .await?;
    Ok(row.map_or(0, |(count,)| count))
}
