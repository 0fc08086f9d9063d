//! What Terraform itself needs of the lost region before it can change anything in the other one.

use std::collections::{BTreeMap, BTreeSet};

use crate::documents::without_keys;
use crate::inventory::{Action, Change, Mode, Name, Node, SourceKind, node};
use crate::mirror::{InstanceId, Mirror, Standing, steps};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const RULE: Rule = Rule {
    name: "stalls-when-region-lost",
    family: Family::Plan,
    severity: Severity::Degrades,
    on: Strategies::ALL,
    title: "Terraform needs the primary region before it can change the secondary one.",
    impact: "During the outage plan and apply hang in retries or fail, and nothing in the secondary region can be changed by code.",
    doc: "\
## What it asks
Of a plan of an estate that is applied already: what would Terraform ask of the primary region before it could change the
secondary one?

- **One root for both regions** (drifts): each plan refreshes every instance of the primary region first. There is a way
  around it, which the finding prints: `-refresh=false` with `-target`.
- **Data sources read in the primary region** on which instances of the secondary hang, directly or through others
  (degrades): they are read with `-refresh=false` and with `-target` too, so there is no way around them.
- **Values that are not known before the primary region is changed** (degrades): an instance of the secondary region refers
  to one of the primary that this plan makes or changes. `-target` draws that one in. Where the value is needed at run time
  too, this is a consequence of what is said of that: `depends-on-primary`, `environment-points-at-primary`.

A first plan, of which nothing exists yet, is not asked, and neither are data sources that call nothing (`aws_region`,
`aws_partition`, `aws_iam_policy_document`) or ask a global service. A plan does not show what passes through local values: that
nothing hangs on a data source is told only where the root is checked with it, and is a gap otherwise.

## Why it breaks a failover
Reads of a region that does not answer are retried for a long time, and then the plan ends in an error. Whoever wants to
scale up the secondary has to take code apart while production is down.

## Example
```terraform
data \"aws_ssm_parameter\" \"license\" {          # provider of us-east-1
  name = \"/app/license\"
}
resource \"aws_ssm_parameter\" \"license\" {
  provider = aws.west
  value    = data.aws_ssm_parameter.license.insecure_value
}
```

## How to fix it
Give each region a root with a state of its own, kept in that region. Read what the secondary needs in the secondary region,
or pass it as a variable.

Source: Terraform documentation, `-refresh=false` and resource targeting; hashicorp/terraform issue 2125; runatlantis/atlantis
issue 3997.
",
    check: Check::Code(check),
};

/// Data sources that call no service of the region.
const SILENT: [&str; 8] = [
    "aws_arn",
    "aws_billing_service_account",
    "aws_canonical_user_id",
    "aws_iam_policy_document",
    "aws_ip_ranges",
    "aws_partition",
    "aws_region",
    "aws_service",
];

/// Addresses that are named before the rest is counted.
const MOST: usize = 5;

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    let mut roots: BTreeMap<Option<&Name>, Vec<&Change>> = BTreeMap::new();
    for change in &mirror.inventory.changes {
        if !change.outside {
            roots.entry(change.root.as_ref()).or_default().push(change);
        }
    }
    for (root, changes) in roots {
        for (at, region) in mirror.roles.secondary.iter().enumerate() {
            let exists = |standing: Standing| -> Vec<InstanceId> {
                changes
                    .iter()
                    .filter(|change| change.action != Action::Create)
                    .filter_map(|change| mirror.graph.find(root, &change.address))
                    .filter(|id| mirror.standing(*id) == standing)
                    .collect()
            };
            let own = exists(Standing::Secondary(at));
            if own.is_empty() {
                continue;
            }
            let root = Root {
                mirror,
                name: root,
                at,
                region,
            };
            root.shared(&exists(Standing::Primary), &own, sink);
            root.data(sink);
            root.pending(&changes, sink);
        }
    }
}

