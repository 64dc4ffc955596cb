//! Answering: what is said of a deal, or of a product, becomes figures with evidence.

use crate::accounts::{Act, Right};
use crate::base::{Evidence, Id, Range};
use crate::deals::Deal;
use crate::diagnosis::{Figure, Parameter, store};
use crate::error::{Error, Result};
use crate::products::Product;
use crate::records::{self, Kept};
use db::Tx;

/// What a person says of one parameter; nothing, if they take back what was said.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The parameter.
    pub parameter: Parameter,
    /// The figure and how they know it.
    pub said: Option<(Range, Evidence)>,
    /// The version of the figure they saw, if there was one.
    pub version: Option<i64>,
}

/// Writes figures of a deal down; what did not change is left alone.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, and `Conflict` when somebody else changed one of them meanwhile.
pub async fn answer(tx: &mut Tx, act: &Act, id: Id<Deal>, answers: Vec<Answer>) -> Result<()> {
    let kept = store::of_deal(tx, act.scope.workspace(), id).await?;
    for answer in answers {
        let before = kept.iter().find(|figure| figure.parameter == answer.parameter);
        one(tx, act, Of::Deal(id), before, answer).await?;
    }
    Ok(())
}

/// What a figure is of.
#[derive(Debug, Clone, Copy)]
enum Of {
    Deal(Id<Deal>),
    Product(Id<Product>),
}

/// Writes a product's profile down: what such work usually costs, takes and brings. What did not change is left
/// alone; the deals with this product are assessed anew in the background.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, and `Conflict` when somebody else changed a figure meanwhile.
pub async fn profile(tx: &mut Tx, act: &Act, id: Id<Product>, answers: Vec<Answer>) -> Result<()> {
    act.scope.require(Right::Manage)?;
    let product = records::get(tx, &act.scope, id).await?;
    let kept = store::of_product(tx, act.scope.workspace(), product.id).await?;
    for answer in answers {
        let before = kept.iter().find(|figure| figure.parameter == answer.parameter);
        one(tx, act, Of::Product(id), before, answer).await?;
    }
    Ok(())
}

async fn one(tx: &mut Tx, act: &Act, of: Of, before: Option<&Kept<Figure>>, answer: Answer) -> Result<()> {
    match (before, answer.said) {
        (None, None) => Ok(()),
        (Some(figure), None) => {
            if answer.version.is_some_and(|version| version != figure.version) {
                return Err(Error::Conflict { version: figure.version });
            }
            records::remove::<Figure>(tx, act, figure.id).await
        }
        (None, Some((range, evidence))) => {
            records::create(tx, act, figure(of, answer.parameter, range, evidence)).await.map(drop)
        }
        (Some(kept), Some((range, evidence))) => {
            let after = figure(of, answer.parameter, range, evidence);
            if after == kept.it {
                return Ok(());
            }
            let edit = |figure: &mut Figure| {
                *figure = after;
                Ok(())
            };
            records::change(tx, act, kept.id, answer.version, edit).await.map(drop)
        }
    }
}

fn figure(of: Of, parameter: Parameter, range: Range, evidence: Evidence) -> Figure {
    let (deal_id, product_id) = match of {
        Of::Deal(deal) => (Some(deal), None),
        Of::Product(product) => (None, Some(product)),
    };
    Figure {
        deal_id,
        product_id,
        parameter,
        low: range.low(),
        likely: range.likely(),
        high: range.high(),
        source: evidence.source,
        said_by: evidence.by,
        said_on: evidence.on,
        note: evidence.note,
    }
}
