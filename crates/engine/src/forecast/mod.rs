//! What has happened to deals like this one? The chance to win, how sure it is, and what to ask next.
//!
//! Ridge logistic regression on the answers, shrunk as far as cross-validation says; where that is no better than
//! saying the average, the average is said, and so is that. `Unknown`, empty and never seen are answers of their own,
//! never "no". Columns known only after the fact are left out and named. `docs/method/forecast.md` has the formulas.

mod ages;
mod ask;
mod cases;
mod choose;
mod encode;
mod evaluate;
mod leaks;
mod logistic;
mod pipeline;
mod predict;

pub use ages::{Ages, Ending};
pub use ask::Question;
pub use choose::Skill;
pub use evaluate::{Bin, EvaluateOptions, Evaluation, Measure, evaluate};
pub use pipeline::{Horizon, PARTS_MAX, Part, Pipeline, PipelineOptions, pipeline};
pub use predict::{Aged, AtAge, PredictOptions, Predicted, Prediction, Predictor};

use crate::Error;
use crate::date::{Date, DateOrder, DatesRead};
use cases::Cases;
use serde::{Deserialize, Serialize};

/// The note where the answers tell nothing that the average does not.
pub const NO_BETTER: &str = "no better than your average";

const FORMAT: &str = "sameside-forecast";
const VERSION: u32 = 1;

/// Which columns of a table say how a deal ended, and when.
#[derive(Debug, Clone, Default)]
pub struct DealColumns {
    /// `--outcome`: the column with the outcome; an empty cell is an open deal.
    pub outcome: String,
    /// `--won`: its value for a deal that was won.
    pub won: String,
    /// `--lost`: its value for one that was not; then any other value is an open deal. Without it every other value is
    /// not won, unless there are several and one is plainly the other end (`Lost`).
    pub lost: Option<String>,
    /// `--opened`: the column with the day a deal was opened.
    pub opened: Option<String>,
    /// `--closed`: the column with the day it ended.
    pub closed: Option<String>,
    /// `--dates`: how days with slashes are written.
    pub dates: DateOrder,
}

/// How a model is fitted.
#[derive(Debug, Clone)]
pub struct FitOptions {
    /// The outcome and the dates.
    pub deals: DealColumns,
    /// `--ignore`: columns that must not be used.
    pub ignore: Vec<String>,
    /// `--force`: columns to use although the leak guard names them.
    pub force: Vec<String>,
    /// `--questions`: use only so many columns, the best chosen.
    pub questions: Option<usize>,
    /// `--as-of`: use only what was known on that day; needs the dates.
    pub as_of: Option<Date>,
    /// `--seed`, 1 by default: deals out the folds.
    pub seed: u64,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self {
            deals: DealColumns::default(),
            ignore: vec![],
            force: vec![],
            questions: None,
            as_of: None,
            seed: 1,
        }
    }
}

/// A column that was not used, or only because it was forced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// The column.
    pub column: String,
    /// Why it should not be used.
    pub why: String,
    /// Whether it was used all the same, as told.
    pub forced: bool,
}

