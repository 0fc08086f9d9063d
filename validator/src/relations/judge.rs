//! Whether one relation holds between two values: yes, no, or it cannot be told.

use super::{Absent, Must, Row, order};
use crate::inventory::{Name, Node};
use crate::mirror::{Difference, Meaning, Mirror, Outcome, Pair};

/// What is compared.
pub(super) struct Judge<'j, 'a> {
    pub mirror: &'j Mirror<'a>,
    pub pair: &'j Pair,
}

/// Whether nothing is set, or AWS alone decides.
pub(super) fn is_unset(node: Option<&Node>) -> bool {
    node.is_none_or(|node| only_aws(node) || node.is_empty())
}

/// Whether AWS alone decides it.
pub(super) fn only_aws(node: &Node) -> bool {
    match node {
        Node::Unknown(unknown) => only_aws_list(&unknown.because),
        Node::Sensitive(sealed) => {
            sealed.digest.is_none() && !sealed.because.is_empty() && only_aws_list(&sealed.because)
        }
        _ => false,
    }
}

fn differs() -> Outcome {
    Outcome::Differs(Difference::default())
}

impl Judge<'_, '_> {
    /// Compares two values of which at least one is set; defaults are applied first.
    pub(super) fn verdict(
        &self,
        row: &Row,
        must: Must,
        p: Option<&Node>,
        s: Option<&Node>,
    ) -> Outcome {
        let default = row.absent.node();
        // An expression that gives nothing is not set.
        let absent = |node: Option<&Node>, primary: bool| {
            is_unset(node)
                || matches!(node, Some(Node::Unknown(_)))
                    && self.meaning(node, primary) == Meaning::Absent
        };
        let (unset_p, unset_s) = (absent(p, true), absent(s, false));
        let limit = row.absent == Absent::Unlimited;
        let grows = matches!(must, Must::AtLeast | Must::ReachableAtLeast);
        if unset_p && unset_s {
            return Outcome::Same;
        }
        if unset_p && default.is_none() {
            // Where the primary says nothing and nothing is known of what then holds, there is nothing to mirror.
            return match (limit && grows, s) {
                (true, Some(Node::Unknown(unknown))) => Outcome::Unknown(unknown.because.clone()),
                (true, Some(node)) if !order::is_unlimited(row, node) => differs(),
                _ => Outcome::Same,
            };
        }
        if unset_s && limit && grows {
            return Outcome::Same;
        }
        let p = if unset_p { default.as_ref() } else { p };
        // What is not set and has no default of AWS is nothing.
        let nothing = row.absent == Absent::Unset && must != Must::Special;
        let s = match (unset_s, &default) {
            (true, Some(default)) => Some(default),
            (true, None) if nothing => None,
            _ => s,
        };
        self.values(row, must, p, s)
    }

    fn meaning(&self, node: Option<&Node>, primary: bool) -> Meaning {
        if primary {
            let root = self.mirror.instance(self.pair.primary).root.as_ref();
            self.mirror.meaning(node, crate::mirror::End::Primary, root)
        } else {
            let root = self.mirror.instance(self.pair.holder()).root.as_ref();
            self.mirror
                .meaning(node, self.mirror.end(self.pair.id), root)
        }
    }

