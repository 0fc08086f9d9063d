//! The JSON form gives the trees that native syntax gives, and leads back to the right places.

use drcheck::source::Sources;
use drcheck::syntax::ast::{Ast, ExprKind};
use drcheck::syntax::{parse, parse_json, parse_json_values};

use crate::{errors, located, shown};

fn same(json: &str, native: &str) {
    let (json, native) = (parse_json(json.as_bytes()), parse(native.as_bytes()));
    assert_eq!((&json.errors, &native.errors), (&vec![], &vec![]));
    assert_eq!(
        shown::body(&json, json.root),
        shown::body(&native, native.root)
    );
}

/// The value of the only local value.
fn value(json: &str) -> String {
    let ast = parse_json(format!("{{\"locals\":{{\"v\":{json}}}}}").into_bytes());
    assert_eq!(ast.errors, [], "{json}");
    let block = ast.blocks(ast.root)[0];
    shown::expr(&ast, ast.attributes(block.body)[0].value)
}

fn first_error(json: &str) -> (u32, u32, String) {
    let found = errors(parse_json(json.as_bytes()));
    let (at, message) = found
        .first()
        .unwrap_or_else(|| panic!("{json} is taken"))
        .clone();
    (at.line, at.column, message)
}

#[test]
fn known_top_levels_become_blocks_with_labels() {
    same(
        r#"{"terraform":{"required_version":">= 1.5","required_providers":{"aws":{"source":"hashicorp/aws"}},"backend":{"s3":{"bucket":"b"}}},
           "provider":{"aws":[{"region":"us-east-1"},{"alias":"west","region":"us-west-2"}]},
           "variable":{"v":{"type":"map(list(string))","default":{},"validation":{"condition":"${length(var.v) > 0}","error_message":"No ${var.v}."}}},
           "locals":{"a":1,"b":"${local.a}"},
           "output":{"o":{"value":"${local.b}","precondition":[{"condition":true,"error_message":"x"}]}},
           "check":{"c":{"data":{"d":{"e":{}}},"assert":{"condition":true,"error_message":"x"}}}}"#,
        r#"
        terraform {
          required_version = ">= 1.5"
          required_providers {
            aws = { "source" = "hashicorp/aws" }
          }
          backend "s3" { bucket = "b" }
        }
        provider "aws" { region = "us-east-1" }
        provider "aws" {
          alias  = "west"
          region = "us-west-2"
        }
        variable "v" {
          type    = map(list(string))
          default = {}
          validation {
            condition     = "${length(var.v) > 0}"
            error_message = "No ${var.v}."
          }
        }
        locals {
          a = 1
          b = "${local.a}"
        }
        output "o" {
          value = "${local.b}"
          precondition {
            condition     = true
            error_message = "x"
          }
        }
        check "c" {
          data "d" "e" {}
          assert {
            condition     = true
            error_message = "x"
          }
        }"#,
    );
}

#[test]
fn references_in_strings_are_expressions() {
    same(
        r#"{"resource":{"aws_vpc":{"a":{"provider":"aws.west","depends_on":["aws_vpc.b"," module.m "],"count":"${2}",
             "lifecycle":{"ignore_changes":["tags[\"a\"]"],"replace_triggered_by":["aws_vpc.b.id"],"create_before_destroy":true},
             "provisioner":[{"local-exec":{"command":"x","when":"destroy"}}]}}},
           "module":{"m":{"source":"./m","providers":{"aws":"aws.west","aws.peer":"aws"},"x":"aws.y"}},
           "moved":[{"from":"aws_vpc.a","to":"aws_vpc.b"},{"from":"aws_vpc.c[0]","to":"aws_vpc.d"}],
           "import":{"to":"aws_vpc.a","id":"${var.id}"},"removed":{"from":"aws_vpc.z","lifecycle":{"destroy":false}},
           "terraform":{"required_providers":{"aws":{"configuration_aliases":["aws.west"],"version":"${x}"}}}}"#,
        r#"
        resource "aws_vpc" "a" {
          provider   = aws.west
          depends_on = [aws_vpc.b, module.m]
          count      = "${2}"
          lifecycle {
            ignore_changes        = [tags["a"]]
            replace_triggered_by  = [aws_vpc.b.id]
            create_before_destroy = true
          }
          provisioner "local-exec" {
            command = "x"
            when    = destroy
          }
        }
        module "m" {
          source    = "./m"
          providers = { aws = aws.west, aws.peer = aws }
          x         = "aws.y"
        }
        moved {
          from = aws_vpc.a
          to   = aws_vpc.b
        }
        moved {
          from = aws_vpc.c[0]
          to   = aws_vpc.d
        }
        import {
          to = aws_vpc.a
          id = "${var.id}"
        }
        removed {
          from = aws_vpc.z
          lifecycle { destroy = false }
        }
        terraform {
          required_providers {
            aws = { configuration_aliases = [aws.west], version = "$${x}" }
          }
        }"#,
    );
}

