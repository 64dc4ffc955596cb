//! How good is it on deals it has not seen? Every figure beside that of saying the average.

#![expect(clippy::indexing_slicing, reason = "row numbers are positions by construction")]

use super::cases::Cases;
use super::choose::{self, Skill};
use super::logistic::{self, Design};
use super::{DealColumns, LeftOut, NO_BETTER, encode, report_dates};
use crate::Error;
use crate::date::{Date, DatesRead};
use crate::random::Random;
use serde::Serialize;

/// The most folds, and the most repeats.
const FOLDS_MAX: usize = 100;
const REPEATS_MAX: usize = 100;
/// Chances are kept this far from 0 and 1 where their logarithm is taken.
const EDGE: f64 = 1e-12;

/// How a forecast is evaluated.
#[derive(Debug, Clone)]
pub struct EvaluateOptions {
    /// The outcome and the dates.
    pub deals: DealColumns,
    /// `--ignore`: columns that must not be used.
    pub ignore: Vec<String>,
    /// `--force`: columns to use although the leak guard names them.
    pub force: Vec<String>,
    /// `--questions`: use only so many columns, chosen anew in every training set.
    pub questions: Option<usize>,
    /// `--folds`, 5 by default.
    pub folds: usize,
    /// `--repeats`, 10 by default.
    pub repeats: usize,
    /// `--seed`, 1 by default.
    pub seed: u64,
    /// `--train-before`: instead of folds, learn from the deals decided before that day and judge on those decided
    /// later (by `--closed`, else by `--opened`).
    pub train_before: Option<Date>,
}

impl Default for EvaluateOptions {
    fn default() -> Self {
        Self {
            deals: DealColumns::default(),
            ignore: vec![],
            force: vec![],
            questions: None,
            folds: 5,
            repeats: 10,
            seed: 1,
            train_before: None,
        }
    }
}

/// A figure with its 95% interval (groups of one profile drawn with replacement) beside that of the average.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measure {
    /// The figure.
    pub value: f64,
    /// Lower end of its 95% interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The figure of saying the average of the training set for every deal.
    pub base: f64,
}

/// Deals with like chances: what was said and what came.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bin {
    /// Chances from here,
    pub from: f64,
    /// up to here.
    pub to: f64,
    /// How many deals.
    pub n: f64,
    /// The mean chance said.
    pub predicted: f64,
    /// The share that was won.
    pub won: f64,
}

/// The answer of [`evaluate`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Deals that were judged.
    pub n: usize,
    /// How many of them were won.
    pub n_won: usize,
    /// The share of them that was won.
    pub base_rate: f64,
    /// Groups of deals with the same answers, never on both sides of a fold.
    pub profiles: usize,
    /// Deals learned from, where split by a date.
    pub n_trained: Option<usize>,
    /// Folds, where not split by a date.
    pub folds: Option<usize>,
    /// Repeats, where not split by a date.
    pub repeats: Option<usize>,
    /// The seed.
    pub seed: u64,
    /// Mean squared error of the chance; lower is better.
    pub brier: Measure,
    /// Mean logarithmic loss; lower is better.
    pub log_loss: Measure,
    /// Chance that a won deal was given more than a lost one; ½ says nothing. None where all ended alike.
    pub auc: Option<Measure>,
    /// Fall of the Brier score against the average: clearly better where its interval lies above 0.
    pub brier_gain: Measure,
    /// Chances said and shares that came, in tenths.
    pub reliability: Vec<Bin>,
    /// How the shrinkage chosen on all training deals did.
    pub skill: Option<Skill>,
    /// `no better than your average`, where that is so.
    pub note: Option<String>,
    /// The questions picked, most often first, where asked.
    pub questions: Option<Vec<String>>,
    /// Columns that were not used, and why.
    pub left_out: Vec<LeftOut>,
    /// How dates were read.
    pub dates: Vec<DatesRead>,
    /// What was decided while reading the table.
    pub notes: Vec<String>,
}

