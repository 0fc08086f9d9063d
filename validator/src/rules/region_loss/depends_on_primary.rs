//! Values of the secondary region that still hold something of the primary one at run time.

use std::collections::BTreeSet;

use super::silent::{is_bridge, is_computed, is_silent};
use crate::inventory::{Mode, Name, Node, Path};
use crate::mirror::{
    End, InstanceId, Key, Meaning, Mirror, Part, Standing, is_key_id, is_of_region, is_regional_id,
    is_thing,
};
use crate::rules::{Check, Rule};
use crate::symbol::PathStep;
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const RULE: Rule = Rule {
    name: "depends-on-primary",
    family: Family::RegionLoss,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "A value of the secondary region holds an ARN, id, name, endpoint or region of the primary one.",
    impact: "What uses the value calls the lost region, and fails with it.",
    doc: "\
## What it asks
Every value of a resource in the secondary region, and of a global resource that serves both, is followed through references,
`replace`, `split`, `format` and templates. It must not end in an instance, endpoint or region of the primary region.

Not counted: arguments that carry replication (`replicate_source_db` and the like), both halves of a peering, values whose
text is translated (`replace(arn, \"us-east-1\", \"us-west-2\")`), the PRIMARY record of a failover pair and its health check,
what a resource itself is called, tags and descriptions, policies of access (rules of their own). What a data source finds lies
in the region that it asks, and an id such as `sg-…` or that of a key that is not of several regions in one region: on both sides
it is wrong on one of them. A stored value that is read there, such as that of a parameter, is the same everywhere.

## Why it breaks a failover
The secondary works as long as the primary does: exactly not when it is needed.

## Example
```terraform
environment {
  variables = { QUEUE_URL = aws_sqs_queue.primary_jobs.url }   # a function of us-west-2
}
```

## How to fix it
Use the counterpart, or build the value from `data.aws_region.current`. A name that a failover plan moves, such as the CNAME
of a database, is accepted in `dr.hcl`.
",
    check: Check::Code(check),
};

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (id, instance) in mirror.instances() {
        if instance.mode != Mode::Managed || is_bridge(&instance.ty) {
            continue;
        }
        match mirror.standing(id) {
            Standing::Secondary(at) => secondary(mirror, id, at, sink),
            Standing::Global if &*instance.ty == "aws_cloudfront_distribution" => {
                super::global_entries::origins(mirror, id, sink);
            }
            _ => {}
        }
    }
    super::global_entries::records(mirror, sink);
}

fn secondary(mirror: &Mirror<'_>, id: InstanceId, at: usize, sink: &mut Sink) {
    let instance = mirror.instance(id);
    for (name, node) in &instance.values {
        if is_silent(&instance.ty, name) || is_computed(&instance.ty, name) {
            continue;
        }
        let mut path = vec![PathStep::Name(name.clone())];
        let mut asked = Asking {
            mirror,
            id,
            at,
            found: Vec::new(),
            any: false,
            open: BTreeSet::new(),
        };
        asked.walk(node, &mut path);
        for (path, what, strays) in &asked.found {
            let primary = mirror
                .counterpart(id)
                .map_or_else(Spot::missing, |twin| Spot::steps(twin, path));
            let question =
                Asked::new(RULE.name, primary, Spot::steps(id, path)).keyed(name.to_string());
            let message = format!(
                "{} of {} holds {what}",
                crate::inventory::node::path_text(path),
                instance.address
            );
            sink.broken(question.broken(message).follows(strays.iter().copied()));
        }
        if asked.found.is_empty() && !asked.open.is_empty() {
            let question = Asked::new(RULE.name, Spot::missing(), Spot::steps(id, &path))
                .keyed(name.to_string());
            let because: Vec<Name> = asked.open.into_iter().collect();
            let message = format!(
                "whether {name} of {} leads back to the primary region hangs on {}",
                instance.address,
                because.join(", ")
            );
            sink.unsure(question.unsure(message, because));
        } else if asked.found.is_empty() && asked.any {
            sink.holds();
        }
    }
}

/// Looks for what leads back to the primary region.
struct Asking<'m, 'a> {
    mirror: &'m Mirror<'a>,
    id: InstanceId,
    at: usize,
    found: Vec<(Path, String, Vec<InstanceId>)>,
    /// Whether anything was looked at that could have led back.
    any: bool,
    /// What is not known and could lead back.
    open: BTreeSet<Name>,
}

