//! Utilities as whole multiples of one unit, so that sums and ties are exact.
//!
//! 0.1 + 0.2 and 0.3 are the same utility to a person and two different ones to `f64`; a dominance test that
//! trusts the latter finds deals that are "better" by 10⁻¹⁷. Numbers are therefore taken as the decimals they
//! are written as (the shortest decimal that names the `f64`) and added as integers.

use std::cmp::Ordering;

/// What an outcome, or a part of one, is worth to both sides, in units of a [`Unit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Worth<K = i128> {
    pub(crate) company: K,
    pub(crate) client: K,
}

impl<K: Copy + std::ops::Add<Output = K>> std::ops::Add for Worth<K> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { company: self.company + other.company, client: self.client + other.client }
    }
}

/// What one unit is: `10^exponent / divisor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unit {
    exponent: i32,
    divisor: i128,
}

/// Sums of units stay below 2 to this power, so that differences of sums cannot overflow.
const SUM_BITS: u32 = 124;

/// A number as `mantissa × 10^exponent`, the shortest decimal that names it. The number must be finite.
pub(crate) fn decimal(number: f64) -> (i128, i32) {
    // "{:e}" writes the shortest digits that read back as the same number, such as -1.25e-3.
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mantissa = format!("{whole}{fraction}").parse().unwrap_or(0);
    let places = i32::try_from(fraction.len()).unwrap_or(0);
    if mantissa == 0 { (0, 0) } else { (mantissa, exponent.parse().unwrap_or(0) - places) }
}

impl Unit {
    /// The finest power of ten in which all the numbers are whole and in which a sum of `terms` of them cannot
    /// overflow. Only where the numbers span more than about 35 digits is that coarser than the finest of
    /// them; what is smaller is then rounded.
    pub(crate) fn of(numbers: impl Iterator<Item = f64>, terms: usize) -> Self {
        let mut finest = i32::MAX;
        let mut top = i32::MIN;
        for (mantissa, exponent) in numbers.map(decimal).filter(|(mantissa, _)| *mantissa != 0) {
            finest = finest.min(exponent);
            top = top.max(exponent + digits(mantissa));
        }
        if finest == i32::MAX {
            return Self { exponent: 0, divisor: 1 };
        }
        // 10^37 < 2^124; a sum of n terms has at most as many digits more as n has.
        let room = 36 - digits(i128::try_from(terms).unwrap_or(i128::MAX));
        Self { exponent: finest.max(top - room), divisor: 1 }
    }

    /// This unit, or 10 to this power where that is coarser.
    pub(crate) fn at_least(self, exponent: i32) -> Self {
        Self { exponent: self.exponent.max(exponent), ..self }
    }

    /// The unit of rational utilities: `10^exponent / divisor`.
    pub(crate) fn rational(exponent: i32, divisor: i128) -> Self {
        Self { exponent, divisor }
    }

    /// The number in this unit, rounded (half away from zero) where the unit is coarser than the number.
    /// `None` where it would be too large.
    pub(crate) fn count(self, number: f64) -> Option<i128> {
        let (mantissa, exponent) = decimal(number);
        let shift = exponent - self.exponent;
        let whole = if let Ok(up) = u32::try_from(shift) {
            if mantissa == 0 { 0 } else { mantissa.checked_mul(10_i128.checked_pow(up)?)? }
        } else {
            match 10_i128.checked_pow(shift.unsigned_abs()) {
                Some(down) => (mantissa + mantissa.signum() * (down / 2)) / down,
                None => 0,
            }
        };
        whole.checked_mul(self.divisor).filter(|n| fits(*n))
    }

