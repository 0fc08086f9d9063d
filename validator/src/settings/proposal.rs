//! A `dr.hcl` to begin with: what is seen is written, what only people know stands there as comments.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::check::Outcome;
use crate::inventory::Name;
use crate::mirror::{Mirror, RoleError, Standing};
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
    uses(outcome, &mut text);
    ambiguities(mirror, &mut text);
    singles(outcome, &mut text);
    text
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
        "estate \"main\" {{\n  primary   = {}\n  secondary = [{}]\n  strategy  = {} # or backup-restore, pilot-light, active-active\n  cidr      = {}",
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
fn uses(outcome: &Outcome, text: &mut String) {
    let keys: Vec<&Name> = outcome
        .gaps
        .iter()
        .filter(|gap| gap.rule == "key-not-multi-region".into())
        .filter_map(|gap| gap.primary.address.as_ref())
        .collect();
    listed(
        text,
        "Keys that policies let workloads use: true where a workload encrypts with the key itself.",
        keys.iter()
            .map(|key| format!("use {} {{ client_side = false }}", quoted(key))),
    );
}

fn ambiguities(mirror: &Mirror<'_>, text: &mut String) {
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
        text,
        "Candidates that cannot be told apart: keep the pairs that are right.",
        lines.into_iter(),
    );
}

/// What has no counterpart, and may be meant to live once.
fn singles(outcome: &Outcome, text: &mut String) {
    let missing = outcome
        .findings
        .iter()
        .filter(|finding| finding.secondary.instance.is_none() && finding.primary.path.is_empty())
        .filter_map(|finding| finding.primary.address.as_ref());
    let mut addresses: Vec<&Name> = missing.collect();
    addresses.sort();
    addresses.dedup();
    listed(
        text,
        "Without counterpart: those that live once on purpose, each with its reason.",
        addresses
            .iter()
            .map(|address| format!("single {} {{ reason = \"\" }}", quoted(address))),
    );
}

fn listed(text: &mut String, head: &str, lines: impl ExactSizeIterator<Item = String>) {
    let count = lines.len();
    if count == 0 {
        return;
    }
    let _ = writeln!(text, "\n# {head}");
    for line in lines.take(MOST) {
        let _ = writeln!(text, "# {line}");
    }
    if count > MOST {
        let _ = writeln!(text, "# and {} more", count - MOST);
    }
}