/// A fitted model: everything a prediction needs, and how good it is. Serialises to one JSON document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    format: String,
    version: u32,
    /// The column of the outcome.
    pub outcome: String,
    /// Its value for a deal that was won.
    pub won: String,
    /// How many decided deals it was fitted on.
    pub n: usize,
    /// How many of them were won.
    pub n_won: usize,
    /// The share of them that was won.
    pub base_rate: f64,
    /// How many different profiles they have.
    pub profiles: usize,
    /// The last day that was known, where dates were given.
    pub as_of: Option<Date>,
    /// Precision of the prior of a weight; none where only the average is used.
    pub strength: Option<f64>,
    /// How it did on deals it had not seen; none where there are too few to judge.
    pub skill: Option<Skill>,
    /// `no better than your average`, where that is so.
    pub note: Option<String>,
    intercept: f32,
    columns: Vec<Column>,
    /// Lower triangle of the weights' covariance, row by row, the intercept first.
    covariance: Vec<f32>,
    /// Columns that were not used, and why.
    pub left_out: Vec<LeftOut>,
    /// How dates were read.
    pub dates: Vec<DatesRead>,
    /// How deals end as they age, where dates were given.
    pub ages: Option<Ages>,
    /// What was decided while reading the table.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Column {
    Levels {
        name: String,
        levels: Vec<Level>,
        /// How many deals had a level too rare to stand alone, and their weight together.
        rare_n: u32,
        rare: f32,
        /// The average weight over the deals: what a level never seen counts as.
        unseen: f32,
    },
    Number {
        name: String,
        known: u32,
        mean: f32,
        deviation: f32,
        least: f32,
        greatest: f32,
        weight: f32,
        unknown: f32,
        /// Its mean among the deals that were won, in deviations from the mean; 0 in models made before it was kept.
        #[serde(default)]
        won: f32,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Level {
    value: String,
    n: u32,
    /// How many of them were won; 0 throughout in models made before it was kept.
    #[serde(default)]
    won: u32,
    weight: f32,
}

impl Column {
    fn name(&self) -> &str {
        match self {
            Self::Levels { name, .. } | Self::Number { name, .. } => name,
        }
    }

    fn features(&self) -> u32 {
        match self {
            Self::Levels { levels, .. } => u32::try_from(levels.len() + 1).unwrap_or(u32::MAX),
            Self::Number { .. } => 2,
        }
    }

    /// Takes the fitted weight of each of its features in turn, and the sum of the feature's values over the deals won, of
    /// which there were `n_won`.
    #[expect(clippy::cast_possible_truncation, reason = "weights are kept with seven digits")]
    #[expect(clippy::cast_sign_loss, reason = "the values of a level are 1: their sum is a count")]
    fn take(&mut self, fitted: &mut impl Iterator<Item = (f64, f64)>, n_won: f64) {
        let mut next = || fitted.next().unwrap_or_default();
        match self {
            Self::Levels { levels, rare_n, rare, unseen, .. } => {
                for level in levels.iter_mut() {
                    let (weight, won) = next();
                    (level.weight, level.won) = (weight as f32, (won as u32).min(level.n));
                }
                *rare = next().0 as f32;
                let all = levels.iter().map(|level| f64::from(level.n)).sum::<f64>() + f64::from(*rare_n);
                let sum: f64 = levels.iter().map(|level| f64::from(level.n) * f64::from(level.weight)).sum();
                *unseen = ((sum + f64::from(*rare_n) * f64::from(*rare)) / all.max(1.0)) as f32;
            }
            Self::Number { weight, unknown, won, .. } => {
                let (fitted, sum_won) = next();
                let (fitted_unknown, unknown_won) = next();
                (*weight, *unknown) = (fitted as f32, fitted_unknown as f32);
                *won = if n_won > unknown_won { (sum_won / (n_won - unknown_won)) as f32 } else { 0.0 };
            }
        }
    }
}

/// Fits a model on the decided deals of a table.
///
/// # Errors
/// A table that cannot be read, a column or value that is not there, dates that are none; the place is the
/// line and column, or the option.
pub fn fit(table: &[u8], options: &FitOptions) -> Result<Model, Error> {
    if options.as_of.is_some() && (options.deals.opened.is_none() || options.deals.closed.is_none()) {
        return Err(Error::at(
            "--as-of",
            "what was known on a day can only be told with --opened and --closed",
        ));
    }
    let cases = Cases::read(table, &options.deals, options.as_of)?;
    let (mut coded, left_out) = encode::columns(&cases, &options.ignore, &options.force)?;
    let decided = cases.decided();
    if decided.is_empty() {
        return Err(Error::at("--outcome", "no deal was decided yet: there is nothing to learn from"));
    }
    let (mut design, mut columns, _) = encode::design(&cases, &coded, &decided);
    if let Some(most) = options.questions {
        if most == 0 {
            return Err(Error::at("--questions", "at least one question must be kept"));
        }
        let rows: Vec<u32> = (0..).take(design.rows()).collect();
        let picked = if design.is_coarse() {
            let apart = design.apart();
            let rows: Vec<u32> = (0..).take(apart.rows()).collect();
            choose::questions(&apart, &rows, most, options.seed)
        } else {
            choose::questions(&design, &rows, most, options.seed)
        };
        let mut at = 0;
        coded.retain(|_| {
            at += 1;
            picked.contains(&(at - 1))
        });
        (design, columns, _) = encode::design(&cases, &coded, &decided);
    }
    let (ages, mut notes) = ages::of_cases(&cases, options.as_of);
    let profiles = design.rows();
    if design.is_coarse() {
        notes.push(coarse(profiles));
        design = design.apart();
    }
    let n = decided.len();
    let n_won = decided.iter().filter(|&&row| cases.is_won(row)).count();
    let mut model = Model {
        format: FORMAT.into(),
        version: VERSION,
        outcome: cases.table.headers().get(cases.outcome_column).cloned().unwrap_or_default(),
        won: options.deals.won.trim().to_owned(),
        n,
        n_won,
        base_rate: n_won as f64 / n as f64,
        profiles,
        as_of: options.as_of.or_else(|| cases.latest()),
        strength: None,
        skill: None,
        note: None,
        intercept: 0.0,
        columns: vec![],
        covariance: vec![],
        left_out,
        dates: cases.dates,
        ages,
        notes: cases.notes.into_iter().chain(notes).collect(),
    };
    model.learn(&design, columns, options.seed);
    Ok(model)
}

impl Model {
    #[expect(clippy::cast_possible_truncation, reason = "weights are kept with seven digits")]
    fn learn(&mut self, design: &logistic::Design, mut columns: Vec<Column>, seed: u64) {
        let rows: Vec<u32> = (0..).take(design.rows()).collect();
        let choice = choose::choose(design, &rows, seed);
        self.strength = choice.strength;
        self.skill = choice.skill;
        if let Some(strength) = choice.strength {
            let fit = logistic::fit(design, &rows, strength, &choice.start, 25);
            let (_, n_won) = choose::totals(design, &rows);
            let won = design.sums_won();
            let mut features = fit.weights.iter().copied().zip(won);
            self.intercept = features.next().unwrap_or_default().0 as f32;
            columns.iter_mut().for_each(|column| column.take(&mut features, n_won));
            let full = logistic::covariance(&fit.factor, design.features);
            let lower =
                full.chunks(design.features).zip(1..).flat_map(|(row, length)| row.iter().take(length));
            self.covariance = lower.map(|c| *c as f32).collect();
            self.columns = columns;
        } else {
            let share = choose::average(design, &rows);
            let (n, _) = choose::totals(design, &rows);
            self.intercept = logistic::odds(share) as f32;
            self.covariance = vec![(1.0 / (n * share * (1.0 - share))) as f32];
            self.note = Some(NO_BETTER.into());
        }
    }

    /// Reads a model document.
    ///
    /// # Errors
    /// A document that is no model, one of another version, or one whose parts do not fit together.
    pub fn read(document: &[u8]) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Kind {
            format: String,
            version: u32,
        }
        let kind: Kind = crate::read(document)
            .map_err(|_| Error::at("", "this is not a forecast model: make one with `forecast fit`"))?;
        if kind.format != FORMAT {
            return Err(Error::at("format", format!("this is a `{}`, not a forecast model", kind.format)));
        }
        if kind.version != VERSION {
            return Err(Error::at(
                "version",
                format!("this model has version {}, only {VERSION} can be read: fit it again", kind.version),
            ));
        }
        let model: Self = crate::read(document)?;
        let features = 1 + model.columns.iter().map(|column| column.features() as usize).sum::<usize>();
        if model.covariance.len() != features * (features + 1) / 2 {
            return Err(Error::at("covariance", "the numbers do not fit the columns: the model is damaged"));
        }
        let finite = model.intercept.is_finite() && model.covariance.iter().all(|c| c.is_finite());
        let sound = |column: &Column| match column {
            Column::Levels { levels, rare, unseen, .. } => {
                rare.is_finite() && unseen.is_finite() && levels.iter().all(|l| l.weight.is_finite())
            }
            Column::Number { mean, deviation, least, greatest, weight, unknown, won, .. } => {
                *deviation > 0.0
                    && least <= greatest
                    && [mean, deviation, least, greatest, weight, unknown, won].iter().all(|x| x.is_finite())
            }
        };
        if !finite || !model.columns.iter().all(sound) {
            return Err(Error::at("columns", "a weight is not a finite number: the model is damaged"));
        }
        if let Some(ages) = &model.ages {
            ages.check()?;
        }
        Ok(model)
    }

    /// The model as a JSON document, ending in a newline.
    pub fn to_json(&self) -> String {
        // A struct of strings and finite numbers always serialises.
        serde_json::to_string(self).map(|json| json + "\n").unwrap_or_default()
    }

    /// The columns the model uses.
    pub fn questions(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(Column::name)
    }

    /// The fit in a few lines a seller understands.
    pub fn report(&self) -> String {
        use std::fmt::Write as _;
        let mut text = String::new();
        let percent = |share: f64| format!("{:.0}%", share * 100.0);
        let _ = writeln!(
            text,
            "Learned from {} decided deals, {} of them won ({}).",
            self.n,
            self.n_won,
            percent(self.base_rate)
        );
        match (&self.skill, &self.note) {
            (Some(skill), None) => {
                let _ = writeln!(
                    text,
                    "The answers help: on deals not seen, log loss {:.3} beside {:.3} for saying the average (gain {:.3} ± {:.3}).",
                    skill.log_loss, skill.base_log_loss, skill.gain, skill.gain_error
                );
                let _ = writeln!(text, "It uses: {}.", self.questions().collect::<Vec<_>>().join(", "));
            }
            (Some(skill), Some(note)) => {
                let _ = writeln!(
                    text,
                    "The forecast is {note}: on deals not seen, log loss {:.3} beside {:.3} for saying {} for every deal.",
                    skill.log_loss,
                    skill.base_log_loss,
                    percent(self.base_rate)
                );
            }
            (None, _) => {
                let _ = writeln!(
                    text,
                    "The forecast is {NO_BETTER}: there are too few decided deals, or no answers, to learn more."
                );
            }
        }
        for left in &self.left_out {
            let verb = if left.forced { "Used as told although" } else { "Left out" };
            let _ = writeln!(text, "{verb} `{}`: {}.", left.column, left.why);
        }
        report_dates(&mut text, &self.dates);
        if let Some(ages) = &self.ages {
            text.push_str(&ages.report());
        }
        for note in &self.notes {
            let _ = writeln!(text, "Note: {note}.");
        }
        text
    }
}

fn coarse(profiles: usize) -> String {
    format!(
        "there are only {profiles} different sets of answers: deals with the same answers were not kept together in the folds"
    )
}

fn report_dates(text: &mut String, dates: &[DatesRead]) {
    use std::fmt::Write as _;
    for read in dates {
        let doubt = if read.certain { "" } else { ", though the dates would allow the other order too" };
        let _ = writeln!(text, "Dates in `{}` were read as {}{doubt}.", read.column, read.read_as);
    }
}

#[cfg(test)]
mod tests;
