//! What is done with deals: each verb ends in a new assessment.

use crate::accounts::{Act, Member, Right};
use crate::assessment::{self, Document};
use crate::base::{Currency, Date, Id, Money, Source};
use crate::commitments::{self, actions::Since};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::actions::first_stage;
use crate::deals::{Deal, Phase, Stage, Standing};
use crate::departures::actions::Parting;
use crate::departures::{self, Goodbye, Way};
use crate::diagnosis::actions::Answer;
use crate::diagnosis::{self, Early, Pieces};
use crate::error::{Error, Result};
use crate::outcomes::{self, Measure, actions::Measured};
use crate::products::Product;
use crate::records::{self, Kept};
use db::Tx;

/// A company that is named or chosen.
#[derive(Debug, Clone)]
pub enum Whom {
    /// Nobody yet.
    Nobody,
    /// One that is there.
    There(Id<Company>),
    /// A new one, of which only the name is known.
    New(String),
}

/// What a deal's form says.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What it is called.
    pub title: String,
    /// With whom.
    pub company: Whom,
    /// With whom there.
    pub contact: Option<Id<Contact>>,
    /// About what.
    pub product: Option<Id<Product>>,
    /// Whose it is.
    pub owner: Option<Id<Member>>,
    /// Where it stands; the first stage when nothing is said.
    pub stage: Option<Id<Stage>>,
    /// The whole price over the horizon, in minor units.
    pub price_minor: Option<i64>,
    /// Of this currency.
    pub currency: Currency,
    /// Over how many months.
    pub horizon_months: i64,
    /// The share given back when the outcome is not reached.
    pub refund_share: f64,
    /// When they will likely decide.
    pub expected_on: Option<Date>,
    /// Why it is proposed before the diagnosis is complete, where it is.
    pub early: Option<String>,
}

/// Makes a deal, and its company if that is new. It is assessed right after, in the background: nobody who saves
/// something waits until somebody else's deal is thought through.
///
/// # Errors
/// `Forbidden`, `Invalid`.
pub async fn create(tx: &mut Tx, act: &Act, draft: Draft, today: Date) -> Result<Kept<Deal>> {
    let stage = match draft.stage {
        Some(stage) => records::get(tx, &act.scope, stage).await?,
        None => first_stage(tx, act).await?,
    };
    let mut deal = Deal::named(draft.title.clone(), &stage, draft.currency, act.now, today);
    // Of a new deal nobody has asked anything.
    let early = proposing_early(Phase::Hear, stage.phase, Pieces::default(), draft.early.clone())?;
    apply(tx, act, &mut deal, draft).await?;
    if !stage.phase.is_before_agreement() {
        deal.agreed_on = Some(today);
    }
    let kept = records::create(tx, act, deal).await?;
    keep_early(tx, act, kept.id, early).await?;
    crate::jobs::later(tx, act, crate::jobs::ASSESS_DEAL, &kept.id.to_string(), "{}").await?;
    Ok(kept)
}

/// Changes what a deal's form says; assesses it anew.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn change(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: Option<i64>,
    draft: Draft,
    today: Date,
) -> Result<Kept<Deal>> {
    let stage = match draft.stage {
        Some(stage) => Some(records::get(tx, &act.scope, stage).await?),
        None => None,
    };
    let before = records::get(tx, &act.scope, id).await?;
    if version.is_some_and(|version| version != before.version) {
        return Err(Error::Conflict { version: before.version });
    }
    let pieces = diagnosis::store::pieces(tx, act.scope.workspace(), &before).await?;
    let to = stage.as_ref().map_or(before.phase, |stage| stage.phase);
    let early = proposing_early(before.phase, to, pieces, draft.early.clone())?;
    keep_early(tx, act, id, early).await?;
    let mut deal = before.it;
    apply(tx, act, &mut deal, draft).await?;
    if let Some(stage) = stage.filter(|stage| stage.id != deal.stage_id) {
        deal.move_to(&stage, act.now, today)?;
    }
    save(tx, act, id, version, move |kept| {
        *kept = deal;
        Ok(())
    })
    .await
}

