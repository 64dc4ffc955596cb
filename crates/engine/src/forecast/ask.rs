//! What to ask next: how much each missing answer would sharpen the forecast.
//!
//! Under the fitted model the Brier score expected of a chance `p` is `p(1 − p)`. If a question has answers `a` with
//! frequencies `π(a)`, and the chance after hearing it would be `p(a)`, the score is expected to fall by
//! `Σ π(a)·(p(a) − p̄)²` with `p̄ = Σ π(a)·p(a)`: the value of perfect information for a quadratic loss.

use super::encode::is_unknown;
use super::predict::{Predictor, Scratch};
use super::{Column, Model, logistic};
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
                Column::Levels { levels, .. } => levels
                    .iter()
                    .filter(|level| !is_unknown(&level.value))
                    .map(|level| (f64::from(level.n), chance_with(&level.value)))
                    .collect(),
                // A number at the middles of fifths of the normal it was standardised by.
                Column::Number { mean, deviation, .. } => [0.1, 0.3, 0.5, 0.7, 0.9]
                    .iter()
                    .map(|&u| {
                        let x = f64::from(*mean) + f64::from(*deviation) * crate::normal::quantile(u);
                        (1.0, chance_with(&x.to_string()))
                    })
                    .collect(),
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
