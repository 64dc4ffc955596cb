//! What past results teach about the next estimate: what was reached ÷ what was thought. Pure; the quantiles are the engine's.

use crate::base::{Id, Range};
use crate::diagnosis::Parameter;
use crate::outcomes::outcome::{Outcome, REAL, Whence};
use crate::products::Product;
use engine::promise::{Expected, OutcomeCase, Outcomes};
use std::collections::HashMap;

/// An estimate is corrected when so many of its kind were looked at afterwards.
pub const CASES_MIN: usize = 5;

/// What a lesson about a parameter is kept under: `ours client.success`, `profile company.delivery_cost`.
pub fn about(whence: Whence, parameter: Parameter) -> String {
    format!("{} {}", whence.code(), parameter.code())
}

/// What the lesson is kept under that tells what clients reached of what they wished.
pub const MEASURE: &str = "measure";

/// The page with the results behind a lesson: those of one product alone, if one is named.
pub fn path_of(about: &str, product: Option<Id<Product>>) -> String {
    let of = product.map_or_else(String::new, |id| format!("?product={id}"));
    format!("/estimates/{}{of}", about.replace(' ', "-"))
}

/// What one result says to a lesson.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What the lesson is about.
    pub about: String,
    /// What was thought, in the unit of the parameter; of a measure, all of the change.
    pub thought: f64,
    /// What it was, in the same.
    pub real: f64,
}

/// What a result says to the lessons, with what a profile says now.
pub fn cases(
    product: Option<Id<Product>>,
    outcome: &Outcome,
    profile: impl Fn(Id<Product>, Parameter) -> Option<f64>,
) -> Vec<Case> {
    let mut all = Vec::new();
    for parameter in REAL.into_iter().chain([Parameter::Success]) {
        let Some(real) = outcome.real(parameter) else { continue };
        if let Some(line) = outcome.thought.of(parameter).filter(|line| line.whence == Whence::Ours) {
            all.push(Case { about: about(Whence::Ours, parameter), thought: line.range.likely(), real });
        }
        if let Some(thought) = product.and_then(|product| profile(product, parameter)) {
            all.push(Case { about: about(Whence::Profile, parameter), thought, real });
        }
    }
    all.extend(outcome.change_share.map(|real| Case { about: MEASURE.into(), thought: 1.0, real }));
    all.retain(|case| case.thought > 0.0);
    all
}

/// The lessons of a workspace, by what they are about.
#[derive(Debug, Clone, Default)]
pub struct Lessons(HashMap<String, Outcomes>);

/// An estimate corrected by what such ones turned out to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corrected {
    /// What it is taken as.
    pub range: Range,
    /// By how much the likely value is multiplied.
    pub factor: f64,
    /// Cases of the same product.
    pub n_product: usize,
    /// Cases in all.
    pub n: usize,
}

fn class(product: Option<Id<Product>>) -> String {
    product.map_or_else(String::new, |id| id.to_string())
}

impl Lessons {
    /// Those that were kept.
    pub fn kept(lessons: impl IntoIterator<Item = (String, Outcomes)>) -> Self {
        Self(lessons.into_iter().collect())
    }

