//! How likely a promised result is reached. Pure.

use engine::Estimate;

/// Halvings of the search: finer than anybody can say a chance.
const STEPS: u32 = 40;

/// The chance that a result of `promised` a month is reached: that it works at all, times that it then brings at least
/// so much. Both are the figures of the balance, which takes them as independent of each other.
pub fn reach(promised: f64, benefit: Estimate, success: f64) -> f64 {
    success.clamp(0.0, 1.0) * at_least(benefit, promised)
}

/// The chance that an estimate turns out at least so much: where its quantiles pass the value.
fn at_least(estimate: Estimate, value: f64) -> f64 {
    if !estimate.is_uncertain() {
        return if estimate.mean() >= value { 1.0 } else { 0.0 };
    }
    let (mut below, mut above) = (0.0_f64, 1.0_f64);
    for _ in 0..STEPS {
        let middle = (below + above) / 2.0;
        if estimate.quantile(middle) < value {
            below = middle;
        } else {
            above = middle;
        }
    }
    1.0 - above
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_of_the_likely_figure_is_reached_every_other_time_that_it_works() {
        let benefit = Estimate::range(800.0, 1_600.0, 2_600.0).unwrap();
        assert!((reach(1_600.0, benefit, 0.8) - 0.4).abs() < 1e-6);
        assert!((reach(2_600.0, benefit, 1.0) - 0.1).abs() < 1e-6);
        assert!((reach(800.0, benefit, 1.0) - 0.9).abs() < 1e-6);
        assert!(reach(1e9, benefit, 1.0) < 1e-9 && reach(-1e9, benefit, 1.0) > 1.0 - 1e-9);
    }

    #[test]
    fn a_figure_that_is_known_is_reached_or_not() {
        let known = Estimate::exactly(500.0);
        assert!((reach(500.0, known, 0.7) - 0.7).abs() < 1e-12);
        assert!(reach(501.0, known, 0.7).abs() < 1e-12);
    }
}
