//! What the open deals will bring, and by when: won value within 30 and 90 days.
//!
//! Every open deal is won within the horizon with the chance its age gives it (see [`Ages`]), for its value or that of
//! a won deal like it; the estimate's own uncertainty is drawn by resampling the history (Efron, 1979),
//! and widened by how far off the same forecast was when made as of earlier days. Nothing that
//! became known after the as-of date is used. A pipeline weighted without a horizon is never shown.

#![expect(clippy::indexing_slicing, reason = "row numbers are positions by construction")]

use super::ages::{self, Ages, Ending};
use super::cases::{Cases, Outcome};
use super::encode::{self, Coded};
use super::{DealColumns, FitOptions, LeftOut, Model, Predictor, logistic, report_dates};
use crate::Error;
use crate::date::{Date, DatesRead, is_missing};
use crate::quick::QuickMap;
use crate::random::Random;
use crate::table::number;
use serde::Serialize;

const HORIZONS_DAYS: [u32; 2] = [30, 90];
/// Histories resampled, and pictures of the future drawn from each.
const HISTORIES: usize = 200;
const FUTURES: usize = 20;
/// Earlier days, thirty days apart, as of which the same forecast is made to see how far off it was.
const REHEARSALS_MAX: i32 = 6;
/// A rehearsal with fewer decided deals is not made.
const REHEARSED_MIN: usize = 30;
/// How far off a forecast is held to be before any rehearsal: a standard deviation of the logarithm.
const OFF: f64 = 0.2;
/// A class of won deals smaller than this lends no value to an open one.
const CLASS_MIN: usize = 10;

/// How a pipeline is computed.
#[derive(Debug, Clone)]
pub struct PipelineOptions {
    /// The outcome and the dates, both needed.
    pub deals: DealColumns,
    /// `--value`: the column with the value of a deal.
    pub value: String,
    /// `--like`: a column, such as the product; an open deal without a value of its own is worth what won deals with the
    /// same cell there were.
    pub like: Option<String>,
    /// `--as-of`: the day; the last one in the table by default.
    pub as_of: Option<Date>,
    /// `--ignore`: columns that must not be used.
    pub ignore: Vec<String>,
    /// A column, such as the owner, by whose cells parts of the pipeline are told as well, from the same draws as the whole.
    pub by: Option<String>,
    /// The parts: each the cells of that column that belong to it, at most [`PARTS_MAX`] of them.
    pub parts: Vec<Vec<String>>,
    /// `--seed`, 1 by default.
    pub seed: u64,
}

/// The most parts that a pipeline is told for.
pub const PARTS_MAX: usize = 2_000;

impl Default for PipelineOptions {
    fn default() -> Self {
        Self {
            deals: DealColumns::default(),
            value: String::new(),
            like: None,
            as_of: None,
            ignore: vec![],
            by: None,
            parts: vec![],
            seed: 1,
        }
    }
}

/// What is won within so many days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Horizon {
    /// Days from the as-of date.
    pub days: u32,
    /// Won value that is exceeded nine times in ten.
    pub p10: f64,
    /// Won value as often exceeded as not.
    pub p50: f64,
    /// Won value that is exceeded once in ten.
    pub p90: f64,
    /// Deals expected to be won.
    pub deals: f64,
}

/// One part of a pipeline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Open deals of it, those that count for nothing too.
    pub n_open: usize,
    /// 30 and 90 days.
    pub horizons: Vec<Horizon>,
}

/// The answer of [`pipeline`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pipeline {
    /// The day it is told as of.
    pub as_of: Date,
    /// Deals open on that day.
    pub n_open: usize,
    /// Deals decided by then.
    pub n_decided: usize,
    /// Open deals that count for nothing, for they are without a date or older than any that was ever followed.
    pub n_silent: usize,
    /// 30 and 90 days.
    pub horizons: Vec<Horizon>,
    /// The parts that were asked for, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// Open deals whose value was drawn from won ones.
    pub n_value_drawn: usize,
    /// `no better than your average`, where the answers tell nothing and only ages count.
    pub note: Option<String>,
    /// Columns that were not used, and why.
    pub left_out: Vec<LeftOut>,
    /// How dates were read.
    pub dates: Vec<DatesRead>,
    /// What was decided while reading the table.
    pub notes: Vec<String>,
}