impl Asking<'_, '_> {
    fn walk(&mut self, node: &Node, path: &mut Path) {
        match node {
            Node::List(nodes) | Node::Set(nodes) => {
                for (index, node) in nodes.iter().enumerate() {
                    path.push(PathStep::Index(u64::try_from(index).unwrap_or(u64::MAX)));
                    self.walk(node, path);
                    path.pop();
                }
            }
            Node::Map(nodes) | Node::Object(nodes) => {
                for (name, node) in nodes.iter() {
                    path.push(PathStep::Name(name.clone()));
                    self.walk(node, path);
                    path.pop();
                }
            }
            Node::String(_) | Node::Unknown(_) => self.leaf(node, path),
            _ => {}
        }
    }

    fn leaf(&mut self, node: &Node, path: &Path) {
        // One finding for each attribute.
        if self
            .found
            .iter()
            .any(|(found, _, _)| found.first() == path.first())
        {
            return;
        }
        let instance = self.mirror.instance(self.id);
        if crate::schema::is_plain(&instance.ty, path) {
            return;
        }
        let root = instance.root.as_ref();
        let meaning = self
            .mirror
            .meaning(Some(node), End::Secondary(self.at), root);
        self.any |= matches!(
            &meaning,
            Meaning::Text(_) | Meaning::Expression(..) | Meaning::Set(_) | Meaning::List(_)
        );
        let mut keys = BTreeSet::new();
        let mut words = BTreeSet::new();
        let mut reasons = BTreeSet::new();
        gather(&meaning, &mut keys, &mut words, &mut reasons);
        self.open.extend(
            reasons
                .into_iter()
                .filter(|reason| may_lead_back(self.mirror, root, reason)),
        );
        let leads: BTreeSet<InstanceId> = keys
            .iter()
            .filter_map(|key| primary_of(self.mirror, key))
            .filter(|id| {
                let instance = self.mirror.instance(*id);
                (instance.mode == Mode::Managed || is_of_region(instance))
                    && self.mirror.standing(*id) == Standing::Primary
                    && !is_bridge(&instance.ty)
            })
            .collect();
        // What may have a copy is not proved to lead back; what may lie anywhere, not to stay.
        let open = |id: &InstanceId| self.mirror.pairing.open(*id);
        let alone = keys.iter().filter_map(|key| match key {
            Key::Alone(id) => Some(id),
            _ => None,
        });
        self.open
            .extend(leads.iter().chain(alone).flat_map(open).cloned());
        if let Some(lead) = leads.iter().find(|id| open(id).is_empty()) {
            let strays = leads
                .iter()
                .copied()
                .filter(|id| self.mirror.counterpart(*id).is_none())
                .collect();
            let address = &self.mirror.instance(*lead).address;
            let what = format!(
                "something of {address}, which lies in {}",
                self.mirror.roles.primary
            );
            self.found.push((path.clone(), what, strays));
        } else if leads.is_empty()
            && let Node::String(text) = node
            && self.is_shared_id(text, path)
        {
            let region = &self.mirror.roles.primary;
            let what = format!(
                "{text}, as its counterpart in {region} does: an id of one region means nothing in another"
            );
            self.found.push((path.clone(), what, Vec::new()));
        } else if leads.is_empty()
            && let Some(word) = words.iter().next()
        {
            let word = word
                .replace("{peer}", &self.mirror.roles.primary)
                .replace("{region}", &self.mirror.roles.secondary[self.at]);
            self.found
                .push((path.clone(), format!("{word:?}"), Vec::new()));
        }
    }
}

impl Asking<'_, '_> {
    /// Whether a text is an id of one region, and the counterpart of the instance holds it too.
    fn is_shared_id(&self, text: &Name, path: &Path) -> bool {
        let of_a_key = || {
            let last = path.iter().rev().find_map(|step| match step {
                PathStep::Name(name) => Some(name),
                PathStep::Index(_) => None,
            });
            last.is_some_and(|name| name.contains("key") || name.contains("kms"))
        };
        // What is declared here is followed by its address.
        if self.mirror.graph.identity(text, None).is_some()
            || !(is_regional_id(text) || is_key_id(text) && of_a_key())
        {
            return false;
        }
        let twin = self.mirror.counterpart(self.id);
        twin.is_some_and(|twin| {
            let values = &self.mirror.instance(twin).values;
            values.iter().any(|(name, node)| {
                path.first() == Some(&PathStep::Name(name.clone())) && holds(node, text)
            })
        })
    }
}

