//! Rows of the relations table, each relation once: found, silent, open.

use super::written::{by, said, said_with};

/// A resource in both regions with one argument that differs.
fn twins(ty: &str, common: &str, primary: &str, secondary: &str) -> String {
    format!(
        "resource \"{ty}\" \"app\" {{\n{common}\n{primary}\n}}\n\
         resource \"{ty}\" \"app_west\" {{\nprovider = aws.west\n{common}\n{secondary}\n}}\n"
    )
}

/// What a rule says of a difference, of agreement, and of an unknown.
fn three(rule: &str, ty: &str, common: &str, good: &str, bad: &str, open: &str) {
    let found = said(&twins(ty, common, good, bad));
    assert_eq!(by(rule, &found), Some(true), "{bad}: {found:#?}");
    let silent = said(&twins(ty, common, good, good));
    assert_eq!(by(rule, &silent), None, "{good}: {silent:#?}");
    let unsure = said(&twins(ty, common, good, open));
    assert_eq!(by(rule, &unsure), Some(false), "{open}: {unsure:#?}");
}

const DB: &str = "identifier = \"app\"\nengine = \"postgres\"\nallocated_storage = 100\nskip_final_snapshot = true\nusername = \"app\"\n\
                  password = \"x\"\ninstance_class = \"db.r6g.large\"";

#[test]
fn flags_of_a_network_must_not_be_weaker() {
    three(
        "dns-options-differ",
        "aws_vpc",
        "cidr_block = \"10.0.0.0/16\"",
        "enable_dns_hostnames = true",
        "",
        "enable_dns_hostnames = var.flag",
    );
}

#[test]
fn classes_are_compared_by_what_they_carry() {
    let common = DB.replace("instance_class = \"db.r6g.large\"", "");
    three(
        "class-cannot-carry",
        "aws_db_instance",
        &common,
        "instance_class = \"db.r6g.xlarge\"",
        "instance_class = \"db.r6g.large\"",
        "instance_class = var.text",
    );
    let larger = twins(
        "aws_db_instance",
        &common,
        "instance_class = \"db.r6g.large\"",
        "instance_class = \"db.r7g.2xlarge\"",
    );
    assert_eq!(by("class-cannot-carry", &said(&larger)), None);
}

#[test]
fn storage_must_be_able_to_grow() {
    three(
        "storage-cannot-grow",
        "aws_db_instance",
        DB,
        "max_allocated_storage = 500",
        "",
        "max_allocated_storage = var.number",
    );
}

#[test]
fn copies_are_encrypted_protected_and_logged() {
    three(
        "replica-unencrypted",
        "aws_db_instance",
        DB,
        "storage_encrypted = true",
        "storage_encrypted = false",
        "storage_encrypted = var.flag",
    );
    three(
        "deletion-unprotected",
        "aws_db_instance",
        DB,
        "deletion_protection = true",
        "",
        "deletion_protection = var.flag",
    );
    three(
        "logs-not-exported",
        "aws_db_instance",
        DB,
        "enabled_cloudwatch_logs_exports = [\"postgresql\"]",
        "",
        "enabled_cloudwatch_logs_exports = [var.text]",
    );
}

#[test]
fn no_limit_is_more_than_any_number() {
    let name = "name = \"/app\"";
    three(
        "log-retention-differs",
        "aws_cloudwatch_log_group",
        name,
        "retention_in_days = 365",
        "retention_in_days = 30",
        "retention_in_days = var.number",
    );
    let forever = twins(
        "aws_cloudwatch_log_group",
        name,
        "retention_in_days = 365",
        "",
    );
    assert_eq!(by("log-retention-differs", &said(&forever)), None);
    let back = twins(
        "aws_cloudwatch_log_group",
        name,
        "",
        "retention_in_days = 365",
    );
    assert_eq!(by("log-retention-differs", &said(&back)), Some(true));
}

#[test]
fn other_attributes_are_reported_by_type_and_path() {
    three(
        "attribute-differs",
        "aws_sqs_queue",
        "name = \"jobs\"",
        "visibility_timeout_seconds = 300",
        "",
        "visibility_timeout_seconds = var.number",
    );
}