struct OpenDeal {
    age: u32,
    shift: f64,
    worth: Worth,
    /// Which cell of the column that parts are told by.
    group: usize,
}

enum Worth {
    Known(f64),
    /// Drawn from the values of this class of won deals.
    Like(usize),
}

/// Computes the pipeline as of a day.
///
/// # Errors
/// A table that cannot be read, a column or value that is not there, no open deals, or no history by that day.
pub fn pipeline(table: &[u8], options: &PipelineOptions) -> Result<Pipeline, Error> {
    if options.deals.opened.is_none() || options.deals.closed.is_none() {
        return Err(Error::at(
            "--opened",
            "a pipeline needs the days deals were opened and closed: name the columns with --opened and --closed",
        ));
    }
    let as_of = match options.as_of {
        Some(day) => day,
        None => Cases::read(table, &options.deals, None)?
            .latest()
            .ok_or_else(|| Error::at("--as-of", "no row has a date: say the day"))?,
    };
    let cases = Cases::read(table, &options.deals, Some(as_of))?;
    let value_at = cases.table.find(&options.value, "--value")?;
    let like_at = options.like.as_deref().map(|name| cases.table.find(name, "--like")).transpose()?;
    let (followed, mut notes) = ages::followed(&cases, as_of);
    if Ages::of(&followed).is_none() {
        return Err(Error::at(
            "--as-of",
            format!("no deal was decided by {as_of}: there is no history to tell from"),
        ));
    }
    let mut ignore = options.ignore.clone();
    ignore.push(options.value.clone());
    let fit = FitOptions {
        deals: options.deals.clone(),
        ignore,
        as_of: Some(as_of),
        seed: options.seed,
        ..FitOptions::default()
    };
    let model = super::fit(table, &fit)?;
    let classes = classes(&cases, value_at, like_at)?;
    let groups = Groups::of(&cases, options)?;
    let (open, n_silent) = open_deals(&cases, &model, as_of, value_at, like_at, &classes, &groups)?;
    if n_silent > 0 {
        notes.push(format!(
            "{n_silent} open deals without a date, or older than any that was followed, count for nothing"
        ));
    }
    let off = HORIZONS_DAYS.map(|days| rehearse(&cases, as_of, days));
    let (horizons, parts) = draw(&followed, &open, &classes.values, off, &groups, options.seed);
    Ok(Pipeline {
        as_of,
        n_open: open.len() + n_silent,
        n_decided: model.n,
        n_silent,
        horizons,
        parts,
        n_value_drawn: open.iter().filter(|deal| matches!(deal.worth, Worth::Like(_))).count(),
        note: model.note,
        left_out: model.left_out,
        dates: cases.dates,
        notes: cases.notes.into_iter().chain(notes).collect(),
    })
}

/// Values of won deals: all of them first, then by class.
struct Classes<'a> {
    values: Vec<Vec<f64>>,
    of: QuickMap<&'a str, usize>,
    /// Whether open deals' own values may be used: not where the column is filled in only when a deal ends.
    own: bool,
}

fn classes<'a>(cases: &'a Cases, value_at: usize, like_at: Option<usize>) -> Result<Classes<'a>, Error> {
    let mut values = vec![Vec::new()];
    let mut of: QuickMap<&str, usize> = QuickMap::default();
    for (row, outcome) in cases.outcomes.iter().enumerate() {
        let cell = cases.table.cell(row, value_at);
        if is_missing(cell) {
            continue;
        }
        let value = number(cell).ok_or_else(|| {
            Error::at(
                format!("line {}, column `{}`", cases.table.line(row), cases.table.headers()[value_at]),
                format!("`{cell}` is not a number"),
            )
        })?;
        if *outcome == Outcome::Won {
            values[0].push(value);
            if let Some(like_at) = like_at {
                let class = *of.entry(cases.table.cell(row, like_at)).or_insert_with(|| {
                    values.push(Vec::new());
                    values.len() - 1
                });
                values[class].push(value);
            }
        }
    }
    // A value written down when a deal ends must not be read off deals that were open then.
    let coded: Vec<Coded<'_>> = encode::column(cases, value_at).into_iter().collect();
    let own = coded.iter().all(|coded| super::leaks::leak(cases, coded, &cases.decided()).is_none());
    Ok(Classes { values, of, own })
}

