//! What is not known where two meanings cannot be compared.

use std::collections::BTreeSet;

use super::super::{Meaning, Part};
use crate::inventory::Name;

pub(super) fn reasons(one: &Meaning, other: &Meaning) -> Vec<Name> {
    let mut found = BTreeSet::new();
    gather(one, &mut found);
    gather(other, &mut found);
    if found.is_empty() {
        found.insert("different expressions over values that are not known".into());
    }
    found.into_iter().collect()
}

pub(super) fn text_reasons(one: &[Part], other: &[Part]) -> Vec<Name> {
    reasons(&Meaning::Text(one.to_vec()), &Meaning::Text(other.to_vec()))
}

fn gather(meaning: &Meaning, found: &mut BTreeSet<Name>) {
    match meaning {
        Meaning::Unknown(because) => found.extend(because.iter().cloned()),
        Meaning::Expression(name, parts) => {
            if parts.is_empty() {
                found.insert(name.clone());
            }
            for part in parts {
                gather(part, found);
            }
        }
        Meaning::List(parts) | Meaning::Set(parts) => {
            for part in parts {
                gather(part, found);
            }
        }
        Meaning::Map(parts) => parts.values().for_each(|part| gather(part, found)),
        Meaning::Text(parts) => {
            for part in parts {
                if let Part::Hole(meaning) = part {
                    gather(meaning, found);
                }
            }
        }
        _ => {}
    }
}
