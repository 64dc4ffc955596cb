//! A figure somebody is unsure of.

use crate::base::Evidence;
use serde::{Deserialize, Serialize};

/// Three percentiles, `low ≤ likely ≤ high`: in 8 of 10 cases the truth lies between low and high.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Bare")]
pub struct Range {
    low: f64,
    likely: f64,
    high: f64,
}

#[derive(Deserialize)]
struct Bare {
    low: f64,
    likely: f64,
    high: f64,
}

impl TryFrom<Bare> for Range {
    type Error = String;
    fn try_from(Bare { low, likely, high }: Bare) -> Result<Self, String> {
        Self::new(low, likely, high)
    }
}

impl Range {
    /// Three percentiles in order.
    ///
    /// # Errors
    /// A sentence saying what would be right.
    pub fn new(low: f64, likely: f64, high: f64) -> Result<Self, String> {
        if ![low, likely, high].iter().all(|x| x.is_finite()) {
            return Err("three numbers".into());
        }
        if low > likely || likely > high {
            return Err("the lowest first, then the likely, then the highest".into());
        }
        Ok(Self { low, likely, high })
    }

    /// A figure that is known.
    pub const fn exactly(value: f64) -> Self {
        Self { low: value, likely: value, high: value }
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

    /// Every percentile times `factor ≥ 0`.
    pub fn times(self, factor: f64) -> Self {
        Self { low: self.low * factor, likely: self.likely * factor, high: self.high * factor }
    }

    /// As the engine takes it.
    pub fn estimate(self) -> engine::Estimate {
        engine::Estimate::range(self.low, self.likely, self.high)
            .unwrap_or(engine::Estimate::exactly(self.likely))
    }
}

/// A range with where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The three percentiles.
    pub range: Range,
    /// Where they come from.
    pub evidence: Evidence,
}
