//! Keys that must lie in the secondary region, and what they must be.

use crate::inventory::Node;
use crate::mirror::{End, InstanceId, Maybe, Mirror, Standing, truth};
use crate::rules::{Check, Rule, missing};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const NOT_THERE: Rule = Rule {
    name: "key-not-in-secondary",
    family: Family::Access,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "A key of the primary region has no counterpart, or something of the secondary region is encrypted with a key of the primary.",
    impact: "Data of the secondary cannot be read while the primary region is down.",
    doc: "\
## What it asks
Every key of the primary region needs a counterpart, and every `kms_key_id` of the secondary region must lead to a key of
that region.

## How to fix it
Declare an `aws_kms_replica_key` or a key of its own, and name it.

Source: AWS KMS developer guide, multi-region keys.
",
    check: Check::Code(not_there),
};

fn not_there(mirror: &Mirror<'_>, sink: &mut Sink) {
    missing::counterparts(
        mirror,
        sink,
        NOT_THERE.name,
        &["aws_kms_key", "aws_kms_external_key", "aws_kms_alias"],
        &|_| true,
    );
    disabled(mirror, sink);
    embedded(mirror, sink);
    for (id, instance) in mirror.instances() {
        if !matches!(mirror.standing(id), Standing::Secondary(_))
            || instance.ty.starts_with("aws_kms_")
        {
            continue;
        }
        for edge in mirror.graph.out(id) {
            let path = crate::mirror::schema_path(&edge.path);
            let last = path.rsplit('.').next().unwrap_or(&path);
            if !(last.contains("kms")
                && (last.ends_with("id") || last.ends_with("arn") || last.ends_with("key")))
            {
                continue;
            }
            if mirror.instance(edge.to).ty.starts_with("aws_kms_")
                && mirror.standing(edge.to) == Standing::Primary
            {
                let primary = mirror
                    .counterpart(id)
                    .map_or_else(Spot::missing, |twin| Spot::steps(twin, &edge.path));
                let asked = Asked::new(NOT_THERE.name, primary, Spot::steps(id, &edge.path));
                sink.broken(asked.broken(format!(
                    "{path} of {} is {}, a key of the primary region",
                    instance.address,
                    mirror.instance(edge.to).address
                )));
            } else if mirror.instance(edge.to).ty.starts_with("aws_kms_") {
                sink.holds();
            }
        }
    }
}

/// Keys of the secondary that are switched off.
fn disabled(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (ty, path) in [
        ("aws_kms_key", "is_enabled"),
        ("aws_kms_replica_key", "enabled"),
    ] {
        for id in mirror.of_type(ty) {
            if !matches!(mirror.standing(*id), Standing::Secondary(_)) {
                continue;
            }
            let primary = mirror.counterpart(*id).map_or_else(Spot::missing, Spot::at);
            let asked = Asked::new(NOT_THERE.name, primary, Spot::of(*id, path)).keyed("enabled");
            match truth(mirror.value(*id, path)).or(true) {
                Ok(true) => sink.holds(),
                Ok(false) => sink
                    .broken(asked.broken(format!("{} is disabled", mirror.instance(*id).address))),
                Err(because) => sink.unsure(asked.unsure(
                    format!(
                        "whether {} is enabled is not known",
                        mirror.instance(*id).address
                    ),
                    because,
                )),
            }
        }
    }
}

/// Blocks that make a copy in the secondary region with a key of the primary one, or with none where the original has one.
fn embedded(mirror: &Mirror<'_>, sink: &mut Sink) {
    for pair in mirror.pairs() {
        let (holder, block) = match &pair.counterpart {
            crate::mirror::Counterpart::Embedded { holder, path } => {
                (*holder, crate::inventory::node::path_text(path) + ".")
            }
            crate::mirror::Counterpart::Instance(id)
                if &*mirror.instance(*id).ty == "aws_dynamodb_table_replica" =>
            {
                (*id, String::new())
            }
            crate::mirror::Counterpart::Instance(_) => continue,
        };
        let (own, copy) = match &*mirror.instance(pair.primary).ty {
            "aws_dynamodb_table" => ("server_side_encryption[0].kms_key_arn", "kms_key_arn"),
            "aws_secretsmanager_secret" | "aws_efs_file_system" => ("kms_key_id", "kms_key_id"),
            _ => continue,
        };
        if mirror.targets(pair.primary, own).is_empty() {
            continue;
        }
        let path = format!("{block}{copy}");
        let asked = Asked::new(
            NOT_THERE.name,
            Spot::of(pair.primary, own),
            Spot::of(holder, &path),
        )
        .keyed("key of the copy")
        .in_region(mirror.roles.secondary[pair.secondary].clone());
        let keys = mirror.targets(holder, &path);
        let name = &mirror.instance(pair.primary).address;
        // A key of both regions has one id: what was applied with it may show the ARN of either.
        let of_both = matches!(mirror.value(holder, &path), Some(Node::String(text)) if text.contains(":key/mrk-"))
            && keys.iter().any(|key| mirror.counterpart(*key).is_some());
        let told = matches!(mirror.value(holder, &path), Some(Node::String(text)) if text.contains(&format!(":{}:", mirror.roles.primary)));
        let named = keys
            .iter()
            .any(|key| mirror.standing(*key) == Standing::Primary);
        let foreign = !of_both && (told || named);
        let unset = match mirror.value(holder, &path) {
            None => true,
            Some(Node::Unknown(unknown)) => unknown.because.iter().all(|reason| &**reason == "aws"),
            Some(node) => node.is_empty(),
        };
        if foreign {
            sink.broken(asked.broken(format!(
                "the copy of {name} is encrypted with a key of the primary region"
            )));
        } else if unset {
            sink.broken(asked.severe(Severity::Degrades).broken(format!(
                "the copy of {name} names no key, the original one of yours"
            )));
        } else {
            sink.holds();
        }
    }
}