async fn apply(tx: &mut Tx, act: &Act, deal: &mut Deal, draft: Draft) -> Result<()> {
    deal.title = draft.title;
    deal.company_id = match draft.company {
        Whom::Nobody => None,
        Whom::There(id) => Some(id),
        Whom::New(name) => {
            let company = Company { owner_id: draft.owner, ..Company::named(name, draft.currency) };
            Some(records::create(tx, act, company).await?.id)
        }
    };
    deal.contact_id = draft.contact;
    deal.product_id = draft.product;
    deal.owner_id = draft.owner;
    deal.price_minor = draft.price_minor;
    deal.currency = draft.currency;
    deal.horizon_months = draft.horizon_months;
    deal.refund_share = draft.refund_share;
    deal.expected_on = draft.expected_on;
    Ok(())
}

/// Changes a deal in any way and assesses it anew.
pub(super) async fn save(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: Option<i64>,
    edit: impl FnOnce(&mut Deal) -> Result<()>,
) -> Result<Kept<Deal>> {
    let kept = records::change(tx, act, id, version, edit).await?;
    commitments::actions::schedule_verification(tx, act, &kept, Since::Deal).await?;
    assessment::actions::refresh(tx, act, id).await?;
    Ok(kept)
}

/// Says what is measured; where it is agreed, the day of the verification stands in the plan, and moves along.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn measure(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: Option<i64>,
    said: Measured,
) -> Result<Kept<Measure>> {
    let before = outcomes::store::measure(tx, act.scope.workspace(), id).await?;
    let kept = outcomes::actions::measure(tx, act, id, version, said).await?;
    let has_moved = before.is_none_or(|before| before.by_on != kept.by_on);
    let since = if has_moved { Since::Measure } else { Since::Deal };
    let deal = records::get(tx, &act.scope, id).await?;
    commitments::actions::schedule_verification(tx, act, &deal, since).await?;
    Ok(kept)
}

/// What an agreement says of a deal's terms; what it does not say stays.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Terms {
    /// The whole price over the horizon, in whole units of the deal's currency.
    pub price: Option<f64>,
    /// The share given back when the outcome is not reached.
    pub refund_share: Option<f64>,
    /// Over how many months.
    pub horizon_months: Option<i64>,
}

/// Sets the terms of a deal to what was agreed.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`.
pub async fn set_terms(tx: &mut Tx, act: &Act, id: Id<Deal>, terms: Terms) -> Result<Kept<Deal>> {
    save(tx, act, id, None, |deal| {
        if let Some(price) = terms.price {
            deal.price_minor = Some(Money::of_units(price, deal.currency).minor);
        }
        deal.refund_share = terms.refund_share.unwrap_or(deal.refund_share);
        deal.horizon_months = terms.horizon_months.unwrap_or(deal.horizon_months);
        Ok(())
    })
    .await
}

/// What nobody has asked, with the reason why it is proposed all the same; nothing, where nothing is missing.
///
/// # Errors
/// `Invalid` without a reason.
fn proposing_early(
    from: Phase,
    to: Phase,
    pieces: Pieces,
    reason: Option<String>,
) -> Result<Option<(String, String)>> {
    match (diagnosis::early(from, to, pieces), reason) {
        (None, _) => Ok(None),
        (Some(missing), Some(reason)) => Ok(Some((missing, reason))),
        (Some(missing), None) => {
            Err(Error::field(EARLY, format!("why it is proposed already: nobody has asked {missing}")))
        }
    }
}

/// The field of the reason.
pub const EARLY: &str = "early_reason";

async fn keep_early(tx: &mut Tx, act: &Act, deal: Id<Deal>, early: Option<(String, String)>) -> Result<()> {
    let Some((missing, title)) = early else { return Ok(()) };
    let it = Early { deal_id: deal, owner_id: act.scope.member(), title, missing };
    records::create(tx, act, it).await.map(drop)
}

