//! From answers to numbers: one-hot levels and standardised numbers, and what is left out.

#![expect(clippy::indexing_slicing, reason = "level ids and feature numbers are positions by construction")]

use super::cases::{Cases, Outcome};
use super::logistic::Design;
use super::{Column, LeftOut, Level};
use crate::Error;
use crate::date::{self, is_missing};
use crate::quick::QuickMap;
use crate::table::number;

/// The most levels one column keeps; rarer ones are one level together.
const LEVELS_MAX: usize = 100;
/// The most features of a model, the intercept among them.
const FEATURES_MAX: usize = 300;

/// One column, its distinct cells numbered.
pub(super) struct Coded<'a> {
    pub(super) at: usize,
    pub(super) ids: Vec<u32>,
    pub(super) distinct: Vec<&'a str>,
}

impl<'a> Coded<'a> {
    fn read(cases: &'a Cases, at: usize) -> Self {
        let mut known: QuickMap<&str, u32> = QuickMap::default();
        let mut distinct: Vec<&str> = Vec::new();
        let ids = cases
            .table
            .column(at)
            .map(|cell| {
                if let Some(id) = known.get(cell) {
                    return *id;
                }
                // All ways of leaving a cell empty are one level; `Unknown` is a level of its own.
                let same = if is_missing(cell) { "" } else { cell };
                let id = known.get(same).copied().unwrap_or_else(|| {
                    distinct.push(same);
                    u32::try_from(distinct.len() - 1).unwrap_or(u32::MAX)
                });
                known.insert(same, id);
                known.insert(cell, id);
                id
            })
            .collect();
        Self { at, ids, distinct }
    }

    /// The cells as numbers, if every cell that says something is one.
    pub(super) fn numbers(&self) -> Option<Vec<Option<f64>>> {
        let mut some = false;
        let mut numbers = Vec::with_capacity(self.distinct.len());
        for cell in &self.distinct {
            if is_unknown(cell) {
                numbers.push(None);
            } else {
                numbers.push(Some(number(cell)?));
                some = true;
            }
        }
        some.then_some(numbers)
    }
}

/// Whether an answer is yet to be given: empty, or the words people write for it.
pub(super) fn is_unknown(cell: &str) -> bool {
    is_missing(cell)
        || (cell.len() <= 12
            && ["unknown", "?", "not known", "don't know", "dont know", "tbd"]
                .iter()
                .any(|word| cell.eq_ignore_ascii_case(word)))
}

/// The columns a model may learn from, those left out and why.
pub(super) fn columns<'a>(
    cases: &'a Cases,
    ignore: &[String],
    force: &[String],
) -> Result<(Vec<Coded<'a>>, Vec<LeftOut>), Error> {
    let mut ignored = vec![cases.outcome_column];
    ignored.extend(cases.opened.iter().chain(&cases.closed).map(|(at, _)| *at));
    for name in ignore {
        ignored.push(cases.table.find(name, "--ignore")?);
    }
    let mut forced = Vec::new();
    for name in force {
        let at = cases.table.find(name, "--force")?;
        if ignored.contains(&at) {
            return Err(Error::at(
                "--force",
                format!(
                    "`{name}` cannot be both forced and ignored, or be the outcome or a date of the deal"
                ),
            ));
        }
        forced.push(at);
    }
    let decided = cases.decided();
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for (at, name) in cases.table.headers().iter().enumerate() {
        if ignored.contains(&at) {
            continue;
        }
        let coded = Coded::read(cases, at);
        let why = useless(&coded, &decided).or_else(|| super::leaks::leak(cases, &coded, &decided));
        let is_forced = forced.contains(&at);
        if let Some(why) = why.clone() {
            left_out.push(LeftOut { column: name.clone(), why, forced: is_forced });
        }
        if why.is_none() || is_forced {
            kept.push(coded);
        }
    }
    Ok((kept, left_out))
}

/// One column by itself.
pub(super) fn column(cases: &Cases, at: usize) -> Option<Coded<'_>> {
    (at < cases.table.headers().len()).then(|| Coded::read(cases, at))
}

fn useless(coded: &Coded<'_>, decided: &[usize]) -> Option<String> {
    let mut seen = vec![false; coded.distinct.len()];
    decided.iter().for_each(|&row| seen[coded.ids[row] as usize] = true);
    let distinct: Vec<&str> =
        coded.distinct.iter().zip(&seen).filter(|(_, seen)| **seen).map(|(cell, _)| *cell).collect();
    if distinct.len() < 2 {
        return Some("the same in every deal".into());
    }
    if date::all_dates(distinct.iter().copied()) {
        return Some("a date: name it with --opened or --closed to use it for ages".into());
    }
    if distinct.len() >= 30
        && distinct.len() * 10 > decided.len() * 9
        && distinct.iter().any(|cell| number(cell).is_none() && !is_unknown(cell))
    {
        return Some("different in nearly every deal".into());
    }
    None
}

