//! Which instances there are, and where each of them lives.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::program::{
    CONFIGURATION, JOINED, KEYS_CONFIGURATION, KEYS_PLAN, PLAN, REGION_ATTRIBUTE,
    SEEDED_CONFIGURATION, SEEDED_PLAN, SHOWN, STORED, Source, instances,
};

const PRIMARY: &str = "us-east-1";
const SECONDARY: &str = "us-west-2";

/// The root's resources under the alias of the secondary region, as its files say.
const SECONDARY_AT_ROOT: [&str; 2] = [
    "aws_route.to_primary",
    "aws_vpc_peering_connection_accepter.regions",
];

/// Where an instance of the two-region estate lives, told from its address alone.
fn true_region(address: &str) -> &'static str {
    let at_root = SECONDARY_AT_ROOT
        .iter()
        .any(|name| address == *name || address.starts_with(&format!("{name}[")));
    let in_module = ["network", "data", "app"]
        .iter()
        .any(|module| address.starts_with(&format!("module.{module}_secondary.")));
    if at_root || in_module {
        SECONDARY
    } else {
        PRIMARY
    }
}

fn count(all: &BTreeMap<String, Json>, mode: &str, region: &str) -> usize {
    all.values()
        .filter(|instance| instance["mode"] == mode && instance["region"] == region)
        .count()
}

#[test]
fn configuration_plan_and_states_hold_the_same_addresses() {
    let (code, plan, stored, shown) = (
        instances(CONFIGURATION),
        instances(PLAN),
        instances(STORED),
        instances(SHOWN),
    );
    let managed = |all: &BTreeMap<String, Json>| {
        all.values()
            .filter(|instance| instance["mode"] == "managed")
            .count()
    };
    assert_eq!((code.len(), managed(&code)), (318, 301));
    assert_eq!((stored.len(), managed(&stored)), (317, 300));
    assert!(code.keys().eq(plan.keys()));
    assert!(code.keys().eq(instances(JOINED).keys()));
    assert!(stored.keys().eq(shown.keys()));
    // The one that no emulator has was switched off for the apply.
    let mut expected = code;
    expected.remove("aws_elasticache_global_replication_group.main[0]");
    assert!(stored.keys().eq(expected.keys()));
}

#[test]
fn seeded_configuration_and_plan_hold_the_same_addresses_and_regions() {
    let (code, plan) = (instances(SEEDED_CONFIGURATION), instances(SEEDED_PLAN));
    assert_eq!(code.len(), 310);
    let places = |all: &BTreeMap<String, Json>| -> Vec<(String, Json, Json)> {
        all.iter()
            .map(|(address, instance)| {
                let (region, key) = (&instance["region"], &instance["provider_key"]);
                assert!(region.is_string(), "{address}");
                (address.clone(), region.clone(), key.clone())
            })
            .collect()
    };
    assert_eq!(places(&code), places(&plan));
}

#[test]
fn every_region_is_right_where_the_provider_is_known() {
    for source in [CONFIGURATION, PLAN, STORED, JOINED] {
        let all = instances(source);
        for (address, instance) in &all {
            let region = true_region(address);
            assert_eq!(instance["region"], region, "{source:?} {address}");
            let key = if region == SECONDARY {
                "aws.secondary"
            } else {
                "aws"
            };
            assert_eq!(instance["provider_key"], key, "{source:?} {address}");
            assert_eq!(instance["account"], "123456789012", "{source:?} {address}");
            let because = instance["region_because"].as_array().expect("a derivation");
            assert!(!because.is_empty(), "{source:?} {address}");
        }
        let applied = usize::from(source == STORED);
        assert_eq!(count(&all, "managed", PRIMARY), 160 - applied, "{source:?}");
        assert_eq!(count(&all, "managed", SECONDARY), 141, "{source:?}");
        assert_eq!(count(&all, "data", PRIMARY), 10, "{source:?}");
        assert_eq!(count(&all, "data", SECONDARY), 7, "{source:?}");
    }
}

