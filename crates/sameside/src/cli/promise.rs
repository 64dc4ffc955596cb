//! `sameside promise`: what has an estimate meant so far?

use super::engine::{one_line, put, read, read_table, save};
use super::forecast::Dates;
use super::{Failure, Outcome, tell};
use clap::{Args, Subcommand};
use engine::INPUT_BYTES_MAX;
use engine::promise::{self, FitOptions, Model};
use std::path::PathBuf;

/// What has an estimate meant so far, and what may be promised?
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Promise {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLE: &str = "Example, with a table of finished work that has a header line:
  sameside promise fit tasks.csv --estimate Estimated --actual Actual --class Kind --date Done --model p.json
  sameside promise predict new.csv --model p.json > new-with-promises.csv

  A promise at p80 is kept four times in five. With nine tasks that took 1, 2 … 9 times their
  estimate, 3 hours estimated are 24 hours promised.
  The formula and its limits: docs/method/promise.md";

#[derive(Debug, Subcommand)]
enum Command {
    /// Learn from finished work
    Fit(Fit),
    /// Say what may be promised for every row of a table, as CSV
    Predict(Predict),
}

/// Learn from finished work.
#[derive(Debug, Args)]
#[command(after_help = FIT_EXAMPLE)]
struct Fit {
    /// The table of finished work, CSV with a header line; - reads standard input
    #[arg(value_name = "TASKS.csv")]
    table: PathBuf,
    /// The column with what was estimated
    #[arg(long, value_name = "COLUMN")]
    estimate: String,
    /// The column with what it really took
    #[arg(long, value_name = "COLUMN")]
    actual: String,
    /// Columns with the kind of work, the widest kind first
    #[arg(long, value_name = "COLUMN", num_args = 1..)]
    class: Vec<String>,
    /// The column with the day: then the promises are checked on the latest 40%
    #[arg(long, value_name = "COLUMN")]
    date: Option<String>,
    /// How days with slashes are written
    #[arg(long, value_name = "ORDER", value_enum, default_value = "detect")]
    dates: Dates,
    /// The file to write the model to
    #[arg(long, value_name = "M.json")]
    model: PathBuf,
    /// Print the model, a JSON document, instead of a report
    #[arg(long)]
    json: bool,
}

const FIT_EXAMPLE: &str = "Example:
  sameside promise fit tasks.csv --estimate Estimated --actual Actual --class Team Kind --model p.json";

/// Say what may be promised for every row of a table, as CSV.
#[derive(Debug, Args)]
#[command(after_help = PREDICT_EXAMPLE)]
struct Predict {
    /// The table of estimates, CSV with a header line; - reads standard input
    #[arg(value_name = "NEW.csv")]
    table: PathBuf,
    /// The model that `promise fit` wrote
    #[arg(long, value_name = "M.json")]
    model: PathBuf,
}

const PREDICT_EXAMPLE: &str = "Example:
  sameside promise predict new.csv --model p.json > new-with-promises.csv

  Every row comes back in order with p50, p80, p90, the reference class they come from and how many
  cases that has.";

impl Promise {
    pub(super) fn run(self) -> Outcome {
        match self.command {
            Command::Fit(command) => command.run(),
            Command::Predict(command) => command.run(),
        }
    }
}

impl Fit {
    fn run(self) -> Outcome {
        let table = read_table(&self.table)?;
        let Self { estimate, actual, class, date, dates, .. } = self;
        let model = promise::fit(&table, &FitOptions { estimate, actual, class, date, dates: dates.into() })?;
        let document = model.to_json();
        save(&self.model, &document)?;
        put(if self.json { document } else { model.report() }.as_bytes())?;
        tell(format_args!("the model is in {}", self.model.display()));
        Ok(())
    }
}

impl Predict {
    fn run(self) -> Outcome {
        let document = read(&self.model, INPUT_BYTES_MAX)?;
        let model = Model::read(&document).map_err(|error| {
            Failure::input(one_line(&format!("--model {}: {error}", self.model.display())))
        })?;
        let table = read_table(&self.table)?;
        // Whole before a byte is written: a row that cannot be read leaves nothing half done behind.
        let mut out = Vec::with_capacity(table.len() + table.len() / 2);
        let told = model.table(&table, &mut out)?;
        put(&out)?;
        let without = match told.without {
            0 => String::new(),
            some => format!(", {some} of them without an estimate above zero and so without a promise"),
        };
        tell(format_args!("{} rows{without}", told.rows));
        Ok(())
    }
}
