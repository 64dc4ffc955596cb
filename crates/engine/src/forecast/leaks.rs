//! The leak guard: columns that are known only after the fact.
//!
//! A column is held to be one when it (nearly) tells the outcome all by itself, judged on deals that were not
//! used to learn what its values mean; when it is filled in decided deals and hardly ever in open ones; or when
//! it is filled for one outcome and not for the other (Kaufman et al., "Leakage in data mining", 2012).

#![expect(clippy::indexing_slicing, reason = "level ids and bins are positions by construction")]

use super::cases::{Cases, Outcome};
use super::encode::Coded;
use super::evaluate::area_under_curve;
use crate::date::is_missing;

/// A column alone that ranks so well was written down afterwards.
const NEAR_PERFECT: f64 = 0.95;
/// Fewer deals of an outcome than this say nothing.
const CASES_MIN: usize = 10;
const BINS: usize = 20;
const FOLDS: usize = 5;

/// Why the column is held to be known only after the fact, if it is.
pub(super) fn leak(cases: &Cases, coded: &Coded<'_>, decided: &[usize]) -> Option<String> {
    let filled: Vec<bool> = coded.distinct.iter().map(|cell| !is_missing(cell)).collect();
    let share = |outcome: &dyn Fn(Outcome) -> bool| {
        let (mut n, mut full) = (0_usize, 0_usize);
        for (row, found) in cases.outcomes.iter().enumerate().filter(|(_, found)| outcome(**found)) {
            debug_assert_ne!(*found, Outcome::NotYet);
            n += 1;
            full += usize::from(filled[coded.ids[row] as usize]);
        }
        (n, if n == 0 { 0.0 } else { full as f64 / n as f64 })
    };
    let (won_n, won) = share(&|outcome| outcome == Outcome::Won);
    let (lost_n, lost) = share(&|outcome| outcome == Outcome::Lost);
    let (open_n, open) = share(&|outcome| outcome == Outcome::Open);
    if won_n < CASES_MIN || lost_n < CASES_MIN {
        return None;
    }
    let percent = |share: f64| format!("{:.0}%", share * 100.0);
    let all = (won * won_n as f64 + lost * lost_n as f64) / (won_n + lost_n) as f64;
    if open_n >= CASES_MIN && all >= 0.05 && open <= 0.1 * all && all * open_n as f64 >= 5.0 {
        return Some(format!(
            "known only after the fact: filled in {} of the decided deals and {} of the open ones",
            percent(all),
            percent(open)
        ));
    }
    if (won <= 0.02 && lost >= 0.3) || (lost <= 0.02 && won >= 0.3) {
        return Some(format!(
            "known only after the fact: filled in {} of the won deals and {} of the lost ones",
            percent(won),
            percent(lost)
        ));
    }
    let area = alone(cases, coded, decided);
    (area >= NEAR_PERFECT)
        .then(|| format!("known only after the fact: alone it tells the outcome (AUC {area:.3})"))
}

/// How well the column alone ranks deals it has not seen.
fn alone(cases: &Cases, coded: &Coded<'_>, decided: &[usize]) -> f64 {
    let (bin_of, bins) = bins(coded, decided);
    let fold_of = |at: usize| (at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) as usize % FOLDS;
    let mut counts = vec![(0.0, 0.0); bins * FOLDS];
    let mut folds = [(0.0, 0.0); FOLDS];
    for (at, &row) in decided.iter().enumerate() {
        let won = f64::from(u8::from(cases.is_won(row)));
        let count = &mut counts[fold_of(at) * bins + bin_of[coded.ids[row] as usize]];
        *count = (count.0 + 1.0, count.1 + won);
        let fold = &mut folds[fold_of(at)];
        *fold = (fold.0 + 1.0, fold.1 + won);
    }
    let all = folds.iter().fold((0.0, 0.0), |sum, fold| (sum.0 + fold.0, sum.1 + fold.1));
    let mut scored = Vec::with_capacity(counts.len());
    for (fold, held) in folds.iter().enumerate() {
        let base = (all.1 - held.1 + 1.0) / (all.0 - held.0 + 2.0);
        for bin in 0..bins {
            let here = counts[fold * bins + bin];
            if here.0 > 0.0 {
                let others =
                    (0..FOLDS).filter(|other| *other != fold).map(|other| counts[other * bins + bin]);
                let elsewhere = others.fold((0.0, 0.0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
                // Against the base of the same fold, or the folds' bases would rank against the truth.
                scored.push(((elsewhere.1 + base) / (elsewhere.0 + 1.0) - base, here.0, here.1));
            }
        }
    }
    area_under_curve(&mut scored)
}

/// The bin of each distinct cell: the cell itself, or for numbers about twenty bins of which a frequent value is one.
fn bins(coded: &Coded<'_>, decided: &[usize]) -> (Vec<usize>, usize) {
    let Some(numbers) = coded.numbers() else {
        return ((0..coded.distinct.len()).collect(), coded.distinct.len());
    };
    let mut counts = vec![0_usize; coded.distinct.len()];
    decided.iter().for_each(|&row| counts[coded.ids[row] as usize] += 1);
    let mut order: Vec<(f64, usize)> =
        numbers.iter().enumerate().filter_map(|(id, x)| x.map(|x| (x, id))).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let full = decided.len().div_ceil(BINS);
    // Bin 0 is for cells that are no number.
    let mut bin_of = vec![0; coded.distinct.len()];
    let (mut bin, mut held) = (1, 0);
    for (_, id) in order {
        if held > 0 && held + counts[id] > full {
            bin += 1;
            held = 0;
        }
        bin_of[id] = bin;
        held += counts[id];
    }
    (bin_of, bin + 1)
}
