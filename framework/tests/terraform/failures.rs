//! Failures: what a user reads, and what the state keeps.

use crate::root::Root;

fn fragile(more: &str) -> String {
    format!("resource \"conf_fragile\" \"x\" {{\n  words = \"hello\"\n{more}\n}}\n")
}

#[test]
fn c14_c15_the_schema_loads_and_describes_everything() {
    let root = Root::new("");
    let schema = root.run(&["providers", "schema", "-json"]).ok(&[]).text;
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let schemas =
        &schema["provider_schemas"]["registry.terraform.io/examples/conf"]["resource_schemas"];
    assert_eq!(schemas.as_object().unwrap().len(), 3);
    for (resource, schema) in schemas.as_object().unwrap() {
        for (name, attribute) in schema["block"]["attributes"].as_object().unwrap() {
            assert!(attribute["description"].is_string(), "{resource}.{name}");
        }
    }
}

#[test]
fn c16_nothing_that_is_unknown_is_complained_about() {
    let root = Root::new(
        "variable \"v\" {\n  type = string\n}\nresource \"conf_thing\" \"x\" {\n  name = var.v\n  color = var.v\n  password = var.v\n  parts = [{ label = var.v, count = var.v }]\n}\n",
    );
    root.run(&["validate", "-no-color"])
        .ok(&["The configuration is valid"]);
}

#[test]
fn c18_c19_every_error_has_its_place_and_all_are_told() {
    let root = Root::new(
        "resource \"conf_thing\" \"x\" {\n  name  = \"lamp\"\n  color = \"mauve\"\n  parts = [{ label = \"fits\" }, { label = \"far far too long a label\" }]\n  places = { top = { label = \"x\", count = 100 } }\n}\n",
    );
    root.run(&["validate", "-no-color"]).fails(&[
        "parts[1].label",
        "places[\"top\"].count",
        "mauve",
    ]);
}

#[test]
fn c19_warnings_survive_a_success() {
    let on = "resource \"conf_thing\" \"x\" {\n  name = \"lamp\"\n  on = true\n}\n";
    let root = Root::new(on);
    root.apply(&[]).ok(&["1 added"]);
    root.write(&on.replace("true", "false"));
    root.apply(&[])
        .ok(&["The thing is switched off", "1 changed"]);
}

#[test]
fn c29_a_create_that_fails_half_way_is_tainted_with_its_id_and_healed_by_the_next_apply() {
    let root = Root::new(&fragile("fails = \"create half way\""));
    root.apply(&[]).fails(&["Failed to create half way"]);
    assert_eq!(
        (
            &root.instance()["status"],
            &root.instance()["attributes"]["id"]
        ),
        (&"tainted".into(), &"fragile-1".into())
    );
    root.write(&fragile(""));
    root.apply(&[])
        .ok(&["1 added, 0 changed, 1 destroyed"])
        .silent_on("leaked");
    root.is_settled();
}

#[test]
fn c30_an_update_that_fails_leaves_what_really_holds() {
    let root = Root::new(&fragile(""));
    root.apply(&[]).ok(&["1 added"]);
    root.write(&fragile("fails = \"update\"").replace("hello", "bye"));
    root.apply(&[]).fails(&["Failed to update"]);
    assert_eq!(root.instance()["attributes"]["words"], "hello");
    root.write(&fragile("fails = \"update half way\"").replace("hello", "bye"));
    root.apply(&[]).fails(&["Failed to update half way"]);
    assert_eq!(root.instance()["attributes"]["words"], "bye");
}

#[test]
fn c33_a_timeout_says_what_was_waited_for_and_a_bad_one_names_its_place() {
    let root = Root::new(&fragile(
        "seconds = 20\n  timeouts {\n    create = \"1s\"\n  }",
    ));
    root.apply(&[]).fails(&["the object to settle"]);
    root.write(&fragile("timeouts {\n    create = \"soon\"\n  }"));
    root.run(&["validate", "-no-color"])
        .fails(&["timeouts", "is not a duration"]);
}

#[test]
fn c37_a_state_of_a_newer_provider_is_refused() {
    let root = Root::new("resource \"conf_thing\" \"x\" {\n  name = \"lamp\"\n}\n");
    root.apply(&[]).ok(&["1 added"]);
    let mut state = root.state();
    state["resources"][0]["instances"][0]["schema_version"] = 9.into();
    root.store_state(&state);
    root.plan(&[]).fails(&["newer provider version"]);
}

#[test]
fn c46_an_action_says_its_progress_and_its_verdict_whatever_happens() {
    let action = |ending: &str| {
        format!(
            "action \"conf_announce\" \"x\" {{\n  config {{\n    lines  = [\"one\", \"two\"]\n    ending = {ending}\n  }}\n}}\n"
        )
    };
    let root = Root::new(&action("null"));
    root.apply(&["-invoke=action.conf_announce.x"])
        .ok(&["one", "two", "Actions: 1 invoked"]);
    for ending in ["\"error\"", "\"panic\""] {
        root.write(&action(ending));
        root.apply(&["-invoke=action.conf_announce.x"])
            .fails(&["one", "two", "Error:"]);
    }
}

#[test]
fn c48_deletion_protection_is_an_error_of_the_plan() {
    let root = Root::new(&fragile("protected = true"));
    root.apply(&[]).ok(&["1 added"]);
    root.plan(&["-destroy"]).fails(&["The object is protected"]);
}

#[test]
fn c51_a_panic_is_an_error_that_names_the_operation_and_the_process_lives_on() {
    let root = Root::new(&format!(
        "{}resource \"conf_thing\" \"y\" {{\n  name = \"lamp\"\n}}\n",
        fragile("panics = \"create\"")
    ));
    root.apply(&[])
        .fails(&[
            "The provider failed in applying conf_fragile",
            "told to panic",
        ])
        .silent_on("did not respond");
    assert!(
        root.store().join("thing-lamp.json").exists(),
        "the other resource was made by the same process"
    );
}
