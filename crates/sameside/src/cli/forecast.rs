//! `sameside forecast`: what has happened to deals like this one?

use super::engine::{answer, one_line, put, read, read_table, save};
use super::{Failure, Outcome, tell};
use clap::{Args, Subcommand, ValueEnum};
use engine::INPUT_BYTES_MAX;
use engine::date::{Date, DateOrder};
use engine::forecast::{
    self, DealColumns, EvaluateOptions, FitOptions, Model, NO_BETTER, PipelineOptions, PredictOptions,
    Predictor, Question,
};
use serde::Serialize;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What has happened to deals like this one?
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Forecast {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLE: &str = "Example, with a table of deals that has a header line:
  sameside forecast fit deals.csv --outcome Status --won Won --lost Lost --ignore Id --model m.json
  sameside forecast predict new.csv --model m.json > new-with-chances.csv
  sameside forecast evaluate deals.csv --outcome Status --won Won --lost Lost --ignore Id

  The first learns from the decided deals and says how well; the second adds probability, low, high
  and note to every row; the third judges the forecast on deals it has not seen, beside your average.
  The formulas and their limits: docs/method/forecast.md";

#[derive(Debug, Subcommand)]
enum Command {
    /// Learn from decided deals
    Fit(Box<Fit>),
    /// Say the chance of every deal of a table, as CSV
    Predict(Predict),
    /// Judge the forecast on deals it has not seen
    Evaluate(Box<Evaluate>),
    /// Which answer would tell most about a deal
    Ask(Ask),
    /// What will be won within 30 and 90 days
    Pipeline(Box<Pipeline>),
}

/// Which columns say how a deal ended, and when.
#[derive(Debug, Args)]
struct Deals {
    /// The column with the outcome; an empty cell is an open deal
    #[arg(long, value_name = "COLUMN")]
    outcome: String,
    /// Its value for a deal that was won
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    won: String,
    /// Its value for one that was not; then any other value is an open deal
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    lost: Option<String>,
    /// The column with the day a deal was opened
    #[arg(long, value_name = "COLUMN")]
    opened: Option<String>,
    /// The column with the day it ended
    #[arg(long, value_name = "COLUMN")]
    closed: Option<String>,
    /// How days with slashes are written
    #[arg(long, value_name = "ORDER", value_enum, default_value = "detect")]
    dates: Dates,
    /// Columns that must not be used
    #[arg(long, value_name = "COLUMN", num_args = 1..)]
    ignore: Vec<String>,
}

impl Deals {
    fn split(self) -> (DealColumns, Vec<String>) {
        let Self { outcome, won, lost, opened, closed, dates, ignore } = self;
        (DealColumns { outcome, won, lost, opened, closed, dates: dates.into() }, ignore)
    }
}

/// Which number comes first in a date written with slashes, dots or dashes.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Dates {
    /// Settled by the column; month first where it leaves a doubt
    Detect,
    /// 3/14/2026
    MonthFirst,
    /// 14.3.2026
    DayFirst,
}

impl From<Dates> for DateOrder {
    fn from(dates: Dates) -> Self {
        match dates {
            Dates::Detect => Self::Detect,
            Dates::MonthFirst => Self::MonthFirst,
            Dates::DayFirst => Self::DayFirst,
        }
    }
}

/// Learn from decided deals.
#[derive(Debug, Args)]
#[command(after_help = FIT_EXAMPLE)]
struct Fit {
    /// The table of deals, CSV with a header line; - reads standard input
    #[arg(value_name = "TRAIN.csv")]
    table: PathBuf,
    #[command(flatten)]
    deals: Deals,
    /// Columns to use although they look as if they were known only afterwards
    #[arg(long, value_name = "COLUMN", num_args = 1..)]
    force: Vec<String>,
    /// Use only so many columns, the best
    #[arg(long, value_name = "COUNT")]
    questions: Option<usize>,
    /// Use only what was known on a day; needs --opened and --closed
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// Where dealing out the folds starts
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// The file to write the model to
    #[arg(long, value_name = "M.json")]
    model: PathBuf,
    /// Print the model, a JSON document, instead of a report
    #[arg(long)]
    json: bool,
}

const FIT_EXAMPLE: &str = "Example:
  sameside forecast fit deals.csv --outcome Status --won Won --lost Lost \\
    --ignore Id Owner --opened Created --closed Closed --model m.json

  Columns known only after the fact are named and left out. Where the answers tell nothing beyond how
  often you win anyway, it says so: no better than your average.";

