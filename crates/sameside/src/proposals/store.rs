//! The tables `proposal` and `story`.

use crate::accounts::{Scope, Workspace};
use crate::base::Id;
use crate::deals::Deal;
use crate::products::Product;
use crate::proposals::{Proposal, Story};
use crate::records::{Kept, store as records};
use db::{Conn, Result, Sql, sql};

/// The most versions of a deal's proposal that are read, the newest.
pub const VERSIONS_MAX: i64 = 50;
/// The most stories about a product that are shown.
const STORIES_MAX: i64 = 5;

/// The versions of a deal's proposal, newest first.
///
/// # Errors
/// What the database says.
pub async fn versions(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Vec<Kept<Proposal>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.deal_id = $2 and r.removed_at is null order by r.number desc, r.id desc limit $3",
        records::select::<Proposal>()
    );
    conn.all(Sql::built(sql), vec![workspace.into(), deal.into(), VERSIONS_MAX.into()]).await
}

/// What the client of a deal allowed us to tell.
///
/// # Errors
/// What the database says.
pub async fn story_of(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Option<Kept<Story>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.deal_id = $2 and r.removed_at is null order by r.id limit 1",
        records::select::<Story>()
    );
    conn.first(Sql::built(sql), vec![workspace.into(), deal.into()]).await
}

/// What other clients with a product allowed us to tell, newest first, of verified deals this person sees.
///
/// # Errors
/// What the database says.
pub async fn stories(
    conn: &mut Conn,
    scope: &Scope,
    product: Id<Product>,
    but: Id<Deal>,
) -> Result<Vec<(Id<Deal>, String)>> {
    let mut values = vec![scope.workspace().into(), product.into(), but.into()];
    let whose = records::visible(scope, &mut values);
    values.push(STORIES_MAX.into());
    let sql = format!(
        "select r.id, s.told from story s join deal r on r.id = s.deal_id
         where s.workspace_id = $1 and r.product_id = $2 and r.id <> $3 and s.removed_at is null and r.removed_at is null
         and r.standing = 'verified'{whose} order by s.created_at desc, s.id desc limit ${}",
        values.len()
    );
    conn.all(Sql::built(sql), values).await
}

/// How many deals with a product were verified.
///
/// # Errors
/// What the database says.
pub async fn count_verified(conn: &mut Conn, workspace: Id<Workspace>, product: Id<Product>) -> Result<i64> {
    let counted = conn
        .first::<(i64,)>(
            sql!(
                "select count(*) from deal where workspace_id = $1 and product_id = $2 and standing = 'verified' and removed_at is null"
            ),
            vec![workspace.into(), product.into()],
        )
        .await?;
    Ok(counted.map_or(0, |(count,)| count))
}
