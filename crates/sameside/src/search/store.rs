//! Looking records up by name.

use crate::accounts::{Scope, Workspace};
use crate::base::Id;
use crate::records::store::brief_select;
use crate::records::{Brief, Kind};
use db::{Conn, Result, Sql, Value};

/// The most records of one name that are told apart.
pub const NAMESAKES_MAX: i64 = 20;

/// The column in which a kind keeps its folded name, and what else its index begins with.
const fn folded(kind: Kind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        Kind::Company | Kind::Contact | Kind::Product | Kind::Member => ("name_folded", ""),
        Kind::Deal => (
            "title_folded",
            " and standing in ('open', 'paused', 'agreed', 'verified', 'walked_away', 'declined')",
        ),
        _ => return None,
    })
}

/// The live records with exactly this name; the caller asks the scope about each.
///
/// # Errors
/// What the database says.
pub async fn named(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    kind: Kind,
    name_folded: &str,
) -> Result<Vec<Brief>> {
    let Some((column, also)) = folded(kind) else { return Ok(Vec::new()) };
    let sql = format!(
        "{} where workspace_id = $1{also} and {column} = $2 and removed_at is null order by id limit $3",
        brief_select(kind)
    );
    conn.all(Sql::built(sql), vec![workspace.into(), name_folded.into(), NAMESAKES_MAX.into()]).await
}

/// Live records whose name begins so, as far as this person may see them; by name.
///
/// # Errors
/// What the database says.
pub async fn beginning(
    conn: &mut Conn,
    scope: &Scope,
    kind: Kind,
    start_folded: &str,
    limit: i64,
) -> Result<Vec<Brief>> {
    let Some((column, also)) = folded(kind) else { return Ok(Vec::new()) };
    let mut values: Vec<Value> = vec![
        scope.workspace().into(),
        start_folded.into(),
        format!("{start_folded}\u{10ffff}").into(),
        limit.into(),
    ];
    let mut whose = String::new();
    let has_owner = matches!(kind, Kind::Company | Kind::Contact | Kind::Deal);
    if let Some(owners) = scope.owners().filter(|_| has_owner) {
        whose = format!(
            " and (owner_id is null or owner_id in ({}))",
            if owners.is_empty() {
                "null".to_owned()
            } else {
                Sql::placeholders(values.len() + 1, owners.len())
            }
        );
        values.extend(owners.iter().map(|owner| Value::from(*owner)));
    }
    // Deals lie in the index by how they stand: sorting all that begin so would read them all.
    let order = if kind == Kind::Deal { String::new() } else { format!(" order by {column}") };
    let sql = format!(
        "{} where workspace_id = $1{also} and {column} >= $2 and {column} < $3 and removed_at is null{whose}{order} limit $4",
        brief_select(kind)
    );
    conn.all(Sql::built(sql), values).await
}
