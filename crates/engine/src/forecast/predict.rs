//! Predicting: one deal, or a table of them.

#![expect(
    clippy::indexing_slicing,
    reason = "a numeric kernel: features are numbered by the model's own columns, and its covariance was checked to fit them"
)]

use super::encode::{is_unknown, standardised};
use super::{Column, Model, logistic};
use crate::Error;
use crate::date::{self, Date, DateOrder, Days, is_missing};
use crate::normal;
use crate::quick::QuickMap;
use crate::table::{Table, end_line, number, push_cell};
use serde::Serialize;
use std::io::Write;

/// How a table is predicted.
#[derive(Debug, Clone, Default)]
pub struct PredictOptions {
    /// `--opened`: the column with the day a deal was opened; with `as_of` the chances at its age are added.
    pub opened: Option<String>,
    /// `--as-of`: the day the ages are counted to.
    pub as_of: Option<Date>,
    /// How days with slashes are written.
    pub dates: DateOrder,
}

/// What is said of one deal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prediction {
    /// The chance to win.
    pub probability: f64,
    /// The lower end of the 80% interval of that chance.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// What to know about it: `no better than your average`, or answers never seen; empty if nothing.
    pub note: String,
}

/// What was predicted, in sum.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Predicted {
    /// How many deals.
    pub rows: usize,
    /// The mean chance.
    pub mean: f64,
    /// How many deals have a note of their own, apart from `no better than your average`.
    pub noted: usize,
    /// The names of the columns that were added.
    pub added: Vec<String>,
}

/// A model made ready to predict many deals.
pub struct Predictor<'m> {
    model: &'m Model,
    columns: Vec<Ready<'m>>,
    covariance: Covariance,
    /// How many values a deal has, the constant one among them.
    values: usize,
    /// What a feature outside the model adds to the variance: the prior's.
    prior_variance: f32,
}

enum Ready<'m> {
    /// Its features are flags, by their number there.
    Levels { name: &'m str, known: QuickMap<&'m str, (u32, f32)>, rare: Option<(u32, f32)>, unseen: f32 },
    Number {
        name: &'m str,
        /// Where its value stands among the values.
        value: usize,
        /// The flag of a number that is not known, and its weight.
        unknown: Option<(u32, f32)>,
        mean: f32,
        deviation: f32,
        least: f32,
        greatest: f32,
        weight: f32,
    },
}

/// The features of one deal, reused from deal to deal.
#[derive(Default)]
pub(super) struct Scratch {
    /// One, then the value of each number (0, the mean, where it is not known), filled up with 0 to whole [`LANES`].
    values: Vec<f32>,
    /// The flags that are up: levels, and numbers that are not known.
    flags: Vec<u32>,
}

/// How many values are multiplied side by side.
const LANES: usize = 8;

/// The model's covariance of its weights, laid out so that a deal's variance is read in whole lines: the values of a deal are
/// many and always there, its flags few of many.
struct Covariance {
    /// Values rounded up to whole [`LANES`].
    width: usize,
    /// A line of covariances with the values for each value, then for each flag.
    with_values: Vec<f32>,
    /// The flags' covariances among themselves: a lower triangle.
    of_flags: Vec<f32>,
}

impl Covariance {
    /// `values` and `flags` are the features of the model that become them, in order.
    fn new(model: &[f32], values: &[u32], flags: &[u32]) -> Self {
        let of = |a: u32, b: u32| {
            let (i, j) = (a.max(b) as usize, a.min(b) as usize);
            model.get(i * (i + 1) / 2 + j).copied().unwrap_or(0.0)
        };
        let width = values.len().next_multiple_of(LANES);
        let mut with_values = Vec::with_capacity((values.len() + flags.len()) * width);
        for &feature in values.iter().chain(flags) {
            with_values.extend(values.iter().map(|&value| of(feature, value)));
            with_values.resize(with_values.len().next_multiple_of(LANES), 0.0);
        }
        let below =
            flags.iter().enumerate().flat_map(|(at, &one)| flags[..=at].iter().map(move |&two| of(one, two)));
        Self { width, with_values, of_flags: below.collect() }
    }

