//! Deals read from a table: which were won, which were lost, which are still open.

use super::DealColumns;
use crate::Error;
use crate::date::{self, Date, DatesRead, Days};
use crate::table::{Table, listed};

/// How a deal stood, as far as was known on the as-of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Won,
    Lost,
    Open,
    /// Opened after the as-of date.
    NotYet,
}

pub(super) struct Cases {
    pub(super) table: Table,
    pub(super) outcomes: Vec<Outcome>,
    pub(super) outcome_column: usize,
    pub(super) opened: Option<(usize, Days)>,
    pub(super) closed: Option<(usize, Days)>,
    pub(super) dates: Vec<DatesRead>,
    /// What was decided while reading, as sentences.
    pub(super) notes: Vec<String>,
}

impl Cases {
    pub(super) fn read(bytes: &[u8], columns: &DealColumns, as_of: Option<Date>) -> Result<Self, Error> {
        let table = Table::read(bytes)?;
        let outcome_column = table.find(&columns.outcome, "--outcome")?;
        let mut notes = Vec::new();
        let mut outcomes = outcomes(&table, outcome_column, columns, &mut notes)?;
        let opened = columns.opened.as_deref().map(|name| table.find(name, "--opened")).transpose()?;
        let closed = columns.closed.as_deref().map(|name| table.find(name, "--closed")).transpose()?;
        let wanted: Vec<usize> = opened.into_iter().chain(closed).collect();
        let cells: Vec<_> = wanted
            .iter()
            .map(|&at| (table.headers().get(at).map_or("", String::as_str), table.lined(at)))
            .collect();
        let (read, dates) = date::read_columns(&cells, columns.dates)?;
        drop(cells);
        let mut read = read.into_iter();
        let opened = opened.zip(read.by_ref().next());
        let closed = closed.zip(read.next());
        if let Some(as_of) = as_of {
            let mut reopened = 0;
            for (row, outcome) in outcomes.iter_mut().enumerate() {
                let day = |column: &Option<(usize, Days)>| {
                    column.as_ref().and_then(|(_, days)| days.get(row).copied().flatten())
                };
                if day(&opened).is_some_and(|opened| opened > as_of) {
                    *outcome = Outcome::NotYet;
                } else if day(&closed).is_some_and(|closed| closed > as_of) && *outcome != Outcome::Open {
                    *outcome = Outcome::Open;
                    reopened += 1;
                }
            }
            if reopened > 0 {
                notes.push(format!(
                    "{reopened} deals that closed after {as_of} count as still open on that day"
                ));
            }
        }
        Ok(Self { table, outcomes, outcome_column, opened, closed, dates, notes })
    }

    /// The rows whose outcome is known.
    pub(super) fn decided(&self) -> Vec<usize> {
        let known = |outcome: &Outcome| matches!(outcome, Outcome::Won | Outcome::Lost);
        self.outcomes.iter().enumerate().filter(|(_, outcome)| known(outcome)).map(|(row, _)| row).collect()
    }

    pub(super) fn is_won(&self, row: usize) -> bool {
        self.outcomes.get(row) == Some(&Outcome::Won)
    }

    pub(super) fn opened_on(&self, row: usize) -> Option<Date> {
        self.opened.as_ref()?.1.get(row).copied().flatten()
    }

    pub(super) fn closed_on(&self, row: usize) -> Option<Date> {
        self.closed.as_ref()?.1.get(row).copied().flatten()
    }

    /// The latest day that any of the date columns names.
    pub(super) fn latest(&self) -> Option<Date> {
        let days = |column: &'_ Option<(usize, Days)>| {
            column.as_ref().and_then(|(_, days)| days.iter().flatten().max().copied())
        };
        days(&self.opened).max(days(&self.closed))
    }
}

fn outcomes(
    table: &Table,
    column: usize,
    columns: &DealColumns,
    notes: &mut Vec<String>,
) -> Result<Vec<Outcome>, Error> {
    let same = |cell: &str, value: &str| cell.eq_ignore_ascii_case(value.trim());
    let mut values: Vec<&str> = Vec::new();
    for cell in table.column(column).filter(|cell| !date::is_missing(cell)) {
        match values.iter().position(|value| *value == cell) {
            Some(_) => {}
            None if values.len() < 1_000 => values.push(cell),
            None => {
                return Err(Error::at(
                    "--outcome",
                    format!("`{}` has more than a thousand values: it is not an outcome", columns.outcome),
                ));
            }
        }
    }
    let names = || listed(values.iter().copied());
    if values.is_empty() {
        return Err(Error::at("--outcome", format!("no row has an outcome in `{}`", columns.outcome)));
    }
    if !values.iter().any(|value| same(value, &columns.won)) {
        return Err(Error::at(
            "--won",
            format!("no row has `{}` in `{}`; its values are {}", columns.won, columns.outcome, names()),
        ));
    }
    let lost = match &columns.lost {
        Some(lost) if same(lost, &columns.won) => {
            return Err(Error::at("--lost", "won and lost must be different values"));
        }
        Some(lost) if !values.iter().any(|value| same(value, lost)) => {
            return Err(Error::at(
                "--lost",
                format!("no row has `{lost}` in `{}`; its values are {}", columns.outcome, names()),
            ));
        }
        Some(lost) => Some(lost.as_str()),
        // With more than two values some of them are stages of open deals, if one is plainly the other end.
        None if values.len() > 2 => values.iter().copied().find(|value| {
            ["lost", "closed lost", "closedlost", "declined", "no"]
                .iter()
                .any(|word| value.eq_ignore_ascii_case(word))
        }),
        None => None,
    };
    let outcomes: Vec<Outcome> = table
        .column(column)
        .map(|cell| {
            if date::is_missing(cell) {
                Outcome::Open
            } else if same(cell, &columns.won) {
                Outcome::Won
            } else if lost.is_none_or(|lost| same(cell, lost)) {
                Outcome::Lost
            } else {
                Outcome::Open
            }
        })
        .collect();
    let others: Vec<&str> = values.iter().copied().filter(|value| !same(value, &columns.won)).collect();
    match lost {
        Some(lost) if others.len() > 1 => {
            let open = others.iter().filter(|value| !same(value, lost)).copied();
            notes.push(format!("{} in `{}` count as open deals", listed(open), columns.outcome));
        }
        None if others.len() > 1 => notes.push(format!(
            "{} in `{}` count as not won: name one with --lost to count the rest as open",
            listed(others.iter().copied()),
            columns.outcome
        )),
        _ => {}
    }
    Ok(outcomes)
}
