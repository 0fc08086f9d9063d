//! Values: kept, large, drifting, exact, in blocks of every nesting.

use serde_json::json;

use crate::root::Root;

const LAMP: &str = r#"
resource "conf_thing" "x" {
  name     = "lamp"
  on       = true
  exact    = 12345678901234567890123456789012345678901234567890.5
  words    = ["a", "b"]
  labels   = ["y", "x"]
  tags     = { a = "1" }
  anything = { deep = [1, "two", null] }
  document = "{\"a\":1,\"b\":2}"
  parts    = [{ label = "shade" }, { label = "bulb", count = 2 }]
  spares   = [{ label = "spare" }]
  places   = { top = { label = "hook" } }
}
"#;

#[test]
fn c20_c22_every_kind_of_attribute_is_settled_right_after_its_apply() {
    let root = Root::new(LAMP);
    root.apply(&[]).ok(&["1 added"]);
    root.is_settled();
    root.write(&LAMP.replace("[\"a\", \"b\"]", "[]"));
    let plan = root.plan(&[]).ok(&["1 to change"]).text;
    assert!(
        !plan.contains("+ id") && !plan.contains("~ id"),
        "what cannot change stays known: {plan}"
    );
    root.apply(&[]).ok(&["1 changed"]);
    assert_eq!(
        root.instance()["attributes"]["words"],
        json!([]),
        "empty, not null"
    );
    root.is_settled();
    root.write("resource \"conf_thing\" \"x\" {\n  name = \"lamp\"\n}\n");
    root.apply(&[]).ok(&["1 changed"]);
    root.is_settled();
}

#[test]
fn c21_values_known_only_at_apply_keep_the_plans_promises() {
    let root = Root::new(
        r#"
resource "terraform_data" "u" {
  input = ["kitchen", "bath"]
}
resource "conf_thing" "x" {
  name      = "u-${substr(terraform_data.u.id, 0, 8)}"
  words     = terraform_data.u.output
  labels    = toset([terraform_data.u.id])
  tags      = { (terraform_data.u.id) = "x" }
  anything  = terraform_data.u.output
  exact     = length(terraform_data.u.id)
  parts     = [for w in terraform_data.u.output : { label = w }]
  main_part = { label = substr(terraform_data.u.id, 0, 8) }
}
"#,
    );
    root.apply(&[]).ok(&["2 added"]);
    root.is_settled();
}

#[test]
fn c23_replacement_happens_where_it_is_documented_however_deep() {
    let root = Root::new(LAMP);
    root.apply(&[]).ok(&["1 added"]);
    root.write(&LAMP.replace(
        "label = \"shade\"",
        "label = \"shade\", material = \"glass\"",
    ));
    root.plan(&[]).ok(&["material", "forces replacement"]);
    root.write(&LAMP.replace("label = \"shade\"", "label = \"hood\""));
    root.plan(&[])
        .ok(&["1 to change"])
        .silent_on("forces replacement");
}

#[test]
fn c11_large_values_and_states_pass() {
    let many = "resource \"conf_thing\" \"x\" {\n  count = 9\n  name  = \"big-${count.index}\"\n  words = [join(\"\", [for i in range(6) : join(\"\", [for j in range(1000) : format(\"%01000d\", j)])])]\n}\n";
    let root = Root::new(many);
    root.apply(&[]).ok(&["9 added"]);
    assert!(root.state().to_string().len() > 50_000_000);
    root.is_settled();
}

#[test]
fn c26_c28_what_was_removed_outside_is_seen_and_made_anew() {
    let root = Root::new(LAMP);
    root.apply(&[]).ok(&["1 added"]);
    std::fs::remove_file(root.store().join("thing-lamp.json")).unwrap();
    root.plan(&["-refresh-only"]).ok(&["has been deleted"]);
    root.plan(&[]).ok(&["1 to add"]);
    root.run(&["destroy", "-no-color", "-auto-approve", "-refresh=false"])
        .ok(&["1 destroyed"]);
}

