//! A rate between 0 and 1: known, or counted.

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// A share in `[0, 1]` that is known, or what was counted so far: then it is `Beta(1+s, 1+n−s)`, the
/// posterior of a uniform prior (Bayes–Laplace). Nothing counted is [`Rate::UNKNOWN`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Rate {
    /// A share that is known.
    Known(f64),
    /// So many successes in so many trials; shrunk counts need not be whole.
    Counted {
        /// How often it happened, at most `trials`.
        successes: f64,
        /// How often it could have happened.
        trials: f64,
    },
}

impl Rate {
    /// Nothing counted yet: uniform on `[0, 1]`.
    pub const UNKNOWN: Self = Self::Counted { successes: 0.0, trials: 0.0 };

    /// A known share.
    ///
    /// # Errors
    /// A sentence, if it is not between 0 and 1.
    pub fn known(share: f64) -> Result<Self, String> {
        if (0.0..=1.0).contains(&share) {
            Ok(Self::Known(share))
        } else {
            Err(format!("a rate lies between 0 and 1, not {share}"))
        }
    }

    /// What was counted.
    ///
    /// # Errors
    /// A sentence, if the counts are negative, not finite, or more successes than trials.
    pub fn counted(successes: f64, trials: f64) -> Result<Self, String> {
        if !(successes.is_finite() && trials.is_finite()) || successes < 0.0 || successes > trials {
            return Err(format!("successes must lie between 0 and trials, not {successes} of {trials}"));
        }
        Ok(Self::Counted { successes, trials })
    }

    /// The mean of the rate.
    pub fn mean(self) -> f64 {
        match self {
            Self::Known(share) => share,
            Self::Counted { successes, trials } => (1.0 + successes) / (2.0 + trials),
        }
    }

    /// Whether there is anything left to learn about it.
    pub fn is_uncertain(self) -> bool {
        matches!(self, Self::Counted { .. })
    }
}

impl Default for Rate {
    fn default() -> Self {
        Self::UNKNOWN
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Numbers;

        impl<'de> Visitor<'de> for Numbers {
            type Value = Rate;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number between 0 and 1 or {\"successes\", \"trials\"}")
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Rate, E> {
                Rate::known(value).map_err(E::custom)
            }

            #[expect(clippy::cast_precision_loss, reason = "anything this large is refused anyway")]
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Rate, E> {
                self.visit_f64(value as f64)
            }

            #[expect(clippy::cast_precision_loss, reason = "anything this large is refused anyway")]
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Rate, E> {
                self.visit_f64(value as f64)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Rate, A::Error> {
                #[derive(Deserialize)]
                #[serde(deny_unknown_fields)]
                struct Counts {
                    successes: f64,
                    trials: f64,
                }
                let Counts { successes, trials } =
                    Counts::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Rate::counted(successes, trials).map_err(de::Error::custom)
            }
        }

        deserializer.deserialize_any(Numbers)
    }
}
