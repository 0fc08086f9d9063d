//! Names of regions.

use std::fmt;

/// The name of a region, such as `us-west-2`. Only the shape is checked: new regions come.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(String);

/// The text does not have the shape of a region's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a region; expected a name such as us-east-1 or ap-southeast-2")]
pub struct InvalidRegion(String);

impl Region {
    /// Takes a name of the right shape: lower-case words and a number, joined by hyphens.
    ///
    /// # Errors
    /// When the shape is another.
    pub fn new(name: impl Into<String>) -> Result<Self, InvalidRegion> {
        let name = name.into();
        let words: Vec<&str> = name.split('-').collect();
        let lower = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
        let fits = match words.as_slice() {
            [words @ .., number] if (2..=4).contains(&words.len()) => {
                words.iter().all(lower)
                    && words.iter().all(|word| word.len() <= 12)
                    && (1..=2).contains(&number.len())
                    && number.bytes().all(|b| b.is_ascii_digit())
            }
            _ => false,
        };
        if fits {
            Ok(Region(name))
        } else {
            Err(InvalidRegion(name.chars().take(64).collect()))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Region {
    type Err = InvalidRegion;

    fn from_str(text: &str) -> Result<Self, InvalidRegion> {
        Region::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Region;

    #[test]
    fn knows_the_shape_of_regions() {
        for name in [
            "us-east-1",
            "ap-southeast-2",
            "us-gov-west-1",
            "mx-central-1",
            "eusc-de-east-1",
        ] {
            assert!(Region::new(name).is_ok(), "{name}");
        }
        for name in [
            "",
            "us-east",
            "us-east-1a",
            "US-EAST-1",
            "us_east_1",
            "moon",
            "-us-east-1",
            "us--east-1",
            "us-east-1 ",
        ] {
            assert!(Region::new(name).is_err(), "{name}");
        }
    }
}