/// The cells of the column that parts are told by, and which part has which of them.
struct Groups<'a> {
    at: Option<usize>,
    of: QuickMap<&'a str, usize>,
    /// The groups of each part.
    parts: Vec<Vec<usize>>,
    /// Open deals of each group.
    open: Vec<usize>,
}

impl<'a> Groups<'a> {
    fn of(cases: &'a Cases, options: &PipelineOptions) -> Result<Self, Error> {
        if options.parts.len() > PARTS_MAX {
            return Err(Error::at("parts", format!("at most {PARTS_MAX} parts can be told")));
        }
        let at = options.by.as_deref().map(|name| cases.table.find(name, "by")).transpose()?;
        let mut of: QuickMap<&str, usize> = QuickMap::default();
        let mut open = Vec::new();
        if let Some(at) = at {
            for row in (0..cases.table.rows()).filter(|&row| cases.outcomes[row] == Outcome::Open) {
                let group = *of.entry(cases.table.cell(row, at)).or_insert_with(|| {
                    open.push(0);
                    open.len() - 1
                });
                open[group] += 1;
            }
        }
        let groups = |cells: &Vec<String>| {
            let mut groups: Vec<usize> =
                cells.iter().filter_map(|cell| of.get(cell.as_str())).copied().collect();
            groups.sort_unstable();
            groups.dedup();
            groups
        };
        Ok(Self { at, parts: options.parts.iter().map(groups).collect(), of, open })
    }

    fn of_row(&self, cases: &Cases, row: usize) -> usize {
        self.at.and_then(|at| self.of.get(cases.table.cell(row, at))).copied().unwrap_or(0)
    }
}

fn open_deals(
    cases: &Cases,
    model: &Model,
    as_of: Date,
    value_at: usize,
    like_at: Option<usize>,
    classes: &Classes<'_>,
    groups: &Groups<'_>,
) -> Result<(Vec<OpenDeal>, usize), Error> {
    let predictor = Predictor::new(model);
    let last_day = model.ages.as_ref().map_or(0, Ages::last_day);
    let headers: QuickMap<&str, usize> = cases.table.headers().iter().map(String::as_str).zip(0..).collect();
    let (mut open, mut silent) = (Vec::new(), 0);
    for row in (0..cases.table.rows()).filter(|&row| cases.outcomes[row] == Outcome::Open) {
        let age = cases.opened_on(row).and_then(|opened| u32::try_from(as_of.since(opened)).ok());
        let Some(age) = age.filter(|age| *age <= last_day) else {
            silent += 1;
            continue;
        };
        let probability =
            predictor.predict(|name| headers.get(name).map(|&at| cases.table.cell(row, at))).probability;
        let shift =
            logistic::odds(probability.clamp(1e-6, 1.0 - 1e-6)) - f64::from(model.intercept_of_average());
        let own = number(cases.table.cell(row, value_at)).filter(|_| classes.own);
        let worth = own.map_or_else(
            || {
                let class = like_at.and_then(|at| classes.of.get(cases.table.cell(row, at)).copied());
                Worth::Like(class.filter(|&class| classes.values[class].len() >= CLASS_MIN).unwrap_or(0))
            },
            Worth::Known,
        );
        if matches!(worth, Worth::Like(_)) && classes.values[0].is_empty() {
            return Err(Error::at(
                "--value",
                "no won deal has a value by that day, and some open deals have none of their own",
            ));
        }
        open.push(OpenDeal { age, shift, worth, group: groups.of_row(cases, row) });
    }
    Ok((open, silent))
}

