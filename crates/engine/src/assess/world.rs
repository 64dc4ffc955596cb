//! The samples, and what can be read off them for any terms.
//!
//! Whether the outcome is reached is not drawn: each sample stands for both cases, weighted by the mean
//! success rate, which the other quantities do not depend on. Nor is anything drawn whose mean has a closed
//! form: given independent parameters only the harm `E[min(C, 0)]` has none. Every parameter has dimensions
//! of its own whether it is uncertain or not, so that settling one leaves the samples of the others alone.
#![expect(
    clippy::indexing_slicing,
    reason = "a numeric kernel: all columns have one length, cells are masked"
)]

use super::input::{Input, Known, Parameter};
use super::points::Points;
use super::sort::ascending;
use crate::beta::{Beta, Table};
use crate::{Estimate, Rate, normal};

/// How many of the samples a curve over one parameter is averaged on.
const CURVE_SAMPLES: usize = 2_048;
/// Where a standard normal ends for all that matters: one in a billion lies beyond.
const EDGE: f64 = 6.0;

/// Where one side stands under given terms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Standing {
    /// Mean decision value `E[U]`.
    pub(super) value: f64,
    /// `P(C > 0)`.
    pub(super) client_positive: f64,
    /// `P(G > 0)`.
    pub(super) margin_positive: f64,
    /// The value of continuing at the first step; positive infinity where no path is given.
    pub(super) path_value: f64,
}

impl Standing {
    /// Whether both sides are helped, by rule 3.
    pub(super) fn is_good(&self, input: &Input) -> bool {
        self.value > 0.0
            && self.client_positive >= input.policy.client_floor
            && self.margin_positive >= input.policy.company_floor
            && self.path_value > 0.0
    }
}

/// Ascending values with their running sums.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    values: Vec<f64>,
    sums: Vec<f64>,
}

impl Sorted {
    fn new(mut values: Vec<f64>) -> Self {
        ascending(&mut values);
        let mut sum = 0.0;
        let mut sums = Vec::with_capacity(values.len() + 1);
        sums.push(0.0);
        for value in &values {
            sum += value;
            sums.push(sum);
        }
        Self { values, sums }
    }

    /// The share of the values above `x`.
    #[expect(clippy::cast_precision_loss, reason = "at most SAMPLES_MAX")]
    pub(super) fn above(&self, x: f64) -> f64 {
        let below = self.values.partition_point(|&value| value <= x);
        (self.values.len() - below) as f64 / self.values.len() as f64
    }

    /// The share of the values below `x`.
    #[expect(clippy::cast_precision_loss, reason = "at most SAMPLES_MAX")]
    pub(super) fn below(&self, x: f64) -> f64 {
        self.values.partition_point(|&value| value < x) as f64 / self.values.len() as f64
    }

    /// The mean of `min(value − x, 0)`.
    #[expect(clippy::cast_precision_loss, reason = "at most SAMPLES_MAX")]
    fn shortfall(&self, x: f64) -> f64 {
        let below = self.values.partition_point(|&value| value < x);
        ((self.sums[below] - below as f64 * x) / self.values.len() as f64).min(0.0)
    }

    fn greatest(&self) -> f64 {
        self.values.last().copied().unwrap_or(0.0)
    }
}

/// Values of which one list holds with weight `w` and the other with the rest: each is `sign·value + shift`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mixture<'a> {
    /// The first list, how it is shifted, and its weight.
    pub(super) reached: (&'a Sorted, f64),
    /// The second list and its shift.
    pub(super) missed: (&'a Sorted, f64),
    /// The weight of the first.
    pub(super) weight: f64,
    /// Whether the lists hold costs, to be subtracted from the shift.
    pub(super) costs: bool,
}

impl Mixture<'_> {
    /// The share above zero.
    pub(super) fn positive(&self) -> f64 {
        let share = |(sorted, shift): (&Sorted, f64)| {
            if self.costs { sorted.below(shift) } else { sorted.above(-shift) }
        };
        blend(self.weight, share(self.reached), share(self.missed))
    }

    /// The value below which the share `u` lies: the least of which at least that share is not above.
    pub(super) fn quantile(&self, u: f64) -> f64 {
        let count = self.reached.0.values.len();
        let at = |(sorted, shift): (&Sorted, f64), i: usize| {
            if self.costs { shift - sorted.values[count - 1 - i] } else { sorted.values[i] + shift }
        };
        #[expect(clippy::cast_precision_loss, reason = "at most SAMPLES_MAX")]
        let up_to = |side: (&Sorted, f64), x: f64| {
            let (mut low, mut high) = (0, count);
            while low < high {
                let middle = usize::midpoint(low, high);
                if at(side, middle) <= x { low = middle + 1 } else { high = middle }
            }
            low as f64 / count as f64
        };
        let enough = |x: f64| blend(self.weight, up_to(self.reached, x), up_to(self.missed, x)) >= u - 1e-12;
        let least = |side: (&Sorted, f64)| {
            let (mut low, mut high) = (0, count);
            while low < high {
                let middle = usize::midpoint(low, high);
                if enough(at(side, middle)) { high = middle } else { low = middle + 1 }
            }
            if low < count { at(side, low) } else { f64::INFINITY }
        };
        match self.weight {
            w if w >= 1.0 => least(self.reached),
            w if w <= 0.0 => least(self.missed),
            _ => least(self.reached).min(least(self.missed)),
        }
    }

    /// Every value with its weight, a thinned list in no particular order.
    pub(super) fn atoms(&self, most: usize) -> Vec<(f64, f64)> {
        let mut atoms = Vec::with_capacity(2 * most);
        for ((sorted, shift), weight) in [(self.reached, self.weight), (self.missed, 1.0 - self.weight)] {
            if weight <= 0.0 {
                continue;
            }
            let stride = sorted.values.len().div_ceil(most).max(1);
            let taken = sorted.values.iter().skip(stride / 2).step_by(stride);
            #[expect(clippy::cast_precision_loss, reason = "at most SAMPLES_MAX")]
            let each = weight / taken.len().max(1) as f64;
            atoms.extend(taken.map(|&value| (if self.costs { shift - value } else { value + shift }, each)));
        }
        atoms
    }
}

