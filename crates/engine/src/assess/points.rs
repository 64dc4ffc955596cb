//! Evenly spread points of many dimensions: a scrambled Sobol sequence, one dimension at a time.
//!
//! Direction numbers after Joe and Kuo (2008, from `sobol_burley`); scrambled by a random linear map and a
//! random shift for each dimension (Matoušek 1998), which keeps the net and costs nothing per point. A
//! sequence has 65,536 points; more samples are several sequences, each with scrambles of its own.
//!
//! The unit interval is cut into as many cells as there are points (at most 65,536), and a cell stands for its
//! middle: a power of two of samples meets each cell equally often, so that every parameter on its own is
//! integrated by the midpoint rule, and its quantile is computed once per cell instead of once per sample.
#![expect(
    clippy::indexing_slicing,
    reason = "a numeric kernel: a code is below the number of cells by construction"
)]

use crate::normal;
use crate::random::Random;
use sobol_burley::parts::sobol_rev;

const SEQUENCE_BITS: u32 = 16;
const CELL_BITS_MIN: u32 = 10;

/// The points, ready to be turned into one column of samples after another.
pub(super) struct Points {
    seed: u64,
    cell_bits: u32,
    /// The standard normal quantile at the middle of each cell.
    middles: Vec<f64>,
    values: Vec<f64>,
    codes: Vec<u16>,
}

impl Points {
    /// Points for so many samples.
    pub(super) fn new(samples: u32, seed: u64) -> Self {
        let bits = samples.next_power_of_two().trailing_zeros().min(SEQUENCE_BITS);
        let cell_bits = bits.max(CELL_BITS_MIN);
        let cells = 1_usize << cell_bits;
        let mut middles = vec![0.0; cells];
        for i in 0..cells / 2 {
            #[expect(clippy::cast_precision_loss, reason = "at most 65,536")]
            let z = normal::approximate_quantile((i as f64 + 0.5) / cells as f64);
            middles[i] = z;
            middles[cells - 1 - i] = -z;
        }
        Self { seed, cell_bits, middles, values: vec![0.0; cells], codes: vec![0; 1 << bits] }
    }

    /// Fills a column with `value(z)`, `z` standard normal along the dimension (below 256).
    pub(super) fn fill(&mut self, dimension: u32, column: &mut [f64], value: impl Fn(f64) -> f64) {
        for (cell, z) in self.values.iter_mut().zip(&self.middles) {
            *cell = value(*z);
        }
        for (sequence, part) in column.chunks_mut(self.codes.len()).enumerate() {
            self.scramble(dimension, sequence as u64);
            for (sample, code) in part.iter_mut().zip(&self.codes) {
                *sample = self.values[usize::from(*code)];
            }
        }
    }

    /// The cell of every point of a sequence along one dimension.
    fn scramble(&mut self, dimension: u32, sequence: u64) {
        let stream = (u64::from(dimension) << 32) | sequence;
        let mut random = Random::seeded(self.seed ^ stream.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        // Row i of the map: the i-th digit itself and any of those before it (unit lower triangular).
        let rows: [u32; 16] = std::array::from_fn(|i| {
            let own = 1_u32 << (31 - i);
            own | ((random.bits() >> 32) as u32 & !(own | (own - 1)))
        });
        let cell_bits = self.cell_bits;
        let digits = |x: u32| {
            rows.iter()
                .take(cell_bits as usize)
                .fold(0_u16, |code, row| (code << 1) | ((x & row).count_ones() & 1) as u16)
        };
        self.codes[0] = (random.bits() >> (64 - cell_bits)) as u16;
        let mut filled = 1;
        for bit in 0..SEQUENCE_BITS {
            if filled == self.codes.len() {
                break;
            }
            let direction = digits(sobol_rev((1_u32 << bit).reverse_bits(), dimension).reverse_bits());
            let (done, next) = self.codes.split_at_mut(filled);
            for (to, from) in next.iter_mut().zip(done.iter()) {
                *to = from ^ direction;
            }
            filled *= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_met_equally_often() {
        let mut points = Points::new(4_096, 5);
        for dimension in [0, 1, 7, 100, 255] {
            points.scramble(dimension, 0);
            let mut codes = points.codes.clone();
            codes.sort_unstable();
            assert!(
                codes.iter().enumerate().all(|(i, code)| usize::from(*code) == i),
                "dimension {dimension}"
            );
        }
    }

    #[test]
    fn pairs_of_dimensions_fill_the_square_evenly() {
        // The first two dimensions are a (0, m, 2)-net: every box of area 1/4,096 holds one point.
        let mut points = Points::new(4_096, 5);
        let mut codes = |dimension| {
            points.scramble(dimension, 0);
            points.codes.clone()
        };
        let (x, y) = (codes(0), codes(1));
        for bits in 0..=12 {
            let mut met = vec![0; 4_096];
            for (x, y) in x.iter().zip(&y) {
                met[(usize::from(x >> (12 - bits)) << (12 - bits)) | usize::from(y >> bits)] += 1;
            }
            assert!(met.iter().all(|count| *count == 1), "boxes of 2^-{bits} by 2^-{}", 12 - bits);
        }
    }

    #[test]
    fn dimensions_far_apart_are_uncorrelated() {
        let mut points = Points::new(16_384, 1);
        let mut column = |dimension| {
            let mut column = vec![0.0; 16_384];
            points.fill(dimension, &mut column, |z| z);
            column
        };
        let columns: Vec<Vec<f64>> = (0..40).map(&mut column).collect();
        for (i, a) in columns.iter().enumerate() {
            for (k, b) in columns.iter().enumerate().skip(i + 1) {
                let correlation = a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / 16_384.0;
                assert!(correlation.abs() < 0.02, "dimensions {i} and {k}: {correlation}");
            }
        }
    }
}
