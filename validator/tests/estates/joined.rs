//! A plan with its configuration: values of the plan, places and references of the files.

use std::path::Path;

use serde_json::Value as Json;
use tempfile::TempDir;

use super::program::{
    CONFIGURATION, JOINED, PLAN, SEEDED_CONFIGURATION, drcheck, estate, instances, inventory,
    inventory_run, keys,
};

#[test]
fn a_joined_plan_has_what_each_of_its_sources_knows() {
    let (code, plan, joined) = (instances(CONFIGURATION), instances(PLAN), instances(JOINED));
    let mut symbols = 0;
    for (address, joined) in &joined {
        let (code, plan) = (&code[address], &plan[address]);
        for of_code in ["source", "places", "references", "ignore_changes"] {
            assert_eq!(joined[of_code], code[of_code], "{of_code} of {address}");
        }
        for of_plan in ["sensitive", "region", "provider_key"] {
            assert_eq!(joined[of_plan], plan[of_plan], "{of_plan} of {address}");
        }
        // The code shows of which parts an unknown map is made: an empty one stands for it then.
        let empty = serde_json::json!({});
        let mut values = joined["values"].as_object().expect("values").clone();
        values.retain(|name, value| *value != empty || plan["values"].get(name).is_some());
        assert_eq!(
            &values,
            plan["values"].as_object().expect("values"),
            "values of {address}"
        );
        symbols += joined["unknown"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|note| note["symbol"].is_string())
            .count();
    }
    assert!(symbols > 200, "{symbols} symbols");
}

#[test]
fn an_unknown_of_the_plan_says_what_it_will_be_made_of() {
    let joined = instances(JOINED);
    let route = &joined["module.network_primary.aws_nat_gateway.this[\"public-a\"]"];
    let note = route["unknown"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|note| note["path"] == serde_json::json!(["subnet_id"]))
        .expect("the subnet is not known");
    let symbol = note["symbol"].as_str().expect("a symbol");
    assert!(
        symbol.contains("module.network_primary.aws_subnet.this[\"public-a\"].id"),
        "{symbol}"
    );
}

#[test]
fn a_plan_of_the_same_configuration_is_not_out_of_date() {
    let joined = inventory(JOINED);
    assert_eq!(joined["diagnostics"], Json::Array(Vec::new()));
    let run = inventory_run(JOINED, &keys().one());
    assert_eq!(run.stderr, "");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

#[test]
fn a_literal_changed_after_the_plan_makes_it_out_of_date() {
    let directory = TempDir::new().expect("a directory");
    copy(&estate("two-region"), directory.path());
    let file = directory.path().join("modules/network/main.tf");
    let text = std::fs::read_to_string(&file).expect("a file");
    let changed = text.replacen(
        "enable_dns_hostnames = true",
        "enable_dns_hostnames = false",
        1,
    );
    assert_ne!(text, changed);
    std::fs::write(&file, changed).expect("a file");
    let run = drcheck(
        &["inventory", ".", "--plan", "plan.json", "--format", "json"],
        directory.path(),
    );
    assert_eq!(run.code, Some(0));
    for module in ["network_primary", "network_secondary"] {
        let told = format!("module.{module}.aws_vpc.this: the plan is out of date");
        assert!(run.stderr.contains(&told), "{}", run.stderr);
    }
    assert_eq!(
        run.stderr.matches("out of date").count(),
        2,
        "{}",
        run.stderr
    );
}

/// The chain of an attribute as `file:line what`.
fn chain(instance: &Json, attribute: &str) -> Vec<String> {
    let links = instance["places"][attribute].as_array().expect("a chain");
    links
        .iter()
        .map(|link| {
            let text = |name: &str| link[name].as_str().expect("text").to_owned();
            format!("{}:{} {}", text("file"), link["line"], text("what"))
        })
        .collect()
}

/// The line of a file that holds a text, after another that holds the first.
fn line(file: &str, after: &str, text: &str) -> usize {
    let all = std::fs::read_to_string(estate("two-region").join(file)).expect("a file");
    let start = all
        .lines()
        .position(|line| line.contains(after))
        .expect("the first text");
    let offset = all
        .lines()
        .skip(start)
        .position(|line| line.contains(text))
        .expect("the text");
    start + offset + 1
}

#[test]
fn places_lead_through_each_module_call_to_the_line_that_decides() {
    let code = instances(CONFIGURATION);
    let mut chains = Vec::new();
    for role in ["primary", "secondary"] {
        let instance = &code[&format!("module.network_{role}.aws_vpc.this")];
        let chain = chain(instance, "cidr_block");
        let declared = line(
            "modules/network/main.tf",
            "\"aws_vpc\" \"this\"",
            "cidr_block",
        );
        let called = line("main.tf", &format!("module \"network_{role}\""), "  cidr ");
        let given = line("terraform.tfvars", "vpc_cidrs", role);
        let expected = [
            format!("modules/network/main.tf:{declared} "),
            format!("main.tf:{called} "),
            format!("terraform.tfvars:{given} "),
        ];
        assert_eq!(chain.len(), expected.len(), "{chain:?}");
        for (link, start) in chain.iter().zip(&expected) {
            assert!(link.starts_with(start), "{link} is not at {start}");
        }
        chains.push(chain);
    }
    // The twins share a line in the module and part at the calls.
    assert_eq!(chains[0][0], chains[1][0]);
    assert_ne!(chains[0][1], chains[1][1]);
    assert_ne!(chains[0][2], chains[1][2]);
}

#[test]
fn every_instance_of_a_configuration_is_placed_at_its_block() {
    for source in [CONFIGURATION, SEEDED_CONFIGURATION] {
        for (address, instance) in &instances(source) {
            let at = &instance["source"];
            let file = estate(source.0).join(at["file"].as_str().expect("a file"));
            let text = std::fs::read_to_string(&file).expect("the file is there");
            let number = usize::try_from(at["line"].as_u64().expect("a line")).expect("small");
            let block = text.lines().nth(number - 1).expect("the line is there");
            let name = format!("{} {}", instance["type"], instance["name"]);
            assert!(block.contains(&name), "{address} is not at {block}");
        }
    }
}