/// Judges the forecast on deals it has not seen.
///
/// # Errors
/// A table that cannot be read, a column or value that is not there, too few deals, or options out of range.
pub fn evaluate(table: &[u8], options: &EvaluateOptions) -> Result<Evaluation, Error> {
    if !(2..=FOLDS_MAX).contains(&options.folds) {
        return Err(Error::at(
            "--folds",
            format!("folds lie between 2 and {FOLDS_MAX}, not {}", options.folds),
        ));
    }
    if !(1..=REPEATS_MAX).contains(&options.repeats) {
        return Err(Error::at(
            "--repeats",
            format!("repeats lie between 1 and {REPEATS_MAX}, not {}", options.repeats),
        ));
    }
    if options.questions == Some(0) {
        return Err(Error::at("--questions", "at least one question must be kept"));
    }
    let cases = Cases::read(table, &options.deals, None)?;
    let (coded, left_out) = encode::columns(&cases, &options.ignore, &options.force)?;
    let mut decided = cases.decided();
    if let Some(day) = options.train_before {
        if cases.closed.is_none() && cases.opened.is_none() {
            return Err(Error::at(
                "--train-before",
                "a column of dates is needed: name it with --closed or --opened",
            ));
        }
        let dated = |row: usize| cases.closed_on(row).or_else(|| cases.opened_on(row));
        let before = decided.len();
        decided.retain(|&row| dated(row).is_some());
        let undated = before - decided.len();
        let (early, late): (Vec<usize>, Vec<usize>) =
            decided.iter().partition(|&&row| dated(row).is_some_and(|at| at < day));
        if early.is_empty() || late.is_empty() {
            return Err(Error::at(
                "--train-before",
                format!(
                    "{} deals were decided before {day} and {} later: some are needed on both sides",
                    early.len(),
                    late.len()
                ),
            ));
        }
        return Ok(split_by_day(&cases, &coded, &early, &late, undated, left_out, options));
    }
    let (mut design, _, _) = encode::design(&cases, &coded, &decided);
    let mut notes = Vec::new();
    if design.is_coarse() {
        notes.push(super::coarse(design.rows()));
        design = design.apart();
    }
    if design.rows() < options.folds {
        return Err(Error::at(
            "--folds",
            format!(
                "{} groups of deals with the same answers cannot be dealt into {} folds",
                design.rows(),
                options.folds
            ),
        ));
    }
    let rows: Vec<u32> = (0..).take(design.rows()).collect();
    let mut random = Random::seeded(options.seed);
    let mut judged = Judged::new(&design);
    let mut picks = vec![0_usize; coded.len()];
    for _ in 0..options.repeats {
        let folds = choose::folds(&design, &rows, options.folds, &mut random);
        let mut said = vec![0.0; design.rows()];
        let mut base = vec![0.0; design.rows()];
        for held in 0..folds.len() {
            let train = choose::without(&folds, held);
            let weights = learn(&design, &train, options, &mut picks);
            let average = choose::average(&design, &train);
            for &row in &folds[held] {
                said[row as usize] = weights.as_ref().map_or(average, |learned| learned.chance(&design, row));
                base[row as usize] = average;
            }
        }
        judged.add(said, base);
    }
    let skill = choose::choose(&design, &rows, options.seed);
    let mut evaluation = judged.finish(options.seed);
    evaluation.notes = notes;
    evaluation.folds = Some(options.folds);
    evaluation.repeats = Some(options.repeats);
    evaluation.note = skill.strength.is_none().then(|| NO_BETTER.into());
    evaluation.skill = skill.skill;
    evaluation.questions = options.questions.map(|_| named(&cases, &coded, &picks));
    finish(evaluation, cases, left_out)
}

fn finish(mut evaluation: Evaluation, cases: Cases, left_out: Vec<LeftOut>) -> Result<Evaluation, Error> {
    evaluation.left_out = left_out;
    evaluation.dates = cases.dates;
    evaluation.notes.splice(0..0, cases.notes);
    Ok(evaluation)
}

fn named(cases: &Cases, coded: &[encode::Coded<'_>], picks: &[usize]) -> Vec<String> {
    let mut order: Vec<usize> = (0..picks.len()).filter(|&at| picks[at] > 0).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(picks[at]));
    order.into_iter().map(|at| cases.table.headers()[coded[at].at].clone()).collect()
}