#[test]
fn a_state_without_providers_tells_regions_by_each_instances_own_values() {
    let all = instances(SHOWN);
    let mut known = 0;
    for (address, instance) in &all {
        let because = instance["region_because"].as_array().expect("a derivation");
        assert!(!because.is_empty(), "{address}");
        if let Some(region) = instance["region"].as_str() {
            assert_eq!(region, true_region(address), "{address}");
            known += 1;
        }
    }
    assert_eq!(known, 270);
}

#[test]
fn a_region_as_an_attribute_comes_before_the_provider() {
    let all = instances(REGION_ATTRIBUTE);
    assert_eq!(all.len(), 318);
    for (address, instance) in &all {
        assert_eq!(instance["provider_key"], "aws", "{address}");
        // What is global has no such attribute; its provider is the only one there is.
        let region = if instance["values"]["region"].is_string() {
            true_region(address)
        } else {
            let global = ["aws_iam_", "aws_route53_", "aws_caller_identity"];
            let ty = instance["type"].as_str().expect("a type");
            assert!(
                global.iter().any(|start| ty.starts_with(start)),
                "{address}"
            );
            PRIMARY
        };
        assert_eq!(instance["region"], region, "{address}");
    }
}

#[test]
fn global_services_are_told_apart_whatever_their_provider() {
    let all = instances(CONFIGURATION);
    for (address, instance) in &all {
        let ty = instance["type"].as_str().expect("a type");
        let global = ty.starts_with("aws_iam_") || ty.starts_with("aws_route53_");
        let expected = if global { "global" } else { "regional" };
        if ![
            "aws_caller_identity",
            "aws_elasticache_global_replication_group",
        ]
        .contains(&ty)
        {
            assert_eq!(instance["scope"], expected, "{address}");
        }
    }
}

/// Address, region, provider configuration at the root.
type Where = (&'static str, Option<&'static str>, &'static str);

fn is_at(source: Source, (address, region, key): Where) -> String {
    let all = instances(source);
    let instance = &all[address];
    assert_eq!(instance["region"].as_str(), region, "{source:?} {address}");
    assert_eq!(instance["provider_key"], key, "{source:?} {address}");
    instance["region_because"].to_string()
}

const OWN: Where = ("module.own.aws_vpc.x", Some("eu-west-1"), "module.own:aws");
const BARE: Where = ("aws_vpc.bare", None, "aws.bare");
const DEEP: [&str; 2] = [
    "module.deep.aws_vpc.x",
    "module.deep.module.inner.aws_vpc.y[\"a.b[0]\"]",
];

#[test]
fn an_alias_renamed_through_modules_leads_to_its_block_at_the_root() {
    for address in DEEP {
        let because = is_at(KEYS_CONFIGURATION, (address, Some(SECONDARY), "aws.far"));
        assert!(because.contains("aws.far is passed to module.deep as aws.peer"));
    }
    let because = is_at(KEYS_CONFIGURATION, (DEEP[1], Some(SECONDARY), "aws.far"));
    assert!(because.contains("aws.peer is passed to module.deep.module.inner as aws"));
}

#[test]
fn a_region_that_is_a_local_is_known_to_the_configuration_only() {
    for address in DEEP {
        let because = is_at(KEYS_PLAN, (address, None, "aws.far"));
        assert!(because.contains("local.far"), "{because}");
    }
}

#[test]
fn a_module_with_its_own_provider_lives_where_that_says() {
    for source in [KEYS_CONFIGURATION, KEYS_PLAN] {
        is_at(source, OWN);
    }
}

#[test]
fn a_provider_without_region_leaves_it_open_and_says_what_would_settle_it() {
    for source in [KEYS_CONFIGURATION, KEYS_PLAN] {
        let because = is_at(source, BARE);
        assert!(because.contains("names no region"), "{because}");
    }
}
