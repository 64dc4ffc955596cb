//! The verbs of every record.

use crate::accounts::{Act, Scope};
use crate::base::{Fields, Id};
use crate::error::{Error, Result};
use crate::history::{self, Changes, Event, Verb};
use crate::records::{Kept, Kind, Record, store};
use crate::tallies;
use db::{Conn, Tx};
use std::collections::{HashMap, HashSet};

/// Does something with the type of a kind; those that need more than their type are said apart.
macro_rules! of_kind {
    ($kind:expr, $T:ident => $do:expr, { $($apart:tt)* }) => {
        of_kind!(@ $kind, $T, $do, { $($apart)* },
            Company => crate::companies::Company, Contact => crate::contacts::Contact,
            Product => crate::products::Product, Deal => crate::deals::Deal, Figure => crate::diagnosis::Figure,
            Want => crate::diagnosis::Want, Need => crate::diagnosis::Need,
            Alternative => crate::diagnosis::Alternative, Contraindication => crate::diagnosis::Contraindication,
            Bearing => crate::diagnosis::Bearing, CostPart => crate::diagnosis::CostPart,
            Early => crate::diagnosis::Early, Voice => crate::diagnosis::Voice, Step => crate::diagnosis::Step,
            Question => crate::questions::Question, Level => crate::questions::Level,
            Answer => crate::questions::Answer,
            Activity => crate::activities::Activity, Task => crate::tasks::Task,
            Commitment => crate::commitments::Commitment, PlanStep => crate::commitments::PlanStep, Effort => crate::pursuit::Effort,
            Request => crate::service::Request, Message => crate::service::Message,
            Pulse => crate::pulse::Pulse, Cadence => crate::care::Cadence,
            Template => crate::service::Template,
            Budget => crate::pursuit::Budget, Decision => crate::pursuit::Decision,
            Departure => crate::departures::Departure, Goodbye => crate::departures::Goodbye, Reply => crate::advocates::Reply,
            Measure => crate::outcomes::Measure, Outcome => crate::outcomes::Outcome,
            Gladness => crate::outcomes::Gladness,
            Concession => crate::concessions::Concession, Delegation => crate::concessions::Delegation,
            Negotiation => crate::negotiation::Negotiation, Offering => crate::negotiation::Offering,
            Proposal => crate::proposals::Proposal, Story => crate::proposals::Story,
            ClientLink => crate::client_page::ClientLink, Attachment => crate::files::Attachment,
            Meeting => crate::digest::Meeting,
            ClientQuestion => crate::client_page::ClientQuestion, ClientReport => crate::client_page::ClientReport,
            Pipeline => crate::deals::Pipeline, Stage => crate::deals::Stage, Team => crate::accounts::Team)
    };
    (@ $kind:expr, $T:ident, $do:expr, { $($apart:tt)* }, $($name:ident => $type:ty),*) => {
        match $kind {
            $(Kind::$name => { type $T = $type; $do })*
            $($apart)*
        }
    };
}

/// One live record that this person may see.
///
/// # Errors
/// `NotFound`.
pub async fn get<T: Record>(conn: &mut Conn, scope: &Scope, id: Id<T>) -> Result<Kept<T>> {
    get_any(conn, scope, id)
        .await
        .and_then(|kept| if kept.removed_at.is_some() { Err(Error::NotFound) } else { Ok(kept) })
}

/// One record that this person may see, removed or not.
///
/// # Errors
/// `NotFound`.
pub async fn get_any<T: Record>(conn: &mut Conn, scope: &Scope, id: Id<T>) -> Result<Kept<T>> {
    let kept = store::by_id(conn, scope.workspace(), id).await?.ok_or(Error::NotFound)?;
    if scope.may_see(kept.owner()) { Ok(kept) } else { Err(Error::NotFound) }
}

/// What records of a kind are called, as far as this person may see them.
///
/// # Errors
/// What the database says.
pub async fn names<T>(
    conn: &mut Conn,
    scope: &Scope,
    kind: Kind,
    ids: impl IntoIterator<Item = Id<T>>,
) -> Result<HashMap<uuid::Uuid, String>> {
    let ids: HashSet<uuid::Uuid> = ids.into_iter().map(Id::uuid).collect();
    let ids: Vec<uuid::Uuid> = ids.into_iter().collect();
    let found = store::briefs(conn, scope.workspace(), kind, &ids).await?;
    Ok(found.into_iter().filter(|it| scope.may_see(it.owner)).map(|it| (it.id, it.title)).collect())
}

