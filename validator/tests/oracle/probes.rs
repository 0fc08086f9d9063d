//! How deep evaluation reaches: in each probe an argument must come out true in one resource and false in its twin.

use serde_json::Value as Json;

use crate::program;

/// The arguments of a probe's instances that differ from what Terraform planned.
fn differences(kind: &str) -> Vec<String> {
    let directory = crate::data().join("probes").join(kind);
    let expected: Json =
        serde_json::from_slice(&std::fs::read(directory.join("expected.json")).unwrap()).unwrap();
    let root = directory.join(expected["root"].as_str().unwrap());
    let inventory = program::inventory(&root, expected["workspace"].as_str());
    let attribute = expected["attribute"].as_str().unwrap();
    let wanted = expected["values"].as_object().unwrap();
    assert!(
        wanted.values().any(|v| v == true) && wanted.values().any(|v| v == false),
        "{kind} holds no twins"
    );
    let instances = inventory["instances"].as_array().unwrap();
    wanted
        .iter()
        .filter_map(|(address, value)| {
            let instance = instances
                .iter()
                .find(|instance| instance["address"] == **address);
            let given = instance.map_or(&Json::Null, |instance| &instance["values"][attribute]);
            (given != value)
                .then(|| format!("{kind}: {address}.{attribute} is {value}, not {given}"))
        })
        .collect()
}

#[test]
fn evaluation_reaches_through_all_that_lies_between_a_literal_and_an_argument() {
    let kinds: Vec<String> = std::fs::read_dir(crate::data().join("probes"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(kinds.len() >= 21, "only {} probes", kinds.len());
    let found: Vec<String> = kinds.iter().flat_map(|kind| differences(kind)).collect();
    assert!(
        found.is_empty(),
        "{} differ:\n{}",
        found.len(),
        found.join("\n")
    );
}
