//! What the demo asks of the store.

use crate::accounts::{Member, Workspace};
use crate::base::{Id, When};
use crate::contacts::Contact;
use crate::deals::Deal;
use db::{Conn, Result, sql};

/// Until when the story was told, if this is the demo.
///
/// # Errors
/// What the database says.
pub async fn told_until(conn: &mut Conn) -> Result<Option<When>> {
    let row =
        conn.first::<(Option<When>,)>(sql!("select max(at) from history where via = 'demo'"), vec![]).await?;
    Ok(row.and_then(|(at,)| at))
}

/// The workspace of the demo and the first of its owners.
///
/// # Errors
/// What the database says.
pub async fn owner(conn: &mut Conn) -> Result<Option<(Id<Workspace>, Id<Member>)>> {
    conn.first(
        sql!(
            "select workspace_id, id from member
             where role = 'owner' and removed_at is null and disabled_at is null and email is not null
             order by created_at, id limit 1"
        ),
        vec![],
    )
    .await
}

/// The open deal with the newest offers, one whose offers wait for an answer first; with whom it is.
///
/// # Errors
/// What the database says.
pub async fn newest_offers(
    conn: &mut Conn,
    workspace: Id<Workspace>,
) -> Result<Option<(Id<Deal>, Option<Id<Contact>>)>> {
    conn.first(
        sql!(
            "select d.id, d.contact_id from offering o join deal d on d.id = o.deal_id
             where o.workspace_id = $1 and o.removed_at is null and d.removed_at is null and d.standing = 'open'
             order by case o.state when 'made' then 0 else 1 end, o.created_at desc, o.id desc limit 1"
        ),
        vec![workspace.into()],
    )
    .await
}