/// `w·reached + (1−w)·missed`, exact where both are equal and where `w` is 0 or 1.
fn blend(w: f64, reached: f64, missed: f64) -> f64 {
    if w >= 1.0 { reached } else { missed + w * (reached - missed) }
}

/// The sampled deal.
#[derive(Debug)]
pub(super) struct World {
    price: f64,
    horizon: f64,
    refund: f64,
    weight: f64,
    hour_value: f64,
    has_path: bool,
    steps: Vec<(f64, f64)>,
    pub(super) success: f64,
    win: f64,
    hours: f64,
    spend: f64,
    worked_months: f64,
    benefit: f64,
    adoption: f64,
    alternative: f64,
    delivery: f64,
    service: f64,
    strategic: f64,
    benefits: Vec<f64>,
    delays: Vec<f64>,
    adoptions: Vec<f64>,
    alternatives: Vec<f64>,
    deliveries: Vec<f64>,
    services: Vec<f64>,
    strategics: Vec<f64>,
    /// `b·T − a − x`.
    gains: Sorted,
    /// `−a − x`.
    efforts: Sorted,
    /// `d + v·H − r`.
    costs: Sorted,
    /// K with the outcome reached, and missed.
    company: [Sorted; 2],
    harm: f64,
    /// `E[max(U, 0)]` and `E[max(−U, 0)]`.
    value_parts: (f64, f64),
}

impl World {
    /// Samples a checked input.
    pub(super) fn new(input: &Input) -> Self {
        let steps = input.company.steps();
        let mean_steps: Vec<_> =
            steps.iter().map(|(hours, pass)| (mean_above(*hours, 0.0), pass.mean())).collect();
        let (mut hours, mut reach) = (0.0, 1.0);
        for (step_hours, pass) in &mean_steps {
            hours += step_hours * reach;
            reach *= pass;
        }
        let horizon = input.terms.horizon_months;
        let (client, company) = (&input.client, &input.company);
        let columns = Columns::draw(input, &steps);
        let mut world = Self {
            price: input.terms.price,
            horizon,
            refund: input.terms.refund_share,
            weight: input.policy.client_weight,
            hour_value: company.hour_value,
            has_path: company.path.is_some(),
            steps: mean_steps,
            success: client.success.mean(),
            win: reach,
            hours,
            spend: mean_above(company.spend_to_close, 0.0),
            worked_months: worked_months(client.months_to_benefit, horizon),
            benefit: mean_above(client.benefit_per_month, 0.0),
            adoption: mean_above(client.adoption_cost, 0.0),
            alternative: client.alternative_value.mean(),
            delivery: mean_above(company.delivery_cost, 0.0),
            service: mean_above(company.service_cost_per_month, 0.0),
            strategic: company.strategic_value.mean(),
            benefits: columns.benefits,
            delays: columns.delays,
            adoptions: columns.adoptions,
            alternatives: columns.alternatives,
            deliveries: columns.deliveries,
            services: columns.services,
            strategics: columns.strategics,
            gains: Sorted::new(columns.gains),
            efforts: Sorted::new(columns.efforts),
            costs: Sorted::new(columns.costs),
            company: columns.company.map(Sorted::new),
            harm: 0.0,
            value_parts: columns.value_parts,
        };
        world.harm = world.harm_at(world.price, world.refund);
        world
    }

    fn paid(&self, price: f64, refund: f64) -> f64 {
        price * (1.0 - refund * (1.0 - self.success))
    }

    fn harm_at(&self, price: f64, refund: f64) -> f64 {
        if self.weight == 0.0 {
            return 0.0;
        }
        let missed = self.efforts.shortfall(price * (1.0 - refund));
        blend(self.success, self.gains.shortfall(price), missed)
    }

    fn mean_costs(&self) -> f64 {
        self.delivery + self.service * self.horizon - self.strategic
    }

    /// `E[G + client_weight·min(C, 0)]` for a harm.
    fn exchange(&self, price: f64, refund: f64, harm: f64) -> f64 {
        self.paid(price, refund) - self.mean_costs() + self.weight * harm
    }

    fn value_of_exchange(&self, exchange: f64) -> f64 {
        self.win * exchange - self.hours * self.hour_value - self.spend
    }

    /// `E[U]` under other terms.
    pub(super) fn value_at(&self, price: f64, refund: f64) -> f64 {
        self.value_of_exchange(self.exchange(price, refund, self.harm_at(price, refund)))
    }

