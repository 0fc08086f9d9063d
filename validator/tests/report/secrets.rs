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
