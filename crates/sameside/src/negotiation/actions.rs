//! The verbs of negotiation: begin a table, change it, put a package on it, offer, hear the answer, agree.

use crate::accounts::{self, Act, Right};
use crate::assessment;
use crate::base::{Date, Id, Locale, When};
use crate::deals::Deal;
use crate::desk;
use crate::error::{Error, Result};
use crate::negotiation::starter;
use crate::negotiation::table::{ISSUES_MAX, NAME_CHARS_MAX};
use crate::negotiation::{
    Bargain, Issue, Negotiation, Offered, Offering, Package, Sets, State, Worth, store,
};
use crate::records::{self, Doc, Kept};
use db::{Conn, Tx};

/// What a table begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// The deal's own price, refund and months.
    Figures,
    /// What its product keeps.
    Product,
    /// Nothing.
    Blank,
}

/// The deal, which this person must see, and its table if it has one.
///
/// # Errors
/// `NotFound`.
pub async fn of(conn: &mut Conn, act: &Act, id: Id<Deal>) -> Result<(Kept<Deal>, Option<Kept<Negotiation>>)> {
    let deal = records::get(conn, &act.scope, id).await?;
    let table = store::of_deal(conn, act.scope.workspace(), id).await?;
    Ok((deal, table))
}

/// The deal's table, which must be there and be of this version.
async fn table(tx: &mut Tx, act: &Act, id: Id<Deal>, version: Option<i64>) -> Result<Kept<Negotiation>> {
    let (_, table) = of(tx, act, id).await?;
    let table = table.ok_or_else(|| Error::Refused("This deal has no table yet. Begin one first.".into()))?;
    match version {
        Some(version) if version != table.version => Err(Error::Conflict { version: table.version }),
        _ => Ok(table),
    }
}

/// Changes the table, keeps its packages true to it, and saves.
async fn change(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: Option<i64>,
    edit: impl FnOnce(&mut Negotiation) -> Result<()>,
) -> Result<Kept<Negotiation>> {
    let kept = table(tx, act, id, version).await?;
    records::change(tx, act, kept.id, version, |it: &mut Negotiation| {
        edit(it)?;
        it.settle();
        Ok(())
    })
    .await
}

/// Begins the table of a deal.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` when it has one, or there is nothing to begin from.
pub async fn begin(tx: &mut Tx, act: &Act, id: Id<Deal>, from: From) -> Result<Kept<Negotiation>> {
    let (deal, there) = of(tx, act, id).await?;
    if there.is_some() {
        return Err(Error::Refused("This deal has a table already.".into()));
    }
    let mut it = match from {
        From::Blank => Negotiation::empty(None, None),
        From::Figures => from_figures(tx, act, &deal).await?,
        From::Product => from_product(tx, act, &deal).await?,
    };
    it.deal_id = Some(deal.id);
    it.settle();
    records::create(tx, act, it).await
}

async fn from_figures(tx: &mut Tx, act: &Act, deal: &Kept<Deal>) -> Result<Negotiation> {
    let id = act.scope.workspace();
    let workspace = accounts::store::workspace(tx, id).await?.ok_or(Error::NotFound)?;
    let document = assessment::actions::of_deal(tx, id, deal, act.now).await?;
    let document = document.ok_or_else(|| {
        Error::Refused(
            "There is no price to begin from. Give the deal one, or begin with an empty table.".into(),
        )
    })?;
    starter::table(deal, &document.basis, &workspace.settings, Locale::EnGb)
}

async fn from_product(tx: &mut Tx, act: &Act, deal: &Kept<Deal>) -> Result<Negotiation> {
    let id = deal.product_id.ok_or_else(|| Error::Refused("This deal is about no product.".into()))?;
    let product = records::get(tx, &act.scope, id).await?;
    let kept = store::of_product(tx, act.scope.workspace(), id).await?;
    let kept = kept.ok_or_else(|| Error::Refused(format!("{} keeps no table yet.", product.name)))?;
    if product.currency != deal.currency {
        return Err(Error::Refused(format!(
            "The table of {} is in {}, the deal in {}.",
            product.name, product.currency, deal.currency
        )));
    }
    let mut it = Negotiation { product_id: None, ..kept.it };
    // What the deal's terms are is on the table where the product's table knows such an option.
    let mut package = it.first_package();
    for issue in &it.issues.0 {
        if let Some(option) = term(deal, issue.sets).and_then(|term| nearest(issue, term)) {
            package.0.insert(issue.key, option);
        }
    }
    it.current_package = Doc(Some(package).filter(|package| !package.0.is_empty()));
    Ok(it)
}

/// What a term of the deal is now.
fn term(deal: &Deal, sets: Sets) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "at most 120 months")]
    match sets {
        Sets::Nothing => None,
        Sets::Price => deal.price().map(crate::base::Money::units),
        Sets::Refund => Some(deal.refund_share),
        Sets::Months => Some(deal.horizon_months as f64),
    }
}

