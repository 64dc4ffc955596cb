//! Logistic regression with ridge shrinkage, on rows that are sparse and all equally wide.
//!
//! Maximises `Σ wins·log p + (trials − wins)·log(1 − p) − λ/2·Σ β²` (the intercept is not shrunk) by Newton's
//! method: le Cessie and van Houwelingen, "Ridge estimators in logistic regression", 1992.

#![expect(
    clippy::indexing_slicing,
    reason = "a numeric kernel: every index is below the width or the feature count by construction"
)]

/// Fewer different profiles than this cannot be dealt into folds of their own.
const PROFILES_MIN: usize = 50;

/// Rows as `width` pairs of feature and value, in ascending order of features, the first being feature 0, the
/// intercept, with value 1. Rows of one profile are one row with its number of trials and of wins.
#[derive(Debug, Clone)]
pub(super) struct Design {
    pub(super) width: usize,
    pub(super) features: usize,
    pub(super) index: Vec<u32>,
    pub(super) value: Vec<f32>,
    pub(super) trials: Vec<f64>,
    pub(super) wins: Vec<f64>,
}

impl Design {
    pub(super) fn rows(&self) -> usize {
        self.trials.len()
    }

    fn row(&self, row: usize) -> (&[u32], &[f32]) {
        let span = row * self.width..(row + 1) * self.width;
        (&self.index[span.clone()], &self.value[span])
    }

    pub(super) fn score(&self, row: usize, weights: &[f64]) -> f64 {
        let (index, value) = self.row(row);
        index.iter().zip(value).map(|(&i, &v)| weights[i as usize] * f64::from(v)).sum()
    }

    /// For each feature the sum of its values over the wins: of a level, how many of its trials were won.
    pub(super) fn sums_won(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.features];
        for row in 0..self.rows() {
            let (index, value) = self.row(row);
            for (&feature, &value) in index.iter().zip(value) {
                sums[feature as usize] += f64::from(value) * self.wins[row];
            }
        }
        sums
    }

    /// Whether there are too few profiles, each of many deals, to be kept together: a fold would hold out answers
    /// that no other deal gave, and judge the model on what it could not learn.
    pub(super) fn is_coarse(&self) -> bool {
        self.rows() < PROFILES_MIN && self.trials.iter().sum::<f64>() > 2.0 * self.rows() as f64
    }

    /// Every deal a row of its own.
    pub(super) fn apart(&self) -> Self {
        let mut apart = Self {
            width: self.width,
            features: self.features,
            index: vec![],
            value: vec![],
            trials: vec![],
            wins: vec![],
        };
        for row in 0..self.rows() {
            let (index, value) = self.row(row);
            let trials = self.trials[row] as usize;
            for trial in 0..trials {
                apart.index.extend_from_slice(index);
                apart.value.extend_from_slice(value);
                apart.trials.push(1.0);
                apart.wins.push(if (trial as f64) < self.wins[row] { 1.0 } else { 0.0 });
            }
        }
        apart
    }

    /// The same rows with only some of the columns (numbered from 0, the intercept aside), features renumbered.
    pub(super) fn only(&self, columns: &[usize]) -> Self {
        let mut renumbered = vec![u32::MAX; self.features];
        let mut used = vec![false; self.features];
        used[0] = true;
        let kept: Vec<usize> = std::iter::once(0).chain(columns.iter().map(|column| column + 1)).collect();
        for row in 0..self.rows() {
            let (index, _) = self.row(row);
            for &at in &kept {
                used[index[at] as usize] = true;
            }
        }
        let mut features = 0;
        for (feature, used) in used.iter().enumerate() {
            if *used {
                renumbered[feature] = features;
                features += 1;
            }
        }
        let mut index = Vec::with_capacity(self.rows() * kept.len());
        let mut value = Vec::with_capacity(self.rows() * kept.len());
        for row in 0..self.rows() {
            let (old, values) = self.row(row);
            for &at in &kept {
                index.push(renumbered[old[at] as usize]);
                value.push(values[at]);
            }
        }
        Self {
            width: kept.len(),
            features: features as usize,
            index,
            value,
            trials: self.trials.clone(),
            wins: self.wins.clone(),
        }
    }
}

