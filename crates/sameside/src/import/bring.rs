//! Some rows of one table become records, in one transaction: found again by their keys, compared with what is here, made, changed, or
//! refused; and what they refer to is found, or made if it is only named.

use super::build::{self, Found, Setting, StagePlace};
use super::field::{Kind, Meaning, Source};
use super::fold::key;
use super::merge::merged;
use super::record::{Entry, ExternalKey, Record as Said, Reference, Standing};
use super::run::{Duplicate, Report};
use super::store::{self, Known, Refused};
use super::table::Refusal;
use crate::accounts::{Act, Member, Role, Sees, Team};
use crate::activities::Activity;
use crate::base::{Email, Id, fold, line};
use crate::companies::Company;
use crate::contacts::Contact;
use crate::deals::{self, Deal, Phase, Pipeline, Stage};
use crate::error::{Error, Result};
use crate::history;
use crate::products::Product;
use crate::records::{self, Kept, Record};
use crate::tasks::Task;
use db::Tx;
use serde_json::{Map, Value as Json};
use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock};
use uuid::Uuid;

/// References remembered between batches; more are asked for again.
const MAX_REMEMBERED: usize = 200_000;

/// What one batch needs to know and what it found out.
pub(super) struct Work<'w> {
    pub(super) tx: &'w mut Tx,
    pub(super) act: &'w Act,
    pub(super) setting: &'w Setting,
    pub(super) memory: &'w RwLock<Memory>,
    pub(super) source: Source,
    /// What this batch found out; remembered once it is saved.
    pub(super) learnt: Memory,
    pub(super) report: Report,
    pub(super) refused: Vec<Refused>,
    /// Companies made or changed whose rows name a parent.
    pub(super) children: Vec<(ExternalKey, Reference)>,
}

/// What references were found to mean: by kind, for people by their company too, and then by the reference, so that one is
/// looked up without being copied.
#[derive(Default)]
struct Meant {
    records: HashMap<(Kind, Option<Uuid>), HashMap<Reference, Option<Uuid>>>,
    count: usize,
}

impl Meant {
    /// The record; `Some(None)` if it is known that there is none.
    fn get(&self, kind: Kind, reference: &Reference, company: Option<Uuid>) -> Option<Option<Uuid>> {
        self.records.get(&(kind, company))?.get(reference).copied()
    }

    fn insert(&mut self, kind: Kind, reference: Reference, company: Option<Uuid>, record: Option<Uuid>) {
        let before = self.records.entry((kind, company)).or_default().insert(reference, record);
        self.count += usize::from(before.is_none());
    }

    /// Takes over another's; forgets all of its own first, if both together are more than [`MAX_REMEMBERED`].
    fn take_over(&mut self, other: Self) {
        if self.count + other.count > MAX_REMEMBERED {
            *self = Self::default();
        }
        for ((kind, company), records) in other.records {
            for (reference, record) in records {
                self.insert(kind, reference, company, record);
            }
        }
    }
}

/// What was found out about the workspace while importing.
#[derive(Default)]
pub(super) struct Memory {
    found: Meant,
    teams: HashMap<String, Id<Team>>,
    pipelines: Vec<(Id<Pipeline>, String)>,
    stages: Vec<StagePlace>,
    /// Imports that were undone: what they wrote does not count as said by a file.
    undone: HashSet<Uuid>,
}

impl Memory {
    /// What is to be known before the first row.
    pub(super) async fn of(conn: &mut db::Conn, act: &Act) -> Result<Memory> {
        let workspace = act.scope.workspace();
        let pipelines = deals::store::pipelines(conn, workspace).await?;
        let stages = deals::store::stages(conn, workspace).await?;
        let place = |stage: &Kept<Stage>| StagePlace {
            pipeline: stage.pipeline_id,
            stage: stage.id,
            phase: stage.phase,
            name: stage.name.clone(),
        };
        Ok(Memory {
            pipelines: pipelines.iter().map(|pipeline| (pipeline.id, fold(&pipeline.name))).collect(),
            stages: stages.iter().map(place).collect(),
            undone: store::undone_runs(conn, workspace).await?.into_iter().collect(),
            ..Memory::default()
        })
    }

    /// Takes over what a batch learnt, now that it is saved.
    pub(super) fn learn(&mut self, learnt: Memory) {
        self.found.take_over(learnt.found);
        self.teams.extend(learnt.teams);
        self.pipelines.extend(learnt.pipelines);
        self.stages.extend(learnt.stages);
    }
}

/// A row on its way: its place among all rows of the import, what it says, and how it stands in the file.
#[derive(Clone, Copy)]
pub(super) struct Row<'r> {
    pub(super) place: i64,
    pub(super) entry: &'r Entry,
    pub(super) text: &'r str,
}

/// A record that rows can become.
trait Brought: Record {
    const ROWS: Kind;

    /// The record a row means, or why it cannot be one.
    fn build(entry: &Entry, found: &Found, work: &Work<'_>) -> Result<Self, String>;

    /// Lets what rows do not say by themselves stay as it is here.
    fn keep(&mut self, _here: &Self) {}
}

/// How a row of another kind is answered; it cannot happen, since rows are handed over by kind.
fn misplaced() -> String {
    "it is a row of another kind".to_owned()
}

impl Brought for Member {
    const ROWS: Kind = Kind::Member;

