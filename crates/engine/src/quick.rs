//! A hash map for short keys whose order nobody ever sees: the same on every machine, and fast.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map with [`Quick`] hashing. Never iterate over it: its order means nothing.
pub(crate) type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

/// Multiply and rotate, eight bytes at a time. Not for keys an attacker gains from choosing: the tables that are
/// hashed have a size limit, and their worst case is a slow answer to whoever sent them.
#[derive(Debug, Default)]
pub(crate) struct Quick(u64);

impl Quick {
    fn add(&mut self, word: u64) {
        // Both halves of the product: the high one alone hears the last bytes of a word, the low one the first.
        let product = u128::from(self.0.rotate_left(23) ^ word) * 0x9E37_79B9_7F4A_7C15;
        #[expect(clippy::cast_possible_truncation, reason = "the halves of a 128-bit product")]
        {
            self.0 = product as u64 ^ (product >> 64) as u64;
        }
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        self.add(u64::from_le_bytes(last));
    }

    fn write_u8(&mut self, byte: u8) {
        self.0 ^= u64::from(byte) << 23;
    }

    fn write_u32(&mut self, word: u32) {
        self.add(word.into());
    }

    fn write_i32(&mut self, word: i32) {
        self.add(u64::from(word.cast_unsigned()));
    }

    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }

    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
