//! Marks of values: two different marks are two different values, but for the names of regions, which may differ.

use std::fmt::Write as _;

use cty::Value;
use sha2::{Digest as _, Sha256};

use super::needed;
use super::traversal::Part;
use crate::inventory::sealer;
use crate::symbol::PathStep;

/// Bytes of a value that a mark looks at.
const MOST: usize = 4_096;

/// The mark of the part of a value; zero where it is not known, secret or too long.
pub(super) fn mark(value: &Value, steps: &[Part], wanted: needed::Part) -> u32 {
    let mut at = value;
    for part in steps {
        let next = match part.step() {
            Some(PathStep::Name(name)) => at
                .entries()
                .and_then(|entries| entries.get(&*name))
                .or_else(|| at.attribute(&name)),
            Some(PathStep::Index(index)) => {
                let index = usize::try_from(index).ok();
                index.and_then(|index| at.elements()?.get(index))
            }
            None => None,
        };
        match next {
            Some(next) => at = next,
            None => return 0,
        }
    }
    let mut text = String::new();
    if at.is_marked_deep() || write(at, wanted, &mut text).is_none() {
        return 0;
    }
    let digest = Sha256::digest(without_ranges(&sealer::without_regions(&text)).as_bytes());
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]).max(1)
}

/// A text in which of each range of addresses only the size is left: a plan of addresses is shifted from region to region.
fn without_ranges(text: &str) -> String {
    let of_address = |c: char| c.is_ascii_digit() || c == '.';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(of_address) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c| !of_address(c)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        let range = word.matches('.').count() == 3 && behind.starts_with('/');
        out.push_str(if range { "{range}" } else { word });
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn write(value: &Value, wanted: needed::Part, out: &mut String) -> Option<()> {
    if out.len() > MOST || !value.is_known() {
        return None;
    }
    let keys = wanted == needed::Part::Keys;
    if value.is_null() {
        out.push_str("null");
    } else if let Some(text) = value.as_str() {
        write!(out, "{text:?}").ok()?;
    } else if let Some(number) = value.as_number() {
        write!(out, "{number}").ok()?;
    } else if let Some(truth) = value.as_bool() {
        write!(out, "{truth}").ok()?;
    } else if let Some(elements) = value.elements() {
        if keys {
            write!(out, "{}", elements.len()).ok()?;
            return Some(());
        }
        out.push('[');
        for element in elements {
            write(element, wanted, out)?;
            out.push(',');
        }
    } else if let Some(entries) = value.entries() {
        out.push('{');
        for (name, entry) in entries {
            write!(out, "{name:?}=").ok()?;
            if !keys {
                write(entry, wanted, out)?;
            }
            out.push(',');
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::without_ranges;

    #[test]
    fn of_a_range_only_its_size_is_left() {
        assert_eq!(without_ranges("\"10.40.0.0/16\",3"), "\"{range}/16\",3");
        assert_eq!(without_ranges("16.8 and 10.0.0.1"), "16.8 and 10.0.0.1");
    }
}