/// Whether a text stands in a value.
fn holds(node: &Node, text: &Name) -> bool {
    match node {
        Node::String(own) => own == text,
        Node::List(nodes) | Node::Set(nodes) => nodes.iter().any(|node| holds(node, text)),
        Node::Map(nodes) | Node::Object(nodes) => nodes.values().any(|node| holds(node, text)),
        _ => false,
    }
}

/// The primary instance that a key of the secondary end leads back to.
fn primary_of(mirror: &Mirror<'_>, key: &Key) -> Option<InstanceId> {
    match key {
        Key::Other(pair) => Some(mirror.pairing.pairs[pair.index()].primary),
        Key::Foreign(id) => Some(*id),
        _ => None,
    }
}

/// Instances of the other side and words that name the other region.
fn gather(
    meaning: &Meaning,
    keys: &mut BTreeSet<Key>,
    words: &mut BTreeSet<String>,
    reasons: &mut BTreeSet<Name>,
) {
    match meaning {
        Meaning::Text(parts) => {
            for part in parts {
                match part {
                    Part::Letters(text) => words.extend(foreign_word(text)),
                    Part::Hole(meaning) => gather(meaning, keys, words, reasons),
                    // Ranges are address plans, not things that can be lost.
                    Part::Reference(_, name) if name.contains("cidr") => {}
                    Part::Reference(key, _) => {
                        keys.insert(key.clone());
                    }
                }
            }
        }
        Meaning::Unknown(because) => {
            // A variable that has no value stands as an expression; here it only gave the value its shape.
            let counts = |reason: &&Name| !reason.contains("var.");
            reasons.extend(because.iter().filter(counts).cloned());
        }
        Meaning::Expression(name, parts) => {
            if parts.is_empty() {
                reasons.insert(name.clone());
            }
            // Whether something is there says nothing of where it is.
            if !matches!(&**name, "==" | "!=" | "length" | "can") {
                for part in parts {
                    gather(part, keys, words, reasons);
                }
            }
        }
        Meaning::List(parts) | Meaning::Set(parts) => parts
            .iter()
            .for_each(|part| gather(part, keys, words, reasons)),
        Meaning::Map(parts) => parts
            .values()
            .for_each(|part| gather(part, keys, words, reasons)),
        _ => {}
    }
}

/// Whether what is not known may lead to the primary region: an input, or an instance that lies there. What other instances of
/// the secondary say is theirs.
fn may_lead_back(mirror: &Mirror<'_>, root: Option<&Name>, reason: &str) -> bool {
    let mut address = reason;
    loop {
        if let Some(id) = mirror
            .graph
            .find(root, address)
            .or_else(|| mirror.graph.resource(root, address).first().copied())
        {
            let instance = mirror.instance(id);
            let attribute = reason.get(address.len()..).unwrap_or_default();
            let attribute = attribute.trim_start_matches('.').split(['.', '[']).next();
            let path = attribute.map(|name| PathStep::Name(name.into()));
            let is_looked_up = is_of_region(instance) && is_thing(instance, path.as_slice());
            return (instance.mode == Mode::Managed || is_looked_up)
                && mirror.standing(id) == Standing::Primary
                && !is_bridge(&instance.ty);
        }
        match address.rfind(['.', '[']) {
            Some(at) => address = address.get(..at).unwrap_or_default(),
            None => return reason.contains("var."),
        }
    }
}

/// A word of a text that names the other region, or a zone of it.
fn foreign_word(text: &str) -> Option<String> {
    let at = text.find("{peer")?;
    let separator = |c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '=' | '(' | ')' | '[' | ']' | '\\')
    };
    let start = text.get(..at)?.rfind(separator).map_or(0, |at| at + 1);
    // A zone stands as a word with a blank in it.
    let rest = text.get(at..)?;
    let inside = rest.find('}')?;
    let end = rest
        .get(inside..)?
        .find(separator)
        .map_or(text.len(), |end| at + inside + end);
    text.get(start..end).map(str::to_owned)
}