    /// `E[U]`.
    pub(super) fn value(&self) -> f64 {
        self.value_of_exchange(self.exchange(self.price, self.refund, self.harm))
    }

    /// Where both sides stand under other terms.
    pub(super) fn standing_at(&self, price: f64, refund: f64) -> Standing {
        let exchange = self.exchange(price, refund, self.harm_at(price, refund));
        Standing {
            value: self.value_of_exchange(exchange),
            client_positive: self.client_at(price, refund).positive(),
            margin_positive: self.margin_at(price, refund).positive(),
            path_value: self.first_path_value(exchange),
        }
    }

    fn first_path_value(&self, exchange: f64) -> f64 {
        if !self.has_path || self.steps.is_empty() {
            return f64::INFINITY;
        }
        self.steps.iter().rev().fold(exchange - self.spend, |next, step| self.step_value(*step, next))
    }

    fn step_value(&self, (hours, pass): (f64, f64), next: f64) -> f64 {
        (pass * next - self.hour_value * hours).max(0.0)
    }

    /// Per step, the value of continuing and the pass rate at which it would be nothing.
    pub(super) fn path_values(&self) -> Vec<(f64, Option<f64>)> {
        let mut next = self.exchange(self.price, self.refund, self.harm) - self.spend;
        let mut values = Vec::with_capacity(self.steps.len());
        for &(hours, pass) in self.steps.iter().rev() {
            let break_even = self.hour_value * hours / next;
            let value = self.step_value((hours, pass), next);
            values.push((value, (next > 0.0 && break_even <= 1.0).then_some(break_even)));
            next = value;
        }
        values.reverse();
        values
    }

