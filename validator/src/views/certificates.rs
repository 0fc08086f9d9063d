//! Names that certificates cover, told without the region.

use std::collections::BTreeSet;

use crate::inventory::{Name, Node};
use crate::mirror::{End, InstanceId, Meaning, Mirror};

use super::elements;

/// The names of a certificate, as seen from its end.
///
/// # Errors
/// Why they are not known.
pub(crate) fn names(
    mirror: &Mirror<'_>,
    id: InstanceId,
    end: End,
) -> Result<BTreeSet<String>, Vec<Name>> {
    let root = mirror.instance(id).root.as_ref();
    let mut names = BTreeSet::new();
    let mut read = |node: Option<&Node>| {
        let meaning = mirror.meaning(node, end, root);
        match (&meaning, meaning.letters()) {
            (Meaning::Absent, _) => Ok(()),
            (_, Some(name)) => {
                names.insert(name.to_ascii_lowercase());
                Ok(())
            }
            // The names of an imported certificate stand in it.
            (Meaning::Aws, None) => Err(vec![
                format!("which names {} holds", mirror.instance(id).address).into(),
            ]),
            (_, None) => Err(meaning.open()),
        }
    };
    read(mirror.value(id, "domain_name"))?;
    for node in elements::of(mirror.value(id, "subject_alternative_names"))? {
        read(Some(&node))?;
    }
    Ok(names)
}

/// The names of a certificate that others do not cover; a wildcard covers one label.
pub(crate) fn uncovered<'n>(
    wanted: &'n BTreeSet<String>,
    offered: &BTreeSet<String>,
) -> Vec<&'n str> {
    let covers = |name: &String| {
        let wild = name.split_once('.').map(|(_, rest)| format!("*.{rest}"));
        offered.contains(name) || wild.is_some_and(|wild| offered.contains(&wild))
    };
    wanted
        .iter()
        .filter(|name| !covers(name))
        .map(String::as_str)
        .collect()
}

/// Whether one certificate of each secondary region covers all names of this one.
pub(crate) fn is_covered(mirror: &Mirror<'_>, id: InstanceId) -> bool {
    let Ok(wanted) = names(mirror, id, End::Primary) else {
        return false;
    };
    let there = |at: usize| {
        let standing = crate::mirror::Standing::Secondary(at);
        mirror
            .standing_of_type("aws_acm_certificate", standing)
            .into_iter()
            .filter_map(|other| names(mirror, other, End::Secondary(at)).ok())
            .any(|offered| uncovered(&wanted, &offered).is_empty())
    };
    !wanted.is_empty() && (0..mirror.roles.secondary.len()).all(there)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_covers_one_label() {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let wild: BTreeSet<String> = set(&["*.example.org"]);
        assert!(uncovered(&set(&["app.example.org"]), &wild).is_empty());
        assert_eq!(uncovered(&set(&["example.org"]), &wild), ["example.org"]);
        assert_eq!(uncovered(&set(&["a.b.example.org"]), &wild).len(), 1);
    }
}
