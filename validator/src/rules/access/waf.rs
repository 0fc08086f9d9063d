//! Firewalls of which the secondary region's let other requests through.

use crate::inventory::{Name, Node};
use crate::mirror::{
    End, InstanceId, Maybe, Meaning, Mirror, Outcome, Standing, list, number, text,
};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::elements::{entry, of};

pub(super) const RULE: Rule = Rule {
    name: "waf-differs",
    family: Family::Access,
    severity: Severity::Degrades,
    on: Strategies::STANDING,
    title: "The firewall of the secondary region lets through other requests than that of production.",
    impact: "Attacks that production blocks pass, or clients that production serves are blocked.",
    doc: "\
## What it asks
Web ACLs, their associations and IP sets: the default action, and the rules in the order of their priorities. The numbers of
priorities and names of metrics are no difference; regional sets and groups are translated. A rule that only the secondary has,
and an ACL before something that production leaves open, may count, but not block.

## Example
```terraform
override_action {
  count {}      # production blocks: none {}
}
```

## How to fix it
Use the primary's rules.

Source: AWS WAF developer guide, rule priority and override actions.
",
    check: Check::Both(check),
};

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    alone(mirror, sink);
    for (pair, secondary) in mirror.pairs_of("aws_wafv2_web_acl") {
        let asked = || {
            Asked::new(
                RULE.name,
                Spot::of(pair.primary, "rule"),
                Spot::of(secondary, "rule"),
            )
        };
        let name = &mirror.instance(secondary).address;
        let one = rules(mirror, pair.primary, End::Primary);
        let other = rules(mirror, secondary, End::Secondary(pair.secondary));
        match (one, other) {
            (Ok(one), Ok(other)) => judge((mirror, name), &one, &other, &asked, sink),
            (Err(because), _) | (_, Err(because)) => {
                if mirror.same(pair, secondary, "rule") {
                    sink.holds();
                } else {
                    let message = format!("which rules {name} has is not known");
                    sink.unsure(asked().unsure(message, because));
                }
            }
        }
    }
}

/// Firewalls before something of the secondary whose counterpart has none.
fn alone(mirror: &Mirror<'_>, sink: &mut Sink) {
    let ty = "aws_wafv2_web_acl_association";
    for (at, region) in mirror.roles.secondary.iter().enumerate() {
        let here = Standing::Secondary(at);
        for association in mirror.standing_of_type(ty, here) {
            let target = mirror.targets(association, "resource_arn");
            let (Some(served), Some(acl)) = (
                target.first(),
                mirror.targets(association, "web_acl_arn").first().copied(),
            ) else {
                continue;
            };
            let Some(primary) = mirror.counterpart(*served) else {
                continue;
            };
            let own = mirror
                .graph
                .owned(primary, mirror.inventory, ty, "resource_arn");
            if !own.is_empty() {
                continue;
            }
            let asked = Asked::new(
                RULE.name,
                Spot::at(primary),
                Spot::of(association, "web_acl_arn"),
            )
            .keyed("firewall")
            .in_region(region.clone())
            .severe(Severity::Breaks);
            let name = &mirror.instance(*served).address;
            let mut open = mirror.adrift(ty, "resource_arn", Standing::Primary);
            let stops = stops(mirror, acl, at).unwrap_or_else(|because| {
                open.extend(because);
                true
            });
            if !stops {
                sink.holds();
            } else if open.is_empty() && mirror.complete() {
                sink.broken(asked.broken(format!(
                    "{name} stands behind {}, which blocks requests, and its primary behind no firewall",
                    mirror.instance(acl).address
                )));
            } else {
                let message =
                    format!("whether {name} refuses requests that its primary admits is not known");
                sink.unsure(asked.unsure(message, open.into_iter().collect()));
            }
        }
    }
}

/// Whether an ACL blocks anything.
fn stops(mirror: &Mirror<'_>, acl: InstanceId, at: usize) -> Result<bool, Vec<Name>> {
    let block = list(mirror.value(acl, "default_action[0].block"));
    let is_blocked = match block {
        Maybe::Known(nodes) => !nodes.is_empty(),
        Maybe::Unset => false,
        Maybe::Unknown(because) => return Err(because),
    };
    let rules = rules(mirror, acl, End::Secondary(at))?;
    Ok(is_blocked || rules.iter().any(|rule| !rule.counts))
}