    /// `xᵀ·C·x` of a deal.
    fn quadratic(&self, deal: &Scratch, values: usize) -> f32 {
        let line = |at: usize| dot(&self.with_values[at * self.width..(at + 1) * self.width], &deal.values);
        let mut sum: f32 = deal.values[..values].iter().enumerate().map(|(at, value)| value * line(at)).sum();
        for (at, &flag) in deal.flags.iter().enumerate() {
            let flag = flag as usize;
            let others = &self.of_flags[flag * (flag + 1) / 2..(flag + 1) * (flag + 2) / 2];
            let across: f32 = deal.flags[..at].iter().map(|&other| others[other as usize]).sum();
            sum += others[flag] + 2.0 * (across + line(values + flag));
        }
        sum
    }
}

/// The product of two lines of whole [`LANES`].
fn dot(one: &[f32], two: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    for (one, two) in one.as_chunks::<LANES>().0.iter().zip(two.as_chunks::<LANES>().0) {
        for ((sum, one), two) in sums.iter_mut().zip(one).zip(two) {
            *sum += one * two;
        }
    }
    sums.iter().sum()
}

impl<'m> Predictor<'m> {
    /// Makes a model ready.
    pub fn new(model: &'m Model) -> Self {
        let mut columns = Vec::with_capacity(model.columns.len());
        // The model's features, numbered in its own order, become values or flags.
        let (mut values, mut flags, mut next) = (vec![0], Vec::new(), 1_u32..);
        let mut flag = |feature: Option<u32>| {
            flags.extend(feature);
            u32::try_from(flags.len()).map_or(u32::MAX, |count| count - 1)
        };
        for column in &model.columns {
            columns.push(match column {
                Column::Levels { name, levels, rare_n, rare, unseen } => {
                    let known = levels
                        .iter()
                        .map(|level| (level.value.as_str(), (flag(next.next()), level.weight)))
                        .collect();
                    let rare = Some((flag(next.next()), *rare)).filter(|_| *rare_n > 0);
                    Ready::Levels { name, known, rare, unseen: *unseen }
                }
                &Column::Number {
                    ref name,
                    known,
                    mean,
                    deviation,
                    least,
                    greatest,
                    weight,
                    unknown,
                    ..
                } => {
                    let value = values.len();
                    values.extend(next.next());
                    // Where no deal lacked the number, what a lacking one means was never learned: the mean is taken.
                    let unknown = Some((flag(next.next()), unknown)).filter(|_| (known as usize) < model.n);
                    Ready::Number { name, value, unknown, mean, deviation, least, greatest, weight }
                }
            });
        }
        let covariance = Covariance::new(&model.covariance, &values, &flags);
        #[expect(clippy::cast_possible_truncation, reason = "a prior variance needs no more digits")]
        let prior_variance = model.strength.map_or(0.0, |strength| 1.0 / strength as f32);
        Self { model, columns, covariance, values: values.len(), prior_variance }
    }

