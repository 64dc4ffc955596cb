//! A number somebody is unsure of: three percentiles read as a two-piece normal.

use crate::normal;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A number, or a range read as its 10th, 50th and 90th percentile, with `low ≤ likely ≤ high`.
///
/// The distribution is the two-piece (split) normal with quantile
/// `q(u) = M + (u < ½ ? M−L : H−M)·Φ⁻¹(u)/z`, where `z = Φ⁻¹(0.9)`: exact at the three points and defined for
/// every ordered triple, degenerate ones too (Fechner 1897; Wallis, "The two-piece normal", 2014).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    low: f64,
    likely: f64,
    high: f64,
}

impl Estimate {
    /// Zero, known for certain.
    pub const ZERO: Self = Self::exactly(0.0);

    /// A number that is known. The number must be finite; documents are checked when they are read.
    pub const fn exactly(value: f64) -> Self {
        Self { low: value, likely: value, high: value }
    }

    /// A range of three percentiles.
    ///
    /// # Errors
    /// A sentence saying what is wrong: not finite, or not ordered.
    pub fn range(low: f64, likely: f64, high: f64) -> Result<Self, String> {
        if ![low, likely, high].iter().all(|x| x.is_finite()) {
            return Err("low, likely and high must be finite numbers".into());
        }
        if low > likely || likely > high {
            return Err(format!("low, likely and high must be in order, not {low}, {likely}, {high}"));
        }
        Ok(Self { low, likely, high })
    }

    /// The 10th percentile.
    pub const fn low(self) -> f64 {
        self.low
    }

    /// The 50th percentile.
    pub const fn likely(self) -> f64 {
        self.likely
    }

    /// The 90th percentile.
    pub const fn high(self) -> f64 {
        self.high
    }

    /// Whether there is anything left to learn about it.
    pub fn is_uncertain(self) -> bool {
        self.low < self.high
    }

    /// The value below which the share `u` of the distribution lies, `0 < u < 1`.
    pub fn quantile(self, u: f64) -> f64 {
        let half = if u < 0.5 { self.likely - self.low } else { self.high - self.likely };
        // Where the half has no width, Φ⁻¹(u) may be infinite at the ends: 0·∞ is not a number.
        if half == 0.0 { self.likely } else { self.likely + half * normal::quantile(u) / normal::Z90 }
    }

    /// The chance that it turns out `value` or more: one less the distribution, the inverse of [`Self::quantile`].
    pub fn at_least(self, value: f64) -> f64 {
        let half = if value < self.likely { self.likely - self.low } else { self.high - self.likely };
        if half == 0.0 {
            return if value <= self.likely { 1.0 } else { 0.0 };
        }
        normal::below((self.likely - value) * normal::Z90 / half)
    }

    /// The mean before any clamping: `M + ((H−M) − (M−L)) / (z·√(2π))`.
    pub fn mean(self) -> f64 {
        let skew = (self.high - self.likely) - (self.likely - self.low);
        self.likely + skew / (normal::Z90 * (2.0 * std::f64::consts::PI).sqrt())
    }
}

impl Default for Estimate {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Serialize for Estimate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Range {
            low: f64,
            likely: f64,
            high: f64,
        }
        let Self { low, likely, high } = *self;
        if self.is_uncertain() {
            Range { low, likely, high }.serialize(serializer)
        } else {
            serializer.serialize_f64(likely)
        }
    }
}

impl<'de> Deserialize<'de> for Estimate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Numbers;

        impl<'de> Visitor<'de> for Numbers {
            type Value = Estimate;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or {\"low\", \"likely\", \"high\"}")
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Estimate, E> {
                Estimate::range(value, value, value).map_err(E::custom)
            }

            #[expect(clippy::cast_precision_loss, reason = "a figure beyond 2^53 keeps its size")]
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Estimate, E> {
                self.visit_f64(value as f64)
            }

            #[expect(clippy::cast_precision_loss, reason = "a figure beyond 2^53 keeps its size")]
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Estimate, E> {
                self.visit_f64(value as f64)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Estimate, A::Error> {
                #[derive(Deserialize)]
                #[serde(deny_unknown_fields)]
                struct Range {
                    low: f64,
                    likely: f64,
                    high: f64,
                }
                let Range { low, likely, high } =
                    Range::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Estimate::range(low, likely, high).map_err(de::Error::custom)
            }
        }

        deserializer.deserialize_any(Numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_three_points_are_exact() {
        let estimate = Estimate::range(-3.0, 4.0, 20.0).unwrap();
        for (u, x) in [(0.1, -3.0), (0.5, 4.0), (0.9, 20.0)] {
            assert!((estimate.quantile(u) - x).abs() < 1e-9, "q({u})");
        }
    }

    #[test]
    fn an_unordered_range_is_refused_in_words() {
        let error = crate::read::<Estimate>(br#"{"low": 3, "likely": 2, "high": 4}"#).unwrap_err();
        assert!(error.to_string().contains("must be in order, not 3, 2, 4"), "{error}");
    }

    proptest! {
        #[test]
        fn the_mean_is_the_mean_of_the_quantiles(low in -1e3..1e3, up in 0.0..1e3, more in 0.0..1e3) {
            let estimate = Estimate::range(low, low + up, low + up + more).unwrap();
            let n = 20_000;
            let mean = (0..n).map(|i| estimate.quantile((f64::from(i) + 0.5) / f64::from(n))).sum::<f64>() / f64::from(n);
            prop_assert!((mean - estimate.mean()).abs() <= 1e-3 * (up + more) + 1e-9);
        }
    }
}
