//! Which of many numbers were seen, in little memory.

/// Bits of each, of the 64 of a number that was stirred.
const BITS: u32 = 23;

/// A set of numbers in one megabyte: it may have some that were never put in, but never misses one.
#[derive(Clone, Debug, Default)]
pub struct Sieve {
    /// Empty while nothing was put in.
    words: Vec<u64>,
}

impl Sieve {
    /// Whether nothing was ever put in.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Puts a number in.
    pub fn put(&mut self, number: u64) {
        self.words.resize(1 << (BITS - 6), 0);
        let (word, bit) = place(number);
        if let Some(word) = self.words.get_mut(word) {
            *word |= bit;
        }
    }

    /// Whether a number may have been put in; if not, it was not.
    pub fn may_have(&self, number: u64) -> bool {
        let (word, bit) = place(number);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// The word and the bit of a number. Numbers in a row go to places far apart (Knuth's
/// multiplicative hashing, The Art of Computer Programming 6.4).
fn place(number: u64) -> (usize, u64) {
    let stirred = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - BITS);
    ((stirred >> 6) as usize, 1 << (stirred & 63))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_that_was_put_in_is_missed(numbers in prop::collection::vec(any::<u64>(), 0..200)) {
            let mut sieve = Sieve::default();
            numbers.iter().for_each(|number| sieve.put(*number));
            prop_assert!(numbers.iter().all(|number| sieve.may_have(*number)));
            prop_assert_eq!(sieve.is_empty(), numbers.is_empty());
        }
    }

    #[test]
    fn most_that_was_not_put_in_is_kept_back() {
        let mut sieve = Sieve::default();
        assert!(!sieve.may_have(0));
        (0..100_000).for_each(|number| sieve.put(number * 3));
        let passed = (0..100_000).filter(|number| sieve.may_have(number * 3 + 1)).count();
        assert!(passed < 5_000, "{passed}");
    }
}
