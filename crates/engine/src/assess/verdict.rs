//! The right next step, why, and what would change it.

use super::input::{Input, Known, Parameter};
use super::report::{chance, figure, value_in_words};
use super::world::{self, Standing, World};
use super::{Answer, BreakEven, PRICE_BEYOND, Path, Turn, last_where};
use serde::{Deserialize, Serialize};

/// The share of the price above which a question's net worth is worth the asking.
const ASK_FROM_PRICE_SHARE: f64 = 0.005;
/// Which refund shares are tried: tenths.
const REFUND_TENTHS: u32 = 10;

/// The right next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It helps both sides.
    GoAhead,
    /// A question is worth more than it costs: ask it before deciding.
    AskFirst,
    /// It would help both sides under other terms.
    Rebalance,
    /// It does not help both sides, and no terms would change that.
    WalkAway,
}

/// What a reason says; the codes are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// Something says that we cannot help.
    Contraindication,
    /// A question is worth its hours; `value` is its net worth, `threshold` what it had to pass.
    WorthAsking,
    /// Mean decision value is above zero; `value`.
    ValuePositive,
    /// Mean decision value is not above zero; `value`.
    ValueNotPositive,
    /// The client is likely better off; `value` is P(C>0), `threshold` the client's floor.
    ClientHelped,
    /// The client is not likely enough better off.
    ClientNotHelped,
    /// The deal likely leaves us a margin; `value` is P(G>0), `threshold` the company's floor.
    MarginLikely,
    /// The deal does not leave us a margin likely enough.
    MarginUnlikely,
    /// Every step of the path is worth going on; `value` is the value at the first.
    PathWorthIt,
    /// Going on stops being worth it at the step of `parameter`; `threshold` is its break-even pass rate.
    PathStops,
    /// No price serves both; `value` is the floor, `threshold` the ceiling, each absent where none is.
    NoFairPrice,
    /// Other terms would help both; they are in `adjustments`.
    TermsWouldHelp,
    /// No price and no refund share would help both.
    NoTermsHelp,
}

/// One reason for a verdict, with its figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// What it says.
    pub code: ReasonCode,
    /// The same in one sentence.
    pub text: String,
    /// The parameter it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// The figure it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// What the figure is held against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
}

impl Reason {
    fn new(code: ReasonCode, value: Option<f64>, threshold: Option<f64>, text: String) -> Self {
        Self { code, text, parameter: None, value, threshold }
    }
}

/// What an adjustment changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentKind {
    /// The price alone.
    Price,
    /// The refund share alone.
    RefundShare,
    /// The price and the refund share.
    Both,
}

/// Other terms under which both sides are helped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Adjustment {
    /// What changes.
    pub kind: AdjustmentKind,
    /// The price then.
    pub price: f64,
    /// The refund share then.
    pub refund_share: f64,
    /// Mean decision value then.
    pub decision_value: f64,
    /// P(C>0) then.
    pub client_positive: f64,
    /// P(G>0) then.
    pub margin_positive: f64,
    /// The same in one sentence.
    pub text: String,
}

pub(super) struct Decision {
    pub(super) verdict: Verdict,
    pub(super) reasons: Vec<Reason>,
    pub(super) adjustments: Vec<Adjustment>,
    pub(super) would_change_if: Vec<Turn>,
}