    /// So many units, as the nearest `f64`.
    #[expect(clippy::cast_precision_loss, reason = "the fast path is taken only where both are exact")]
    pub(crate) fn number(self, count: i128) -> f64 {
        const EXACT: u128 = 1 << 53;
        const EXACT_TENS: [f64; 16] =
            [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
        let tens = EXACT_TENS.get(self.exponent.unsigned_abs() as usize);
        let decimal = match tens {
            Some(tens) if count.unsigned_abs() < EXACT && self.exponent <= 0 => count as f64 / tens,
            // The parser rounds correctly, which a product with a power of ten does not.
            _ => format!("{count}e{}", self.exponent).parse().unwrap_or(f64::NAN),
        };
        if self.divisor == 1 { decimal } else { decimal / self.divisor as f64 }
    }
}

/// Whether sums of such sizes stay within bounds.
pub(crate) fn fits(count: i128) -> bool {
    count.unsigned_abs() < 1 << SUM_BITS
}

fn digits(mantissa: i128) -> i32 {
    i32::try_from(mantissa.unsigned_abs().checked_ilog10().map_or(1, |log| log + 1)).unwrap_or(39)
}

/// The greatest common divisor.
pub(crate) fn common_divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A product of two counts that are not negative, exact: 256 bits, the high half first, so that products
/// compare as they should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Product(u128, u128);

impl Product {
    pub(crate) fn of(a: i128, b: i128) -> Self {
        const LOW: u128 = u64::MAX as u128;
        let (a, b) = (a.max(0).unsigned_abs(), b.max(0).unsigned_abs());
        let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
        let middle = a1 * b0 + ((a0 * b0) >> 64);
        let lower = a0 * b1 + (middle & LOW);
        Self(a1 * b1 + (middle >> 64) + (lower >> 64), (lower << 64) | ((a0 * b0) & LOW))
    }
}

/// Compares by the lesser of two first, then by the greater: leximin for two.
pub(crate) fn leximin<T: Ord + Copy>(a: (T, T), b: (T, T)) -> Ordering {
    (a.0.min(a.1), a.0.max(a.1)).cmp(&(b.0.min(b.1), b.0.max(b.1)))
}

/// A count of outcomes of any size, written in decimal.
pub(crate) fn product_in_decimal(factors: impl Iterator<Item = usize>) -> String {
    const BASE: u128 = 1_000_000_000_000_000_000;
    let mut limbs: Vec<u128> = vec![1];
    for factor in factors {
        let mut carry = 0;
        for limb in &mut limbs {
            let product = *limb * factor as u128 + carry;
            *limb = product % BASE;
            carry = product / BASE;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut largest_first = limbs.iter().rev();
    let first = largest_first.next().map(u128::to_string).unwrap_or_default();
    largest_first.fold(first, |text, limb| format!("{text}{limb:018}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tenth_and_two_tenths_are_three_tenths() {
        let unit = Unit::of([0.1, 0.2, 0.3, 250.0].into_iter(), 3);
        let [tenth, two, three] = [0.1, 0.2, 0.3].map(|x| unit.count(x).unwrap());
        assert_eq!(tenth + two, three);
        assert_eq!(unit.number(three), 0.3);
    }

    #[test]
    fn numbers_of_very_different_size_are_rounded_to_the_largest() {
        let unit = Unit::of([1e300, 3.0, 1e-300].into_iter(), 2);
        assert_eq!(unit.number(unit.count(1e300).unwrap()), 1e300);
        assert_eq!(unit.count(1e-300), Some(0));
    }

    #[test]
    fn outcomes_are_counted_beyond_every_machine_number() {
        assert_eq!(product_in_decimal([].into_iter()), "1");
        assert_eq!(product_in_decimal([3, 7, 11].into_iter()), "231");
        assert_eq!(product_in_decimal(std::iter::repeat_n(1_000, 40)), format!("1{}", "0".repeat(120)));
        assert_eq!(
            product_in_decimal(std::iter::repeat_n(2, 130)),
            "1361129467683753853853498429727072845824"
        );
    }

    proptest! {
        #[test]
        fn every_number_survives(number in proptest::num::f64::NORMAL | proptest::num::f64::ZERO) {
            let unit = Unit::of(std::iter::once(number), 1);
            prop_assert_eq!(unit.number(unit.count(number).unwrap()), number);
        }

        #[test]
        fn wide_products_are_right(a in 0..i128::MAX, b in 0..i128::MAX, c in 0_i64.., d in 0_i64..) {
            let Product(high, low) = Product::of(a, b);
            prop_assert_eq!(low, a.unsigned_abs().wrapping_mul(b.unsigned_abs()));
            let estimate = a as f64 * b as f64 / 2_f64.powi(128);
            prop_assert!((high as f64 - estimate).abs() <= 1e-12 * estimate + 1.0);
            prop_assert_eq!(Product::of(c.into(), d.into()), Product(0, c as u128 * d as u128));
        }
    }
}
