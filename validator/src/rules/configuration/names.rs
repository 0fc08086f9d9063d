//! Secrets, parameters and images that the secondary reads and does not have.

use crate::mirror::{InstanceId, Maybe, Mirror, Standing, list, text};
use crate::rules::{Check, Rule, missing};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const SECRET: Rule = Rule {
    name: "secret-not-replicated",
    family: Family::Configuration,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "A secret of the primary region is not there in the secondary region.",
    impact: "Tasks cannot read it, and do not start.",
    doc: "\
## What it asks
Every secret needs a `replica` block for each secondary region, or a secret of its own there.

## How to fix it
Add `replica { region = … }` to the secret, with a key of that region where it is encrypted by a key of yours.

Source: AWS Secrets Manager user guide, replicating secrets.
",
    check: Check::Code(secret),
};

fn secret(mirror: &Mirror<'_>, sink: &mut Sink) {
    missing::counterparts(
        mirror,
        sink,
        SECRET.name,
        &["aws_secretsmanager_secret"],
        &|_| true,
    );
}

pub(super) const PARAMETER: Rule = Rule {
    name: "parameter-missing",
    family: Family::Configuration,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A parameter of the primary region does not exist in the secondary region.",
    impact: "What reads it does not start.",
    doc: "\
## What it asks
Parameters of Systems Manager are not replicated in any way: each must be declared in each region.

## How to fix it
Declare it with the provider of the secondary region too.
",
    check: Check::Code(parameter),
};

fn parameter(mirror: &Mirror<'_>, sink: &mut Sink) {
    let types = [
        "aws_ssm_parameter",
        "aws_appconfig_application",
        "aws_appconfig_environment",
        "aws_appconfig_configuration_profile",
    ];
    missing::counterparts(mirror, sink, PARAMETER.name, &types, &|_| true);
}

pub(super) const MACHINE_IMAGE: Rule = Rule {
    name: "machine-image-missing",
    family: Family::Configuration,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A machine image of the primary region is not in the secondary region.",
    impact: "Nothing can be launched: image ids mean something in one region only.",
    doc: "\
## What it asks
Images that the estate makes need a copy in the secondary region, and launch templates, configurations and instances there
must not name the image id of the primary.

## How to fix it
Copy the image (`aws_ami_copy`), or look it up with `data \"aws_ami\"` in each region.

Source: Amazon EC2 user guide, copying an AMI.
",
    check: Check::Code(machine_image),
};

fn machine_image(mirror: &Mirror<'_>, sink: &mut Sink) {
    missing::counterparts(
        mirror,
        sink,
        MACHINE_IMAGE.name,
        &["aws_ami", "aws_ami_from_instance", "aws_imagebuilder_image"],
        &|_| true,
    );
    let places = [
        ("aws_launch_template", "image_id"),
        ("aws_launch_configuration", "image_id"),
        ("aws_instance", "ami"),
    ];
    carried_over(
        mirror,
        sink,
        MACHINE_IMAGE.name,
        &places,
        "an image",
        "ami-",
    );
}

/// Ids of things of a region that stand on both sides: the secondary's is then one of the primary region. `prefix` is how
/// such an id begins; empty where any text may be one.
pub(super) fn carried_over(
    mirror: &Mirror<'_>,
    sink: &mut Sink,
    rule: &'static str,
    places: &[(&str, &str)],
    what: &str,
    prefix: &str,
) {
    for (ty, path) in places {
        for (pair, secondary) in mirror.pairs_of(ty) {
            let asked = Asked::new(
                rule,
                Spot::of(pair.primary, path),
                Spot::of(secondary, path),
            );
            let name = &mirror.instance(secondary).address;
            let value = |id| text(mirror.value(id, path));
            match (value(pair.primary), value(secondary)) {
                (Maybe::Known(one), Maybe::Known(other))
                    if one == other && !one.is_empty() && one.starts_with(prefix) =>
                {
                    sink.broken(asked.broken(format!(
                        "{name} names {other}, {what} of the primary region"
                    )));
                }
                (Maybe::Known(_), Maybe::Known(_)) => sink.holds(),
                // What is looked up in a region is of that region.
                (_, Maybe::Unknown(_)) if is_of(mirror, secondary, path, pair.secondary) => {
                    sink.holds();
                }
                // Looked up on each side: each in its own region.
                (Maybe::Unknown(one), Maybe::Unknown(other))
                    if mirror.same(pair, secondary, path)
                        || one.iter().chain(&other).all(|reason| is_lookup(reason)) =>
                {
                    sink.holds();
                }
                (Maybe::Unknown(because), other) | (other, Maybe::Unknown(because))
                    if other != Maybe::Unset && because.iter().any(|reason| &**reason != "aws") =>
                {
                    sink.unsure(asked.unsure(
                        format!("whether {name} names {what} of the primary region is not known"),
                        because,
                    ));
                }
                _ => {}
            }
        }
    }
}