/// Say the chance of every deal of a table, as CSV.
#[derive(Debug, Args)]
#[command(after_help = PREDICT_EXAMPLE)]
struct Predict {
    /// The table of deals, CSV with a header line; - reads standard input
    #[arg(value_name = "NEW.csv")]
    table: PathBuf,
    /// The model that `forecast fit` wrote
    #[arg(long, value_name = "M.json")]
    model: PathBuf,
    /// The column with the day a deal was opened: adds its chances at its age
    #[arg(long, value_name = "COLUMN", requires = "as_of")]
    opened: Option<String>,
    /// The day ages are counted to
    #[arg(long, value_name = "DATE", value_parser = day, requires = "opened")]
    as_of: Option<Date>,
    /// How days with slashes are written
    #[arg(long, value_name = "ORDER", value_enum, default_value = "detect")]
    dates: Dates,
}

const PREDICT_EXAMPLE: &str = "Example:
  sameside forecast predict new.csv --model m.json > new-with-chances.csv

  Every row comes back in order with probability, low and high (an 80% interval of the chance) and note.";

/// Judge the forecast on deals it has not seen.
#[derive(Debug, Args)]
#[command(after_help = EVALUATE_EXAMPLE)]
struct Evaluate {
    /// The table of deals, CSV with a header line; - reads standard input
    #[arg(value_name = "DATA.csv")]
    table: PathBuf,
    #[command(flatten)]
    deals: Deals,
    /// Columns to use although they look as if they were known only afterwards
    #[arg(long, value_name = "COLUMN", num_args = 1..)]
    force: Vec<String>,
    /// Use only so many columns, chosen anew in every training set
    #[arg(long, value_name = "COUNT")]
    questions: Option<usize>,
    /// Into how many parts the deals are dealt
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    folds: usize,
    /// How often they are dealt
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    repeats: usize,
    /// Where dealing them starts
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Instead of folds, learn from deals decided before a day and judge on later ones
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with_all = ["folds", "repeats"])]
    train_before: Option<Date>,
    /// Print one JSON document instead of a report
    #[arg(long)]
    json: bool,
}

const EVALUATE_EXAMPLE: &str = "Example:
  sameside forecast evaluate deals.csv --outcome Status --won Won --lost Lost --folds 5 --repeats 10
  sameside forecast evaluate deals.csv --outcome Status --won Won --lost Lost \\
    --closed Closed --train-before 2026-01-01

  Every figure stands beside that of saying your average for every deal, with its 95% interval.";

/// Which answer would tell most about a deal.
#[derive(Debug, Args)]
#[command(after_help = ASK_EXAMPLE)]
struct Ask {
    /// The model that `forecast fit` wrote
    #[arg(long, value_name = "M.json")]
    model: PathBuf,
    /// What is known already, such as Budget=Yes; may be repeated
    #[arg(long, value_name = "COLUMN=VALUE", num_args = 1..)]
    answer: Vec<String>,
    /// Print one JSON document instead of a report
    #[arg(long)]
    json: bool,
}

const ASK_EXAMPLE: &str = "Example:
  sameside forecast ask --model m.json --answer Budget=Yes Source=Referral

  The questions still open, the one that would tell most about this deal first.";

/// What will be won within 30 and 90 days.
#[derive(Debug, Args)]
#[command(after_help = PIPELINE_EXAMPLE)]
struct Pipeline {
    /// The table of deals, CSV with a header line; - reads standard input
    #[arg(value_name = "DATA.csv")]
    table: PathBuf,
    #[command(flatten)]
    deals: Deals,
    /// The column with the value of a deal
    #[arg(long, value_name = "COLUMN")]
    value: String,
    /// A column such as the product: an open deal without a value is worth what won ones like it were
    #[arg(long, value_name = "COLUMN")]
    like: Option<String>,
    /// The day it is told as of; the last one of the table unless told
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// Where the draws start
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Print one JSON document instead of a report
    #[arg(long)]
    json: bool,
}

const PIPELINE_EXAMPLE: &str = "Example:
  sameside forecast pipeline deals.csv --outcome Status --won Won --lost Lost \\
    --opened Created --closed Closed --value Amount --as-of 2026-03-31";

impl Forecast {
    pub(super) fn run(self) -> Outcome {
        match self.command {
            Command::Fit(command) => command.run(),
            Command::Predict(command) => command.run(),
            Command::Evaluate(command) => command.run(),
            Command::Ask(command) => command.run(),
            Command::Pipeline(command) => command.run(),
        }
    }
}

