//! The beta distribution with both parameters at least 1: what is known of a rate after counting.

use crate::normal;

/// How many terms of the continued fraction are taken at most; some `√max(a, b)` are needed.
const TERMS_MAX: u32 = 20_000;
/// How often a quantile's bracket is narrowed at most; Newton's steps need three to six.
const STEPS_MAX: u32 = 80;

/// `Beta(a, b)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beta {
    a: f64,
    b: f64,
    ln_scale: f64,
}

impl Beta {
    /// The distribution with parameters `a ≥ 1` and `b ≥ 1`, both finite.
    pub fn new(a: f64, b: f64) -> Self {
        Self { a, b, ln_scale: libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b) }
    }

    /// The mean, `a / (a + b)`.
    pub fn mean(&self) -> f64 {
        self.a / (self.a + self.b)
    }

    /// The density at `x`, 0 outside `[0, 1]`.
    pub fn density(&self, x: f64) -> f64 {
        if !(0.0..=1.0).contains(&x) {
            return 0.0;
        }
        let power = |exponent: f64, ln: f64| if exponent == 0.0 { 0.0 } else { exponent * ln };
        libm::exp(power(self.a - 1.0, libm::log(x)) + power(self.b - 1.0, libm::log1p(-x)) - self.ln_scale)
    }

    /// The share below `x`: the regularised incomplete beta function `I_x(a, b)`, by its continued fraction
    /// (DLMF 8.17.22), evaluated from the front after Lentz.
    pub fn below(&self, x: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        if x >= 1.0 {
            return 1.0;
        }
        let front = libm::exp(self.a * libm::log(x) + self.b * libm::log1p(-x) - self.ln_scale);
        let share = if x < (self.a + 1.0) / (self.a + self.b + 2.0) {
            front * fraction(self.a, self.b, x) / self.a
        } else {
            1.0 - front * fraction(self.b, self.a, 1.0 - x) / self.b
        };
        share.clamp(0.0, 1.0)
    }

    /// The value below which the share `u` lies.
    pub fn quantile(&self, u: f64) -> f64 {
        self.quantile_near(u, self.mean())
    }

    /// The quantile, by Newton's steps from `guess`, kept inside a bracket that shrinks.
    fn quantile_near(&self, u: f64, guess: f64) -> f64 {
        if u <= 0.0 {
            return 0.0;
        }
        if u >= 1.0 {
            return 1.0;
        }
        if self.a == 1.0 && self.b == 1.0 {
            return u;
        }
        let (mut low, mut high) = (0.0, 1.0);
        let mut x = guess.clamp(1e-12, 1.0 - 1e-12);
        for _ in 0..STEPS_MAX {
            let error = self.below(x) - u;
            if error > 0.0 {
                high = x;
            } else {
                low = x;
            }
            let newton = x - error / self.density(x);
            let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
            let moved = (next - x).abs();
            x = next;
            if moved <= 1e-7 * x * (1.0 - x) {
                break;
            }
        }
        x
    }

    /// `E[max(X − k, 0)]`, in closed form.
    pub fn mean_above(&self, k: f64) -> f64 {
        if k <= 0.0 {
            return self.mean() - k;
        }
        if k >= 1.0 {
            return 0.0;
        }
        let raised = Self::new(self.a + 1.0, self.b);
        (self.mean() * (1.0 - raised.below(k)) - k * (1.0 - self.below(k))).max(0.0)
    }
}

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..=TERMS_MAX {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        let factor = d * c;
        value *= factor;
        if (factor - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

const CELLS: usize = 32;
const EDGE: f64 = 4.5;
const WIDTH: f64 = 2.0 * EDGE / 32.0;

/// The quantile as a smooth function of a standard normal `z`, `|z| ≤ 4.5`: cubic Hermite pieces through 33
/// exact values and slopes. For sampling: within 1e-4 of its spread, at the price of a polynomial.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    knots: [(f64, f64); CELLS + 1],
}

impl Table {
    /// The table of a distribution.
    pub fn new(beta: &Beta) -> Self {
        let mut knots = [(0.0, 0.0); CELLS + 1];
        let mut guess = beta.mean();
        let (lower, upper) = knots.split_at_mut(CELLS / 2);
        let mut z = 0.0;
        for knot in upper {
            *knot = Self::knot(beta, z, guess);
            guess = knot.0 + knot.1;
            z += WIDTH;
        }
        guess = beta.mean();
        z = -WIDTH;
        for knot in lower.iter_mut().rev() {
            *knot = Self::knot(beta, z, guess);
            guess = knot.0 - knot.1;
            z -= WIDTH;
        }
        Self { knots }
    }

    /// The quantile and its slope per cell at `z`.
    fn knot(beta: &Beta, z: f64, guess: f64) -> (f64, f64) {
        let x = beta.quantile_near(normal::below(z), guess);
        (x, WIDTH * normal::density(z) / beta.density(x).max(1e-300))
    }

    /// The quantile of `Φ(z)`; beyond ±4.5 the value at the edge.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the number of cells"
    )]
    pub fn at(&self, z: f64) -> f64 {
        let place = ((z + EDGE) / WIDTH).clamp(0.0, 32.0);
        let cell = (place as usize).min(CELLS - 1);
        let (Some(&(x0, d0)), Some(&(x1, d1))) = (self.knots.get(cell), self.knots.get(cell + 1)) else {
            return 0.0; // never: `cell` is below the number of cells
        };
        #[expect(clippy::cast_precision_loss, reason = "at most 32")]
        let t = place - cell as f64;
        let (s, rise) = (1.0 - t, x1 - x0);
        (x0 + t * (rise + s * ((d0 - rise) * s + (rise - d1) * t))).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [(f64, f64); 8] = [
        (1.0, 1.0),
        (1.0, 2.0),
        (3.0, 1.0),
        (2.5, 7.25),
        (8.0, 3.0),
        (1.0, 400.0),
        (601.0, 401.0),
        (5e5, 5e5),
    ];

    #[test]
    fn whole_counts_agree_with_the_binomial_sum() {
        // I_x(a, b) = P(Binomial(a+b−1, x) ≥ a); here a = 3, b = 4, x = 0.3, six draws.
        let binomial: f64 = [(20.0, 3, 3), (15.0, 4, 2), (6.0, 5, 1), (1.0, 6, 0)]
            .iter()
            .map(|&(ways, yes, no)| ways * libm::pow(0.3, f64::from(yes)) * libm::pow(0.7, f64::from(no)))
            .sum();
        assert!((Beta::new(3.0, 4.0).below(0.3) - binomial).abs() < 1e-14);
    }

    #[test]
    fn the_quantile_undoes_the_share() {
        for (a, b) in SHAPES {
            let beta = Beta::new(a, b);
            for u in [1e-5, 0.01, 0.1, 0.5, 0.9, 0.99, 0.99999] {
                assert!((beta.below(beta.quantile(u)) - u).abs() < 1e-8, "Beta({a}, {b}) at {u}");
            }
        }
    }

    #[test]
    fn the_table_is_as_good_as_the_quantile() {
        for (a, b) in SHAPES {
            let beta = Beta::new(a, b);
            let table = Table::new(&beta);
            let spread = beta.quantile(0.9) - beta.quantile(0.1);
            for i in -420..=420 {
                let z = f64::from(i) / 100.0;
                let off = (table.at(z) - beta.quantile(normal::below(z))).abs();
                assert!(off < 2e-4 * spread, "Beta({a}, {b}) at {z}: off by {off}, spread {spread}");
            }
        }
    }

    #[test]
    fn the_mean_above_is_the_integral_above() {
        for (a, b) in [(1.0, 1.0), (2.5, 7.25), (8.0, 3.0)] {
            let beta = Beta::new(a, b);
            for k in [-0.5, 0.0, 0.2, 0.7, 1.0] {
                let n = 20_000;
                let sum: f64 =
                    (0..n).map(|i| (beta.quantile((f64::from(i) + 0.5) / f64::from(n)) - k).max(0.0)).sum();
                assert!((sum / f64::from(n) - beta.mean_above(k)).abs() < 1e-5, "Beta({a}, {b}) above {k}");
            }
        }
    }
}