    fn values(&self, row: &Row, must: Must, p: Option<&Node>, s: Option<&Node>) -> Outcome {
        let pair = self.pair.id;
        match must {
            Must::AtLeast | Must::ReachableAtLeast => self.ordered(
                order::at_least(row, p, s),
                p,
                s,
                "which of the two is larger",
            ),
            Must::NotWeaker => self.ordered(
                order::not_weaker(row, p, s),
                p,
                s,
                "which of the two is stronger",
            ),
            Must::SameSet => self.superset(row, p, s),
            Must::Present => match s {
                _ if is_unset(p) => Outcome::Same,
                // Nothing needs to be said of what may not be set on either side.
                _ if matches!(p, Some(Node::Unknown(_)))
                    && self.mirror.compare(pair, p, s).is_same() =>
                {
                    Outcome::Same
                }
                s if is_unset(s) => differs(),
                Some(Node::Unknown(unknown)) => match self.meaning(s, false) {
                    Meaning::Absent => differs(),
                    // What is made of something is something.
                    Meaning::Text(_) | Meaning::List(_) | Meaning::Set(_) => Outcome::Same,
                    // A plan names what an expression refers to: if only resources, it will be set.
                    _ if unknown.symbol.is_none() && self.are_resources(&unknown.because) => {
                        Outcome::Same
                    }
                    _ => Outcome::Unknown(unknown.because.clone()),
                },
                _ => Outcome::Same,
            },
            Must::Translated | Must::Special => self.translated(row, p, s),
            _ => self.mirror.compare(pair, p, s),
        }
    }

    fn are_resources(&self, because: &[Name]) -> bool {
        let root = self.mirror.instance(self.pair.holder()).root.as_ref();
        because.iter().all(|reason| {
            let graph = &self.mirror.graph;
            let found = |address: &str| {
                graph.find(root, address).is_some() || !graph.resource(root, address).is_empty()
            };
            found(reason)
                || reason
                    .rsplit_once('.')
                    .is_some_and(|(address, _)| found(address))
        })
    }

    fn ordered(
        &self,
        answer: Result<Option<bool>, Vec<Name>>,
        p: Option<&Node>,
        s: Option<&Node>,
        question: &str,
    ) -> Outcome {
        match answer {
            Ok(Some(true)) => Outcome::Same,
            Ok(Some(false)) => differs(),
            // Without an order only the same is proved; without a value on a side the difference is.
            Ok(None) | Err(_) => match self.mirror.compare(self.pair.id, p, s) {
                Outcome::Differs(_) if p.is_some() && s.is_some() => {
                    Outcome::Unknown(vec![question.into()])
                }
                outcome => outcome,
            },
        }
    }

    fn translated(&self, row: &Row, p: Option<&Node>, s: Option<&Node>) -> Outcome {
        let (p, s) = (decoded(row, p), decoded(row, s));
        let outcome = self.mirror.compare(self.pair.id, p.as_ref(), s.as_ref());
        match outcome {
            Outcome::Differs(_) if names_agree(self.mirror, row, p.as_ref(), s.as_ref()) => {
                Outcome::Same
            }
            Outcome::Differs(_) if self.mirror.read_alike(p.as_ref(), s.as_ref()) => Outcome::Same,
            Outcome::Differs(_) if foreign_ids(self.mirror, p.as_ref(), s.as_ref()) => {
                Outcome::Unknown(vec!["whether the two ids stand for the same thing".into()])
            }
            // A key of AWS is no key of the estate.
            Outcome::Unknown(_)
                if s.as_ref()
                    .and_then(Node::as_str)
                    .is_some_and(|text| text.starts_with("alias/aws/"))
                    && self.meaning(p.as_ref(), true).is_reference() =>
            {
                differs()
            }
            // What AWS takes by itself is never a resource of the estate.
            Outcome::Unknown(_)
                if s.as_ref().is_some_and(only_aws)
                    && self.meaning(p.as_ref(), true).is_reference() =>
            {
                differs()
            }
            outcome => outcome,
        }
    }

