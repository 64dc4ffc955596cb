//! What is known of the client's values, and what its picks add to that.
//!
//! A client is a draw of all its values. Where a value is given as a range it is drawn from the range; where
//! nothing is given, an issue's weight is drawn from a flat Dirichlet distribution over the issues and its
//! options get a random order. A pick among several offers weighs the draws by Luce's choice rule, the chance
//! of each offer in proportion to `exp(LUCE · utility ÷ the client's range)`; the draws are then resampled and
//! moved by Metropolis steps, so that many picks do not leave a few copies of one draw (Gilks and Berzuini,
//! "Following a moving target", 2001).
#![expect(
    clippy::indexing_slicing,
    reason = "a numeric kernel over tables of one shape, checked when they are made"
)]

use super::{Choices, Input};
use crate::{Estimate, random::Random};

/// How surely the client picks the better offer: one better by a tenth of its range is e² times as likely.
const LUCE: f64 = 20.0;
/// How many draws stand for what is known.
const DRAWS: usize = 512;
/// How many draws the picks first choose from, for each that is kept.
const FIRST_DRAWS: usize = 8;
/// Each draw is moved so often, every part of it once each time …
const SWEEPS: usize = 6;
/// … unless that is more work than this many utilities.
const MOVES_MAX: usize = 20_000_000;
/// Fewer draws are made where there are very many options: about so many values are kept.
const VALUES_MAX: usize = 1 << 21;

/// What is known of one value.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Known {
    /// It is this, or in this range.
    Given(Estimate),
    /// Nothing, but the other options of its issue are known: it lies somewhere between them.
    Between(f64, f64),
    /// Nothing is known of its issue.
    Nothing,
}

/// What is known of the client.
#[derive(Debug)]
pub(super) struct Client {
    means: Vec<Vec<f64>>,
    draws: Vec<Vec<Vec<f64>>>,
    unknown: bool,
}

impl Client {
    /// What the values that are given and the choices so far say.
    pub(super) fn known_by(input: &Input, choices: &[Choices]) -> Self {
        let model = Model::of(input);
        let prior: Vec<Vec<f64>> = model.means();
        let unknown = model.unknown > 0;
        if !model.is_uncertain() {
            return Self { draws: vec![prior.clone()], means: prior, unknown };
        }
        let mut random = Random::seeded(1);
        let options: usize = input.issues.iter().map(|issue| issue.options.len()).sum();
        let count = DRAWS.min(VALUES_MAX / options.max(1)).max(64);
        let draws: Vec<Draw> = if choices.is_empty() {
            (0..count).map(|_| model.draw(&mut random)).collect()
        } else {
            model.learn(choices, count, options, &mut random)
        };
        let draws: Vec<Vec<Vec<f64>>> = draws.iter().map(|draw| model.values(draw)).collect();
        let means = if choices.is_empty() { prior } else { mean(&draws) };
        Self { means: model.told(means), draws, unknown }
    }

    /// The client's values, option by option of each issue: as given, ranges by their mean; where nothing is
    /// given, the mean of what is thought.
    pub(super) fn means(&self) -> &[Vec<f64>] {
        &self.means
    }

    /// Clients as they may be, each as likely as the others.
    pub(super) fn draws(&self) -> &[Vec<Vec<f64>>] {
        &self.draws
    }

    /// The means of the draws: what is thought after the choices, of ranges too.
    pub(super) fn learned(&self) -> Vec<Vec<f64>> {
        mean(&self.draws)
    }

    /// Whether nothing is given of some issue.
    pub(super) fn is_unknown(&self) -> bool {
        self.unknown
    }

    /// What a reader of the answer must know.
    pub(super) fn notes(&self, input: &Input) -> Vec<String> {
        let nothing = |issue: &&super::Issue| issue.options.iter().any(|option| option.client.is_none());
        let names: Vec<&str> = input.issues.iter().filter(nothing).map(|issue| issue.name.as_str()).collect();
        let mut notes = Vec::new();
        if !names.is_empty() {
            let guessed = if input.choices.is_empty() {
                "what is usual before anything is known"
            } else {
                "what its choices say"
            };
            notes.push(format!(
                "Not all that the client values is known ({}): it counts with {guessed}. Ask, or make several offers and see which it picks.",
                super::listed(&names)
            ));
        }
        if !input.choices.is_empty() && self.draws.len() == 1 {
            notes.push(
                "The client's values are given as known for certain: its choices change nothing.".into(),
            );
        }
        notes
    }
}