/// What records of several kinds are called, as far as this person may see them.
///
/// # Errors
/// What the database says.
pub async fn names_of(
    conn: &mut Conn,
    scope: &Scope,
    wanted: HashMap<Kind, Vec<uuid::Uuid>>,
) -> Result<HashMap<uuid::Uuid, String>> {
    let mut all = HashMap::new();
    for (kind, ids) in wanted {
        all.extend(names::<()>(conn, scope, kind, ids.into_iter().map(Id::of)).await?);
    }
    Ok(all)
}

/// Makes a record.
///
/// # Errors
/// `Forbidden`, `Invalid`.
pub async fn create<T: Record>(tx: &mut Tx, act: &Act, it: T) -> Result<Kept<T>> {
    act.scope.require(T::right())?;
    check(tx, act, &it).await?;
    let kept = Kept {
        id: Id::new(act.now),
        version: 1,
        created_at: act.now,
        changed_at: act.now,
        removed_at: None,
        it,
    };
    store::insert(tx, act.scope.workspace(), std::slice::from_ref(&kept)).await?;
    tallies::count(tx, act.scope.workspace(), &[(None, Some(&kept))]).await?;
    history::add(tx, act, Event::new(&kept, Verb::Created, Changes::between(None, Some(&kept.it))?)).await?;
    Ok(kept)
}

/// Makes many records at once, without looking at what each refers to: for imports, which resolve that.
///
/// # Errors
/// `Forbidden`, or what the database says.
pub async fn create_many<T: Record>(tx: &mut Tx, act: &Act, records: Vec<Kept<T>>) -> Result<()> {
    act.scope.require(T::right())?;
    store::insert(tx, act.scope.workspace(), &records).await?;
    let turns: Vec<_> = records.iter().map(|kept| (None, Some(kept))).collect();
    tallies::count(tx, act.scope.workspace(), &turns).await?;
    let mut events = Vec::with_capacity(records.len());
    for kept in &records {
        events.push(Event::new(kept, Verb::Created, Changes::between(None, Some(&kept.it))?));
    }
    history::add_many(tx, act, events).await
}

/// Saves many changed records at once, each over the version it was read with; for imports.
///
/// # Errors
/// `Forbidden`, `Conflict`.
pub async fn save_many<T: Record>(tx: &mut Tx, act: &Act, records: Vec<(Kept<T>, T)>) -> Result<()> {
    act.scope.require(T::right())?;
    let mut events = Vec::with_capacity(records.len());
    let mut saved = Vec::with_capacity(records.len());
    for (before, it) in records {
        let changes = Changes::between(Some(&before.it), Some(&it))?;
        if changes.is_empty() {
            continue;
        }
        let kept = Kept { version: before.version + 1, changed_at: act.now, it, ..before.clone() };
        if !store::update(tx, act.scope.workspace(), &kept, before.version).await? {
            return Err(Error::Conflict { version: before.version + 1 });
        }
        events.push(Event::new(&kept, Verb::Changed, changes));
        saved.push((before, kept));
    }
    let turns: Vec<_> = saved.iter().map(|(before, kept)| (live(before), live(kept))).collect();
    tallies::count(tx, act.scope.workspace(), &turns).await?;
    history::add_many(tx, act, events).await
}

/// Removes many records of a kind softly; those that are removed already stay so. Each comes with the event of the history that this
/// undoes. Answers with how many were removed.
///
/// # Errors
/// `Forbidden`, or what the database says.
pub async fn remove_made(tx: &mut Tx, act: &Act, kind: Kind, events: &[(uuid::Uuid, i64)]) -> Result<usize> {
    of_kind!(kind, T => remove_many::<T>(tx, act, events).await, {
        Kind::Member => remove_many::<crate::accounts::Member>(tx, act, events).await,
        Kind::Workspace => Ok(0),
    })
}