/// Whether all that a value leads to stands in a secondary region.
fn is_of(mirror: &Mirror<'_>, id: InstanceId, path: &str, region: usize) -> bool {
    let targets = mirror.targets(id, path);
    let there = |id: &InstanceId| mirror.standing(*id) == Standing::Secondary(region);
    !targets.is_empty() && targets.iter().all(there)
}

/// Whether a reason is a data source.
fn is_lookup(reason: &str) -> bool {
    reason.starts_with("data.") || reason.contains(".data.")
}

pub(super) const IMAGE: Rule = Rule {
    name: "image-not-replicated",
    family: Family::Configuration,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "Images of a repository do not arrive in the registry of the secondary region.",
    impact: "Tasks of the secondary cannot pull their image while the primary region is down.",
    doc: "\
## What it asks
Every repository of the primary region must be covered by the replication of the registry: a rule with a secondary region as
destination whose filters, if it has any, match the repository's name.

## Example
```terraform
repository_filter {
  filter      = \"moleculeflow/web\"   # and services moleculeflow/api, moleculeflow/worker
  filter_type = \"PREFIX_MATCH\"
}
```

## How to fix it
Widen the filter, or leave it out. Only images that are pushed after the change are replicated: push the others again. Where
a pipeline pushes to both registries, accept the finding with that reason.

Source: Amazon ECR user guide, private image replication.
",
    check: Check::Code(image),
};

fn image(mirror: &Mirror<'_>, sink: &mut Sink) {
    let carriers = mirror.of_type("aws_ecr_replication_configuration").to_vec();
    for repository in mirror.standing_of_type("aws_ecr_repository", Standing::Primary) {
        let single = mirror
            .pairing
            .strays
            .iter()
            .any(|stray| stray.instance == repository && stray.single.is_some());
        let scratch = mirror.settings.singles.iter().any(|single| {
            let instance = mirror.instance(repository);
            crate::settings::matches(&single.address, &instance.address, &instance.ty)
        });
        if single || scratch {
            continue;
        }
        let name = text(mirror.value(repository, "name"));
        let address = &mirror.instance(repository).address;
        for region in &mirror.roles.secondary {
            let other = mirror
                .counterpart(repository)
                .map_or_else(Spot::missing, Spot::at);
            let other = match carriers.first() {
                Some(carrier) => other.written(*carrier, &filter(mirror, *carrier, region)),
                None => other,
            };
            let asked = Asked::new(IMAGE.name, Spot::at(repository), other)
                .keyed("replication")
                .in_region(region.clone());
            let answer = covered(mirror, &carriers, &name, region);
            let spots = carriers
                .iter()
                .map(|carrier| Spot::of(*carrier, "replication_configuration"));
            match answer {
                Ok(true) => sink.holds(),
                Ok(false) => sink.broken(
                    asked
                        .broken(format!(
                            "images of {address} are not replicated to {region}"
                        ))
                        .covers(spots)
                        .fix("Widen the filter of the registry's replication, or leave it out."),
                ),
                Err(because) => sink.unsure(asked.unsure(
                    format!("whether images of {address} are replicated to {region} is not known"),
                    because,
                )),
            }
        }
    }
}

/// Where a registry's replication says which repositories it takes to a region.
fn filter(mirror: &Mirror<'_>, carrier: InstanceId, region: &str) -> String {
    let rules = list(mirror.value(carrier, "replication_configuration[0].rule"));
    let base = |rule: usize| format!("replication_configuration[0].rule[{rule}]");
    let count = rules.known().map_or(0, <[_]>::len);
    let rule =
        (0..count).find(|rule| leads_to(mirror, carrier, &base(*rule), region, &mut Vec::new()));
    rule.map_or_else(
        || "replication_configuration".into(),
        |rule| format!("{}.repository_filter[0].filter", base(rule)),
    )
}

