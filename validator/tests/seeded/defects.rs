//! Twenty-four defects, with the names they may be found under, an instance that must be named, and who can know.

use super::run::{ALL, Source, named, report};

const SETTINGS: &str = "estate \"seeded\" {\n  primary = \"us-east-1\"\n  secondary = [\"us-west-2\"]\n  cidr = \"shifted\"\n}\nuse \"module.data_primary.aws_kms_key.data\" { client_side = true }\n";

/// A defect: its number, names (all of the list, each with alternatives), an instance, and whether a plan alone can know.
struct Defect {
    id: &'static str,
    rules: &'static [&'static [&'static str]],
    address: &'static str,
    plan: bool,
}

const fn defect(
    id: &'static str,
    rules: &'static [&'static [&'static str]],
    address: &'static str,
    plan: bool,
) -> Defect {
    Defect {
        id,
        rules,
        address,
        plan,
    }
}

const DEFECTS: [Defect; 24] = [
    defect(
        "SD01",
        &[&["fewer-zones", "missing-subnet-tier"]],
        "module.network_primary.aws_subnet.this[\"db-c\"]",
        true,
    ),
    defect(
        "SD02",
        &[&["subnet-too-small"]],
        "module.network_secondary.aws_subnet.this[\"db-a\"]",
        true,
    ),
    defect(
        "SD03",
        &[&["missing-ingress"]],
        "module.network_primary.aws_vpc_security_group_ingress_rule.app[\"9090\"]",
        true,
    ),
    defect(
        "SD04",
        &[&["wider-in-secondary"]],
        "module.network_secondary.aws_security_group.alb",
        true,
    ),
    defect(
        "SD05",
        &[&["acl-differs"]],
        "module.network_secondary.aws_network_acl_rule.db_in[\"90\"]",
        true,
    ),
    defect(
        "SD06",
        &[&["missing-route"]],
        "module.network_primary.aws_route.egress[\"private-c\"]",
        true,
    ),
    defect(
        "SD07",
        &[&["default-group-used"]],
        "module.data_secondary.aws_db_instance.replica[0]",
        false,
    ),
    defect(
        "SD08",
        &[&["key-not-multi-region"]],
        "module.data_secondary.aws_kms_key.data",
        true,
    ),
    defect(
        "SD09",
        &[&["backup-weaker-after-promotion"]],
        "module.data_secondary.aws_db_instance.replica[0]",
        true,
    ),
    defect(
        "SD10",
        &[&["replication-partial"], &["replication-disabled"]],
        "aws_s3_bucket_replication_configuration.results",
        true,
    ),
    defect(
        "SD11",
        &[&["delete-markers-not-replicated"], &["no-time-control"]],
        "aws_s3_bucket_replication_configuration.results",
        true,
    ),
    defect("SD12", &[&["versioning-off"], &["lock-differs"]], "", true),
    defect(
        "SD13",
        &[&["image-not-replicated"]],
        "module.data_primary.aws_ecr_repository.service[\"moleculeflow/api\"]",
        true,
    ),
    defect(
        "SD14",
        &[&["secret-not-replicated"]],
        "module.data_primary.aws_secretsmanager_secret.database[0]",
        true,
    ),
    defect(
        "SD15",
        &[&["parameter-missing"]],
        "module.data_primary.aws_ssm_parameter.settings[\"model/version\"]",
        true,
    ),
    defect(
        "SD16",
        &[&["health-check-missing"], &["evaluate-target-health-off"]],
        "aws_route53_record.app[\"primary\"]",
        true,
    ),
    defect(
        "SD17",
        &[&["dns-ttl-too-long"]],
        "aws_route53_record.database",
        true,
    ),
    defect(
        "SD18",
        &[&["fewer-zones", "balancer-differs"]],
        "module.app_secondary.aws_lb.main",
        false,
    ),
    defect(
        "SD19",
        &[&["capacity-unreachable"]],
        "module.app_secondary.aws_ecs_service.service[\"docking-worker\"]",
        true,
    ),
    defect(
        "SD20",
        &[&["backup-copied-to-same-region"]],
        "module.data_primary.aws_backup_plan.main",
        false,
    ),
    defect(
        "SD21",
        &[&["role-locked-to-region"]],
        "module.app_secondary.aws_iam_role_policy.task",
        false,
    ),
    defect(
        "SD22",
        &[&["alarm-missing"]],
        "module.app_primary.aws_cloudwatch_metric_alarm.lb_5xx[0]",
        true,
    ),
    defect(
        "SD23",
        &[&["certificate-missing"]],
        "module.app_primary.aws_acm_certificate.app[0]",
        true,
    ),
    defect(
        "SD24",
        &[&["image-from-primary"]],
        "module.app_secondary.aws_ecs_task_definition.service[\"api\"]",
        false,
    ),
];

#[test]
fn every_defect_is_found_where_a_source_can_know_it() {
    for source in ALL {
        let report = report("seeded", source, SETTINGS);
        let findings = named(&report);
        let gaps: Vec<&str> = report["gaps"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|gap| gap["rule"].as_str())
            .collect();
        for defect in &DEFECTS {
            for names in defect.rules {
                let found = findings.iter().any(|(rule, addresses)| {
                    names.contains(&rule.as_str())
                        && (defect.address.is_empty()
                            || addresses.iter().any(|address| address == defect.address))
                });
                if source != Source::Plan || defect.plan {
                    assert!(
                        found,
                        "{} as {names:?} from {source:?}: {findings:#?}",
                        defect.id
                    );
                } else {
                    let asked = names.iter().any(|name| gaps.contains(name));
                    assert!(
                        found || asked,
                        "{} is neither found nor left open from a plan: {gaps:?}",
                        defect.id
                    );
                }
            }
        }
    }
}

#[test]
fn nothing_is_said_of_what_only_looks_like_a_defect() {
    // The base's own flaws and the defects' rules; every other name is a false alarm.
    let own = [
        "counterpart-missing",
        "depends-on-primary",
        "replication-role-cannot",
        "retention-shorter",
        "cache-not-global",
        "key-not-in-secondary",
    ];
    for source in ALL {
        for (rule, addresses) in named(&report("seeded", source, SETTINGS)) {
            // The emulator's answers about settings of services are wrong, the estate is not.
            let emulator = source == Source::State
                && rule == "attribute-differs"
                && addresses
                    .iter()
                    .all(|address| address.contains("aws_ecs_service"));
            if emulator {
                continue;
            }
            let expected = own.contains(&rule.as_str())
                || DEFECTS.iter().any(|defect| {
                    defect
                        .rules
                        .iter()
                        .any(|names| names.contains(&rule.as_str()))
                });
            assert!(expected, "{rule} about {addresses:?} from {source:?}");
            let silent = [
                "module.network_secondary.aws_network_acl.app",
                "module.app_secondary.aws_autoscaling_group.worker",
                "module.app_secondary.aws_cloudwatch_metric_alarm.db_lag[0]",
                "aws_vpc_peering_connection.regions",
            ];
            assert!(
                !addresses
                    .iter()
                    .any(|address| silent.contains(&address.as_str())),
                "{rule} about {addresses:?} from {source:?}"
            );
        }
    }
}

#[test]
fn twin_module_calls_are_told_apart_by_their_places() {
    let report = report("seeded", Source::Code, SETTINGS);
    let findings = report["findings"].as_array().expect("findings");
    let place = |rule: &str, side: &str| {
        let finding = findings
            .iter()
            .find(|finding| finding["rule"] == rule)
            .expect("the finding");
        let place = &finding[side]["place"];
        format!(
            "{}:{}",
            place["file"].as_str().unwrap_or("nowhere"),
            place["line"]
        )
    };
    // The port list of the two calls, not twice the line of the module.
    assert_eq!(place("missing-ingress", "primary"), "main.tf:9");
    assert_eq!(place("missing-ingress", "secondary"), "main.tf:24");
    // The arguments of the second call that make its subnets.
    assert!(
        ["main.tf:27", "main.tf:28"].contains(&place("subnet-too-small", "secondary").as_str())
    );
}

#[test]
fn what_follows_is_attached_and_not_counted() {
    let report = report("seeded", Source::Code, SETTINGS);
    let findings = report["findings"].as_array().expect("findings");
    let follows = |rule: &str, address: &str, consequence: &str| {
        findings.iter().any(|finding| {
            finding["rule"] == rule
                && finding["primary"]["address"] == address
                && finding["consequences"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .any(|found| {
                        found["address"]
                            .as_str()
                            .is_some_and(|name| name.contains(consequence))
                    })
        })
    };
    assert!(follows(
        "fewer-zones",
        "module.network_primary.aws_subnet.this[\"db-c\"]",
        "aws_route_table_association"
    ));
    assert!(follows(
        "fewer-zones",
        "module.network_primary.aws_subnet.this[\"db-c\"]",
        "aws_db_subnet_group"
    ));
    assert!(follows(
        "secret-not-replicated",
        "module.data_primary.aws_secretsmanager_secret.database[0]",
        "aws_ecs_task_definition"
    ));
    let alone = |ty: &str| {
        named(&report)
            .iter()
            .any(|(_, addresses)| addresses.iter().any(|address| address.contains(ty)))
    };
    assert!(!alone("aws_appautoscaling_policy"));
    assert!(!alone("aws_backup_vault.copies"));
}