/// The design of the decided deals, one row a profile, with the columns it was made from (weights still zero)
/// and the profile of each decided deal.
pub(super) fn design(
    cases: &Cases,
    coded: &[Coded<'_>],
    decided: &[usize],
) -> (Design, Vec<Column>, Vec<u32>) {
    let levels_each = ((FEATURES_MAX - 1) / coded.len().max(1)).saturating_sub(2).clamp(1, LEVELS_MAX);
    let mut columns = Vec::with_capacity(coded.len());
    // Feature and value of each distinct cell, per column.
    let mut features_of: Vec<Vec<(u32, f32)>> = Vec::with_capacity(coded.len());
    let mut features = 1_u32;
    for column in coded {
        let name = cases.table.headers()[column.at].clone();
        let mut counts = vec![0_u32; column.distinct.len()];
        decided.iter().for_each(|&row| counts[column.ids[row] as usize] += 1);
        let (made, map) = match column.numbers() {
            Some(numbers) => number_column(name, &numbers, &counts, features),
            None => level_column(name, &column.distinct, &counts, levels_each, features),
        };
        features += made.features();
        columns.push(made);
        features_of.push(map);
    }
    let width = coded.len() + 1;
    let mut design = Design {
        width,
        features: features as usize,
        index: Vec::new(),
        value: Vec::new(),
        trials: Vec::new(),
        wins: Vec::new(),
    };
    let mut profiles: QuickMap<u64, u32> = QuickMap::default();
    let mut profile_of = Vec::with_capacity(decided.len());
    let mut row_index = vec![0_u32; width];
    let mut row_value = vec![1.0_f32; width];
    for &row in decided {
        let mut hash = 0_u64;
        for (at, column) in coded.iter().enumerate() {
            let (feature, value) = features_of[at][column.ids[row] as usize];
            row_index[at + 1] = feature;
            row_value[at + 1] = value;
            hash = (hash.rotate_left(5) ^ (u64::from(feature) << 32 | u64::from(value.to_bits())))
                .wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
        let profile = loop {
            let next = u32::try_from(design.trials.len()).unwrap_or(u32::MAX);
            let found = *profiles.entry(hash).or_insert(next);
            if found == next {
                design.index.extend_from_slice(&row_index);
                design.value.extend_from_slice(&row_value);
                design.trials.push(0.0);
                design.wins.push(0.0);
                break found;
            }
            let span = found as usize * width..(found as usize + 1) * width;
            if design.index[span.clone()] == row_index && design.value[span] == row_value {
                break found;
            }
            hash = hash.wrapping_add(1);
        };
        design.trials[profile as usize] += 1.0;
        design.wins[profile as usize] += f64::from(u8::from(cases.outcomes[row] == Outcome::Won));
        profile_of.push(profile);
    }
    (design, columns, profile_of)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "standardised values keep seven digits, which is what a model document holds"
)]
fn number_column(
    name: String,
    numbers: &[Option<f64>],
    counts: &[u32],
    first: u32,
) -> (Column, Vec<(u32, f32)>) {
    let seen = || {
        numbers.iter().zip(counts).filter(|(_, n)| **n > 0).filter_map(|(x, n)| x.map(|x| (x, f64::from(*n))))
    };
    let n: f64 = seen().map(|(_, n)| n).sum();
    let mean = seen().map(|(x, n)| x * n).sum::<f64>() / n.max(1.0);
    let variance = seen().map(|(x, n)| n * (x - mean) * (x - mean)).sum::<f64>() / n.max(1.0);
    let deviation = if variance > 0.0 && variance.is_finite() { libm::sqrt(variance) } else { 1.0 };
    let least = seen().fold(f64::INFINITY, |least, (x, _)| least.min(x));
    let greatest = seen().fold(f64::NEG_INFINITY, |greatest, (x, _)| greatest.max(x));
    // Rounded as the model document holds them, so that a model read back predicts the same bits.
    let (mean, deviation) = (mean as f32, (deviation as f32).max(f32::MIN_POSITIVE));
    let map = numbers
        .iter()
        .map(|x| x.map_or((first + 1, 1.0), |x| (first, standardised(x, mean, deviation))))
        .collect();
    let known = n as u32;
    (
        Column::Number {
            name,
            known,
            mean,
            deviation,
            least: least as f32,
            greatest: greatest as f32,
            weight: 0.0,
            unknown: 0.0,
            won: 0.0,
        },
        map,
    )
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "standardised values keep seven digits, which is what a model document holds"
)]
pub(super) fn standardised(x: f64, mean: f32, deviation: f32) -> f32 {
    ((x - f64::from(mean)) / f64::from(deviation)) as f32
}

fn level_column(
    name: String,
    distinct: &[&str],
    counts: &[u32],
    most: usize,
    first: u32,
) -> (Column, Vec<(u32, f32)>) {
    let mut order: Vec<usize> = (0..distinct.len()).filter(|&id| counts[id] > 0).collect();
    order.sort_by(|&a, &b| counts[b].cmp(&counts[a]).then(distinct[a].cmp(distinct[b])));
    let rare = order.split_off(order.len().min(most));
    let pooled = first + u32::try_from(order.len()).unwrap_or(u32::MAX);
    let mut map = vec![(pooled, 1.0); distinct.len()];
    let mut levels = Vec::with_capacity(order.len());
    for (feature, id) in (first..).zip(order) {
        map[id] = (feature, 1.0);
        levels.push(Level { value: distinct[id].to_owned(), n: counts[id], won: 0, weight: 0.0 });
    }
    let rare_n = rare.iter().map(|&id| counts[id]).sum();
    (Column::Levels { name, levels, rare_n, rare: 0.0, unseen: 0.0 }, map)
}
