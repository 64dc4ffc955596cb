//! The balance picture: the surplus of both sides as smooth curves about one zero.

use super::input::Input;
use super::world::{Mixture, World};
use crate::{Error, normal};
use serde::Serialize;

/// How many points a curve has.
pub const POINTS: usize = 97;
/// How many values of each case are smoothed.
const ATOMS_MAX: usize = 2_048;
/// Fine bins per step between two points.
const BINS_PER_STEP: usize = 4;

/// The distributions of both sides' surplus, from the samples that [`super::assess`] uses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Balance {
    /// The client's surplus C.
    pub client: Curve,
    /// The deal's margin G, once agreed.
    pub margin: Curve,
    /// Our surplus K.
    pub company: Curve,
    /// The least value any curve or zero needs on a common axis.
    pub from: f64,
    /// The greatest.
    pub to: f64,
}

/// A density as [`POINTS`] points `(value, density)`, values ascending and evenly apart; the area is 1 but for
/// the outermost tails.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// The points.
    pub points: Vec<(f64, f64)>,
}

/// The curves to draw for an input.
///
/// # Errors
/// As [`super::assess`], but questions are not looked at.
pub fn densities(input: &Input) -> Result<Balance, Error> {
    input.check()?;
    Ok(drawn(input, &World::new(input)))
}

/// The curves of a sampled deal.
pub(super) fn drawn(input: &Input, world: &World) -> Balance {
    let (price, refund) = (input.terms.price, input.terms.refund_share);
    let client = curve(&world.client_at(price, refund));
    let margin = curve(&world.margin_at(price, refund));
    let company = curve(&world.company());
    let ends = || {
        [&client, &margin, &company]
            .into_iter()
            .flat_map(|curve| [curve.points.first(), curve.points.last()])
            .flatten()
    };
    let from = ends().fold(0.0_f64, |least, (x, _)| least.min(*x));
    let to = ends().fold(0.0_f64, |most, (x, _)| most.max(*x));
    Balance { client, margin, company, from, to }
}

/// A Gaussian kernel estimate on an even grid (Silverman's rule, at least one step wide).
#[expect(clippy::cast_precision_loss, reason = "a few hundred bins, a few thousand values")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the bins")]
fn curve(mixture: &Mixture<'_>) -> Curve {
    let atoms = mixture.atoms(ATOMS_MAX);
    let (low, high) = (mixture.quantile(0.005), mixture.quantile(0.995));
    let middle_half = (mixture.quantile(0.75) - mixture.quantile(0.25)) / 1.349;
    let mean: f64 = atoms.iter().map(|(x, weight)| x * weight).sum();
    let variance: f64 = atoms.iter().map(|(x, weight)| weight * (x - mean) * (x - mean)).sum();
    let deviation = variance.max(0.0).sqrt();
    let spread = if middle_half > 0.0 { deviation.min(middle_half) } else { deviation };
    // 0.9·n^(−1/5) at 2,048 values; what is certain is drawn as a narrow hill.
    let steps = (POINTS - 1) as f64;
    let least = ((high - low) / steps).max(1e-3 * low.abs().max(high.abs())).max(f64::MIN_POSITIVE * 1e20);
    let width = (0.196 * spread).max(least);
    let (from, to) = (low - 3.0 * width, high + 3.0 * width);
    let step = (to - from) / steps;
    let bin = step / BINS_PER_STEP as f64;
    let mut bins = vec![0.0; (POINTS - 1) * BINS_PER_STEP];
    for (x, weight) in atoms {
        if x >= from && x <= to {
            let at = (((x - from) / bin) as usize).min(bins.len() - 1);
            if let Some(mass) = bins.get_mut(at) {
                *mass += weight;
            }
        }
    }
    let reach = 4.0 * width;
    let points = (0..POINTS).map(|i| {
        let x = from + step * i as f64;
        let first = (((x - reach - from) / bin).max(0.0) as usize).min(bins.len());
        let last = ((((x + reach - from) / bin).max(0.0) as usize) + 1).min(bins.len());
        let near = bins.iter().enumerate().take(last).skip(first).filter(|(_, mass)| **mass > 0.0);
        let density: f64 = near
            .map(|(k, mass)| mass * normal::density((from + bin * (k as f64 + 0.5) - x) / width) / width)
            .sum();
        (x, density)
    });
    Curve { points: points.collect() }
}
