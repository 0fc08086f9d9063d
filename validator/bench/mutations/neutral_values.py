"""Mutations of values that break nothing: equivalent forms, differences that are right, and more than is needed."""

from .edits import (
    ALARMS, BACKUP, BUCKETS, DATABASE, ENTRY, IDENTITY, NETWORK, SECURITY, SERVICES, STORES, WORKERS, add, append,
    call, document, everywhere, family, holds, inside, put, replace, resource, secondary,
)

SMALLER = "A warm standby runs less; what it can reach is the same."
MORE = "The standby may have more than production."
NAMES = "What AWS calls it matters to nobody."
SAME = "Another form of the same value."
SAME_SET = "Evaluated, the same is let through."
REPLICA = resource("aws_db_instance", "replica")
ACL_IN = resource("aws_network_acl_rule", "isolated_in")
TASK = document("task")
COPY = resource("aws_s3_bucket_replication_configuration", "this")
TARGET = resource("aws_appautoscaling_target", "service")
EVERY_SERVICE = "{ for name, service in var.services : name => merge(service, { %s }) }"

ENTRIES = family("neutral", [
    # sizes
    holds("running-services", "secondary services run 2 tasks", SMALLER, call("application_secondary", "services", EVERY_SERVICE % "standby = 2")),
    holds("running-minimum", "the scaling minimum of secondary services is 2, whatever runs", SMALLER, secondary(SERVICES, TARGET, "min_capacity", "2")),
    holds("running-workers", "2 workers run in the secondary region", SMALLER, call("application_secondary", "workers", "merge(var.workers, { standby = 2 })")),
    holds("running-desired", "the secondary fleet states its size", SMALLER,
          add(WORKERS, resource("aws_autoscaling_group", "worker"), "desired_capacity = local.primary ? var.workers.running : var.workers.standby")),
    holds("maximum-higher", "secondary services scale to twice the maximum", MORE, call("application_secondary", "services", EVERY_SERVICE % "maximum = 2 * service.maximum")),
    holds("fleet-maximum-higher", "the secondary fleet scales to 40 machines", MORE, call("application_secondary", "workers", "merge(var.workers, { maximum = 40 })")),
    holds("class-larger", "the replica has a larger instance class", MORE, put(DATABASE, REPLICA, "instance_class", '"db.r6g.4xlarge"')),
    holds("storage-limit-higher", "the replica's storage grows further", MORE, put(DATABASE, REPLICA, "max_allocated_storage", "var.database.storage_gib * 8")),
    holds("backups-longer", "the replica keeps backups 35 days", MORE, put(DATABASE, REPLICA, "backup_retention_period", "35")),
    holds("copies-longer", "copies of backups live ten years", MORE, replace("live/locals.tf", "copy_days = 365", "copy_days = 3650")),
    holds("logs-longer", "logs of secondary services live a year", MORE, call("application_secondary", "log_retention_days", "365")),
    holds("logs-forever", "flow logs of the secondary network live for ever", "0 is no limit.", call("network_secondary", "flow_retention_days", "0")),
    holds("quota-higher", "the secondary quota is higher", MORE, call("regional_secondary", "quotas", 'merge(local.quotas, { "ec2/L-1216C47A" = 1024 })')),
    holds("memory-more", "secondary tasks have more memory", MORE, call("application_secondary", "services", EVERY_SERVICE % "memory = 2 * service.memory")),
    holds("grace-longer", "secondary services have a longer grace period", MORE, secondary(SERVICES, resource("aws_ecs_service", "service"), "health_check_grace_period_seconds", "180")),
    holds("disk-larger", "secondary workers have larger disks", MORE, secondary(WORKERS, resource("aws_launch_template", "worker"), "volume_size", "200")),
    holds("versions-longer", "old versions live longer in the secondary buckets", MORE,
          call("storage_secondary", "buckets", "{ for name, bucket in var.buckets : name => merge(bucket, { keep_days = 3650 }) }")),
    holds("lock-longer", "the secondary retention is longer", MORE,
          call("storage_secondary", "buckets", "{ for name, bucket in var.buckets : name => merge(bucket, { lock_days = bucket.lock_days == null ? null : bucket.lock_days + 365 }) }")),
    holds("queue-longer", "jobs live longer in the secondary queue", MORE, secondary(WORKERS, resource("aws_sqs_queue", "docking"), "message_retention_seconds", "1209600")),
    holds("registry-more", "the secondary Aurora cluster has three instances", MORE, call("data_secondary", "registry", "merge(local.registry, { instances = 3 })")),
    holds("vault-longer", "the secondary vault keeps at least 30 days", MORE, call("regional_secondary", "backup", "merge(local.backup, { minimum_days = 30 })")),
    # names and words
    *(holds(f"named-{id}", f"{what} has another name in the secondary region", NAMES, secondary(file, header, argument, name))
      for id, what, file, header, argument, name in (
          ("group", "a security group", SECURITY, resource("aws_security_group", "app"), "name", '"${var.name}-app-dr"'),
          ("vault", "the vault", BACKUP, resource("aws_backup_vault", "main"), "name", '"${var.name}-backups-dr"'),
          ("plan", "the backup plan", BACKUP, resource("aws_backup_plan", "main"), "name", '"${var.name}-daily-dr"'),
          ("balancer", "the load balancer", ENTRY, resource("aws_lb", "main"), "name", '"${var.name}-dr"'),
          ("topic", "the topic", ALARMS, resource("aws_sns_topic", "alerts"), "name", '"${var.name}-alerts-dr"'),
          ("alarm", "an alarm", ALARMS, resource("aws_cloudwatch_metric_alarm", "errors"), "alarm_name", '"${var.name}-dr-errors"'),
          ("fleet", "the fleet", WORKERS, resource("aws_autoscaling_group", "worker"), "name", '"${var.name}-worker-dr"'),
          ("queue", "the queue", WORKERS, resource("aws_sqs_queue", "docking"), "name", '"${var.name}-docking-dr"'),
          ("bucket", "every bucket", BUCKETS, resource("aws_s3_bucket", "this"), "bucket", '"${var.name}-${each.key}-replica"'),
      )),
    holds("named-cluster", "the cluster has another name in the secondary region", NAMES,
          inside(SERVICES, resource("aws_ecs_cluster", "main"), "  name = var.name\n", '  name = var.role == "secondary" ? "${var.name}-dr" : var.name\n')),
    holds("named-parameters", "the parameter group has another name in the secondary region", NAMES,
          inside(DATABASE, resource("aws_db_parameter_group", "main"), '"${var.name}-postgres16"', '"${var.name}-postgres16-${var.role}"')),
    holds("named-replica", "the replica has another identifier", NAMES, put(DATABASE, REPLICA, "identifier", '"${var.name}-west"')),
    holds("described-group", "a security group has another description in the secondary region", NAMES, secondary(SECURITY, resource("aws_security_group", "app"), "description", '"Services of the standby"')),
    holds("described-rule", "rules have another description in the secondary region", NAMES,
          secondary(SECURITY, resource("aws_vpc_security_group_egress_rule", "app"), "description", '"To everywhere"')),
    holds("described-key", "the replica of the key has another description", NAMES, put("live/keys.tf", resource("aws_kms_replica_key", "data"), "description", '"Replica"')),
    holds("tagged-network", "secondary subnets have another tag", NAMES,
          inside(NETWORK, resource("aws_subnet", "this"), "Tier = each.value.tier }", "Tier = each.value.tier, Role = var.role }")),
    holds("tagged-provider", "the secondary provider adds a tag", NAMES,
          replace("live/providers.tf", '  alias  = "secondary"\n  region = var.secondary_region\n\n  default_tags {\n    tags = local.tags\n',
                  '  alias  = "secondary"\n  region = var.secondary_region\n\n  default_tags {\n    tags = merge(local.tags, { Role = "standby" })\n')),
    holds("tagged-replica", "the replica has tags", NAMES, add(DATABASE, REPLICA, 'tags = { Role = "standby" }')),
    holds("deletion-window", "the replica of the key waits 7 days before deletion", "It concerns the deletion of keys only.",
          put("live/keys.tf", resource("aws_kms_replica_key", "data"), "deletion_window_in_days", "7")),
    holds("windows-differ", "the replica has other windows for backups and maintenance", "Another region has another night.",
          put(DATABASE, REPLICA, "backup_window", '"08:00-09:00"'), put(DATABASE, REPLICA, "maintenance_window", '"sun:10:00-sun:11:00"')),
    holds("final-snapshot", "the replica makes no final snapshot", "A copy needs none.",
          put(DATABASE, REPLICA, "skip_final_snapshot", "true"), inside(DATABASE, REPLICA, '  final_snapshot_identifier = "${var.name}-replica-final"\n', "")),
    # addresses and rules
    holds("range-halves", "the secondary balancer admits the internet in two halves", SAME_SET, call("network_secondary", "client_cidrs", '["0.0.0.0/1", "128.0.0.0/1"]')),
    holds("range-covered", "the secondary balancer admits the internet and a part of it", SAME_SET, call("network_secondary", "client_cidrs", '["0.0.0.0/0", "10.0.0.0/8"]')),
    holds("endpoints-halves", "the secondary endpoints admit their VPC in two halves", SAME_SET,
          put(SECURITY, resource("aws_security_group", "endpoints"), "cidr_blocks", 'var.role == "primary" ? [var.cidr] : [cidrsubnet(var.cidr, 1, 0), cidrsubnet(var.cidr, 1, 1)]')),
    holds("ports-halves", "egress of the secondary balancer is two rules with adjacent ports", SAME_SET,
          inside(SECURITY, resource("aws_security_group", "balancer"), "to_port     = 8999", 'to_port     = var.role == "secondary" ? 8499 : 8999'),
          append(SECURITY, '''
              resource "aws_security_group_rule" "balancer_upper" {
                count = var.role == "secondary" ? 1 : 0

                type              = "egress"
                security_group_id = aws_security_group.balancer.id
                cidr_blocks       = [var.cidr]
                protocol          = "tcp"
                from_port         = 8500
                to_port           = 8999
              }
              ''')),
    holds("protocol-number", "protocols of secondary rules are numbers", SAME,
          secondary(SECURITY, resource("aws_security_group_rule", "database_from_app"), "protocol", '"6"'),
          secondary(SECURITY, ACL_IN, "protocol", '"6"')),
    holds("protocol-all", "the secondary group lets out protocol all instead of -1", SAME,
          inside(SECURITY, resource("aws_network_acl", "open"), '  egress {\n    rule_no    = 100\n    action     = "allow"\n    protocol   = "-1"',
                 '  egress {\n    rule_no    = 100\n    action     = "allow"\n    protocol   = var.role == "secondary" ? "all" : "-1"')),
    holds("acl-renumbered", "rules of the secondary ACL have other numbers", SAME_SET, put(SECURITY, ACL_IN, "rule_number", 'each.key + (var.role == "secondary" ? 200 : 0)')),
    holds("acl-shadowed", "a deny after an allow of everything in the secondary isolated ACL", SAME_SET,
          append(SECURITY, '''
              resource "aws_network_acl_rule" "isolated_out_late" {
                count = var.role == "secondary" ? 1 : 0

                network_acl_id = aws_network_acl.isolated.id
                egress         = true
                rule_number    = 200
                protocol       = "tcp"
                rule_action    = "deny"
                cidr_block     = "198.51.100.0/24"
                from_port      = 22
                to_port        = 22
              }
              ''')),
    holds("acl-ports-split", "a range of the secondary ACL is two", SAME_SET,
          put(SECURITY, ACL_IN, "to_port", 'each.key == "140" && var.role == "secondary" ? 45000 : each.value.to'),
          append(SECURITY, '''
              resource "aws_network_acl_rule" "isolated_in_upper" {
                count = var.role == "secondary" ? 1 : 0

                network_acl_id = aws_network_acl.isolated.id
                rule_number    = 150
                protocol       = "tcp"
                rule_action    = "allow"
                cidr_block     = "0.0.0.0/0"
                from_port      = 45001
                to_port        = 60999
              }
              ''')),
    holds("route-halves", "the secondary default route is two halves", SAME_SET,
          secondary(NETWORK, resource("aws_route", "app_internet"), "destination_cidr_block", '"0.0.0.0/1"'),
          append(NETWORK, '''
              resource "aws_route" "app_internet_upper" {
                count = var.role == "secondary" ? length(var.zones) : 0

                route_table_id         = aws_route_table.app[count.index].id
                destination_cidr_block = "128.0.0.0/1"
                nat_gateway_id         = aws_nat_gateway.this[count.index % local.nat_gateways].id
              }
              ''')),
    holds("zones-others", "the secondary network uses zones a, b and d", "Three zones are three zones.",
          replace("live/locals.tf", '"${var.secondary_region}c"', '"${var.secondary_region}d"')),
    holds("zones-turned", "the secondary network names its zones in another order", "Zones have no rank.",
          replace("live/locals.tf", '["${var.secondary_region}a", "${var.secondary_region}b", "${var.secondary_region}c"]',
                  '["${var.secondary_region}c", "${var.secondary_region}a", "${var.secondary_region}b"]')),
    holds("addresses-others", "the secondary network is 10.60.0.0/16", "Any constant shift will do.", replace("live/locals.tf", '"10.50.0.0/16"', '"10.60.0.0/16"')),
    holds("endpoints-turned", "the secondary network names its endpoints in another order", "A set has no order.",
          call("network_secondary", "interface_endpoints", '["sqs", "logs", "kms", "ecr.dkr", "ecr.api"]')),
    # forms of one value
    holds("region-data", "modules ask the provider for the region", SAME,
          everywhere("var.region", "data.aws_region.current.name", "modules/application/"), append("modules/application/region.tf", 'data "aws_region" "current" {}\n')),
    holds("region-literal-calls", "the secondary calls state the region as text", SAME,
          put("live/application.tf", 'module "application_secondary"', "region", '"us-west-2"'), put("live/storage.tf", 'module "storage_secondary"', "region", '"us-west-2"')),
    holds("region-literal-provider", "the secondary provider states its region as text", SAME, replace("live/providers.tf", "region = var.secondary_region", 'region = "us-west-2"')),
    holds("literal-local", "the domain is a local", SAME, everywhere("var.domain", "local.domain", "live/"), append("live/domain.tf", 'locals {\n  domain = "moleculeflow.example"\n}\n')),
    holds("values-as-defaults", "a variable of tfvars has the same value as default", SAME,
          replace("live/terraform.tfvars", 'alarm_emails = ["on-call@moleculeflow.example"]', ""),
          inside("live/variables.tf", 'variable "alarm_emails"', "default = []", 'default = ["on-call@moleculeflow.example"]')),
    holds("defaults-stated", "a default of the provider is stated in the secondary region", SAME, secondary(ENTRY, resource("aws_lb", "main"), "enable_http2", "true"),
          secondary(NETWORK, resource("aws_vpc", "this"), "instance_tenancy", '"default"')),
    holds("false-for-unset", "false is stated where nothing was, in the secondary region", SAME, add(DATABASE, REPLICA, "publicly_accessible = false\niam_database_authentication_enabled = false")),
    holds("number-as-text", "numbers are written as text in the secondary region", SAME, secondary(SERVICES, resource("aws_ecs_task_definition", "service"), "cpu", "tostring(each.value.cpu)")),
    holds("filter-form", "the replication rule has an empty filter", SAME, inside("live/storage.tf", COPY, '    filter {\n      prefix = ""\n    }\n', "    filter {}\n")),
    holds("rule-name", "the replication rule has another name and priority", NAMES, put("live/storage.tf", COPY, "id", '"all"'), put("live/storage.tf", COPY, "priority", "7")),
    holds("images-all", "images of all repositories are replicated", "No filter is every repository.",
          inside("live/storage.tf", resource("aws_ecr_replication_configuration", "images"), '      repository_filter {\n        filter      = "${var.name}/"\n        filter_type = "PREFIX_MATCH"\n      }\n', "")),
    holds("policy-wildcards", "the replication role has wider actions", "The needed ones are among them.",
          inside("live/storage.tf", document("replication"), '["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]', '["s3:Replicate*"]')),
    holds("policy-resources-wider", "the replication role may write into buckets by a pattern", "The needed ones are among them.",
          inside("live/storage.tf", document("replication"), '[for arn in values(module.storage_secondary.bucket_arns) : "${arn}/*"]', '["arn:aws:s3:::${var.name}-*-${var.secondary_region}/*"]')),
    holds("requested-both", "the task role names both regions in a condition", "Both regions are among them.",
          inside(IDENTITY, TASK, '    sid       = "Objects"\n',
                 '    sid       = "Objects"\n    condition {\n      test     = "StringEquals"\n      variable = "aws:RequestedRegion"\n      values   = ["us-east-1", "us-west-2"]\n    }\n')),
    holds("requested-own", "the task role names its own region in a condition", "Each region has its own role.",
          inside(IDENTITY, TASK, '    sid       = "Queue"\n',
                 '    sid       = "Queue"\n    condition {\n      test     = "StringEquals"\n      variable = "aws:RequestedRegion"\n      values   = [var.region]\n    }\n')),
    holds("ttl-short", "records of the database live 10 seconds in caches", "Shorter is sooner.",
          put("live/dns.tf", resource("aws_route53_record", "database_primary"), "ttl", "10"), put("live/dns.tf", resource("aws_route53_record", "database_secondary"), "ttl", "10")),
    holds("mail-record", "a mail record with a TTL of an hour", "It leads to no region.",
          append("live/dns.tf", '''
              resource "aws_route53_record" "mail" {
                zone_id = aws_route53_zone.public.zone_id
                name    = var.domain
                type    = "MX"
                ttl     = 3600
                records = ["10 mx1.mail.example."]
              }
              ''')),
    holds("listener-priority", "the secondary rule of the API has another priority", "It is still the only one.", secondary(ENTRY, resource("aws_lb_listener_rule", "service"), "priority", "150")),
    # more than production has, or once on purpose
    holds("alarm-more", "another alarm in the secondary region", MORE,
          append(ALARMS, '''
              resource "aws_cloudwatch_metric_alarm" "connections" {
                count = local.primary ? 0 : 1

                alarm_name          = "${var.name}-connections"
                namespace           = "AWS/RDS"
                metric_name         = "DatabaseConnections"
                statistic           = "Maximum"
                period              = 60
                evaluation_periods  = 5
                threshold           = 10
                comparison_operator = "GreaterThanThreshold"
                alarm_actions       = [aws_sns_topic.alerts.arn]
                dimensions          = { DBInstanceIdentifier = var.database_identifier }
              }
              ''')),
    holds("parameter-more", "another setting in the secondary region", MORE, call("data_secondary", "settings", 'merge(var.settings, { "site/notice" = "standby" })')),
    holds("endpoint-more", "another endpoint in the secondary network", MORE, call("network_secondary", "interface_endpoints", '["ecr.api", "ecr.dkr", "kms", "logs", "sqs", "ssm"]')),
    holds("secret-more", "the secret has a copy in a third region as well", MORE,
          add(STORES, resource("aws_secretsmanager_secret", "database"), 'replica {\n  region = "eu-west-1"\n}')),
    holds("listener-certificate-more", "certificates of both regions have one more name", "Both have it.",
          put(ENTRY, resource("aws_acm_certificate", "app"), "subject_alternative_names", '["*.app.${var.domain}", "status.${var.domain}"]'),
          replace("live/dns.tf", 'toset(["app.${var.domain}"])', 'toset(["app.${var.domain}", "status.${var.domain}"])')),
    holds("single-declared", "a repository for builds lives once, and dr.hcl says so", "It is once on purpose.",
          append("live/storage.tf", 'resource "aws_ecr_repository" "builds" {\n  name = "builds/cache"\n}\n'),
          append("live/dr.hcl", 'single "aws_ecr_repository.builds" { reason = "only used by builds" }\n')),
    holds("single-bucket", "a bucket for scratch files lives once, and dr.hcl says so", "It is once on purpose.",
          append("live/storage.tf", 'resource "aws_s3_bucket" "scratch" {\n  bucket = "moleculeflow-scratch-us-east-1"\n}\n'),
          append("live/dr.hcl", 'single "aws_s3_bucket.scratch" { reason = "files of a day" }\n')),
    holds("pair-declared", "dr.hcl states a pair that would be found anyway", "It is the same pair.",
          append("live/dr.hcl", 'pair {\n  primary   = "module.data_primary.aws_db_instance.primary[0]"\n  secondary = "module.data_secondary.aws_db_instance.replica[0]"\n}\n')),
    holds("global-added", "a budget, which is global", "It is of no region.",
          append("live/budget.tf", '''
              resource "aws_budgets_budget" "month" {
                name         = "moleculeflow"
                budget_type  = "COST"
                limit_amount = "50000"
                limit_unit   = "USD"
                time_unit    = "MONTHLY"
              }
              '''),
          replace("live/dr.hcl", '"aws_iam_*"]', '"aws_iam_*", "aws_budgets_*"]')),
    # per-resource regions of provider 6
    holds("region-argument-alias", "the secondary alias of the key states its region instead of a provider", "Provider 6: the region of a resource is an argument.",
          inside("live/keys.tf", resource("aws_kms_alias", "data_secondary"), "  provider = aws.secondary\n", "  region = var.secondary_region\n"), provider=6),
    holds("region-argument-key", "the replica of the key states its region instead of a provider", "Provider 6: the region of a resource is an argument.",
          inside("live/keys.tf", resource("aws_kms_replica_key", "data"), "  provider = aws.secondary\n", "  region = var.secondary_region\n"), provider=6),
    holds("region-argument-routes", "the routes to the primary network state their region", "Provider 6: the region of a resource is an argument.",
          inside("live/network.tf", resource("aws_route", "to_primary"), "  provider = aws.secondary\n", "  region   = var.secondary_region\n"), provider=6),
    holds("region-argument-peering", "the accepter of the peering states its region", "Provider 6: the region of a resource is an argument.",
          inside("live/network.tf", resource("aws_vpc_peering_connection_accepter", "regions"), "  provider = aws.secondary\n", "  region = var.secondary_region\n"), provider=6),
    holds("region-argument-module", "resources of the topic state the region that their provider has", "Provider 6: the region of a resource is an argument.",
          add(ALARMS, resource("aws_sns_topic", "alerts"), "region = var.region"), add(ALARMS, resource("aws_sns_topic_subscription", "mail"), "region = var.region"), provider=6),
])
