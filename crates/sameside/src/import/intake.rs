//! All files of one import together: opened, looked through, understood, and read in the order in which records refer to each other.
//! Nothing here knows a database; see the module's top for what follows.

use super::assemble::Assembler;
use super::field::{Field, Kind};
use super::mapping::{Mapping, Question};
use super::near::{Names, NearName, Nearness};
use super::recognise::{recognise, recognise_as};
use super::record::Entry;
use super::survey::{Survey, survey};
use super::table::{Gathered, Line, Refusal, Stop, Table, Upload, gather};
use iso_currency::Currency;
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

/// Near names shown and corrected.
pub const MAX_NEAR_NAMES: usize = 500;

/// The files of one import.
#[derive(Debug)]
pub struct Intake {
    /// The tables that can be read, each with what is known of it.
    pub tables: Vec<Understood>,
    /// Files that cannot be read.
    pub refusals: Vec<Refusal>,
    /// What was left aside: empty files, pictures in an archive.
    pub left_aside: Vec<Refusal>,
    /// Names that most likely mean others.
    pub near_names: Vec<NearName>,
}

/// A table and how it will be read.
#[derive(Debug)]
pub struct Understood {
    /// The table.
    pub table: Table,
    /// What its values look like.
    pub survey: Survey,
    /// How it is read. A person may change it.
    pub mapping: Mapping,
}

/// A row, read.
#[derive(Debug)]
pub enum Taken {
    /// Understood.
    Entry {
        /// The table it is in, by its place in [`Intake::tables`].
        table: usize,
        /// What it says.
        entry: Box<Entry>,
        /// The row as it stands, as a line of CSV.
        row: String,
    },
    /// Refused.
    Refused {
        /// The table it is in, by its place in [`Intake::tables`].
        table: usize,
        /// The line and the reason.
        refusal: Refusal,
        /// The row as it stands, as a line of CSV; empty if it could not be read at all.
        row: String,
    },
}

impl Intake {
    /// Opens the files, looks through each, and guesses how to read them. The order of the files does not matter.
    pub fn open(uploads: &[Upload]) -> Intake {
        let Gathered { tables, mut refusals, left_aside } = gather(uploads);
        let mut looked: Vec<(Table, Survey)> = Vec::new();
        for table in tables {
            match survey(&table) {
                Ok(survey) => looked.push((table, survey)),
                Err(refusal) => refusals.push(refusal),
            }
        }
        let pairs: Vec<(&Table, &Survey)> = looked.iter().map(|(table, survey)| (table, survey)).collect();
        let mappings = recognise(&pairs);
        let tables = looked.into_iter().zip(mappings).map(|((table, survey), mapping)| Understood {
            table,
            survey,
            mapping,
        });
        let mut intake = Intake { tables: tables.collect(), refusals, left_aside, near_names: Vec::new() };
        intake.compare_names(&[]);
        intake
    }

    /// Opens the files to read them as somebody decided before, without looking through them again. A table without a mapping of its own
    /// is left aside.
    pub fn planned(uploads: &[Upload], mappings: &[Mapping], near_names: Vec<NearName>) -> Intake {
        let Gathered { tables, refusals, left_aside } = gather(uploads);
        let planned = tables.into_iter().filter_map(|table| {
            let mapping = mappings.iter().find(|mapping| *mapping.file == *table.file)?.clone();
            Some(Understood { table, survey: Survey::default(), mapping })
        });
        Intake { tables: planned.collect(), refusals, left_aside, near_names }
    }

    /// What a person should be asked.
    pub fn questions(&self) -> Vec<Question> {
        self.tables.iter().flat_map(|understood| understood.mapping.questions()).collect()
    }

    /// Rows of the files by kind, those that cannot be read included.
    pub fn rows(&self) -> BTreeMap<Kind, u64> {
        let mut rows = BTreeMap::new();
        for understood in &self.tables {
            if let Some(kind) = understood.mapping.kind {
                *rows.entry(kind).or_default() += understood.survey.rows;
            }
        }
        rows
    }

