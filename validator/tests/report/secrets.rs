//! No form of the report holds a secret: not as a value, not as a difference, not in what follows from it.

use super::program::{ROLES, regions, run_with, scene, write};

/// Words that stand in sensitive places only.
const SECRETS: [&str; 6] = [
    "hunter-east",
    "hunter-west",
    "token-east",
    "token-west",
    "key-east",
    "key-west",
];

const FORMS: [&str; 8] = [
    "text", "json", "sarif", "junit", "gitlab", "markdown", "github", "html",
];

/// Sensitive by the provider's schema, by a variable, and by a function; and all of it differs between the regions.
fn side(name: &str, provider: &str, region: &str, replicates: &str) -> String {
    format!(
        r#"
resource "aws_db_instance" "{name}" {{
  {provider}
  {replicates}
  identifier     = "orders-{region}"
  instance_class = "db.r6g.large"
  password       = "hunter-{region}"
}}
resource "aws_ssm_parameter" "{name}" {{
  {provider}
  name  = "/shop/token"
  type  = "SecureString"
  value = "token-{region}"
}}
resource "aws_lambda_function" "{name}" {{
  {provider}
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  environment {{
    variables = {{
      TOKEN = var.tokens["{region}"]
      KEY   = sensitive("key-{region}")
      URL   = "https://orders.{region}.example/?token=${{var.tokens["{region}"]}}"
    }}
  }}
}}
"#
    )
}

#[test]
fn no_form_holds_one() {
    let directory = scene(&regions(
        &side("main", "", "east", "engine = \"postgres\""),
        &side(
            "replica",
            "provider = aws.west",
            "west",
            "replicate_source_db = aws_db_instance.main.arn",
        ),
    ));
    let variable = "variable \"tokens\" {\n  type      = map(string)\n  sensitive = true\n}\n";
    write(directory.path(), "variables.tf", variable);
    let tokens = "tokens = { east = \"token-east\", west = \"token-west\" }\n";
    write(directory.path(), "terraform.tfvars", tokens);
    write(directory.path(), "dr.hcl", ROLES);
    for form in FORMS {
        let arguments = ["check", "--format", form];
        let run = run_with(&arguments, directory.path(), &[]);
        assert!(matches!(run.code, Some(0 | 1)), "{form}: {}", run.stderr);
        assert!(run.stdout.contains("aws_lambda_function"), "{form}");
        for secret in SECRETS {
            assert!(!run.stdout.contains(secret), "{form} holds {secret}");
            assert!(!run.stderr.contains(secret), "stderr holds {secret}");
        }
    }
}

/// A file of values with something wrong in each: the lines are never quoted.
#[test]
fn no_message_quotes_a_file_of_values() {
    let main = "variable \"pw\" {\n  type      = string\n  sensitive = true\n}\nvariable \"number\" {\n  type = number\n}\n";
    let files = [
        ("terraform.tfvars", "pw = \"x\"\npww = \"hunter-east\"\n"),
        ("terraform.tfvars", "pw = \"hunter-east\" hunter-west\n"),
        ("terraform.tfvars", "pw = \"hunter-east\n"),
        (
            "terraform.tfvars",
            "pw = \"hunter-east\"\npw = \"hunter-west\"\n",
        ),
        ("terraform.tfvars", "pw = hunter-east\n"),
        ("terraform.tfvars", "pw = \"x\"\nnumber = \"hunter-east\"\n"),
        ("terraform.tfvars", "pw \"hunter-east\" {\n}\n"),
        ("terraform.tfvars", "\"hunter-east\"\n"),
        ("terraform.tfvars.json", "{\"pww\": \"hunter-east\"}"),
        ("terraform.tfvars.json", "{\"pw\": \"x\" hunter-east}"),
        ("terraform.tfvars.json", "{\"pw\": hunter-east}"),
        ("terraform.tfvars.json", "{\"pw\": \"hunter-east"),
        (
            "terraform.tfvars.json",
            "{\"pw\": \"hunter-east\", \"pw\": \"hunter-west\"}",
        ),
    ];
    for (name, text) in files {
        let directory = scene(&regions(
            &format!(
                "{main}resource \"aws_sqs_queue\" \"a\" {{\n  name          = var.pw\n  delay_seconds = var.number\n}}\n"
            ),
            "",
        ));
        write(directory.path(), name, text);
        write(directory.path(), "dr.hcl", ROLES);
        for arguments in [
            ["check", "--format", "json"],
            ["check", "--quiet", "--format=text"],
            ["inventory", "--format", "json"],
            ["eval", "--format=text", "var.pw"],
        ] {
            let run = run_with(&arguments, directory.path(), &[]);
            for word in ["hunter-east", "hunter-west", "hunter"] {
                assert!(
                    !run.stdout.contains(word) && !run.stderr.contains(word),
                    "{text} {arguments:?} shows {word}: {}{}",
                    run.stdout,
                    run.stderr
                );
            }
        }
        // Where it is wrong is said all the same.
        let run = run_with(&["check"], directory.path(), &[]);
        assert!(run.stderr.contains(name), "{text}: {}", run.stderr);
    }
}

