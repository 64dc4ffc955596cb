//! The tables of the diagnosis.

use crate::accounts::Workspace;
use crate::base::Id;
use crate::deals::Deal;
use crate::diagnosis::{
    Alternative, Bearing, Contraindication, CostPart, Early, Figure, Need, Parameter, Pieces, Step, Voice,
    Want, is_said,
};
use crate::products::Product;
use crate::records::{Kept, Record, store as records};
use db::{Conn, Result, Sql, Value, sql};
use std::collections::HashMap;

/// The most rows of one list: above what the verbs allow.
const ROWS_MAX: i64 = 200;

/// The live records of a kind whose `column` is this, in the order in which they were made.
async fn of<T: Record>(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    column: &str,
    id: Value,
) -> Result<Vec<Kept<T>>> {
    let sql = format!(
        "{} where r.{column} = $1 and r.workspace_id = $2 and r.removed_at is null order by r.created_at, r.id limit $3",
        records::select::<T>()
    );
    conn.all(Sql::built(sql), vec![id, workspace.into(), ROWS_MAX.into()]).await
}

/// What the client of a deal wants, in the order in which it was heard. The caller has made sure that this person may see
/// the deal.
///
/// # Errors
/// What the database says.
pub async fn wants(conn: &mut Conn, workspace: Id<Workspace>, deal: Id<Deal>) -> Result<Vec<Kept<Want>>> {
    of(conn, workspace, "deal_id", deal.into()).await
}

/// What the client of a deal needs. The caller has made sure that this person may see the deal.
///
/// # Errors
/// What the database says.
pub async fn needs(conn: &mut Conn, workspace: Id<Workspace>, deal: Id<Deal>) -> Result<Vec<Kept<Need>>> {
    of(conn, workspace, "deal_id", deal.into()).await
}

