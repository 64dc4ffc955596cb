//! Choosing how far to shrink, and whether the answers tell anything at all.

#![expect(clippy::indexing_slicing, reason = "row numbers are positions by construction")]

use super::logistic::{self, Design};
use crate::random::Random;
use serde::{Deserialize, Serialize};

/// Strengths of shrinkage that are tried, strongest first: prior precision of a weight.
const STRENGTHS: [f64; 9] = [300.0, 100.0, 30.0, 15.0, 8.0, 4.0, 2.0, 1.0, 0.3];
/// Profiles beyond this are sampled to choose the strength; whether it is any better is judged on all.
const SAMPLE_MAX: usize = 4_000;
/// Fewer decided deals, or fewer of either outcome, have no model of their own.
const DEALS_MIN: f64 = 20.0;
const EACH_MIN: f64 = 5.0;

/// How the chosen model did on deals it had not seen, beside the average.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skill {
    /// Logarithmic loss per deal, cross-validated.
    pub log_loss: f64,
    /// The same of saying the average of the other deals.
    pub base_log_loss: f64,
    /// How much is gained per deal: the difference.
    pub gain: f64,
    /// The standard error of the gain, widened for the overlap of the training sets (Nadeau and Bengio, 2003).
    pub gain_error: f64,
}

pub(super) struct Choice {
    /// `None` where the average is as good.
    pub(super) strength: Option<f64>,
    pub(super) skill: Option<Skill>,
    /// A start for the final fit.
    pub(super) start: Vec<f64>,
}

/// Groups in folds: the profiles dealt out at random, won and lost ones evenly.
pub(super) fn folds(design: &Design, rows: &[u32], folds: usize, random: &mut Random) -> Vec<Vec<u32>> {
    let mut order = rows.to_vec();
    random.shuffle(&mut order);
    let rate = |row: &u32| design.wins[*row as usize] / design.trials[*row as usize];
    order.sort_by(|a, b| rate(a).total_cmp(&rate(b)));
    let mut dealt = vec![Vec::with_capacity(order.len() / folds + 1); folds];
    for (at, row) in order.into_iter().enumerate() {
        dealt[at % folds].push(row);
    }
    dealt
}

pub(super) fn without(folds: &[Vec<u32>], held: usize) -> Vec<u32> {
    let mut rows: Vec<u32> = folds
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != held)
        .flat_map(|(_, rows)| rows.iter().copied())
        .collect();
    rows.sort_unstable();
    rows
}

/// The average of some profiles, kept off 0 and 1 where they all ended alike.
pub(super) fn average(design: &Design, rows: &[u32]) -> f64 {
    let (trials, wins) = totals(design, rows);
    if wins > 0.0 && wins < trials { wins / trials } else { (wins + 1.0) / (trials + 2.0) }
}

pub(super) fn totals(design: &Design, rows: &[u32]) -> (f64, f64) {
    rows.iter().fold((0.0, 0.0), |sum, &row| {
        (sum.0 + design.trials[row as usize], sum.1 + design.wins[row as usize])
    })
}

/// Chooses by cross-validation grouped on identical profiles. The average wins ties within one standard error.
pub(super) fn choose(design: &Design, rows: &[u32], seed: u64) -> Choice {
    let (trials, wins) = totals(design, rows);
    let nothing = Choice { strength: None, skill: None, start: Vec::new() };
    if trials < DEALS_MIN
        || wins < EACH_MIN
        || trials - wins < EACH_MIN
        || rows.len() < 10
        || design.width < 2
    {
        return nothing;
    }
    let mut random = Random::seeded(seed);
    let sampled = rows.len() > SAMPLE_MAX;
    let sample: Vec<u32> = if sampled {
        let mut sample = rows.to_vec();
        random.shuffle(&mut sample);
        sample.truncate(SAMPLE_MAX);
        sample.sort_unstable();
        sample
    } else {
        rows.to_vec()
    };
    let (count, repeats) = if sample.len() <= 1_000 { (10, 3) } else { (5, 1) };
    let mut losses = vec![[0.0; STRENGTHS.len()]; sample.len()];
    let mut base = vec![0.0; sample.len()];
    let mut position = vec![0_u32; design.rows()];
    sample.iter().zip(0..).for_each(|(&row, at)| position[row as usize] = at);
    let mut start = Vec::new();
    for _ in 0..repeats {
        let folds = folds(design, &sample, count, &mut random);
        for held in 0..count {
            let train = without(&folds, held);
            let odds = logistic::odds(average(design, &train));
            let mut weights = vec![0.0; design.features];
            weights[0] = odds;
            for (at, strength) in STRENGTHS.iter().enumerate() {
                let steps = if at == 0 { 3 } else { 2 };
                weights = logistic::fit(design, &train, *strength, &weights, steps).weights;
                for &row in &folds[held] {
                    let (trials, wins) = (design.trials[row as usize], design.wins[row as usize]);
                    losses[position[row as usize] as usize][at] +=
                        logistic::loss(design.score(row as usize, &weights), trials, wins)
                            / f64::from(repeats);
                }
            }
            for &row in &folds[held] {
                let (trials, wins) = (design.trials[row as usize], design.wins[row as usize]);
                base[position[row as usize] as usize] +=
                    logistic::loss(odds, trials, wins) / f64::from(repeats);
            }
            start = weights;
        }
    }
    let total = |at: usize| losses.iter().map(|losses| losses[at]).sum::<f64>();
    let best = (0..STRENGTHS.len()).fold(0, |best, at| if total(at) < total(best) { at } else { best });
    let strength = STRENGTHS[best];
    let skill = if sampled {
        let (losses, base) = losses_of_all(design, rows, strength, &start, &mut random);
        skill(design, rows, &losses, &base, 5.0)
    } else {
        let losses: Vec<f64> = losses.iter().map(|losses| losses[best]).collect();
        skill(design, &sample, &losses, &base, count as f64)
    };
    Choice { strength: (skill.gain > skill.gain_error).then_some(strength), skill: Some(skill), start }
}

