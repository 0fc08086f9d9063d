"""Mutations of services, balancers, scaling and workers that break a failover."""

from .edits import (
    ACCOUNT, ENTRY, SERVICES, WORKERS, add, append, breaks, call, family, inside, primary_only, put, resource,
    secondary,
)

SERVICE = resource("aws_ecs_service", "service")
TASK = resource("aws_ecs_task_definition", "service")
TARGET = resource("aws_appautoscaling_target", "service")
GROUP = resource("aws_lb_target_group", "service")
HTTPS = resource("aws_lb_listener", "https")
FLEET = resource("aws_autoscaling_group", "worker")
TEMPLATE = resource("aws_launch_template", "worker")
QUEUE = resource("aws_sqs_queue", "docking")
EVERY_SERVICE = "{ for name, service in var.services : name => merge(service, { %s }) }"

ENTRIES = family("compute", [
    breaks("service-dropped", "the API does not exist in the secondary region", "service-missing",
           "No one answers /api.",
           call("application_secondary", "services", '{ for name, service in var.services : name => service if name != "api" }')),
    breaks("service-maximum-low", "secondary services scale to 3 tasks", "capacity-unreachable",
           "Production runs 6 of the API.",
           call("application_secondary", "services", EVERY_SERVICE % "maximum = 3")),
    breaks("service-scaling-dropped", "secondary services do not scale", "capacity-unreachable counterpart-missing",
           "One task carries the load of six.",
           secondary(SERVICES, TARGET, "for_each", "{}"),
           put(SERVICES, resource("aws_appautoscaling_policy", "cpu"), "for_each", "aws_appautoscaling_target.service")),
    breaks("service-policy-dropped", "nothing scales the secondary services", "capacity-unreachable counterpart-missing",
           "The maximum is allowed, but nobody raises the number of tasks.",
           secondary(SERVICES, resource("aws_appautoscaling_policy", "cpu"), "for_each", "{}")),
    breaks("service-policy-target-high", "secondary services scale at 100 % load", "attribute-differs capacity-unreachable",
           "The target is never exceeded: no task is added.",
           secondary(SERVICES, resource("aws_appautoscaling_policy", "cpu"), "target_value", "100")),
    breaks("service-scaling-suspended", "scaling out is suspended in the secondary region", "scaling-suspended capacity-unreachable",
           "The maximum is never reached.",
           add(SERVICES, TARGET, '''
               suspended_state {
                 dynamic_scaling_out_suspended = var.role == "secondary"
               }
               ''')),
    breaks("service-schedule", "the maximum of the standby is lowered to 1 every night", "time-bomb-schedule capacity-unreachable",
           "A failover at night, or the night after one, leaves one task.",
           append(SERVICES, '''
               resource "aws_appautoscaling_scheduled_action" "night" {
                 for_each = var.role == "secondary" ? var.services : {}

                 name               = "night"
                 service_namespace  = aws_appautoscaling_target.service[each.key].service_namespace
                 scalable_dimension = aws_appautoscaling_target.service[each.key].scalable_dimension
                 resource_id        = aws_appautoscaling_target.service[each.key].resource_id
                 schedule           = "cron(0 20 * * ? *)"

                 scalable_target_action {
                   min_capacity = 1
                   max_capacity = 1
                 }
               }
               ''')),
    breaks("service-two-zones", "secondary services run in two zones", "fewer-zones",
           "The loss of a zone halves the new production.",
           put(SERVICES, SERVICE, "subnets", 'var.role == "primary" ? var.network.subnet_ids.app : slice(var.network.subnet_ids.app, 0, 2)')),
    breaks("service-wrong-tier", "secondary services run in the isolated subnets", "missing-subnet-tier reference-not-translated attribute-differs fewer-zones endpoint-missing-without-nat",
           "They reach no partner, and no AWS service without an endpoint.",
           put(SERVICES, SERVICE, "subnets", 'var.role == "primary" ? var.network.subnet_ids.app : var.network.subnet_ids.isolated')),
    breaks("service-no-grace", "secondary services have no grace period", "attribute-differs",
           "Tasks that start on cold caches are killed before they answer.",
           secondary(SERVICES, SERVICE, "health_check_grace_period_seconds", "0")),
    breaks("service-spot-only", "secondary services run on spot capacity only", "capacity-unreachable attribute-differs task-differs",
           "In an outage of the other region spot capacity is gone first.",
           put(SERVICES, SERVICE, "launch_type", 'var.role == "primary" ? "FARGATE" : null'),
           add(SERVICES, SERVICE, '''
               dynamic "capacity_provider_strategy" {
                 for_each = var.role == "secondary" ? ["FARGATE_SPOT"] : []

                 content {
                   capacity_provider = capacity_provider_strategy.value
                   weight            = 1
                 }
               }
               ''')),
    breaks("task-memory-low", "secondary tasks have 512 MiB", "task-differs",
           "They are killed under load.",
           call("application_secondary", "services", EVERY_SERVICE % "cpu = 256, memory = 512")),
    breaks("task-cpu-low", "secondary tasks have a quarter of a processor", "task-differs",
           "They carry a quarter of the load.",
           secondary(SERVICES, TASK, "cpu", "256")),
    breaks("task-architecture", "secondary tasks run on ARM", "task-differs attribute-differs",
           "The images are built for X86.",
           add(SERVICES, TASK, '''
               runtime_platform {
                 cpu_architecture = var.role == "secondary" ? "ARM64" : "X86_64"
               }
               ''')),
    breaks("task-port-differs", "secondary containers listen on another port than the balancer asks", "task-differs balancer-differs attribute-differs",
           "Targets stay unhealthy.",
           inside(SERVICES, TASK, "containerPort = each.value.port", 'containerPort = var.role == "secondary" ? 9000 : each.value.port')),
    breaks("balancer-two-zones", "the secondary load balancer is in two zones", "fewer-zones balancer-differs",
           "Targets of the third zone get no requests.",
           put(ENTRY, resource("aws_lb", "main"), "subnets", 'var.role == "primary" ? var.network.subnet_ids.public : slice(var.network.subnet_ids.public, 0, 2)')),
    breaks("balancer-internal", "the secondary load balancer is internal", "balancer-differs attribute-differs",
           "No client reaches it.",
           put(ENTRY, resource("aws_lb", "main"), "internal", 'var.role == "secondary"')),
    breaks("balancer-idle-short", "the secondary load balancer cuts idle connections after 5 s", "balancer-differs attribute-differs",
           "Long requests fail.",
           secondary(ENTRY, resource("aws_lb", "main"), "idle_timeout", "5")),
    breaks("balancer-unprotected", "the secondary load balancer is not protected against deletion", "deletion-unprotected attribute-differs balancer-differs",
           "After the failover it is the entry of production.",
           put(ENTRY, resource("aws_lb", "main"), "enable_deletion_protection", 'var.role == "primary"')),
    breaks("listener-port", "the secondary listener is on port 8443", "balancer-differs attribute-differs",
           "Clients come to 443.",
           secondary(ENTRY, HTTPS, "port", "8443")),
    breaks("listener-policy-old", "the secondary listener takes old ciphers", "balancer-differs attribute-differs",
           "The standby is weaker than production.",
           secondary(ENTRY, HTTPS, "ssl_policy", '"ELBSecurityPolicy-2016-08"')),
    breaks("listener-default-target", "the secondary listener sends what no rule names to the API", "balancer-differs attribute-differs reference-not-translated",
           "The pages of web are not found.",
           put(ENTRY, HTTPS, "target_group_arn", 'var.role == "primary" ? aws_lb_target_group.service["web"].arn : aws_lb_target_group.service["api"].arn')),
    breaks("listener-redirect-dropped", "the secondary load balancer has no listener on port 80", "balancer-differs counterpart-missing",
           "Clients that begin with HTTP get no answer.",
           primary_only(ENTRY, resource("aws_lb_listener", "http"))),
    breaks("listener-rule-dropped", "the secondary listener has no rule for the API", "balancer-differs counterpart-missing",
           "Requests to /api end at web.",
           put(ENTRY, resource("aws_lb_listener_rule", "service"), "for_each",
               '{ for name, service in var.services : name => service if service.path != "/*" && var.role == "primary" }')),
    breaks("listener-rule-path", "the secondary rule of the API is for another path", "balancer-differs",
           "Requests to /api end at web.",
           put(ENTRY, resource("aws_lb_listener_rule", "service"), "values", 'var.role == "primary" ? [each.value.path] : ["/v2/*"]')),
    breaks("target-path", "secondary targets are checked at a path that does not exist", "balancer-differs attribute-differs",
           "No target is ever healthy.",
           secondary(ENTRY, GROUP, "path", '"/status"')),
    breaks("target-port", "secondary targets are checked on another port", "balancer-differs attribute-differs",
           "No target is ever healthy.",
           inside(ENTRY, GROUP, '    path                = "/healthz"\n', '    path                = "/healthz"\n    port                = var.role == "secondary" ? "9000" : "traffic-port"\n')),
    breaks("target-kind", "secondary target groups hold instances", "balancer-differs attribute-differs",
           "Fargate tasks register by address only.",
           secondary(ENTRY, GROUP, "target_type", '"instance"')),
    breaks("worker-maximum-low", "the secondary fleet scales to 2 machines", "capacity-unreachable",
           "Production runs 3 and may run 30.",
           call("application_secondary", "workers", "merge(var.workers, { maximum = 2, standby = 1 })")),
    breaks("worker-launch-suspended", "the secondary fleet starts no machines", "scaling-suspended capacity-unreachable",
           "It stays at its size, whatever its maximum.",
           add(WORKERS, FLEET, 'suspended_processes = var.role == "secondary" ? ["Launch"] : []')),
    breaks("worker-two-zones", "the secondary fleet uses two zones", "fewer-zones",
           "A third of the capacity cannot be had.",
           put(WORKERS, FLEET, "vpc_zone_identifier", 'var.role == "primary" ? var.network.subnet_ids.isolated : slice(var.network.subnet_ids.isolated, 0, 2)')),
    breaks("worker-policy-dropped", "nothing scales the secondary fleet", "capacity-unreachable counterpart-missing",
           "One machine does the work of three.",
           primary_only(WORKERS, resource("aws_autoscaling_policy", "worker"))),
    breaks("worker-class-small", "secondary workers have 2 processors of 8", "capacity-unreachable class-cannot-carry attribute-differs",
           "The same number of machines does a quarter of the work.",
           call("application_secondary", "workers", 'merge(var.workers, { instance_type = "c6i.large" })')),
    breaks("worker-disk-small", "secondary workers have 20 GiB", "attribute-differs",
           "Jobs fill the disk.",
           secondary(WORKERS, TEMPLATE, "volume_size", "20")),
    breaks("worker-disk-clear", "disks of secondary workers are not encrypted", "attribute-differs",
           "Data that production encrypts lies open.",
           put(WORKERS, TEMPLATE, "encrypted", 'var.role == "primary"')),
    breaks("worker-no-mount", "secondary workers do not mount the files", "attribute-differs task-differs",
           "Jobs find no input.",
           inside(WORKERS, TEMPLATE, "    mount -t efs", '    ${var.role == "primary" ? "" : "#"} mount -t efs')),
    breaks("queue-visibility-short", "jobs are given again after 30 s in the secondary region", "attribute-differs",
           "A job takes minutes: each is done many times.",
           secondary(WORKERS, QUEUE, "visibility_timeout_seconds", "30")),
    breaks("queue-retention-short", "jobs live 10 minutes in the secondary queue", "attribute-differs retention-shorter",
           "A backlog is lost.",
           secondary(WORKERS, QUEUE, "message_retention_seconds", "600")),
    breaks("queue-redrive-dropped", "jobs that fail are not set aside in the secondary region", "attribute-differs",
           "They come again for ever and block the queue.",
           inside(WORKERS, QUEUE, "  redrive_policy = jsonencode({", '  redrive_policy = var.role == "secondary" ? null : jsonencode({')),
    breaks("quota-dropped", "no quota is raised in the secondary region", "quota-not-raised capacity-unreachable counterpart-missing",
           "The default carries a fraction of the load.",
           call("regional_secondary", "quotas", "{}")),
    breaks("quota-low", "the secondary quota of processors is 64, the primary 512", "quota-not-raised capacity-unreachable",
           "30 workers need 240.",
           call("regional_secondary", "quotas", 'merge(local.quotas, { "ec2/L-1216C47A" = 64 })')),
    breaks("disk-encryption-dropped", "the secondary region does not encrypt disks by default", "regional-setting-missing counterpart-missing",
           "Disks that do not say so lie open.",
           primary_only(ACCOUNT, resource("aws_ebs_encryption_by_default", "this"))),
    breaks("disk-encryption-off", "encryption by default is off in the secondary region", "regional-setting-missing attribute-differs",
           "Disks that do not say so lie open.",
           put(ACCOUNT, resource("aws_ebs_encryption_by_default", "this"), "enabled", 'var.role == "primary"')),
    breaks("disk-key-dropped", "the secondary region has no default key for disks", "regional-setting-missing counterpart-missing",
           "Disks get the key of AWS, which cannot be shared.",
           primary_only(ACCOUNT, resource("aws_ebs_default_kms_key", "this"))),
    breaks("function-primary-only", "a function that takes submissions exists in the primary region only", "service-missing counterpart-missing",
           "Nobody takes submissions after the failover.",
           append("modules/application/function.tf", '''
               resource "aws_lambda_function" "submissions" {
                 count = var.role == "primary" ? 1 : 0

                 function_name = "${var.name}-submissions"
                 role          = aws_iam_role.task.arn
                 package_type  = "Image"
                 image_uri     = "${var.registry}/${var.name}/submissions:2026.11"
               }
               ''')),
    breaks("function-memory-low", "a function has 128 MB in the secondary region and 1024 in the primary", "attribute-differs",
           "It fails for want of memory.",
           append("modules/application/function.tf", '''
               resource "aws_lambda_function" "submissions" {
                 function_name = "${var.name}-submissions"
                 role          = aws_iam_role.task.arn
                 package_type  = "Image"
                 image_uri     = "${var.registry}/${var.name}/submissions:2026.11"
                 memory_size   = var.role == "primary" ? 1024 : 128
               }
               ''')),
])