#[test]
fn dr_hcl_changes_a_relation() {
    let queues = twins(
        "aws_sqs_queue",
        "name = \"jobs\"",
        "visibility_timeout_seconds = 300",
        "",
    );
    let ignored =
        "relation \"aws_sqs_queue\" \"visibility_timeout_seconds\" { must = \"ignored\" }";
    assert_eq!(by("attribute-differs", &said_with(&queues, ignored)), None);
    let polled = twins(
        "aws_sqs_queue",
        "name = \"jobs\"",
        "tags = { a = 1 }",
        "tags = { a = 2 }",
    );
    assert_eq!(by("attribute-differs", &said(&polled)), None);
    let told = "relation \"aws_sqs_queue\" \"tags\" { must = \"equal\" }";
    assert_eq!(
        by("attribute-differs", &said_with(&polled, told)),
        Some(true)
    );
}

#[test]
fn what_terraform_ignores_is_not_compared() {
    let ignored = twins(
        "aws_sqs_queue",
        "name = \"jobs\"",
        "visibility_timeout_seconds = 300",
        "lifecycle { ignore_changes = [visibility_timeout_seconds] }",
    );
    assert_eq!(by("attribute-differs", &said(&ignored)), None);
}

/// Two VPCs and groups, and a balancer in each.
fn balancers(secondary: &str) -> String {
    let side = |suffix: &str, provider: &str, groups: &str| {
        format!(
            "resource \"aws_vpc\" \"net{suffix}\" {{\n{provider}\ncidr_block = \"10.0.0.0/16\"\n}}\n\
             resource \"aws_security_group\" \"lb{suffix}\" {{\n{provider}\nvpc_id = aws_vpc.net{suffix}.id\n}}\n\
             resource \"aws_security_group\" \"app{suffix}\" {{\n{provider}\nvpc_id = aws_vpc.net{suffix}.id\n}}\n\
             resource \"aws_lb\" \"web{suffix}\" {{\n{provider}\nname = \"web\"\nsecurity_groups = [{groups}]\n}}\n"
        )
    };
    side("", "", "aws_security_group.lb.id") + &side("_west", "provider = aws.west", secondary)
}

#[test]
fn references_must_lead_to_the_counterpart() {
    let rule = "reference-not-translated";
    let wrong = said(&balancers("aws_security_group.app_west.id"));
    assert_eq!(by(rule, &wrong), Some(true), "{wrong:#?}");
    assert!(
        wrong
            .iter()
            .any(|line| line.contains("aws_security_group.lb_west is expected")),
        "{wrong:#?}"
    );
    let right = said(&balancers("aws_security_group.lb_west.id"));
    assert!(right.is_empty(), "{right:#?}");
    let open = said(&balancers("var.text"));
    assert!(open.len() == 1 && open[0].starts_with('?'), "{open:#?}");
}

#[test]
fn both_forms_of_an_attachment_count() {
    let group = |suffix: &str, provider: &str, inline: &str| {
        format!(
            "resource \"aws_lb_target_group\" \"web{suffix}\" {{\n{provider}\nname = \"web\"\nport = 80\nprotocol = \"HTTP\"\n}}\n\
             resource \"aws_autoscaling_group\" \"web{suffix}\" {{\n{provider}\nname = \"web\"\nmin_size = 1\nmax_size = 4\n{inline}\n}}\n"
        )
    };
    let primary = group("", "", "target_group_arns = [aws_lb_target_group.web.arn]");
    let apart = "resource \"aws_autoscaling_attachment\" \"web_west\" {\nprovider = aws.west\n\
                 autoscaling_group_name = aws_autoscaling_group.web_west.name\n\
                 lb_target_group_arn = aws_lb_target_group.web_west.arn\n}\n";
    let west = group("_west", "provider = aws.west", "");
    let same = said(&format!("{primary}{west}{apart}"));
    assert_eq!(by("attribute-differs", &same), None, "{same:#?}");
    let none = said(&format!("{primary}{west}"));
    assert_eq!(by("attribute-differs", &none), Some(true), "{none:#?}");
}