/// The option whose value is nearest.
fn nearest(issue: &Issue, term: f64) -> Option<u32> {
    let far = |value: &Option<f64>| value.map_or(f64::INFINITY, |value| (value - term).abs());
    let by = |a: &&crate::negotiation::Choosable, b: &&crate::negotiation::Choosable| {
        far(&a.value).total_cmp(&far(&b.value))
    };
    issue.options.iter().min_by(by).map(|option| option.key)
}

/// Keeps the deal's table as its product's: the next deals may begin with it. What is on the table, what they ask for
/// and where each is better off without the deal are the deal's own and stay here.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` without a product.
pub async fn keep_for_product(tx: &mut Tx, act: &Act, id: Id<Deal>) -> Result<Kept<Negotiation>> {
    let kept = table(tx, act, id, None).await?;
    act.scope.require(Right::Manage)?;
    let deal = records::get(tx, &act.scope, id).await?;
    let product = deal.product_id.ok_or_else(|| Error::Refused("This deal is about no product.".into()))?;
    let product = records::get(tx, &act.scope, product).await?;
    if product.currency != deal.currency {
        return Err(Error::Refused(format!(
            "The deal is in {}, the product in {}.",
            deal.currency, product.currency
        )));
    }
    let it = Negotiation {
        issues: kept.issues.clone(),
        last_key: kept.last_key,
        ..Negotiation::empty(None, Some(product.id))
    };
    match store::of_product(tx, act.scope.workspace(), product.id).await? {
        Some(before) => {
            let edit = |there: &mut Negotiation| {
                *there = it;
                Ok(())
            };
            records::change(tx, act, before.id, None, edit).await
        }
        None => records::create(tx, act, it).await,
    }
}

/// Adds an issue, or replaces the one with a key. Options that have no key yet (0) get one.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn put_issue(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: Option<i64>,
    mut issue: Issue,
) -> Result<Kept<Negotiation>> {
    change(tx, act, id, version, |it| {
        if issue.key == 0 && it.issues.0.len() >= ISSUES_MAX {
            return Err(Error::field("name", format!("at most {ISSUES_MAX} issues")));
        }
        if issue.key == 0 {
            issue.key = it.new_key();
        }
        for option in &mut issue.options {
            if option.key == 0 {
                option.key = it.new_key();
            }
        }
        // What nobody said of a name is said at its field, and a very long one before it is compared.
        if issue.name.chars().count() > NAME_CHARS_MAX {
            return Err(Error::field("name", format!("at most {NAME_CHARS_MAX} characters")));
        }
        let key = issue.key;
        match it.issues.0.iter_mut().find(|known| known.key == key) {
            Some(known) => *known = issue,
            None => it.issues.0.push(issue),
        }
        Ok(())
    })
    .await
}

/// Takes an issue from the table.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Conflict`.
pub async fn drop_issue(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: Option<i64>,
    key: u32,
) -> Result<Kept<Negotiation>> {
    change(tx, act, id, version, |it| {
        if it.issue(key).is_none() {
            return Err(Error::NotFound);
        }
        it.issues.0.retain(|issue| issue.key != key);
        Ok(())
    })
    .await
}

/// Below what each side is better off without the deal, and why.
#[derive(Debug, Clone)]
pub struct Least {
    /// We.
    pub ours: f64,
    /// Why.
    pub ours_because: Option<String>,
    /// They.
    pub theirs: f64,
    /// How we know.
    pub theirs_because: Option<String>,
}

/// Says below what each side is better off without the deal.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn set_least(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: Option<i64>,
    least: Least,
) -> Result<Kept<Negotiation>> {
    change(tx, act, id, version, |it| {
        it.our_least = least.ours;
        it.our_least_because = least.ours_because;
        it.their_least = least.theirs;
        it.their_least_because = least.theirs_because;
        Ok(())
    })
    .await
}

/// Puts a package on the table; a wish that it grants is no wish any more.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn put(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: Option<i64>,
    package: Package,
) -> Result<Kept<Negotiation>> {
    change(tx, act, id, version, |it| {
        if !it.is_whole(&package) {
            return Err(Error::field("package", "one option of every issue"));
        }
        if let Some(wish) = &it.requested_package.0
            && package.with(wish) == package
        {
            it.requested_package.0 = None;
        }
        it.current_package.0 = Some(package);
        Ok(())
    })
    .await
}

/// Writes down what they ask to have otherwise; nothing, when they ask for nothing.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn request(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: Option<i64>,
    wish: Package,
) -> Result<Kept<Negotiation>> {
    change(tx, act, id, version, |it| {
        let current = it.current_package.0.clone().unwrap_or_default();
        let mut wish = wish;
        wish.0.retain(|issue, option| current.0.get(issue) != Some(option));
        if !it.is_part(&wish) {
            return Err(Error::field("package", "options of this table"));
        }
        it.requested_package.0 = Some(wish).filter(|wish| !wish.0.is_empty());
        Ok(())
    })
    .await
}

