//! Asks every row of every pair once: holds, broken, or cannot tell.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::blocks::{Aligned, Both, Walk};
use super::judge::{Judge, is_unset, only_aws};
use super::report::{self, Place};
use super::{Absent, Must, Row, TypeRows, document, find, parse, united};
use crate::inventory::{Mode, Name, Node, Path};
use crate::mirror::{Counterpart, Difference, End, InstanceId, Mirror, Outcome, Pair, steps};
use crate::settings::ToldRelation;
use crate::symbol::PathStep;
use crate::verdict::{Severity, Sink, parse as steps_of};

/// Asks all rows of all pairs.
pub(crate) fn ask(mirror: &Mirror<'_>, sink: &mut Sink) {
    for pair in mirror.pairs() {
        let one = mirror.instance(pair.primary);
        if one.mode != Mode::Managed {
            continue;
        }
        let mut question = Question {
            mirror,
            pair,
            holder: pair.holder(),
            aligned: BTreeMap::new(),
        };
        match &pair.counterpart {
            Counterpart::Instance(other) if mirror.instance(*other).ty == one.ty => {
                question.twins(find(&one.ty), sink);
            }
            // A copy that is declared otherwise: rows that say what it is a copy of.
            Counterpart::Instance(other) => {
                question.copy(find(&mirror.instance(*other).ty), &Path::new(), sink);
            }
            Counterpart::Embedded { holder, path } => {
                question.copy(find(&mirror.instance(*holder).ty), path, sink);
            }
        }
    }
}

/// One pair.
struct Question<'q, 'a> {
    mirror: &'q Mirror<'a>,
    pair: &'q Pair,
    /// The instance that the secondary side is declared in.
    holder: InstanceId,
    aligned: BTreeMap<Vec<Name>, Aligned>,
}