pub(super) const MULTI_REGION: Rule = Rule {
    name: "key-not-multi-region",
    family: Family::Access,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "Workloads encrypt with two keys that have nothing in common.",
    impact: "What the application encrypted in the primary region cannot be decrypted in the secondary.",
    doc: "\
## What it asks
Two paired single-region keys are right for encryption by services: S3, RDS and the like encrypt anew in each region. Where a
workload uses the key itself (client-side encryption, signed tokens, HMAC) both must be one multi-region key. The code does
not say which it is: `dr.hcl` does.
```hcl
use \"module.data.aws_kms_key.files\" { client_side = true }    # or false
```

## How to fix it
Make a multi-region key (`multi_region = true`, which cannot be added later) and replicate it with `aws_kms_replica_key`.

Source: AWS KMS developer guide, multi-region keys.
",
    check: Check::Code(multi_region),
};

fn multi_region(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (pair, secondary) in mirror.pairs_of("aws_kms_key") {
        if &*mirror.instance(secondary).ty != "aws_kms_key" {
            continue;
        }
        let one = mirror.instance(pair.primary);
        let asked = Asked::new(
            MULTI_REGION.name,
            Spot::of(pair.primary, "multi_region"),
            Spot::of(secondary, "multi_region"),
        );
        let told = mirror.settings.uses.iter().find(|told| {
            let other = mirror.instance(secondary);
            crate::settings::matches(&told.address, &one.address, &one.ty)
                || crate::settings::matches(&told.address, &other.address, &other.ty)
        });
        match told.and_then(|told| told.client_side) {
            Some(false) => sink.holds(),
            Some(true) => sink.broken(asked.broken(format!(
                "{} and {} are two keys, and workloads encrypt with them",
                one.address,
                mirror.instance(secondary).address
            ))),
            // Keys that only services use are the common case; a policy that lets roles use them is not.
            None if !may_be_used(mirror, pair.primary) => sink.holds(),
            None => sink.unsure(
                asked
                    .unsure(
                        format!(
                            "whether workloads encrypt with {} themselves is not known",
                            one.address
                        ),
                        vec!["how the key is used".into()],
                    )
                    .settle(format!(
                        "Say it in dr.hcl: use \"{}\" {{ client_side = false }}, or true.",
                        one.address
                    )),
            ),
        }
    }
    for (pair, secondary) in mirror.pairs_of("aws_kms_key") {
        let replica = &*mirror.instance(secondary).ty == "aws_kms_replica_key";
        if replica && truth(mirror.value(pair.primary, "multi_region")) != Maybe::Known(false) {
            sink.holds();
        } else if replica {
            let asked = Asked::new(
                MULTI_REGION.name,
                Spot::of(pair.primary, "multi_region"),
                Spot::at(secondary),
            )
            .keyed("multi_region");
            sink.broken(asked.broken(format!(
                "{} is no multi-region key, so it cannot be replicated",
                mirror.instance(pair.primary).address
            )));
        }
    }
}

/// Whether what runs under a role may use the key: a policy names it, or it is not known what a policy names.
fn may_be_used(mirror: &Mirror<'_>, key: InstanceId) -> bool {
    let kinds = [
        "aws_iam_role_policy",
        "aws_iam_policy",
        "aws_iam_user_policy",
    ];
    let named = mirror.graph.referring(key).any(|(from, _)| {
        let ty = &*mirror.instance(from).ty;
        kinds.contains(&ty)
            || matches!(
                ty,
                "aws_kms_grant" | "aws_ecs_task_definition" | "aws_lambda_function"
            )
    });
    let open = |id: &InstanceId| {
        let root = mirror.instance(*id).root.as_ref();
        let policy = mirror.value(*id, "policy");
        !matches!(mirror.standing(*id), Standing::Secondary(_))
            && mirror.document(policy, End::Primary, root).is_err()
    };
    named || kinds.iter().flat_map(|ty| mirror.of_type(ty)).any(open)
}