    fn build(entry: &Entry, found: &Found, work: &Work<'_>) -> Result<Self, String> {
        let Said::Member(record) = &entry.record else { return Err(misplaced()) };
        Ok(build::member(record, found, work.act.now))
    }

    fn keep(&mut self, here: &Self) {
        // Who may come in and what they may do is never for a file to say.
        (self.role, self.sees, self.disabled_at) = (here.role, here.sees, here.disabled_at);
        self.time_zone.clone_from(&here.time_zone);
        self.locale = here.locale;
        if here.email.is_some() {
            // Somebody who comes in: neither their address nor with whom they share is for a file to say.
            self.email.clone_from(&here.email);
            self.team_id = here.team_id;
        }
    }
}

impl Brought for Company {
    const ROWS: Kind = Kind::Company;

    fn build(entry: &Entry, found: &Found, work: &Work<'_>) -> Result<Self, String> {
        let Said::Company(record) = &entry.record else { return Err(misplaced()) };
        Ok(build::company(record, entry, found, work.setting))
    }

    fn keep(&mut self, here: &Self) {
        self.parent_id = here.parent_id;
    }
}

impl Brought for Product {
    const ROWS: Kind = Kind::Product;

    fn build(entry: &Entry, _found: &Found, work: &Work<'_>) -> Result<Self, String> {
        let Said::Product(record) = &entry.record else { return Err(misplaced()) };
        Ok(build::product(record, entry, work.setting))
    }
}

impl Brought for Contact {
    const ROWS: Kind = Kind::Contact;

    fn build(entry: &Entry, found: &Found, work: &Work<'_>) -> Result<Self, String> {
        let Said::Contact(record) = &entry.record else { return Err(misplaced()) };
        Ok(build::contact(record, entry, found, work.setting))
    }
}

impl Brought for Deal {
    const ROWS: Kind = Kind::Deal;

    fn build(entry: &Entry, found: &Found, work: &Work<'_>) -> Result<Self, String> {
        let Said::Deal(record) = &entry.record else { return Err(misplaced()) };
        let place = found.place.as_ref().ok_or("there is no pipeline to put it in")?;
        Ok(build::deal(record, entry, found, place, work.setting, work.act.now))
    }
}

impl Brought for Activity {
    const ROWS: Kind = Kind::Activity;

    fn build(entry: &Entry, found: &Found, work: &Work<'_>) -> Result<Self, String> {
        let Said::Activity(record) = &entry.record else { return Err(misplaced()) };
        Ok(build::activity(record, entry, found, work.setting, work.act.now))
    }
}

impl Brought for Task {
    const ROWS: Kind = Kind::Task;