async fn remove_many<T: Record>(tx: &mut Tx, act: &Act, events: &[(uuid::Uuid, i64)]) -> Result<usize> {
    act.scope.require(T::right())?;
    let ids: Vec<Id<T>> = events.iter().map(|(id, _)| Id::of(*id)).collect();
    let undone: std::collections::HashMap<uuid::Uuid, i64> = events.iter().copied().collect();
    let kept = store::by_ids::<T>(tx, act.scope.workspace(), &ids).await?;
    let live: Vec<Kept<T>> = kept.into_iter().filter(|kept| kept.removed_at.is_none()).collect();
    let ids: Vec<Id<T>> = live.iter().map(|kept| kept.id).collect();
    store::set_removed_many(tx, act.scope.workspace(), &ids, act.now).await?;
    let turns: Vec<_> = live.iter().map(|kept| (Some(kept), None)).collect();
    tallies::count(tx, act.scope.workspace(), &turns).await?;
    let event = |kept: &Kept<T>| Event {
        undoes: undone.get(&kept.id.uuid()).copied(),
        ..Event::new(kept, Verb::Removed, Changes::default())
    };
    history::add_many(tx, act, live.iter().map(event).collect()).await?;
    Ok(live.len())
}

/// Changes a record. `version` is the one the person saw; without it the newest is changed.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, `Conflict`, or what `edit` refuses.
pub async fn change<T: Record>(
    tx: &mut Tx,
    act: &Act,
    id: Id<T>,
    version: Option<i64>,
    edit: impl FnOnce(&mut T) -> Result<()>,
) -> Result<Kept<T>> {
    let before = get(tx, &act.scope, id).await?;
    act.scope.require(T::right())?;
    if version.is_some_and(|version| version != before.version) {
        return Err(Error::Conflict { version: before.version });
    }
    let mut it = before.it.clone();
    edit(&mut it)?;
    check(tx, act, &it).await?;
    save(tx, act, before, it, Verb::Changed, None).await
}

async fn save<T: Record>(
    tx: &mut Tx,
    act: &Act,
    before: Kept<T>,
    it: T,
    verb: Verb,
    undoes: Option<i64>,
) -> Result<Kept<T>> {
    let changes = Changes::between(Some(&before.it), Some(&it))?;
    if changes.is_empty() {
        return Ok(before);
    }
    let from = before.version;
    let kept = Kept { version: from + 1, changed_at: act.now, it, ..before.clone() };
    if !store::update(tx, act.scope.workspace(), &kept, from).await? {
        return Err(Error::Conflict { version: from + 1 });
    }
    tallies::count(tx, act.scope.workspace(), &[(live(&before), live(&kept))]).await?;
    history::add(tx, act, Event { undoes, ..Event::new(&kept, verb, changes) }).await?;
    Ok(kept)
}

/// The record, unless it is removed.
fn live<T>(kept: &Kept<T>) -> Option<&Kept<T>> {
    Some(kept).filter(|kept| kept.removed_at.is_none())
}

/// Removes a record softly: it can be restored.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn remove<T: Record>(tx: &mut Tx, act: &Act, id: Id<T>) -> Result<()> {
    mark::<T>(tx, act, id, Verb::Removed, None).await
}

/// Brings a removed record back.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn restore<T: Record>(tx: &mut Tx, act: &Act, id: Id<T>) -> Result<()> {
    mark::<T>(tx, act, id, Verb::Restored, None).await
}

async fn mark<T: Record>(tx: &mut Tx, act: &Act, id: Id<T>, verb: Verb, undoes: Option<i64>) -> Result<()> {
    let kept = get_any(tx, &act.scope, id).await?;
    act.scope.require(T::right())?;
    let remove = verb == Verb::Removed;
    if remove == kept.removed_at.is_some() {
        return Ok(());
    }
    store::set_removed::<T>(tx, act.scope.workspace(), id, remove.then_some(act.now), act.now).await?;
    let after = Kept { version: kept.version + 1, removed_at: remove.then_some(act.now), ..kept.clone() };
    tallies::count(tx, act.scope.workspace(), &[(live(&kept), live(&after))]).await?;
    history::add(tx, act, Event { undoes, ..Event::new(&kept, verb, Changes::default()) }).await
}