/// The share of wins that a score (log odds) stands for.
pub(super) fn share(score: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-score))
}

/// The log odds of a share.
pub(super) fn odds(share: f64) -> f64 {
    libm::log(share / (1.0 - share))
}

/// The logarithmic loss of a score, summed over trials.
pub(super) fn loss(score: f64, trials: f64, wins: f64) -> f64 {
    // log(1 + e^s) − wins·s, without overflow.
    let softplus =
        if score > 0.0 { score + libm::log1p(libm::exp(-score)) } else { libm::log1p(libm::exp(score)) };
    trials * softplus - wins * score
}

/// What Newton's method ends with.
pub(super) struct Fit {
    pub(super) weights: Vec<f64>,
    /// The Cholesky factor of the negative Hessian at (nearly) the weights: lower triangle, row by row.
    pub(super) factor: Vec<f64>,
}

/// Weights for the given rows of the design, from `start`, in at most `steps` steps.
pub(super) fn fit(design: &Design, rows: &[u32], strength: f64, start: &[f64], steps: usize) -> Fit {
    let size = design.features;
    let mut weights = start.to_vec();
    let mut factor = vec![0.0; size * size];
    let mut direction = vec![0.0; size];
    let mut scores: Vec<f64> = rows.iter().map(|&row| design.score(row as usize, &weights)).collect();
    let mut objective = penalised(design, rows, &scores, &weights, strength);
    for _ in 0..steps {
        curvature(design, rows, &scores, strength, &weights, &mut factor, &mut direction);
        factorise(&mut factor, size);
        solve(&factor, size, &mut direction);
        let slope = direction.iter().fold(0.0_f64, |most, step| most.max(step.abs()));
        let mut length = 1.0;
        loop {
            let tried: Vec<f64> =
                weights.iter().zip(&direction).map(|(weight, step)| weight + length * step).collect();
            let tried_scores: Vec<f64> = rows.iter().map(|&row| design.score(row as usize, &tried)).collect();
            let better = penalised(design, rows, &tried_scores, &tried, strength);
            if better <= objective + 1e-9 * objective.abs() || length < 1e-3 {
                weights = tried;
                scores = tried_scores;
                objective = better;
                break;
            }
            length *= 0.5;
        }
        if slope < 1e-6 {
            break;
        }
    }
    Fit { weights, factor }
}

fn penalised(design: &Design, rows: &[u32], scores: &[f64], weights: &[f64], strength: f64) -> f64 {
    let fit: f64 = rows
        .iter()
        .zip(scores)
        .map(|(&row, &score)| loss(score, design.trials[row as usize], design.wins[row as usize]))
        .sum();
    fit + 0.5 * strength * weights[1..].iter().map(|weight| weight * weight).sum::<f64>()
}

/// Fills the lower triangle of the negative Hessian and the gradient.
fn curvature(
    design: &Design,
    rows: &[u32],
    scores: &[f64],
    strength: f64,
    weights: &[f64],
    hessian: &mut [f64],
    gradient: &mut [f64],
) {
    let size = design.features;
    hessian.fill(0.0);
    gradient.fill(0.0);
    for (&row, &score) in rows.iter().zip(scores) {
        let row = row as usize;
        let chance = share(score);
        let pull = design.wins[row] - design.trials[row] * chance;
        let curve = design.trials[row] * chance * (1.0 - chance);
        let (index, value) = design.row(row);
        for (at, (&i, &v)) in index.iter().zip(value).enumerate() {
            let (i, v) = (i as usize, f64::from(v));
            gradient[i] += pull * v;
            let line = &mut hessian[i * size..(i + 1) * size];
            let scaled = curve * v;
            for (&j, &u) in index[..=at].iter().zip(&value[..=at]) {
                line[j as usize] += scaled * f64::from(u);
            }
        }
    }
    // So that the intercept has a maximum even where all outcomes are the same.
    hessian[0] += 1e-6;
    for feature in 1..size {
        hessian[feature * size + feature] += strength;
        gradient[feature] -= strength * weights[feature];
    }
}