    /// The client's surplus C under other terms.
    pub(super) fn client_at(&self, price: f64, refund: f64) -> Mixture<'_> {
        Mixture {
            reached: (&self.gains, -price),
            missed: (&self.efforts, -price * (1.0 - refund)),
            weight: self.success,
            costs: false,
        }
    }

    /// The deal's margin G under other terms.
    pub(super) fn margin_at(&self, price: f64, refund: f64) -> Mixture<'_> {
        Mixture {
            reached: (&self.costs, price),
            missed: (&self.costs, price * (1.0 - refund)),
            weight: self.success,
            costs: true,
        }
    }

    /// Our surplus K.
    pub(super) fn company(&self) -> Mixture<'_> {
        let [reached, missed] = &self.company;
        let missed = if missed.values.is_empty() { reached } else { missed };
        Mixture { reached: (reached, 0.0), missed: (missed, 0.0), weight: self.success, costs: false }
    }

    /// `E[C]`.
    pub(super) fn client_mean(&self) -> f64 {
        let gain = self.success * self.benefit * self.worked_months;
        gain - self.adoption - self.alternative - self.paid(self.price, self.refund)
    }

    /// `E[G]` under other terms.
    pub(super) fn margin_mean_at(&self, price: f64) -> f64 {
        self.paid(price, self.refund) - self.mean_costs()
    }

    /// `E[K]` under another price.
    pub(super) fn company_mean_at(&self, price: f64) -> f64 {
        self.value_of_exchange(self.margin_mean_at(price))
    }

    /// A price above which the harm to the client grows steadily and nothing else changes.
    pub(super) fn price_of_no_return(&self, refund: f64) -> f64 {
        let missed = if refund < 1.0 { self.efforts.greatest() / (1.0 - refund) } else { 0.0 };
        self.gains.greatest().max(missed).max(0.0)
    }

    /// What knowing everything would be worth.
    pub(super) fn evpi(&self) -> f64 {
        if self.value() >= 0.0 { self.value_parts.1 } else { self.value_parts.0 }
    }

    /// How `E[U | θ]` rises with the parameter, where it is a straight line.
    fn slope(&self, parameter: Parameter) -> Option<f64> {
        let before = |i: usize| self.steps.iter().take(i).map(|(_, pass)| pass).product::<f64>();
        let pass_slope = |i: usize| {
            let (mut others, mut later_hours) = (1.0, 0.0);
            for (k, (hours, pass)) in self.steps.iter().enumerate() {
                if k > i {
                    later_hours += hours * others;
                }
                if k != i {
                    others *= pass;
                }
            }
            self.exchange(self.price, self.refund, self.harm) * others - self.hour_value * later_hours
        };
        match parameter {
            Parameter::Success => {
                let (mut reached, mut missed) = (self.price, self.price * (1.0 - self.refund));
                if self.weight > 0.0 {
                    let harm = (self.gains.shortfall(reached), self.efforts.shortfall(missed));
                    reached += self.weight * harm.0;
                    missed += self.weight * harm.1;
                }
                Some(self.win * (reached - missed))
            }
            Parameter::Delivery => Some(-self.win),
            Parameter::Service => Some(-self.win * self.horizon),
            Parameter::Strategic => Some(self.win),
            Parameter::Spend => Some(-1.0),
            Parameter::Hours => Some(-self.hour_value),
            Parameter::StepHours(i) => Some(-self.hour_value * before(i)),
            Parameter::Win => Some(pass_slope(0)),
            Parameter::StepPass(i) => Some(pass_slope(i)),
            Parameter::Benefit | Parameter::Delay | Parameter::Adoption | Parameter::Alternative => {
                (self.weight == 0.0 || self.win == 0.0).then_some(0.0)
            }
        }
    }

    fn mean_of(&self, parameter: Parameter, known: Known) -> f64 {
        match known {
            Known::Rate(rate) => rate.mean(),
            Known::Estimate(estimate) if parameter.can_be_negative() => estimate.mean(),
            Known::Estimate(estimate) => mean_above(estimate, 0.0),
        }
    }

    /// The harm with one of the client's quantities, or the horizon, fixed; over the first `count` samples.
    fn harm_with(&self, fixed: Fixed, theta: f64, count: usize) -> f64 {
        let count = count.min(self.benefits.len());
        let (price, kept) = (self.price, self.price * (1.0 - self.refund));
        let (b, t) = (&self.benefits[..count], &self.delays[..count]);
        let (a, x) = (&self.adoptions[..count], &self.alternatives[..count]);
        let h = self.horizon;
        let worked = |h: f64, t: f64| if h > t { h - t } else { 0.0 };
        let sums = match fixed {
            Fixed::Benefit => sum_pairs(count, |j| (theta * worked(h, t[j]) - (a[j] + x[j]) - price, 0.0)),
            Fixed::Delay => {
                let months = worked(h, theta);
                sum_pairs(count, |j| (b[j] * months - (a[j] + x[j]) - price, 0.0))
            }
            Fixed::Adoption => sum_pairs(count, |j| {
                let effort = theta + x[j];
                (b[j] * worked(h, t[j]) - effort - price, -effort - kept)
            }),
            Fixed::Alternative => sum_pairs(count, |j| {
                let effort = a[j] + theta;
                (b[j] * worked(h, t[j]) - effort - price, -effort - kept)
            }),
            Fixed::Horizon => sum_pairs(count, |j| (b[j] * worked(theta, t[j]) - (a[j] + x[j]) - price, 0.0)),
        };
        #[expect(clippy::cast_precision_loss, reason = "at most SAMPLES_MAX")]
        let count = count as f64;
        let missed = match fixed {
            Fixed::Adoption | Fixed::Alternative => sums.1 / count,
            _ => self.efforts.shortfall(kept),
        };
        blend(self.success, sums.0 / count, missed)
    }

    /// `E[U | θ]` with one of the client's quantities fixed, on the first `count` samples.
    fn value_with(&self, fixed: Fixed, theta: f64, count: usize) -> f64 {
        self.value_of_exchange(self.exchange(self.price, self.refund, self.harm_with(fixed, theta, count)))
    }

    /// `E[U]` with another horizon, on the first `count` samples.
    fn value_with_horizon(&self, horizon: f64, count: usize) -> f64 {
        let harm = if self.weight == 0.0 { 0.0 } else { self.harm_with(Fixed::Horizon, horizon, count) };
        let exchange = self.exchange(self.price, self.refund, harm) - self.service * (horizon - self.horizon);
        self.value_of_exchange(exchange)
    }

    /// `E[U | θ]`.
    pub(super) fn value_given(&self, parameter: Parameter, known: Known, theta: f64) -> f64 {
        match (self.slope(parameter), Fixed::of(parameter)) {
            (None, Some(fixed)) => self.value_with(fixed, theta, usize::MAX),
            (slope, _) => self.value() + slope.unwrap_or(0.0) * (theta - self.mean_of(parameter, known)),
        }
    }

    /// What knowing the parameter would be worth: `E[max(E[U | θ], 0)] − max(E[U], 0)`.
    pub(super) fn evppi(&self, parameter: Parameter, known: Known) -> f64 {
        if !known.is_uncertain() {
            return 0.0;
        }
        let value = self.value();
        let sign = if value >= 0.0 { -1.0 } else { 1.0 };
        let slope = self.slope(parameter);
        match (known, slope) {
            (_, Some(0.0)) => 0.0,
            (Known::Rate(Rate::Counted { successes, trials }), Some(slope)) => {
                let beta = Beta::new(1.0 + successes, 1.0 + trials - successes);
                let root = beta.mean() - value / slope;
                let above = beta.mean_above(root);
                // E[max(±slope·(p − root), 0)]: above the root where both signs agree, below it otherwise.
                slope.abs() * if sign * slope > 0.0 { above } else { (above - (beta.mean() - root)).max(0.0) }
            }
            (Known::Rate(_), _) => 0.0,
            (Known::Estimate(estimate), _) => {
                let curve = self.curve(parameter, known, estimate, slope);
                curve.iter().zip(curve.iter().skip(1)).enumerate().fold(0.0, |sum, (i, (from, to))| {
                    let from_z = if i == 0 { f64::NEG_INFINITY } else { from.0 };
                    let to_z = if i + 2 == curve.len() { f64::INFINITY } else { to.0 };
                    sum + positive_part((from.0, sign * from.1), (to.0, sign * to.1), from_z, to_z)
                })
            }
        }
    }

    /// `E[U | θ(z)]` at knots of a standard normal z between which it is as good as straight.
    fn curve(
        &self,
        parameter: Parameter,
        known: Known,
        estimate: Estimate,
        slope: Option<f64>,
    ) -> Vec<(f64, f64)> {
        let split = Split::new(estimate, !parameter.can_be_negative());
        if let (None, Some(fixed)) = (slope, Fixed::of(parameter)) {
            // The value is monotone in each of the client's quantities: without a change of sign nothing is learnt.
            let ends = [-EDGE, EDGE].map(|z| self.value_with(fixed, split.at(z), CURVE_SAMPLES) > 0.0);
            if ends[0] == ends[1] && ends[0] == (self.value() > 0.0) {
                return vec![];
            }
        }
        let mut knots: Vec<f64> = match slope {
            Some(_) => vec![-EDGE, 0.0, EDGE],
            None => (-15..=15).map(|i| f64::from(i) / 3.0).collect(),
        };
        let mut kinks = vec![];
        if !parameter.can_be_negative() {
            kinks.extend(split.z_of(0.0));
        }
        if parameter == Parameter::Delay {
            kinks.extend(split.z_of(self.horizon));
        }
        kinks.retain(|z| z.abs() < EDGE);
        knots.extend(kinks);
        knots.sort_unstable_by(f64::total_cmp);
        knots.dedup();
        let fixed = Fixed::of(parameter).filter(|_| slope.is_none());
        let mean = self.mean_of(parameter, known);
        let mut curve: Vec<(f64, f64)> = knots
            .into_iter()
            .map(|z| {
                let theta = split.at(z);
                let value = match fixed {
                    Some(fixed) => self.value_with(fixed, theta, CURVE_SAMPLES),
                    None => self.value() + slope.unwrap_or(0.0) * (theta - mean),
                };
                (z, value)
            })
            .collect();
        if fixed.is_some() {
            // The curve's samples are fewer: its mean is known better than they say.
            let drawn: f64 = curve
                .iter()
                .zip(curve.iter().skip(1))
                .enumerate()
                .map(|(i, (from, to))| {
                    let from_z = if i == 0 { f64::NEG_INFINITY } else { from.0 };
                    let to_z = if i + 2 == curve.len() { f64::INFINITY } else { to.0 };
                    straight(*from, *to, from_z, to_z)
                })
                .sum();
            let shift = self.value() - drawn;
            curve.iter_mut().for_each(|(_, value)| *value += shift);
        }
        curve
    }

    /// The value of the parameter at which `E[U]` is nothing, if it lies between its P1 and P99.
    pub(super) fn break_even(&self, parameter: Parameter, known: Known) -> Option<f64> {
        let (low, high) = span(parameter, known, 0.01, 0.99);
        if low >= high {
            return None;
        }
        if let Some(slope) = self.slope(parameter) {
            if slope == 0.0 {
                return None;
            }
            let root = self.mean_of(parameter, known) - self.value() / slope;
            return (low..=high).contains(&root).then_some(root);
        }
        let fixed = Fixed::of(parameter)?;
        root_between(low, high, |theta, count| self.value_with(fixed, theta, count))
    }

    /// The horizon nearest to the present one at which `E[U]` is nothing.
    pub(super) fn break_even_horizon(&self, most: f64) -> Option<f64> {
        let value = |months: f64, count: usize| self.value_with_horizon(months, count);
        let down = (1..=24).map(|i| self.horizon * f64::from(24 - i) / 24.0);
        let up = (1..=24).map(|i| self.horizon + (most - self.horizon) * f64::from(i * i) / 576.0);
        let mut nearest: Option<f64> = None;
        let positive = self.value() > 0.0;
        for side in [down.collect::<Vec<_>>(), up.collect()] {
            let mut last = self.horizon;
            for months in side {
                if (value(months, CURVE_SAMPLES) > 0.0) != positive {
                    let root = root_between(last.min(months), last.max(months), value);
                    nearest = match (nearest, root) {
                        (Some(a), Some(b)) if (b - self.horizon).abs() >= (a - self.horizon).abs() => Some(a),
                        (a, b) => b.or(a),
                    };
                    break;
                }
                last = months;
            }
        }
        nearest
    }

    /// Whether both sides would be helped, by rule 3, if the parameter were settled at `theta`.
    pub(super) fn is_good_given(
        &self,
        input: &Input,
        parameter: Parameter,
        known: Known,
        theta: f64,
    ) -> bool {
        let value = self.value_given(parameter, known, theta);
        value > 0.0
            && self.path_value_given(parameter, value, theta) > 0.0
            && self.margin_positive_given(parameter, theta) >= input.policy.company_floor
            && self.client_positive_given(parameter, theta) >= input.policy.client_floor
    }

    fn client_positive_given(&self, parameter: Parameter, theta: f64) -> f64 {
        let (price, kept) = (self.price, self.price * (1.0 - self.refund));
        let (b, t, a, x) = (&self.benefits, &self.delays, &self.adoptions, &self.alternatives);
        let n = b.len();
        let gain = |b: f64, t: f64, a: f64, x: f64| b * (self.horizon - t).max(0.0) - a - x;
        let (reached, missed) = match parameter {
            Parameter::Benefit => (share(n, |j| gain(theta, t[j], a[j], x[j]) > price), None),
            Parameter::Delay => (share(n, |j| gain(b[j], theta, a[j], x[j]) > price), None),
            Parameter::Adoption => (
                share(n, |j| gain(b[j], t[j], theta, x[j]) > price),
                Some(share(n, |j| -theta - x[j] > kept)),
            ),
            Parameter::Alternative => (
                share(n, |j| gain(b[j], t[j], a[j], theta) > price),
                Some(share(n, |j| -a[j] - theta > kept)),
            ),
            _ => (self.gains.above(price), None),
        };
        let success = if parameter == Parameter::Success { theta } else { self.success };
        blend(success, reached, missed.unwrap_or_else(|| self.efforts.above(kept)))
    }

    fn margin_positive_given(&self, parameter: Parameter, theta: f64) -> f64 {
        let (price, kept) = (self.price, self.price * (1.0 - self.refund));
        let (d, v, r, h) = (&self.deliveries, &self.services, &self.strategics, self.horizon);
        let below = |limit: f64| match parameter {
            Parameter::Delivery => share(d.len(), |j| theta + v[j] * h - r[j] < limit),
            Parameter::Service => share(d.len(), |j| d[j] + theta * h - r[j] < limit),
            Parameter::Strategic => share(d.len(), |j| d[j] + v[j] * h - theta < limit),
            _ => self.costs.below(limit),
        };
        let success = if parameter == Parameter::Success { theta } else { self.success };
        blend(success, below(price), below(kept))
    }

    fn path_value_given(&self, parameter: Parameter, value: f64, theta: f64) -> f64 {
        if !self.has_path || self.steps.is_empty() {
            return f64::INFINITY;
        }
        let mut exchange = self.exchange(self.price, self.refund, self.harm);
        let mut spend = self.spend;
        match parameter {
            Parameter::Spend => spend = theta,
            Parameter::StepHours(_) | Parameter::StepPass(_) => {}
            // Only the exchange depends on the others: what E[U] gained, it gained through it.
            _ if self.win > 0.0 => exchange += (value - self.value()) / self.win,
            _ => return 0.0,
        }
        self.steps.iter().enumerate().rev().fold(exchange - spend, |next, (i, &(hours, pass))| {
            let hours = if parameter == Parameter::StepHours(i) { theta } else { hours };
            let pass = if parameter == Parameter::StepPass(i) { theta } else { pass };
            self.step_value((hours, pass), next)
        })
    }
}