fn mean(draws: &[Vec<Vec<f64>>]) -> Vec<Vec<f64>> {
    let Some(first) = draws.first() else { return Vec::new() };
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let count = draws.len() as f64;
    let of = |issue: usize, option: usize| draws.iter().map(|draw| draw[issue][option]).sum::<f64>() / count;
    let issue =
        |(issue, values): (usize, &Vec<f64>)| (0..values.len()).map(|option| of(issue, option)).collect();
    first.iter().enumerate().map(issue).collect()
}

/// The distribution of clients before any choice.
struct Model {
    issues: Vec<Vec<Known>>,
    /// How many issues nothing is known of.
    unknown: usize,
    /// What these issues are worth together, from their worst options to their best.
    scale: f64,
}

/// One client: for each issue its weight before normalising, and its options' values (from 0 to 1 where
/// nothing is known of the issue).
#[derive(Debug, Clone)]
struct Draw {
    weights: Vec<f64>,
    options: Vec<Vec<f64>>,
}

impl Model {
    fn of(input: &Input) -> Self {
        let issue = |issue: &super::Issue| {
            let given: Vec<f64> = issue.options.iter().filter_map(|o| o.client.map(Estimate::mean)).collect();
            let known = |option: &super::Choosable| match option.client {
                Some(estimate) => Known::Given(estimate),
                None if given.is_empty() => Known::Nothing,
                None => {
                    let (low, high) = ends(&given);
                    Known::Between(low, high)
                }
            };
            issue.options.iter().map(known).collect()
        };
        let issues: Vec<Vec<Known>> = input.issues.iter().map(issue).collect();
        let is_unknown = |issue: &&Vec<Known>| issue.contains(&Known::Nothing);
        let unknown = issues.iter().filter(is_unknown).count();
        let widths: Vec<f64> = issues
            .iter()
            .filter(|issue| !is_unknown(issue))
            .map(|issue| {
                let (low, high) = ends(&issue.iter().map(|known| known.mean(0.0)).collect::<Vec<_>>());
                high - low
            })
            .filter(|width| *width > 0.0)
            .collect();
        // Issues that nothing is known of matter as much as the others do on average; where there are no
        // others, the client's values lie between 0 and 1.
        #[expect(clippy::cast_precision_loss, reason = "a few issues")]
        let scale = if widths.is_empty() {
            1.0
        } else {
            widths.iter().sum::<f64>() / widths.len() as f64 * unknown as f64
        };
        Self { issues, unknown, scale }
    }

    fn is_uncertain(&self) -> bool {
        self.issues.iter().flatten().any(|known| known.is_uncertain())
    }

    #[expect(clippy::cast_precision_loss, reason = "a few issues")]
    fn means(&self) -> Vec<Vec<f64>> {
        let half = self.scale / self.unknown.max(1) as f64 / 2.0;
        self.issues.iter().map(|issue| issue.iter().map(|known| known.mean(half)).collect()).collect()
    }

    /// Ranges that are given count with their own mean, whatever the choices say.
    fn told(&self, mut means: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        for (issue, means) in self.issues.iter().zip(&mut means) {
            for (known, mean) in issue.iter().zip(means) {
                if let Known::Given(estimate) = known {
                    *mean = estimate.mean();
                }
            }
        }
        means
    }

    fn draw(&self, random: &mut Random) -> Draw {
        let mut draw =
            Draw { weights: vec![0.0; self.issues.len()], options: vec![Vec::new(); self.issues.len()] };
        for issue in 0..self.issues.len() {
            draw.weights[issue] = self.weight(issue, random);
            draw.options[issue] = self.options(issue, random);
        }
        draw
    }

    /// Exponential weights, normalised, are the flat Dirichlet distribution.
    fn weight(&self, issue: usize, random: &mut Random) -> f64 {
        if self.issues[issue].contains(&Known::Nothing) { random.exponential() } else { 0.0 }
    }

    fn options(&self, issue: usize, random: &mut Random) -> Vec<f64> {
        let issue = &self.issues[issue];
        let mut values: Vec<f64> = issue.iter().map(|known| known.draw(random)).collect();
        if issue.contains(&Known::Nothing) {
            let (low, high) = ends(&values);
            for value in &mut values {
                *value = if high > low { (*value - low) / (high - low) } else { 0.5 };
            }
        }
        values
    }

    /// What a weight is to be multiplied with.
    fn per_weight(&self, draw: &Draw) -> f64 {
        if self.unknown == 0 { 0.0 } else { self.scale / draw.weights.iter().sum::<f64>() }
    }

    fn values(&self, draw: &Draw) -> Vec<Vec<f64>> {
        let per_weight = self.per_weight(draw);
        let issue = |(issue, options): (usize, &Vec<f64>)| {
            let factor = self.factor(draw, issue, per_weight);
            options.iter().map(|value| value * factor).collect()
        };
        draw.options.iter().enumerate().map(issue).collect()
    }

