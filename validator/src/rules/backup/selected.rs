//! Which backup plans select a store: by reference, by pattern, by tag.

use crate::inventory::{Name, Node};
use crate::mirror::{End, InstanceId, Maybe, Mirror, list, text};
use crate::views::elements;

/// Whether something is selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selected {
    Yes,
    No,
    /// Why it is not known.
    Open(Vec<Name>),
}

/// Stands for the part of an ARN that is not known.
const HOLE: char = '\u{0}';

/// Whether a selection takes a store.
pub(super) fn selected(mirror: &Mirror<'_>, selection: InstanceId, store: InstanceId) -> Selected {
    let own = arn(mirror, store);
    match among(mirror, selection, "not_resources", store, &own) {
        Selected::No => {}
        Selected::Yes => return Selected::No,
        open @ Selected::Open(_) => return open,
    }
    let named = match mirror.value(selection, "resources") {
        // Where nothing is named, tags choose among all.
        None | Some(Node::Null) => Selected::No,
        Some(_) => among(mirror, selection, "resources", store, &own),
    };
    let tagged = tagged(mirror, selection, store);
    let found = match (named, tagged) {
        (Selected::Yes, _) | (_, Selected::Yes) => Selected::Yes,
        (Selected::Open(mut one), Selected::Open(other)) => {
            one.extend(other);
            Selected::Open(one)
        }
        (open @ Selected::Open(_), _) | (_, open @ Selected::Open(_)) => open,
        (Selected::No, Selected::No) => Selected::No,
    };
    // Conditions narrow what is selected.
    let narrowed = !matches!(
        list(mirror.value(selection, "condition")),
        Maybe::Unset | Maybe::Known([])
    );
    if found == Selected::Yes && narrowed {
        let name = &mirror.instance(selection).address;
        return Selected::Open(vec![format!("the conditions of {name}").into()]);
    }
    found
}

/// Whether a list of ARNs and patterns holds a store.
fn among(
    mirror: &Mirror<'_>,
    selection: InstanceId,
    path: &str,
    store: InstanceId,
    own: &str,
) -> Selected {
    if mirror.targets(selection, path).contains(&store) {
        return Selected::Yes;
    }
    let nodes = match elements::of(mirror.value(selection, path)) {
        Ok(nodes) => nodes,
        Err(because) => return Selected::Open(because),
    };
    let root = mirror.instance(selection).root.as_ref();
    let mut open = Vec::new();
    for node in &nodes {
        match node {
            Node::String(pattern) if crate::settings::glob(pattern, own) => return Selected::Yes,
            Node::String(pattern) if own.contains(HOLE) && meet(pattern, own) => {
                open.push(format!("the ARN of {}", mirror.instance(store).address).into());
            }
            // What leads to another instance does not mean this one.
            Node::Unknown(unknown)
                if !mirror
                    .meaning(Some(node), End::Primary, root)
                    .is_reference() =>
            {
                open.extend(unknown.because.iter().cloned());
            }
            _ => {}
        }
    }
    if open.is_empty() {
        Selected::No
    } else {
        Selected::Open(open)
    }
}

/// Whether a tag of a store is one that the selection asks for. Tags that a provider adds are not at hand.
fn tagged(mirror: &Mirror<'_>, selection: InstanceId, store: InstanceId) -> Selected {
    let count = match list(mirror.value(selection, "selection_tag")) {
        Maybe::Known(nodes) => nodes.len(),
        Maybe::Unset => return Selected::No,
        Maybe::Unknown(because) if crate::mirror::decided_by_aws(&because) => return Selected::No,
        Maybe::Unknown(because) => return Selected::Open(because),
    };
    let mut open = Vec::new();
    for at in 0..count {
        let part =
            |name: &str| text(mirror.value(selection, &format!("selection_tag[{at}].{name}")));
        let (Maybe::Known(key), Maybe::Known(value)) = (part("key"), part("value")) else {
            open.push(
                format!(
                    "the tags that {} asks for",
                    mirror.instance(selection).address
                )
                .into(),
            );
            continue;
        };
        let tag = |map: &str| match mirror.value(store, map) {
            Some(Node::Map(tags) | Node::Object(tags)) => tags.get(&*key).cloned(),
            _ => None,
        };
        match tag("tags").or_else(|| tag("tags_all")) {
            Some(Node::String(own)) if *own == *value => return Selected::Yes,
            Some(Node::String(_)) => {}
            _ => open.push(format!("the tag {key} of {}", mirror.instance(store).address).into()),
        }
    }
    if open.is_empty() {
        Selected::No
    } else {
        Selected::Open(open)
    }
}

/// The ARN of a store as far as it is known, for patterns.
fn arn(mirror: &Mirror<'_>, store: InstanceId) -> String {
    if let Some(Node::String(arn)) = mirror.value(store, "arn") {
        return arn.to_string();
    }
    let instance = mirror.instance(store);
    let hole = HOLE.to_string();
    let name = |argument: &str| match mirror.value(store, argument) {
        Some(Node::String(name)) => name.to_string(),
        _ => hole.clone(),
    };
    let (service, resource) = match &*instance.ty {
        "aws_s3_bucket" => return format!("arn:aws:s3:::{}", name("bucket")),
        "aws_db_instance" => ("rds", format!("db:{}", name("identifier"))),
        "aws_rds_cluster" | "aws_docdb_cluster" | "aws_neptune_cluster" => {
            ("rds", format!("cluster:{}", name("cluster_identifier")))
        }
        "aws_dynamodb_table" => ("dynamodb", format!("table/{}", name("name"))),
        "aws_efs_file_system" => ("elasticfilesystem", format!("file-system/{hole}")),
        "aws_redshift_cluster" => (
            "redshift",
            format!("cluster:{}", name("cluster_identifier")),
        ),
        _ => ("fsx", format!("file-system/{hole}")),
    };
    let region = instance.region.value.as_deref().unwrap_or(&hole);
    format!("arn:aws:{service}:{region}:{hole}:{resource}")
}

/// Whether a pattern could mean a text with holes in it.
fn meet(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    // Which ends of the text the pattern so far may reach.
    let mut reach = vec![false; text.len() + 1];
    reach[0] = true;
    let through_holes = |reach: &mut Vec<bool>| {
        for at in 0..text.len() {
            if reach[at] && text[at] == HOLE {
                reach[at + 1] = true;
            }
        }
    };
    through_holes(&mut reach);
    for sign in pattern {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            if !reach[at] {
                continue;
            }
            if sign == '*' {
                next[at..].fill(true);
                break;
            }
            match text.get(at) {
                // A hole may hold the sign, and more.
                Some(&HOLE) => {
                    next[at] = true;
                    next[at + 1] = true;
                }
                Some(own) if *own == sign => next[at + 1] = true,
                _ => {}
            }
        }
        through_holes(&mut next);
        reach = next;
    }
    reach[text.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_meet_texts_with_holes() {
        let own = format!("arn:aws:rds:us-east-1:{HOLE}:db:{HOLE}");
        for (pattern, wanted) in [
            ("*", true),
            ("arn:aws:rds:*:*:db:*", true),
            ("arn:aws:rds:us-east-1:123456789012:db:orders", true),
            ("arn:aws:rds:us-east-1:123456789012:cluster:orders", false),
            ("arn:aws:dynamodb:*:*:table/*", false),
            ("arn:aws:rds:us-west-2:*:db:*", false),
        ] {
            assert_eq!(meet(pattern, &own), wanted, "{pattern}");
        }
    }
}
