//! Orders of values: numbers with "no limit", instance classes by what they can carry, words on a scale.

use std::cmp::Ordering;

use super::Row;
use crate::inventory::{Name, Node};
use crate::mirror::{Maybe, number};

/// Both values, where both are set.
fn both<'n>(
    one: Option<&'n Node>,
    other: Option<&'n Node>,
) -> Result<Option<(&'n Node, &'n Node)>, Vec<Name>> {
    match (one, other) {
        (None, _) | (_, None) => Ok(None),
        (Some(Node::Unknown(unknown)), _) | (_, Some(Node::Unknown(unknown))) => {
            Err(unknown.because.clone())
        }
        (Some(one), Some(other)) => Ok(Some((one, other))),
    }
}

/// Whether the second is at least the first; `None` where they cannot be ordered.
///
/// # Errors
/// What is not known.
pub(super) fn at_least(
    row: &Row,
    one: Option<&Node>,
    other: Option<&Node>,
) -> Result<Option<bool>, Vec<Name>> {
    let Some((one, other)) = both(one, other)? else {
        return Ok(None);
    };
    if let (Maybe::Known(one), Maybe::Known(other)) = (number(Some(one)), number(Some(other))) {
        let (one, other) = (value(row, one), value(row, other));
        return Ok(Some(if row.lower {
            other <= one
        } else {
            other >= one
        }));
    }
    let (Some(one), Some(other)) = (word(one), word(other)) else {
        return Ok(None);
    };
    if one == other {
        return Ok(Some(true));
    }
    Ok(classes(&one, &other))
}

fn value(row: &Row, number: f64) -> f64 {
    let is = |limit: &i32| f64::from(*limit).total_cmp(&number) == Ordering::Equal;
    if row.unlimited.iter().any(is) {
        f64::INFINITY
    } else {
        number
    }
}

/// Whether a value stands for no limit.
pub(super) fn is_unlimited(row: &Row, node: &Node) -> bool {
    matches!(number(Some(node)), Maybe::Known(number) if value(row, number).is_infinite())
}

/// Whether the second is not below the first on the row's scale, or among bools, where true is stronger.
///
/// # Errors
/// What is not known.
pub(super) fn not_weaker(
    row: &Row,
    one: Option<&Node>,
    other: Option<&Node>,
) -> Result<Option<bool>, Vec<Name>> {
    let Some((one, other)) = both(one, other)? else {
        return Ok(None);
    };
    let (Some(one), Some(other)) = (word(one), word(other)) else {
        return Ok(None);
    };
    let scale: &[&str] = if row.scale.is_empty() {
        &["false", "true"]
    } else {
        &row.scale
    };
    let rank = |word: &str| {
        scale
            .iter()
            .position(|step| step.split('~').any(|name| name.eq_ignore_ascii_case(word)))
    };
    Ok(match (rank(&one), rank(&other)) {
        (Some(one), Some(other)) => Some(other >= one),
        _ if one == other => Some(true),
        _ => None,
    })
}

/// What an instance class can carry: virtual processors and memory in GiB. Facts of the public instance type pages.
pub(crate) fn carries(class: &str) -> Option<(f64, f64)> {
    let bare = class
        .strip_prefix("db.")
        .or_else(|| class.strip_prefix("cache."))
        .unwrap_or(class);
    let mut parts = bare.split('.');
    let (family, size) = (parts.next()?, parts.next()?);
    let cpus = match size {
        "nano" | "micro" | "small" | "medium" | "large" => 2.0,
        "xlarge" => 4.0,
        "metal" => return None,
        _ => size.strip_suffix("xlarge")?.parse::<f64>().ok()? * 4.0,
    };
    let letter = family.chars().next()?;
    let each = match letter {
        't' => {
            let memory = match size {
                "nano" => 0.5,
                "micro" => 1.0,
                "small" => 2.0,
                "medium" => 4.0,
                "large" => 8.0,
                _ => cpus * 4.0,
            };
            return Some((cpus, memory));
        }
        'c' => 2.0,
        'm' => 4.0,
        'r' | 'z' => 8.0,
        'x' => 16.0,
        _ => return None,
    };
    match size {
        "medium" => Some((1.0, each)),
        _ => Some((cpus, cpus * each)),
    }
}

fn classes(one: &str, other: &str) -> Option<bool> {
    let (one, other) = (carries(one)?, carries(other)?);
    Some(other.0 >= one.0 && other.1 >= one.1)
}

/// A value's text in a scale or as a class.
fn word(node: &Node) -> Option<Name> {
    match node {
        Node::String(text) => Some(text.clone()),
        Node::Bool(truth) => Some(truth.to_string().into()),
        Node::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_ordered_by_what_they_carry() {
        assert_eq!(classes("db.r6g.large", "db.r6g.xlarge"), Some(true));
        assert_eq!(classes("db.r6g.xlarge", "db.r6g.large"), Some(false));
        assert_eq!(classes("db.r6g.2xlarge", "db.r7g.2xlarge"), Some(true));
        assert_eq!(classes("db.r6g.large", "db.m6g.large"), Some(false));
        assert_eq!(classes("db.r6g.large", "db.t4g.large"), Some(false));
        assert_eq!(classes("db.r6g.large", "something"), None);
    }
}
