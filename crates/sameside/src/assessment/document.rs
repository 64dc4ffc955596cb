//! The answer as it is kept: the engine's document, what it rests on, and the curves to draw.

use crate::accounts::Settings;
use crate::assessment::{Basis, Words};
use crate::base::Locale;
use crate::deals::Deal;
use crate::error::Result;
use engine::assess::{self, Assessment, Verdict};
use serde::{Deserialize, Serialize};

/// The answer for one deal, with everything its page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// What it rests on.
    pub basis: Basis,
    /// What the engine says.
    pub answer: Assessment,
    /// The density of the client's surplus, as points `(value, density)`.
    pub client_curve: Vec<(f32, f32)>,
    /// The density of the deal's margin.
    pub margin_curve: Vec<(f32, f32)>,
}

/// What lists and boards show of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The code of the verdict.
    pub verdict: String,
    /// The first reason, in a sentence.
    pub reason: String,
    /// Of all cases, the share that leaves the client better off.
    pub client_chance: f64,
    /// Of all cases, the share that pays for the work.
    pub company_chance: f64,
    /// The mean decision value, in whole units of the deal's currency.
    pub decision_value: f64,
    /// The hours we expect to spend until they decide.
    pub hours_ahead: f64,
    /// Of those, the share of cases in which they would help only one side, or none.
    pub hours_wasted: f64,
    /// How many figures are only assumed.
    pub assumed: i64,
    /// What the answer to the best question is worth, before what asking costs, in whole units.
    pub ask_value: f64,
    /// The hours it takes to ask.
    pub ask_hours: f64,
}

impl Document {
    /// Asks the engine.
    ///
    /// # Errors
    /// `Invalid` if a figure is beyond what the engine takes.
    pub fn make(basis: Basis, deal: &Deal, settings: &Settings) -> Result<Self> {
        let input = basis.input(deal, settings);
        let (answer, balance) = assess::assess_and_draw(&input)?;
        Ok(Self { basis, answer, client_curve: short(&balance.client), margin_curve: short(&balance.margin) })
    }

    /// What lists and boards show.
    pub fn summary(&self) -> Summary {
        let hours_ahead = self
            .basis
            .line(crate::diagnosis::Parameter::Hours)
            .map_or(0.0, |line| line.range.estimate().mean().max(0.0));
        let words = Words { currency: self.basis.price.currency, locale: Locale::EnGb };
        let (client, company) = (self.answer.client.positive, self.answer.margin.positive);
        let in_vain = if self.answer.verdict == Verdict::WalkAway { 1.0 } else { 1.0 - client.min(company) };
        let best = self.answer.questions.first().filter(|question| question.net > 0.0);
        Summary {
            verdict: code(self.answer.verdict).to_owned(),
            reason: self.answer.reasons.first().map(|reason| words.reason(reason)).unwrap_or_default(),
            client_chance: client,
            company_chance: company,
            decision_value: self.answer.decision_value.mean,
            hours_ahead,
            hours_wasted: hours_ahead * in_vain,
            assumed: i64::try_from(self.basis.assumed()).unwrap_or(i64::MAX),
            ask_value: best.map_or(0.0, |question| question.evppi),
            ask_hours: best.map_or(0.0, |question| {
                let hour = self.basis.hour_value.as_ref().map_or(0.0, |hour| hour.value);
                if hour > 0.0 { question.cost / hour } else { 0.0 }
            }),
        }
    }
}

/// The code of a verdict, as in the engine's document.
pub(super) const fn code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::GoAhead => "go_ahead",
        Verdict::AskFirst => "ask_first",
        Verdict::Rebalance => "rebalance",
        Verdict::WalkAway => "walk_away",
    }
}

/// Drawing needs no more than seven digits.
#[expect(clippy::cast_possible_truncation, reason = "drawing needs no more than seven digits")]
fn short(curve: &assess::Curve) -> Vec<(f32, f32)> {
    curve.points.iter().map(|(x, density)| (*x as f32, *density as f32)).collect()
}
