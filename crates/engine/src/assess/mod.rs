//! Does this deal help them, does it help us, and what is the right next step?
//!
//! A deal is described by what both sides would gain and spend, each figure a number or a range. The answer
//! is where both sides stand, what the price may be, what to ask first and what that is worth, and one of
//! four verdicts with its reasons. The method, its sources, limits and an example by hand are in
//! `docs/method/assess.md`. Principles P1 (diagnose first), P4 (hours where they return), P5 and P6 (is it
//! worth it to them, is there a path), P7 (walk away honestly), P13 (share the risk), P15 (the right sale).

mod balance;
mod input;
mod points;
mod report;
mod sort;
#[cfg(test)]
mod tests;
mod verdict;
mod world;

pub use balance::{Balance, Curve, POINTS, densities};
pub use input::{
    CLIENT_WEIGHT_MAX, CONTRAINDICATIONS_MAX, Client, Company, FIGURE_MAX, HORIZON_MONTHS_MAX, Input, Known,
    Parameter, Policy, QUESTIONS_MAX, Question, SAMPLES_MAX, SAMPLES_MIN, STEPS_MAX, Step, TEXT_CHARS_MAX,
    TRIALS_MAX, Terms,
};
pub use verdict::{Adjustment, AdjustmentKind, Reason, ReasonCode, Verdict};

use crate::Error;
use serde::{Deserialize, Serialize};
use world::{Mixture, World};

/// The answer. It serialises to the document of `docs/method/assess.md`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// The client's surplus C: what they gain beyond the price, the adoption and their best alternative.
    pub client: Surplus,
    /// The deal's margin G, once it is agreed.
    pub margin: Surplus,
    /// Our surplus K: the margin times the chance to agree, less the hours and the spend ahead.
    pub company: Surplus,
    /// The decision value U: our surplus, where harm to the client is a cost to us.
    pub decision_value: Mean,
    /// Between which prices both sides are helped.
    pub fair_price: FairPrice,
    /// The value of continuing, step by step; null where no path is given.
    pub path: Option<Path>,
    /// What knowing everything beforehand would be worth.
    pub evpi: f64,
    /// What each question is worth, best first.
    pub questions: Vec<Answer>,
    /// How much the decision value hangs on each uncertain parameter, widest first.
    pub drivers: Vec<Driver>,
    /// For each parameter and term, where the decision value turns.
    pub break_even: Vec<BreakEven>,
    /// The right next step.
    pub verdict: Verdict,
    /// Why, most important first.
    pub reasons: Vec<Reason>,
    /// With `rebalance`: the smallest change of each kind that helps both sides.
    pub adjustments: Vec<Adjustment>,
    /// With `walk_away`: what would have to be true for going ahead.
    pub would_change_if: Vec<Turn>,
}

/// A quantity in five figures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Surplus {
    /// Its mean.
    pub mean: f64,
    /// One time in ten it is less.
    pub p10: f64,
    /// It is as often less as more.
    pub p50: f64,
    /// One time in ten it is more.
    pub p90: f64,
    /// The probability that it is above zero.
    pub positive: f64,
}

/// A quantity of which only the mean decides.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Mean {
    /// Its mean.
    pub mean: f64,
}

/// The prices at which each side is just helped, with the refund share as it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FairPrice {
    /// The lowest price that serves us: mean K ≥ 0 and P(G>0) at the company's floor; null: none does.
    pub floor: Option<f64>,
    /// The highest price that serves them: P(C>0) at the client's floor; null: none does, or every price does.
    pub ceiling: Option<f64>,
}

impl FairPrice {
    /// Whether there is a price that serves both.
    pub fn is_agreement_possible(&self) -> bool {
        matches!((self.floor, self.ceiling), (Some(floor), Some(ceiling)) if floor <= ceiling)
    }
}

/// The value of continuing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Path {
    /// Every step in order.
    pub steps: Vec<PathStep>,
    /// The name of the first step at which continuing is worth nothing; null: none.
    pub stop_at: Option<String>,
}

/// One step of the path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PathStep {
    /// Its name.
    pub name: String,
    /// What going on from here is worth.
    pub value: f64,
    /// The pass rate below which it is worth nothing; null: no rate would do.
    pub break_even_pass: Option<f64>,
}

