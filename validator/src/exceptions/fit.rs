//! Whether an entry accepts a finding: rule, pair, attribute and value must agree.

use crate::inventory::{Name, node};
use crate::mirror::{schema_path, without_own_key};
use crate::settings::Accept;
use crate::verdict::{Bound, Finding, Side};

/// An entry of `dr.hcl`, or a comment.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// What it says; of a comment the pair and attribute are those of the line.
    pub(super) accept: Accept,
    /// Of a comment, what it is about.
    pub(super) line: Option<Line>,
}

/// What a comment is about.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The file.
    pub(super) file: Name,
    /// The line.
    pub(super) number: u32,
    /// Module calls that begin there.
    pub(super) modules: Vec<Name>,
    /// The value that it accepts.
    pub(super) value: Option<Name>,
}

/// How an entry and a finding agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// The finding is about something else.
    No,
    /// The same rule and pair, but something else of it: why.
    Near(String),
    /// The entry accepts the finding.
    Yes,
}

impl Entry {
    /// How the entry and a finding agree.
    pub(super) fn fit(&self, finding: &Finding) -> Fit {
        if *self.accept.rule != *finding.rule {
            return Fit::No;
        }
        match &self.line {
            Some(line) if line.touches(finding) => line.value_fits(finding),
            None if self.is_about(finding) => self.rest_fits(finding),
            Some(_) | None => Fit::No,
        }
    }

    /// Whether the entry may be about an instance.
    pub(super) fn names(&self, address: Option<&str>) -> bool {
        address.is_some_and(|address| {
            address == &*self.accept.pair || without_own_key(address) == &*self.accept.pair
        })
    }

    /// Whether the pair is named.
    pub(super) fn is_about(&self, finding: &Finding) -> bool {
        self.names(finding.primary.address.as_deref())
            || self.names(finding.secondary.address.as_deref())
    }

    fn rest_fits(&self, finding: &Finding) -> Fit {
        let paths = [&finding.primary.path, &finding.secondary.path];
        let attribute_fits = match self.accept.attribute.as_deref() {
            Some(told) => paths
                .iter()
                .any(|path| told == node::path_text(path) || told == schema_path(path)),
            None => paths.iter().all(|path| path.is_empty()),
        };
        if !attribute_fits {
            let path = attribute(finding);
            let expected = if path.is_empty() {
                "no attribute".to_owned()
            } else {
                format!("attribute = {path:?}")
            };
            return Fit::Near(format!("the finding needs {expected}"));
        }
        let told = (
            self.accept.primary_value.as_deref(),
            self.accept.secondary_value.as_deref(),
        );
        let shown = |side: &Side| side.value.is_some();
        if let Some(why) = differs("secondary_value", told.1, &finding.secondary) {
            return Fit::Near(why);
        }
        let must = told.0.is_some() || (!shown(&finding.secondary) && shown(&finding.primary));
        match differs("primary_value", told.0, &finding.primary) {
            Some(why) if must => Fit::Near(why),
            _ => Fit::Yes,
        }
    }
}

/// The attribute to name in an entry.
pub(super) fn attribute(finding: &Finding) -> String {
    let path = if finding.primary.path.is_empty() {
        &finding.secondary.path
    } else {
        &finding.primary.path
    };
    node::path_text(path)
}

/// Why the value that is told is not the one that is there.
fn differs(argument: &str, told: Option<&str>, side: &Side) -> Option<String> {
    let there = match (&side.value, &side.bound) {
        (None, _) => {
            return told.map(|told| {
                format!("{argument} is {told:?}, and nothing is set there now: remove {argument}")
            });
        }
        (Some(_), Bound::Sealed) => {
            return Some(
                "the value is sensitive: its digest is compared, which needs --digest-key FILE"
                    .into(),
            );
        }
        (Some(_), Bound::Digest(digest)) => digest.to_string(),
        (Some(value), Bound::Text) => value.clone(),
    };
    match told {
        Some(told) if same(told, &there) => None,
        Some(told) => Some(format!("{argument} is {told:?}, and now it is {there}")),
        None => Some(format!("{argument} is missing, and it is {there}")),
    }
}

/// Text in an entry may stand without the quotes that values are shown in.
pub(super) fn same(told: &str, shown: &str) -> bool {
    told == shown || format!("{told:?}") == shown
}

impl Line {
    /// Whether the line is in one of the finding's places, or begins the module call or block of one of its sides.
    pub(super) fn touches(&self, finding: &Finding) -> bool {
        let here = |location: &crate::source::Location| {
            location.line == self.number && location.file == self.file
        };
        let side = |side: &Side| {
            side.place.as_ref().is_some_and(here)
                || side.source.as_ref().is_some_and(here)
                || side.chain.iter().any(|link| here(&link.location))
        };
        let inside = |address: Option<&str>| {
            address.is_some_and(|address| {
                self.modules.iter().any(|module| {
                    address
                        .strip_prefix(&**module)
                        .is_some_and(|rest| rest.starts_with(['.', '[']))
                })
            })
        };
        side(&finding.primary)
            || side(&finding.secondary)
            || inside(finding.primary.address.as_deref())
            || inside(finding.secondary.address.as_deref())
    }

    fn value_fits(&self, finding: &Finding) -> Fit {
        let side = value_side(finding);
        match differs("value", self.value.as_deref(), side) {
            Some(why) => Fit::Near(why),
            None => Fit::Yes,
        }
    }
}

/// The side whose value a comment names: the secondary, unless nothing is set there.
pub(super) fn value_side(finding: &Finding) -> &Side {
    if finding.secondary.value.is_some() {
        &finding.secondary
    } else {
        &finding.primary
    }
}
