//! Text that is no text: bytes, nesting and lengths that no editor makes.

use crate::run::{Root, some};

const KEPT: &str = "resource \"aws_vpc\" \"kept\" {}\n";

#[test]
fn nesting_without_end_is_one_error() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{ a = ", "}"),
        ("\"${", "}\""),
        ("!", ""),
        ("f(", ")"),
        ("a[", "]"),
    ] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let ran = Root::new(KEPT)
            .with("deep.tf", format!("locals {{\n  a = {deep}\n}}\n"))
            .inventory();
        assert!(
            ran.err.len() < 10_000,
            "{open}: {} bytes of errors",
            ran.err.len()
        );
        ran.exits(3).shows("aws_vpc.kept");
    }
    let blocks = "a {\n".repeat(100_000);
    Root::new(KEPT).with("deep.tf", blocks).inventory().exits(3);
}

#[test]
fn open_ends_by_the_thousand_are_read_in_time() {
    for piece in [
        "a = <<E\n",
        "a = \"${\n",
        "a = /*\n",
        "a = [\n",
        "resource \"a\" \"b\" {\n",
        "%{ if x }",
        "\"",
        "\\",
        "${",
    ] {
        Root::new(KEPT)
            .with("open.tf", piece.repeat(5_000))
            .inventory()
            .exits(3)
            .shows("aws_vpc.kept");
        Root::new("")
            .with("open.tpl", piece.repeat(5_000))
            .eval("templatefile(\"open.tpl\", {})");
    }
}

#[test]
fn bytes_that_are_no_text_are_told() {
    let pieces: [&[u8]; 8] = [
        b"\0",
        b"\xff",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xef\xbb\xbf",
        b"\xfe\xff\0a",
        b"\x80",
    ];
    for piece in some(&pieces) {
        let at = |before: &str, after: &str| [before.as_bytes(), piece, after.as_bytes()].concat();
        for (before, after) in [
            ("", "resource \"aws_vpc\" \"x\" {}\n"),
            ("resource \"aws_vpc\" \"x", "\" {}\n"),
            ("resource \"aws_vpc\" x", " {}\n"),
            ("locals {\n  a = \"", "\"\n}\n"),
            ("locals {\n  a = <<E\n", "\nE\n}\n"),
            ("# ", "\n"),
            ("locals {\n  a = ", "\n}\n"),
            ("locals {\n  a = <<E", "\n\nE\n}\n"),
        ] {
            Root::new(KEPT)
                .with("bytes.tf", at(before, after))
                .inventory()
                .shows("aws_vpc.kept");
        }
        for name in [
            "a.tf.json",
            "terraform.tfvars",
            "terraform.tfvars.json",
            ".terraform/modules/modules.json",
            "dr.hcl",
        ] {
            Root::new(KEPT)
                .with(name, at("{\"locals\": {\"a\": \"", "\"}}"))
                .inventory();
            Root::new(KEPT).with(name, at("a = \"", "\"")).inventory();
        }
        let root = Root::new("").with("data", at("a: b", "c"));
        for function in ["file", "filebase64", "filemd5"] {
            root.eval(&format!("{function}(\"data\")"));
        }
        for function in [
            "jsondecode",
            "yamldecode",
            "csvdecode",
            "base64decode",
            "textencodebase64",
        ] {
            root.eval(&format!("{function}(try(file(\"data\"), \"x\"))"));
        }
        for flag in ["--plan", "--state", "--inventory", "--var-file"] {
            root.run(&["inventory", flag, "data"]);
        }
    }
}

#[test]
fn lines_without_end_do_not_drown_the_error() {
    let long = "x".repeat(1_000_000);
    for main in [
        format!(
            "locals {{\n  a = \"{long}\" + 1\n}}\nresource \"aws_vpc\" \"x\" {{\n  cidr_block = local.a\n}}\n"
        ),
        format!("resource \"aws_vpc\" \"x\" {{\n  cidr_block = {long}.y\n}}\n"),
        format!("resource \"aws_vpc\" \"x\" {{\n  cidr_block = var.{long}\n}}\n"),
        format!("resource \"aws_vpc\" \"x\" {{\n  cidr_block = local.{long}\n}}\n"),
        format!("resource \"aws_vpc\" \"x\" {{\n  cidr_block = {{}}[\"{long}\"]\n}}\n"),
        format!("resource \"aws_vpc\" \"x\" {{\n  cidr_block = tonumber(\"{long}\")\n}}\n"),
        format!("resource \"aws_vpc\" \"x\" {{\n  cidr_block = file(\"{long}\")\n}}\n"),
        format!("resource \"aws_vpc\" \"x\" {{\n  cidr_block = {long}(1)\n}}\n"),
        format!("resource \"aws_vpc\" \"x\" {{\n  cidr_block = jsondecode(\"{long}\")\n}}\n"),
        format!("resource \"aws_vpc\" \"x\" {{\n  cidr_block = regex(\"{long}(\", \"\")\n}}\n"),
        format!("resource \"aws_vpc\" \"x\" {{\n  provider = {long}\n}}\n"),
        format!("resource \"aws_vpc\" \"x\" {{\n  count = \"{long}\"\n}}\n"),
        format!(
            "resource \"aws_vpc\" \"{long}\" {{\n  count = 2 +\n}}\nresource \"aws_vpc\" \"x\" {{}}\n"
        ),
        format!("module \"m\" {{\n  source = \"./{long}\"\n}}\nresource \"aws_vpc\" \"x\" {{}}\n"),
        format!("{long}\nresource \"aws_vpc\" \"x\" {{}}\n"),
        format!("a = <<{long}\nresource \"aws_vpc\" \"x\" {{}}\n"),
    ] {
        let ran = Root::new(&main).inventory();
        let shown: String = ran.err.chars().take(300).collect();
        assert!(
            ran.err.len() < 20_000,
            "{} bytes of errors: {shown}",
            ran.err.len()
        );
    }
}