#[test]
fn strings_are_templates_and_keep_the_type_of_a_lone_hole() {
    assert_eq!(value(r#""${var.x}""#), "W[var.x]");
    assert_eq!(value(r#""a${var.x}""#), r#"T["a" var.x]"#);
    assert_eq!(value(r#""$${x} %%{y} $ %""#), r#""${x} %{y} $ %""#);
    assert_eq!(value(r#""\u0024{1}""#), "W[1]", "decoding comes first");
    assert_eq!(value(r#""${\"a\"}b""#), r#"T["a" "b"]"#);
    assert_eq!(value(r#""\\n""#), r#""\\n""#, "no second round of escapes");
    assert_eq!(value(r#""\\n${1}""#), r#"T["\\n" 1]"#);
    assert_eq!(value(r#""${\n1\n}""#), "W[1]");
    assert_eq!(value("\"%{ if x }y%{ endif }\""), r#"T[IF[x "y" -]]"#);
    assert_eq!(value(r#"{"${x}y":1,"//":2}"#), r#"{T[x "y"]:1,"//":2}"#);
}

#[test]
fn values_arrive_as_what_they_are() {
    assert_eq!(
        value("[null,true,false,1.50,-1.5e-3,[],{}]"),
        "[null,true,false,1.5,-0.0015,[],{}]"
    );
    assert_eq!(
        value(r#""a\/\b\f\n\r\t\"\\""#),
        r#""a/\u{8}\u{c}\n\r\t\"\\""#
    );
    assert_eq!(value(r#""\u00e9\ud83d\ude00""#), "\"é😀\"");
    assert_eq!(
        value(r#""\ud83d \ude00x""#),
        "\"\u{fffd} \u{fffd}x\"",
        "half a pair, as Terraform"
    );
}

#[test]
fn bytes_that_are_not_utf8_are_replaced_as_terraform_does() {
    let ast = parse_json(&b"{\"locals\":{\"v\":\"a\xffb\"}}"[..]);
    let block = ast.blocks(ast.root)[0];
    assert_eq!(
        shown::expr(&ast, ast.attributes(block.body)[0].value),
        "\"a\u{fffd}b\""
    );
}

#[test]
fn defaults_and_settings_are_plain_text() {
    let text = r#"{"variable":{"v":{"default":{"a":"${x}"},"description":"%{"}},"terraform":{"backend":{"local":{"path":"${x}"}}}}"#;
    let ast = parse_json(text.as_bytes());
    assert_eq!(ast.errors, []);
    let shown = shown::body(&ast, ast.root);
    assert!(
        shown.contains(r#"default={"a":"${x}"}"#) && shown.contains(r#"path="${x}""#),
        "{shown}"
    );
}

#[test]
fn values_of_variables_are_attributes_of_plain_text() {
    let ast =
        parse_json_values(r#"{"//":1,"data":{"a":"${"},"variable":"$${x}","list":[1]}"#.as_bytes());
    assert_eq!(ast.errors, []);
    assert_eq!(
        shown::body(&ast, ast.root),
        "data={\"a\":\"${\"}\nvariable=\"$${x}\"\nlist=[1]\n"
    );
    assert_eq!(
        parse_json_values(r#"{"a":1,"a":2}"#.as_bytes())
            .errors
            .len(),
        1
    );
    assert_eq!(
        parse_json_values(r#"{"a":{"b":1,"b":2}}"#.as_bytes())
            .errors
            .len(),
        1
    );
    assert_eq!(parse_json_values(r#"[{"a":1}]"#.as_bytes()).errors.len(), 1);
}

#[test]
fn lists_of_objects_stand_wherever_terraform_allows_them() {
    let native = "output \"a\" {\nvalue = 1\n}\noutput \"b\" {\nvalue = 2\n}\n";
    for json in [
        r#"{"output":{"a":{"value":1},"b":{"value":2}}}"#,
        r#"{"output":[{"a":{"value":1}},{"b":{"value":2}}]}"#,
        r#"[{"output":{"a":{"value":1}}},{"output":{"b":[{"value":2}]}}]"#,
        r#"{"output":{"a":{"value":1}},"output":{"b":{"value":2}}}"#,
        r#"{"//":0,"//":1,"output":{"a":{"//":2,"value":1},"b":[[{"value":2}]]}}"#,
    ] {
        same(json, native);
    }
    same(r#"{"locals":null,"output":{"a":null}}"#, "");
}

#[test]
fn properties_of_a_resource_stay_properties() {
    let text = r#"{"resource":{"a":{"b":{"//":"x","ingress":{"p":1},"ingress":[{"p":2},{"p":3}],"dynamic":{"e":{"for_each":"${var.l}","content":{}}}}}}}"#;
    let ast = parse_json(text.as_bytes());
    let block = ast.blocks(ast.root)[0];
    assert!(block.body.json && ast.errors.is_empty());
    let names: Vec<&str> = ast
        .attributes(block.body)
        .iter()
        .map(|attribute| ast.slice(attribute.name))
        .collect();
    assert_eq!(names, ["ingress", "dynamic"]);
    assert!(shown::body(&ast, block.body).starts_with(r#"ingress=[{"p":1},{"p":2},{"p":3}]"#));
}

#[test]
fn what_is_no_block_at_the_top_is_an_attribute_of_the_root() {
    let ast = parse_json(br#"{"foo":{"a":1}}"#.as_slice());
    assert_eq!(shown::body(&ast, ast.root), "foo={\"a\":1}\n");
}

#[test]
fn errors_stand_where_the_mistake_is_and_say_what_was_expected() {
    let wrong = |json: &str, line: u32, column: u32, says: &str| {
        let (at_line, at_column, message) = first_error(json);
        assert_eq!((at_line, at_column), (line, column), "{json}: {message}");
        assert!(message.contains(says), "{json}: {message}");
    };
    wrong("", 1, 1, "expected a value, found the end of the file");
    wrong("\n \n", 3, 1, "expected a value");
    wrong(
        "null",
        1,
        1,
        "expected an object as the whole file, found null",
    );
    wrong("\u{feff}{}", 1, 1, "byte-order mark");
    wrong("{\"locals\":{\"a\":[1,]}}", 1, 18, "a comma cannot stand");
    wrong("{\"locals\":{\"a\":1,\n}}", 1, 17, "a comma cannot stand");
    wrong("{\"locals\":\n{\"a\":1 \"b\":2}}", 2, 8, "opened on line 2");
    wrong("{\"locals\":{\"a\" 1}}", 1, 16, "expected `:`");
    wrong("{\"locals\":{a:1}}", 1, 12, "double quotes, found `a`");
    wrong("{\"locals\":{\"a\":'x'}}", 1, 16, "double quotes");
    wrong("{\"locals\":{\"a\":True}}", 1, 16, "found `True`");
    wrong("{\"locals\":{\"a\":01}}", 1, 16, "not a number");
    wrong("{\"locals\":{\"a\":.5}}", 1, 16, "not a number");
    wrong("{\"locals\":{\"a\":1}", 1, 1, "this object is not closed");
    wrong(
        "{\"locals\":{\"a\":\"x}}\n",
        1,
        16,
        "not closed on its line",
    );
    wrong("{\"locals\":{\"a\":\"\\x\"}}", 1, 17, "unknown escape");
    wrong("{\"locals\":{}} x", 1, 15, "expected the end of the file");
    wrong("{ // c\n\"locals\":{}}", 1, 3, "JSON has no comments");
    wrong(
        "{\"locals\":{\"a\":\"${\"b\"}\"}}",
        1,
        20,
        "a quote inside of a string",
    );
    wrong("{\"output\":{\"a\":\"x\"}}", 1, 16, "found a string");
    wrong("{\"resource\":{\"a\":{}}}", 1, 18, "second label");
    wrong("{\"locals\":{\"a\":1,\"a\":2}}", 1, 18, "already set");
    wrong(
        "{\"moved\":{\"from\":\"${a.b}\",\"to\":\"a.c\"}}",
        1,
        19,
        "without `${ }`",
    );
}

#[test]
fn errors_inside_of_strings_lead_back_to_the_file() {
    let (line, column, message) = first_error("{\"locals\":{\n  \"a\":\"\\u00e9\\n ${1 +}\"}}");
    assert_eq!((line, column), (2, 22), "{message}");
    let text = "{\"locals\":{\"x\":\"\\n\",\n \"b\":\"\\t${var.name}\"}}";
    let sources = Sources::new();
    let file = sources.add("main.tf.json", parse_json(text.as_bytes()));
    assert_eq!(located(&file), []);
    let ast = &file.ast;
    let all = (0..ast.expr_count()).map(|id| {
        ast.expr(drcheck::syntax::ast::ExprId(
            u32::try_from(id).expect("few"),
        ))
    });
    let variable = all
        .into_iter()
        .find(|expr| expr.kind == ExprKind::Variable)
        .expect("there is one");
    let at = file.location(variable.span.start);
    assert_eq!(
        (ast.slice(variable.span), at.line, at.column),
        ("var", 2, 11)
    );
    assert_eq!(ast.own_text(), text.as_bytes());
}

#[test]
fn names_may_be_written_with_escapes() {
    same(
        r#"{"loc\u0061ls":{"\u0061":1},"out\u0070ut":{"\u00e9":{"value":2}}}"#,
        "locals {\n a = 1\n}\noutput \"é\" {\n value = 2\n}\n",
    );
}

/// Blocks with their last label and whether they are damaged.
fn blocks(ast: &Ast) -> Vec<(String, bool)> {
    let label = |block| {
        ast.label_texts(block)
            .last()
            .copied()
            .unwrap_or_default()
            .to_owned()
    };
    ast.blocks(ast.root)
        .iter()
        .map(|block| (label(block), block.damaged))
        .collect()
}

#[test]
fn what_stands_before_an_error_is_kept_and_what_it_hits_is_damaged() {
    let ast = parse_json(
        "{\"output\":{\"a\":{\"value\":1},\"b\":{\"value\":'x'},\"c\":{\"value\":2}}}".as_bytes(),
    );
    assert_eq!(blocks(&ast), [("a".into(), false), ("b".into(), true)]);
    let ast = parse_json(
        "{\"output\":{\"a\":{\"value\":1,},\"b\":{\"value\":nil},\"c\":{\"value\":2}}}".as_bytes(),
    );
    assert_eq!(
        blocks(&ast),
        [("a".into(), true), ("b".into(), true), ("c".into(), false)]
    );
    let body = ast.blocks(ast.root)[1].body;
    assert_eq!(ast.expr(ast.attributes(body)[0].value).kind, ExprKind::Bad);
    let ast = parse_json("{\"output\":{\"a\":{\"value\":\"${\"},\"b\":{\"value\":1}}}".as_bytes());
    assert_eq!(blocks(&ast), [("a".into(), true), ("b".into(), false)]);
}
