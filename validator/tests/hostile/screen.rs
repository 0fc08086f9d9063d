//! What is printed cannot steer a terminal or fake other lines.

use crate::run::{Ran, Root};

/// A window title, a colour, a cleared line, a bell, a C1 control, a direction override.
const HARM: &str = "a\\u001b]0;owned\\u0007\\u001b[31mred\\u001b[2K\\u0007\\u009b2J\\u202eb";

#[track_caller]
fn is_plain(ran: &Ran) {
    for (name, text) in [("output", &ran.out), ("errors", &ran.err)] {
        let found = text.chars().find(|c| {
            (c.is_control() && *c != '\n' && *c != '\t')
                || matches!(*c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
        });
        assert_eq!(found, None, "in the {name}: {text:?}");
    }
}

#[test]
fn values_and_names_from_configuration_are_printed_harmless() {
    let harm: String = serde_json::from_str(&format!("\"{HARM}\"")).expect("a string of JSON");
    let mains = [
        format!(
            "resource \"aws_vpc\" \"x\" {{\n  for_each = {{ \"{HARM}\" = 1 }}\n  cidr_block = \"{HARM}\"\n  tags = {{ \"{HARM}\" = \"{HARM}\" }}\n}}\n"
        ),
        format!(
            "provider \"aws\" {{\n  region = \"{HARM}\"\n}}\nresource \"aws_vpc\" \"x\" {{}}\n"
        ),
        format!(
            "variable \"v\" {{}}\nresource \"aws_vpc\" \"x\" {{\n  cidr_block = var.v[\"{HARM}\"]\n  tags = {{ a = \"{HARM}${{var.v}}\" }}\n}}\n"
        ),
        format!("resource \"aws_vpc\" \"x\" {{\n  cidr_block = {{}}[\"{HARM}\"]\n}}\n"),
        format!("resource \"aws_vpc\" \"x\" {{\n  cidr_block = tonumber(\"{HARM}\")\n}}\n"),
        format!("resource \"aws_vpc\" \"x\" {{\n  cidr_block = file(\"{HARM}\")\n}}\n"),
        format!("resource \"aws_vpc\" \"x\" {{\n  cidr_block = regex(\"{HARM}(\", \"\")\n}}\n"),
        format!(
            "module \"m\" {{\n  source = \"{HARM}\"\n}}\nmodule \"n\" {{\n  source = \"./{HARM}\"\n}}\n"
        ),
        format!("module \"m\" {{\n  source = \"./m\"\n  for_each = toset([\"{HARM}\\n\"])\n}}\n"),
        format!("resource \"aws_vpc\" \"x\" {{\n  cidr_block = {harm}\n}}\n"),
        format!("resource \"aws_vpc\" \"{harm}\" {{\n  cidr_block = 1 +\n}}\n# {harm}\r{harm}\n"),
        format!("resource \"aws_vpc\" \"x\" {{\n  cidr_block = 1 + \"{harm}\"\n}}\n"),
        format!("resource \"{harm}\" \"x\" {{\n  \"{harm}\" = 1\n}}\n"),
        format!("locals {{\n  a = \"{harm}\" \r  b = nope\n}}\n"),
    ];
    for main in mains {
        let root = Root::new(&main).with(
            "m/main.tf",
            "resource \"aws_vpc\" \"x\" {\n  cidr_block = nope\n}\n",
        );
        is_plain(&root.inventory());
        is_plain(&root.values());
    }
}

#[test]
fn names_of_files_are_printed_harmless() {
    let name = "a\u{1b}[31m\u{7}\u{202e}\n.tf";
    let root = Root::new("").with(
        name,
        "resource \"aws_vpc\" \"x\" {\n  cidr_block = nope\n}\nlocals {\n  a = 1 +\n}\n",
    );
    is_plain(&root.inventory());
    is_plain(&root.run(&["inventory", "\u{1b}[31m\nnowhere"]));
    is_plain(&root.run(&["inventory", "--plan", "\u{1b}[31m\nnowhere"]));
    is_plain(&root.run(&["inventory", ".", "--var", "\u{1b}[31m"]));
    is_plain(&root.run(&["eval", "\u{1b}[31m +"]));
    is_plain(&root.run(&["eval", "\"\\u001b[31m\\u202e\""]));
    is_plain(&root.run(&["eval", "[\"\\u001b[31m\", { \"\\u001b[31m\" = 1 }]"]));
}

#[test]
fn documents_are_printed_harmless() {
    let state = format!(
        "{{\"version\":4,\"terraform_version\":\"{HARM}\",\"resources\":[{{\"mode\":\"managed\",\"type\":\"aws_vpc\",\"name\":\"{HARM}\",\
         \"module\":\"module.{HARM}\",\"provider\":\"provider[\\\"{HARM}\\\"]\",\"instances\":[{{\"index_key\":\"{HARM}\\n\",\
         \"attributes\":{{\"id\":\"{HARM}\",\"{HARM}\":1,\"region\":\"{HARM}\"}}}}]}}]}}"
    );
    let root = Root::new("").with("state.json", state).with(
        "bad.json",
        format!("{{\"{HARM}\": 1, \"format_version\": \"{HARM}\"}}"),
    );
    is_plain(&root.run(&["inventory", "--state", "state.json", "--values"]));
    for flag in ["--state", "--plan", "--inventory"] {
        is_plain(&root.run(&["inventory", flag, "bad.json"]));
    }
}