struct Root<'r, 'm> {
    mirror: &'r Mirror<'m>,
    name: Option<&'r Name>,
    at: usize,
    region: &'r Name,
}

impl Root<'_, '_> {
    fn said(&self) -> String {
        self.name
            .map_or_else(|| "the root".to_owned(), |name| format!("the root {name}"))
    }

    /// Refreshes of the primary region stand before every change of the secondary.
    fn shared(&self, primary: &[InstanceId], own: &[InstanceId], sink: &mut Sink) {
        if primary.is_empty() {
            sink.holds();
            return;
        }
        let count = |ids: &[InstanceId]| format!("{} managed instances", ids.len());
        let asked = Asked::new(
            RULE.name,
            Spot::missing().showing(count(primary)),
            Spot::missing().showing(count(own)),
        )
        .keyed(format!("refresh {}", self.name.map_or("", |name| name)))
        .in_region(self.region.clone())
        .severe(Severity::Drifts)
        .alone();
        let message = format!(
            "{} holds {} instances of {} and {} of {}: every plan refreshes the former before it changes the latter",
            self.said(),
            primary.len(),
            self.mirror.roles.primary,
            own.len(),
            self.region
        );
        sink.broken(
            asked
                .broken(message)
                .impact("The plan waits for the lost region, unless somebody knows how to leave it out.")
                .fix(format!(
                    "Give {} a root of its own. Until then, in an outage: terraform plan -refresh=false {}",
                    self.region,
                    self.targets(own)
                )),
        );
    }

    /// `-target` for what lies in the secondary region: modules that hold nothing else, then instances.
    fn targets(&self, own: &[InstanceId]) -> String {
        let mirror = self.mirror;
        let call = |id: InstanceId| {
            let module = &mirror.instance(id).module;
            let parts = crate::documents::address::parts(module);
            (parts.len() >= 2).then(|| parts[..2].join("."))
        };
        let shared: BTreeSet<String> = mirror
            .instances()
            .filter(|(id, instance)| {
                instance.mode == Mode::Managed && mirror.standing(*id) == Standing::Primary
            })
            .filter_map(|(id, _)| call(id))
            .collect();
        // Modules first: one stands for many.
        let targets: BTreeSet<(bool, String)> = own
            .iter()
            .map(|id| match call(*id).filter(|call| !shared.contains(call)) {
                Some(call) => (false, call),
                None => (true, mirror.instance(*id).address.to_string()),
            })
            .collect();
        let more = targets.len().saturating_sub(MOST);
        let mut text: Vec<String> = targets
            .into_iter()
            .take(MOST)
            .map(|(_, address)| format!("-target='{address}'"))
            .collect();
        if more > 0 {
            text.push(format!("and {more} more"));
        }
        text.join(" ")
    }

