//! The verbs of concessions: give or ask, say yes or no, take back, let somebody stand in.

use crate::accounts::{self, Act, Member, Right};
use crate::base::{Date, Id};
use crate::concessions::{Concession, Delegation, State, Wish, may_give, store};
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::notices::{self, News, Source as From};
use crate::records::{self, Kept};
use db::{Conn, Tx};

/// Gives a concession, or asks for it when it is more than whoever acts may give.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`.
pub async fn give(tx: &mut Tx, act: &Act, id: Id<Deal>, wish: Wish, today: Date) -> Result<Kept<Concession>> {
    let deal = records::get(tx, &act.scope, id).await?;
    let (share, may) = (wish.share_of(deal.price()), authority(tx, act, today).await?);
    let concession = Concession::new(deal.id, wish, share, act.scope.member(), may, act.now);
    let kept = records::create(tx, act, concession).await?;
    if kept.state == State::Asked {
        ask_for_yes(tx, act, &kept, &deal.title, today).await?;
    }
    Ok(kept)
}

/// Says anew what is given, what it costs and what comes back. More than was allowed waits for a yes again.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`; `Refused` when it was answered with no; `Conflict` when `version` is not the newest.
pub async fn change(
    tx: &mut Tx,
    act: &Act,
    id: Id<Concession>,
    version: Option<i64>,
    wish: Wish,
    today: Date,
) -> Result<Kept<Concession>> {
    let before = records::get(tx, &act.scope, id).await?;
    let deal = records::get(tx, &act.scope, before.deal_id).await?;
    let (share, may) = (wish.share_of(deal.price()), authority(tx, act, today).await?);
    let (by, now) = (act.scope.member(), act.now);
    let edit = |it: &mut Concession| it.say_anew(wish, share, by, may, now);
    let kept = records::change(tx, act, id, version, edit).await?;
    let asks_more = kept.state == State::Asked && (before.state != State::Asked || kept.share > before.share);
    if asks_more {
        ask_for_yes(tx, act, &kept, &deal.title, today).await?;
    }
    Ok(kept)
}

/// Tells who may say yes to a concession that one waits: by their role, and who stands in for them today.
async fn ask_for_yes(tx: &mut Tx, act: &Act, kept: &Kept<Concession>, deal: &str, today: Date) -> Result<()> {
    let workspace = act.scope.workspace();
    let settings = accounts::store::workspace(tx, workspace).await?.ok_or(Error::NotFound)?.settings;
    let who = match act.scope.member() {
        Some(member) => records::by_id::<Member>(tx, workspace, member).await?.map(|member| member.it.name),
        None => None,
    };
    let who = who.unwrap_or_else(|| "Somebody".to_owned());
    let words = format!("{who} asks for your yes: {} in {deal}", kept.title);
    let mut told = std::collections::HashSet::new();
    for (member, role) in notices::store::active(tx, workspace, ASKED_MAX).await? {
        let mut may = may_give(role, &settings);
        for delegation in store::stands_in_for(tx, workspace, member, today).await? {
            let away = records::by_id::<Member>(tx, workspace, delegation.owner_id).await?;
            may = away.map_or(may, |away| may.max(may_give(away.role, &settings)));
        }
        if kept.share <= may && told.insert(member) {
            let news = News::new(From::Asked, words.clone(), "/concessions");
            notices::tell(tx, act, member, news).await?;
        }
    }
    Ok(())
}

/// How many are asked for their yes.
const ASKED_MAX: i64 = 50;

/// The share of a price up to which whoever acts may say yes: their own, or that of anybody they stand in for today.
///
/// # Errors
/// What the database says.
pub async fn authority(conn: &mut Conn, act: &Act, today: Date) -> Result<f64> {
    let id = act.scope.workspace();
    let settings = accounts::store::workspace(conn, id).await?.ok_or(Error::NotFound)?.settings;
    let mut may = may_give(act.scope.role(), &settings);
    let Some(member) = act.scope.member() else { return Ok(may) };
    for delegation in store::stands_in_for(conn, id, member, today).await? {
        let away = records::by_id::<Member>(conn, id, delegation.owner_id).await?;
        let is_here = |member: &Kept<Member>| member.removed_at.is_none() && member.disabled_at.is_none();
        if let Some(away) = away.filter(is_here) {
            may = may.max(may_give(away.role, &settings));
        }
    }
    Ok(may)
}

/// Says yes or no to a concession that waits. Answers with its deal.
///
/// # Errors
/// `NotFound`; `Forbidden` when it is more than they may; `Invalid` for a no without a reason; `Refused` when it does
/// not wait.
pub async fn decide(
    tx: &mut Tx,
    act: &Act,
    id: Id<Concession>,
    granted: bool,
    because: Option<String>,
    today: Date,
) -> Result<Kept<Concession>> {
    deal_of(tx, act, id).await?;
    let may = authority(tx, act, today).await?;
    let (by, now) = (act.scope.member(), act.now);
    let edit = |it: &mut Concession| it.decide(granted, by, may, because, now);
    let kept = records::change(tx, act, id, None, edit).await?;
    if let Some(asked) = kept.owner_id {
        let word = if kept.state == State::Granted { "Yes" } else { "No" };
        let because = kept.decided_because.as_ref().map_or_else(String::new, |why| format!(": {why}"));
        let words = format!("{word} to {}{because}", kept.title);
        let news = News::new(From::Answered, words, format!("/deals/{}", kept.deal_id));
        notices::tell(tx, act, asked, news).await?;
    }
    Ok(kept)
}

/// A concession that waits is not needed after all.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` when it does not wait.
pub async fn withdraw(tx: &mut Tx, act: &Act, id: Id<Concession>) -> Result<Kept<Concession>> {
    deal_of(tx, act, id).await?;
    records::change(tx, act, id, None, Concession::withdraw).await
}

/// Removes a concession; it can be brought back. Answers with its deal.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn remove(tx: &mut Tx, act: &Act, id: Id<Concession>) -> Result<Id<Deal>> {
    let deal = deal_of(tx, act, id).await?;
    records::remove(tx, act, id).await?;
    Ok(deal)
}

/// Brings a removed concession back. Answers with its deal.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn restore(tx: &mut Tx, act: &Act, id: Id<Concession>) -> Result<Id<Deal>> {
    let deal = deal_of(tx, act, id).await?;
    records::restore(tx, act, id).await?;
    Ok(deal)
}

/// The deal of a concession, which this person must see.
async fn deal_of(tx: &mut Tx, act: &Act, id: Id<Concession>) -> Result<Id<Deal>> {
    let kept = records::get_any(tx, &act.scope, id).await?;
    Ok(records::get(tx, &act.scope, kept.deal_id).await?.id)
}

/// Lets somebody else say yes for whoever acts, from a day to a day.
///
/// # Errors
/// `Forbidden`, `Invalid`.
pub async fn stand_in(
    tx: &mut Tx,
    act: &Act,
    to: Id<Member>,
    from_on: Date,
    until_on: Date,
) -> Result<Kept<Delegation>> {
    act.scope.require(Right::Sell)?;
    let owner_id = act.scope.member().ok_or(Error::NotFound)?;
    records::create(tx, act, Delegation { owner_id, to_id: to, from_on, until_on }).await
}

/// Nobody stands in any more: only whoever is away, or an admin, takes that back.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn no_stand_in(tx: &mut Tx, act: &Act, id: Id<Delegation>) -> Result<()> {
    let kept = records::get(tx, &act.scope, id).await?;
    if act.scope.member() != Some(kept.owner_id) {
        act.scope.require(Right::Administer)?;
    }
    records::remove(tx, act, id).await
}