/// Undoes one change: what was created is removed, what was removed is restored, what was changed becomes what
/// it was. Answers with the kind and id of the record.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Refused` when a field was changed again since.
pub async fn undo(tx: &mut Tx, act: &Act, seq: i64) -> Result<(Kind, uuid::Uuid)> {
    let event = history::get(tx, &act.scope, seq).await?;
    let subject = event.subject;
    may_see_whole(tx, act, event.kind, subject).await?;
    of_kind!(event.kind, T => undo_one::<T>(tx, act, &event).await, {
        Kind::Member => undo_member(tx, act, &event).await,
        Kind::Workspace => crate::accounts::actions::undo_workspace(tx, act, &event).await,
    })?;
    // No deal stands nowhere, and each has the phase of its stage, whatever was undone.
    crate::deals::pipelines::settle(tx, act, event.kind, subject).await?;
    crate::questions::actions::settle(tx, act, event.kind, subject).await?;
    crate::files::actions::settle(tx, act, event.kind, subject).await?;
    Ok((event.kind, subject))
}

/// A part of a deal is for who sees the deal.
async fn may_see_whole(tx: &mut Tx, act: &Act, kind: Kind, id: uuid::Uuid) -> Result<()> {
    let brief = store::briefs(tx, act.scope.workspace(), kind, &[id]).await?.pop();
    let Some(whole) = brief.and_then(|brief| brief.part_of) else { return Ok(()) };
    if matches!(kind, Kind::Pulse | Kind::Cadence) {
        return may_see_client(tx, act, whole).await;
    }
    if kind == Kind::Message {
        let request =
            store::by_id::<crate::service::Request>(tx, act.scope.workspace(), Id::of(whole)).await?;
        return if request.is_some_and(|it| act.scope.may_see(it.it.owner_id)) {
            Ok(())
        } else {
            Err(Error::NotFound)
        };
    }
    let deal = store::by_id::<crate::deals::Deal>(tx, act.scope.workspace(), Id::of(whole)).await?;
    if deal.is_none_or(|deal| act.scope.may_see(deal.it.owner_id)) { Ok(()) } else { Err(Error::NotFound) }
}

/// What is of a deal, a company or a person is for who sees that.
async fn may_see_client(tx: &mut Tx, act: &Act, whole: uuid::Uuid) -> Result<()> {
    for kind in [Kind::Deal, Kind::Company, Kind::Contact] {
        if let Some(brief) = store::briefs(tx, act.scope.workspace(), kind, &[whole]).await?.pop() {
            return if act.scope.may_see(brief.owner) { Ok(()) } else { Err(Error::NotFound) };
        }
    }
    Err(Error::NotFound)
}

/// A member is what the rules of members allow, whatever was undone.
async fn undo_member(tx: &mut Tx, act: &Act, event: &Event) -> Result<()> {
    let id = Id::of(event.subject);
    let before = get_any::<crate::accounts::Member>(tx, &act.scope, id).await?;
    undo_one::<crate::accounts::Member>(tx, act, event).await?;
    let after = get_any(tx, &act.scope, id).await?;
    crate::accounts::actions::member_changed(tx, act, &before, &after).await
}

async fn undo_one<T: Record>(tx: &mut Tx, act: &Act, event: &Event) -> Result<()> {
    let id: Id<T> = Id::of(event.subject);
    let undoes = Some(event.seq);
    match event.verb {
        Verb::Created | Verb::Restored => mark::<T>(tx, act, id, Verb::Removed, undoes).await,
        Verb::Removed => mark::<T>(tx, act, id, Verb::Restored, undoes).await,
        Verb::Changed => {
            let before = get(tx, &act.scope, id).await?;
            act.scope.require(T::right())?;
            let it: T = event.changes.taken_back(&before.it)?;
            check(tx, act, &it).await?;
            save(tx, act, before, it, Verb::Changed, undoes).await.map(drop)
        }
    }
}

/// What must be true of a record, and that what it refers to is there for this person.
async fn check<T: Record>(tx: &mut Tx, act: &Act, it: &T) -> Result<()> {
    it.check().map_err(Error::Invalid)?;
    let mut fields = Fields::default();
    for reference in it.references() {
        let owner = store::owner_of(tx, act.scope.workspace(), reference.kind, reference.id).await?;
        if !owner.is_some_and(|owner| act.scope.may_see(owner.map(Id::of))) {
            let what = reference.kind.label().to_lowercase();
            fields.add(reference.field, format!("a {what} that is there; this one is not, or was removed"));
        }
    }
    if fields.is_empty() { Ok(()) } else { Err(Error::Invalid(fields)) }
}