/// One rule, without what does not count.
struct Entry {
    name: String,
    meaning: Meaning,
    /// Whether it lets all requests pass that it matches.
    counts: bool,
}

/// Whether a rule only counts what it matches.
fn counts(rule: &Node) -> bool {
    let first = |node: Option<&Node>, name: &str| -> bool {
        let block = match node {
            Some(Node::List(nodes) | Node::Set(nodes)) => nodes.first(),
            _ => None,
        };
        let action = block.and_then(|block| entry(block, name));
        action.is_some_and(|action| !action.is_empty() && !matches!(action, Node::Unknown(_)))
    };
    ["action", "override_action"]
        .iter()
        .any(|word| first(entry(rule, word), "count"))
}

/// The rules in the order in which requests meet them.
fn rules(mirror: &Mirror<'_>, id: InstanceId, end: End) -> Result<Vec<Entry>, Vec<Name>> {
    let mut found: Vec<(f64, Entry)> = Vec::new();
    for node in of(mirror.value(id, "rule"))? {
        let known = |node: Option<&Node>| match text(node) {
            Maybe::Known(text) => Ok(text),
            Maybe::Unset => Ok(String::new()),
            Maybe::Unknown(because) => Err(because),
        };
        let name = known(entry(&node, "name"))?;
        let priority = number(entry(&node, "priority")).or(0.0)?;
        let root = mirror.instance(id).root.as_ref();
        let mut meaning = mirror.meaning(Some(&node), end, root);
        if let Meaning::Map(parts) = &mut meaning {
            for part in ["priority", "visibility_config", "name"] {
                parts.remove(part);
            }
        }
        let counts = counts(&node);
        found.push((
            priority,
            Entry {
                name,
                meaning,
                counts,
            },
        ));
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(found.into_iter().map(|(_, rule)| rule).collect())
}

fn judge(
    (mirror, name): (&Mirror<'_>, &str),
    one: &[Entry],
    other: &[Entry],
    asked: &dyn Fn() -> Asked,
    sink: &mut Sink,
) {
    let mut open: Vec<Name> = Vec::new();
    let mut wrong: Vec<String> = Vec::new();
    for rule in one {
        match other.iter().find(|other| other.name == rule.name) {
            None => {
                // Names may hold the region.
                let same = |other: &&Entry| {
                    mirror
                        .compare_meanings(&rule.meaning, &other.meaning)
                        .is_same()
                };
                if other.iter().find(same).is_none() {
                    wrong.push(format!("lacks the rule {}", rule.name));
                }
            }
            Some(found) => match mirror.compare_meanings(&rule.meaning, &found.meaning) {
                Outcome::Same => {}
                Outcome::Differs(_) => wrong.push(format!("has another rule {}", rule.name)),
                Outcome::Unknown(because) => open.extend(because),
            },
        }
    }
    let more = other.iter().filter(|rule| !rule.counts).filter(|rule| {
        !one.iter().any(|own| {
            own.name == rule.name
                || mirror
                    .compare_meanings(&own.meaning, &rule.meaning)
                    .is_same()
        })
    });
    let before = wrong.len();
    wrong.extend(more.map(|rule| format!("has the rule {} that production has not", rule.name)));
    // Clients that production serves may be refused by it.
    let severity = if wrong.len() > before {
        Severity::Breaks
    } else {
        RULE.severity
    };
    let order = |rules: &[Entry], others: &[Entry]| -> Vec<String> {
        let both = |rule: &&Entry| others.iter().any(|other| other.name == rule.name);
        rules
            .iter()
            .filter(both)
            .map(|rule| rule.name.clone())
            .collect()
    };
    if wrong.is_empty() && order(one, other) != order(other, one) {
        wrong.push("asks its rules in another order".into());
    }
    if !wrong.is_empty() {
        let asked = asked().severe(severity);
        sink.broken(asked.broken(format!("{name} {}", wrong.join(", "))));
    } else if !open.is_empty() {
        sink.unsure(asked().unsure(
            format!("whether {name} has the primary's rules is not known"),
            open,
        ));
    } else {
        sink.holds();
    }
}
