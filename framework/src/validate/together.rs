//! Checks of several attributes against each other. What is not known yet never complains.

use cty::Path;

use crate::Value;
use crate::diagnostics::Diagnostics;

/// Whether an attribute is set, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Not set.
    Absent,
    /// Known only later.
    Unknown,
    /// Set.
    Present,
}

impl<T> From<&Value<T>> for Presence {
    fn from(value: &Value<T>) -> Self {
        match value {
            Value::Null => Presence::Absent,
            Value::Unknown(_) => Presence::Unknown,
            Value::Known(_) => Presence::Present,
        }
    }
}

/// Top-level attributes by name, with whether they are set: `[("a", (&config.a).into()), …]`.
pub type Attributes<'a> = [(&'a str, Presence)];

fn names(attributes: &Attributes<'_>) -> String {
    let names: Vec<String> = attributes
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    names.join(", ")
}

fn count(attributes: &Attributes<'_>, wanted: Presence) -> usize {
    attributes
        .iter()
        .filter(|(_, presence)| *presence == wanted)
        .count()
}

/// At most one of these is set.
pub fn conflicts_with(attributes: &Attributes<'_>, diags: &mut Diagnostics) {
    let set: Vec<&str> = attributes
        .iter()
        .filter(|a| a.1 == Presence::Present)
        .map(|a| a.0)
        .collect();
    let [first, others @ ..] = &set[..] else {
        return;
    };
    for other in others {
        let detail = format!(
            "At most one of {} can be set, but `{first}` is set too. Remove one.",
            names(attributes)
        );
        diags.error_at(
            Path::root().attribute(*other),
            format!("{other} conflicts with {first}"),
            detail,
        );
    }
}

/// One or more of these are set.
pub fn at_least_one_of(attributes: &Attributes<'_>, diags: &mut Diagnostics) {
    if count(attributes, Presence::Absent) == attributes.len() {
        let names = names(attributes);
        diags.error(
            "Nothing is set of what one is needed of",
            format!("Set at least one of {names}."),
        );
    }
}

/// One of these is set, no more.
pub fn exactly_one_of(attributes: &Attributes<'_>, diags: &mut Diagnostics) {
    at_least_one_of(attributes, diags);
    conflicts_with(attributes, diags);
}

/// Either all or none of these are set.
pub fn required_together(attributes: &Attributes<'_>, diags: &mut Diagnostics) {
    if count(attributes, Presence::Present) == 0 {
        return;
    }
    for (name, _) in attributes.iter().filter(|a| a.1 == Presence::Absent) {
        let detail = format!(
            "{} belong together: set all of them or none.",
            names(attributes)
        );
        diags.error_at(
            Path::root().attribute(*name),
            format!("{name} is missing"),
            detail,
        );
    }
}
