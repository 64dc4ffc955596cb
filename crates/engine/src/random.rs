//! Randomness that is seeded: the same seed gives the same numbers on every machine, for ever.
//!
//! The generator is xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021),
//! its state filled by SplitMix64 (Steele, Lea and Flood, 2014) so that any seed is a good one. It is written
//! here rather than taken from a crate because a crate may change its stream between versions, and with it
//! every figure that was shown to somebody. Not for secrets.

use crate::normal;

/// A stream of pseudo-random numbers.
#[derive(Debug, Clone)]
pub struct Random {
    state: [u64; 4],
}

impl Random {
    /// The stream of this seed.
    pub fn seeded(seed: u64) -> Self {
        let mut weyl = seed;
        Self { state: std::array::from_fn(|_| splitmix(&mut weyl)) }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let answer = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        answer
    }

    /// Uniform on the open interval (0, 1), never either end: safe to hand to a logarithm or a quantile.
    #[expect(clippy::cast_precision_loss, reason = "52 bits are exact in f64")]
    pub fn uniform(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// A whole number below `n`, each equally likely; 0 when `n` is 0.
    ///
    /// Lemire's multiplication, without the rejection step: the bias is under `n / 2⁶⁴`.
    #[expect(clippy::cast_possible_truncation, reason = "the high half of the product is below n, a usize")]
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }

    /// A draw of the standard normal distribution, by its quantile.
    pub fn normal(&mut self) -> f64 {
        normal::approximate_quantile(self.uniform())
    }

    /// A draw of the exponential distribution with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -libm::log(self.uniform())
    }

    /// Puts the items in random order, each order equally likely (Fisher–Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

fn splitmix(weyl: &mut u64) -> u64 {
    *weyl = weyl.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *weyl;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        // SplitMix64's first outputs for seed 1234567, as its author gives them.
        let mut weyl = 1_234_567;
        let first: Vec<u64> = (0..3).map(|_| splitmix(&mut weyl)).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
        // xoshiro256++ from the state 1, 2, 3, 4.
        let mut random = Random { state: [1, 2, 3, 4] };
        let first: Vec<u64> = (0..4).map(|_| random.bits()).collect();
        assert_eq!(first, [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]);
    }

    #[test]
    fn draws_have_the_moments_of_their_distribution() {
        let mut random = Random::seeded(1);
        let n = 200_000;
        let mut mean =
            |draw: fn(&mut Random) -> f64| (0..n).map(|_| draw(&mut random)).sum::<f64>() / f64::from(n);
        assert!((mean(Random::uniform) - 0.5).abs() < 0.003);
        assert!((mean(Random::exponential) - 1.0).abs() < 0.01);
        assert!(mean(Random::normal).abs() < 0.01);
        assert!((mean(|r| libm::pow(r.normal(), 2.0)) - 1.0).abs() < 0.02);
    }

    #[test]
    fn every_order_of_three_comes_up_equally_often() {
        let mut random = Random::seeded(7);
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..60_000 {
            let mut items = [0, 1, 2];
            random.shuffle(&mut items);
            *seen.entry(items).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), 6);
        assert!(seen.values().all(|n| (9_600..10_400).contains(n)), "{seen:?}");
    }
}
