//! The verbs of the diagnosis beside its figures: hear a want, answer it, weigh an alternative, say whether we can help.

use crate::accounts::Act;
use crate::base::{Date, Id, Source};
use crate::deals::Deal;
use crate::diagnosis::actions::{self, Answer};
use crate::diagnosis::{
    Alternative, Answered, Bearing, Bears, Contraindication, Need, Parameter, Want, store,
};
use crate::error::{Error, Result};
use crate::products::Product;
use crate::records::{self, Kept};
use db::Tx;

/// The most of one kind that a deal or a product has.
pub const EACH_MAX: usize = 100;

/// No more than [`EACH_MAX`] of a kind.
pub(super) fn room(there: usize, what: &str) -> Result<()> {
    if there < EACH_MAX {
        return Ok(());
    }
    Err(Error::Refused(format!("There are {EACH_MAX} {what} already; take one away first.")))
}

/// By what a want is answered.
#[derive(Debug, Clone)]
pub enum By {
    /// A need that is there.
    Need(Id<Need>),
    /// A new one.
    New(String),
}

/// What is said of a want.
#[derive(Debug, Clone)]
pub struct Heard {
    /// In their words.
    pub title: String,
    /// Who said it.
    pub said_by: Option<String>,
    /// When.
    pub said_on: Option<Date>,
    /// How it is answered, if it is.
    pub answered: Option<Answered>,
    /// By which need.
    pub by: Option<By>,
    /// Why it is replaced or left out.
    pub because: Option<String>,
}

async fn want_of(tx: &mut Tx, act: &Act, deal: Id<Deal>, heard: Heard) -> Result<Want> {
    let by = heard.by.filter(|_| matches!(heard.answered, Some(Answered::IsNeed | Answered::Replaced)));
    let need_id = match by {
        None => None,
        Some(By::Need(id)) => {
            let need = records::get(tx, &act.scope, id).await?;
            if need.deal_id != deal {
                return Err(Error::field("need", "a need of this deal"));
            }
            Some(id)
        }
        Some(By::New(title)) => Some(need(tx, act, deal, title, None).await?.id),
    };
    Ok(Want {
        deal_id: deal,
        title: heard.title,
        said_by: heard.said_by,
        said_on: heard.said_on,
        because: heard.because.filter(|_| heard.answered.is_some()),
        answered: heard.answered,
        need_id,
    })
}

/// Writes down what they want.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`; `Refused` when there are too many.
pub async fn hear(tx: &mut Tx, act: &Act, deal: Id<Deal>, heard: Heard) -> Result<Kept<Want>> {
    records::get(tx, &act.scope, deal).await?;
    room(store::wants(tx, act.scope.workspace(), deal).await?.len(), "wants")?;
    let want = want_of(tx, act, deal, heard).await?;
    records::create(tx, act, want).await
}

/// Says a want otherwise, or answers it.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn answer_want(
    tx: &mut Tx,
    act: &Act,
    id: Id<Want>,
    version: Option<i64>,
    heard: Heard,
) -> Result<Kept<Want>> {
    let before = records::get(tx, &act.scope, id).await?;
    records::get(tx, &act.scope, before.deal_id).await?;
    if version.is_some_and(|version| version != before.version) {
        return Err(Error::Conflict { version: before.version });
    }
    let after = want_of(tx, act, before.deal_id, heard).await?;
    let edit = |want: &mut Want| {
        *want = after;
        Ok(())
    };
    records::change(tx, act, id, None, edit).await
}

/// Adds something they need.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`; `Refused` when there are too many.
pub async fn need(
    tx: &mut Tx,
    act: &Act,
    deal: Id<Deal>,
    title: String,
    note: Option<String>,
) -> Result<Kept<Need>> {
    records::get(tx, &act.scope, deal).await?;
    room(store::needs(tx, act.scope.workspace(), deal).await?.len(), "needs")?;
    records::create(tx, act, Need { deal_id: deal, title, note }).await
}

/// Takes a need away.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` while a want is answered by it.
pub async fn forget_need(tx: &mut Tx, act: &Act, id: Id<Need>) -> Result<Id<Deal>> {
    let need = records::get(tx, &act.scope, id).await?;
    records::get(tx, &act.scope, need.deal_id).await?;
    let wants = store::wants(tx, act.scope.workspace(), need.deal_id).await?;
    if let Some(want) = wants.iter().find(|want| want.need_id == Some(id)) {
        return Err(Error::Refused(format!(
            "“{}” is answered by this need. Answer it otherwise first.",
            want.title
        )));
    }
    records::remove(tx, act, id).await?;
    Ok(need.deal_id)
}

/// Takes a want away.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn forget_want(tx: &mut Tx, act: &Act, id: Id<Want>) -> Result<Id<Deal>> {
    let want = records::get(tx, &act.scope, id).await?;
    records::get(tx, &act.scope, want.deal_id).await?;
    records::remove(tx, act, id).await?;
    Ok(want.deal_id)
}

