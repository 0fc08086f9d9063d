//! Certificates, and what serves their names.

use super::super::estate::{apart, both, said};

fn certificate(names: &str) -> String {
    format!(
        r#"
resource "aws_acm_certificate" "NAME" {{
  PROVIDER
  {names}
  validation_method = "DNS"
}}
"#
    )
}

fn listener(certificate: &str) -> String {
    format!(
        r#"
resource "aws_lb" "NAME" {{
  PROVIDER
  name = "app"
}}

resource "aws_lb_listener" "NAME" {{
  PROVIDER
  load_balancer_arn = aws_lb.NAME.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = {certificate}

  default_action {{
    type = "fixed-response"

    fixed_response {{
      content_type = "text/plain"
    }}
  }}
}}
"#
    )
}

const APP: &str = "domain_name = \"app.example.org\"";

#[test]
fn the_same_names_are_the_same() {
    said(&both(&certificate(APP))).silent();
    let regional = certificate("domain_name = \"REGION.example.org\"");
    said(&both(&regional)).silent();
}

#[test]
fn a_wildcard_covers_and_a_name_less_does_not() {
    let wild = "domain_name = \"*.example.org\"";
    let said_of = |other: &str| said(&apart(&certificate(APP), &certificate(other)));
    assert!(said_of(wild).of("certificate-missing").is_empty());
    let lines = said_of("domain_name = \"www.example.org\"");
    assert_eq!(
        lines.of("certificate-missing"),
        ["aws_acm_certificate.secondary does not cover app.example.org"]
    );
}

#[test]
fn names_that_are_not_known_are_no_verdict() {
    let text = apart(&certificate(APP), &certificate("domain_name = var.name"));
    said(&format!("variable \"name\" {{ type = string }}\n{text}"))
        .undecided("certificate-missing");
}

#[test]
fn one_certificate_may_cover_the_names_of_two() {
    let more = certificate("domain_name = \"www.example.org\"").replace("\"NAME\"", "\"www_NAME\"");
    let wild = certificate(
        "domain_name = \"app.example.org\"\n  subject_alternative_names = [\"*.example.org\"]",
    );
    let said = said(&apart(&format!("{}{more}", certificate(APP)), &wild));
    assert!(said.lines().is_empty(), "{:?}", said.lines());
}

#[test]
fn a_certificate_that_is_not_there_is_missing() {
    said(&apart(&certificate(APP), "")).only(&["certificate-missing"]);
}

#[test]
fn listeners_name_one_of_their_own_region() {
    let own = "aws_acm_certificate.NAME.arn";
    said(&both(&format!("{}{}", certificate(APP), listener(own)))).silent();
    let foreign = apart(
        &format!("{}{}", certificate(APP), listener(own)),
        &format!(
            "{}{}",
            certificate(APP),
            listener("aws_acm_certificate.primary.arn")
        ),
    );
    said(&foreign).only(&["certificate-missing"]);
    let text =
        "\"arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000\"";
    let literal = apart(&listener(text), &listener(text));
    assert_eq!(said(&literal).of("certificate-missing").len(), 1);
}

#[test]
fn a_listener_without_its_certificate_follows_from_that() {
    let text = apart(
        &format!(
            "{}{}",
            certificate(APP),
            listener("aws_acm_certificate.NAME.arn")
        ),
        &listener("aws_acm_certificate.primary.arn"),
    );
    said(&text).only(&["certificate-missing"]);
}