/// Moves a deal to a stage. Where that proposes something before the diagnosis is complete, `early` says why.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Conflict`, `Refused` when it has ended; `Invalid` for a proposal without the reason it needs.
pub async fn move_to(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: Option<i64>,
    stage: Id<Stage>,
    early: Option<String>,
    today: Date,
) -> Result<Kept<Deal>> {
    let stage = records::get(tx, &act.scope, stage).await?;
    let before = records::get(tx, &act.scope, id).await?;
    let pieces = diagnosis::store::pieces(tx, act.scope.workspace(), &before).await?;
    let early = proposing_early(before.phase, stage.phase, pieces, early)?;
    keep_early(tx, act, id, early).await?;
    save(tx, act, id, version, |deal| deal.move_to(&stage, act.now, today)).await
}

/// How a deal leaves.
#[derive(Debug, Clone)]
pub struct Leaving {
    /// In what way.
    pub standing: Standing,
    /// Why.
    pub reason: Option<String>,
    /// When to look at it again.
    pub revisit_on: Option<Date>,
    /// What else is said, when we walk away or they decline.
    pub parting: Option<Parting>,
}

/// Ends or pauses a deal, with the reason.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Conflict`, `Invalid` without a reason, `Refused` when it has ended.
pub async fn leave(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: Option<i64>,
    it: Leaving,
    today: Date,
) -> Result<Kept<Deal>> {
    let deal = records::get(tx, &act.scope, id).await?;
    if let Some(way) = Way::to(it.standing) {
        // What is said of leaving is checked first: without a reason nothing is written down.
        deal.it.clone().leave(it.standing, it.reason.clone(), it.revisit_on, today)?;
        let plain = || Parting::plain(way, it.reason.clone().unwrap_or_default());
        departures::actions::part(tx, act, &deal, it.parting.unwrap_or_else(plain)).await?;
    }
    let kept =
        save(tx, act, id, version, |deal| deal.leave(it.standing, it.reason, it.revisit_on, today)).await?;
    count_again(tx, act).await?;
    Ok(kept)
}

/// The most deals that one goodbye leaves.
pub const LEFT_AT_ONCE: i64 = 50;

/// Says goodbye to a client that we do not serve any longer, or that left us: its deals that are not agreed and that
/// whoever acts sees are left with it, for the same reason. What was agreed and promised stays. Answers with the goodbye
/// and how many deals were left.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`; `Refused` when it was said already, or when there are more than [`LEFT_AT_ONCE`]
/// open deals.
pub async fn say_goodbye(
    tx: &mut Tx,
    act: &Act,
    company: Id<Company>,
    said: Goodbye,
    today: Date,
) -> Result<(Kept<Goodbye>, usize)> {
    act.scope.require(Right::Sell)?;
    records::get(tx, &act.scope, company).await?;
    if departures::store::goodbye(tx, act.scope.workspace(), company).await?.is_some() {
        return Err(Error::Refused("This was said already: we do not serve them any longer.".into()));
    }
    let open = departures::store::open_with(tx, &act.scope, company, LEFT_AT_ONCE + 1).await?;
    if open.len() > usize::try_from(LEFT_AT_ONCE).unwrap_or(0) {
        return Err(Error::Refused(format!(
            "There are more than {LEFT_AT_ONCE} open deals with them. Leave some of them first."
        )));
    }
    let mut said = departures::actions::waiting_for(tx, act, said).await?;
    said.hours_saved = 0.0;
    for (deal, _) in &open {
        let parting = Parting { side: said.side, ..Parting::plain(said.way, said.reason.clone()) };
        let it = Leaving {
            standing: said.way.standing(),
            reason: Some(said.reason.clone()),
            revisit_on: None,
            parting: Some(parting),
        };
        leave(tx, act, *deal, None, it, today).await?;
        let left = departures::actions::current(tx, act.scope.workspace(), *deal).await?;
        said.hours_saved += left.map_or(0.0, |left| left.hours_saved);
    }
    Ok((records::create(tx, act, said).await?, open.len()))
}