/// What else they could do.
///
/// # Errors
/// What the database says.
pub async fn alternatives(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Vec<Kept<Alternative>>> {
    of(conn, workspace, "deal_id", deal.into()).await
}

/// What a product is not for.
///
/// # Errors
/// What the database says.
pub async fn contraindications(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    product: Id<Product>,
) -> Result<Vec<Kept<Contraindication>>> {
    of(conn, workspace, "product_id", product.into()).await
}

/// What is known of the contraindications of a deal.
///
/// # Errors
/// What the database says.
pub async fn bearings(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Vec<Kept<Bearing>>> {
    of(conn, workspace, "deal_id", deal.into()).await
}

/// The parts of what the problem costs.
///
/// # Errors
/// What the database says.
pub async fn cost_parts(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deal: Id<Deal>,
) -> Result<Vec<Kept<CostPart>>> {
    of(conn, workspace, "deal_id", deal.into()).await
}

/// Who has something to say on their side.
///
/// # Errors
/// What the database says.
pub async fn voices(conn: &mut Conn, workspace: Id<Workspace>, deal: Id<Deal>) -> Result<Vec<Kept<Voice>>> {
    of(conn, workspace, "deal_id", deal.into()).await
}

/// The steps of some deals, each deal's in their order.
///
/// # Errors
/// What the database says.
pub async fn steps(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, Vec<Kept<Step>>>> {
    if deals.is_empty() {
        return Ok(HashMap::new());
    }
    let (marks, values) = of_deals(workspace, deals);
    let sql = format!(
        "{} where (r.workspace_id = $1) is true and r.removed_at is null and r.deal_id in ({marks}) order by r.deal_id, r.position, r.id",
        records::select::<Step>()
    );
    let all = conn.all::<Kept<Step>>(Sql::built(sql), values).await?;
    grouped(all.into_iter().map(|step| (step.deal_id, step)).collect())
}

/// Of some deals: how many on their side decide or sign.
///
/// # Errors
/// What the database says.
pub async fn deciders(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, i64>> {
    if deals.is_empty() {
        return Ok(HashMap::new());
    }
    let (marks, values) = of_deals(workspace, deals);
    let sql = format!(
        "select deal_id, count(*) from voice where (workspace_id = $1) is true and removed_at is null and part in ('decides', 'signs')
         and deal_id in ({marks}) group by deal_id"
    );
    Ok(conn.all::<(Id<Deal>, i64)>(Sql::built(sql), values).await?.into_iter().collect())
}

/// Why things were proposed early, the newest first, of some deals.
///
/// # Errors
/// What the database says.
pub async fn early(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, Vec<Kept<Early>>>> {
    if deals.is_empty() {
        return Ok(HashMap::new());
    }
    let (marks, values) = of_deals(workspace, deals);
    let sql = format!(
        "{} where (r.workspace_id = $1) is true and r.removed_at is null and r.deal_id in ({marks}) order by r.created_at desc, r.id desc",
        records::select::<Early>()
    );
    let all = conn.all::<Kept<Early>>(Sql::built(sql), values).await?;
    grouped(all.into_iter().map(|it| (it.deal_id, it)).collect())
}

/// How far the diagnosis of a deal has come.
///
/// # Errors
/// What the database says.
pub async fn pieces(conn: &mut Conn, workspace: Id<Workspace>, deal: &Kept<Deal>) -> Result<Pieces> {
    let figures: Vec<Figure> = of_deal(conn, workspace, deal.id).await?.into_iter().map(|it| it.it).collect();
    let wants = wants(conn, workspace, deal.id).await?;
    let limits = match deal.product_id {
        Some(product) => contraindications(conn, workspace, product).await?,
        None => Vec::new(),
    };
    let bearings = bearings(conn, workspace, deal.id).await?;
    let is_ruled = |id| bearings.iter().any(|bearing| bearing.contraindication_id == id);
    Ok(Pieces {
        goal: deal.goal.is_some(),
        benefit: is_said(&figures, Parameter::Benefit),
        success: is_said(&figures, Parameter::Success),
        alternative: is_said(&figures, Parameter::Alternative)
            || !alternatives(conn, workspace, deal.id).await?.is_empty(),
        decider: deciders(conn, workspace, &[deal.id]).await?.contains_key(&deal.id),
        wants: wants.iter().all(|want| want.answered.is_some()),
        limits: limits.iter().all(|limit| is_ruled(limit.id)),
    })
}

fn of_deals(workspace: Id<Workspace>, deals: &[Id<Deal>]) -> (String, Vec<Value>) {
    let values = std::iter::once(workspace.into()).chain(deals.iter().map(|id| (*id).into())).collect();
    (Sql::placeholders(2, deals.len()), values)
}

/// Of some deals: the sentences of their products that are so, and why we cannot help.
///
/// # Errors
/// What the database says.
pub async fn applying(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, Vec<String>>> {
    if deals.is_empty() {
        return Ok(HashMap::new());
    }
    let (marks, values) = of_deals(workspace, deals);
    let sql = format!(
        "select b.deal_id, k.title from bearing b join contraindication k on k.id = b.contraindication_id
         join deal d on d.id = b.deal_id and d.product_id = k.product_id
         where (b.workspace_id = $1) is true and b.removed_at is null and k.removed_at is null and b.bears = 'applies' and b.deal_id in ({marks})
         order by k.created_at, k.id"
    );
    grouped(conn.all::<(Id<Deal>, String)>(Sql::built(sql), values).await?)
}

/// Of some deals: the wants that nobody has answered.
///
/// # Errors
/// What the database says.
pub async fn unanswered(
    conn: &mut Conn,
    workspace: Id<Workspace>,
    deals: &[Id<Deal>],
) -> Result<HashMap<Id<Deal>, Vec<String>>> {
    if deals.is_empty() {
        return Ok(HashMap::new());
    }
    let (marks, values) = of_deals(workspace, deals);
    let sql = format!(
        "select deal_id, title from want where (workspace_id = $1) is true and removed_at is null and answered is null
         and deal_id in ({marks}) order by created_at, id"
    );
    grouped(conn.all::<(Id<Deal>, String)>(Sql::built(sql), values).await?)
}

fn grouped<T>(rows: Vec<(Id<Deal>, T)>) -> Result<HashMap<Id<Deal>, Vec<T>>> {
    let mut all: HashMap<Id<Deal>, Vec<T>> = HashMap::new();
    for (deal, it) in rows {
        all.entry(deal).or_default().push(it);
    }
    Ok(all)
}

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