    /// Each with what it is about.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Outcomes)> {
        self.0.iter().map(|(subject, outcomes)| (subject.as_str(), outcomes))
    }

    /// Learns from results: each with its product. What a profile says now is asked of `profile`, so that a profile that was
    /// put right is not corrected once more.
    pub fn learn(
        results: &[(Option<Id<Product>>, Outcome)],
        profile: impl Fn(Id<Product>, Parameter) -> Option<f64>,
    ) -> Self {
        let mut pairs: HashMap<String, Vec<(String, f64, f64)>> = HashMap::new();
        for (product, outcome) in results {
            for Case { about, thought, real } in cases(*product, outcome, &profile) {
                pairs.entry(about).or_default().push((class(*product), thought, real));
            }
        }
        let learned = pairs.into_iter().filter_map(|(subject, pairs)| {
            let told: Vec<OutcomeCase<'_>> = pairs
                .iter()
                .map(|(class, promised, achieved)| OutcomeCase {
                    class,
                    promised: *promised,
                    achieved: *achieved,
                })
                .collect();
            Some((subject, Outcomes::of(&told)?))
        });
        Self(learned.collect())
    }

    /// What clients with such a product reached, as shares of the change they wished; none without any result.
    pub fn reached(&self, product: Option<Id<Product>>) -> Option<Expected> {
        Some(self.0.get(MEASURE)?.expect(&class(product), 1.0))
    }

    /// What an estimate of ours, or of a profile, really comes to; none where too few tell.
    pub fn correct(
        &self,
        whence: Whence,
        parameter: Parameter,
        product: Option<Id<Product>>,
        said: Range,
    ) -> Option<Corrected> {
        let told = self.0.get(&about(whence, parameter))?.expect(&class(product), said.likely());
        // A profile is of its product alone.
        let n = if whence == Whence::Profile { told.n_class } else { told.n };
        if n < CASES_MIN {
            return None;
        }
        let top = if parameter == Parameter::Success { 1.0 } else { f64::INFINITY };
        let [low, likely, high] = [told.p10, told.p50, told.p90].map(|value| value.clamp(0.0, top));
        let range = Range::new(low, likely, high).ok()?;
        let factor = if said.likely() > 0.0 { likely / said.likely() } else { 1.0 };
        Some(Corrected { range, factor, n_product: told.n_class, n: told.n })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Source;
    use crate::outcomes::outcome::{Reached, Thought, ThoughtLine};

    fn product() -> Id<Product> {
        Id::of(uuid::Uuid::from_u128(7))
    }

    /// A result whose delivery was thought to cost 1,000 and cost more.
    fn result(times: f64) -> (Option<Id<Product>>, Outcome) {
        let line = ThoughtLine {
            parameter: Parameter::Delivery,
            range: Range::exactly(1_000.0),
            whence: Whence::Ours,
        };
        let outcome = Outcome {
            deal_id: Id::of(uuid::Uuid::from_u128(1)),
            measured_on: "2026-11-22".parse().unwrap(),
            reached: Reached::Fully,
            achieved: None,
            share: 1.0,
            change_share: Some(0.8),
            benefit: None,
            delay: None,
            adoption: None,
            delivery: Some(1_000.0 * times),
            service: None,
            hours: None,
            client_gain: 1.0,
            company_gain: 1.0,
            thought: Thought { lines: vec![line], hour_value: 100.0, price: 5_000.0, hoped: None },
            source: Source::Measured,
            said_by: None,
            note: None,
            learnt: None,
        };
        (Some(product()), outcome)
    }

    #[test]
    fn estimates_that_were_too_low_raise_the_next_one() {
        let results: Vec<_> = [1.2, 1.4, 1.5, 1.6, 2.0].map(result).into();
        let lessons = Lessons::learn(&results, |_, _| None);
        let said = Range::exactly(2_000.0);
        let corrected =
            lessons.correct(Whence::Ours, Parameter::Delivery, Some(product()), said).expect("five tell");
        assert_eq!((corrected.range.likely(), corrected.factor), (3_000.0, 1.5));
        assert!(corrected.range.low() < 3_000.0 && corrected.range.high() > 3_000.0);
        assert_eq!((corrected.n_product, corrected.n), (5, 5));
        assert_eq!(lessons.correct(Whence::Ours, Parameter::Service, Some(product()), said), None);
    }

    #[test]
    fn a_few_results_correct_nothing() {
        let results: Vec<_> = [1.2, 1.4, 1.5, 1.6].map(result).into();
        let lessons = Lessons::learn(&results, |_, _| None);
        let said = Range::exactly(2_000.0);
        assert_eq!(lessons.correct(Whence::Ours, Parameter::Delivery, Some(product()), said), None);
    }

    #[test]
    fn a_profile_that_was_put_right_is_not_corrected_again() {
        let results: Vec<_> = [1.5, 1.5, 1.5, 1.5, 1.5].map(result).into();
        let factor = |profile: f64| {
            let says = |_, parameter| (parameter == Parameter::Delivery).then_some(profile);
            let lessons = Lessons::learn(&results, says);
            let said = Range::exactly(profile);
            lessons.correct(Whence::Profile, Parameter::Delivery, Some(product()), said).unwrap().factor
        };
        assert_eq!(factor(1_000.0), 1.5);
        assert_eq!(factor(1_500.0), 1.0);
    }

    #[test]
    fn what_such_clients_reached_is_a_share_of_what_they_wished() {
        let lessons = Lessons::learn(&[result(1.0)], |_, _| None);
        let reached = lessons.reached(Some(product())).unwrap();
        assert_eq!((reached.p10, reached.p50, reached.n_class, reached.n), (0.8, 0.8, 1, 1));
        let other = lessons.reached(None).unwrap();
        assert_eq!((other.n_class, other.n), (0, 1));
    }
}