/// The five rules, in order.
pub(super) fn decide(
    input: &Input,
    world: &World,
    parameters: &[(Parameter, Known)],
    questions: &[Answer],
    break_even: &[BreakEven],
    path: Option<&Path>,
) -> Decision {
    let only = |verdict, reasons| Decision { verdict, reasons, adjustments: vec![], would_change_if: vec![] };
    let standing = world.standing_at(input.terms.price, input.terms.refund_share);
    let (against, in_favour) = weigh(input, &standing, path);

    if !input.contraindications.is_empty() {
        let cannot = |text: &String| {
            Reason::new(
                ReasonCode::Contraindication,
                None,
                None,
                format!("We cannot help here: {}", sentence(text)),
            )
        };
        return only(Verdict::WalkAway, input.contraindications.iter().map(cannot).collect());
    }
    let worth_asking_from = ASK_FROM_PRICE_SHARE * input.terms.price;
    if let Some(best) = questions.first().filter(|question| question.net > worth_asking_from) {
        let mut reasons = vec![worth_asking(best, worth_asking_from)];
        reasons.extend(against);
        reasons.extend(in_favour);
        return only(Verdict::AskFirst, reasons);
    }
    if standing.is_good(input) {
        return only(Verdict::GoAhead, in_favour);
    }
    let mut reasons = against;
    let fair = super::fair_price(input, world);
    if !fair.is_agreement_possible() {
        let text = match (fair.floor, fair.ceiling) {
            (Some(floor), Some(ceiling)) => format!(
                "With this refund share no price serves both: we would need {}, and they should not pay more than {}.",
                figure(floor),
                figure(ceiling)
            ),
            (None, _) => "With this refund share no price would serve us.".into(),
            (_, None) => {
                "With this refund share no price makes it likely enough that they are better off.".into()
            }
        };
        let unbounded = input.policy.client_floor == 0.0 && fair.ceiling.is_none() && fair.floor.is_some();
        if !unbounded {
            reasons.push(Reason::new(ReasonCode::NoFairPrice, fair.floor, fair.ceiling, text));
        }
    }
    let adjustments = adjustments(input, world);
    if let Some(first) = adjustments.first() {
        let text = format!("Other terms would help both: {}", lower_first(&first.text));
        reasons.push(Reason::new(ReasonCode::TermsWouldHelp, None, None, text));
        return Decision { verdict: Verdict::Rebalance, reasons, adjustments, would_change_if: vec![] };
    }
    let text = "No other price, and no sharing of the risk, would make it good for both sides.";
    reasons.push(Reason::new(ReasonCode::NoTermsHelp, None, None, text.into()));
    let would_change_if = turns(input, world, parameters, break_even);
    Decision { verdict: Verdict::WalkAway, reasons, adjustments: vec![], would_change_if }
}

/// The reasons against and in favour, by the four conditions of rule 3.
fn weigh(input: &Input, standing: &Standing, path: Option<&Path>) -> (Vec<Reason>, Vec<Reason>) {
    let policy = &input.policy;
    let (mut against, mut in_favour) = (vec![], vec![]);
    let mut say = |good: bool, reason| if good { in_favour.push(reason) } else { against.push(reason) };

    let good = standing.client_positive >= policy.client_floor;
    let code = if good { ReasonCode::ClientHelped } else { ReasonCode::ClientNotHelped };
    let (share, floor) = (chance(standing.client_positive), chance(policy.client_floor));
    let text = if good {
        format!("It helps them: in {share} cases they are better off than with their best alternative.")
    } else {
        format!(
            "It does not help them enough: in {share} cases they are better off, and it should be {floor}."
        )
    };
    say(good, Reason::new(code, Some(standing.client_positive), Some(policy.client_floor), text));

    let good = standing.margin_positive >= policy.company_floor;
    let code = if good { ReasonCode::MarginLikely } else { ReasonCode::MarginUnlikely };
    let (share, floor) = (chance(standing.margin_positive), chance(policy.company_floor));
    let text = if good {
        format!("It helps us: in {share} cases the price covers what it costs us.")
    } else {
        format!(
            "It does not help us enough: in {share} cases the price covers what it costs us, and it should be {floor}."
        )
    };
    say(good, Reason::new(code, Some(standing.margin_positive), Some(policy.company_floor), text));

    let good = standing.value > 0.0;
    let code = if good { ReasonCode::ValuePositive } else { ReasonCode::ValueNotPositive };
    let value = figure(standing.value);
    let text = if good {
        format!(
            "It is worth our time: on average it brings {value} after the hours and the spend still ahead."
        )
    } else {
        format!(
            "It is not worth our time: on average it brings {value} after the hours and the spend still ahead, harm to them counted."
        )
    };
    say(good, Reason::new(code, Some(standing.value), Some(0.0), text));

    if let Some(path) = path {
        match path.stop_at {
            Some(_) => say(false, path_stops(path)),
            None => {
                let first = path.steps.first().map(|step| step.value);
                let text = "The way to an agreement is worth going at every step.".into();
                say(true, Reason::new(ReasonCode::PathWorthIt, first, Some(0.0), text));
            }
        }
    }
    (against, in_favour)
}