impl Fit {
    fn run(self) -> Outcome {
        let table = read_table(&self.table)?;
        let (deals, ignore) = self.deals.split();
        let (force, questions, as_of, seed) = (self.force, self.questions, self.as_of, self.seed);
        let model = forecast::fit(&table, &FitOptions { deals, ignore, force, questions, as_of, seed })?;
        let document = model.to_json();
        save(&self.model, &document)?;
        put(if self.json { document } else { model.report() }.as_bytes())?;
        tell(format_args!("the model is in {}", self.model.display()));
        Ok(())
    }
}

impl Predict {
    fn run(self) -> Outcome {
        let model = read_model(&self.model)?;
        let table = read_table(&self.table)?;
        let options = PredictOptions { opened: self.opened, as_of: self.as_of, dates: self.dates.into() };
        // Whole before a byte is written: a row that cannot be read leaves nothing half done behind.
        let mut out = Vec::with_capacity(table.len() + table.len() / 2);
        let told = Predictor::new(&model).table(&table, &options, &mut out)?;
        put(&out)?;
        let note = model.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
        tell(format_args!("{} deals, on average {:.0}%{note}", told.rows, told.mean * 100.0));
        Ok(())
    }
}

impl Evaluate {
    fn run(self) -> Outcome {
        let table = read_table(&self.table)?;
        let (deals, ignore) = self.deals.split();
        let (force, questions, folds, repeats) = (self.force, self.questions, self.folds, self.repeats);
        let (seed, train_before) = (self.seed, self.train_before);
        let options = EvaluateOptions { deals, ignore, force, questions, folds, repeats, seed, train_before };
        answer(self.json, &forecast::evaluate(&table, &options)?, forecast::Evaluation::report)
    }
}

impl Ask {
    fn run(self) -> Outcome {
        #[derive(Serialize)]
        struct Asked {
            probability: f64,
            low: f64,
            high: f64,
            note: String,
            ask_next: Vec<Question>,
        }
        let model = read_model(&self.model)?;
        let mut known = Vec::with_capacity(self.answer.len());
        for pair in &self.answer {
            let Some((column, value)) = pair.split_once('=') else {
                return Err(Failure::input(one_line(&format!("--answer: COLUMN=VALUE, not {pair:?}"))));
            };
            if model.note.is_none() && !model.questions().any(|question| question == column) {
                let message =
                    format!("--answer: the model does not ask for {column:?}; see --help of forecast fit");
                return Err(Failure::input(one_line(&message)));
            }
            known.push((column, value));
        }
        let of = |column: &str| known.iter().find(|(name, _)| *name == column).map(|(_, value)| *value);
        let deal = Predictor::new(&model).predict(of);
        let asked = Asked {
            probability: deal.probability,
            low: deal.low,
            high: deal.high,
            note: deal.note,
            ask_next: model.ask_next(of),
        };
        answer(self.json, &asked, |asked| {
            let percent = |share: f64| format!("{:.0}%", share * 100.0);
            let (low, high) = (percent(asked.low), percent(asked.high));
            let mut text = format!("The chance is {}, {low} to {high}", percent(asked.probability));
            let _ = match asked.note.as_str() {
                "" => writeln!(text, "."),
                note => writeln!(text, " ({note})."),
            };
            let _ = match (asked.ask_next.is_empty(), asked.note.starts_with(NO_BETTER)) {
                (true, true) => writeln!(text, "No answer would tell more than your average does."),
                (true, false) => writeln!(text, "Everything the model asks is known."),
                _ => writeln!(text, "Ask next, what tells most first (expected fall of the squared error):"),
            };
            for question in &asked.ask_next {
                let _ = writeln!(text, "  {}  {:.4}", question.question, question.fall);
            }
            text
        })
    }
}

impl Pipeline {
    fn run(self) -> Outcome {
        let table = read_table(&self.table)?;
        let (deals, ignore) = self.deals.split();
        let (value, like, as_of, seed) = (self.value, self.like, self.as_of, self.seed);
        let options =
            PipelineOptions { deals, value, like, as_of, ignore, seed, ..PipelineOptions::default() };
        answer(self.json, &forecast::pipeline(&table, &options)?, forecast::Pipeline::report)
    }
}

fn read_model(path: &Path) -> Outcome<Model> {
    let document = read(path, INPUT_BYTES_MAX)?;
    Model::read(&document)
        .map_err(|error| Failure::input(one_line(&format!("--model {}: {error}", path.display()))))
}

fn day(text: &str) -> Result<Date, String> {
    Date::iso(text).ok_or_else(|| "a day such as 2026-03-14 is needed".to_owned())
}