    /// Predicts one deal from its answers; a question that `answer` does not know is unanswered (empty).
    pub fn predict<'a>(&self, answer: impl Fn(&str) -> Option<&'a str>) -> Prediction {
        let answers: Vec<&str> =
            self.columns.iter().map(|column| answer(column.name()).unwrap_or("").trim()).collect();
        let mut prediction = Prediction { probability: 0.0, low: 0.0, high: 0.0, note: String::new() };
        self.row(|at| answers[at], &mut Scratch::default(), &mut prediction);
        prediction
    }

    /// Where each column of the model stands among the given names; past their end where it is missing.
    pub fn order_of(&self, names: &[&str]) -> Vec<usize> {
        self.columns
            .iter()
            .map(|column| names.iter().position(|name| *name == column.name()).unwrap_or(names.len()))
            .collect()
    }

    /// Predicts many deals, each a function from the number of a model's column (see [`Predictor::order_of`]) to its
    /// cell, without allocating for each.
    pub fn many<'a, D: Fn(usize) -> &'a str>(
        &self,
        deals: impl Iterator<Item = D>,
        mut take: impl FnMut(&Prediction),
    ) {
        let mut scratch = Scratch::default();
        let mut prediction = Prediction { probability: 0.0, low: 0.0, high: 0.0, note: String::new() };
        for deal in deals {
            self.row(deal, &mut scratch, &mut prediction);
            take(&prediction);
        }
    }

    /// The log odds and their variance.
    pub(super) fn score<'a>(
        &self,
        cell: impl Fn(usize) -> &'a str,
        scratch: &mut Scratch,
        note: &mut String,
    ) -> (f64, f64) {
        let Scratch { values, flags } = &mut *scratch;
        flags.clear();
        values.clear();
        values.push(1.0);
        values.resize(self.covariance.width, 0.0);
        let mut score = f64::from(self.model.intercept);
        let mut extra = 0.0_f32;
        for (at, column) in self.columns.iter().enumerate() {
            let cell = cell(at);
            match column {
                Ready::Levels { name, known, rare, unseen, .. } => {
                    let found =
                        known.get(cell).or_else(|| if is_missing(cell) { known.get("") } else { None });
                    if let Some(&(feature, weight)) = found {
                        flags.push(feature);
                        score += f64::from(weight);
                    } else {
                        // A level never seen is a level too: the average one, as uncertain as the prior.
                        extra += self.prior_variance;
                        match rare {
                            Some((feature, weight)) => {
                                flags.push(*feature);
                                score += f64::from(*weight);
                            }
                            None => score += f64::from(*unseen),
                        }
                        if is_missing(cell) {
                            remark(note, &["no answer to ", name, " was seen before"]);
                        } else {
                            remark(note, &["`", cell, "` in ", name, " was not seen before"]);
                        }
                    }
                }
                &Ready::Number { name, value, unknown, mean, deviation, least, greatest, weight } => {
                    let read = number(cell);
                    if read.is_none() && !is_unknown(cell) {
                        remark(note, &["`", cell, "` in ", name, " is not a number"]);
                    }
                    if let Some(x) = read {
                        let inside = x.clamp(f64::from(least), f64::from(greatest));
                        // Seven digits are kept of the ends: only what is clearly outside is told.
                        if (x - inside).abs() > 1e-5 * inside.abs().max(f64::from(deviation)) {
                            remark(note, &[name, " lies outside what was seen before"]);
                        }
                        let standard = standardised(inside, mean, deviation);
                        values[value] = standard;
                        score += f64::from(weight) * f64::from(standard);
                    } else if let Some((flag, weight)) = unknown {
                        flags.push(flag);
                        score += f64::from(weight);
                    } else {
                        extra += weight * weight;
                    }
                }
            }
        }
        (score, f64::from(self.covariance.quadratic(scratch, self.values) + extra))
    }

    fn row<'a>(&self, cell: impl Fn(usize) -> &'a str, scratch: &mut Scratch, prediction: &mut Prediction) {
        prediction.note.clear();
        if let Some(note) = &self.model.note {
            prediction.note.push_str(note);
        }
        let (score, variance) = self.score(cell, scratch, &mut prediction.note);
        let half = normal::Z90 * variance.max(0.0).sqrt();
        // One exponential serves the chance and, with another, both ends.
        let (odds, factor) = (libm::exp(-score), libm::exp(half));
        prediction.probability = 1.0 / (1.0 + odds);
        prediction.low = 1.0 / (1.0 + odds * factor);
        prediction.high = 1.0 / (1.0 + odds / factor);
    }

    /// Predicts a table of deals: writes every row in order with `probability`, `low`, `high` and `note` added (called
    /// `forecast_note` and so on where the table has such a column), and the chances at the deal's age where asked.
    ///
    /// # Errors
    /// A table that cannot be read, a column of the model that is not there, or a failure of the writer.
    pub fn table(
        &self,
        table: &[u8],
        options: &PredictOptions,
        out: &mut impl Write,
    ) -> Result<Predicted, Error> {
        let table = Table::read(table)?;
        let mut positions = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let name = column.name();
            positions.push(table.find(name, "").map_err(|_| {
                Error::at(
                    "line 1",
                    format!(
                        "the table has no column `{name}`, which the model needs: {}",
                        crate::table::listed(self.model.questions())
                    ),
                )
            })?);
        }
        let aged = self.opened_days(&table, options)?;
        let mut names = vec!["probability", "low", "high", "note"];
        if aged.is_some() {
            names.extend(["age_days", "probability_at_age", "won_within_30", "won_within_90"]);
        }
        let added: Vec<String> = names
            .iter()
            .map(|name| {
                if table.headers().iter().any(|h| h == name) {
                    format!("forecast_{name}")
                } else {
                    (*name).to_owned()
                }
            })
            .collect();
        let delimiter = table.delimiter();
        let failed = |error: std::io::Error| Error::at("", format!("the result cannot be written: {error}"));
        let mut line: Vec<u8> = Vec::with_capacity(4096);
        for name in table.headers().iter().chain(&added) {
            push_cell(&mut line, name, delimiter);
        }
        end_line(&mut line);
        let mut prediction = Prediction { probability: 0.0, low: 0.0, high: 0.0, note: String::new() };
        let mut scratch = Scratch::default();
        let (mut sum, mut noted) = (0.0, 0);
        for row in 0..table.rows() {
            self.row(|at| table.cell(row, positions[at]), &mut scratch, &mut prediction);
            sum += prediction.probability;
            noted += usize::from(prediction.note.len() > self.model.note.as_ref().map_or(0, String::len));
            for column in 0..table.headers().len() {
                push_cell(&mut line, table.cell(row, column), delimiter);
            }
            for share in [prediction.probability, prediction.low, prediction.high] {
                push_share(&mut line, share);
                line.push(delimiter);
            }
            push_cell(&mut line, &prediction.note, delimiter);
            if let Some((as_of, days)) = &aged {
                self.push_age(
                    &mut line,
                    prediction.probability,
                    days[row].map(|opened| as_of.since(opened)),
                    delimiter,
                );
            }
            end_line(&mut line);
            if line.len() > 1 << 16 {
                out.write_all(&line).map_err(failed)?;
                line.clear();
            }
        }
        out.write_all(&line).map_err(failed)?;
        Ok(Predicted { rows: table.rows(), mean: sum / table.rows() as f64, noted, added })
    }

    fn opened_days(&self, table: &Table, options: &PredictOptions) -> Result<Option<(Date, Days)>, Error> {
        let (Some(name), Some(as_of)) = (&options.opened, options.as_of) else {
            return match (&options.opened, options.as_of) {
                (Some(_), None) => {
                    Err(Error::at("--as-of", "the day to count ages to is needed with --opened"))
                }
                (None, Some(_)) => Err(Error::at(
                    "--opened",
                    "the column with the day a deal was opened is needed with --as-of",
                )),
                _ => Ok(None),
            };
        };
        if self.model.ages.is_none() {
            return Err(Error::at("--model", "this model knows no ages: fit it with --opened and --closed"));
        }
        let at = table.find(name, "--opened")?;
        let (mut days, _) = date::read_columns(&[(name.as_str(), table.lined(at))], options.dates)?;
        Ok(days.pop().map(|days| (as_of, days)))
    }

    fn push_age(&self, line: &mut Vec<u8>, probability: f64, age_days: Option<i32>, delimiter: u8) {
        let age = age_days.and_then(|age| u32::try_from(age).ok());
        push_cell(line, &age.map(|age| age.to_string()).unwrap_or_default(), delimiter);
        let chances = age.and_then(|age| self.model.at_age(probability, age));
        let chances = chances.map(|at| [Some(at.ever), Some(at.within_30), Some(at.within_90)]);
        for chance in chances.unwrap_or([None; 3]) {
            if let Some(chance) = chance {
                push_share(line, chance);
            }
            line.push(delimiter);
        }
    }
}

