//! The statements of tasks that no other record has.

use crate::accounts::Scope;
use crate::base::Id;
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::records::{Kept, store as records};
use crate::tasks::Task;
use db::{Conn, Result, Sql, Value};

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