/// Weights learned on some profiles, and the columns they are for.
struct Learned {
    part: Option<Design>,
    weights: Vec<f64>,
}

impl Learned {
    fn chance(&self, design: &Design, row: u32) -> f64 {
        logistic::share(self.part.as_ref().unwrap_or(design).score(row as usize, &self.weights))
    }
}

fn learn(design: &Design, train: &[u32], options: &EvaluateOptions, picks: &mut [usize]) -> Option<Learned> {
    let part = options.questions.map(|most| {
        let mut columns = choose::questions(design, train, most, options.seed);
        columns.iter().for_each(|&column| picks[column] += 1);
        columns.sort_unstable();
        design.only(&columns)
    });
    let used = part.as_ref().unwrap_or(design);
    let choice = choose::choose(used, train, options.seed);
    let weights =
        choice.strength.map(|strength| logistic::fit(used, train, strength, &choice.start, 25).weights)?;
    Some(Learned { part, weights })
}

fn split_by_day(
    cases: &Cases,
    coded: &[encode::Coded<'_>],
    early: &[usize],
    late: &[usize],
    undated: usize,
    left_out: Vec<LeftOut>,
    options: &EvaluateOptions,
) -> Evaluation {
    // One design for both, so that features agree; only early profiles are learned from.
    let both: Vec<usize> = early.iter().chain(late).copied().collect();
    let (all, _, profile_of) = encode::design(cases, coded, &both);
    let mut trained = Design { trials: vec![0.0; all.rows()], wins: vec![0.0; all.rows()], ..all.clone() };
    let mut tested = trained.clone();
    for (at, (&row, &profile)) in both.iter().zip(&profile_of).enumerate() {
        let side = if at < early.len() { &mut trained } else { &mut tested };
        side.trials[profile as usize] += 1.0;
        side.wins[profile as usize] += f64::from(u8::from(cases.is_won(row)));
    }
    let filled = |design: &Design| -> Vec<u32> {
        (0..).zip(&design.trials).filter(|(_, n)| **n > 0.0).map(|(row, _)| row).collect()
    };
    let train = filled(&trained);
    let mut picks = vec![0; coded.len()];
    let learned = learn(&trained, &train, options, &mut picks);
    let average = choose::average(&trained, &train);
    let said = (0..)
        .take(all.rows())
        .map(|row| learned.as_ref().map_or(average, |learned| learned.chance(&trained, row)))
        .collect();
    let mut judged = Judged::new(&tested);
    judged.add(said, vec![average; all.rows()]);
    let mut evaluation = judged.finish(options.seed);
    evaluation.n_trained = Some(early.len());
    evaluation.note = learned.is_none().then(|| NO_BETTER.into());
    evaluation.skill = choose::choose(&trained, &train, options.seed).skill;
    evaluation.questions = options.questions.map(|_| named(cases, coded, &picks));
    evaluation.left_out = left_out;
    evaluation.dates = cases.dates.clone();
    evaluation.notes.extend(cases.notes.iter().cloned());
    if undated > 0 {
        evaluation.notes.push(format!("{undated} decided deals without a date were left out"));
    }
    evaluation
}

/// Chances said for each profile, repeat by repeat, and what came.
struct Judged<'d> {
    design: &'d Design,
    rows: Vec<usize>,
    said: Vec<Vec<f64>>,
    base: Vec<Vec<f64>>,
}

impl<'d> Judged<'d> {
    fn new(design: &'d Design) -> Self {
        let rows = (0..design.rows()).filter(|&row| design.trials[row] > 0.0).collect();
        Self { design, rows, said: vec![], base: vec![] }
    }

    fn add(&mut self, said: Vec<f64>, base: Vec<f64>) {
        self.said.push(said);
        self.base.push(base);
    }