/// What is said of a deal that is still open at some age.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AtAge {
    /// The chance that it is won in the end.
    pub ever: f64,
    /// The chance that it is won within 30 days.
    pub within_30: f64,
    /// The chance that it is won within 90 days.
    pub within_90: f64,
}

/// What is said of a deal that is still open at some age, with how sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Aged {
    /// The chance that it is won in the end.
    pub ever: f64,
    /// The lower end of its 80% interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The chance that it is won within 30 days.
    pub within_30: f64,
    /// The chance that it is won within 90 days.
    pub within_90: f64,
    /// The age it counts as, in days: its own, or the oldest at which enough deals were still followed.
    pub counts_as: u32,
    /// How many deals were still followed at that age.
    pub n: u32,
}

/// So many deals must still be followed at an age for anything to be said of it.
const FOLLOWED_MIN: u32 = 20;
/// With how many deals of the average the share at an age is mixed: a few that all ended alike are no certainty.
const AGE_PRIOR: f64 = 2.0;

impl Model {
    /// What is said of a deal that is still open at `age` days, of which `new` was said as of a new one. Where fewer than
    /// [`FOLLOWED_MIN`] deals were still followed, it counts as the oldest age at which so many were. The interval takes in
    /// how many were followed: `(h² + z²/(n·q·(1 − q)))^½` on the log odds. None where no ages are known.
    pub fn aged(&self, new: &Prediction, age: u32) -> Option<Aged> {
        let ages = self.ages.as_ref()?;
        let last = ages.at_risk.iter().rposition(|&n| n >= FOLLOWED_MIN)?;
        let counts_as = age.min(ages.days[last].saturating_sub(1));
        let at = ages.days.partition_point(|day| *day <= counts_as).min(last);
        let n = ages.at_risk[at];
        let raw = ages.won_if_open(counts_as, 0.0)?;
        let (count, base) = (f64::from(n), self.base_rate.clamp(1e-6, 1.0 - 1e-6));
        let share = ((raw * count + AGE_PRIOR * base) / (count + AGE_PRIOR)).clamp(1e-6, 1.0 - 1e-6);
        let odds = |chance: f64| logistic::odds(chance.clamp(1e-6, 1.0 - 1e-6));
        let middle = odds(share) + odds(new.probability) - f64::from(self.intercept_of_average());
        let of_age = normal::Z90 * normal::Z90 / (count * share * (1.0 - share));
        let wide = |half: f64| libm::sqrt(half * half + of_age);
        let ever = logistic::share(middle);
        let soon = |days: u32| {
            let within = ages.won_within(counts_as, days, 0.0).unwrap_or(0.0);
            if raw > 0.0 { ever * within / raw } else { 0.0 }
        };
        Some(Aged {
            ever,
            low: logistic::share(middle - wide(odds(new.probability) - odds(new.low))),
            high: logistic::share(middle + wide(odds(new.high) - odds(new.probability))),
            within_30: soon(30),
            within_90: soon(90),
            counts_as,
            n,
        })
    }

