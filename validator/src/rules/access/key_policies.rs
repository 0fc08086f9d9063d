//! Policies of paired keys.

use super::key_statements;
use crate::inventory::Node;
use crate::mirror::{End, InstanceId, Meaning, Mirror, Part};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::policies;

pub(super) const RULE: Rule = Rule {
    name: "key-policy-differs",
    family: Family::Access,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "The policy of a key's counterpart differs from that of the key.",
    impact: "Roles and services that use the key in production are denied in the secondary region.",
    doc: "\
## What it asks
Policies of paired keys, translated: whom the primary's lets do something under some conditions, its counterpart's must too,
and deny the same. How statements are cut, ordered and called does not count, nor does what more is allowed. The policy is no shared property of a multi-region
key: a replica without one has the default policy.

## How to fix it
Give both keys the same policy.

Source: AWS KMS developer guide, replicating multi-region keys.
",
    check: Check::Code(check),
};

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (pair, secondary) in mirror.pairs_of("aws_kms_key") {
        let own = |id| {
            let separate = mirror
                .graph
                .owned(id, mirror.inventory, "aws_kms_key_policy", "key_id");
            let holder = separate.first().copied().unwrap_or(id);
            (holder, mirror.value(holder, "policy"))
        };
        let ((one, first), (other, second)) = (own(pair.primary), own(secondary));
        let decided = |node: Option<&Node>| match node {
            None => false,
            Some(Node::Unknown(unknown)) => unknown.because.iter().any(|reason| &**reason != "aws"),
            Some(node) => !node.is_empty(),
        };
        let asked = Asked::new(
            RULE.name,
            Spot::of(one, "policy"),
            Spot::of(other, "policy"),
        );
        let name = &mirror.instance(secondary).address;
        if !decided(first) {
            if decided(second) {
                narrower(mirror, asked, (other, second), mirror.end(pair.id), sink);
            }
            continue;
        }
        if !decided(second) {
            sink.broken(asked.broken(format!(
                "{name} has the default policy, the primary one of its own"
            )));
            continue;
        }
        let root = mirror.instance(one).root.as_ref();
        let left = mirror.document(first, crate::mirror::End::Primary, root);
        let right = mirror.document(
            second,
            mirror.end(pair.id),
            mirror.instance(other).root.as_ref(),
        );
        let outcome = match (&left, &right) {
            // However its statements are cut and called.
            (Ok(left), Ok(right)) if key_statements::carries(left, right) == Some(true) => {
                crate::mirror::Outcome::Same
            }
            (Ok(left), Ok(right)) => {
                mirror.compare_meanings(&left.clone().loose(), &right.clone().loose())
            }
            _ => mirror.compare(pair.id, first, second),
        };
        match outcome {
            crate::mirror::Outcome::Same => sink.holds(),
            crate::mirror::Outcome::Differs(_) => sink.broken(
                asked
                    .broken(format!("the policy of {name} is not that of the primary"))
                    .covers([Spot::of(secondary, "policy")]),
            ),
            crate::mirror::Outcome::Unknown(because) => sink.unsure(asked.unsure(
                format!("whether the policy of {name} is that of the primary is not known"),
                because,
            )),
        }
    }
}

/// A policy of its own where the primary has the default one, which leaves all to IAM.
fn narrower(
    mirror: &Mirror<'_>,
    asked: Asked,
    (holder, policy): (InstanceId, Option<&Node>),
    end: End,
    sink: &mut Sink,
) {
    let name = &mirror.instance(holder).address;
    match policies::statements(mirror, holder, policy, end) {
        Err(because) => sink.unsure(asked.unsure(
            format!("whether {name} admits what the default policy admits is not known"),
            because,
        )),
        Ok(statements) if statements.iter().any(leaves_to_iam) => sink.holds(),
        Ok(statements) if statements.iter().any(|statement| !statement.open.is_empty()) => {
            let because = statements.into_iter().flat_map(|statement| statement.open).collect();
            sink.unsure(asked.unsure(
                format!("whether {name} admits what the default policy admits is not known"),
                because,
            ));
        }
        Ok(_) => sink.broken(asked.severe(Severity::Degrades).broken(format!(
            "{name} has a policy of its own that does not leave access to IAM, the primary the default one"
        ))),
    }
}

/// Whether a statement lets the account decide by IAM, as the default policy does.
fn leaves_to_iam(statement: &policies::Statement) -> bool {
    let all = statement
        .actions
        .iter()
        .any(|action| matches!(action.as_str(), "*" | "kms:*"));
    let account = |principal: &Meaning| {
        let mut found = false;
        principal.walk(&mut |part| {
            found |= matches!(part, Part::Letters(text) if text == "*" || text.ends_with(":root"));
        });
        found
    };
    statement.allows
        && all
        && statement.conditions.is_empty()
        && statement.principals.iter().any(account)
}