    /// Finds names that most likely mean others: those of the tables, and `existing` ones of the workspace.
    pub fn compare_names(&mut self, existing: &[Names]) {
        let mut near = Vec::new();
        for kind in [Kind::Company, Kind::Product, Kind::Member] {
            let mut names =
                existing.iter().find(|names| names.is_of(kind)).cloned().unwrap_or_else(|| Names::new(kind));
            let mut listed = false;
            for understood in self.tables.iter().filter(|understood| understood.mapping.kind == Some(kind)) {
                for name in understood.values(Field::Name).into_keys() {
                    names.add(name);
                    listed = true;
                }
            }
            let mut said: BTreeMap<&str, u64> = BTreeMap::new();
            for understood in &self.tables {
                for field in references_to(kind) {
                    understood
                        .values(*field)
                        .into_iter()
                        .for_each(|(name, rows)| *said.entry(name).or_default() += rows);
                }
            }
            let mut said: Vec<(&str, u64)> = said.into_iter().collect();
            said.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
            for (name, rows) in said {
                match names.near(name, rows) {
                    Some(found) => near.push(NearName {
                        applied: found.applied && (listed || found.nearness == Nearness::Spacing),
                        ..found
                    }),
                    // Without a list of its own the names in use are the list, the most frequent spelling first.
                    None if !listed => names.add(name),
                    None => {}
                }
            }
        }
        near.truncate(MAX_NEAR_NAMES);
        self.near_names = near;
    }

    /// Reads every row of every table that has a kind, members first, activities last, and hands it over. `usual` is the currency of
    /// amounts that name none. An error is about a whole file; what came before it has been handed over.
    pub fn read(&self, usual: Currency, mut take: impl FnMut(Taken) -> ControlFlow<Stop>) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        let tables = self.tables.iter().enumerate();
        let mut ordered: Vec<(Kind, usize, &Understood)> = tables
            .filter_map(|(table, understood)| Some((understood.mapping.kind?, table, understood)))
            .collect();
        ordered.sort_by_key(|(kind, ..)| *kind);
        let mut stopped = false;
        for (_, table, understood) in ordered {
            let broken = self.read_table(table, understood, usual, &mut |taken| {
                let went = take(taken);
                stopped |= went.is_break();
                went
            });
            refusals.extend(broken);
            if stopped {
                break;
            }
        }
        refusals
    }

    /// Reads the rows of one table of the intake.
    pub fn read_one(
        &self,
        understood: &Understood,
        usual: Currency,
        mut take: impl FnMut(Taken) -> ControlFlow<Stop>,
    ) -> Option<Refusal> {
        self.read_table(0, understood, usual, &mut take)
    }

    fn read_table(
        &self,
        table: usize,
        understood: &Understood,
        usual: Currency,
        take: &mut dyn FnMut(Taken) -> ControlFlow<Stop>,
    ) -> Option<Refusal> {
        let mut assembler = Assembler::new(&understood.mapping, usual, self.corrections())?;
        let read = understood.table.visit(|line| {
            take(match line {
                Line::Refused(refusal, row) => Taken::Refused { table, refusal, row },
                Line::Row(row) => {
                    let text = row.cells.to_csv();
                    match assembler.assemble(&row) {
                        Ok(entry) => Taken::Entry { table, entry: Box::new(entry), row: text },
                        Err(reason) => {
                            let file = understood.table.file.to_string();
                            Taken::Refused {
                                table,
                                refusal: Refusal { file, line: Some(row.line), reason },
                                row: text,
                            }
                        }
                    }
                }
            })
        });
        read.err()
    }

    fn corrections(&self) -> HashMap<(Kind, String), String> {
        let applied = self.near_names.iter().filter(|near| near.applied);
        applied.map(|near| ((near.kind, near.said.clone()), near.meant.clone())).collect()
    }
}

/// The fields that name a record of `kind`.
fn references_to(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Company => &[Field::Company, Field::Parent],
        Kind::Product => &[Field::Product],
        Kind::Member => &[Field::Owner],
        _ => &[],
    }
}

impl Understood {
    /// Looks through the table once more, after it was opened to be read as planned. A table that broke off since is taken for empty.
    pub fn survey_anew(&mut self) {
        self.survey = survey(&self.table).unwrap_or_default();
    }

    /// A person says what the rows are: the columns are guessed anew for that.
    pub fn take_for(&mut self, kind: Kind) {
        self.mapping = recognise_as(&self.table, &self.survey, kind);
    }

    /// The different values of a field, if they are few enough to be names.
    fn values(&self, field: Field) -> BTreeMap<&str, u64> {
        if !self.mapping.kind.is_some_and(|kind| field.of(kind)) {
            return BTreeMap::new();
        }
        let columns =
            self.mapping.columns_of(field).into_iter().filter_map(|index| self.survey.columns.get(index));
        columns
            .filter_map(|column| column.distinct.as_ref())
            .flatten()
            .map(|(name, rows)| (name.as_str(), *rows))
            .collect()
    }
}
