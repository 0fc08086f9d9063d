//! Checks of attribute values. They see known values only: what is null or unknown never complains.

mod together;
mod walk;

use std::fmt::Debug;

pub use together::{
    Attributes, Presence, at_least_one_of, conflicts_with, exactly_one_of, required_together,
};
pub(crate) use walk::{refuse_write_only, walk};

/// A check of one known value.
pub trait Validator: Debug + Send + Sync + 'static {
    /// Checks the value.
    ///
    /// # Errors
    /// What was seen and what was expected, as one sentence.
    fn check(&self, value: &cty::Value) -> Result<(), String>;
}

/// A check made of a function on text.
pub struct Text<F>(&'static str, F);

impl<F> Debug for Text<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl<F: Fn(&str) -> Result<(), String> + Send + Sync + 'static> Validator for Text<F> {
    fn check(&self, value: &cty::Value) -> Result<(), String> {
        value.as_str().map_or(Ok(()), &self.1)
    }
}

/// A check of text by a function; `name` is for debugging.
pub fn text<F: Fn(&str) -> Result<(), String> + Send + Sync + 'static>(
    name: &'static str,
    check: F,
) -> Text<F> {
    Text(name, check)
}

/// One of these words.
pub fn one_of<const N: usize>(words: [&'static str; N]) -> impl Validator {
    text("one_of", move |seen| {
        if words.contains(&seen) {
            return Ok(());
        }
        let words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
        Err(format!("{seen:?} is not one of {}", words.join(", ")))
    })
}

/// Text of a length in characters.
pub fn length(least: usize, most: usize) -> impl Validator {
    text("length", move |seen| {
        let length = seen.chars().count();
        if (least..=most).contains(&length) {
            Ok(())
        } else {
            Err(format!(
                "{seen:?} has {length} characters; expected {least} to {most}"
            ))
        }
    })
}

/// A duration such as `90s`, `5m`, `1h30m`.
pub fn duration() -> impl Validator {
    text("duration", |seen| {
        crate::duration::parse(seen)
            .map(|_| ())
            .map_err(|e| e.to_string())
    })
}

/// A duration that may be shorter than a second, such as `2s` or `300ms`.
pub fn fine_duration() -> impl Validator {
    text("duration", |seen| {
        crate::duration::parse_fine(seen)
            .map(|_| ())
            .map_err(|e| e.to_string())
    })
}

/// A moment as RFC 3339 writes it, such as `2026-05-01T12:00:00Z`.
pub fn timestamp() -> impl Validator {
    text("timestamp", |seen| {
        seen.parse::<jiff::Timestamp>().map(|_| ()).map_err(|_| {
            format!(
                "{seen:?} is not a moment in time; expected RFC 3339 such as 2026-05-01T12:00:00Z"
            )
        })
    })
}

/// None of these words.
pub fn none_of<const N: usize>(words: [&'static str; N]) -> impl Validator {
    text("none_of", move |seen| {
        let refused = words.contains(&seen);
        if refused {
            Err(format!("{seen:?} is not allowed here"))
        } else {
            Ok(())
        }
    })
}

/// Text that a function accepts. `shape` completes "is not …" and ends with an example.
pub fn matches(shape: &'static str, accepts: fn(&str) -> bool) -> impl Validator {
    text("matches", move |seen| {
        if accepts(seen) {
            Ok(())
        } else {
            Err(format!("{seen:?} is not {shape}"))
        }
    })
}

/// A whole number of at least this.
pub fn at_least(least: i64) -> impl Validator {
    Between(least, i64::MAX)
}

/// A whole number of at most this.
pub fn at_most(most: i64) -> impl Validator {
    Between(i64::MIN, most)
}

#[derive(Debug)]
struct Size(usize, usize);

impl Validator for Size {
    fn check(&self, value: &cty::Value) -> Result<(), String> {
        let elements = value.elements().map(<[cty::Value]>::len);
        let Some(size) = elements.or_else(|| value.entries().map(std::collections::BTreeMap::len))
        else {
            return Ok(());
        };
        let Size(least, most) = *self;
        if (least..=most).contains(&size) {
            return Ok(());
        }
        Err(format!(
            "there are {size} elements; expected {least} to {most}"
        ))
    }
}

/// So many elements in a list, set or map.
pub fn size(least: usize, most: usize) -> impl Validator {
    Size(least, most)
}

#[derive(Debug)]
struct Between(i64, i64);

impl Validator for Between {
    fn check(&self, value: &cty::Value) -> Result<(), String> {
        let Some(number) = value.as_number() else {
            return Ok(());
        };
        match number.to_i64() {
            Some(seen) if (self.0..=self.1).contains(&seen) => Ok(()),
            _ => Err(format!(
                "{number} is not a whole number from {} to {}",
                self.0, self.1
            )),
        }
    }
}

/// A whole number of a range.
pub fn between(least: i64, most: i64) -> impl Validator {
    Between(least, most)
}

#[derive(Debug)]
struct Each<V>(V);

impl<V: Validator> Validator for Each<V> {
    fn check(&self, value: &cty::Value) -> Result<(), String> {
        let elements = value.elements().unwrap_or_default().iter();
        let mut known = elements.filter(|e| e.is_known() && !e.is_null());
        known.try_for_each(|element| self.0.check(element))
    }
}

/// A check of each element of a list or set.
pub fn each(validator: impl Validator) -> impl Validator {
    Each(validator)
}
