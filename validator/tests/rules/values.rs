//! Values of secrets and parameters that lead back to the primary region.

use super::scene::said;

const RULES: &[&str] = &[
    "secret-value-names-primary",
    "environment-points-at-primary",
];

fn secret(value: &str) -> String {
    format!(
        r#"
resource "aws_db_instance" "main" {{
  identifier     = "main"
  engine         = "postgres"
  instance_class = "db.r6g.large"
}}
resource "aws_secretsmanager_secret" "main" {{
  name = "main"
  replica {{
    region = "us-west-2"
  }}
}}
resource "aws_secretsmanager_secret_version" "main" {{
  secret_id     = aws_secretsmanager_secret.main.id
  secret_string = jsonencode({{ username = "app", {value} }})
}}
"#
    )
}

#[test]
fn a_copied_secret_must_not_hold_the_primary_s_address() {
    for value in [
        "host = aws_db_instance.main.address",
        "host = \"db.us-east-1.example.org\"",
    ] {
        let found = said(RULES, &secret(value));
        assert_eq!(found.len(), 1, "{value}: {found:?}");
        assert!(found[0].starts_with("broken secret-value-names-primary"));
    }
    for value in [
        "login = aws_db_instance.main.username",
        "host = \"db.example.org\"",
        "regions = \"us-east-1,us-west-2\"",
    ] {
        let found = said(RULES, &secret(value));
        assert!(found.is_empty(), "{value}: {found:?}");
    }
}

#[test]
fn nothing_of_a_parameter_is_shown_but_the_region() {
    let parameters = |value: &str| {
        ["aws", "aws.west"]
            .map(|provider| {
                let name = provider.replace('.', "_");
                format!(
                    "resource \"aws_ssm_parameter\" \"{name}\" {{\n provider = {provider}\n name = \"/search\"\n type = \"String\"\n value = \"{value}\"\n}}\n"
                )
            })
            .join("")
    };
    let found = said(RULES, &parameters("https://hidden.us-east-1.example.org"));
    assert_eq!(
        found,
        [
            "broken environment-points-at-primary: the value of aws_ssm_parameter.aws_west names us-east-1"
        ]
    );
    assert!(said(RULES, &parameters("https://search.example.org")).is_empty());
}
