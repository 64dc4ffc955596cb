//! Sums of independent estimates: what a problem costs in parts, what an alternative leaves. Pure.
//!
//! Every estimate is the engine's two-piece normal through its three points. The sum has no closed form, so that a seeded
//! sample of [`CASES`] cases is played through, each estimate drawn on its own, and the 10th, 50th and 90th percentile of
//! the sums are taken: independent parts make up for each other, so that the range of the sum is narrower than the sum of
//! the lows to the sum of the highs. The same parts always give the same range.

use crate::base::Range;
use engine::normal::Z90;
use engine::random::Random;

/// Cases played through: each percentile is then within about a hundredth of the range.
const CASES: usize = 16_384;
/// Digits that are kept: more would pretend.
const DIGITS: i32 = 3;

/// One part of a sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term {
    /// How often; once, where nothing is said.
    pub times: Range,
    /// How much each time.
    pub each: Range,
    /// Added, or taken away.
    sign: f64,
}

impl Term {
    /// Adds an amount.
    pub const fn plus(each: Range) -> Self {
        Self { times: Range::exactly(1.0), each, sign: 1.0 }
    }

    /// Takes an amount away.
    pub const fn minus(each: Range) -> Self {
        Self { times: Range::exactly(1.0), each, sign: -1.0 }
    }

    /// Adds so many times an amount.
    pub const fn times(times: Range, each: Range) -> Self {
        Self { times, each, sign: 1.0 }
    }

    fn is_exact(&self) -> bool {
        self.times.low() >= self.times.high() && self.each.low() >= self.each.high()
    }

    fn drawn(&self, dice: &mut Random) -> f64 {
        // How often is never negative, as in the engine.
        let times = drawn(self.times, dice).max(0.0);
        self.sign * times * drawn(self.each, dice)
    }
}

fn drawn(range: Range, dice: &mut Random) -> f64 {
    if range.low() >= range.high() {
        return range.likely();
    }
    let at = dice.normal();
    let width = if at < 0.0 { range.likely() - range.low() } else { range.high() - range.likely() };
    range.likely() + width * at / Z90
}

/// The range of the sum of independent terms: its P10, P50 and P90; exact where every term is.
pub fn sum(terms: &[Term]) -> Range {
    if terms.iter().all(Term::is_exact) {
        return Range::exactly(
            terms.iter().map(|term| term.sign * term.times.likely() * term.each.likely()).sum(),
        );
    }
    let mut dice = Random::seeded(1);
    let mut sums: Vec<f64> =
        (0..CASES).map(|_| terms.iter().map(|term| term.drawn(&mut dice)).sum()).collect();
    sums.sort_by(f64::total_cmp);
    let at = |share: usize| sums.get(CASES * share / 100).copied().unwrap_or_default();
    let size = at(10).abs().max(at(90).abs());
    let [low, likely, high] = [at(10), at(50), at(90)].map(|value| rounded(value, size));
    Range::new(low, likely, high).unwrap_or(Range::exactly(likely))
}

/// A value to the digits that the greatest of its kind has.
fn rounded(value: f64, size: f64) -> f64 {
    if size <= 0.0 {
        return value;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the logarithm of a sum is small")]
    let unit = 10_f64.powi(size.log10().floor() as i32 - DIGITS + 1);
    (value / unit).round() * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(low: f64, likely: f64, high: f64) -> Range {
        Range::new(low, likely, high).unwrap()
    }

    #[test]
    fn what_is_known_exactly_is_added_exactly() {
        let terms =
            [Term::times(Range::exactly(12.0), Range::exactly(35.5)), Term::plus(Range::exactly(4.0))];
        assert_eq!(sum(&terms), Range::exactly(430.0));
        assert_eq!(sum(&[]), Range::exactly(0.0));
    }

    #[test]
    fn independent_parts_make_up_for_each_other() {
        // Two normals of the same width: the width of the sum is √2 times theirs, not twice.
        let one = range(900.0, 1_000.0, 1_100.0);
        let both = sum(&[Term::plus(one), Term::plus(one)]);
        assert!((both.likely() - 2_000.0).abs() <= 10.0, "{both:?}");
        assert!((both.high() - both.likely() - 141.4).abs() < 10.0, "{both:?}");
        assert!((both.likely() - both.low() - 141.4).abs() < 10.0, "{both:?}");
    }

    #[test]
    fn a_difference_is_as_wide_as_a_sum_and_may_be_negative() {
        let one = range(900.0, 1_000.0, 1_100.0);
        let rest = sum(&[Term::plus(one), Term::minus(one)]);
        assert!(rest.low() < -120.0 && rest.high() > 120.0 && rest.likely().abs() <= 10.0, "{rest:?}");
    }

    #[test]
    fn how_often_times_how_much_each_is_wider_than_either() {
        let product = sum(&[Term::times(range(8.0, 10.0, 12.0), range(80.0, 100.0, 120.0))]);
        // The spread of a product of independents: √(0.2² + 0.2²) of 1,000 at P90.
        assert!((product.likely() - 1_000.0).abs() < 20.0, "{product:?}");
        assert!((product.high() - 1_290.0).abs() < 30.0, "{product:?}");
        assert_eq!(product, sum(&[Term::times(range(8.0, 10.0, 12.0), range(80.0, 100.0, 120.0))]));
    }
}