/// Takes a goodbye back that was not meant: the client is served as before, and the deals that were left with it are open again.
/// Answers with how many.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` when we serve them.
pub async fn take_goodbye_back(tx: &mut Tx, act: &Act, company: Id<Company>) -> Result<usize> {
    let it = departures::actions::goodbye_to(tx, act, company).await?;
    let left = departures::store::left_with(tx, &it, act.scope.workspace()).await?;
    records::remove(tx, act, it.id).await?;
    for deal in &left {
        reopen(tx, act, *deal, None).await?;
    }
    Ok(left.len())
}

/// Opens a deal again.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Conflict`.
pub async fn reopen(tx: &mut Tx, act: &Act, id: Id<Deal>, version: Option<i64>) -> Result<Kept<Deal>> {
    let kept = save(tx, act, id, version, Deal::reopen).await?;
    departures::actions::come_back(tx, act, id).await?;
    count_again(tx, act).await?;
    Ok(kept)
}

/// How deals went has changed: it is counted anew, and every open deal looked at again.
async fn count_again(tx: &mut Tx, act: &Act) -> Result<()> {
    crate::jobs::later(tx, act, crate::jobs::ASSESS_ALL, "", "{}").await
}

/// What they want to do, in their words, and how we know.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// In their words.
    pub text: Option<String>,
    /// How well we know.
    pub source: Option<Source>,
    /// Who said it.
    pub by: Option<String>,
    /// On which day.
    pub on: Option<Date>,
}

/// Writes down the goal and the price, the two answers that are the deal's own.
async fn goal_and_price(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: Option<i64>,
    goal: Goal,
    price_minor: Option<i64>,
) -> Result<Kept<Deal>> {
    records::change(tx, act, id, version, |deal: &mut Deal| {
        deal.goal_source = goal.source.filter(|_| goal.text.is_some());
        deal.goal_by = goal.by.filter(|_| goal.text.is_some());
        deal.goal_on = goal.on.filter(|_| goal.text.is_some());
        deal.goal = goal.text;
        deal.price_minor = price_minor;
        Ok(())
    })
    .await
}

/// Removes a deal; it can be restored.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn remove(tx: &mut Tx, act: &Act, id: Id<Deal>) -> Result<()> {
    records::remove(tx, act, id).await?;
    assessment::actions::refresh(tx, act, id).await.map(drop)
}

/// Brings a removed deal back.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn restore(tx: &mut Tx, act: &Act, id: Id<Deal>) -> Result<()> {
    records::restore(tx, act, id).await?;
    assessment::actions::refresh(tx, act, id).await.map(drop)
}

/// Everything a person says of a deal at once.
#[derive(Debug, Clone)]
pub struct Answers {
    /// The version of the deal they saw.
    pub version: Option<i64>,
    /// What the client wants to do.
    pub goal: Goal,
    /// The price, in minor units.
    pub price_minor: Option<i64>,
    /// The figures.
    pub figures: Vec<Answer>,
}

/// Writes the answers down; what did not change is left alone. Assesses the deal anew.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, and `Conflict` when somebody else changed one of them meanwhile.
pub async fn answer(tx: &mut Tx, act: &Act, id: Id<Deal>, answers: Answers) -> Result<Option<Document>> {
    let deal = records::get(tx, &act.scope, id).await?;
    let as_kept = Goal {
        text: deal.goal.clone(),
        source: deal.goal_source,
        by: deal.goal_by.clone(),
        on: deal.goal_on,
    };
    if answers.goal != as_kept || answers.price_minor != deal.price_minor {
        goal_and_price(tx, act, id, answers.version, answers.goal, answers.price_minor).await?;
    }
    diagnosis::actions::answer(tx, act, id, answers.figures).await?;
    assessment::actions::refresh(tx, act, id).await
}