fn share(count: usize, test: impl Fn(usize) -> bool) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "at most SAMPLES_MAX")]
    let share = (0..count).filter(|&j| test(j)).count() as f64 / count as f64;
    share
}

/// What is fixed while the client's other quantities vary.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fixed {
    Benefit,
    Delay,
    Adoption,
    Alternative,
    Horizon,
}

impl Fixed {
    fn of(parameter: Parameter) -> Option<Self> {
        match parameter {
            Parameter::Benefit => Some(Self::Benefit),
            Parameter::Delay => Some(Self::Delay),
            Parameter::Adoption => Some(Self::Adoption),
            Parameter::Alternative => Some(Self::Alternative),
            _ => None,
        }
    }
}

/// The values at two shares of what is known of the parameter.
pub(super) fn span(parameter: Parameter, known: Known, from: f64, to: f64) -> (f64, f64) {
    match known {
        Known::Rate(Rate::Known(share)) => (share, share),
        Known::Rate(Rate::Counted { successes, trials }) => {
            let beta = Beta::new(1.0 + successes, 1.0 + trials - successes);
            (beta.quantile(from), beta.quantile(to))
        }
        Known::Estimate(estimate) => {
            let least = if parameter.can_be_negative() { f64::NEG_INFINITY } else { 0.0 };
            (estimate.quantile(from).max(least), estimate.quantile(to).max(least))
        }
    }
}

