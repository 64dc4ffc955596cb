//! The statements of activities that no other record has.

use crate::accounts::Scope;
use crate::activities::Activity;
use crate::base::Id;
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::records::{Kept, store as records};
use db::{Conn, Result, Sql, Value};

/// The most activities shown on a record's page.
pub const LINES_MAX: i64 = 30;

/// Whose activities.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// Of a deal.
    Deal(Id<Deal>),
    /// Of a company, and so of its deals and people.
    Company(Id<Company>),
    /// With a person.
    Contact(Id<Contact>),
}

/// The last activities of a record, newest first; the record is one that this person sees.
///
/// # Errors
/// What the database says.
pub async fn of(conn: &mut Conn, scope: &Scope, of: Of) -> Result<Vec<Kept<Activity>>> {
    let (column, id) = match of {
        Of::Deal(id) => ("deal_id", Value::from(id)),
        Of::Company(id) => ("company_id", id.into()),
        Of::Contact(id) => ("contact_id", id.into()),
    };
    let mut values = vec![id, LINES_MAX.into()];
    let whose = records::visible(scope, &mut values);
    let sql = format!(
        "{} where r.{column} = $1 and r.removed_at is null{whose} order by r.happened_at desc, r.id desc limit $2",
        records::select::<Activity>()
    );
    conn.all(Sql::built(sql), values).await
}