    /// The same elements, or more in the secondary.
    pub(super) fn superset(&self, row: &Row, p: Option<&Node>, s: Option<&Node>) -> Outcome {
        let pair = self.pair.id;
        let whole = self.mirror.compare_sets(pair, p, s);
        let elements = |node: Option<&Node>| match node {
            Some(Node::List(nodes) | Node::Set(nodes)) => Some(nodes.clone()),
            _ => None,
        };
        let (Outcome::Differs(difference), Some(p), Some(s)) = (&whole, elements(p), elements(s))
        else {
            return whole;
        };
        let mut open = Vec::new();
        let mut missing = false;
        for one in p.iter() {
            let mut found = false;
            let mut reasons = Vec::new();
            for other in s.iter() {
                match self.mirror.compare(pair, Some(one), Some(other)) {
                    Outcome::Same => {
                        found = true;
                        break;
                    }
                    Outcome::Unknown(because) => reasons.extend(because),
                    Outcome::Differs(_) => {
                        found |= names_agree(self.mirror, row, Some(one), Some(other));
                    }
                }
            }
            if !found && reasons.is_empty() {
                missing = true;
            } else if !found {
                open.extend(reasons);
            }
        }
        if missing {
            Outcome::Differs(difference.clone())
        } else if open.is_empty() {
            Outcome::Same
        } else {
            open.sort();
            open.dedup();
            Outcome::Unknown(open)
        }
    }
}

fn only_aws_list(because: &[Name]) -> bool {
    because.iter().all(|reason| &**reason == "aws")
}

/// Data of an instance as the text that it encodes.
fn decoded(row: &Row, node: Option<&Node>) -> Option<Node> {
    use base64::Engine as _;
    let node = node?;
    if !row.path.ends_with("user_data") {
        return Some(node.clone());
    }
    let text = node
        .as_str()
        .and_then(|text| base64::engine::general_purpose::STANDARD.decode(text).ok());
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
    Some(text.map_or_else(|| node.clone(), |text| Node::String(text.into())))
}

/// Whether two names are the same but for words of roles and regions; in maps each of them.
fn names_agree(mirror: &Mirror<'_>, row: &Row, one: Option<&Node>, other: Option<&Node>) -> bool {
    match (one, other) {
        (Some(Node::String(one)), Some(Node::String(other))) => {
            let short = |text: &str| {
                text.len() <= 256 && !text.contains(['{', ' ']) && !text.starts_with("arn:")
            };
            // A name that says the primary's region is no name of the secondary's.
            let foreign = other.contains(&*mirror.roles.primary);
            let bare = mirror.roles.bare(one);
            // A name of one's own is no proof of itself.
            let own = row.names.len() == 1 && crate::mirror::is_name(&row.path);
            one == other
                || !own && mirror.are_paired_names(one, other)
                || !own && pieces_agree(mirror, one, other)
                || short(one)
                    && short(other)
                    && !foreign
                    && !bare.is_empty()
                    && bare == mirror.roles.bare(other)
        }
        (
            Some(Node::Map(one) | Node::Object(one)),
            Some(Node::Map(other) | Node::Object(other)),
        ) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, node)| names_agree(mirror, row, Some(node), other.get(name)))
        }
        (one, other) => one == other,
    }
}

/// Whether names that are parts of a longer text are those of paired instances, each of them.
fn pieces_agree(mirror: &Mirror<'_>, one: &str, other: &str) -> bool {
    let pieces = |text: &'static [char]| (one.split(text), other.split(text));
    let (mut a, mut b) = pieces(&['/', ':']);
    let mut count = 0;
    loop {
        match (a.next(), b.next()) {
            (None, None) => return count > 1,
            (Some(a), Some(b)) if a == b || mirror.are_paired_names(&a.into(), &b.into()) => {
                count += 1;
            }
            _ => return false,
        }
    }
}

/// Whether both are ids that AWS gave to things outside of the estate, such as images.
fn foreign_ids(mirror: &Mirror<'_>, one: Option<&Node>, other: Option<&Node>) -> bool {
    let (Some(Node::String(one)), Some(Node::String(other))) = (one, other) else {
        return false;
    };
    let id = |text: &str| {
        let known = mirror.graph.identity(text, None).is_some();
        let prefix = text
            .split_once('-')
            .filter(|(_, rest)| rest.len() >= 8 && rest.bytes().all(|b| b.is_ascii_hexdigit()));
        prefix
            .filter(|_| !known)
            .map(|(prefix, _)| prefix.to_owned())
    };
    one != other && id(one).is_some() && id(one) == id(other)
}