fn path_stops(path: &Path) -> Reason {
    // Where a later step is worth nothing so are all before it: the last such step is the cause.
    let cause = path.steps.iter().enumerate().rev().find(|(_, step)| step.value <= 0.0);
    let (parameter, threshold, text) = match cause {
        Some((i, step)) => {
            let text = match step.break_even_pass {
                Some(rate) => format!(
                    "Going on is not worth it: the step \u{201c}{}\u{201d} would have to be passed in more than {} cases.",
                    step.name,
                    chance(rate)
                ),
                None => format!(
                    "Going on is not worth it: after the step \u{201c}{}\u{201d} too little would be left.",
                    step.name
                ),
            };
            (Some(Parameter::StepPass(i).name()), step.break_even_pass, text)
        }
        None => (None, None, "Going on is not worth it.".into()),
    };
    Reason { parameter, ..Reason::new(ReasonCode::PathStops, Some(0.0), threshold, text) }
}

fn worth_asking(best: &Answer, from: f64) -> Reason {
    let text = format!(
        "Ask first: \u{201c}{}\u{201d} Knowing it is worth {} and asking costs {}.",
        best.ask,
        figure(best.evppi),
        figure(best.cost)
    );
    let reason = Reason::new(ReasonCode::WorthAsking, Some(best.net), Some(from), text);
    Reason { parameter: Some(best.parameter.clone()), ..reason }
}

/// The smallest change of each kind that makes both sides better off.
fn adjustments(input: &Input, world: &World) -> Vec<Adjustment> {
    let (price, refund) = (input.terms.price, input.terms.refund_share);
    let tenths = || (0..=REFUND_TENTHS).map(|tenth| f64::from(tenth) / f64::from(REFUND_TENTHS));
    let others = || tenths().filter(|share| (share - refund).abs() > 1e-9);
    let nearest = |a: &f64, b: &f64| (a - refund).abs().total_cmp(&(b - refund).abs());
    // Both changes as a share of the price, so that they can be added.
    let size = |(other, share): (f64, f64)| {
        (other - price).abs() / if price > 0.0 { price } else { 1.0 } + (share - refund).abs()
    };
    let mut all = vec![];
    if let Some(other) = nearest_good_price(input, world, refund) {
        all.push((AdjustmentKind::Price, other, refund));
    }
    if let Some(share) =
        others().filter(|share| world.standing_at(price, *share).is_good(input)).min_by(nearest)
    {
        all.push((AdjustmentKind::RefundShare, price, share));
    }
    let both = others()
        .filter_map(|share| Some((nearest_good_price(input, world, share)?, share)))
        .filter(|(other, _)| *other != price)
        .min_by(|a, b| size(*a).total_cmp(&size(*b)));
    if let Some((other, share)) = both {
        all.push((AdjustmentKind::Both, other, share));
    }
    all.into_iter()
        .map(|(kind, other, share)| {
            let standing = world.standing_at(other, share);
            let direction = if other < price { "lower" } else { "raise" };
            let give_back = format!("give back {} if the outcome is not reached", percent(share));
            let text = match kind {
                AdjustmentKind::Price => {
                    format!("{} the price to {}.", upper_first(direction), figure(other))
                }
                AdjustmentKind::RefundShare => format!("{}, at the same price.", upper_first(&give_back)),
                AdjustmentKind::Both => {
                    format!("{} the price to {} and {give_back}.", upper_first(direction), figure(other))
                }
            };
            Adjustment {
                kind,
                price: other,
                refund_share: share,
                decision_value: standing.value,
                client_positive: standing.client_positive,
                margin_positive: standing.margin_positive,
                text,
            }
        })
        .collect()
}

