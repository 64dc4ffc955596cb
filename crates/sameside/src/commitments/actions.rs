//! The verbs of commitments: promise, move, ask for another day, say yes, do; and the steps plans begin with.

use crate::accounts::{self, Act};
use crate::app::App;
use crate::base::{Date, Id, Range};
use crate::commitments::store::{self, OF_DEAL_MAX, STEPS_MAX};
use crate::commitments::{Commitment, PlanStep, Side, followers};
use crate::deals::Deal;
use crate::error::{Error, Result};
use crate::history;
use crate::notices::{self, News, Source};
use crate::outcomes;
use crate::products::Product;
use crate::records::{self, Kept, Kind};
use db::{Conn, Tx};

/// How many days before its day a promise of ours is said to come near.
const NEAR_DAYS: i64 = 1;
/// What passed longer ago than this, in days, is not told any more.
const PASSED_DAYS: i64 = 14;

/// A commitment of a deal that this person may see.
///
/// # Errors
/// `NotFound`.
pub async fn get(conn: &mut Conn, act: &Act, id: Id<Commitment>) -> Result<Kept<Commitment>> {
    let kept = records::get(conn, &act.scope, id).await?;
    records::get(conn, &act.scope, kept.deal_id).await?;
    Ok(kept)
}

/// Promises something. Nobody named, whoever runs the deal has it for us, and whoever it is with for them.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`; `Refused` when the deal has too many.
pub async fn promise(tx: &mut Tx, act: &Act, mut it: Commitment) -> Result<Kept<Commitment>> {
    let deal = records::get(tx, &act.scope, it.deal_id).await?;
    if store::count(tx, act.scope.workspace(), deal.id).await? >= OF_DEAL_MAX {
        return Err(Error::Refused(format!("A plan has {OF_DEAL_MAX} promises at most.")));
    }
    match it.side {
        Side::Company => it.owner_id = it.owner_id.or(deal.owner_id),
        Side::Client => it.contact_id = it.contact_id.or(deal.contact_id),
    }
    it.promised_on = it.promised_on.or(it.due_on);
    is_of_the_deal(tx, act, &it, None).await?;
    records::create(tx, act, it).await
}

/// Refuses what comes after something of another deal, or after itself.
async fn is_of_the_deal(
    conn: &mut Conn,
    act: &Act,
    it: &Commitment,
    id: Option<Id<Commitment>>,
) -> Result<()> {
    let Some(after) = it.after_id else { return Ok(()) };
    let all = store::of_deal(conn, act.scope.workspace(), it.deal_id).await?;
    if !all.iter().any(|kept| kept.id == after) {
        return Err(Error::field("after_id", "something of this plan"));
    }
    if id.is_some_and(|id| ring(&all, id, after)) {
        return Err(Error::field("after_id", "something that does not itself wait for this"));
    }
    Ok(())
}

/// Whether `first` is `id`, or what it waits for leads back to it, also by what is done already.
fn ring(all: &[Kept<Commitment>], id: Id<Commitment>, first: Id<Commitment>) -> bool {
    let mut next = Some(first);
    for _ in 0..=all.len() {
        match next {
            Some(one) if one == id => return true,
            Some(one) => next = all.iter().find(|kept| kept.id == one).and_then(|kept| kept.after_id),
            None => return false,
        }
    }
    true
}

/// Says a promise otherwise, but for its day: that is [`move_to`].
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
pub async fn change(
    tx: &mut Tx,
    act: &Act,
    id: Id<Commitment>,
    version: Option<i64>,
    said: Commitment,
) -> Result<Kept<Commitment>> {
    let kept = get(tx, act, id).await?;
    let said = Commitment { deal_id: kept.deal_id, ..said };
    is_of_the_deal(tx, act, &said, Some(id)).await?;
    let edit = |it: &mut Commitment| {
        it.side = said.side;
        it.title = said.title;
        it.note = said.note;
        it.owner_id = said.owner_id;
        it.contact_id = said.contact_id;
        it.after_id = said.after_id;
        it.hours_low = said.hours_low;
        it.hours_likely = said.hours_likely;
        it.hours_high = said.hours_high;
        Ok(())
    };
    records::change(tx, act, id, version, edit).await
}

/// A day that moved, and what moved with it.
#[derive(Debug, Clone)]
pub struct Moved {
    /// What was moved.
    pub it: Kept<Commitment>,
    /// What comes after it and moved along.
    pub along: Vec<Kept<Commitment>>,
    /// The events of all of it: what is undone together.
    pub events: Vec<i64>,
}