/// What a question is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The parameter it settles.
    pub parameter: String,
    /// The question in words.
    pub ask: String,
    /// What knowing the parameter would be worth.
    pub evppi: f64,
    /// What asking costs us.
    pub cost: f64,
    /// The former less the latter.
    pub net: f64,
}

/// How much the decision value hangs on a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Driver {
    /// The parameter.
    pub parameter: String,
    /// Mean decision value if it is at its 10th percentile.
    pub at_p10: f64,
    /// Mean decision value if it is at its 90th percentile.
    pub at_p90: f64,
}

/// Where the decision value turns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BreakEven {
    /// The parameter or term.
    pub parameter: String,
    /// Its value at which mean U is zero; null: none between its P1 and P99.
    pub value: Option<f64>,
}

/// What would turn a walk-away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// The parameter or term.
    pub parameter: String,
    /// The value from which going ahead would be right, the rest as it is.
    pub value: f64,
    /// The same in a sentence.
    pub text: String,
}

/// Answers the question.
///
/// # Errors
/// A figure outside its limits, both a path and `hours_to_close` or `win`, or a question about something that
/// is not a parameter of this deal; the error names the place.
pub fn assess(input: &Input) -> Result<Assessment, Error> {
    Ok(answered(input)?.0)
}

/// Answers the question and draws the answer, both from the same samples: [`assess()`] and [`densities`] in one.
///
/// # Errors
/// As [`assess()`].
pub fn assess_and_draw(input: &Input) -> Result<(Assessment, Balance), Error> {
    let (answer, world) = answered(input)?;
    Ok((answer, balance::drawn(input, &world)))
}

fn answered(input: &Input) -> Result<(Assessment, World), Error> {
    input.check()?;
    let parameters = input.parameters();
    let asked = asked(input, &parameters)?;
    let world = World::new(input);
    let evppis: Vec<f64> =
        parameters.iter().map(|&(parameter, known)| world.evppi(parameter, known)).collect();
    // No single question can be worth more than knowing everything; the single ones are known more exactly.
    let evpi = asked.iter().fold(world.evpi(), |most, q| evppis.get(q.index).map_or(most, |e| most.max(*e)));
    let mut questions: Vec<Answer> = asked
        .into_iter()
        .filter_map(|question| {
            let (&(parameter, _), &evppi) = (parameters.get(question.index)?, evppis.get(question.index)?);
            let cost = question.hours * input.company.hour_value;
            Some(Answer { parameter: parameter.name(), ask: question.ask, evppi, cost, net: evppi - cost })
        })
        .collect();
    questions.sort_by(|a, b| b.net.total_cmp(&a.net));

    let Terms { price, refund_share, .. } = input.terms;
    let fair_price = fair_price(input, &world);
    let path = path(input, &world);
    let break_even = break_even(input, &world, &parameters);
    let decision = verdict::decide(input, &world, &parameters, &questions, &break_even, path.as_ref());
    let answer = Assessment {
        client: surplus(world.client_mean(), &world.client_at(price, refund_share)),
        margin: surplus(world.margin_mean_at(price), &world.margin_at(price, refund_share)),
        company: surplus(world.company_mean_at(price), &world.company()),
        decision_value: Mean { mean: world.value() },
        fair_price,
        path,
        evpi,
        questions,
        drivers: drivers(&world, &parameters),
        break_even,
        verdict: decision.verdict,
        reasons: decision.reasons,
        adjustments: decision.adjustments,
        would_change_if: decision.would_change_if,
    };
    Ok((answer, world))
}

struct Asked {
    index: usize,
    ask: String,
    hours: f64,
}

fn asked(input: &Input, parameters: &[(Parameter, Known)]) -> Result<Vec<Asked>, Error> {
    let Some(questions) = &input.questions else {
        let of_a_step = |parameter| matches!(parameter, Parameter::StepHours(_) | Parameter::StepPass(_));
        let uncertain = parameters.iter().enumerate();
        return Ok(uncertain
            .filter(|(_, (parameter, known))| known.is_uncertain() && !of_a_step(*parameter))
            .map(|(index, (parameter, _))| Asked { index, ask: parameter.ask(input), hours: 1.0 })
            .collect());
    };
    let place = |(i, question): (usize, &Question)| {
        let found =
            parameters.iter().enumerate().find(|(_, (parameter, _))| parameter.name() == question.parameter);
        let Some((index, (parameter, _))) = found else {
            let names: Vec<String> = parameters.iter().map(|(parameter, _)| parameter.name()).collect();
            let message = format!(
                "`{}` is not a parameter of this deal; it has {}",
                question.parameter,
                names.join(", ")
            );
            return Err(Error::at(format!("questions[{i}].parameter"), message));
        };
        let ask = question.ask.clone().unwrap_or_else(|| parameter.ask(input));
        Ok(Asked { index, ask, hours: question.hours })
    };
    questions.iter().enumerate().map(place).collect()
}

