//! Which instance mirrors which.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use drcheck::inventory::{Inventory, Mode};
use drcheck::mirror::{Evidence, Mirror};
use drcheck::settings::{Settings, ToldPair};

use super::read::{configuration, plan, state};

fn pairs(inventory: &Inventory, settings: &Settings) -> BTreeSet<(String, String)> {
    let mirror = Mirror::new(inventory, settings).expect("two regions");
    mirror
        .pairs()
        .iter()
        .filter(|pair| mirror.instance(pair.primary).mode == Mode::Managed)
        .map(|pair| {
            let address = |id| mirror.instance(id).address.to_string();
            (address(pair.primary), address(pair.holder()))
        })
        .collect()
}

#[test]
fn every_source_gives_the_same_pairs() {
    let settings = Settings::default();
    let from_state = pairs(&state("two-region/terraform.tfstate"), &settings);
    let from_plan = pairs(&plan("two-region/plan.json"), &settings);
    let from_code = pairs(&configuration("two-region"), &settings);
    // The state was applied without a global datastore, which only adds instances.
    assert_eq!(from_plan, from_code);
    assert_eq!(from_state, from_code);
    assert!(from_code.len() > 140, "{}", from_code.len());
}

/// Gives every module and resource of the secondary region a name that says nothing.
fn disguised(inventory: &Inventory) -> (Inventory, BTreeMap<String, String>) {
    let mut inventory = inventory.clone();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut real = BTreeMap::new();
    let mut word = |text: String| {
        let next = names.len() * 7919 % 100_003;
        names
            .entry(text)
            .or_insert_with(|| format!("x{next}"))
            .clone()
    };
    for instance in &mut inventory.instances {
        if instance.region.value.as_deref() != Some("us-west-2") {
            continue;
        }
        let module = if instance.module.is_empty() {
            String::new()
        } else {
            format!("module.{}", word(instance.module.to_string()))
        };
        let name = word(format!(
            "{} {} {}",
            instance.module, instance.ty, instance.name
        ));
        let resource = format!("{}.{}", instance.ty, instance.name);
        let key = instance
            .address
            .rsplit_once(&resource)
            .map(|(_, key)| key.to_owned())
            .unwrap_or_default();
        let mode = if instance.mode == Mode::Data {
            "data."
        } else {
            ""
        };
        let dot = if module.is_empty() { "" } else { "." };
        let address = format!("{module}{dot}{mode}{}.{name}{key}", instance.ty);
        real.insert(address.clone(), instance.address.to_string());
        instance.module = module.into();
        instance.name = name.into();
        instance.address = address.into();
    }
    (inventory, real)
}

#[test]
fn where_names_say_nothing_the_place_among_neighbours_does() {
    let settings = Settings::default();
    let inventory = state("two-region/terraform.tfstate");
    let expected = pairs(&inventory, &settings);
    let (disguised, real) = disguised(&inventory);
    let found: BTreeSet<(String, String)> = pairs(&disguised, &settings)
        .into_iter()
        .map(|(primary, secondary)| {
            let secondary = real.get(&secondary).cloned().unwrap_or(secondary);
            (primary, secondary)
        })
        .collect();
    let wrong: Vec<_> = found.difference(&expected).collect();
    assert!(wrong.is_empty(), "wrong pairs: {wrong:#?}");
    let missing: Vec<_> = expected.difference(&found).collect();
    assert!(
        missing.len() * 50 <= expected.len(),
        "{} of {} were not found: {missing:#?}",
        missing.len(),
        expected.len()
    );
}

#[test]
fn what_is_told_counts_before_everything_else() {
    let inventory = configuration("two-region");
    let one = "module.data_primary.aws_kms_alias.data";
    let other = "module.app_secondary.aws_kms_key.data";
    let settings = Settings {
        pairs: vec![ToldPair {
            primary: r#"module.network_primary.aws_subnet.this["db-a"]"#.into(),
            secondary: r#"module.network_secondary.aws_subnet.this["db-b"]"#.into(),
            place: None,
        }],
        ..Settings::default()
    };
    let mirror = Mirror::new(&inventory, &settings).expect("two regions");
    let told = mirror
        .pairs()
        .iter()
        .find(|pair| pair.evidence.first() == Some(&Evidence::Told))
        .expect("the pair that was told");
    assert_eq!(
        &*mirror.instance(told.holder()).address,
        r#"module.network_secondary.aws_subnet.this["db-b"]"#
    );
    // Addresses that are not there pair nothing, and nobody panics.
    let settings = Settings {
        pairs: vec![ToldPair {
            primary: one.into(),
            secondary: other.into(),
            place: None,
        }],
        ..Settings::default()
    };
    assert!(Mirror::new(&inventory, &settings).is_ok());
}

#[test]
fn the_order_of_instances_does_not_matter() {
    let settings = Settings::default();
    let mut inventory = configuration("two-region");
    let expected = pairs(&inventory, &settings);
    inventory.instances.reverse();
    assert_eq!(pairs(&inventory, &settings), expected);
}

#[test]
fn a_third_region_that_only_serves_certificates_is_no_secondary() {
    let mut inventory = configuration("two-region");
    let certificate = inventory
        .instances
        .iter()
        .find(|instance| &*instance.ty == "aws_acm_certificate")
        .cloned()
        .expect("a certificate");
    let mut other = certificate;
    other.address = "aws_acm_certificate.edge".into();
    other.module = "".into();
    other.region.value = Some(Arc::from("eu-west-1"));
    inventory.instances.push(other);
    let settings = Settings::default();
    let mirror = Mirror::new(&inventory, &settings).expect("still two regions");
    assert_eq!(&*mirror.roles.primary, "us-east-1");
    assert_eq!(mirror.roles.secondary.len(), 1);
}