/// A wish for another day.
#[derive(Debug, Clone)]
pub struct Day {
    /// Which.
    pub on: Date,
    /// Why.
    pub because: Option<String>,
    /// Which side wishes it.
    pub by: Side,
    /// The chance of keeping it then, where it is ours and known.
    pub chance: Option<f64>,
}

/// Gives a promise another day. Put off, it moves what comes after it by as many days; brought forward, it moves nothing:
/// nobody promised the rest earlier.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`; `Refused` for what is done.
pub async fn move_to(
    tx: &mut Tx,
    act: &Act,
    id: Id<Commitment>,
    version: Option<i64>,
    wish: Day,
    today: Date,
) -> Result<Moved> {
    let before = get(tx, act, id).await?;
    if before.done_on.is_some() {
        return Err(Error::Refused("It is done, so its day stays as it was.".into()));
    }
    let days = before.due_on.map_or(0, |due| wish.on.days_since(due));
    let chance = if before.side == Side::Company { wish.chance } else { None };
    let because = wish.because.clone();
    let edit = |it: &mut Commitment| {
        it.move_to(wish.on, because, wish.by, today);
        it.chance = chance;
        Ok(())
    };
    let it = records::change(tx, act, id, version, edit).await?;
    let mut along = Vec::new();
    let mut events: Vec<i64> = history::last(tx, act, id.uuid()).await?.into_iter().collect();
    if days > 0 {
        let workspace =
            accounts::store::workspace(tx, act.scope.workspace()).await?.ok_or(Error::NotFound)?;
        let calendar = workspace.calendar();
        let all = store::of_deal(tx, act.scope.workspace(), it.deal_id).await?;
        let why = format!("It comes after “{}”, which moved", it.title);
        for next in followers(&all, id) {
            let edit = |it: &mut Commitment| {
                it.follow(days, &why, &calendar);
                it.chance = None;
                Ok(())
            };
            along.push(records::change(tx, act, next.id, None, edit).await?);
            events.extend(history::last(tx, act, next.id.uuid()).await?);
        }
    }
    Ok(Moved { it, along, events })
}

/// What became of undoing a move.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PutBack {
    /// How many days are as they were.
    pub back: usize,
    /// What could not be put back: it was changed since, or is gone.
    pub not: Vec<String>,
    /// In which deal.
    pub deal: Option<Id<Deal>>,
}

/// Undoes a move with all that moved along, by the events of [`Moved`]. What was changed since stays, and is named.
///
/// # Errors
/// `NotFound` for what is no move of a promise this person may see; `Forbidden`.
pub async fn put_back(tx: &mut Tx, act: &Act, events: &[i64]) -> Result<PutBack> {
    let mut done = PutBack::default();
    for seq in events.iter().rev() {
        let event = history::get(tx, &act.scope, *seq).await?;
        if event.kind != Kind::Commitment || event.verb != history::Verb::Changed {
            return Err(Error::NotFound);
        }
        let id: Id<Commitment> = Id::of(event.subject);
        let kept = records::get_any(tx, &act.scope, id).await?;
        records::get(tx, &act.scope, kept.deal_id).await?;
        done.deal = Some(kept.deal_id);
        // What is refused is refused before anything is written.
        match records::undo(tx, act, *seq).await {
            Ok(_) => done.back += 1,
            Err(Error::Refused(_) | Error::NotFound) => done.not.push(kept.title.clone()),
            Err(error) => return Err(error),
        }
    }
    done.not.reverse();
    Ok(done)
}

/// Why the day of the verification is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// The deal changed.
    Deal,
    /// The day of the measure moved.
    Measure,
}

