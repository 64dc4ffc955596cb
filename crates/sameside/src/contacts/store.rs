//! The statements of contacts that no other record has.

use crate::accounts::Scope;
use crate::base::Id;
use crate::companies::Company;
use crate::contacts::Contact;
use crate::records::{Kept, store as records};
use db::{Conn, Result, Sql, Value};

/// The most people shown of one company.
pub const PEOPLE_MAX: i64 = 100;

/// The people of a company whom this person may see, by name. The company is one that they see.
///
/// # Errors
/// What the database says.
pub async fn of_company(conn: &mut Conn, scope: &Scope, company: Id<Company>) -> Result<Vec<Kept<Contact>>> {
    let mut values: Vec<Value> = vec![company.into(), PEOPLE_MAX.into()];
    let whose = records::visible(scope, &mut values);
    // The company alone says whose workspace it is: a condition on that would lead past the index on companies.
    let sql = format!(
        "{} where r.company_id = $1 and r.removed_at is null{whose} order by r.name_folded, r.id limit $2",
        records::select::<Contact>()
    );
    conn.all(Sql::built(sql), values).await
}
