//! The tables `negotiation` and `offering`.

use crate::accounts::Workspace;
use crate::base::Id;
use crate::deals::Deal;
use crate::negotiation::{Negotiation, Offering};
use crate::products::Product;
use crate::records::{Kept, store as records};
use db::{Conn, Result, Sql};

/// The most offerings of a deal that are read, the newest.
pub const OFFERINGS_MAX: i64 = 100;

/// The table of a deal.
///
/// # Errors
/// What the database says.
pub async fn of_deal(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Option<Kept<Negotiation>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.deal_id = $2 and r.removed_at is null order by r.id limit 1",
        records::select::<Negotiation>()
    );
    conn.first(Sql::built(sql), vec![workspace.into(), deal.into()]).await
}

/// The table that a product keeps for its deals.
///
/// # Errors
/// What the database says.
pub async fn of_product(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    product: Id<Product>,
) -> Result<Option<Kept<Negotiation>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.product_id = $2 and r.removed_at is null order by r.id limit 1",
        records::select::<Negotiation>()
    );
    conn.first(Sql::built(sql), vec![workspace.into(), product.into()]).await
}

/// The offers that were made in a deal, newest first.
///
/// # Errors
/// What the database says.
pub async fn offerings(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Vec<Kept<Offering>>> {
    let sql = format!(
        "{} where r.workspace_id = $1 and r.deal_id = $2 and r.removed_at is null order by r.created_at desc, r.id desc limit $3",
        records::select::<Offering>()
    );
    conn.all(Sql::built(sql), vec![workspace.into(), deal.into(), OFFERINGS_MAX.into()]).await
}