/// Keeps the day of the verification in the plan (P15, P21): once a deal is agreed and its measure says by when, looking at the
/// result together is a promise of ours for that day. It moves when the measure's day does, and is done when the result is written
/// down. Whoever takes it out of the plan is not asked again.
///
/// # Errors
/// What the database says; `Forbidden`.
pub async fn schedule_verification(
    tx: &mut Tx,
    act: &Act,
    deal: &Kept<Deal>,
    since: Since,
) -> Result<Option<Kept<Commitment>>> {
    let workspace = act.scope.workspace();
    if deal.agreed_on.is_none() || deal.removed_at.is_some() {
        return Ok(None);
    }
    let Some(measure) = outcomes::store::measure(tx, workspace, deal.id).await? else { return Ok(None) };
    let Some(by_on) = measure.by_on else { return Ok(None) };
    let is_known = outcomes::store::outcome(tx, workspace, deal.id).await?.is_some();
    let zone = accounts::store::workspace(tx, workspace).await?.ok_or(Error::NotFound)?.zone();
    let today = act.now.day(&zone);
    match store::verification(tx, workspace, deal.id).await? {
        None if is_known => Ok(None),
        None if store::count(tx, workspace, deal.id).await? >= OF_DEAL_MAX => Ok(None),
        None => {
            let mut it = Commitment::blank(
                deal.id,
                Side::Company,
                format!("Look at the result together: {}", measure.title),
            );
            it.due_on = Some(by_on.max(today));
            it.measure_id = Some(measure.id);
            promise(tx, act, it).await.map(Some)
        }
        Some(kept) if kept.removed_at.is_some() || kept.done_on.is_some() => Ok(None),
        Some(kept) if is_known => {
            complete(tx, act, kept.id, Some("The result is written down.".into()), today).await.map(Some)
        }
        Some(kept) if since == Since::Measure && kept.due_on != Some(by_on) => {
            let because = Some("The day of the result moved".to_owned());
            let wish = Day { on: by_on, because, by: Side::Client, chance: None };
            move_to(tx, act, kept.id, None, wish, today).await.map(|moved| Some(moved.it))
        }
        Some(_) => Ok(None),
    }
}

/// The other side asks for another day; whoever promised says yes by moving it, or no by saying so.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` for what is done.
pub async fn ask_day(
    tx: &mut Tx,
    act: &Act,
    id: Id<Commitment>,
    day: Date,
    because: Option<String>,
) -> Result<Kept<Commitment>> {
    let before = get(tx, act, id).await?;
    if before.done_on.is_some() {
        return Err(Error::Refused("It is done already.".into()));
    }
    let edit = |it: &mut Commitment| {
        it.asked_on = Some(day).filter(|day| it.due_on != Some(*day));
        it.asked_because = it.asked_on.and(because);
        it.confirmed_on = it.confirmed_on.filter(|_| it.asked_on.is_none());
        Ok(())
    };
    records::change(tx, act, id, None, edit).await
}

/// Says no to the other day that was asked for.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn keep_day(
    tx: &mut Tx,
    act: &Act,
    id: Id<Commitment>,
    because: Option<String>,
) -> Result<Kept<Commitment>> {
    get(tx, act, id).await?;
    let edit = |it: &mut Commitment| {
        it.asked_on = None;
        it.asked_because = None;
        it.moved_because = because.or_else(|| it.moved_because.take());
        Ok(())
    };
    records::change(tx, act, id, None, edit).await
}

/// The other side says yes to it as it is.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn confirm(tx: &mut Tx, act: &Act, id: Id<Commitment>, today: Date) -> Result<Kept<Commitment>> {
    get(tx, act, id).await?;
    records::change(tx, act, id, None, |it: &mut Commitment| {
        it.confirm(today);
        Ok(())
    })
    .await
}

/// It is done, with how one sees it.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn complete(
    tx: &mut Tx,
    act: &Act,
    id: Id<Commitment>,
    note: Option<String>,
    today: Date,
) -> Result<Kept<Commitment>> {
    get(tx, act, id).await?;
    records::change(tx, act, id, None, |it: &mut Commitment| {
        it.complete(note, today);
        Ok(())
    })
    .await
}

/// It is not done after all.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn reopen(tx: &mut Tx, act: &Act, id: Id<Commitment>) -> Result<Kept<Commitment>> {
    get(tx, act, id).await?;
    records::change(tx, act, id, None, |it: &mut Commitment| {
        it.done_on = None;
        it.done_note = None;
        Ok(())
    })
    .await
}

/// Takes a promise out of the plan; what came after it comes after what it came after.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn remove(tx: &mut Tx, act: &Act, id: Id<Commitment>) -> Result<Id<Deal>> {
    let kept = get(tx, act, id).await?;
    let all = store::of_deal(tx, act.scope.workspace(), kept.deal_id).await?;
    for next in all.iter().filter(|it| it.after_id == Some(id)) {
        let edit = |it: &mut Commitment| {
            it.after_id = kept.after_id;
            Ok(())
        };
        records::change(tx, act, next.id, None, edit).await?;
    }
    records::remove(tx, act, id).await?;
    Ok(kept.deal_id)
}

/// Brings a removed promise back.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn restore(tx: &mut Tx, act: &Act, id: Id<Commitment>) -> Result<Id<Deal>> {
    let kept = records::get_any(tx, &act.scope, id).await?;
    records::get(tx, &act.scope, kept.deal_id).await?;
    records::restore(tx, act, id).await?;
    Ok(kept.deal_id)
}

