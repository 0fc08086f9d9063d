//! Asks every row of every pair: holds, broken, or cannot tell.

use super::project::{Found, project};
use super::{Must, Row, find, order};
use crate::inventory::{Mode, Name, Node, Path};
use crate::mirror::{InstanceId, Mirror, Outcome, Pair};
use crate::rules::{self, Check};
use crate::settings::ToldRelation;
use crate::verdict::{Asked, Severity, Sink, Spot};

/// The rule under which rows are reported that name none of the table's.
const GENERIC: &str = "attribute-differs";

/// Rules whose name says more than that an attribute differs: only they themselves may say it.
const SAYS_MORE: [&str; 11] = [
    "default-group-used",
    "alarm-watches-primary",
    "policy-names-primary-arn",
    "environment-points-at-primary",
    "depends-on-primary",
    "missing-route",
    "route-target-differs",
    "machine-image-missing",
    "image-not-replicated",
    "secret-not-replicated",
    "topic-missing",
];

/// Asks all rows of all pairs.
pub(crate) fn ask(mirror: &Mirror<'_>, sink: &mut Sink) {
    for pair in mirror.pairs() {
        let Some(secondary) = pair.instance() else {
            continue;
        };
        let (one, other) = (mirror.instance(pair.primary), mirror.instance(secondary));
        if one.mode != Mode::Managed || one.ty != other.ty {
            continue;
        }
        let question = Question {
            mirror,
            pair,
            secondary,
        };
        let told: Vec<&ToldRelation> = mirror
            .settings
            .relations
            .iter()
            .filter(|told| told.ty == one.ty)
            .collect();
        if let Some(rows) = find(&one.ty) {
            let strategy = mirror.strategy(pair.primary);
            for row in rows.rows.iter().filter(|row| row.counts(strategy)) {
                if !told.iter().any(|told| *told.path == *row.path) {
                    question.row(row, row.must, None, sink);
                }
            }
        }
        for relation in told {
            question.told(relation, sink);
        }
    }
}

/// One pair of instances.
struct Question<'q, 'a> {
    mirror: &'q Mirror<'a>,
    pair: &'q Pair,
    secondary: InstanceId,
}

impl Question<'_, '_> {
    fn told(&self, told: &ToldRelation, sink: &mut Sink) {
        let must = match &*told.must {
            "translated" => Must::Translated,
            "same_set" => Must::SameSet,
            "at_least" => Must::AtLeast,
            "reachable_at_least" => Must::ReachableAtLeast,
            "not_weaker" => Must::NotWeaker,
            "ignored" => Must::Ignored,
            _ => Must::Equal,
        };
        if let Some(row) = super::row(&told.ty, &told.path) {
            self.row(row, must, told.severity, sink)
        } else {
            let row = Row {
                path: told.path.to_string(),
                must,
                on: "BPWA".into(),
                severity: "degrades".into(),
                why: "dr.hcl says that it must agree".into(),
                default: None,
                inherited: false,
                not_on_replicas: false,
                unlimited: Vec::new(),
                scale: Vec::new(),
                rules: Vec::new(),
                inside: None,
            };
            self.row(&row, must, told.severity, sink);
        }
    }