/// The root of a monotone function: found on few samples, then settled on all.
fn root_between(low: f64, high: f64, value: impl Fn(f64, usize) -> f64) -> Option<f64> {
    let rough = [low, high].map(|theta| value(theta, CURVE_SAMPLES));
    if (rough[0] > 0.0) == (rough[1] > 0.0)
        && rough[0].abs().min(rough[1].abs()) > (rough[0] - rough[1]).abs()
    {
        return None;
    }
    let (mut low, mut high) = (low, high);
    let (mut at_low, mut at_high) = (value(low, usize::MAX), value(high, usize::MAX));
    if at_low == 0.0 || at_high == 0.0 {
        return Some(if at_low == 0.0 { low } else { high });
    }
    if (at_low > 0.0) == (at_high > 0.0) {
        return None;
    }
    let width = high - low;
    let rough = bisect(low, high, |theta| (value(theta, CURVE_SAMPLES) > 0.0) == (at_low > 0.0), 24);
    for theta in [rough - 0.005 * width, rough + 0.005 * width] {
        if theta > low && theta < high {
            let at = value(theta, usize::MAX);
            if (at > 0.0) == (at_low > 0.0) {
                (low, at_low) = (theta, at)
            } else {
                (high, at_high) = (theta, at)
            }
        }
    }
    // False position with the Illinois rule: each kept end counts half the next time.
    for _ in 0..40 {
        let theta = (low * at_high - high * at_low) / (at_high - at_low);
        if !(theta > low && theta < high) || high - low <= 1e-12 * width {
            return Some(theta.clamp(low, high));
        }
        let at = value(theta, usize::MAX);
        if at == 0.0 {
            return Some(theta);
        }
        if (at > 0.0) == (at_low > 0.0) {
            if theta - low <= 1e-9 * width && at.abs() <= 1e-9 * (at_low - at_high).abs() {
                return Some(theta);
            }
            (low, at_low) = (theta, at);
            at_high *= 0.5;
        } else {
            if high - theta <= 1e-9 * width && at.abs() <= 1e-9 * (at_low - at_high).abs() {
                return Some(theta);
            }
            (high, at_high) = (theta, at);
            at_low *= 0.5;
        }
    }
    Some(0.5 * (low + high))
}