/// Cholesky, in place, of a lower triangle.
fn factorise(matrix: &mut [f64], size: usize) {
    for i in 0..size {
        let (above, rest) = matrix.split_at_mut(i * size);
        let line = &mut rest[..=i];
        for j in 0..i {
            let other = &above[j * size..=j * size + j];
            let dot: f64 = dot(&line[..j], &other[..j]);
            line[j] = (line[j] - dot) / other[j];
        }
        let square = dot(&line[..i], &line[..i]);
        line[i] = libm::sqrt((line[i] - square).max(1e-12));
    }
}

/// A dot product in four lanes, so that it can be done four at a time in the same order everywhere.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 4];
    let (a_whole, a_rest) = a.as_chunks::<4>();
    let (b_whole, b_rest) = b.as_chunks::<4>();
    for (x, y) in a_whole.iter().zip(b_whole) {
        for lane in 0..4 {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + rest
}

fn solve(factor: &[f64], size: usize, vector: &mut [f64]) {
    for i in 0..size {
        let known = dot(&factor[i * size..i * size + i], &vector[..i]);
        vector[i] = (vector[i] - known) / factor[i * size + i];
    }
    for i in (0..size).rev() {
        vector[i] /= factor[i * size + i];
        let solved = vector[i];
        for j in 0..i {
            vector[j] -= factor[i * size + j] * solved;
        }
    }
}

/// The inverse of the matrix that was factorised, as a full square: the covariance of the weights.
pub(super) fn covariance(factor: &[f64], size: usize) -> Vec<f64> {
    let mut inverse = vec![0.0; size * size];
    let mut unit = vec![0.0; size];
    for column in 0..size {
        unit.fill(0.0);
        unit[column] = 1.0;
        solve(factor, size, &mut unit);
        inverse[column * size..(column + 1) * size].copy_from_slice(&unit);
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One feature beside the intercept, at −1 and +1.
    fn two_sides() -> Design {
        Design {
            width: 2,
            features: 2,
            index: vec![0, 1, 0, 1],
            value: vec![1.0, -1.0, 1.0, 1.0],
            trials: vec![10.0, 10.0],
            wins: vec![2.0, 8.0],
        }
    }

    #[test]
    fn without_shrinkage_the_weights_are_the_log_odds() {
        let fit = fit(&two_sides(), &[0, 1], 0.0, &[0.0, 0.0], 50);
        assert!(
            fit.weights[0].abs() < 1e-6 && (fit.weights[1] - odds(0.8)).abs() < 1e-6,
            "{:?}",
            fit.weights
        );
    }

    #[test]
    fn shrinkage_solves_its_own_equation_and_the_covariance_is_the_inverse_curvature() {
        // By symmetry the intercept is 0 and β solves 2·(8 − 10·σ(β)) = λ·β.
        let fit = fit(&two_sides(), &[0, 1], 2.0, &[0.0, 0.0], 50);
        let beta = fit.weights[1];
        assert!((2.0 * (8.0 - 10.0 * share(beta)) - 2.0 * beta).abs() < 1e-6, "{beta}");
        let curve = 20.0 * share(beta) * (1.0 - share(beta));
        let covariance = covariance(&fit.factor, 2);
        assert!((covariance[3] - 1.0 / (curve + 2.0)).abs() < 1e-6, "{covariance:?}");
        assert!((covariance[0] - 1.0 / curve).abs() < 1e-4, "{covariance:?}");
    }
}