    fn factor(&self, draw: &Draw, issue: usize, per_weight: f64) -> f64 {
        if self.issues[issue].contains(&Known::Nothing) { draw.weights[issue] * per_weight } else { 1.0 }
    }

    /// The logarithm of the chance that this client picks as was seen.
    fn likelihood(&self, draw: &Draw, choices: &[Choices]) -> f64 {
        let per_weight = self.per_weight(draw);
        let factors: Vec<f64> =
            (0..self.issues.len()).map(|issue| self.factor(draw, issue, per_weight)).collect();
        let width = |(options, factor): (&Vec<f64>, &f64)| {
            let (low, high) = ends(options);
            (high - low) * factor
        };
        let range: f64 = draw.options.iter().zip(&factors).map(width).sum();
        let sharpness = if range > 0.0 { LUCE / range } else { 0.0 };
        let utility = |package: &Vec<u16>| {
            let values =
                package.iter().zip(&draw.options).map(|(&option, values)| values[usize::from(option)]);
            values.zip(&factors).map(|(value, factor)| value * factor).sum::<f64>()
        };
        let chance = |choice: &Choices| {
            let picked = utility(&choice.offered[choice.picked]);
            let odds = |package| libm::exp((sharpness * (utility(package) - picked)).min(700.0));
            -libm::log(choice.offered.iter().map(odds).sum())
        };
        choices.iter().map(chance).sum()
    }

    /// Draws of clients who pick as was seen.
    fn learn(&self, choices: &[Choices], count: usize, options: usize, random: &mut Random) -> Vec<Draw> {
        let first = count * if count == DRAWS { FIRST_DRAWS } else { 1 };
        let drawn: Vec<Draw> = (0..first).map(|_| self.draw(random)).collect();
        let fits: Vec<f64> = drawn.iter().map(|draw| self.likelihood(draw, choices)).collect();
        let mut kept =
            resample(&fits, count, random).map(|n| (drawn[n].clone(), fits[n])).collect::<Vec<_>>();
        let parts: Vec<usize> = (0..self.issues.len())
            .filter(|&issue| self.issues[issue].iter().any(|k| k.is_uncertain()))
            .collect();
        let offered: usize = choices.iter().map(|choice| choice.offered.len()).sum();
        let sweep = count * parts.len() * 2 * (options + offered * self.issues.len());
        for _ in 0..SWEEPS.min(MOVES_MAX / sweep.max(1)).max(1) {
            for (draw, fit) in &mut kept {
                for &issue in &parts {
                    // A part drawn anew from the prior is kept as often as the picks are likelier with it.
                    for weight in [true, false] {
                        let mut moved = draw.clone();
                        if weight {
                            moved.weights[issue] = self.weight(issue, random);
                        } else {
                            moved.options[issue] = self.options(issue, random);
                        }
                        let new = self.likelihood(&moved, choices);
                        if libm::log(random.uniform()) < new - *fit {
                            (*draw, *fit) = (moved, new);
                        }
                    }
                }
            }
        }
        kept.into_iter().map(|(draw, _)| draw).collect()
    }
}

/// Which draws to keep, each as often as its likelihood says (systematic resampling).
fn resample(fits: &[f64], count: usize, random: &mut Random) -> impl Iterator<Item = usize> {
    let best = fits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = fits.iter().map(|fit| libm::exp(fit - best)).collect();
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let step = weights.iter().sum::<f64>() / count as f64;
    let mut at = step * random.uniform();
    let mut place = 0;
    let mut passed = weights[0];
    (0..count).map(move |_| {
        while passed < at && place + 1 < weights.len() {
            place += 1;
            passed += weights[place];
        }
        at += step;
        place
    })
}

fn ends(values: &[f64]) -> (f64, f64) {
    values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)))
}

impl Known {
    fn mean(self, nothing: f64) -> f64 {
        match self {
            Self::Given(estimate) => estimate.mean(),
            Self::Between(low, high) => low.midpoint(high),
            Self::Nothing => nothing,
        }
    }

    fn is_uncertain(self) -> bool {
        match self {
            Self::Given(estimate) => estimate.is_uncertain(),
            Self::Between(low, high) => low < high,
            Self::Nothing => true,
        }
    }

    fn draw(self, random: &mut Random) -> f64 {
        match self {
            Self::Given(estimate) if !estimate.is_uncertain() => estimate.likely(),
            Self::Given(estimate) => estimate.quantile(random.uniform()),
            Self::Between(low, high) => low + (high - low) * random.uniform(),
            Self::Nothing => random.uniform(),
        }
    }
}