/// The border between `low`, where `holds` is true, and `high`, where it is not.
pub(super) fn bisect(low: f64, high: f64, holds: impl Fn(f64) -> bool, halvings: u32) -> f64 {
    let (mut good, mut bad) = (low, high);
    for _ in 0..halvings {
        let middle = 0.5 * (good + bad);
        if middle == good || middle == bad {
            break;
        }
        if holds(middle) { good = middle } else { bad = middle }
    }
    good
}

/// `Σ min(first, 0)` and `Σ min(second, 0)` in eight lanes, which the compiler turns into vectors.
fn sum_pairs(count: usize, pair: impl Fn(usize) -> (f64, f64)) -> (f64, f64) {
    let mut lanes = ([0.0; 8], [0.0; 8]);
    let below = |x: f64| if x < 0.0 { x } else { 0.0 };
    let whole = count - count % 8;
    for start in (0..whole).step_by(8) {
        for lane in 0..8 {
            let (first, second) = pair(start + lane);
            lanes.0[lane] += below(first);
            lanes.1[lane] += below(second);
        }
    }
    for j in whole..count {
        let (first, second) = pair(j);
        lanes.0[0] += below(first);
        lanes.1[0] += below(second);
    }
    (lanes.0.iter().sum(), lanes.1.iter().sum())
}

/// `E[max(X − k, 0)]` of an estimate.
fn excess(estimate: Estimate, k: f64) -> f64 {
    // max(s·z − k, 0) on the side of the normal where the half lies; unit normal loss with scale.
    let loss = |scale: f64, k: f64| {
        if scale == 0.0 { 0.0 } else { scale * normal::density(k / scale) - k * normal::below(-k / scale) }
    };
    let k = k - estimate.likely();
    let down = (estimate.likely() - estimate.low()) / normal::Z90;
    let up = (estimate.high() - estimate.likely()) / normal::Z90;
    if k >= 0.0 {
        loss(up, k).max(0.0)
    } else {
        estimate.mean() - estimate.likely() - k + loss(down, -k).max(0.0)
    }
}

/// `E[max(X, least)]`.
fn mean_above(estimate: Estimate, least: f64) -> f64 {
    if estimate.is_uncertain() { least + excess(estimate, least) } else { estimate.likely().max(least) }
}

/// `E[max(0, H − max(t, 0))]`, in closed form.
fn worked_months(delay: Estimate, horizon: f64) -> f64 {
    if !delay.is_uncertain() {
        return (horizon - delay.likely().max(0.0)).max(0.0);
    }
    (horizon - mean_above(delay, 0.0) + excess(delay, horizon)).max(0.0)
}

/// `∫ (α + β·z) φ(z) dz` over `from..to`, for the line through two points.
fn straight((z0, f0): (f64, f64), (z1, f1): (f64, f64), from: f64, to: f64) -> f64 {
    let beta = (f1 - f0) / (z1 - z0);
    let alpha = f0 - beta * z0;
    let share = normal::below(to) - normal::below(from);
    alpha * share + beta * (normal::density(from) - normal::density(to))
}

/// The same of the positive part of the line.
fn positive_part(p0: (f64, f64), p1: (f64, f64), from: f64, to: f64) -> f64 {
    let beta = (p1.1 - p0.1) / (p1.0 - p0.0);
    if beta == 0.0 {
        return if p0.1 > 0.0 { straight(p0, p1, from, to) } else { 0.0 };
    }
    let root = p0.0 - p0.1 / beta;
    let (from, to) = if beta > 0.0 { (from.max(root), to) } else { (from, to.min(root)) };
    if from < to { straight(p0, p1, from, to).max(0.0) } else { 0.0 }
}

/// An estimate as a function of a standard normal.
#[derive(Debug, Clone, Copy)]
struct Split {
    likely: f64,
    down: f64,
    up: f64,
    least: f64,
}

impl Split {
    fn new(estimate: Estimate, clamped: bool) -> Self {
        Self {
            likely: estimate.likely(),
            down: (estimate.likely() - estimate.low()) / normal::Z90,
            up: (estimate.high() - estimate.likely()) / normal::Z90,
            least: if clamped { 0.0 } else { f64::NEG_INFINITY },
        }
    }

    fn at(&self, z: f64) -> f64 {
        let value = self.likely + if z < 0.0 { self.down } else { self.up } * z;
        if value > self.least { value } else { self.least }
    }

    /// Where it passes `value`.
    fn z_of(&self, value: f64) -> Option<f64> {
        let scale = if value < self.likely { self.down } else { self.up };
        (scale > 0.0).then(|| (value - self.likely) / scale)
    }
}

fn draw_estimate(points: &mut Points, dimension: u32, estimate: Estimate, clamped: bool, column: &mut [f64]) {
    let split = Split::new(estimate, clamped);
    if estimate.is_uncertain() {
        points.fill(dimension, column, |z| split.at(z));
    } else {
        column.fill(split.at(0.0));
    }
}

/// What is drawn.
struct Columns {
    benefits: Vec<f64>,
    delays: Vec<f64>,
    adoptions: Vec<f64>,
    alternatives: Vec<f64>,
    deliveries: Vec<f64>,
    services: Vec<f64>,
    strategics: Vec<f64>,
    gains: Vec<f64>,
    efforts: Vec<f64>,
    costs: Vec<f64>,
    company: [Vec<f64>; 2],
    value_parts: (f64, f64),
}

