//! The verbs of the diagnosis beside its figures: hear a want, answer it, weigh an alternative, say whether we can help.

use crate::accounts::Act;
use crate::base::{Date, Id, Source};
use crate::contacts::Contact;
use crate::deals::Deal;
use crate::deals::pipelines::{Way, moved};
use crate::diagnosis::actions::{self, Answer};
use crate::diagnosis::{
    Alternative, Answered, Bearing, Bears, Contraindication, CostPart, Need, Parameter, Part, Step, Voice,
    Want, cost_together, store,
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

/// Adds a part of what the problem costs; the figure becomes the sum.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`; `Refused` when there are too many.
pub async fn count(tx: &mut Tx, act: &Act, it: CostPart) -> Result<Kept<CostPart>> {
    records::get(tx, &act.scope, it.deal_id).await?;
    room(store::cost_parts(tx, act.scope.workspace(), it.deal_id).await?.len(), "parts")?;
    let kept = records::create(tx, act, it).await?;
    sum_up(tx, act, kept.deal_id).await?;
    Ok(kept)
}

/// Says a part otherwise; the figure becomes the sum.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn count_again(
    tx: &mut Tx,
    act: &Act,
    id: Id<CostPart>,
    version: Option<i64>,
    it: CostPart,
) -> Result<Kept<CostPart>> {
    let before = records::get(tx, &act.scope, id).await?;
    records::get(tx, &act.scope, before.deal_id).await?;
    let edit = |part: &mut CostPart| {
        *part = CostPart { deal_id: before.deal_id, ..it };
        Ok(())
    };
    let kept = records::change(tx, act, id, version, edit).await?;
    sum_up(tx, act, kept.deal_id).await?;
    Ok(kept)
}

/// Takes a part away; the figure becomes the sum of what is left, and stays as it was where nothing is.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn forget_cost(tx: &mut Tx, act: &Act, id: Id<CostPart>) -> Result<Id<Deal>> {
    let kept = records::get(tx, &act.scope, id).await?;
    records::get(tx, &act.scope, kept.deal_id).await?;
    records::remove(tx, act, id).await?;
    sum_up(tx, act, kept.deal_id).await?;
    Ok(kept.deal_id)
}

/// Makes the sum of the parts the figure of what the problem costs.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn sum_up(tx: &mut Tx, act: &Act, deal: Id<Deal>) -> Result<()> {
    records::get(tx, &act.scope, deal).await?;
    let parts = store::cost_parts(tx, act.scope.workspace(), deal).await?;
    let Some(said) = cost_together(parts.iter().map(|part| &part.it)) else { return Ok(()) };
    let answer = Answer { parameter: Parameter::Benefit, said: Some(said), version: None };
    actions::answer(tx, act, deal, vec![answer]).await
}

/// Says what somebody has to say in the decision.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` when there are too many.
pub async fn voice(
    tx: &mut Tx,
    act: &Act,
    deal: Id<Deal>,
    contact: Id<Contact>,
    part: Part,
    note: Option<String>,
) -> Result<Kept<Voice>> {
    records::get(tx, &act.scope, deal).await?;
    let who = records::get(tx, &act.scope, contact).await?;
    let all = store::voices(tx, act.scope.workspace(), deal).await?;
    let it = Voice { deal_id: deal, contact_id: contact, title: who.name.clone(), part, note };
    match all.iter().find(|voice| voice.contact_id == contact && voice.part == part) {
        Some(known) => {
            let edit = |voice: &mut Voice| {
                *voice = it;
                Ok(())
            };
            records::change(tx, act, known.id, None, edit).await
        }
        None => {
            room(all.len(), "people")?;
            records::create(tx, act, it).await
        }
    }
}

/// Takes away what somebody has to say.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn forget_voice(tx: &mut Tx, act: &Act, id: Id<Voice>) -> Result<Id<Deal>> {
    let kept = records::get(tx, &act.scope, id).await?;
    records::get(tx, &act.scope, kept.deal_id).await?;
    records::remove(tx, act, id).await?;
    Ok(kept.deal_id)
}

async fn steps_of(tx: &mut Tx, act: &Act, deal: Id<Deal>) -> Result<Vec<Kept<Step>>> {
    Ok(store::steps(tx, act.scope.workspace(), &[deal]).await?.remove(&deal).unwrap_or_default())
}

/// Adds a step at the end of the path.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`; `Refused` when there are too many.
pub async fn step(tx: &mut Tx, act: &Act, it: Step) -> Result<Kept<Step>> {
    records::get(tx, &act.scope, it.deal_id).await?;
    let all = steps_of(tx, act, it.deal_id).await?;
    room(all.len(), "steps")?;
    let position = all.iter().map(|step| step.position).max().unwrap_or(0) + 1;
    records::create(tx, act, Step { position, passed_at: None, ..it }).await
}

/// Says a step otherwise; its place stays.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn step_again(
    tx: &mut Tx,
    act: &Act,
    id: Id<Step>,
    version: Option<i64>,
    it: Step,
) -> Result<Kept<Step>> {
    let before = step_seen(tx, act, id).await?;
    let edit = |step: &mut Step| {
        let (position, passed_at) = (before.position, before.passed_at);
        *step = Step { deal_id: before.deal_id, position, passed_at, ..it };
        Ok(())
    };
    records::change(tx, act, id, version, edit).await
}

async fn step_seen(tx: &mut Tx, act: &Act, id: Id<Step>) -> Result<Kept<Step>> {
    let step = records::get(tx, &act.scope, id).await?;
    records::get(tx, &act.scope, step.deal_id).await?;
    Ok(step)
}

/// A step is behind us, or after all it is not.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn pass(tx: &mut Tx, act: &Act, id: Id<Step>) -> Result<Kept<Step>> {
    step_seen(tx, act, id).await?;
    let now = act.now;
    records::change(tx, act, id, None, |step: &mut Step| {
        step.passed_at = if step.passed_at.is_none() { Some(now) } else { None };
        Ok(())
    })
    .await
}

/// Moves a step one place; at an end it stays.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` without a way.
pub async fn place_step(tx: &mut Tx, act: &Act, id: Id<Step>, way: Option<Way>) -> Result<Id<Deal>> {
    let step = step_seen(tx, act, id).await?;
    let way = way.ok_or_else(|| Error::field("way", "up or down"))?;
    let all = steps_of(tx, act, step.deal_id).await?;
    let order: Vec<_> = all.iter().map(|one| (one.id, one.position)).collect();
    for (id, position) in moved(&order, id, way) {
        let edit = |step: &mut Step| {
            step.position = position;
            Ok(())
        };
        records::change(tx, act, id, None, edit).await?;
    }
    Ok(step.deal_id)
}

/// Takes a step away.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn forget_step(tx: &mut Tx, act: &Act, id: Id<Step>) -> Result<Id<Deal>> {
    let step = step_seen(tx, act, id).await?;
    records::remove(tx, act, id).await?;
    Ok(step.deal_id)
}