    fn finish(self, seed: u64) -> Evaluation {
        let Self { design, rows, said, base } = &self;
        let repeats = said.len() as f64;
        let (trials, wins) = (|row: usize| design.trials[row], |row: usize| design.wins[row]);
        let squared =
            |row: usize, p: f64| wins(row) * (1.0 - p) * (1.0 - p) + (trials(row) - wins(row)) * p * p;
        let logged = |row: usize, p: f64| {
            let p = p.clamp(EDGE, 1.0 - EDGE);
            -wins(row) * libm::log(p) - (trials(row) - wins(row)) * libm::log(1.0 - p)
        };
        let over = |chances: &[Vec<f64>], loss: &dyn Fn(usize, f64) -> f64| -> Vec<f64> {
            rows.iter()
                .map(|&row| chances.iter().map(|said| loss(row, said[row])).sum::<f64>() / repeats)
                .collect()
        };
        let losses = [over(said, &squared), over(base, &squared), over(said, &logged), over(base, &logged)];
        let n: f64 = rows.iter().map(|&row| trials(row)).sum();
        let n_won: f64 = rows.iter().map(|&row| wins(row)).sum();
        // Profiles in order of the chance said, per repeat, so that an area is one pass.
        let orders: Vec<Vec<usize>> = said
            .iter()
            .map(|said| {
                let mut order: Vec<usize> = (0..rows.len()).collect();
                order.sort_by(|&a, &b| said[rows[a]].total_cmp(&said[rows[b]]));
                order
            })
            .collect();
        let area = |times: &dyn Fn(usize) -> f64, orders: &[Vec<usize>]| {
            let areas = orders.iter().zip(said).map(|(order, said)| {
                let ordered = order
                    .iter()
                    .map(|&at| (said[rows[at]], times(at) * trials(rows[at]), times(at) * wins(rows[at])));
                sorted_area(ordered)
            });
            areas.sum::<f64>() / orders.len() as f64
        };
        let work = rows.len() * said.len();
        let draws = (40_000_000 / work.max(1)).clamp(100, 1_000);
        let mut random = Random::seeded(seed ^ 0x0b00);
        let mut drawn: [Vec<f64>; 4] = Default::default();
        let mut times = vec![0.0; rows.len()];
        for _ in 0..draws {
            times.fill(0.0);
            for _ in 0..rows.len() {
                times[random.below(rows.len())] += 1.0;
            }
            let weight: f64 = rows.iter().zip(&times).map(|(&row, times)| times * trials(row)).sum();
            let mean = |losses: &[f64]| {
                losses.iter().zip(&times).map(|(loss, times)| loss * times).sum::<f64>() / weight
            };
            drawn[0].push(mean(&losses[0]));
            drawn[1].push(mean(&losses[2]));
            drawn[2].push(mean(&losses[1]) - mean(&losses[0]));
            drawn[3].push(area(&|at| times[at], &orders));
        }
        let mut ends = drawn.into_iter().map(|mut figures| {
            figures.retain(|figure| figure.is_finite());
            figures.sort_by(f64::total_cmp);
            let at = |share: f64| {
                figures.get((share * figures.len() as f64) as usize).copied().unwrap_or(f64::NAN)
            };
            (at(0.025), at(0.975))
        });
        let mut measure = |value: f64, base: f64| {
            let (low, high) = ends.next().unwrap_or((f64::NAN, f64::NAN));
            Measure { value, low, high, base }
        };
        let mean = |losses: &[f64]| losses.iter().sum::<f64>() / n;
        let brier = measure(mean(&losses[0]), mean(&losses[1]));
        let log_loss = measure(mean(&losses[2]), mean(&losses[3]));
        let brier_gain = measure(brier.base - brier.value, 0.0);
        let auc = measure(area(&|_| 1.0, &orders), 0.5);
        Evaluation {
            n: n as usize,
            n_won: n_won as usize,
            base_rate: n_won / n,
            profiles: rows.len(),
            n_trained: None,
            folds: None,
            repeats: None,
            seed,
            brier,
            log_loss,
            auc: (auc.value.is_finite() && auc.low.is_finite()).then_some(auc),
            brier_gain,
            reliability: self.reliability(),
            skill: None,
            note: None,
            questions: None,
            left_out: vec![],
            dates: vec![],
            notes: vec![],
        }
    }