#[test]
fn c27_drift_is_shown_and_another_spelling_is_none() {
    let root = Root::new(LAMP);
    root.apply(&[]).ok(&["1 added"]);
    let file = root.store().join("thing-lamp.json");
    let stored = std::fs::read_to_string(&file).unwrap();
    let respelled = stored.replace(r#"{\"a\":1,\"b\":2}"#, r#"{ \"b\": 2, \"a\": 1 }"#);
    assert_ne!(stored, respelled);
    std::fs::write(&file, respelled).unwrap();
    root.is_settled();
    std::fs::write(&file, stored.replace("\"on\":true", "\"on\":false")).unwrap();
    root.plan(&[]).ok(&["~ on", "false -> true"]);
}

#[test]
fn c34_c35_imports_settle_and_a_bad_id_shows_the_format() {
    let root = Root::new("resource \"conf_thing\" \"x\" {\n  name = \"lamp\"\n}\n");
    root.run(&["import", "-no-color", "conf_thing.x", "lamp"])
        .fails(&["thing-NAME", "thing-lamp"]);
    root.apply(&[]).ok(&["1 added"]);
    root.run(&["state", "rm", "conf_thing.x"]).ok(&[]);
    root.run(&["import", "-no-color", "conf_thing.x", "thing-lamp"])
        .ok(&["Import successful"]);
    root.is_settled();
    root.run(&["state", "rm", "conf_thing.x"]).ok(&[]);
    root.write("import {\n  to = conf_thing.x\n  identity = { name = \"lamp\" }\n}\nresource \"conf_thing\" \"x\" {\n  name = \"lamp\"\n}\n");
    root.apply(&[]).ok(&["1 imported, 0 added"]);
}

#[test]
fn c40_c41_secrets_are_neither_shown_nor_stored_where_they_do_not_belong() {
    let root = Root::new(
        "resource \"conf_thing\" \"x\" {\n  name     = \"safe\"\n  password = \"hush-hush\"\n  key      = \"skeleton\"\n  key_version = 1\n}\n",
    );
    root.plan(&["-out=saved"])
        .ok(&["(sensitive value)"])
        .silent_on("hush-hush");
    root.apply(&[]).ok(&["1 added"]).silent_on("hush-hush");
    assert_eq!(root.instance()["attributes"]["key"], json!(null));
    assert_eq!(
        root.instance()["attributes"]["key_length"],
        8,
        "it reached the provider"
    );
    assert!(!root.state().to_string().contains("skeleton"));
    root.is_settled();
}

#[test]
fn c43_functions_take_null_keep_digits_and_name_their_argument() {
    let root = Root::new(
        "output \"n\" {\n  value = provider::conf::same_number(12345678901234567890123456789.5)\n}\noutput \"z\" {\n  value = provider::conf::or_nothing(null)\n}\n",
    );
    root.apply(&[])
        .ok(&["12345678901234567890123456789.5", "nothing"]);
    root.write("output \"x\" {\n  value = provider::conf::join_words([], \"-\")\n}\n");
    root.plan(&[]).fails(&["there are no words", "words"]);
    root.write("output \"x\" {\n  value = provider::conf::panics(\"aah\")\n}\n");
    root.plan(&[]).fails(&["bug in the provider", "aah"]);
}

#[test]
fn c57_c58_blocks_of_every_nesting_and_dynamic_ones_settle() {
    let house = r#"
resource "terraform_data" "rooms" {
  input = ["kitchen", "bath"]
}
resource "conf_house" "x" {
  street = "Main"
  roof {
    material = "tin"
  }
  dynamic "room" {
    for_each = terraform_data.rooms.output
    content {
      purpose = room.value
      window {
        side = "north"
      }
    }
  }
  door {
    person = "Ada"
  }
  garden "front" {
    purpose = "roses"
  }
}
"#;
    let root = Root::new(house);
    root.apply(&[]).ok(&["2 added"]);
    root.is_settled();
    root.write(&house.replace("tin", "slate"));
    root.plan(&[]).ok(&["forces replacement"]);
}
