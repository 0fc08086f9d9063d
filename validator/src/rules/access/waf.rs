//! Firewalls of which the secondary region's let other requests through.

use crate::inventory::{Name, Node};
use crate::mirror::{End, InstanceId, Maybe, Meaning, Mirror, Outcome};
use crate::mirror::{number, text};
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
priorities and names of metrics are no difference; regional sets and groups are translated.

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

/// One rule, without what does not count.
struct Entry {
    name: String,
    meaning: Meaning,
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
        found.push((priority, Entry { name, meaning }));
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
    let more = other.iter().filter(|rule| {
        !one.iter().any(|own| {
            own.name == rule.name
                || mirror
                    .compare_meanings(&own.meaning, &rule.meaning)
                    .is_same()
        })
    });
    wrong.extend(more.map(|rule| format!("has the rule {} that production has not", rule.name)));
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
        sink.broken(asked().broken(format!("{name} {}", wrong.join(", "))));
    } else if !open.is_empty() {
        sink.unsure(asked().unsure(
            format!("whether {name} has the primary's rules is not known"),
            open,
        ));
    } else {
        sink.holds();
    }
}