impl<'a> Question<'_, 'a> {
    /// All rows of a type, and those that `dr.hcl` adds or changes.
    fn twins(&mut self, rows: Option<&'static TypeRows>, sink: &mut Sink) {
        let ty = &self.mirror.instance(self.pair.primary).ty;
        let told: Vec<&ToldRelation> = self
            .mirror
            .settings
            .relations
            .iter()
            .filter(|told| told.ty == *ty)
            .collect();
        if let Some(rows) = rows {
            let strategy = self.mirror.strategy(self.pair.primary);
            for row in rows.rows.iter().filter(|row| row.counts(strategy)) {
                if row.of.is_none() && !told.iter().any(|told| *told.path == *row.path) {
                    self.row(row, row.must, None, sink);
                }
            }
            self.blocks(rows, sink);
        }
        for told in told {
            let must = Must::of(&told.must).unwrap_or(Must::Equal);
            if let Some(row) = super::row(&told.ty, &told.path) {
                self.row(row, must, told.severity, sink);
            } else {
                let row = parse::plain(Cow::Owned(told.path.to_string()), must);
                self.row(&row, must, told.severity, sink);
            }
        }
    }

    /// Rows that compare a copy with what it is a copy of.
    fn copy(&mut self, rows: Option<&'static TypeRows>, block: &Path, sink: &mut Sink) {
        let Some(rows) = rows else {
            return;
        };
        let strategy = self.mirror.strategy(self.pair.primary);
        let name = match block.first() {
            Some(PathStep::Name(name)) => Some(name),
            _ => None,
        };
        for row in rows.rows.iter().filter(|row| row.counts(strategy)) {
            let Some(of) = row.of else {
                continue;
            };
            let mut at = block.clone();
            match name {
                Some(name) if row.names.first() == Some(name) => {
                    at.extend(row.names.iter().skip(1).cloned().map(PathStep::Name));
                }
                Some(_) => continue,
                None => at.extend(row.names.iter().cloned().map(PathStep::Name)),
            }
            let mut source = steps_of(of);
            let primary = self.mirror.instance(self.pair.primary);
            // Blocks of which there is one at most.
            if source.len() > 1 {
                source.insert(1, PathStep::Index(0));
            }
            let p = steps(primary, &source);
            let s = steps(self.mirror.instance(self.holder), &at);
            self.values(row, row.must, None, &((source, p), (at, s)), sink);
        }
    }

    fn row(&mut self, row: &Row, must: Must, severity: Option<Severity>, sink: &mut Sink) {
        let (one, other) = (
            self.mirror.instance(self.pair.primary),
            self.mirror.instance(self.holder),
        );
        if must == Must::Ignored
            || self.is_ignored(row)
            || super::forms::has_no_effect(one, other, row)
        {
            return;
        }
        if row.inside.is_some() {
            return document::ask(self.mirror, self.pair, row, sink);
        }
        let found = self.find(row);
        if must == Must::AsMany {
            return self.count(row, severity, &found, sink);
        }
        for both in &found {
            self.values(row, must, severity, both, sink);
        }
    }

    /// The attribute on both sides: once, or once for each pair of blocks.
    fn find(&mut self, row: &Row) -> Vec<Both<'a>> {
        let Some((first, rest)) = row.names.split_first() else {
            return Vec::new();
        };
        let (mirror, id) = (self.mirror, self.pair.id);
        let primary = mirror.instance(self.pair.primary);
        let secondary = mirror.instance(self.holder);
        let compare = |one: &Node, other: &Node| mirror.compare(id, Some(one), Some(other));
        let mut walk = Walk {
            compare: &compare,
            aligned: &mut self.aligned,
            found: Vec::new(),
        };
        let (p, s) = (primary.values.get(first), secondary.values.get(first));
        // Most rows are about what neither side says.
        if p.is_none() && s.is_none() && !united::has_form(&primary.ty, &row.path) {
            return Vec::new();
        }
        let step = || vec![PathStep::Name(first.clone())];
        walk.follow(
            (&mut step(), p),
            (&mut step(), s),
            std::slice::from_ref(first),
            rest,
        );
        let found = walk.found;
        super::forms::united(primary, secondary, row, found)
    }

    /// Whether Terraform ignores its changes in the secondary: what is configured is not what is there.
    fn is_ignored(&self, row: &Row) -> bool {
        let ignored = &self.mirror.instance(self.holder).ignore_changes;
        ignored
            .iter()
            .any(|name| row.names.first() == Some(name) || &**name == "all" || &**name == "*")
    }

    /// Whether the secondary has what it leaves out from the primary.
    fn is_replica(&self) -> bool {
        let arrows = [
            "replicate_source_db",
            "replication_source_identifier",
            "global_cluster_identifier",
            "global_replication_group_id",
            "multi_region_cluster_name",
            "primary_key_arn",
        ];
        let values = &self.mirror.instance(self.holder).values;
        arrows.iter().any(
            |name| matches!(values.get(*name), Some(node) if !node.is_empty() && !only_aws(node)),
        )
    }

    fn values(
        &self,
        row: &Row,
        must: Must,
        severity: Option<Severity>,
        both: &Both<'_>,
        sink: &mut Sink,
    ) {
        let ((at, p), (at_s, s)) = both;
        let united = united::holds(self.mirror, self.pair, row);
        if is_unset(*p) && is_unset(*s) && united.is_none() {
            return;
        }
        let replica = self.is_replica();
        // What is read of the source is the source's; what comes from outside may be anything.
        let from_source = row.inherited
            && match s {
                Some(Node::Unknown(unknown)) => !unknown.because.iter().any(|name| is_input(name)),
                s => is_unset(*s),
            };
        if replica && (from_source || row.not_on_replicas) {
            return sink.holds_for(report::rule_of(row).unwrap_or(report::GENERIC));
        }
        // A replica gets nothing from its source that the row does not say: it gets what AWS gives to anybody.
        let bare = replica
            && is_unset(*s)
            && !is_unset(*p)
            && matches!(row.absent, Absent::Unset | Absent::Aws);
        let judge = Judge {
            mirror: self.mirror,
            pair: self.pair,
        };
        let verdict = match united {
            Some(verdict) => verdict,
            None if bare && self.is_said(*p) => Outcome::Differs(Difference::default()),
            None => judge.verdict(row, must, *p, *s),
        };
        let place = Place {
            mirror: self.mirror,
            pair: self.pair,
            holder: self.holder,
            at,
            at_s,
            values: (*p, *s),
            element: None,
        };
        report::say(&place, row, must, severity, verdict, sink);
    }

    /// Whether the primary's value is known to be one.
    fn is_said(&self, p: Option<&Node>) -> bool {
        let root = self.mirror.instance(self.pair.primary).root.as_ref();
        match p {
            Some(Node::Unknown(_)) => self.mirror.meaning(p, End::Primary, root).is_reference(),
            _ => true,
        }
    }

    fn count(&self, row: &Row, severity: Option<Severity>, found: &[Both<'_>], sink: &mut Sink) {
        let Some(first) = row.names.first() else {
            return;
        };
        let node = |id| self.mirror.instance(id).values.get(first);
        let (p, s) = (node(self.pair.primary), node(self.holder));
        let set = |node: Option<&'a Node>| node.filter(|node| !only_aws(node));
        let (p, s) = (set(p), set(s));
        let verdict = match (p, s) {
            (Some(Node::Unknown(unknown)), _) | (_, Some(Node::Unknown(unknown))) => {
                Outcome::Unknown(unknown.because.clone())
            }
            (p, s) => {
                let length = |node: Option<&Node>| match node {
                    Some(Node::List(nodes) | Node::Set(nodes)) => {
                        nodes.iter().filter(|node| has(node, &row.names)).count()
                    }
                    _ => 0,
                };
                if length(p) == 0 && length(s) == 0 {
                    return;
                }
                if length(s) >= length(p) {
                    Outcome::Same
                } else {
                    Outcome::Differs(Difference::default())
                }
            }
        };
        let path = vec![PathStep::Name(first.clone())];
        let (at, at_s) = match found {
            [((at, _), (at_s, _))] => (at, at_s),
            _ => (&path, &path),
        };
        let place = Place {
            mirror: self.mirror,
            pair: self.pair,
            holder: self.holder,
            at,
            at_s,
            values: (p, s),
            element: None,
        };
        report::say(&place, row, Must::AsMany, severity, verdict, sink);
    }

    /// Blocks of the primary that nothing answers to, where rows ask what is in them and none asks them as a whole.
    fn blocks(&mut self, rows: &'static TypeRows, sink: &mut Sink) {
        for (path, aligned) in std::mem::take(&mut self.aligned) {
            if aligned.missing.is_empty() {
                continue;
            }
            let strategy = self.mirror.strategy(self.pair.primary);
            let whole = rows
                .rows
                .iter()
                .any(|row| row.names.len() <= path.len() && path.starts_with(&row.names));
            let inside = rows
                .rows
                .iter()
                .filter(|row| row.names.len() > path.len() && row.names.starts_with(&path))
                .filter(|row| row.counts(strategy) && row.of.is_none())
                .filter(|row| !matches!(row.must, Must::Ignored | Must::Special | Must::AsMany));
            let Some(worst) = inside.max_by_key(|row| row.severity) else {
                continue;
            };
            if !whole && !self.is_ignored(worst) {
                report::block(
                    self.mirror,
                    self.pair,
                    self.holder,
                    &path,
                    worst,
                    &aligned,
                    sink,
                );
            }
        }
    }
}

/// Whether an element counts: where a row names an attribute of it, only with that.
fn has(element: &Node, names: &[Name]) -> bool {
    match (names, element) {
        ([_, attribute], Node::Object(nodes)) => nodes
            .get(attribute)
            .is_some_and(|node| !is_unset(Some(node))),
        _ => true,
    }
}

/// Whether a reason is an input of a root or of a module that is not known.
fn is_input(reason: &str) -> bool {
    reason.starts_with("var.") || reason.contains(".var.")
}