/// Promises a whole chain of steps, each after the one before; answers with how many.
///
/// # Errors
/// As [`promise`].
pub async fn promise_all(tx: &mut Tx, act: &Act, chain: Vec<Commitment>) -> Result<usize> {
    let mut before = None;
    let mut count = 0;
    for it in chain {
        // The day on which the result is looked at stands in a plan once.
        if it.measure_id.is_some() {
            let known = store::verification(tx, act.scope.workspace(), it.deal_id).await?;
            if known.is_some_and(|kept| kept.removed_at.is_none()) {
                continue;
            }
        }
        count += 1;
        before = Some(promise(tx, act, Commitment { after_id: before, ..it }).await?.id);
    }
    Ok(count)
}

/// Tells whoever has a promise of ours that its day is near or past, and who runs a deal of what they promised and is late;
/// each once. Answers with how many were told.
///
/// # Errors
/// What the database says.
pub async fn warn(app: &App, act: &Act) -> Result<usize> {
    let mut conn = app.read().await?;
    let workspace =
        accounts::store::workspace(&mut conn, act.scope.workspace()).await?.ok_or(Error::NotFound)?;
    let today = act.now.day(&workspace.zone());
    let between = (today.plus_days(-PASSED_DAYS), today.plus_days(NEAR_DAYS));
    let due = store::due(&mut conn, workspace.id, between, today).await?;
    drop(conn);
    let told = due.into_iter().filter_map(|it| {
        let (title, deal, day) = (&it.title, &it.deal_title, it.due_on.show_near(today, workspace.locale));
        let (words, mark) = match (it.side, it.due_on < today) {
            (Side::Company, false) => (format!("“{title}” is promised for {day} in {deal}"), "near"),
            (Side::Company, true) => {
                (format!("“{title}” was promised for {day} in {deal} and is not done"), "past")
            }
            (Side::Client, _) => {
                (format!("They promised “{title}” for {day} in {deal}; it is not done yet"), "past")
            }
        };
        let path = format!("/deals/{}/plan", it.deal);
        let news = News { about: Some(it.deal.uuid()), ..News::new(Source::Due, words, path) };
        Some((it.whom?, format!("commitment.{}.{}.{mark}", it.id, it.due_on), news))
    });
    notices::tell_all_once(app, act, told.collect()).await
}

/// What a person says of a step of a product's plan.
#[derive(Debug, Clone)]
pub struct StepSaid {
    /// Whose promise it becomes.
    pub side: Side,
    /// What.
    pub title: String,
    /// Working days.
    pub days: i64,
    /// Hours of ours.
    pub hours: Option<Range>,
}

/// Adds a step at the end of a product's plan.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`; `Refused` when it has too many.
pub async fn add_step(
    tx: &mut Tx,
    act: &Act,
    product: Id<Product>,
    said: StepSaid,
) -> Result<Kept<PlanStep>> {
    let product = records::get(tx, &act.scope, product).await?;
    let steps = store::steps(tx, act.scope.workspace(), product.id).await?;
    if i64::try_from(steps.len()).unwrap_or(i64::MAX) >= STEPS_MAX {
        return Err(Error::Refused(format!("A product's plan has {STEPS_MAX} steps at most.")));
    }
    let place = steps.last().map_or(1, |step| step.place + 1);
    let it = PlanStep {
        product_id: product.id,
        side: said.side,
        title: said.title,
        place,
        days: said.days,
        hours_low: said.hours.map(Range::low),
        hours_likely: said.hours.map(Range::likely),
        hours_high: said.hours.map(Range::high),
    };
    records::create(tx, act, it).await
}

/// Moves a step of a product's plan one place up.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn step_up(tx: &mut Tx, act: &Act, id: Id<PlanStep>) -> Result<Id<Product>> {
    let kept = records::get(tx, &act.scope, id).await?;
    let steps = store::steps(tx, act.scope.workspace(), kept.product_id).await?;
    let above = steps.iter().take_while(|step| step.id != id).last();
    if let Some(above) = above {
        let (here, there) = (kept.place, above.place);
        for (id, place) in [(id, there), (above.id, here)] {
            records::change(tx, act, id, None, |step: &mut PlanStep| {
                step.place = place;
                Ok(())
            })
            .await?;
        }
    }
    Ok(kept.product_id)
}

/// Takes a step out of a product's plan.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn remove_step(tx: &mut Tx, act: &Act, id: Id<PlanStep>) -> Result<Id<Product>> {
    let kept = records::get(tx, &act.scope, id).await?;
    records::remove(tx, act, id).await?;
    Ok(kept.product_id)
}
