//! What is said in a conversation, and what follows for both sides.

use crate::accounts::Act;
use crate::assessment;
use crate::base::Id;
use crate::deals::Deal;
use crate::diagnosis::said::{self, Ruling};
use crate::diagnosis::{Alternative, Bearing};
use crate::error::Result;
use crate::records::Kept;
use db::Tx;

/// Says that an alternative is the best they could do; the deal is weighed anew.
///
/// # Errors
/// As [`said::best`].
pub async fn best(tx: &mut Tx, act: &Act, id: Id<Alternative>) -> Result<Kept<Alternative>> {
    let kept = said::best(tx, act, id).await?;
    assessment::actions::refresh(tx, act, kept.deal_id).await?;
    Ok(kept)
}

/// Says an alternative otherwise; the deal is weighed anew.
///
/// # Errors
/// As [`said::weigh_again`].
pub async fn weigh_again(
    tx: &mut Tx,
    act: &Act,
    id: Id<Alternative>,
    version: Option<i64>,
    it: Alternative,
) -> Result<Kept<Alternative>> {
    let kept = said::weigh_again(tx, act, id, version, it).await?;
    assessment::actions::refresh(tx, act, kept.deal_id).await?;
    Ok(kept)
}

/// Says whether the product's limits bear on the deal; it is weighed anew.
///
/// # Errors
/// As [`said::rule`].
pub async fn rule(tx: &mut Tx, act: &Act, id: Id<Deal>, ruling: Ruling) -> Result<Kept<Bearing>> {
    let kept = said::rule(tx, act, id, ruling).await?;
    assessment::actions::refresh(tx, act, id).await?;
    Ok(kept)
}