    /// Data sources of the primary region that instances of the secondary hang on.
    fn data(&self, sink: &mut Sink) {
        let mirror = self.mirror;
        for (id, instance) in mirror.instances() {
            let asked = instance.mode == Mode::Data
                && instance.root.as_ref() == self.name
                && !SILENT.contains(&&*instance.ty);
            if !asked || mirror.standing(id) != Standing::Primary {
                continue;
            }
            let hang = self.hang_on(id);
            let asked = Asked::new(RULE.name, Spot::at(id), Spot::missing())
                .keyed("read")
                .in_region(self.region.clone())
                .alone();
            let Some(first) = hang.first() else {
                self.nobody(&instance.address, asked, sink);
                continue;
            };
            let more = match hang.len() - 1 {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let message = format!(
                "{} is read in {}, and {}{more} of {} {}",
                instance.address,
                mirror.roles.primary,
                mirror.instance(*first).address,
                self.region,
                if more.is_empty() {
                    "hangs on it"
                } else {
                    "hang on it"
                }
            );
            sink.broken(asked.broken(message).fix(format!(
                "Read it with the provider of {} for what lies there, or pass the value as a variable: -refresh=false and -target do not leave data sources out.",
                self.region
            )));
        }
    }

    /// Nothing of the secondary refers to a data source: proved where the configuration was read too, since a plan does not show
    /// what passes through local values.
    fn nobody(&self, address: &Name, asked: Asked, sink: &mut Sink) {
        let read = self.mirror.inventory.sources.iter().any(|source| {
            source.kind == SourceKind::Configuration && source.root.as_ref() == self.name
        });
        if read {
            sink.holds();
            return;
        }
        let message = format!(
            "whether something of {} hangs on {address}, which is read in {}, cannot be told from the plan alone",
            self.region, self.mirror.roles.primary
        );
        sink.unsure(
            asked
                .unsure(
                    message,
                    vec!["local values, which a plan does not show".into()],
                )
                .settle("Check the plan together with its root: drcheck DIR --plan FILE."),
        );
    }

    /// Managed instances of the secondary that refer to an instance, directly or through others.
    fn hang_on(&self, id: InstanceId) -> Vec<InstanceId> {
        let mirror = self.mirror;
        let mut seen = BTreeSet::from([id]);
        let mut open = vec![id];
        while let Some(next) = open.pop() {
            for (from, _) in mirror.graph.referring(next) {
                if mirror.instance(from).root.as_ref() == self.name && seen.insert(from) {
                    open.push(from);
                }
            }
        }
        seen.into_iter()
            .filter(|id| {
                mirror.instance(*id).mode == Mode::Managed
                    && mirror.standing(*id) == Standing::Secondary(self.at)
            })
            .collect()
    }

    /// Values of the secondary that are not known before an instance of the primary is made or changed.
    fn pending(&self, changes: &[&Change], sink: &mut Sink) {
        let mirror = self.mirror;
        for change in changes {
            let changing = matches!(
                change.action,
                Action::Create | Action::Update | Action::Replace | Action::ReplaceAfter
            );
            let Some(id) = mirror
                .graph
                .find(self.name, &change.address)
                .filter(|_| changing)
            else {
                continue;
            };
            if mirror.standing(id) != Standing::Primary {
                continue;
            }
            let mut told = BTreeSet::new();
            for (from, edge) in mirror.graph.referring(id) {
                let waits = mirror.standing(from) == Standing::Secondary(self.at)
                    && steps(mirror.instance(from), &edge.path)
                        .is_some_and(|node| waits_for(node, &change.address));
                if !waits || !told.insert(from) {
                    continue;
                }
                let message = format!(
                    "{} of {} is not known before {} is {} in {}",
                    node::path_text(&edge.path),
                    mirror.instance(from).address,
                    change.address,
                    if change.action == Action::Create {
                        "made"
                    } else {
                        "changed"
                    },
                    mirror.roles.primary
                );
                let asked = Asked::new(RULE.name, Spot::at(id), Spot::steps(from, &edge.path))
                    .keyed("waits");
                sink.broken(asked.broken(message).fix(format!(
                    "Refer to the counterpart in {}, or build the value from what is known.",
                    self.region
                )));
            }
        }
    }
}

/// Whether a part of a value hangs on an instance.
fn waits_for(node: &Node, address: &str) -> bool {
    let names = |because: &[Name]| {
        let bare = without_keys(address);
        because.iter().any(|reason| {
            let begins = |address: &str| {
                reason
                    .strip_prefix(address)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            begins(address) || begins(&bare)
        })
    };
    match node {
        Node::Unknown(unknown) => names(&unknown.because),
        Node::Sensitive(sealed) => names(&sealed.because),
        Node::List(nodes) | Node::Set(nodes) => nodes.iter().any(|node| waits_for(node, address)),
        Node::Map(nodes) | Node::Object(nodes) => {
            nodes.values().any(|node| waits_for(node, address))
        }
        _ => false,
    }
}
