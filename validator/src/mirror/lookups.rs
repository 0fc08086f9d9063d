//! Values that data sources found: the same question asked in two regions has answers that stand for each other.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::inventory::{Inventory, Mode, Name, Node};

/// Data sources whose answer differs by region and means the same: type, answers, what the question hangs on.
const KINDS: [(&str, &[&str], &[&str]); 4] = [
    (
        "aws_ami",
        &["id", "image_id"],
        &[
            "owners",
            "filter",
            "name_regex",
            "most_recent",
            "executable_users",
        ],
    ),
    (
        "aws_ssm_parameter",
        &["value", "insecure_value"],
        &["name", "with_decryption"],
    ),
    ("aws_prefix_list", &["id"], &["filter", "prefix_list_id"]),
    ("aws_ec2_managed_prefix_list", &["id"], &["name", "filter"]),
];

/// Questions by their answers.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    by_answer: FxHashMap<Name, Vec<String>>,
}

impl Lookups {
    pub(super) fn new(inventory: &Inventory) -> Self {
        let mut lookups = Lookups::default();
        for instance in &inventory.instances {
            if instance.mode != Mode::Data {
                continue;
            }
            let Some((ty, answers, question)) = KINDS.iter().find(|kind| kind.0 == &*instance.ty)
            else {
                continue;
            };
            let asked: BTreeMap<&str, &Node> = question
                .iter()
                .filter_map(|name| Some((*name, instance.values.get(*name)?)))
                .collect();
            // What is asked must be known, or nothing can be said.
            if asked.is_empty() || asked.values().any(|node| !node.is_wholly_known()) {
                continue;
            }
            for answer in *answers {
                if let Some(Node::String(text)) = instance.values.get(*answer) {
                    let question = format!("{ty} {asked:?}");
                    lookups
                        .by_answer
                        .entry(text.clone())
                        .or_default()
                        .push(question);
                }
            }
        }
        lookups
    }

    /// Whether one question has both answers.
    pub(super) fn alike(&self, one: &Name, other: &Name) -> bool {
        match (self.by_answer.get(one), self.by_answer.get(other)) {
            (Some(one), Some(other)) => one.iter().any(|question| other.contains(question)),
            _ => false,
        }
    }
}
