//! What to ask next: how much each missing answer would sharpen the forecast.
//!
//! Under the fitted model the Brier score expected of a chance `p` is `p(1 − p)`. If a question has answers `a` with
//! frequencies `π(a)`, and the chance after hearing it would be `p(a)`, the score is expected to fall by
//! `Σ π(a)·(p(a) − p̄)²` with `p̄ = Σ π(a)·p(a)`: the value of perfect information for a quadratic loss.
//!
//! What is known already tells which answers to expect: a deal that looks like one of those won will answer as they did.
//! So `π(a) = p·P(a | won) + (1 − p)·P(a | lost)` with the deal's present chance `p`: answers depend on each other through
//! the outcome.

use super::encode::is_unknown;
use super::predict::{Predictor, Scratch};
use super::{Column, Level, Model, logistic};
use serde::Serialize;

/// A question not yet answered and what its answer is worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// The column.
    pub question: String,
    /// The expected fall of the Brier score.
    pub fall: f64,
}

impl Model {
    /// The unanswered questions of a deal, best first; questions of equal worth in the order of the columns. Empty where
    /// the forecast is no better than the average: no answer would change it.
    pub fn ask_next<'a>(&self, answer: impl Fn(&str) -> Option<&'a str>) -> Vec<Question> {
        let predictor = Predictor::new(self);
        let given: Vec<&str> = self.questions().map(|name| answer(name).unwrap_or("").trim()).collect();
        let mut scratch = Scratch::default();
        let present = |other: usize| given.get(other).copied().unwrap_or("");
        let chance = logistic::share(predictor.score(present, &mut scratch, &mut String::new()).0);
        let mut questions = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            if given.get(at).is_some_and(|cell| !is_unknown(cell)) {
                continue;
            }
            let mut chance_with = |cell: &str| {
                let cell_of =
                    |other: usize| if other == at { cell } else { given.get(other).copied().unwrap_or("") };
                logistic::share(predictor.score(cell_of, &mut scratch, &mut String::new()).0)
            };
            let heard: Vec<(f64, f64)> = match column {
                Column::Levels { levels, .. } => {
                    let known: Vec<&Level> =
                        levels.iter().filter(|level| !is_unknown(&level.value)).collect();
                    let n: f64 = known.iter().map(|level| f64::from(level.n)).sum();
                    let won: f64 = known.iter().map(|level| f64::from(level.won)).sum();
                    let frequency = |level: &Level| {
                        let overall = f64::from(level.n) / n.max(1.0);
                        // As if one more of each outcome had answered like all: no answer is ruled out.
                        let given = |count: u32, of: f64| (f64::from(count) + overall) / (of + 1.0);
                        if won == 0.0 {
                            overall
                        } else {
                            chance * given(level.won, won)
                                + (1.0 - chance) * given(level.n.saturating_sub(level.won), n - won)
                        }
                    };
                    known.into_iter().map(|level| (frequency(level), chance_with(&level.value))).collect()
                }
                // A number at the middles of fifths of the two normals that won and lost deals have, as wide as each other.
                Column::Number { mean, deviation, won, .. } => {
                    let won = f64::from(*won);
                    let lost = -won * self.base_rate / (1.0 - self.base_rate).max(1e-9);
                    let between = self.base_rate * (1.0 - self.base_rate) * (won - lost) * (won - lost);
                    let within = libm::sqrt((1.0 - between).max(0.01));
                    let middles = [0.1, 0.3, 0.5, 0.7, 0.9];
                    let sides = [(chance, won), (1.0 - chance, lost)];
                    let points = sides.iter().flat_map(|&(share, centre)| {
                        middles.iter().map(move |&u| (share, centre + within * crate::normal::quantile(u)))
                    });
                    points
                        .map(|(share, z)| {
                            let x = f64::from(*mean) + f64::from(*deviation) * z;
                            (share, chance_with(&x.to_string()))
                        })
                        .collect()
                }
            };
            let all: f64 = heard.iter().map(|(n, _)| n).sum();
            if all <= 0.0 {
                continue;
            }
            let mean = heard.iter().map(|(n, p)| n * p).sum::<f64>() / all;
            let fall = heard.iter().map(|(n, p)| n * (p - mean) * (p - mean)).sum::<f64>() / all;
            questions.push(Question { question: column.name().to_owned(), fall });
        }
        questions.sort_by(|a, b| b.fall.total_cmp(&a.fall));
        questions
    }
}