/// Adds something else they could do.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`; `Refused` when there are too many.
pub async fn weigh(tx: &mut Tx, act: &Act, it: Alternative) -> Result<Kept<Alternative>> {
    records::get(tx, &act.scope, it.deal_id).await?;
    room(store::alternatives(tx, act.scope.workspace(), it.deal_id).await?.len(), "alternatives")?;
    records::create(tx, act, Alternative { best_at: None, ..it }).await
}

/// Says an alternative otherwise; where it is the best, its figure follows.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn weigh_again(
    tx: &mut Tx,
    act: &Act,
    id: Id<Alternative>,
    version: Option<i64>,
    it: Alternative,
) -> Result<Kept<Alternative>> {
    let before = records::get(tx, &act.scope, id).await?;
    records::get(tx, &act.scope, before.deal_id).await?;
    let edit = |alternative: &mut Alternative| {
        *alternative = Alternative { deal_id: before.deal_id, best_at: before.best_at, ..it };
        Ok(())
    };
    let kept = records::change(tx, act, id, version, edit).await?;
    if kept.best_at.is_some() {
        figure_of_best(tx, act, &kept).await?;
    }
    Ok(kept)
}

/// Says that an alternative is the best they could do: what it leaves them becomes the figure, with its evidence.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn best(tx: &mut Tx, act: &Act, id: Id<Alternative>) -> Result<Kept<Alternative>> {
    let before = records::get(tx, &act.scope, id).await?;
    records::get(tx, &act.scope, before.deal_id).await?;
    for other in store::alternatives(tx, act.scope.workspace(), before.deal_id).await? {
        if other.best_at.is_some() && other.id != id {
            records::change(tx, act, other.id, None, |it: &mut Alternative| {
                it.best_at = None;
                Ok(())
            })
            .await?;
        }
    }
    let now = act.now;
    let kept = records::change(tx, act, id, None, |it: &mut Alternative| {
        it.best_at = it.best_at.or(Some(now));
        Ok(())
    })
    .await?;
    figure_of_best(tx, act, &kept).await?;
    Ok(kept)
}

async fn figure_of_best(tx: &mut Tx, act: &Act, it: &Kept<Alternative>) -> Result<()> {
    let said = Some((it.net(), it.evidence()));
    let answer = Answer { parameter: Parameter::Alternative, said, version: None };
    actions::answer(tx, act, it.deal_id, vec![answer]).await
}

/// Takes an alternative away; the figure, where it was the best, stays as it was said.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn forget_alternative(tx: &mut Tx, act: &Act, id: Id<Alternative>) -> Result<Id<Deal>> {
    let kept = records::get(tx, &act.scope, id).await?;
    records::get(tx, &act.scope, kept.deal_id).await?;
    records::remove(tx, act, id).await?;
    Ok(kept.deal_id)
}

/// Adds a sentence to what a product is not for.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`; `Refused` when there are too many.
pub async fn not_for(
    tx: &mut Tx,
    act: &Act,
    product: Id<Product>,
    title: String,
) -> Result<Kept<Contraindication>> {
    act.scope.require(crate::accounts::Right::Manage)?;
    records::get(tx, &act.scope, product).await?;
    room(store::contraindications(tx, act.scope.workspace(), product).await?.len(), "sentences")?;
    records::create(tx, act, Contraindication { product_id: product, title }).await
}

/// Takes a sentence off what a product is not for.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn for_all(tx: &mut Tx, act: &Act, id: Id<Contraindication>) -> Result<Id<Product>> {
    let kept = records::get(tx, &act.scope, id).await?;
    records::remove(tx, act, id).await?;
    Ok(kept.product_id)
}

/// What is said of a contraindication in a deal.
#[derive(Debug, Clone)]
pub struct Ruling {
    /// Which.
    pub of: Id<Contraindication>,
    /// Whether it bears on the deal.
    pub bears: Bears,
    /// How we know.
    pub source: Source,
    /// Who said so.
    pub said_by: Option<String>,
    /// On which day.
    pub said_on: Option<Date>,
    /// What was said.
    pub note: Option<String>,
}

/// Says whether a contraindication bears on a deal.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` for one that is not of the deal's product.
pub async fn rule(tx: &mut Tx, act: &Act, id: Id<Deal>, ruling: Ruling) -> Result<Kept<Bearing>> {
    let deal = records::get(tx, &act.scope, id).await?;
    let of = records::get(tx, &act.scope, ruling.of).await?;
    if deal.product_id != Some(of.product_id) {
        return Err(Error::field("contraindication", "a sentence of the product this deal is about"));
    }
    let it = Bearing {
        contraindication_id: of.id,
        deal_id: id,
        title: of.title.clone(),
        bears: ruling.bears,
        source: ruling.source,
        said_by: ruling.said_by,
        said_on: ruling.said_on,
        note: ruling.note,
    };
    let all = store::bearings(tx, act.scope.workspace(), id).await?;
    match all.iter().find(|kept| kept.contraindication_id == of.id) {
        None => records::create(tx, act, it).await,
        Some(kept) => {
            let edit = |bearing: &mut Bearing| {
                *bearing = it;
                Ok(())
            };
            records::change(tx, act, kept.id, None, edit).await
        }
    }
}