    fn reliability(&self) -> Vec<Bin> {
        let share = 1.0 / self.said.len() as f64;
        let mut bins = [(0.0, 0.0, 0.0); 10];
        for said in &self.said {
            for &row in &self.rows {
                let bin = &mut bins[((said[row] * 10.0) as usize).min(9)];
                let n = self.design.trials[row] * share;
                *bin = (bin.0 + n, bin.1 + n * said[row], bin.2 + self.design.wins[row] * share);
            }
        }
        let filled = bins.iter().enumerate().filter(|(_, bin)| bin.0 > 0.0);
        filled
            .map(|(at, &(n, predicted, won))| Bin {
                from: at as f64 / 10.0,
                to: (at + 1) as f64 / 10.0,
                n,
                predicted: predicted / n,
                won: won / n,
            })
            .collect()
    }
}

/// Chance that a win was scored above a loss, ties counting half, from `(score, trials, wins)`; NaN where all
/// ended alike (Hanley and McNeil, 1982).
pub(super) fn area_under_curve(scored: &mut [(f64, f64, f64)]) -> f64 {
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    sorted_area(scored.iter().copied())
}

fn sorted_area(scored: impl Iterator<Item = (f64, f64, f64)>) -> f64 {
    let (mut losses_below, mut wins_all, mut area) = (0.0, 0.0, 0.0);
    let (mut level, mut losses_here, mut wins_here) = (f64::NAN, 0.0, 0.0);
    for (score, trials, wins) in scored {
        if score != level {
            area += wins_here * (losses_below + 0.5 * losses_here);
            losses_below += losses_here;
            wins_all += wins_here;
            (level, losses_here, wins_here) = (score, 0.0, 0.0);
        }
        losses_here += trials - wins;
        wins_here += wins;
    }
    area += wins_here * (losses_below + 0.5 * losses_here);
    area / ((losses_below + losses_here) * (wins_all + wins_here))
}

impl Evaluation {
    /// The evaluation in a few lines a seller understands.
    pub fn report(&self) -> String {
        use std::fmt::Write as _;
        let mut text = String::new();
        let how = match (self.folds, self.repeats, self.n_trained) {
            (Some(folds), Some(repeats), _) => {
                format!("{folds} folds, {repeats} times, {} groups of deals", self.profiles)
            }
            (.., Some(trained)) => format!("learned from {trained} earlier deals"),
            _ => String::new(),
        };
        let _ = writeln!(
            text,
            "Judged on {} deals not seen while learning, {:.0}% of them won; {how}.",
            self.n,
            self.base_rate * 100.0
        );
        if let Some(note) = &self.note {
            let _ = writeln!(text, "The forecast is {note}.");
        }
        let _ = writeln!(text, "                forecast   95% interval      your average");
        let mut line = |name: &str, m: &Measure| {
            let _ = writeln!(
                text,
                "{name:<14}  {:>8.3}   {:.3} to {:.3}    {:>8.3}",
                m.value, m.low, m.high, m.base
            );
        };
        line("Brier score", &self.brier);
        line("Log loss", &self.log_loss);
        if let Some(auc) = &self.auc {
            line("AUC", auc);
        }
        let gain = &self.brier_gain;
        let verdict = if gain.low > 0.0 {
            "clearly better than the average"
        } else {
            "not clearly better than the average"
        };
        let _ = writeln!(
            text,
            "The Brier score falls by {:.3} ({:.3} to {:.3}): {verdict}.",
            gain.value, gain.low, gain.high
        );
        let _ = writeln!(text, "Said        came      deals");
        for bin in &self.reliability {
            let _ = writeln!(
                text,
                "{:>3.0}%        {:>3.0}%    {:>7.0}",
                bin.predicted * 100.0,
                bin.won * 100.0,
                bin.n
            );
        }
        if let Some(questions) = &self.questions {
            let _ = writeln!(text, "Questions picked, most often first: {}.", questions.join(", "));
        }
        for left in &self.left_out {
            let verb = if left.forced { "Used as told although" } else { "Left out" };
            let _ = writeln!(text, "{verb} `{}`: {}.", left.column, left.why);
        }
        report_dates(&mut text, &self.dates);
        for note in &self.notes {
            let _ = writeln!(text, "Note: {note}.");
        }
        text
    }
}
