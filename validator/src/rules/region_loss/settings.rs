//! Settings that an account has once for each region, and names that exist once for all.

use crate::inventory::{Name, Scope};
use crate::mirror::{Maybe, Mirror, text};
use crate::rules::{Check, Rule, missing};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const SETTING: Rule = Rule {
    name: "regional-setting-missing",
    family: Family::RegionLoss,
    severity: Severity::Degrades,
    on: Strategies::STANDING,
    title: "A setting that an account has once for each region is made in the primary region only.",
    impact: "The secondary runs with AWS's own defaults: other encryption, other protection, other limits.",
    doc: "\
## What it asks
Default encryption of volumes, instance metadata defaults, registry scanning and policy, service settings of ECS, API
Gateway's log role, backup opt-in, GuardDuty, Config, Security Hub: what is set in the primary region must be set in each
secondary region.

## Why it breaks a failover
These settings apply silently to everything that is launched. Nobody sees that they are missing until something is refused,
or is not protected.

## Example
```terraform
resource \"aws_ebs_encryption_by_default\" \"main\" {   # provider of us-east-1 only
  enabled = true
}
```

## How to fix it
Declare the setting with the provider of the secondary region too.
",
    check: Check::Code(setting),
};

const SETTINGS: [&str; 19] = [
    "aws_ebs_encryption_by_default",
    "aws_ebs_default_kms_key",
    "aws_ebs_snapshot_block_public_access",
    "aws_ec2_instance_metadata_defaults",
    "aws_ec2_image_block_public_access",
    "aws_ec2_serial_console_access",
    "aws_ecs_account_setting_default",
    "aws_ecr_registry_policy",
    "aws_ecr_registry_scanning_configuration",
    "aws_ecr_pull_through_cache_rule",
    "aws_ecr_repository_creation_template",
    "aws_api_gateway_account",
    "aws_backup_region_settings",
    "aws_guardduty_detector",
    "aws_config_configuration_recorder",
    "aws_securityhub_account",
    "aws_inspector2_enabler",
    "aws_macie2_account",
    "aws_ssm_service_setting",
];

fn setting(mirror: &Mirror<'_>, sink: &mut Sink) {
    missing::counterparts(mirror, sink, SETTING.name, &SETTINGS, &|_| true);
}

pub(super) const QUOTA: Rule = Rule {
    name: "quota-not-raised",
    family: Family::Compute,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A quota that is raised in the primary region is not raised, or less, in the secondary region.",
    impact: "Scaling up stops at AWS's default, and a raise takes hours or days to be granted.",
    doc: "\
## What it asks
Every `aws_servicequotas_service_quota` of the primary region needs a counterpart with at least the same value.

## How to fix it
Request the same quota in the secondary region.

Source: Service Quotas user guide: quotas hold for an account and region.
",
    check: Check::Both(quota),
};

fn quota(mirror: &Mirror<'_>, sink: &mut Sink) {
    missing::counterparts(
        mirror,
        sink,
        QUOTA.name,
        &["aws_servicequotas_service_quota"],
        &|_| true,
    );
}

pub(super) const COLLISION: Rule = Rule {
    name: "global-name-collision",
    family: Family::RegionLoss,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "Two objects that share one namespace have the same name in both regions.",
    impact: "Only one of the two can exist: the apply of the secondary fails, or both states fight over one object.",
    doc: "\
## What it asks
Roles, policies, users, instance profiles, buckets and edge functions have one namespace for all regions of an account, or
of all accounts. A module that is used for both regions must not give them the same literal name.

## Why it breaks a failover
The second apply fails with `EntityAlreadyExists`. Where the object was imported instead, a change in one region changes the
other.

## Example
```terraform
resource \"aws_iam_role\" \"task\" {     # in a module that is called for both regions
  name = \"task\"
}
```

## How to fix it
Put the region or the role into the name, or declare the object once and pass it to both module calls.
",
    check: Check::Code(collision),
};

/// Types with one namespace, and the argument of the name.
const ONE_NAMESPACE: [(&str, &str); 9] = [
    ("aws_iam_role", "name"),
    ("aws_iam_policy", "name"),
    ("aws_iam_user", "name"),
    ("aws_iam_group", "name"),
    ("aws_iam_instance_profile", "name"),
    ("aws_s3_bucket", "bucket"),
    ("aws_cloudfront_function", "name"),
    ("aws_cloudfront_origin_access_control", "name"),
    ("aws_iam_openid_connect_provider", "url"),
];

fn collision(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (ty, argument) in ONE_NAMESPACE {
        for (pair, secondary) in mirror.pairs_of(ty) {
            let read = |id| text(mirror.value(id, argument));
            let account = |id| mirror.instance(id).account.value.clone();
            let apart = matches!((account(pair.primary), account(secondary)), (Some(one), Some(other)) if one != other);
            let global = mirror.instance(secondary).scope == Scope::Global;
            if global && apart && ty != "aws_s3_bucket" {
                continue;
            }
            let asked = Asked::new(
                COLLISION.name,
                Spot::of(pair.primary, argument),
                Spot::of(secondary, argument),
            );
            match (read(pair.primary), read(secondary)) {
                (Maybe::Known(one), Maybe::Known(other)) if one == other => {
                    sink.broken(asked.broken(format!(
                        "{} and {} have the same name {one:?}",
                        mirror.instance(pair.primary).address,
                        mirror.instance(secondary).address
                    )));
                }
                (Maybe::Unknown(because), _) | (_, Maybe::Unknown(because)) if told(&because) => {
                    sink.unsure(
                        asked.unsure("whether both have the same name is not known", because),
                    );
                }
                // Without a name AWS makes one that is its own.
                _ => sink.holds(),
            }
        }
    }
}

fn told(because: &[Name]) -> bool {
    because.iter().any(|reason| &**reason != "aws")
}