fn losses_of_all(
    design: &Design,
    rows: &[u32],
    strength: f64,
    start: &[f64],
    random: &mut Random,
) -> (Vec<f64>, Vec<f64>) {
    let folds = folds(design, rows, 5, random);
    let mut losses = vec![0.0; design.rows()];
    let mut base = vec![0.0; design.rows()];
    let mut weights = start.to_vec();
    for held in 0..folds.len() {
        let train = without(&folds, held);
        let odds = logistic::odds(average(design, &train));
        weights = logistic::fit(design, &train, strength, &weights, 2).weights;
        for &row in &folds[held] {
            let row = row as usize;
            losses[row] = logistic::loss(design.score(row, &weights), design.trials[row], design.wins[row]);
            base[row] = logistic::loss(odds, design.trials[row], design.wins[row]);
        }
    }
    (
        rows.iter().map(|&row| losses[row as usize]).collect(),
        rows.iter().map(|&row| base[row as usize]).collect(),
    )
}

fn skill(design: &Design, rows: &[u32], losses: &[f64], base: &[f64], folds: f64) -> Skill {
    let (trials, _) = totals(design, rows);
    let (log_loss, base_log_loss) = (losses.iter().sum::<f64>() / trials, base.iter().sum::<f64>() / trials);
    let gain = base_log_loss - log_loss;
    let squares: f64 = rows
        .iter()
        .zip(losses.iter().zip(base))
        .map(|(&row, (loss, base))| {
            let away = base - loss - gain * design.trials[row as usize];
            away * away
        })
        .sum();
    // The folds share most of what they were trained on: variance times 1 + folds/(folds − 1).
    let gain_error = libm::sqrt(squares * (1.0 + folds / (folds - 1.0))) / trials;
    Skill { log_loss, base_log_loss, gain, gain_error }
}

/// Picks `most` columns one by one, each the one with which a model comes closest to what the model of all columns says;
/// fewer where another would tell nothing more.
///
/// The chances of the whole model stand for the outcomes (projection predictive selection: Goutis and Robert 1998; Piironen,
/// Paasiniemi and Vehtari 2020): they carry far less chance than the outcomes themselves, so that the choice does not follow
/// it.
pub(super) fn questions(design: &Design, rows: &[u32], most: usize, seed: u64) -> Vec<usize> {
    /// Enough to keep the weights finite where the targets are not of our making.
    const STRENGTH: f64 = 0.1;
    let strength = choose(design, rows, seed).strength.unwrap_or(STRENGTHS[1]);
    let mut start = vec![0.0; design.features];
    start[0] = logistic::odds(average(design, rows));
    let whole = logistic::fit(design, rows, strength, &start, 25).weights;
    let mut told = design.clone();
    for &row in rows {
        let row = row as usize;
        told.wins[row] = told.trials[row] * logistic::share(design.score(row, &whole));
    }
    let mut sample = rows.to_vec();
    if sample.len() > SAMPLE_MAX {
        Random::seeded(seed).shuffle(&mut sample);
        sample.truncate(SAMPLE_MAX);
        sample.sort_unstable();
    }
    let loss_with = |columns: &[usize]| {
        let part = told.only(columns);
        let mut weights = vec![0.0; part.features];
        weights[0] = start[0];
        weights = logistic::fit(&part, &sample, STRENGTH, &weights, 6).weights;
        let lost = |&row: &u32| {
            let row = row as usize;
            logistic::loss(part.score(row, &weights), part.trials[row], part.wins[row])
        };
        sample.iter().map(lost).sum::<f64>()
    };
    let mut picked: Vec<usize> = Vec::new();
    let mut lowest = f64::INFINITY;
    while picked.len() < most {
        let mut best: Option<(usize, f64)> = None;
        for column in (0..design.width - 1).filter(|column| !picked.contains(column)) {
            let mut tried = picked.clone();
            tried.push(column);
            tried.sort_unstable();
            let loss = loss_with(&tried);
            if best.is_none_or(|(_, least)| loss < least) {
                best = Some((column, loss));
            }
        }
        match best {
            Some((column, loss)) if loss < lowest => {
                lowest = loss;
                picked.push(column);
            }
            _ => break,
        }
    }
    picked
}
