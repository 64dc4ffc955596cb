//! Sorting many numbers at once.
#![expect(clippy::indexing_slicing, reason = "a numeric kernel: a digit is below the number of its counts")]

/// Fewer are sorted by comparing.
const RADIX_FROM: usize = 1_024;
const DIGIT_BITS: u32 = 11;
const DIGITS: usize = 6;
const BUCKETS: usize = 1 << DIGIT_BITS;

/// Puts numbers in ascending order (that of `f64::total_cmp`): by radix, a third of the time of comparing.
pub(super) fn ascending(values: &mut [f64]) {
    if values.len() < RADIX_FROM {
        values.sort_unstable_by(f64::total_cmp);
        return;
    }
    const SIGN: u64 = 1 << 63;
    let key = |x: f64| {
        let bits = x.to_bits();
        if bits & SIGN == 0 { bits | SIGN } else { !bits }
    };
    let digit = |key: u64, place: usize| (key >> (DIGIT_BITS as usize * place)) as usize & (BUCKETS - 1);
    let mut keys: Vec<u64> = values.iter().map(|x| key(*x)).collect();
    let mut other = vec![0_u64; keys.len()];
    let mut counts = vec![[0_u32; BUCKETS]; DIGITS];
    for key in &keys {
        for (place, counts) in counts.iter_mut().enumerate() {
            counts[digit(*key, place)] += 1;
        }
    }
    for (place, counts) in counts.iter_mut().enumerate() {
        if counts[digit(keys[0], place)] as usize == keys.len() {
            continue; // all alike
        }
        let mut start = 0;
        for count in counts.iter_mut() {
            start += std::mem::replace(count, start);
        }
        for key in &keys {
            let to = &mut counts[digit(*key, place)];
            other[*to as usize] = *key;
            *to += 1;
        }
        std::mem::swap(&mut keys, &mut other);
    }
    for (value, key) in values.iter_mut().zip(&keys) {
        *value = f64::from_bits(if key & SIGN == 0 { !key } else { key ^ SIGN });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn the_order_is_that_of_comparing() {
        let mut random = Random::seeded(3);
        for scale in [1e-300, 1.0, 1e9] {
            let mut values: Vec<f64> = (0..5_000).map(|_| random.normal() * scale).collect();
            values.extend([0.0, -0.0, 1.0, -1.0, 1e300, -1e300]);
            let mut expected = values.clone();
            expected.sort_by(f64::total_cmp);
            ascending(&mut values);
            assert!(values.iter().zip(&expected).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }
}