/// How far off forecasts of so many days were, made as of earlier days with what was known then: the logarithm of
/// deals won ÷ deals expected, its mean (drawn towards none) and standard deviation beyond that of chance.
fn rehearse(cases: &Cases, as_of: Date, days: u32) -> (f64, f64) {
    let mut logs = Vec::new();
    let mut by_chance = 0.0;
    for back in 0..REHEARSALS_MAX {
        let day = as_of.plus(-i32::try_from(days).unwrap_or(0) - 30 * back);
        let until = day.plus(i32::try_from(days).unwrap_or(0));
        let mut followed = Vec::new();
        let mut open = Vec::new();
        let mut won = 0.0;
        for row in 0..cases.table.rows() {
            let Some(opened) = cases.opened_on(row).filter(|opened| *opened <= day) else { continue };
            let ended = match cases.outcomes[row] {
                Outcome::Won => cases.closed_on(row).map(|closed| (closed, Ending::Won)),
                Outcome::Lost => cases.closed_on(row).map(|closed| (closed, Ending::Lost)),
                Outcome::Open => Some((as_of.plus(1), Ending::Open)),
                Outcome::NotYet => None,
            };
            let Some((closed, ending)) = ended else { continue };
            let (seen, ending) = if closed <= day { (closed, ending) } else { (day, Ending::Open) };
            let Ok(age) = u32::try_from(seen.since(opened)) else { continue };
            followed.push((age, ending));
            if ending == Ending::Open {
                open.push(age);
                won += f64::from(u8::from(cases.outcomes[row] == Outcome::Won && closed <= until));
            }
        }
        if followed.len() - open.len() < REHEARSED_MIN {
            break;
        }
        let Some(ages) = Ages::of(&followed) else { break };
        let expected: f64 = open.iter().filter_map(|&age| ages.won_within(age, days, 0.0)).sum();
        logs.push(libm::log((won + 0.5) / (expected + 0.5)));
        by_chance += 1.0 / (expected + 0.5);
    }
    let n = logs.len() as f64;
    let mean = logs.iter().sum::<f64>() / (n + 2.0);
    let squares: f64 = logs.iter().map(|log| (log - mean) * (log - mean)).sum();
    (mean, libm::sqrt(((squares - by_chance).max(0.0) + OFF * OFF) / (n + 1.0)))
}

/// What is won within the horizons: all of it, and each part.
fn draw(
    followed: &[(u32, Ending)],
    open: &[OpenDeal],
    values: &[Vec<f64>],
    off: [(f64, f64); HORIZONS_DAYS.len()],
    groups: &Groups<'_>,
    seed: u64,
) -> (Vec<Horizon>, Vec<Part>) {
    const HORIZONS: usize = HORIZONS_DAYS.len();
    let mut random = Random::seeded(seed);
    let mut sorted: Vec<(u32, Ending, f64)> =
        followed.iter().map(|&(age, ending)| (age, ending, 1.0)).collect();
    sorted.sort_by_key(|(age, ..)| *age);
    let mut all = Sums::default();
    let mut parts = vec![Sums::default(); groups.parts.len()];
    let mut chances = vec![[0.0; HORIZONS]; open.len()];
    let mut by_group = vec![([0.0; HORIZONS], [0.0; HORIZONS]); groups.open.len().max(1)];
    for _ in 0..HISTORIES {
        sorted.iter_mut().for_each(|(.., times)| *times = 0.0);
        for _ in 0..sorted.len() {
            sorted[random.below(followed.len())].2 += 1.0;
        }
        let Some(ages) = Ages::of_sorted(&sorted) else { continue };
        for (deal, chances) in open.iter().zip(&mut chances) {
            for (chance, horizon) in chances.iter_mut().zip(HORIZONS_DAYS) {
                *chance = ages.won_within(deal.age, horizon, deal.shift).unwrap_or(0.0);
            }
        }
        for _ in 0..FUTURES {
            by_group.fill(([0.0; HORIZONS], [0.0; HORIZONS]));
            // One draw of how far off for both horizons; what comes sooner is never more than what comes later.
            let z = random.normal();
            let mut factors = off.map(|(mean, deviation)| libm::exp(mean + deviation * z));
            // A few rehearsals that went badly must not blow it up.
            factors.iter_mut().for_each(|factor| *factor = factor.clamp(0.1, 10.0));
            for (deal, chances) in open.iter().zip(&chances) {
                // One number decides for both horizons: what is won within 30 days is won within 90.
                let u = random.uniform();
                let latest = chances[HORIZONS - 1] * factors[HORIZONS - 1];
                if u >= latest {
                    continue;
                }
                let value = match deal.worth {
                    Worth::Known(value) => value,
                    Worth::Like(class) => values[class][random.below(values[class].len())],
                };
                let (sum, won) = &mut by_group[deal.group];
                for at in 0..HORIZONS {
                    if u < (chances[at] * factors[at]).min(latest) {
                        sum[at] += value;
                        won[at] += 1.0;
                    }
                }
            }
            all.add(by_group.iter());
            for (part, groups) in parts.iter_mut().zip(&groups.parts) {
                part.add(groups.iter().map(|&group| &by_group[group]));
            }
        }
    }
    let told = parts.into_iter().zip(&groups.parts).map(|(sums, of)| Part {
        n_open: of.iter().map(|&group| groups.open[group]).sum(),
        horizons: sums.horizons(),
    });
    let told = told.collect();
    (all.horizons(), told)
}