fn surplus(mean: f64, mixture: &Mixture<'_>) -> Surplus {
    Surplus {
        mean,
        p10: mixture.quantile(0.1),
        p50: mixture.quantile(0.5),
        p90: mixture.quantile(0.9),
        positive: mixture.positive(),
    }
}

/// Beyond any price: where a condition holds here it holds at every price.
const PRICE_BEYOND: f64 = 1e100;

fn fair_price(input: &Input, world: &World) -> FairPrice {
    let refund = input.terms.refund_share;
    let serves_us = |price: f64| {
        world.company_mean_at(price) >= 0.0
            && world.margin_at(price, refund).positive() >= input.policy.company_floor
    };
    let serves_them = |price: f64| world.client_at(price, refund).positive() >= input.policy.client_floor;
    let floor = if serves_us(0.0) {
        Some(0.0)
    } else {
        serves_us(PRICE_BEYOND).then(|| last_where(PRICE_BEYOND, 0.0, serves_us))
    };
    let ceiling =
        (serves_them(0.0) && !serves_them(PRICE_BEYOND)).then(|| last_where(0.0, PRICE_BEYOND, serves_them));
    FairPrice { floor, ceiling }
}

/// The last number on the way from `good`, where `holds`, to `bad`, where it does not, at which it still does:
/// exact, by halving the representation of non-negative numbers.
fn last_where(good: f64, bad: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut good, mut bad) = (good.to_bits(), bad.to_bits());
    while good.abs_diff(bad) > 1 {
        let middle = u64::midpoint(good, bad);
        if holds(f64::from_bits(middle)) { good = middle } else { bad = middle }
    }
    f64::from_bits(good)
}

fn path(input: &Input, world: &World) -> Option<Path> {
    let steps: Vec<PathStep> = input
        .company
        .path
        .as_ref()?
        .iter()
        .zip(world.path_values())
        .map(|(step, (value, break_even_pass))| PathStep { name: step.name.clone(), value, break_even_pass })
        .collect();
    let stop_at = steps.iter().find(|step| step.value <= 0.0).map(|step| step.name.clone());
    Some(Path { steps, stop_at })
}

fn drivers(world: &World, parameters: &[(Parameter, Known)]) -> Vec<Driver> {
    let mut drivers: Vec<Driver> = parameters
        .iter()
        .filter(|(_, known)| known.is_uncertain())
        .map(|&(parameter, known)| {
            let (low, high) = world::span(parameter, known, 0.1, 0.9);
            Driver {
                parameter: parameter.name(),
                at_p10: world.value_given(parameter, known, low),
                at_p90: world.value_given(parameter, known, high),
            }
        })
        .collect();
    let width = |driver: &Driver| (driver.at_p90 - driver.at_p10).abs();
    drivers.sort_by(|a, b| width(b).total_cmp(&width(a)));
    drivers
}

fn break_even(input: &Input, world: &World, parameters: &[(Parameter, Known)]) -> Vec<BreakEven> {
    let Terms { price, refund_share, .. } = input.terms;
    // Beyond the price of no return the value is a straight line: far enough to see it turn.
    let far = (1024.0 * (world.price_of_no_return(refund_share) + price + 1.0)).min(FIGURE_MAX.max(price));
    let value_at_price = |price: f64| world.value_at(price, refund_share);
    let value_at_refund = |refund: f64| world.value_at(price, refund);
    let named = |name: &str, value| BreakEven { parameter: name.into(), value };
    parameters
        .iter()
        .map(|&(parameter, known)| BreakEven {
            parameter: parameter.name(),
            value: world.break_even(parameter, known),
        })
        .chain([
            named("terms.price", verdict::nearest_turn(price, far, value_at_price)),
            named("terms.horizon_months", world.break_even_horizon(HORIZON_MONTHS_MAX)),
            named("terms.refund_share", verdict::nearest_turn(refund_share, 1.0, value_at_refund)),
        ])
        .collect()
}