    fn build(entry: &Entry, found: &Found, work: &Work<'_>) -> Result<Self, String> {
        let Said::Task(record) = &entry.record else { return Err(misplaced()) };
        Ok(build::task(record, entry, found, work.setting, work.act.now))
    }
}

impl Work<'_> {
    /// Brings rows of one table.
    pub(super) async fn bring(&mut self, rows: &[Row<'_>]) -> Result<()> {
        for row in rows {
            for note in &row.entry.notes {
                let file = row.entry.file.to_string();
                self.report.note(Refusal { file, line: Some(row.entry.line), reason: note.clone() });
            }
        }
        for kind in Kind::ALL {
            // A key that comes twice is dealt with in its order: the second row meets what the first one made.
            let mut waiting: Vec<Row<'_>> =
                rows.iter().filter(|row| row.entry.record.kind() == kind).copied().collect();
            while !waiting.is_empty() {
                let mut seen: HashSet<&str> = HashSet::with_capacity(waiting.len());
                let (now, later): (Vec<Row<'_>>, Vec<Row<'_>>) =
                    waiting.into_iter().partition(|row| seen.insert(row.entry.key.id.as_str()));
                match kind {
                    Kind::Member => self.bring_kind::<Member>(&now).await?,
                    Kind::Company => self.bring_kind::<Company>(&now).await?,
                    Kind::Product => self.bring_kind::<Product>(&now).await?,
                    Kind::Contact => self.bring_kind::<Contact>(&now).await?,
                    Kind::Deal => self.bring_kind::<Deal>(&now).await?,
                    Kind::DealContact => self.bring_deal_contacts(&now).await?,
                    Kind::Activity => self.bring_kind::<Activity>(&now).await?,
                    Kind::Task => self.bring_kind::<Task>(&now).await?,
                }
                waiting = later;
            }
        }
        Ok(())
    }

    async fn known(&mut self, kind: Kind, rows: &[Row<'_>]) -> Result<HashMap<String, Known>> {
        let ids: Vec<&str> = rows.iter().map(|row| row.entry.key.id.as_str()).collect();
        Ok(store::keys(self.tx, self.act.scope.workspace(), kind.word(), self.source.word(), &ids).await?)
    }

    /// Brings rows of one kind whose keys are all different.
    async fn bring_kind<T: Brought>(&mut self, rows: &[Row<'_>]) -> Result<()> {
        let known = self.known(T::ROWS, rows).await?;
        let digests: Vec<i64> = rows.iter().map(|row| row.entry.digest()).collect();
        self.report.of(T::ROWS).rows += rows.len() as u64;
        let mut open: Vec<(Row<'_>, i64, Option<Uuid>)> = Vec::with_capacity(rows.len());
        for (row, digest) in rows.iter().zip(digests) {
            match known.get(&row.entry.key.id) {
                Some(known) if known.digest == digest => self.report.of(T::ROWS).unchanged += 1,
                Some(known) => open.push((*row, digest, Some(known.record))),
                None => open.push((*row, digest, None)),
            }
        }
        if open.is_empty() {
            return Ok(());
        }
        let entries: Vec<&Entry> = open.iter().map(|(row, ..)| row.entry).collect();
        let found = self.find_all(&entries).await?;
        let joined = self.join::<T>(&open, &found).await?;

        let here_ids: Vec<Id<T>> = open
            .iter()
            .filter_map(|(_, _, known)| *known)
            .chain(joined.values().copied())
            .map(Id::of)
            .collect();
        let here = records::by_ids::<T>(self.tx, self.act.scope.workspace(), &here_ids).await?;
        let here: HashMap<Uuid, Kept<T>> = here.into_iter().map(|kept| (kept.id.uuid(), kept)).collect();
        let keyed: Vec<Uuid> = open.iter().filter_map(|(_, _, known)| *known).collect();
        let before = self.said_before(&keyed).await?;

        let mut made: Vec<Kept<T>> = Vec::new();
        let mut changed: Vec<(Kept<T>, T)> = Vec::new();
        let mut keys: Vec<(&ExternalKey, Uuid, i64)> = Vec::new();
        let mut digests: Vec<(&ExternalKey, i64)> = Vec::new();
        let nothing = Map::new();
        for ((row, digest, known), found) in open.iter().zip(&found) {
            let built = T::build(row.entry, found, self).and_then(|it| match it.check() {
                Ok(()) => Ok(it),
                Err(fields) => Err(fields.to_string()),
            });
            let mut it = match built {
                Ok(it) => it,
                Err(reason) => {
                    self.refuse(T::ROWS, *row, reason);
                    continue;
                }
            };
            let record = known.or_else(|| joined.get(&row.entry.key.id).copied());
            match record.and_then(|record| here.get(&record)) {
                Some(kept) => {
                    it.keep(kept);
                    let said = if known.is_some() {
                        before.get(&kept.id.uuid()).unwrap_or(&nothing)
                    } else {
                        &nothing
                    };
                    let result = merged(&kept.it, &it, said)?;
                    if known.is_some() {
                        digests.push((&row.entry.key, *digest));
                    } else {
                        keys.push((&row.entry.key, kept.id.uuid(), *digest));
                    }
                    // What somebody removed here stays removed until they restore it.
                    if result == kept.it || kept.removed_at.is_some() {
                        self.report.of(T::ROWS).unchanged += 1;
                    } else {
                        self.report.of(T::ROWS).updated += 1;
                        changed.push((kept.clone(), result));
                    }
                }
                None => {
                    let id = Id::new(self.act.now);
                    let now = self.act.now;
                    made.push(Kept {
                        id,
                        version: 1,
                        created_at: now,
                        changed_at: now,
                        removed_at: None,
                        it,
                    });
                    keys.push((&row.entry.key, id.uuid(), *digest));
                    self.report.of(T::ROWS).created += 1;
                }
            }
            if let Said::Company(company) = &row.entry.record
                && let Some(parent) = &company.parent
            {
                self.children.push((row.entry.key.clone(), parent.clone()));
            }
        }
        records::create_many(self.tx, self.act, made).await?;
        records::save_many(self.tx, self.act, changed).await?;
        store::insert_keys(self.tx, self.act, &keys).await?;
        for (key, digest) in digests {
            store::set_digest(self.tx, self.act.scope.workspace(), key, digest).await?;
        }
        Ok(())
    }

    fn refuse(&mut self, kind: Kind, row: Row<'_>, reason: String) {
        self.report.of(kind).refused += 1;
        let refusal = Refusal { file: row.entry.file.to_string(), line: Some(row.entry.line), reason };
        self.refused.push(Refused { place: row.place, refusal, row: row.text.to_owned() });
    }

    /// What files said so far of records, field by field.
    async fn said_before(&mut self, records: &[Uuid]) -> Result<HashMap<Uuid, Map<String, Json>>> {
        let written =
            history::store::written_by_imports(self.tx, self.act.scope.workspace(), records).await?;
        let mut said: HashMap<Uuid, Map<String, Json>> = HashMap::new();
        for (record, import, changes) in written {
            if self.memory().undone.contains(&import) {
                continue;
            }
            let changes: history::Changes = serde_json::from_str(&changes)
                .map_err(|error| Error::Internal(format!("history: {error}")))?;
            let said = said.entry(record).or_default();
            for (field, _, after) in changes.iter() {
                said.insert(field.to_owned(), after.clone());
            }
        }
        Ok(said)
    }

    fn memory(&self) -> std::sync::RwLockReadGuard<'_, Memory> {
        self.memory.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds records that are here already and that new rows are about, though no file brought them under these keys. A record that
    /// the same source knows under another id of its own is another one.
    async fn join<T: Brought>(
        &mut self,
        open: &[(Row<'_>, i64, Option<Uuid>)],
        found: &[Found],
    ) -> Result<HashMap<String, Uuid>> {
        let mut joined = HashMap::new();
        if !matches!(T::ROWS, Kind::Member | Kind::Company | Kind::Product | Kind::Contact) {
            return Ok(joined);
        }
        let fresh: Vec<(&Entry, &Found)> = open
            .iter()
            .zip(found)
            .filter(|((_, _, known), _)| known.is_none())
            .map(|((row, ..), found)| (row.entry, found))
            .collect();
        let mut candidates = self.candidates(T::ROWS, &fresh).await?;
        let all: Vec<Uuid> = candidates.values().flatten().copied().collect();
        let workspace = self.act.scope.workspace();
        let keyed = store::keyed(self.tx, workspace, T::ROWS.word(), self.source.word(), &all).await?;
        let keyed: HashSet<Uuid> = keyed.into_iter().collect();
        let mut taken: HashSet<Uuid> = HashSet::new();
        for (entry, _) in fresh {
            let has_own_id = !entry.key.id.starts_with('~');
            let record = candidates
                .remove(&entry.key.id)
                .into_iter()
                .flatten()
                .find(|record| !(taken.contains(record) || has_own_id && keyed.contains(record)));
            let Some(record) = record else { continue };
            taken.insert(record);
            joined.insert(entry.key.id.clone(), record);
            self.report.duplicate(Duplicate {
                kind: T::ROWS,
                file: entry.file.to_string(),
                line: entry.line,
                name: name_of(entry),
                record,
            });
        }
        Ok(joined)
    }

    /// The records here that rows may be about, by the rows' keys, the likeliest first.
    async fn candidates(
        &mut self,
        kind: Kind,
        rows: &[(&Entry, &Found)],
    ) -> Result<HashMap<String, Vec<Uuid>>> {
        let addresses: Vec<String> = rows.iter().filter_map(|(entry, _)| address_of(entry)).collect();
        let domains: Vec<String> = rows.iter().filter_map(|(entry, _)| domain_of(entry)).collect();
        let names: Vec<String> = rows.iter().map(|(entry, _)| fold(&name_of(entry))).collect();
        let by_address = self.by_column(kind, "email", &addresses).await?;
        let by_domain = if kind == Kind::Company {
            self.by_column(kind, "domain", &domains).await?
        } else {
            HashMap::new()
        };
        let by_name = self.by_column(kind, "name_folded", &names).await?;
        let contacts: Vec<Id<Contact>> = if kind == Kind::Contact {
            by_name.values().flatten().map(|id| Id::of(*id)).collect()
        } else {
            Vec::new()
        };
        let works_at: HashMap<Uuid, (Option<Uuid>, Option<Email>)> =
            records::by_ids::<Contact>(self.tx, self.act.scope.workspace(), &contacts)
                .await?
                .into_iter()
                .map(|contact| (contact.id.uuid(), (contact.company_id.map(Id::uuid), contact.email.clone())))
                .collect();
        let mut candidates = HashMap::new();
        for (entry, found) in rows {
            let of = |map: &HashMap<String, Vec<Uuid>>, text: Option<String>| {
                text.and_then(|text| map.get(&text)).cloned().unwrap_or_default()
            };
            let mut list = of(&by_address, address_of(entry));
            list.extend(of(&by_domain, domain_of(entry)));
            let mut named = of(&by_name, Some(fold(&name_of(entry))));
            if kind == Kind::Contact {
                // Two people of one name are one only at one company, and not with two addresses.
                let address = address_of(entry);
                named.retain(|id| {
                    works_at.get(id).is_some_and(|(company, email)| {
                        *company == found.company
                            && !(address.is_some()
                                && email
                                    .as_ref()
                                    .is_some_and(|email| Some(email.as_str()) != address.as_deref()))
                    })
                });
            }
            list.extend(named);
            if !list.is_empty() {
                candidates.insert(entry.key.id.clone(), list);
            }
        }
        Ok(candidates)
    }

    /// The live records of a kind by the value of a column.
    async fn by_column(
        &mut self,
        kind: Kind,
        column: &'static str,
        values: &[String],
    ) -> Result<HashMap<String, Vec<Uuid>>> {
        let mut values: Vec<String> = values.to_vec();
        values.sort_unstable();
        values.dedup();
        let workspace = self.act.scope.workspace();
        let found: Vec<(Uuid, String)> = match (kind, column) {
            (Kind::Member, _) => {
                plain(records::find_by::<Member>(self.tx, workspace, column, &values).await?)
            }
            (Kind::Company, "domain" | "name_folded") => {
                plain(records::find_by::<Company>(self.tx, workspace, column, &values).await?)
            }
            (Kind::Product, "name_folded") => {
                plain(records::find_by::<Product>(self.tx, workspace, column, &values).await?)
            }
            (Kind::Contact, _) => {
                plain(records::find_by::<Contact>(self.tx, workspace, column, &values).await?)
            }
            (Kind::Deal, "title_folded") => {
                plain(records::find_by::<Deal>(self.tx, workspace, column, &values).await?)
            }
            _ => Vec::new(),
        };
        let mut by_value: HashMap<String, Vec<Uuid>> = HashMap::new();
        for (id, value) in found {
            by_value.entry(value).or_default().push(id);
        }
        Ok(by_value)
    }

    /// Finds, or makes, everything the rows refer to.
    async fn find_all(&mut self, entries: &[&Entry]) -> Result<Vec<Found>> {
        let owners: Vec<(&Reference, Option<Uuid>)> =
            entries.iter().filter_map(|entry| Some((entry.owner.as_ref()?, None))).collect();
        self.find(Kind::Member, &owners).await?;
        let companies: Vec<(&Reference, Option<Uuid>)> =
            entries.iter().filter_map(|entry| Some((company_of(entry)?, None))).collect();
        self.find(Kind::Company, &companies).await?;
        let products: Vec<(&Reference, Option<Uuid>)> =
            entries.iter().filter_map(|entry| Some((product_of(entry)?, None))).collect();
        self.find(Kind::Product, &products).await?;
        let contacts: Vec<(&Reference, Option<Uuid>)> = entries
            .iter()
            .filter_map(|entry| {
                Some((contact_of(entry)?, self.found(Kind::Company, company_of(entry), None)))
            })
            .collect();
        self.find(Kind::Contact, &contacts).await?;
        let deals: Vec<(&Reference, Option<Uuid>)> =
            entries.iter().filter_map(|entry| Some((deal_of(entry)?, None))).collect();
        self.find(Kind::Deal, &deals).await?;
        let related: Vec<(&Reference, Option<Uuid>)> =
            entries.iter().filter_map(|entry| Some((related_to(entry)?, None))).collect();
        for kind in [Kind::Deal, Kind::Company, Kind::Contact] {
            self.find(kind, &related).await?;
        }
        let mut all = Vec::with_capacity(entries.len());
        for entry in entries {
            let company = self.found(Kind::Company, company_of(entry), None);
            let related = related_to(entry);
            let mut found = Found {
                owner: self.found(Kind::Member, entry.owner.as_ref(), None),
                company: company.or_else(|| self.found(Kind::Company, related, None)),
                contact: self
                    .found(Kind::Contact, contact_of(entry), company)
                    .or_else(|| self.found(Kind::Contact, related, None)),
                product: self.found(Kind::Product, product_of(entry), None),
                deal: self
                    .found(Kind::Deal, deal_of(entry), None)
                    .or_else(|| self.found(Kind::Deal, related, None)),
                ..Found::default()
            };
            match &entry.record {
                Said::Member(member) => {
                    if let Some(name) = build::team_name(member) {
                        found.team = Some(self.team(name).await?);
                    }
                }
                Said::Deal(deal) => found.place = Some(self.place(deal).await?),
                _ => {}
            }
            all.push(found);
        }
        Ok(all)
    }

    fn found(&self, kind: Kind, reference: Option<&Reference>, company: Option<Uuid>) -> Option<Uuid> {
        let company = company.filter(|_| kind == Kind::Contact);
        self.known_reference(kind, reference?, company).flatten()
    }

    fn known_reference(
        &self,
        kind: Kind,
        reference: &Reference,
        company: Option<Uuid>,
    ) -> Option<Option<Uuid>> {
        let learnt = self.learnt.found.get(kind, reference, company);
        learnt.or_else(|| self.memory().found.get(kind, reference, company))
    }

    /// Finds references of one kind: by the source's id, by address, by name. What is only named is made.
    async fn find(&mut self, kind: Kind, references: &[(&Reference, Option<Uuid>)]) -> Result<()> {
        let mut open: Vec<(&Reference, Option<Uuid>)> = Vec::new();
        let mut seen: HashSet<(&Reference, Option<Uuid>)> = HashSet::new();
        for (reference, company) in references {
            let company = company.filter(|_| kind == Kind::Contact);
            if seen.insert((reference, company)) && self.known_reference(kind, reference, company).is_none() {
                open.push((reference, company));
            }
        }
        if open.is_empty() {
            return Ok(());
        }
        let ids: Vec<&str> = open.iter().filter_map(|(reference, _)| reference.id.as_deref()).collect();
        let workspace = self.act.scope.workspace();
        let by_id = store::keys(self.tx, workspace, kind.word(), self.source.word(), &ids).await?;
        open.retain(|(reference, company)| {
            let record = reference.id.as_ref().and_then(|id| by_id.get(id)).map(|known| known.record);
            if record.is_some() {
                self.learnt.found.insert(kind, (*reference).clone(), *company, record);
            }
            record.is_none()
        });
        let addresses: Vec<String> = open
            .iter()
            .filter_map(|(reference, _)| reference.email.as_ref().map(|email| email.to_lowercase()))
            .collect();
        let by_address = self.by_column(kind, "email", &addresses).await?;
        let names: Vec<String> =
            open.iter().filter_map(|(reference, _)| reference.name.as_deref().map(fold)).collect();
        let column = if kind == Kind::Deal { "title_folded" } else { "name_folded" };
        let by_name = self.by_column(kind, column, &names).await?;
        let works_at = self.works_at(kind, &by_name).await?;
        let mut unknown = Vec::new();
        for (reference, company) in open {
            let addressed = reference
                .email
                .as_ref()
                .and_then(|email| by_address.get(&email.to_lowercase()))
                .and_then(|ids| ids.first());
            let named =
                reference.name.as_deref().and_then(|name| by_name.get(&fold(name))).and_then(
                    |ids| match kind {
                        // A deal or a person is meant by name alone only if there is one of that name.
                        Kind::Contact => ids
                            .iter()
                            .find(|id| company.is_some() && works_at.get(id) == Some(&company))
                            .or(match ids.as_slice() {
                                [only] if company.is_none() => Some(only),
                                _ => None,
                            }),
                        Kind::Deal => {
                            if let [only] = ids.as_slice() {
                                Some(only)
                            } else {
                                None
                            }
                        }
                        _ => ids.first(),
                    },
                );
            match addressed.or(named) {
                Some(record) => {
                    self.learnt.found.insert(kind, reference.clone(), company, Some(*record));
                }
                None => unknown.push((reference, company)),
            }
        }
        self.make_named(kind, &unknown).await
    }

    async fn works_at(
        &mut self,
        kind: Kind,
        by_name: &HashMap<String, Vec<Uuid>>,
    ) -> Result<HashMap<Uuid, Option<Uuid>>> {
        if kind != Kind::Contact {
            return Ok(HashMap::new());
        }
        let ids: Vec<Id<Contact>> = by_name.values().flatten().map(|id| Id::of(*id)).collect();
        let contacts = records::by_ids::<Contact>(self.tx, self.act.scope.workspace(), &ids).await?;
        Ok(contacts
            .into_iter()
            .map(|contact| (contact.id.uuid(), contact.company_id.map(Id::uuid)))
            .collect())
    }

    /// Makes records that rows name and that are not here; those that are known by an id alone, and deals, are not made.
    async fn make_named(&mut self, kind: Kind, references: &[(&Reference, Option<Uuid>)]) -> Result<()> {
        let (act, currency) = (self.act, self.setting.currency);
        let mut made: Vec<(ExternalKey, Uuid)> = Vec::new();
        let mut by_words: HashMap<(String, Option<Uuid>), Uuid> = HashMap::new();
        let (mut members, mut companies, mut products, mut contacts) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (reference, company) in references {
            let mut learn = |record| self.learnt.found.insert(kind, (*reference).clone(), *company, record);
            let name = reference
                .name
                .as_deref()
                .or(reference.email.as_deref())
                .and_then(|name| line(name).ok().flatten());
            let email = reference.email.as_deref().and_then(|email| Email::parse(email).ok());
            let Some(name) =
                name.filter(|_| matches!(kind, Kind::Member | Kind::Company | Kind::Product | Kind::Contact))
            else {
                learn(None);
                continue;
            };
            let words =
                (email.as_ref().map_or_else(|| key(&name), |email| email.as_str().to_owned()), *company);
            if let Some(record) = by_words.get(&words) {
                learn(Some(*record));
                continue;
            }
            let id = Id::<Company>::new(act.now).uuid();
            match kind {
                Kind::Member => members.push(kept(act, id, owner_named(name, email, act))),
                Kind::Company => companies.push(kept(act, id, Company::named(name, currency))),
                Kind::Product => products.push(kept(act, id, Product::named(name, currency))),
                _ => contacts.push(kept(
                    act,
                    id,
                    Contact { email, company_id: company.map(Id::of), ..Contact::named(name) },
                )),
            }
            let own = match (kind, company) {
                (Kind::Contact, _) if reference.email.is_none() => None,
                _ => Some(format!("~{}", words.0)),
            };
            if let Some(own) = reference.id.clone().or(own) {
                made.push((ExternalKey { source: self.source, kind, id: own }, id));
            }
            by_words.insert(words, id);
            *self.report.implied.entry(kind).or_default() += 1;
            learn(Some(id));
        }
        records::create_many(self.tx, act, members).await?;
        records::create_many(self.tx, act, companies).await?;
        records::create_many(self.tx, act, products).await?;
        records::create_many(self.tx, act, contacts).await?;
        let keys: Vec<(&ExternalKey, Uuid, i64)> =
            made.iter().map(|(key, record)| (key, *record, 0)).collect();
        Ok(store::insert_keys(self.tx, act, &keys).await?)
    }

    /// The team of this name.
    async fn team(&mut self, name: String) -> Result<Id<Team>> {
        let known = self.learnt.teams.get(&name).copied().or_else(|| self.memory().teams.get(&name).copied());
        if let Some(team) = known {
            return Ok(team);
        }
        let here = records::find_by::<Team>(
            self.tx,
            self.act.scope.workspace(),
            "name",
            std::slice::from_ref(&name),
        )
        .await?;
        let team = match here.first() {
            Some((team, _)) => *team,
            None => records::create(self.tx, self.act, Team { name: name.clone() }).await?.id,
        };
        self.learnt.teams.insert(name, team);
        Ok(team)
    }

    /// Where a deal stands: in the pipeline and stage its row names, made if they are not here; without a pipeline's name in the
    /// first pipeline, at the stage of that name or else of that meaning.
    async fn place(&mut self, deal: &super::record::DealRecord) -> Result<StagePlace> {
        let phase = build::phase_of(&deal.standing, deal.meaning);
        let named = deal.pipeline.as_deref().and_then(|name| line(name).ok().flatten());
        let pipeline = match &named {
            Some(name) => self.pipeline(name).await?,
            None => self.first_pipeline().await?,
        };
        let stages = self.stages_of(pipeline);
        let stage_name = deal.stage.as_deref().and_then(|name| line(name).ok().flatten());
        // A lost deal left the pipeline, and a won one the stage at which they said yes, unless that stage means just this.
        let stage_name = stage_name.filter(|_| match deal.standing {
            Standing::Open => true,
            Standing::Won(_) => deal.meaning == Some(Meaning::Won),
            Standing::Lost(_) => false,
        });
        if let Some(name) = &stage_name {
            let folded = fold(name);
            if let Some(place) = stages.iter().find(|place| fold(&place.name) == folded) {
                return Ok(place.clone());
            }
            if named.is_some() {
                return self.make_stage(pipeline, name.clone(), phase, stages.len()).await;
            }
        }
        let is_agreed = |phase: Phase| phase >= Phase::Deliver;
        let same_side = || stages.iter().filter(|place| is_agreed(place.phase) == is_agreed(phase));
        let by_phase = same_side().filter(|place| place.phase <= phase).max_by_key(|place| place.phase);
        match by_phase.or(same_side().min_by_key(|place| place.phase)) {
            Some(place) => Ok(place.clone()),
            None => self.make_stage(pipeline, phase.label().to_owned(), phase, 0).await,
        }
    }

    fn stages_of(&self, pipeline: Id<Pipeline>) -> Vec<StagePlace> {
        let memory = self.memory();
        memory
            .stages
            .iter()
            .chain(&self.learnt.stages)
            .filter(|place| place.pipeline == pipeline)
            .cloned()
            .collect()
    }

    async fn first_pipeline(&mut self) -> Result<Id<Pipeline>> {
        let first = self.memory().pipelines.first().or(self.learnt.pipelines.first()).map(|(id, _)| *id);
        match first {
            Some(pipeline) => Ok(pipeline),
            None => self.pipeline("Deals").await,
        }
    }

    async fn pipeline(&mut self, name: &str) -> Result<Id<Pipeline>> {
        let folded = fold(name);
        let known = {
            let memory = self.memory();
            memory
                .pipelines
                .iter()
                .chain(&self.learnt.pipelines)
                .find(|(_, name)| *name == folded)
                .map(|(id, _)| *id)
        };
        if let Some(pipeline) = known {
            return Ok(pipeline);
        }
        let position = 1 + self.memory().pipelines.len() as i64 + self.learnt.pipelines.len() as i64;
        let pipeline =
            records::create(self.tx, self.act, Pipeline { name: name.to_owned(), position }).await?.id;
        self.learnt.pipelines.push((pipeline, folded));
        Ok(pipeline)
    }

    async fn make_stage(
        &mut self,
        pipeline: Id<Pipeline>,
        name: String,
        phase: Phase,
        count: usize,
    ) -> Result<StagePlace> {
        // Stages are met in the order of the rows; their phase gives them their order.
        let place = Phase::ALL.iter().position(|other| *other == phase).unwrap_or(0);
        let position = (place * 100 + count) as i64;
        let stage = records::create(
            self.tx,
            self.act,
            Stage { pipeline_id: pipeline, name: name.clone(), phase, position },
        )
        .await?;
        let place = StagePlace { pipeline, stage: stage.id, phase, name };
        self.learnt.stages.push(place.clone());
        Ok(place)
    }

    /// Says of deals who has a part in them.
    async fn bring_deal_contacts(&mut self, rows: &[Row<'_>]) -> Result<()> {
        let known = self.known(Kind::DealContact, rows).await?;
        self.report.of(Kind::DealContact).rows += rows.len() as u64;
        let entries: Vec<&Entry> = rows.iter().map(|row| row.entry).collect();
        let found = self.find_all(&entries).await?;
        let ids: Vec<Id<Deal>> = found.iter().filter_map(|found| found.deal).map(Id::of).collect();
        let here = records::by_ids::<Deal>(self.tx, self.act.scope.workspace(), &ids).await?;
        let mut deals: HashMap<Uuid, (Kept<Deal>, Deal)> =
            here.into_iter().map(|kept| (kept.id.uuid(), (kept.clone(), kept.it))).collect();
        let mut keys = Vec::new();
        for (row, found) in rows.iter().zip(&found) {
            let Said::DealContact(part) = &row.entry.record else { continue };
            let digest = row.entry.digest();
            if known.get(&row.entry.key.id).is_some_and(|known| known.digest == digest) {
                self.report.of(Kind::DealContact).unchanged += 1;
                continue;
            }
            let Some((deal_id, (_, deal))) = found.deal.and_then(|id| Some((id, deals.get_mut(&id)?))) else {
                self.refuse(Kind::DealContact, *row, "the deal it names is not here".to_owned());
                continue;
            };
            let Some(contact) = found.contact else {
                self.refuse(Kind::DealContact, *row, "the contact it names is not here".to_owned());
                continue;
            };
            if part.primary || deal.contact_id.is_none() {
                deal.contact_id = Some(Id::of(contact));
            } else if deal.contact_id != Some(Id::of(contact)) {
                let role = part.role.as_deref().unwrap_or("contact");
                let who = part.contact.said().unwrap_or_default();
                let text = deal.other.0.entry("Other contacts".to_owned()).or_default();
                let more = format!("{role}: {who}");
                if !text.contains(&more) {
                    *text = if text.is_empty() { more } else { format!("{text}; {more}") };
                }
            }
            keys.push((&row.entry.key, deal_id, digest));
            self.report.of(Kind::DealContact).created += 1;
        }
        records::save_many(self.tx, self.act, deals.into_values().collect()).await?;
        Ok(store::insert_keys(self.tx, self.act, &keys).await?)
    }

    /// Gives companies their parents, now that all companies are here.
    pub(super) async fn set_parents(&mut self, children: &[(ExternalKey, Reference)]) -> Result<()> {
        let references: Vec<(&Reference, Option<Uuid>)> =
            children.iter().map(|(_, parent)| (parent, None)).collect();
        self.find(Kind::Company, &references).await?;
        let ids: Vec<&str> = children.iter().map(|(key, _)| key.id.as_str()).collect();
        let workspace = self.act.scope.workspace();
        let known = store::keys(self.tx, workspace, Kind::Company.word(), self.source.word(), &ids).await?;
        let records: Vec<Id<Company>> = known.values().map(|known| Id::of(known.record)).collect();
        let here = records::by_ids::<Company>(self.tx, workspace, &records).await?;
        let here: HashMap<Uuid, Kept<Company>> =
            here.into_iter().map(|kept| (kept.id.uuid(), kept)).collect();
        let mut changed: HashMap<Uuid, (Kept<Company>, Company)> = HashMap::new();
        for (child, parent) in children {
            let Some(kept) = known.get(&child.id).and_then(|known| here.get(&known.record)) else { continue };
            let mut company = kept.it.clone();
            match self.found(Kind::Company, Some(parent), None).filter(|parent| *parent != kept.id.uuid()) {
                Some(parent) => company.parent_id = Some(Id::of(parent)),
                None => {
                    if let Some(said) = parent.said() {
                        company.other.0.insert("Parent company".to_owned(), said);
                    }
                }
            }
            if kept.removed_at.is_none() {
                changed.insert(kept.id.uuid(), (kept.clone(), company));
            }
        }
        records::save_many(self.tx, self.act, changed.into_values().collect()).await
    }
}

fn plain<T>(found: Vec<(Id<T>, String)>) -> Vec<(Uuid, String)> {
    found.into_iter().map(|(id, value)| (id.uuid(), value)).collect()
}

fn kept<T>(act: &Act, id: Uuid, it: T) -> Kept<T> {
    Kept { id: Id::of(id), version: 1, created_at: act.now, changed_at: act.now, removed_at: None, it }
}

/// Somebody whom rows name as the owner of something; they cannot come in before somebody invites them.
fn owner_named(name: String, email: Option<Email>, act: &Act) -> Member {
    Member {
        name,
        disabled_at: email.is_some().then_some(act.now),
        email,
        role: Role::Seller,
        sees: Sees::Own,
        team_id: None,
        time_zone: None,
        locale: None,
        week_hours: None,
    }
}

fn name_of(entry: &Entry) -> String {
    match &entry.record {
        Said::Member(member) => member.name.clone(),
        Said::Company(company) => company.name.clone(),
        Said::Product(product) => product.name.clone(),
        Said::Contact(contact) => contact.name.clone(),
        Said::Deal(deal) => deal.name.clone(),
        Said::DealContact(_) => String::new(),
        Said::Activity(activity) => activity.subject.clone().unwrap_or_default(),
        Said::Task(task) => task.subject.clone(),
    }
}

fn address_of(entry: &Entry) -> Option<String> {
    match &entry.record {
        Said::Member(member) => member.email.as_ref(),
        Said::Contact(contact) => contact.emails.first(),
        _ => None,
    }
    .map(|email| email.to_lowercase())
}

fn domain_of(entry: &Entry) -> Option<String> {
    if let Said::Company(company) = &entry.record { company.domain.clone() } else { None }
}

fn company_of(entry: &Entry) -> Option<&Reference> {
    match &entry.record {
        Said::Contact(contact) => contact.company.as_ref(),
        Said::Deal(deal) => deal.company.as_ref(),
        Said::Activity(activity) => activity.about.company.as_ref(),
        Said::Task(task) => task.about.company.as_ref(),
        _ => None,
    }
}

fn product_of(entry: &Entry) -> Option<&Reference> {
    if let Said::Deal(deal) = &entry.record { deal.product.as_ref() } else { None }
}

fn contact_of(entry: &Entry) -> Option<&Reference> {
    match &entry.record {
        Said::Deal(deal) => deal.contacts.first(),
        Said::DealContact(part) => Some(&part.contact),
        Said::Activity(activity) => activity.about.contact.as_ref(),
        Said::Task(task) => task.about.contact.as_ref(),
        _ => None,
    }
}

fn deal_of(entry: &Entry) -> Option<&Reference> {
    match &entry.record {
        Said::DealContact(part) => Some(&part.deal),
        Said::Activity(activity) => activity.about.deal.as_ref(),
        Said::Task(task) => task.about.deal.as_ref(),
        _ => None,
    }
}

fn related_to(entry: &Entry) -> Option<&Reference> {
    match &entry.record {
        Said::Activity(activity) => activity.about.related.as_ref(),
        Said::Task(task) => task.about.related.as_ref(),
        _ => None,
    }
}
