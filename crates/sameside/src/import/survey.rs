//! One look through a whole table before anything is decided: how many rows, how each column is filled and written.

use super::table::{Form, Line, Refusal, Row, Table};
use super::values::{DateEvidence, NumberEvidence, domain, email};
use std::collections::HashMap;
use std::ops::ControlFlow;

/// Different values of a column that are counted one by one. A column with more is no list of names.
pub const MAX_DISTINCT: usize = 5_000;
/// A longer text is no name of a stage or a product.
const MAX_NAME_BYTES: usize = 120;
/// Values shown to a person beside each column.
const MAX_SAMPLES: usize = 3;
/// Rows after which it is settled what kind of values a column holds; only what it holds is watched from there on.
const SETTLING_ROWS: u64 = 2_000;

/// What is known of a table before it is read.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// Rows below the header, those that cannot be read included.
    pub rows: u64,
    /// Rows that cannot be read.
    pub unreadable: u64,
    /// Column by column.
    pub columns: Vec<ColumnSurvey>,
}

/// What is known of a column.
#[derive(Clone, Debug, Default)]
pub struct ColumnSurvey {
    /// Cells that hold something.
    pub filled: u64,
    /// How its dates are written.
    pub dates: DateEvidence,
    /// How its numbers are written.
    pub numbers: NumberEvidence,
    /// Cells that are e-mail addresses, among the first rows.
    pub emails: u64,
    /// Cells that are web addresses, among the first rows.
    pub links: u64,
    /// Cells looked at for e-mail and web addresses.
    pub looked_at: u64,
    /// Its values with their counts; nothing once there are too many.
    pub distinct: Option<HashMap<String, u64>>,
    /// The first different values.
    pub samples: Vec<String>,
}

/// Looks through a table. An error is about the whole file.
pub fn survey(table: &Table) -> Result<Survey, Refusal> {
    let fresh = ColumnSurvey { distinct: Some(HashMap::new()), ..ColumnSurvey::default() };
    let mut survey = Survey { columns: vec![fresh; table.header.len()], ..Survey::default() };
    table.visit(|line| {
        survey.rows += 1;
        match line {
            Line::Row(row) => survey.see(&row),
            Line::Refused(..) => survey.unreadable += 1,
        }
        ControlFlow::Continue(())
    })?;
    Ok(survey)
}

impl Survey {
    fn see(&mut self, row: &Row<'_>) {
        let settled = self.rows > SETTLING_ROWS;
        for (index, column) in self.columns.iter_mut().enumerate() {
            let text = row.cells.get(index);
            if !text.is_empty() {
                column.see(&text, row.cells.form(index), settled);
            }
        }
    }
}

impl ColumnSurvey {
    fn see(&mut self, text: &str, form: Form, settled: bool) {
        self.filled += 1;
        match form {
            Form::Date => self.dates.dates += 1,
            Form::Number => self.numbers.numbers += 1,
            Form::Flag => {}
            Form::Text => {
                if !settled || self.dates.dates * 5 > self.filled {
                    self.dates.see(text);
                }
                if !settled || self.numbers.numbers * 5 > self.filled {
                    self.numbers.see(text);
                }
            }
        }
        if !settled {
            self.looked_at += 1;
            self.emails += u64::from(text.contains('@') && email(text).is_some());
            self.links += u64::from(text.contains('.') && !text.contains('@') && domain(text).is_some());
        }
        let Some(distinct) = &mut self.distinct else { return };
        if let Some(count) = distinct.get_mut(text) {
            *count += 1;
        } else if text.len() > MAX_NAME_BYTES || distinct.len() >= MAX_DISTINCT {
            self.distinct = None;
            if self.samples.len() < MAX_SAMPLES {
                self.samples.push(text.chars().take(MAX_NAME_BYTES).collect());
            }
        } else {
            distinct.insert(text.to_owned(), 1);
            if self.samples.len() < MAX_SAMPLES {
                self.samples.push(text.to_owned());
            }
        }
    }

    /// The share of the values looked at that are e-mail addresses.
    pub fn email_share(&self) -> f64 {
        if self.looked_at == 0 { 0.0 } else { self.emails as f64 / self.looked_at as f64 }
    }

    /// The share of the values looked at that are web addresses.
    pub fn link_share(&self) -> f64 {
        if self.looked_at == 0 { 0.0 } else { self.links as f64 / self.looked_at as f64 }
    }
}