#[test]
fn no_reason_holds_the_argument_of_a_function() {
    let calls = [
        "file(\"/nope/${var.pw}\")",
        "filesha256(\"/nope/${var.pw}\")",
        "fileexists(\"/nope/${var.pw}\") ? \"a\" : \"b\"",
        "join(\",\", fileset(\"/nope/${var.pw}\", \"*\"))",
        "abspath(var.pw)",
        "pathexpand(\"~/${var.pw}\")",
        "templatefile(\"/nope/${var.pw}\", {})",
        "file(var.pw)",
    ];
    for call in calls {
        let directory = scene(&regions(
            &format!(
                "variable \"pw\" {{\n  type      = string\n  sensitive = true\n  default   = \"hunter-east\"\n}}\nresource \"aws_sqs_queue\" \"primary\" {{\n  name              = \"a\"\n  kms_master_key_id = {call}\n}}\n"
            ),
            "resource \"aws_sqs_queue\" \"secondary\" {\n  provider          = aws.west\n  name              = \"a\"\n  kms_master_key_id = \"alias/aws/sqs\"\n}\n",
        ));
        write(directory.path(), "dr.hcl", ROLES);
        let mut all: Vec<Vec<&str>> = FORMS
            .iter()
            .map(|form| vec!["check", "--format", form])
            .collect();
        all.push(vec!["inventory", "--values"]);
        all.push(vec!["inventory", "--format", "json"]);
        for arguments in all {
            let run = run_with(&arguments, directory.path(), &[]);
            assert!(
                !run.stdout.contains("hunter") && !run.stderr.contains("hunter"),
                "{call} {arguments:?}: {}{}",
                run.stdout,
                run.stderr
            );
        }
    }
}

#[test]
fn no_complaint_about_a_document_quotes_it() {
    let directory = scene(&regions("", ""));
    write(directory.path(), "dr.hcl", ROLES);
    for (option, text, wanted) in [
        ("--state", "[\"hunter\"]", "expected a number"),
        ("--inventory", "7", "expected an object"),
        (
            "--inventory",
            "{\"format_version\": \"1.0\", \"instances\": \"hunter\"}",
            "expected a list",
        ),
        (
            "--state",
            "{\"version\": 4, \"resources\": \"hunter\"}",
            "expected a list",
        ),
    ] {
        write(directory.path(), "document.json", text);
        let run = run_with(&["check", option, "document.json"], directory.path(), &[]);
        let told = format!("{}{}", run.stdout, run.stderr);
        assert!(told.contains(wanted), "{option} {text}: {told}");
        assert!(!told.contains("hunter"), "{option} {text}: {told}");
        assert!(!told.contains("struct "), "{option} {text}: {told}");
    }
}