    fn row(&self, row: &Row, must: Must, severity: Option<Severity>, sink: &mut Sink) {
        if must == Must::Ignored || row.inside.is_some() || self.is_ignored(row) {
            return;
        }
        let one = project(self.mirror.instance(self.pair.primary), &row.path);
        let other = project(self.mirror.instance(self.secondary), &row.path);
        // Several blocks on a side: elements are compared as a whole.
        if one.len() > 1 || other.len() > 1 {
            if one.len() == other.len() && !matches!(must, Must::SameSet | Must::Special) {
                for (one, other) in one.iter().zip(&other) {
                    self.values(row, must, severity, one, other, sink);
                }
            }
            return;
        }
        let missing = |found: &[Found<'_>]| found.is_empty();
        if missing(&one) && missing(&other) {
            return;
        }
        let path = one
            .first()
            .or(other.first())
            .map(|(path, _)| path.clone())
            .unwrap_or_default();
        let nothing: Found<'_> = (path, None);
        self.values(
            row,
            must,
            severity,
            one.first().unwrap_or(&nothing),
            other.first().unwrap_or(&nothing),
            sink,
        );
    }

    /// Whether Terraform ignores its changes in the secondary: what is configured is not what is there.
    fn is_ignored(&self, row: &Row) -> bool {
        let first = row.path.split('.').next().unwrap_or_default();
        let ignored = &self.mirror.instance(self.secondary).ignore_changes;
        ignored
            .iter()
            .any(|name| &**name == first || &**name == "all")
    }

    /// Whether the secondary has what it leaves out from the primary.
    fn is_replica(&self) -> bool {
        let arrows = [
            "replicate_source_db",
            "replication_source_identifier",
            "global_cluster_identifier",
            "global_replication_group_id",
            "primary_key_arn",
        ];
        arrows.iter().any(|name| {
            matches!(self.mirror.instance(self.secondary).values.get(*name), Some(node) if !node.is_empty() && !only_aws(node))
        })
    }

    fn values(
        &self,
        row: &Row,
        must: Must,
        severity: Option<Severity>,
        one: &Found<'_>,
        other: &Found<'_>,
        sink: &mut Sink,
    ) {
        let unset = |node: Option<&Node>| node.is_none_or(|node| only_aws(node) || node.is_empty());
        let s_absent = || {
            let root = self.mirror.instance(self.secondary).root.as_ref();
            self.mirror
                .meaning(other.1, self.mirror.end(self.pair.id), root)
                == crate::mirror::Meaning::Absent
        };
        let default = row.default();
        let (p, s) = (one.1, other.1);
        if unset(p) && unset(s) {
            return;
        }
        // Left out by a replica, or open whether it is: it has it from its source.
        let open = matches!(s, Some(Node::Unknown(_)));
        let unset_s = unset(s) || open && s_absent();
        let from_source = row.inherited && (unset_s || open);
        if self.is_replica() && (from_source || row.not_on_replicas) {
            return sink.holds();
        }
        // Where the primary says nothing, and nothing is known of what then holds, there is nothing to mirror.
        if unset(p) && default.is_none() {
            return sink.holds();
        }
        let p = if unset(p) { default.as_ref() } else { p };
        let s_known = if unset_s { default.as_ref().or(s) } else { s };
        // A replica gets nothing from its source that the row does not say: it gets what AWS gives to anybody.
        let bare =
            unset_s && default.is_none() && self.is_replica() && p.is_some_and(|p| !unset(Some(p)));
        let verdict = if bare && must != Must::Special {
            Outcome::Differs(crate::mirror::Difference::default())
        } else {
            self.judge(row, must, p, s_known)
        };
        self.say(row, must, severity, (&one.0, &other.0), verdict, sink);
    }

    fn judge(&self, row: &Row, must: Must, p: Option<&Node>, s: Option<&Node>) -> Outcome {
        let pair = self.pair.id;
        let ordered = |answer: Result<Option<bool>, Vec<Name>>| match answer {
            Ok(Some(true)) => Outcome::Same,
            Ok(Some(false)) => Outcome::Differs(crate::mirror::Difference::default()),
            Ok(None) => self.mirror.compare(pair, p, s),
            Err(_) => match self.mirror.compare(pair, p, s) {
                // The same unknown on both sides is the same size.
                Outcome::Same => Outcome::Same,
                Outcome::Unknown(because) => Outcome::Unknown(because),
                Outcome::Differs(_) => Outcome::Unknown(vec!["which of the two is larger".into()]),
            },
        };
        match must {
            Must::AtLeast | Must::ReachableAtLeast => ordered(order::at_least(row, p, s)),
            Must::NotWeaker => ordered(order::not_weaker(row, p, s)),
            Must::SameSet => self.superset(p, s),
            Must::Translated | Must::Special => {
                let (p, s) = (decoded(row, p), decoded(row, s));
                let outcome = self.mirror.compare(pair, p.as_ref(), s.as_ref());
                match outcome {
                    Outcome::Differs(_) if names_agree(self.mirror, p.as_ref(), s.as_ref()) => {
                        Outcome::Same
                    }
                    Outcome::Differs(_) if foreign_ids(self.mirror, p.as_ref(), s.as_ref()) => {
                        Outcome::Unknown(vec![
                            "whether the two ids stand for the same thing".into(),
                        ])
                    }
                    outcome => outcome,
                }
            }
            _ => self.mirror.compare(pair, p, s),
        }
    }

    /// The same elements, or more in the secondary.
    fn superset(&self, p: Option<&Node>, s: Option<&Node>) -> Outcome {
        let pair = self.pair.id;
        let whole = self.mirror.compare_sets(pair, p, s);
        let elements = |node: Option<&Node>| match node {
            Some(Node::List(nodes) | Node::Set(nodes)) => Some(nodes.to_vec()),
            _ => None,
        };
        match (&whole, elements(p), elements(s)) {
            (Outcome::Differs(_), Some(p), Some(s)) => {
                let all = p.iter().all(|one| {
                    s.iter()
                        .any(|other| self.mirror.compare(pair, Some(one), Some(other)).is_same())
                });
                if all { Outcome::Same } else { whole }
            }
            _ => whole,
        }
    }

    fn say(
        &self,
        row: &Row,
        must: Must,
        severity: Option<Severity>,
        at: (&Path, &Path),
        verdict: Outcome,
        sink: &mut Sink,
    ) {
        let primary = self.mirror.instance(self.pair.primary);
        let rule = row
            .rules
            .iter()
            .filter_map(|name| rules::find(name))
            .find(|rule| !matches!(rule.check, Check::Elsewhere) && !SAYS_MORE.contains(&rule.name))
            .map_or(GENERIC, |rule| rule.name);
        let asked = Asked {
            sub: (rule == GENERIC).then(|| format!("{}.{}", primary.ty, row.path).into()),
            severity: Some(severity.unwrap_or_else(|| row.severity())),
            row: true,
            ..Asked::new(
                rule,
                Spot::steps(self.pair.primary, at.0),
                Spot::steps(self.secondary, at.1),
            )
        };
        let asked = asked.keyed(row.path.clone());
        let name = &self.mirror.instance(self.secondary).address;
        match verdict {
            Outcome::Same => sink.holds(),
            // Judged by a rule of its own, which is silent here: a difference is a question.
            Outcome::Differs(_) if must == Must::Special => {
                let judged = row.rules.iter().any(|name| rules::find(name).is_some());
                if !judged {
                    sink.unsure(
                        asked
                            .unsure(
                                format!("{} of {name} differs, and no rule says whether it may", row.path),
                                vec!["whether the difference matters".into()],
                            )
                            .settle(format!(
                                "Say it in dr.hcl: relation \"{}\" \"{}\" {{ must = \"equal\" }}, or \"ignored\".",
                                primary.ty, row.path
                            )),
                    );
                }
            }
            Outcome::Unknown(_) if must == Must::Special => {}
            Outcome::Differs(difference) => {
                let message = format!("{} of {name} {}", row.path, expectation(must));
                let broken = asked.broken(message).impact(row.why.clone());
                let follows = if difference.only_strays {
                    difference.strays
                } else {
                    Vec::new()
                };
                sink.broken(broken.follows(follows));
            }
            Outcome::Unknown(because) => {
                let message = format!(
                    "whether {} of {name} agrees with the primary's hangs on {}",
                    row.path,
                    because.join(", ")
                );
                sink.unsure(asked.unsure(message, because));
            }
        }
    }
}

/// What was expected, after the attribute.
fn expectation(must: Must) -> &'static str {
    match must {
        Must::Equal => "is not the primary's",
        Must::SameSet => "lacks elements of the primary's",
        Must::AtLeast => "is below the primary's",
        Must::ReachableAtLeast => "cannot reach the primary's",
        Must::NotWeaker => "is weaker than the primary's",
        _ => "is not the counterpart of the primary's",
    }
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
fn names_agree(mirror: &Mirror<'_>, one: Option<&Node>, other: Option<&Node>) -> bool {
    match (one, other) {
        (Some(Node::String(one)), Some(Node::String(other))) => {
            let short = |text: &str| {
                text.len() <= 256 && !text.contains(['{', '/', ' ']) && !text.starts_with("arn:")
            };
            // A name that says the primary's region is no name of the secondary's.
            let foreign = other.contains(&*mirror.roles.primary);
            let bare = mirror.roles.bare(one);
            let pieces = || {
                let (a, b): (Vec<&str>, Vec<&str>) = (
                    one.split(['/', ':']).collect(),
                    other.split(['/', ':']).collect(),
                );
                let agree = |(a, b): (&&str, &&str)| {
                    a == b || mirror.are_paired_names(&(**a).into(), &(**b).into())
                };
                a.len() > 1 && a.len() == b.len() && a.iter().zip(&b).all(agree)
            };
            one == other
                || mirror.are_paired_names(one, other)
                || pieces()
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
                    .all(|(name, node)| names_agree(mirror, Some(node), other.get(name)))
        }
        (one, other) => one == other,
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
    id(one).is_some() && id(one) == id(other)
}

/// Whether AWS alone decides it.
fn only_aws(node: &Node) -> bool {
    matches!(node, Node::Unknown(unknown) if unknown.because.iter().all(|reason| &**reason == "aws"))
}
