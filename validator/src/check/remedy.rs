//! What to do about a finding: what its verdict says, else what the page of its rule says first.

use crate::inventory::Instance;
use crate::mirror::{Mirror, without_own_key};
use crate::rules::Rule;
use crate::verdict::{Broken, Fix};

/// The heading of a rule's page under which that stands.
const HEADING: &str = "## How to fix it\n";

/// Most keys that advice names.
const MOST_KEYS: usize = 6;

/// What to do.
pub(super) fn of(mirror: &Mirror<'_>, rule: &Rule, verdict: &Broken) -> Option<Fix> {
    let member = lacking_member(mirror, verdict).map(|text| Fix { text, edit: None });
    // That one of a counted set is declared anew, or lives once on purpose, is no advice.
    let declared = |fix: &Fix| fix.edit.is_none() && fix.text.starts_with("Declare the same ");
    let own = verdict.fix.clone();
    match own {
        Some(fix) if !declared(&fix) => Some(fix),
        own => member.or(own).or_else(|| {
            let text = of_page(rule.doc)?;
            Some(Fix { text, edit: None })
        }),
    }
}

/// The first paragraph on a rule's page of how to fix what it finds, on one line.
fn of_page(doc: &str) -> Option<String> {
    let (_, rest) = doc.split_once(HEADING)?;
    // An example, or what the page says further on, has no room on one line.
    let ends = ["\n\n", "\n```", "\n## ", "\n- "].map(|end| rest.find(end));
    let end = ends.into_iter().flatten().min().unwrap_or(rest.len());
    let words: Vec<&str> = rest[..end].split_whitespace().collect();
    let text = words.join(" ");
    let text = text
        .strip_suffix(':')
        .map_or(text.clone(), |text| format!("{text}."));
    (!text.is_empty()).then_some(text)
}

/// What to do where one of several instances of a resource has no counterpart, while others have.
fn lacking_member(mirror: &Mirror<'_>, verdict: &Broken) -> Option<String> {
    let asked = &verdict.asked;
    let lacking = asked.secondary.instance.is_none() && asked.primary.path.is_empty();
    let id = asked.primary.instance.filter(|_| lacking && !asked.alone)?;
    let instance: &Instance = mirror.instance(id);
    instance.index.as_ref()?;
    let resource = without_own_key(&instance.address);
    let siblings = mirror.graph.resource(instance.root.as_ref(), resource);
    let (paired, lacking): (Vec<_>, Vec<_>) = siblings
        .iter()
        .partition(|sibling| mirror.counterpart(**sibling).is_some());
    if paired.is_empty() {
        return None;
    }
    let keys: Vec<&str> = lacking
        .iter()
        .filter_map(|id| {
            let address: &str = &mirror.instance(*id).address;
            let key = &address[without_own_key(address).len()..];
            key.strip_prefix('[')?.strip_suffix(']')
        })
        .collect();
    Some(format!(
        "Let the secondary region make as many: its expression for {}.{} lacks {} of production's.",
        instance.ty,
        instance.name,
        named(&keys)
    ))
}

/// A few of these, and how many more.
fn named(keys: &[&str]) -> String {
    let shown = keys.len().min(MOST_KEYS);
    let more = match keys.len() - shown {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", keys[..shown].join(", "))
}

#[cfg(test)]
mod tests {
    use super::{named, of_page};

    #[test]
    fn a_few_keys_are_named_and_the_others_counted() {
        assert_eq!(named(&["\"sqs\""]), "\"sqs\"");
        let all = ["0", "1", "2", "3", "4", "5", "6", "7"];
        assert_eq!(named(&all), "0, 1, 2, 3, 4, 5 and 2 more");
    }

    #[test]
    fn every_rule_says_how_to_fix_what_it_finds() {
        let silent: Vec<&str> = crate::rules::all()
            .filter(|rule| of_page(rule.doc).is_none_or(|text| text.contains("```")))
            .map(|rule| rule.name)
            .collect();
        assert!(silent.is_empty(), "{silent:?}");
    }
}
