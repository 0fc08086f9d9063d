//! Imports by identity with real Terraform, and a state that was lost with everything in it.

use serde_json::{Value, json};

use crate::failover::{Estate, lose};
use crate::global_writer::Globals;
use crate::harness::{Databases, Root, promotion};

const NO_CHANGES: &str = "No changes. Your infrastructure matches the configuration";

/// The identity of an estate's plan, as configuration; its stores are those of these regions.
fn identity(estate: &Estate, regions: &[&str]) -> String {
    let stores = regions
        .iter()
        .map(|region| format!("\"{region}/{}\"", estate.store(region).display()));
    format!(
        "{{ name = \"{}\", stores = [{}] }}",
        estate.databases.primary,
        stores.collect::<Vec<_>>().join(", ")
    )
}

const BOTH: [&str; 2] = ["us-east-1", "us-west-2"];

fn import(address: &str, identity: &str) -> String {
    format!("import {{\n  to = {address}\n  identity = {identity}\n}}\n")
}

/// What the state keeps as the identity of each resource, by type.
fn identities(root: &Root) -> Value {
    let shown = root.run(&["show", "-json"]).ok(&[]).text;
    let shown: Value = serde_json::from_str(&shown).expect("JSON");
    let resources = shown["values"]["root_module"]["resources"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let kept = resources.into_iter().map(|it| {
        let kind = it["type"].as_str().unwrap_or_default().to_owned();
        (kind, it["identity"].clone())
    });
    Value::Object(kept.collect())
}

/// Forgets all that Terraform knows.
fn lose_the_state(root: &Root) {
    for file in ["terraform.tfstate", "terraform.tfstate.backup"] {
        let file = root.directory.path().join(file);
        if file.exists() {
            std::fs::remove_file(file).expect("removed");
        }
    }
}

#[test]
fn c34_every_resource_is_imported_by_identity_after_the_state_was_lost() {
    let (estate, databases, globals) = (Estate::new(), Databases::new(), Globals::new());
    let content = format!(
        "{}{}{}",
        estate.both("us-east-1", ""),
        promotion(&databases, "replica", ""),
        globals.resource("us-east-1", "")
    );
    let root = Root::new(&content);
    root.apply(&[]).ok(&["4 added"]);
    let kept = identities(&root);
    let plan = json!({
        "name": estate.databases.primary,
        "stores": BOTH.map(|region| format!("{region}/{}", estate.store(region).display())),
    });
    assert_eq!(kept["dr_failover_plan"], plan);
    assert_eq!(kept["dr_failover"], plan);
    assert_eq!(
        kept["dr_global_cluster_writer"],
        json!({ "global_cluster_identifier": globals.id })
    );
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);

    lose_the_state(&root);
    let named = identity(&estate, &BOTH);
    let imports = [
        import("dr_failover_plan.orders", &named),
        import("dr_failover.orders", &named),
        import(
            "dr_replica_promotion.orders",
            &format!(
                "{{ region = \"us-west-2\", db_instance_identifier = {:?} }}",
                databases.replica
            ),
        ),
        import(
            "dr_global_cluster_writer.orders",
            &format!("{{ global_cluster_identifier = {:?} }}", globals.id),
        ),
    ];
    root.write(&format!("{}{content}", imports.concat()));
    root.plan(&[])
        .ok(&["4 to import, 0 to add", "0 to destroy"]);
    root.apply(&[]).ok(&["4 imported, 0 added"]);
    assert_eq!(identities(&root), kept, "as before the state was lost");
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    let promoted = estate.databases.promotions() + databases.promotions() + globals.moves();
    assert_eq!(promoted, 0);
}

#[test]
fn c34_a_lost_region_does_not_keep_a_plan_from_being_imported() {
    let estate = Estate::new();
    estate.held();
    let mut root = Root::new("");
    lose(&mut root);
    let address = "dr_failover_plan.orders";
    let with = |identity: &str| format!("{}{}", import(address, identity), estate.plan());
    root.write(&with(&identity(&estate, &["us-east-1"])));
    root.plan(&[])
        .fails(&["us-east-1 is declared lost", "unset DR_LOST_REGIONS"]);
    let another = identity(&estate, &BOTH).replace(&estate.databases.primary, "billing");
    root.write(&with(&another));
    root.plan(&[])
        .fails(&[&format!("name = \"{}\"", estate.databases.primary)]);
    root.write(&with(&identity(&estate, &BOTH)));
    root.apply(&[]).ok(&["1 imported, 0 added"]);
    // One store was enough to find it; the identity is all of them, and stays.
    lose_the_state(&root);
    root.write(&with(&identity(&estate, &["us-west-2"])));
    root.apply(&[]).ok(&["1 imported, 0 added"]);
    let kept = identities(&root);
    assert_eq!(
        kept["dr_failover_plan"]["stores"].as_array().map(Vec::len),
        Some(2)
    );
    root.extra.clear();
    root.write(&estate.plan());
    root.apply(&[]).ok(&["0 added"]);
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
    assert_eq!(identities(&root), kept);
}

#[test]
fn c34_an_identity_follows_stores_that_move() {
    let estate = Estate::new();
    let root = estate.held();
    let before = identities(&root);
    let moved = estate
        .both("us-east-1", "")
        .replace("/us-west-2\" }", "/us-west-2/moved\" }");
    root.write(&moved);
    root.apply(&[]).ok(&["0 added", "0 destroyed"]);
    let after = identities(&root);
    assert_ne!(before, after);
    for resource in ["dr_failover_plan", "dr_failover"] {
        let stores = after[resource]["stores"].to_string();
        assert!(stores.contains("/us-west-2/moved"), "{resource}: {stores}");
    }
    root.plan(&["-detailed-exitcode"]).ok(&[NO_CHANGES]);
}