/// Won value and won deals, future by future.
#[derive(Clone, Default)]
struct Sums {
    values: [Vec<f64>; HORIZONS_DAYS.len()],
    won: [f64; HORIZONS_DAYS.len()],
}

impl Sums {
    /// One future, by groups of deals: their value and their number by horizon.
    fn add<'g>(
        &mut self,
        groups: impl Iterator<Item = &'g ([f64; HORIZONS_DAYS.len()], [f64; HORIZONS_DAYS.len()])>,
    ) {
        let mut sum = [0.0; HORIZONS_DAYS.len()];
        for (values, won) in groups {
            for at in 0..HORIZONS_DAYS.len() {
                sum[at] += values[at];
                self.won[at] += won[at];
            }
        }
        self.values.iter_mut().zip(sum).for_each(|(values, sum)| values.push(sum));
    }

    fn horizons(self) -> Vec<Horizon> {
        let horizons = HORIZONS_DAYS.iter().zip(self.values).zip(self.won);
        horizons
            .map(|((&days, mut sums), won)| {
                sums.sort_by(f64::total_cmp);
                let at = |share: f64| sums.get((share * sums.len() as f64) as usize).copied().unwrap_or(0.0);
                let deals = won / sums.len().max(1) as f64;
                Horizon { days, p10: at(0.1), p50: at(0.5), p90: at(0.9), deals }
            })
            .collect()
    }
}

impl Pipeline {
    /// The pipeline in a few lines a seller understands.
    pub fn report(&self) -> String {
        use std::fmt::Write as _;
        let mut text =
            format!("As of {}: {} deals open, {} decided before.\n", self.as_of, self.n_open, self.n_decided);
        for horizon in &self.horizons {
            let _ = writeln!(
                text,
                "Within {} days: most likely about {:.0} (nine times in ten at least {:.0}, once in ten more than {:.0}), {:.1} deals.",
                horizon.days, horizon.p50, horizon.p10, horizon.p90, horizon.deals
            );
        }
        if let Some(note) = &self.note {
            let _ = writeln!(text, "What is known of the deals is {note}: their ages alone count.");
        }
        if self.n_value_drawn > 0 {
            let _ = writeln!(
                text,
                "{} open deals have no value of their own: that of won deals was taken.",
                self.n_value_drawn
            );
        }
        report_dates(&mut text, &self.dates);
        for note in &self.notes {
            let _ = writeln!(text, "Note: {note}.");
        }
        text
    }
}
