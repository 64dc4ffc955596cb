//! Shares of few cases: how far they can be trusted. Pure.

/// Fewer cases than this say nothing of a share.
pub const CASES_MIN: i64 = 5;

/// The 97.5th percentile of the normal distribution: intervals hold in 95 of 100 such cases.
const Z: f64 = 1.959_963_984_540_054;

/// The interval of Wilson (1927) for `hits` of `n`: where the true share lies, in 95 of 100 such samples. Nothing for no case.
pub fn wilson(hits: i64, n: i64) -> Option<[f64; 3]> {
    if n <= 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of records are far below 2^53")]
    let (hits, n) = (hits.clamp(0, n) as f64, n as f64);
    let share = hits / n;
    let about = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let spread = Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    // All or none of them is the end itself, which rounding may miss.
    let low = if hits == 0.0 { 0.0 } else { (about - spread).max(0.0) };
    let high = if hits == n { 1.0 } else { (about + spread).min(1.0) };
    Some([low, share, high])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_books() {
        // Newcombe (1998), table I: 81 of 263 is 0.2553 to 0.3662; 0 of 20 is 0 to 0.1611; 1 of 29 is 0.0061 to 0.1718.
        for (hits, n, low, high) in [(81, 263, 0.2553, 0.3662), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let [got_low, _, got_high] = wilson(hits, n).unwrap();
            assert!((got_low - low).abs() < 5e-5 && (got_high - high).abs() < 5e-5, "{hits} of {n}");
        }
    }

    #[test]
    fn of_nothing_nothing_is_said_and_more_cases_say_it_closer() {
        assert_eq!(wilson(0, 0), None);
        let [low, share, high] = wilson(3, 3).unwrap();
        assert!(low < 0.5 && share == 1.0 && high == 1.0);
        let width = |n: i64| wilson(n / 2, n).map(|[low, _, high]| high - low).unwrap();
        assert!(width(400) < width(40) && width(40) < width(4));
    }
}
