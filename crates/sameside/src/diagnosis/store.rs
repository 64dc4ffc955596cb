//! The table `figure`.

use crate::accounts::Workspace;
use crate::base::Id;
use crate::deals::Deal;
use crate::diagnosis::Figure;
use crate::products::Product;
use crate::records::Kept;
use db::{Conn, Result, sql};

/// The figures of a deal, newest change first.
///
/// # Errors
/// What the database says.
pub async fn of_deal(conn: &mut Conn, workspace: Id<Workspace>, deal: Id<Deal>) -> Result<Vec<Kept<Figure>>> {
    conn.all(
        sql!(
            "select id, version, created_at, changed_at, removed_at, deal_id, product_id, parameter, low, likely, high, source, said_by, said_on, note
             from figure where deal_id = $1 and workspace_id = $2 and removed_at is null order by changed_at desc, id desc limit 200"
        ),
        vec![deal.into(), workspace.into()],
    )
    .await
}

/// The figures of a product's profile, newest change first.
///
/// # Errors
/// What the database says.
pub async fn of_product(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    product: Id<Product>,
) -> Result<Vec<Kept<Figure>>> {
    conn.all(
        sql!(
            "select id, version, created_at, changed_at, removed_at, deal_id, product_id, parameter, low, likely, high, source, said_by, said_on, note
             from figure where product_id = $1 and workspace_id = $2 and removed_at is null order by changed_at desc, id desc limit 200"
        ),
        vec![product.into(), workspace.into()],
    )
    .await
}
