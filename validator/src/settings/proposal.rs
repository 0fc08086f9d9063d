//! A `dr.hcl` to begin with: what is seen is written, what only people know stands there as comments.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::check::Outcome;
use crate::inventory::{Name, Node};
use crate::mirror::{InstanceId, Mirror, RoleError, Standing};
use crate::world::quoted;

/// Lines of one kind before the rest is counted.
const MOST: usize = 40;

/// A proposal for an estate whose roles are clear.
pub(crate) fn of(mirror: &Mirror<'_>, outcome: &Outcome) -> String {
    let mut text = String::from(
        "# Written by drcheck init. What drcheck cannot see stands here as comments.\n\n",
    );
    estate(mirror, &mut text);
    zones(mirror, &mut text);
    text.push_str(
        "\n# Tiers: objectives of what belongs together. The first that matches an instance is its tier.\n\
         # tier \"critical\" {\n#   rto   = \"1h\"\n#   rpo   = \"5m\"\n#   match = [\"aws_db_*\", \"module.data_*\"]\n# }\n",
    );
    open(mirror, outcome, "", &mut text);
    text
}

/// A file that is there, with what is proposed besides. All that it says stays as it is.
pub(crate) fn beside(there: &str, mirror: &Mirror<'_>, outcome: &Outcome) -> String {
    let mut text = String::new();
    if mirror.settings.primary.is_none() {
        estate(mirror, &mut text);
        text.push('\n');
    }
    text.push_str(there.trim_end());
    text.push('\n');
    open(mirror, outcome, there, &mut text);
    text
}

/// What only people know, but for what is said already.
fn open(mirror: &Mirror<'_>, outcome: &Outcome, said: &str, text: &mut String) {
    uses(outcome, said, text);
    ambiguities(mirror, said, text);
    singles(mirror, outcome, said, text);
}

/// A name for the estate: the word that most names of its resources begin with.
fn name(mirror: &Mirror<'_>) -> String {
    const NAMES: [&str; 5] = [
        "name",
        "identifier",
        "bucket",
        "family",
        "cluster_identifier",
    ];
    let mut words: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all = 0;
    for (_, instance) in mirror.instances() {
        let named = NAMES
            .iter()
            .find_map(|name| match instance.values.get(*name) {
                Some(Node::String(text)) => Some(&**text),
                _ => None,
            });
        let Some(named) = named else {
            continue;
        };
        let mut parts = named.split(|c: char| !c.is_ascii_alphanumeric());
        if let Some(word) = parts.find(|word| word.len() > 2 && *word != "alias") {
            all += 1;
            *words.entry(word).or_default() += 1;
        }
    }
    let most = words.into_iter().max_by_key(|(_, count)| *count);
    most.filter(|(_, count)| *count > 2 && count * 2 > all)
        .map_or_else(|| "main".to_owned(), |(word, _)| word.to_owned())
}

/// A proposal whose roles are a guess.
pub(crate) fn guessed(error: &RoleError, text: &str) -> String {
    let why = crate::printable::line(&error.summary).into_owned();
    format!("# A guess: {why}.\n# Look at primary and secondary first.\n\n{text}")
}

fn estate(mirror: &Mirror<'_>, text: &mut String) {
    if !mirror.roles.inferred.is_empty() {
        let _ = writeln!(
            text,
            "# {}.",
            crate::printable::line(&mirror.roles.inferred)
        );
    }
    let list = |names: &mut dyn Iterator<Item = &Name>| {
        let names: Vec<String> = names.map(|name| quoted(name)).collect();
        names.join(", ")
    };
    let _ = writeln!(
        text,
        "estate {} {{\n  primary   = {}\n  secondary = [{}]\n  strategy  = {} # or backup-restore, pilot-light, active-active\n  cidr      = {}",
        quoted(&name(mirror)),
        quoted(&mirror.roles.primary),
        list(&mut mirror.roles.secondary.iter()),
        quoted(mirror.settings.strategy().word()),
        quoted(mirror.cidr.word()),
    );
    let accounts = accounts(mirror);
    if !accounts.is_empty() {
        let pairs: Vec<String> = accounts
            .iter()
            .map(|(region, account)| format!("{} = {}", quoted(region), quoted(account)))
            .collect();
        let _ = writeln!(text, "  accounts  = {{ {} }}", pairs.join(", "));
    }
    text.push_str("}\n");
}