/// Buckets with lifecycle rules.
fn lifecycles(primary: &str, secondary: &str) -> String {
    let side = |suffix: &str, provider: &str, rules: &str| {
        format!(
            "resource \"aws_s3_bucket\" \"data{suffix}\" {{\n{provider}\nbucket = \"data{suffix}\"\n}}\n\
             resource \"aws_s3_bucket_lifecycle_configuration\" \"data{suffix}\" {{\n{provider}\n\
             bucket = aws_s3_bucket.data{suffix}.id\n{rules}\n}}\n"
        )
    };
    side("", "", primary) + &side("_west", "provider = aws.west", secondary)
}

fn expires(days: &str) -> String {
    format!(
        "rule {{\nid = \"old\"\nstatus = \"Enabled\"\nfilter {{ prefix = \"\" }}\nexpiration {{ days = {days} }}\n}}"
    )
}

#[test]
fn lifecycles_count_by_what_they_do() {
    let rule = "lifecycle-differs";
    let ask = |one: &str, other: &str| said(&lifecycles(one, other));
    let earlier = ask(&expires("365"), &expires("90"));
    assert_eq!(by(rule, &earlier), Some(true), "{earlier:#?}");
    assert!(
        earlier
            .iter()
            .any(|line| line.starts_with("breaks lifecycle")),
        "{earlier:#?}"
    );
    for (one, other) in [("365", "365"), ("90", "365")] {
        let later = ask(&expires(one), &expires(other));
        assert_eq!(by(rule, &later), None, "{later:#?}");
    }
    let open = ask(&expires("365"), &expires("var.number"));
    assert_eq!(by(rule, &open), Some(false), "{open:#?}");
}

/// A listener with two rules.
fn listener_rules(first: &str, second: &str) -> String {
    let side = |suffix: &str, provider: &str, (first, second): (&str, &str)| {
        let rule = |name: &str, priority: &str| {
            format!(
                "resource \"aws_lb_listener_rule\" \"{name}{suffix}\" {{\n{provider}\nlistener_arn = aws_lb_listener.web{suffix}.arn\n\
                 priority = {priority}\naction {{\ntype = \"fixed-response\"\nfixed_response {{ content_type = \"text/plain\" }}\n}}\n\
                 condition {{\npath_pattern {{ values = [\"/{name}*\"] }}\n}}\n}}\n"
            )
        };
        format!(
            "resource \"aws_lb\" \"web{suffix}\" {{\n{provider}\nname = \"web\"\n}}\n\
             resource \"aws_lb_listener\" \"web{suffix}\" {{\n{provider}\nload_balancer_arn = aws_lb.web{suffix}.arn\nport = 80\n\
             default_action {{\ntype = \"fixed-response\"\nfixed_response {{ content_type = \"text/plain\" }}\n}}\n}}\n{}{}",
            rule("api", first),
            rule("all", second)
        )
    };
    side("", "", ("10", "20")) + &side("_west", "provider = aws.west", (first, second))
}

#[test]
fn listener_rules_count_by_their_order() {
    let turned = said(&listener_rules("20", "10"));
    assert_eq!(by("balancer-differs", &turned), Some(true), "{turned:#?}");
    let renumbered = said(&listener_rules("100", "300"));
    assert!(renumbered.is_empty(), "{renumbered:#?}");
    let open = said(&listener_rules("var.number", "300"));
    assert_ne!(by("balancer-differs", &open), Some(true), "{open:#?}");
}

#[test]
fn a_missing_counterpart_is_said_once_and_only_where_one_is_needed() {
    let rule = "counterpart-missing";
    let queue = "resource \"aws_key_pair\" \"jobs\" {\n key_name = \"jobs\"\n public_key = \"ssh-ed25519 AAAA\"\n}\n";
    let other = twins("aws_sns_topic", "name = \"news\"", "", "");
    let found = said(&format!("{queue}{other}"));
    assert_eq!(by(rule, &found), Some(true), "{found:#?}");
    let single = "single \"aws_key_pair.jobs\" { reason = \"only used by builds\" }";
    assert_eq!(
        by(rule, &said_with(&format!("{queue}{other}"), single)),
        None
    );
    let counted = "resource \"aws_key_pair\" \"jobs_west\" {\nprovider = aws.west\ncount = var.number\nkey_name = \"jobs\"\npublic_key = \"ssh-ed25519 AAAA\"\n}\n";
    let open = said(&format!("{queue}{counted}{other}"));
    assert_ne!(by(rule, &open), Some(true), "{open:#?}");
}
