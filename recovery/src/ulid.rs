//! ULIDs: names that sort by the time they were made, and that two makers never share.

use std::fmt;

use jiff::Timestamp;

/// Crockford's digits: no I, L, O, U.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const RANDOM_BITS: u32 = 80;

/// 48 bits of time in milliseconds and 80 bits of chance, as 26 digits.
/// Source: <https://github.com/ulid/spec>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ulid(u128);

impl Ulid {
    /// One for this moment.
    pub fn new(now: Timestamp, random: &mut fastrand::Rng) -> Self {
        let millis = u128::try_from(now.as_millisecond()).unwrap_or(0) & ((1 << 48) - 1);
        let chance = random.u128(..) & ((1 << RANDOM_BITS) - 1);
        Ulid((millis << RANDOM_BITS) | chance)
    }

    /// The moment that it was made for.
    pub fn time(self) -> Option<Timestamp> {
        let millis = i64::try_from(self.0 >> RANDOM_BITS).ok()?;
        Timestamp::from_millisecond(millis).ok()
    }

    /// Reads what [`fmt::Display`] writes, in either case.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        // 26 digits hold 130 bits: the first one ends at 7.
        if digits.len() != 26 || digits[0] > b'7' {
            return None;
        }
        let value = digits.iter().try_fold(0_u128, |value, digit| {
            let digit = digit.to_ascii_uppercase();
            let at = DIGITS.iter().position(|known| *known == digit)?;
            Some((value << 5) | u128::try_from(at).ok()?)
        });
        value.map(Ulid)
    }
}

impl fmt::Display for Ulid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = (0..26_u32)
            .rev()
            .map(|place| {
                let digit = usize::try_from((self.0 >> (place * 5)) & 31).unwrap_or(0);
                char::from(DIGITS[digit])
            })
            .collect();
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_reads_back() {
        let text = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
        let ulid = Ulid::parse(text).unwrap();
        assert_eq!(ulid.to_string(), text);
        assert_eq!(
            ulid.time().unwrap().as_millisecond(),
            1_469_922_850_259,
            "{:?}",
            ulid.time()
        );
        assert_eq!(Ulid::parse(&text.to_lowercase()), Some(ulid));
    }

    #[test]
    fn later_ones_sort_later_and_the_text_sorts_alike() {
        let mut random = fastrand::Rng::with_seed(3);
        let mut last: Option<Ulid> = None;
        for second in 0..200 {
            let now = Timestamp::from_second(1_785_585_600 + second).unwrap();
            let ulid = Ulid::new(now, &mut random);
            assert_eq!(ulid.time(), Some(now));
            assert_eq!(Ulid::parse(&ulid.to_string()), Some(ulid));
            if let Some(last) = last {
                assert!(last < ulid && last.to_string() < ulid.to_string());
            }
            last = Some(ulid);
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            "01ARZ3NDEKTSV4RRFFQ69G5FA",
            "81ARZ3NDEKTSV4RRFFQ69G5FAV",
            "01ARZ3NDEKTSV4RRFFQ69G5FAU",
            "../01ARZ3NDEKTSV4RRFFQ69G5",
        ] {
            assert_eq!(Ulid::parse(text), None, "{text}");
        }
    }
}