/// The account of each region, where it is proved and the only one.
fn accounts<'m>(mirror: &'m Mirror<'_>) -> BTreeMap<&'m str, &'m str> {
    let mut found: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for (_, instance) in mirror.instances() {
        let (Some(region), Some(account)) = (&instance.region.value, &instance.account.value)
        else {
            continue;
        };
        found
            .entry(region)
            .and_modify(|known| *known = known.filter(|known| *known == &**account))
            .or_insert(Some(account));
    }
    found
        .into_iter()
        .filter(|(region, _)| mirror.roles.regions().contains(region))
        .filter_map(|(region, account)| Some((region, account?)))
        .collect()
}

fn zones(mirror: &Mirror<'_>, text: &mut String) {
    let mut seen: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let secondaries = (0..mirror.roles.secondary.len()).map(Standing::Secondary);
    for standing in std::iter::once(Standing::Primary).chain(secondaries) {
        if let (Some(region), Some(zones)) =
            (mirror.roles.region(standing), mirror.roles.zones(standing))
        {
            seen.insert(region, zones.iter().map(|zone| quoted(zone)).collect());
        }
    }
    if seen.is_empty() {
        return;
    }
    text.push_str(
        "\n# Zones that were seen. To say what the data source aws_availability_zones gives in these accounts:\n# zones = {\n",
    );
    for (region, zones) in seen {
        let _ = writeln!(text, "#   {} = [{}]", quoted(region), zones.join(", "));
    }
    text.push_str("# }\n");
}

/// Keys of which only people know whether workloads use them.
fn uses(outcome: &Outcome, said: &str, text: &mut String) {
    let keys: Vec<&Name> = outcome
        .gaps
        .iter()
        .filter(|gap| gap.rule == "key-not-multi-region".into())
        .filter_map(|gap| gap.primary.address.as_ref())
        .collect();
    listed(
        (text, said),
        "Keys that policies let workloads use: true where a workload encrypts with the key itself.",
        keys.iter()
            .map(|key| format!("use {} {{ client_side = false }}", quoted(key))),
    );
}

fn ambiguities(mirror: &Mirror<'_>, said: &str, text: &mut String) {
    let name = |id: &crate::mirror::InstanceId| quoted(&mirror.instance(*id).address);
    let mut lines = Vec::new();
    for ambiguity in &mirror.pairing.ambiguities {
        for primary in &ambiguity.primary {
            for secondary in &ambiguity.secondary {
                lines.push(format!(
                    "pair {{\n#   primary   = {}\n#   secondary = {}\n# }}",
                    name(primary),
                    name(secondary)
                ));
            }
        }
    }
    listed(
        (text, said),
        "Candidates that cannot be told apart: keep the pairs that are right.",
        lines.into_iter(),
    );
}

/// What has no counterpart, and may be meant to live once.
fn singles(mirror: &Mirror<'_>, outcome: &Outcome, said: &str, text: &mut String) {
    let missing = outcome
        .findings
        .iter()
        .filter(|finding| finding.secondary.instance.is_none() && finding.primary.path.is_empty())
        .filter(|finding| {
            !finding
                .primary
                .instance
                .is_some_and(|id| is_member(mirror, id))
        })
        .filter_map(|finding| finding.primary.address.as_ref());
    let mut addresses: Vec<&Name> = missing.collect();
    addresses.sort();
    addresses.dedup();
    listed(
        (text, said),
        "Without counterpart: those that live once on purpose, each with its reason.",
        addresses
            .iter()
            .map(|address| format!("single {} {{ reason = \"\" }}", quoted(address))),
    );
}

/// Whether it is one of several of a resource, and others of them have counterparts: that is no purpose, but a lack.
fn is_member(mirror: &Mirror<'_>, id: InstanceId) -> bool {
    let instance = mirror.instance(id);
    let resource = crate::mirror::without_own_key(&instance.address);
    let siblings = mirror.graph.resource(instance.root.as_ref(), resource);
    siblings
        .iter()
        .any(|sibling| *sibling != id && mirror.counterpart(*sibling).is_some())
}

fn listed((text, said): (&mut String, &str), head: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.filter(|line| !said.contains(line)).collect();
    let count = lines.len();
    if count == 0 {
        return;
    }
    let _ = writeln!(text, "\n# {head}");
    for line in lines.iter().take(MOST) {
        let _ = writeln!(text, "# {line}");
    }
    if count > MOST {
        let _ = writeln!(text, "# and {} more", count - MOST);
    }
}
