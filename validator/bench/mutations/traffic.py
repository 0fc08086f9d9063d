"""Mutations of DNS, health checks, alarms, records of events and objectives that break a failover."""

from .edits import (
    ACCOUNT, ALARMS, add, append, breaks, call, drop, family, inside, primary_only, put, replace, resource, secondary,
)

DNS = "live/dns.tf"
APP = resource("aws_route53_record", "app")
CHECK = resource("aws_route53_health_check", "entry")
SWITCH = resource("aws_route53_health_check", "database")
DATABASE_PRIMARY = resource("aws_route53_record", "database_primary")
DATABASE_SECONDARY = resource("aws_route53_record", "database_secondary")
ERRORS = resource("aws_cloudwatch_metric_alarm", "errors")
STORAGE = resource("aws_cloudwatch_metric_alarm", "storage")
QUEUE = resource("aws_cloudwatch_metric_alarm", "queue")
TRAIL = resource("aws_cloudtrail", "audit")
WRONG_KEY = "key-not-in-secondary depends-on-primary reference-not-translated"

ENTRIES = family("traffic", [
    breaks("record-secondary-dropped", "clients have no record for the secondary region", "failover-record-missing",
           "DNS has nothing to fail over to.",
           put(DNS, APP, "for_each", '{ for role, entry in local.entries : role => entry if role == "primary" }')),
    breaks("record-never-fails-over", "the records of clients have no health check and do not evaluate their targets", "health-check-missing evaluate-target-health-off",
           "The primary one counts as healthy always.",
           inside(DNS, APP, "  health_check_id = aws_route53_health_check.entry[each.key].id\n", ""), put(DNS, APP, "evaluate_target_health", "false")),
    breaks("record-target-health-off", "the records do not evaluate the health of their targets", "evaluate-target-health-off",
           "The check asks web only: a region whose API has no healthy target keeps the traffic.",
           put(DNS, APP, "evaluate_target_health", "false")),
    breaks("record-both-primary", "the secondary record leads to the primary load balancer", "depends-on-primary failover-record-missing reference-not-translated",
           "The failover leads back to the lost region.",
           replace(DNS, "secondary = { name = module.application_secondary.balancer_name", "secondary = { name = module.application_primary.balancer_name")),
    breaks("record-simple", "the name of clients is one plain record of the primary region", "failover-record-missing depends-on-primary",
           "Somebody must edit a record in the outage.",
           put(DNS, APP, "for_each", '{ primary = local.entries.primary }'),
           inside(DNS, APP, "  set_identifier  = each.key\n", ""),
           inside(DNS, APP, "  failover_routing_policy {\n    type = upper(each.key)\n  }\n", "")),
    breaks("record-added-primary-only", "another name leads to the primary load balancer only", "failover-record-missing depends-on-primary",
           "Its clients stay with the lost region.",
           append(DNS, '''
               resource "aws_route53_record" "partners" {
                 zone_id = aws_route53_zone.public.zone_id
                 name    = "partners.${var.domain}"
                 type    = "A"

                 alias {
                   name                   = module.application_primary.balancer_name
                   zone_id                = module.application_primary.balancer_zone_id
                   evaluate_target_health = true
                 }
               }
               ''')),
    breaks("record-added-cname", "an internal name leads to the primary registry only", "depends-on-primary failover-record-missing",
           "The standby uses the lost registry.",
           append(DNS, '''
               resource "aws_route53_record" "registry" {
                 zone_id = aws_route53_zone.internal.zone_id
                 name    = "registry.internal.${var.domain}"
                 type    = "CNAME"
                 ttl     = 30
                 records = ["moleculeflow-registry-primary.cluster-abcdefghijkl.us-east-1.rds.amazonaws.com"]
               }
               ''')),
    breaks("database-ttl-long", "the primary record of the database lives 300 s in caches", "dns-ttl-too-long",
           "Clients keep the lost database for five minutes.",
           put(DNS, DATABASE_PRIMARY, "ttl", "300")),
    breaks("database-ttl-hour", "both records of the database live an hour in caches", "dns-ttl-too-long",
           "Clients keep the lost database for an hour, which is the whole objective.",
           put(DNS, DATABASE_PRIMARY, "ttl", "3600"), put(DNS, DATABASE_SECONDARY, "ttl", "3600")),
    breaks("database-check-dropped", "the primary record of the database has no health check", "health-check-missing",
           "The name never leaves the lost database.",
           inside(DNS, DATABASE_PRIMARY, "  health_check_id = aws_route53_health_check.database.id\n", "")),
    breaks("database-record-dropped", "the database has no secondary record", "failover-record-missing",
           "The name leads nowhere else.",
           drop(DNS, DATABASE_SECONDARY)),
    breaks("database-record-to-primary", "the secondary record of the database names the primary one", "depends-on-primary failover-record-missing reference-not-translated",
           "The failover leads back to the lost database.",
           inside(DNS, DATABASE_SECONDARY, "module.data_secondary.database_address", "module.data_primary.database_address")),
    breaks("database-record-literal", "the secondary record of the database names an address in us-east-1", "depends-on-primary failover-record-missing",
           "The failover leads back to the lost database.",
           inside(DNS, DATABASE_SECONDARY, "module.data_secondary.database_address", '"moleculeflow-prod.abcdefghijkl.us-east-1.rds.amazonaws.com"')),
    breaks("check-disabled", "the health checks are disabled", "health-check-always-healthy health-check-missing",
           "A disabled check counts as healthy: traffic never leaves.",
           add(DNS, CHECK, "disabled = true")),
    breaks("check-inverted", "the primary health check is inverted", "health-check-always-healthy attribute-differs",
           "The lost region counts as healthy.",
           add(DNS, CHECK, 'invert_healthcheck = each.key == "primary"')),
    breaks("check-follows", "the health checks ask the name that fails over", "health-check-follows-switch health-check-depends-on-primary",
           "After the switch the primary check asks the standby, finds it well, and switches back.",
           put(DNS, CHECK, "fqdn", '"app.${var.domain}"')),
    breaks("check-of-primary", "both health checks ask the primary load balancer", "health-check-depends-on-primary depends-on-primary reference-not-translated",
           "The standby counts as lost together with the primary region.",
           put(DNS, CHECK, "fqdn", "local.entries.primary.name")),
    breaks("check-path", "the secondary health check asks for a page that does not exist", "attribute-differs health-check-missing",
           "The standby always counts as lost.",
           put(DNS, CHECK, "resource_path", 'each.key == "primary" ? "/healthz" : "/status"')),
    breaks("check-port", "the secondary health check asks a port where nobody listens", "attribute-differs health-check-missing",
           "The standby always counts as lost.",
           put(DNS, CHECK, "port", 'each.key == "primary" ? 443 : 8443')),
    breaks("check-of-alarm", "the database's check reads an alarm in the primary region and keeps its last state",
           "health-check-always-healthy health-check-depends-on-primary",
           "When the region is lost there is no news, and the check stays healthy.",
           put(DNS, SWITCH, "type", '"CLOUDWATCH_METRIC"'),
           inside(DNS, SWITCH, "  routing_control_arn = aws_route53recoverycontrolconfig_routing_control.database.arn\n",
                  '  cloudwatch_alarm_name           = "moleculeflow-storage"\n  cloudwatch_alarm_region         = var.primary_region\n'
                  '  insufficient_data_health_status = "LastKnownStatus"\n')),
    breaks("check-of-nothing", "the database's check is calculated and needs none of its children", "health-check-always-healthy",
           "A threshold of 0 counts as healthy always.",
           put(DNS, SWITCH, "type", '"CALCULATED"'),
           inside(DNS, SWITCH, "  routing_control_arn = aws_route53recoverycontrolconfig_routing_control.database.arn\n",
                  '  child_healthchecks     = [aws_route53_health_check.entry["primary"].id]\n  child_health_threshold = 0\n')),
    breaks("zone-not-associated", "the private zone is not associated with the secondary VPC", "private-zone-not-associated",
           "The name of the database does not resolve there.",
           drop(DNS, resource("aws_route53_zone_association", "secondary"))),
    breaks("zone-associated-twice", "the private zone is associated with the primary VPC twice", "private-zone-not-associated depends-on-primary",
           "The name of the database does not resolve in the secondary VPC.",
           put(DNS, resource("aws_route53_zone_association", "secondary"), "vpc_id", "module.network_primary.vpc_id"),
           put(DNS, resource("aws_route53_zone_association", "secondary"), "vpc_region", "var.primary_region")),
]) + family("observability", [
    breaks("alarm-errors-dropped", "no alarm on errors in the secondary region", "alarm-missing",
           "Nobody is told that the new production fails.",
           primary_only(ALARMS, ERRORS)),
    breaks("alarm-storage-dropped", "no alarm on storage in the secondary region", "alarm-missing",
           "Nobody is told that the promoted database fills.",
           primary_only(ALARMS, STORAGE)),
    breaks("alarm-queue-dropped", "no alarm on the queue in the secondary region", "alarm-missing",
           "Nobody is told that jobs wait.",
           primary_only(ALARMS, QUEUE)),
    breaks("alarm-of-primary-database", "secondary alarms watch the primary database", "alarm-watches-primary reference-not-translated depends-on-primary",
           "They are silent about the promoted one.",
           call("application_secondary", "database_identifier", "module.data_primary.database_identifier")),
    breaks("alarm-literal-database", "alarms of both regions watch moleculeflow-prod", "alarm-watches-primary reference-not-translated depends-on-primary",
           "They are silent about the promoted one.",
           inside(ALARMS, STORAGE, "{ DBInstanceIdentifier = var.database_identifier }", '{ DBInstanceIdentifier = "moleculeflow-prod" }')),
    breaks("alarm-to-primary-topic", "alarms of both regions speak to a topic in us-east-1", "alarm-watches-primary depends-on-primary topic-missing",
           "An alarm speaks to topics of its own region only: nobody is told.",
           put(ALARMS, ERRORS, "alarm_actions", '["arn:aws:sns:us-east-1:123456789012:moleculeflow-alerts"]')),
    breaks("alarm-silent", "the alarm on errors takes no action in the secondary region", "alarm-missing attribute-differs",
           "Nobody is told.",
           add(ALARMS, ERRORS, 'actions_enabled = var.role == "primary"')),
    breaks("alarm-no-actions", "the alarm on errors has no action in the secondary region", "alarm-missing topic-missing attribute-differs",
           "Nobody is told.",
           put(ALARMS, ERRORS, "alarm_actions", 'var.role == "primary" ? [aws_sns_topic.alerts.arn] : []')),
    breaks("alarm-threshold-high", "the alarm on errors begins at 20000 in the secondary region", "attribute-differs alarm-missing",
           "Nobody is told until everything fails.",
           secondary(ALARMS, ERRORS, "threshold", "20000")),
    breaks("alarm-metric-differs", "the alarm on errors counts requests in the secondary region", "attribute-differs alarm-missing",
           "Errors are not counted.",
           secondary(ALARMS, ERRORS, "metric_name", '"HTTPCode_ELB_3XX_Count"')),
    breaks("topic-nobody", "nobody subscribes to the secondary topic", "topic-missing counterpart-missing",
           "Nobody is told.",
           call("application_secondary", "alarm_emails", "[]")),
    breaks("topic-key-of-aws", "the secondary topic uses the key of AWS", "attribute-differs reference-not-translated topic-missing key-not-in-secondary key-policy-differs",
           "Its policy does not admit alarms: nothing is published.",
           secondary(ALARMS, resource("aws_sns_topic", "alerts"), "kms_master_key_id", '"alias/aws/sns"')),
    breaks("log-retention-short", "logs of secondary services live 7 days, of primary ones 90", "log-retention-differs",
           "What happened during the failover is gone after a week.",
           call("application_secondary", "log_retention_days", "7")),
    breaks("flow-retention-short", "flow logs of the secondary network live 1 day", "log-retention-differs",
           "What happened during the failover is gone the next day.",
           call("network_secondary", "flow_retention_days", "1")),
    breaks("log-key-of-primary", "flow logs of the secondary network use the primary key", WRONG_KEY,
           "A key of another region: the log group is not made.",
           call("network_secondary", "log_key_arn", "aws_kms_key.data.arn")),
    breaks("trail-single", "the trails record their own region only", "trail-single-region",
           "Changes of global services are recorded in us-east-1 alone, and lost with it.",
           put(ACCOUNT, TRAIL, "is_multi_region_trail", "false")),
    breaks("trail-dropped", "the secondary region keeps no trail", "trail-single-region counterpart-missing",
           "The only one belongs to the primary region, and is lost with it.",
           primary_only(ACCOUNT, TRAIL)),
    breaks("trail-to-primary", "the secondary trail writes into the primary bucket", "depends-on-primary reference-not-translated trail-single-region",
           "Nothing is recorded while that region is down.",
           call("regional_secondary", "audit_bucket", 'module.storage_primary.bucket_ids["audit"]')),
    breaks("trail-stopped", "the secondary trail does not record", "attribute-differs trail-single-region",
           "The only record is kept in the primary region.",
           add(ACCOUNT, TRAIL, 'enable_logging = var.role == "primary"')),
    breaks("trail-key-of-primary", "the secondary trail and the default of disks use the primary key", WRONG_KEY,
           "The trail cannot write, and disks cannot be made, without that region.",
           call("regional_secondary", "storage_key_arn", "module.storage_primary.key_arn")),
]) + family("objectives", [
    breaks("objective-objects", "objects may lose one minute", "objective-unmet",
           "Their replication is bounded by 15 minutes.",
           replace("live/dr.hcl", 'rpo   = "15m"', 'rpo   = "1m"')),
    breaks("objective-backups", "what only backups keep may lose an hour", "objective-unmet frequency-misses-rpo",
           "Backups are made once a day.",
           replace("live/dr.hcl", 'rpo   = "36h"', 'rpo   = "1h"')),
])