impl Columns {
    fn draw(input: &Input, steps: &[(Estimate, Rate)]) -> Self {
        let n = input.samples as usize;
        let mut points = Points::new(input.samples, input.seed);
        let (client, company, terms) = (&input.client, &input.company, &input.terms);
        let column = || vec![0.0; n];
        let mut quantity = |dimension: u32, estimate: Estimate, clamped: bool| {
            let mut column = column();
            draw_estimate(&mut points, dimension, estimate, clamped, &mut column);
            column
        };
        let benefits = quantity(0, client.benefit_per_month, true);
        let delays = quantity(1, client.months_to_benefit, true);
        let adoptions = quantity(2, client.adoption_cost, true);
        let alternatives = quantity(3, client.alternative_value, false);
        let deliveries = quantity(4, company.delivery_cost, true);
        let services = quantity(5, company.service_cost_per_month, true);
        let strategics = quantity(6, company.strategic_value, false);
        let spends = quantity(7, company.spend_to_close, true);

        // The chance to agree and the expected hours, step by step.
        let (mut wins, mut hours, mut drawn) = (vec![1.0; n], column(), column());
        for (dimension, (step_hours, pass)) in (8..).step_by(2).zip(steps) {
            draw_estimate(&mut points, dimension, *step_hours, true, &mut drawn);
            for ((sum, win), hours) in hours.iter_mut().zip(&wins).zip(&drawn) {
                *sum += hours * win;
            }
            match *pass {
                Rate::Known(share) => wins.iter_mut().for_each(|win| *win *= share),
                Rate::Counted { successes, trials } => {
                    let table = Table::new(&Beta::new(1.0 + successes, 1.0 + trials - successes));
                    points.fill(dimension + 1, &mut drawn, |z| table.at(z));
                    wins.iter_mut().zip(&drawn).for_each(|(win, pass)| *win *= pass);
                }
            }
        }

        let (price, kept) = (terms.price, terms.price * (1.0 - terms.refund_share));
        let success = client.success.mean();
        let refunds = kept < price && success < 1.0;
        let weight = input.policy.client_weight;
        let below = |x: f64| if x < 0.0 { x } else { 0.0 };
        let [mut gains, mut efforts, mut costs, mut reached] = [column(), column(), column(), column()];
        let mut missed = if refunds { column() } else { Vec::new() };
        let (mut above_zero, mut below_zero) = (0.0, 0.0);
        for j in 0..n {
            let effort = adoptions[j] + alternatives[j];
            let months = terms.horizon_months - delays[j];
            let gain = benefits[j] * (if months > 0.0 { months } else { 0.0 }) - effort;
            let cost = deliveries[j] + services[j] * terms.horizon_months - strategics[j];
            let (win, pursuit) = (wins[j], hours[j] * company.hour_value + spends[j]);
            let company_reached = win * (price - cost) - pursuit;
            let company_missed = win * (kept - cost) - pursuit;
            let value_reached = company_reached + win * weight * below(gain - price);
            let value_missed = company_missed + win * weight * below(-effort - kept);
            above_zero -= success * below(-value_reached) + (1.0 - success) * below(-value_missed);
            below_zero -= success * below(value_reached) + (1.0 - success) * below(value_missed);
            (gains[j], efforts[j], costs[j], reached[j]) = (gain, -effort, cost, company_reached);
            if refunds {
                missed[j] = company_missed;
            }
        }
        let count = f64::from(input.samples);
        Self {
            benefits,
            delays,
            adoptions,
            alternatives,
            deliveries,
            services,
            strategics,
            gains,
            efforts,
            costs,
            company: [reached, missed],
            value_parts: (above_zero / count, below_zero / count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_a_clamped_range_is_the_mean_of_its_clamped_quantiles() {
        for (low, likely, high) in
            [(-3.0, 1.0, 2.0), (-3.0, -1.0, 9.0), (1.0, 1.0, 4.0), (0.0, 2.0, 2.0), (-2.0, -2.0, 5.0)]
        {
            let estimate = Estimate::range(low, likely, high).unwrap();
            let n = 200_000;
            let mean: f64 =
                (0..n).map(|i| estimate.quantile((f64::from(i) + 0.5) / f64::from(n)).max(0.0)).sum::<f64>()
                    / f64::from(n);
            assert!((mean - mean_above(estimate, 0.0)).abs() < 1e-4, "{low} {likely} {high}");
        }
    }

    #[test]
    fn the_months_that_work_are_those_left_of_the_horizon() {
        for (low, likely, high) in [(0.0, 3.0, 14.0), (2.0, 2.0, 2.0), (-4.0, 1.0, 2.0), (11.0, 13.0, 15.0)] {
            let estimate = Estimate::range(low, likely, high).unwrap();
            let n = 200_000;
            let months =
                |i: i32| (12.0 - estimate.quantile((f64::from(i) + 0.5) / f64::from(n)).max(0.0)).max(0.0);
            let mean = (0..n).map(months).sum::<f64>() / f64::from(n);
            assert!((mean - worked_months(estimate, 12.0)).abs() < 1e-4, "{low} {likely} {high}");
        }
    }
}
