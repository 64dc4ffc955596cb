//! One import, as it is kept: what was brought, how it is read, how far it is, what became of every row.

use super::field::Kind;
use super::mapping::Mapping;
use super::near::NearName;
use super::table::Refusal;
use crate::accounts::Member;
use crate::base::{Id, When, codes};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

codes! {
    /// How far an import is.
    pub enum State {
        /// Somebody looks at how it will be read.
        Draft = "draft", "Being prepared";
        /// It begins as soon as the work before it is done.
        Waiting = "waiting", "Waiting";
        /// Rows are being taken over.
        Running = "running", "Running";
        /// Every row was taken over or refused.
        Finished = "finished", "Finished";
        /// It could not go on; what was taken over can be undone.
        Failed = "failed", "Could not go on";
        /// What it did is being taken back.
        Undoing = "undoing", "Being undone";
        /// What it did was taken back.
        Undone = "undone", "Undone";
    }
}

/// What became of the rows of one kind. `rows` is always the sum of the others once an import is finished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows in the files.
    pub rows: u64,
    /// Rows that became records.
    pub created: u64,
    /// Rows that changed records.
    pub updated: u64,
    /// Rows that said what was known.
    pub unchanged: u64,
    /// Rows that were not taken over.
    pub refused: u64,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.rows += other.rows;
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.refused += other.refused;
    }
}

/// A row that is about a record that is here already, though no file brought it under this key before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicate {
    /// What it is.
    pub kind: Kind,
    /// The file.
    pub file: String,
    /// The line.
    pub line: u64,
    /// What the row calls it.
    pub name: String,
    /// The record that is here.
    pub record: uuid::Uuid,
}

/// Duplicates shown to people.
pub const MAX_DUPLICATES: usize = 100;
/// Notes on single values shown to people.
pub const MAX_NOTES: usize = 100;

/// What became of every row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// By kind.
    pub kinds: BTreeMap<Kind, Counts>,
    /// Records made because rows name them, though no row of their own brought them.
    pub implied: BTreeMap<Kind, u64>,
    /// Rows about records that were here before; the first ones.
    pub duplicates: Vec<Duplicate>,
    /// How many such rows there are.
    pub duplicates_count: u64,
    /// Values kept beside their record because they could not be read; the first ones.
    pub notes: Vec<Refusal>,
    /// How many such values there are.
    pub notes_count: u64,
    /// Names read as others.
    pub near_names: Vec<NearName>,
    /// Files left aside, and why.
    pub left_aside: Vec<Refusal>,
    /// Why the import could not go on.
    pub failure: Option<String>,
    /// What was taken back, if it was undone.
    pub undone: Option<Undone>,
}

/// What undoing an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// Records removed that the import had made.
    pub removed: u64,
    /// Changes taken back.
    pub restored: u64,
    /// Changes left, because somebody changed the same fields since.
    pub left: u64,
}

impl Report {
    /// The counts of a kind.
    pub fn of(&mut self, kind: Kind) -> &mut Counts {
        self.kinds.entry(kind).or_default()
    }

    /// All kinds together.
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        self.kinds.values().for_each(|counts| total.add(*counts));
        total
    }

    /// Notes a value that could not be read.
    pub fn note(&mut self, refusal: Refusal) {
        self.notes_count += 1;
        if self.notes.len() < MAX_NOTES {
            self.notes.push(refusal);
        }
    }

    /// Notes a row about a record that was here before.
    pub fn duplicate(&mut self, duplicate: Duplicate) {
        self.duplicates_count += 1;
        if self.duplicates.len() < MAX_DUPLICATES {
            self.duplicates.push(duplicate);
        }
    }
}

/// How the files of an import are read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// The files, as kept until the import is finished: the name people know and the name on disk.
    pub files: Vec<(String, String)>,
    /// One for each table, in the order of the files.
    pub mappings: Vec<Mapping>,
    /// Names read as others, or not, as a person said.
    pub near_names: Vec<NearName>,
    /// What is shown of each table before the import, in the order of the mappings.
    pub looks: Vec<Look>,
    /// What would become of the rows, as far as it is known before everything is answered.
    pub expected: Option<Report>,
    /// Rows that would be refused; the first ones.
    pub refusals: Vec<Refusal>,
}

/// What is shown of a table before the import.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Rows below its header.
    pub rows: u64,
    /// Its first rows, as they will be understood.
    pub first: Vec<Glimpse>,
}

/// A row as it will be understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Glimpse {
    /// Its line in the file.
    pub line: u64,
    /// What it will be called; empty if it is refused.
    pub title: String,
    /// What it says, in a few words; or why it is refused.
    pub text: String,
}

/// An import.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its id.
    pub id: Id<Run>,
    /// Who brought it.
    pub member: Option<Id<Member>>,
    /// How far it is.
    pub state: State,
    /// The names of its files.
    pub title: String,
    /// When it began.
    pub created_at: When,
    /// When it was last moved on.
    pub changed_at: When,
    /// When it was finished.
    pub finished_at: Option<When>,
    /// When it was undone.
    pub undone_at: Option<When>,
    /// Rows in its files.
    pub rows_total: i64,
    /// Rows dealt with.
    pub rows_done: i64,
    /// How it is read.
    pub plan: Plan,
    /// What became of its rows.
    pub report: Report,
}