    /// A chance to win, said of a new deal, for one that is still open at `age` days; none where the model knows no ages, or
    /// none so old.
    pub fn at_age(&self, probability: f64, age: u32) -> Option<AtAge> {
        let ages = self.ages.as_ref()?;
        let shift =
            logistic::odds(probability.clamp(1e-6, 1.0 - 1e-6)) - f64::from(self.intercept_of_average());
        Some(AtAge {
            ever: ages.won_if_open(age, shift)?,
            within_30: ages.won_within(age, 30, shift)?,
            within_90: ages.won_within(age, 90, shift)?,
        })
    }

    /// The log odds of the average.
    #[expect(clippy::cast_possible_truncation, reason = "the same digits as the weights")]
    pub(super) fn intercept_of_average(&self) -> f32 {
        if self.strength.is_none() {
            return self.intercept;
        }
        logistic::odds(self.base_rate.clamp(1e-6, 1.0 - 1e-6)) as f32
    }
}

impl Ready<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Levels { name, .. } | Self::Number { name, .. } => name,
        }
    }
}

fn remark(note: &mut String, words: &[&str]) {
    if !note.is_empty() {
        note.push_str("; ");
    }
    words.iter().for_each(|word| note.push_str(word));
}

/// A share with six decimals.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share in millionths fits easily"
)]
fn push_share(line: &mut Vec<u8>, share: f64) {
    let millionths = (share * 1e6 + 0.5) as u32;
    line.push(b'0' + u8::from(millionths >= 1_000_000));
    line.push(b'.');
    let mut rest = millionths % 1_000_000;
    let at = line.len();
    line.extend_from_slice(b"000000");
    for digit in (at..at + 6).rev() {
        line[digit] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
}