/// The price nearest to the present one at which rule 3 holds, the refund share given.
///
/// Such prices form an interval: the client's condition holds up to some price, the margin's from some price,
/// and the decision value is concave in the price.
fn nearest_good_price(input: &Input, world: &World, refund: f64) -> Option<f64> {
    let price = input.terms.price;
    let good = |price: f64| world.standing_at(price, refund).is_good(input);
    if good(price) {
        return Some(price);
    }
    let serves_them = |price: f64| world.client_at(price, refund).positive() >= input.policy.client_floor;
    let serves_us = |price: f64| world.margin_at(price, refund).positive() >= input.policy.company_floor;
    let far = 1024.0 * (world.price_of_no_return(refund) + price + 1.0);
    if !serves_them(0.0) || !serves_us(PRICE_BEYOND) {
        return None;
    }
    let most = if serves_them(PRICE_BEYOND) { far } else { last_where(0.0, PRICE_BEYOND, serves_them) };
    let least = if serves_us(0.0) { 0.0 } else { last_where(PRICE_BEYOND, 0.0, serves_us) };
    if least > most {
        return None;
    }
    let best = highest(least, most, |price| world.value_at(price, refund));
    let inside = [best, least, most].into_iter().find(|&price| good(price))?;
    Some(last_where(inside, price, good))
}

/// Where a concave function is greatest.
pub(super) fn highest(low: f64, high: f64, value: impl Fn(f64) -> f64) -> f64 {
    let (from, to) = (low, high);
    let (mut low, mut high) = (low, high);
    for _ in 0..120 {
        let third = (high - low) / 3.0;
        let (left, right) = (low + third, high - third);
        if value(left) < value(right) {
            low = left
        } else {
            high = right
        }
        if third <= 1e-15 * (low.abs() + high.abs()) {
            break;
        }
    }
    let middle = 0.5 * (low + high);
    [middle, from, to].into_iter().max_by(|a, b| value(*a).total_cmp(&value(*b))).unwrap_or(middle)
}

/// The root nearest to `at` of a concave function on `0..=most`.
pub(super) fn nearest_turn(at: f64, most: f64, value: impl Fn(f64) -> f64) -> Option<f64> {
    let top = highest(0.0, most, &value);
    if value(top) <= 0.0 {
        return None;
    }
    let is_good = |x: f64| value(x) > 0.0;
    let ends = [0.0, most].into_iter().filter(|&end| !is_good(end)).map(|end| last_where(top, end, is_good));
    ends.min_by(|a, b| (a - at).abs().total_cmp(&(b - at).abs()))
}

/// The values of single parameters from which rule 3 would hold, the rest as it is.
fn turns(
    input: &Input,
    world: &World,
    parameters: &[(Parameter, Known)],
    break_even: &[BreakEven],
) -> Vec<Turn> {
    let turn = |&(parameter, known): &(Parameter, Known)| {
        let (low, high) = world::span(parameter, known, 0.01, 0.99);
        let good = |theta: f64| world.is_good_given(input, parameter, known, theta);
        let (from, to) = match (low < high, good(low), good(high)) {
            (true, true, false) => (low, high),
            (true, false, true) => (high, low),
            _ => return None,
        };
        let border = world::bisect(from, to, good, 20);
        let name = parameter.name();
        let at_zero = break_even.iter().find(|turn| turn.parameter == name).and_then(|turn| turn.value);
        // Where the decision value alone decides, the border is its break-even, known more exactly.
        let value = at_zero.filter(|zero| (zero - border).abs() <= 1e-5 * (high - low)).unwrap_or(border);
        let side = if from > to { "at least" } else { "at most" };
        let text = format!(
            "Going ahead would be right if {} were {side} {}.",
            parameter.label(input),
            value_in_words(parameter, value)
        );
        Some(Turn { parameter: name, value, text })
    };
    parameters.iter().filter_map(turn).collect()
}

fn percent(share: f64) -> String {
    format!("{}%", figure(100.0 * share))
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) { text.into() } else { format!("{text}.") }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