/// Whether the registry's replication covers a repository.
fn covered(
    mirror: &Mirror<'_>,
    carriers: &[InstanceId],
    name: &Maybe<String>,
    region: &str,
) -> Result<bool, Vec<crate::inventory::Name>> {
    let mut open = Vec::new();
    for carrier in carriers {
        let rules = match list(mirror.value(*carrier, "replication_configuration[0].rule")) {
            Maybe::Known(rules) => rules.len(),
            Maybe::Unset => 0,
            Maybe::Unknown(because) => {
                open.extend(because);
                0
            }
        };
        for rule in 0..rules {
            let base = format!("replication_configuration[0].rule[{rule}]");
            if !leads_to(mirror, *carrier, &base, region, &mut open) {
                continue;
            }
            let filters = match list(mirror.value(*carrier, &format!("{base}.repository_filter"))) {
                Maybe::Known(filters) => filters.len(),
                Maybe::Unset => 0,
                Maybe::Unknown(because) => {
                    open.extend(because);
                    continue;
                }
            };
            if filters == 0 {
                return Ok(true);
            }
            for filter in 0..filters {
                match (
                    text(mirror.value(
                        *carrier,
                        &format!("{base}.repository_filter[{filter}].filter"),
                    )),
                    name,
                ) {
                    (Maybe::Known(filter), Maybe::Known(name)) if name.starts_with(&filter) => {
                        return Ok(true);
                    }
                    (Maybe::Unknown(because), _) => open.extend(because),
                    (_, Maybe::Unknown(because)) => open.extend(because.iter().cloned()),
                    _ => {}
                }
            }
        }
    }
    if open.is_empty() {
        Ok(false)
    } else {
        Err(open)
    }
}

fn leads_to(
    mirror: &Mirror<'_>,
    carrier: InstanceId,
    base: &str,
    region: &str,
    open: &mut Vec<crate::inventory::Name>,
) -> bool {
    let count = list(mirror.value(carrier, &format!("{base}.destination")))
        .known()
        .map_or(0, <[_]>::len);
    (0..count).any(|at| {
        match text(mirror.value(carrier, &format!("{base}.destination[{at}].region"))) {
            Maybe::Known(name) => name == region,
            Maybe::Unknown(because) => {
                open.extend(because);
                false
            }
            Maybe::Unset => false,
        }
    })
}

pub(super) const USERS: Rule = Rule {
    name: "identity-store-not-shared",
    family: Family::Configuration,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "Each region has a directory of users of its own.",
    impact: "Users of production do not exist in the secondary region: nobody can sign in.",
    doc: "\
## What it asks
Pairs of Cognito user pools and of directories: they do not share users.

## How to fix it
Replicate the users, or sign in through one identity provider outside of the regions; then accept the finding with that
reason.

Source: Amazon Cognito developer guide, user pools are regional.
",
    check: Check::Code(users),
};

fn users(mirror: &Mirror<'_>, sink: &mut Sink) {
    for ty in ["aws_cognito_user_pool", "aws_directory_service_directory"] {
        for (pair, secondary) in mirror.pairs_of(ty) {
            let asked =
                Asked::new(USERS.name, Spot::at(pair.primary), Spot::at(secondary)).keyed("users");
            sink.broken(asked.broken(format!(
                "{} and {} are two directories of users",
                mirror.instance(pair.primary).address,
                mirror.instance(secondary).address
            )));
        }
        for stray in mirror
            .pairing
            .strays
            .iter()
            .filter(|stray| stray.single.is_none() && stray.open.is_empty())
        {
            let instance = mirror.instance(stray.instance);
            if &*instance.ty == ty {
                let region = mirror.roles.secondary[stray.secondary].clone();
                let asked = Asked::new(USERS.name, Spot::at(stray.instance), Spot::missing())
                    .keyed("")
                    .in_region(region.clone());
                sink.broken(asked.broken(format!(
                    "{} has no counterpart in {region}",
                    instance.address
                )));
            }
        }
    }
}