/// What was chosen of earlier offers, newest first, as the engine learns from it.
pub fn choices(offerings: &[Kept<Offering>]) -> Vec<(Vec<Package>, usize)> {
    let chosen = offerings.iter().filter(|it| it.state == State::Chosen);
    let of = |it: &Kept<Offering>| {
        let picked = usize::try_from(it.picked?).ok()?;
        Some((it.offers.0.iter().map(|offer| offer.package.clone()).collect(), picked))
    };
    chosen.filter_map(of).collect()
}

/// What the engine says of a table now, with what was chosen so far. On a thread of its own: a large table takes long.
///
/// # Errors
/// `Refused` for an empty table; what the engine or the database says.
pub async fn bargain(table: &Negotiation, offerings: &[Kept<Offering>]) -> Result<Bargain> {
    let (table, choices) = (table.clone(), choices(offerings));
    let asked = tokio::task::spawn_blocking(move || Bargain::of(&table, &choices));
    asked.await.map_err(|error| Error::Internal(error.to_string()))?
}

/// A package as it is offered.
fn offered(table: &Negotiation, worth: &Worth) -> Offered {
    let package = worth.package.clone();
    #[expect(clippy::cast_possible_truncation, reason = "whole months up to 120")]
    let months = |value: f64| value.round() as i64;
    Offered {
        words: table.words(&package),
        ours: worth.ours,
        theirs: worth.theirs,
        price_minor: None,
        refund_share: table.sets(&package, Sets::Refund),
        horizon_months: table.sets(&package, Sets::Months).map(months),
        package,
    }
}

/// Keeps offers that were computed from this version of the table.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Conflict`; `Refused` when there is none to make.
pub async fn offer(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: i64,
    offers: Vec<Worth>,
) -> Result<Kept<Offering>> {
    let kept = table(tx, act, id, Some(version)).await?;
    let deal = records::get(tx, &act.scope, id).await?;
    if offers.is_empty() {
        return Err(Error::Refused(
            "No package would leave both sides better off, so there is none to offer.".into(),
        ));
    }
    let price = |package: &Package| kept.sets(package, Sets::Price);
    let offers = offers.iter().map(|worth| Offered {
        price_minor: price(&worth.package)
            .map(|units| crate::base::Money::of_units(units, deal.currency).minor)
            .or(deal.price_minor),
        ..offered(&kept, worth)
    });
    let it = Offering {
        deal_id: deal.id,
        owner_id: act.scope.member(),
        offers: Doc(offers.collect()),
        state: State::Made,
        picked: None,
        said: None,
        answered_at: None,
    };
    records::create(tx, act, it).await
}

/// What they said to offers.
#[derive(Debug, Clone)]
pub struct Heard {
    /// What became of them.
    pub state: State,
    /// Which they chose or asked to change, counted from 0.
    pub picked: Option<i64>,
    /// What they said.
    pub said: Option<String>,
}

/// Writes down what they said to offers. What they chose is on the table from now on. Answers with the deal.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn hear(
    tx: &mut Tx,
    act: &Act,
    id: Id<Offering>,
    version: Option<i64>,
    heard: Heard,
) -> Result<Kept<Offering>> {
    let before = records::get(tx, &act.scope, id).await?;
    let deal = records::get(tx, &act.scope, before.deal_id).await?;
    let now: When = act.now;
    let edit = |it: &mut Offering| it.answer(heard.state, heard.picked, heard.said, now);
    let kept = records::change(tx, act, id, version, edit).await?;
    if let Some(chosen) = kept.chosen() {
        let table = store::of_deal(tx, act.scope.workspace(), deal.id).await?;
        // A table that changed since the offers were made keeps what is on it.
        if let Some(table) = table.filter(|table| table.is_whole(&chosen.package)) {
            let package = chosen.package.clone();
            if table.current_package.0.as_ref() != Some(&package) {
                put(tx, act, deal.id, None, package).await?;
            }
        }
    }
    Ok(kept)
}

/// Both agree on a package: it stands on the table as agreed, and the deal's terms become what it sets.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn agree(
    tx: &mut Tx,
    act: &Act,
    id: Id<Deal>,
    version: Option<i64>,
    package: Package,
    today: Date,
) -> Result<Kept<Negotiation>> {
    let kept = change(tx, act, id, version, |it| {
        if !it.is_whole(&package) {
            return Err(Error::field("package", "one option of every issue"));
        }
        it.requested_package.0 = None;
        it.current_package.0 = Some(package.clone());
        it.agreed_package.0 = Some(package);
        it.agreed_on = Some(today);
        Ok(())
    })
    .await?;
    let package = kept.agreed_package.0.clone().unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, reason = "whole months up to 120")]
    let terms = desk::actions::Terms {
        price: kept.sets(&package, Sets::Price),
        refund_share: kept.sets(&package, Sets::Refund),
        horizon_months: kept.sets(&package, Sets::Months).map(|months| months.round() as i64),
    };
    desk::actions::set_terms(tx, act, id, terms).await?;
    Ok(kept)
}
