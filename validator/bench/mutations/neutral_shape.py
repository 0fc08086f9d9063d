"""Mutations of where resources are declared that break nothing: styles of rules, files, modules, loops, blocks that make nothing."""

from .edits import (
    ACCOUNT, ALARMS, DATABASE, ENTRY, FILES, NETWORK, REGISTRY, SECURITY, SERVICES, WORKERS,
    add, append, call, drop, everywhere, family, holds, inside, move, read, rename_file, replace, resource, rewrite,
)

FORM = "The same configuration, written otherwise."
FILES_WHY = "All files of a folder are one module."
LOOP = "The same resources under other keys."
GROUP_CACHE_INLINE = '''
  ingress {
    description     = "From the services and other nodes"
    protocol        = "tcp"
    from_port       = 6379
    to_port         = 6379
    security_groups = [aws_security_group.app.id]
    self            = true
  }
'''
GROUP_ENDPOINTS_INLINE = '''
  ingress {
    description = "From the VPC"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = [var.cidr]
  }
'''
GROUP_FILES_INLINE = '''
  ingress {
    description     = "From the services and the workers"
    protocol        = "tcp"
    from_port       = 2049
    to_port         = 2049
    security_groups = [aws_security_group.app.id, aws_security_group.worker.id]
  }
'''
OPEN_ACL_RULES = '''
resource "aws_network_acl_rule" "open" {
  for_each = { in = false, out = true }

  network_acl_id = aws_network_acl.open.id
  egress         = each.value
  rule_number    = 100
  protocol       = "-1"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
}
'''
OPEN_ACL_INLINE = '''  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
'''
KEYS_MODULE = '''
terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.other]
    }
  }
}

variable "name" {
  type = string
}

variable "key_id" {
  type = string
}

variable "other_key_id" {
  type = string
}

resource "aws_kms_alias" "here" {
  name          = "alias/${var.name}-data"
  target_key_id = var.key_id
}

resource "aws_kms_alias" "there" {
  provider = aws.other

  name          = "alias/${var.name}-data"
  target_key_id = var.other_key_id
}
'''
AWS_ONLY = '''
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
'''

ENTRIES = family("neutral", [
    # groups and ACLs in other styles
    holds("cache-rules-apart", "rules of the cache's group are resources", "One group, written in another style.",
          inside(SECURITY, resource("aws_security_group", "cache"), GROUP_CACHE_INLINE, ""),
          append(SECURITY, '''
              resource "aws_vpc_security_group_ingress_rule" "cache" {
                for_each = { app = aws_security_group.app.id, self = aws_security_group.cache.id }

                security_group_id            = aws_security_group.cache.id
                referenced_security_group_id = each.value
                ip_protocol                  = "tcp"
                from_port                    = 6379
                to_port                      = 6379
              }
              ''')),
    holds("endpoints-rules-apart", "rules of the endpoints' group are resources of the older kind", "One group, written in another style.",
          inside(SECURITY, resource("aws_security_group", "endpoints"), GROUP_ENDPOINTS_INLINE, ""),
          append(SECURITY, '''
              resource "aws_security_group_rule" "endpoints" {
                type              = "ingress"
                security_group_id = aws_security_group.endpoints.id
                protocol          = "tcp"
                from_port         = 443
                to_port           = 443
                cidr_blocks       = [var.cidr]
              }
              ''')),
    holds("endpoints-style-by-region", "rules of the endpoints' group are inline in one region and a resource in the other", "One group, written in two styles.",
          inside(SECURITY, resource("aws_security_group", "endpoints"), GROUP_ENDPOINTS_INLINE, '''
  dynamic "ingress" {
    for_each = var.role == "primary" ? [443] : []

    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = [var.cidr]
    }
  }
'''),
          append(SECURITY, '''
              resource "aws_vpc_security_group_ingress_rule" "endpoints" {
                count = var.role == "secondary" ? 1 : 0

                security_group_id = aws_security_group.endpoints.id
                cidr_ipv4         = var.cidr
                ip_protocol       = "tcp"
                from_port         = 443
                to_port           = 443
              }
              ''')),
    holds("files-rules-apart", "rules of the files' group are resources", "One group, written in another style.",
          inside(SECURITY, resource("aws_security_group", "files"), GROUP_FILES_INLINE, ""),
          append(SECURITY, '''
              resource "aws_vpc_security_group_ingress_rule" "files" {
                for_each = { app = aws_security_group.app.id, worker = aws_security_group.worker.id }

                security_group_id            = aws_security_group.files.id
                referenced_security_group_id = each.value
                ip_protocol                  = "tcp"
                from_port                    = 2049
                to_port                      = 2049
              }
              ''')),
    holds("database-rules-inline", "rules of the database's group are inline", "One group, written in another style.",
          drop(SECURITY, resource("aws_security_group_rule", "database_from_app")), drop(SECURITY, resource("aws_security_group_rule", "database_from_worker")),
          add(SECURITY, resource("aws_security_group", "database"), '''
              ingress {
                protocol        = "tcp"
                from_port       = 5432
                to_port         = 5432
                security_groups = [aws_security_group.app.id, aws_security_group.worker.id]
              }
              ''')),
    holds("database-rules-newer", "rules of the database's group are of the newer kind", "One group, written in another style.",
          drop(SECURITY, resource("aws_security_group_rule", "database_from_app")),
          append(SECURITY, '''
              resource "aws_vpc_security_group_ingress_rule" "database_from_app" {
                security_group_id            = aws_security_group.database.id
                referenced_security_group_id = aws_security_group.app.id
                ip_protocol                  = "6"
                from_port                    = 5432
                to_port                      = 5432
              }
              ''')),
    holds("acl-rules-apart", "rules of the open ACL are resources", "One ACL, written in another style.",
          inside(SECURITY, resource("aws_network_acl", "open"), OPEN_ACL_INLINE, ""), append(SECURITY, OPEN_ACL_RULES)),
    holds("routes-apart", "the default route of the public table is a resource", "One table, written in another style.",
          inside(NETWORK, resource("aws_route_table", "public"), '  route {\n    cidr_block = "0.0.0.0/0"\n    gateway_id = aws_internet_gateway.this.id\n  }\n', ""),
          append(NETWORK, '''
              resource "aws_route" "public_internet" {
                route_table_id         = aws_route_table.public.id
                destination_cidr_block = "0.0.0.0/0"
                gateway_id             = aws_internet_gateway.this.id
              }
              ''')),
    # files
    *(holds(f"file-renamed-{id}", f"{file} has another name", FILES_WHY, rename_file(file, to))
      for id, file, to in (("dns", "live/dns.tf", "live/names.tf"), ("security", SECURITY, "modules/network/zz.tf"), ("values", "live/terraform.tfvars", "live/prod.auto.tfvars"))),
    holds("file-split-entry", "the firewall has a file of its own", FILES_WHY,
          move(ENTRY, resource("aws_wafv2_web_acl", "entry"), "modules/application/firewall.tf"),
          move(ENTRY, resource("aws_wafv2_web_acl_association", "entry"), "modules/application/firewall.tf")),
    holds("file-split-storage", "the replication of objects has a file of its own", FILES_WHY,
          move("live/storage.tf", resource("aws_s3_bucket_replication_configuration", "this"), "live/replication.tf")),
    holds("file-one", "services and workers are in one file", FILES_WHY,
          lambda tree: tree.__setitem__(SERVICES, read(tree, SERVICES) + "\n" + tree.pop(WORKERS))),
    holds("file-override", "an override file repeats a value", "An override that says the same changes nothing.",
          append("modules/application/entry_override.tf", 'resource "aws_lb" "main" {\n  idle_timeout = 90\n}\n')),
    holds("file-json", "the outputs are written in JSON", FORM,
          lambda tree: (tree.pop("live/outputs.tf"), tree.__setitem__("live/outputs.tf.json", '{"output": {"address": {"value": "https://app.${var.domain}"}}}\n'))),
    holds("file-json-alias", "an alias of a key is written in JSON", FORM,
          drop("live/keys.tf", resource("aws_kms_alias", "data_secondary")),
          append("live/aliases.tf.json",
                 '{"resource": {"aws_kms_alias": {"data_secondary": {"provider": "aws.secondary", "name": "alias/${var.name}-data", "target_key_id": "${aws_kms_replica_key.data.key_id}"}}}}\n')),
    # modules
    holds("module-aliases", "the aliases of the key are in a module with two providers", "The same resources under other addresses.",
          drop("live/keys.tf", resource("aws_kms_alias", "data_primary")), drop("live/keys.tf", resource("aws_kms_alias", "data_secondary")),
          append("modules/aliases/main.tf", KEYS_MODULE),
          replace("live/dr.hcl", '"module.network_*", ', '"module.network_*", "module.aliases", '),
          append("live/keys.tf", '''
              module "aliases" {
                source = "../modules/aliases"

                providers = {
                  aws       = aws
                  aws.other = aws.secondary
                }

                name         = var.name
                key_id       = aws_kms_key.data.key_id
                other_key_id = aws_kms_replica_key.data.key_id
              }
              ''')),
    holds("module-images", "the replication of images is in a module", "The same resource under another address.",
          drop("live/storage.tf", resource("aws_ecr_replication_configuration", "images")),
          replace("live/dr.hcl", '"module.application_*", ', '"module.application_*", "module.images", '),
          append("modules/images/main.tf", AWS_ONLY + '''
variable "prefix" {
  type = string
}

variable "region" {
  type = string
}

variable "account_id" {
  type = string
}

resource "aws_ecr_replication_configuration" "this" {
  replication_configuration {
    rule {
      destination {
        region      = var.region
        registry_id = var.account_id
      }

      repository_filter {
        filter      = var.prefix
        filter_type = "PREFIX_MATCH"
      }
    }
  }
}
'''),
          append("live/storage.tf", '''
              module "images" {
                source = "../modules/images"

                prefix     = "${var.name}/"
                region     = var.secondary_region
                account_id = var.account_id
              }
              ''')),
    holds("module-topic", "the subscriptions are in a module within the module", "The same resources under other addresses.",
          drop(ALARMS, resource("aws_sns_topic_subscription", "mail")),
          append("modules/application/mail/main.tf", AWS_ONLY + '''
variable "topic_arn" {
  type = string
}

variable "addresses" {
  type = list(string)
}

resource "aws_sns_topic_subscription" "this" {
  for_each = toset(var.addresses)

  topic_arn = var.topic_arn
  protocol  = "email"
  endpoint  = each.key
}
'''),
          append(ALARMS, '''
              module "mail" {
                source = "./mail"

                topic_arn = aws_sns_topic.alerts.arn
                addresses = var.alarm_emails
              }
              ''')),
    holds("module-counted", "the module of the secondary backups has a count of one", "The same resources under other addresses.",
          call("regional_secondary", "count", "1"), everywhere("module.regional_secondary", "module.regional_secondary[0]", "live/")),
    holds("module-depends", "the secondary application waits for the secondary stores", "Order of creation is no difference.",
          add("live/application.tf", 'module "application_secondary"', "depends_on = [module.data_secondary]")),
    holds("module-provider-stated", "the primary calls name their provider", "It is the default one.",
          add("live/network.tf", 'module "network_primary"', "providers = {\n  aws = aws\n}"), add("live/data.tf", 'module "data_primary"', "providers = {\n  aws = aws\n}")),
    # loops
    holds("loop-replica", "the replica is made by for_each", LOOP,
          inside(DATABASE, resource("aws_db_instance", "replica"), "count = local.primary ? 0 : 1", "for_each = local.primary ? toset([]) : toset([var.role])"),
          rewrite("modules/data/outputs.tf", lambda text: text.replace("aws_db_instance.replica[*]", "values(aws_db_instance.replica)[*]"))),
    holds("loop-nat", "NAT gateways and their addresses are made by for_each", LOOP,
          inside(NETWORK, resource("aws_eip", "nat"), "count = local.nat_gateways", 'for_each = toset([for ordinal in range(local.nat_gateways) : tostring(ordinal)])'),
          inside(NETWORK, resource("aws_eip", "nat"), "${count.index}", "${each.key}"),
          inside(NETWORK, resource("aws_nat_gateway", "this"), "count = local.nat_gateways", "for_each = aws_eip.nat"),
          inside(NETWORK, resource("aws_nat_gateway", "this"), "aws_eip.nat[count.index].id", "each.value.id"),
          inside(NETWORK, resource("aws_nat_gateway", "this"), '"public-${count.index}"', '"public-${each.key}"'),
          inside(NETWORK, resource("aws_nat_gateway", "this"), '"${var.name}-${count.index}"', '"${var.name}-${each.key}"'),
          inside(NETWORK, resource("aws_route", "app_internet"), "aws_nat_gateway.this[count.index % local.nat_gateways].id", "aws_nat_gateway.this[tostring(count.index % local.nat_gateways)].id")),
    holds("loop-mounts", "mount targets are made by for_each over zones", LOOP,
          inside(FILES, resource("aws_efs_mount_target", "files"), "count = length(var.network.subnet_ids.isolated)", 'for_each = { for ordinal in range(length(var.network.subnet_ids.isolated)) : "zone-${ordinal}" => ordinal }'),
          inside(FILES, resource("aws_efs_mount_target", "files"), "[count.index]", "[each.value]")),
    holds("loop-peering-routes", "routes through the peering are made by for_each", LOOP,
          inside("live/network.tf", resource("aws_route", "to_primary"), "count    = length(local.networks.secondary.zones)", 'for_each = { for ordinal, zone in local.networks.secondary.zones : zone => ordinal }'),
          inside("live/network.tf", resource("aws_route", "to_primary"), "[count.index]", "[each.value]")),
    holds("loop-registry", "instances of the registry are made by for_each", LOOP,
          inside(REGISTRY, resource("aws_rds_cluster_instance", "registry"), "count = var.registry.instances", 'for_each = toset([for number in range(var.registry.instances) : tostring(number)])'),
          inside(REGISTRY, resource("aws_rds_cluster_instance", "registry"), "${count.index}", "${each.key}")),
    holds("loop-lag", "the alarm on lag is made by for_each", LOOP,
          inside(ALARMS, resource("aws_cloudwatch_metric_alarm", "lag"), "count = local.primary ? 0 : 1", 'for_each = toset(local.primary ? [] : ["replica"])')),
    holds("loop-dropped", "the gateway endpoints are two resources", LOOP,
          inside(NETWORK, resource("aws_vpc_endpoint", "gateway"), 'toset(["s3", "dynamodb"])', 'toset(["s3"])'),
          append(NETWORK, '''
              resource "aws_vpc_endpoint" "tables" {
                vpc_id          = aws_vpc.this.id
                service_name    = "com.amazonaws.${var.region}.dynamodb"
                route_table_ids = concat(aws_route_table.app[*].id, [aws_route_table.isolated.id])
              }
              ''')),
    holds("loop-added", "the trail is made by count", LOOP, add(ACCOUNT, resource("aws_cloudtrail", "audit"), "count = 1\n")),
    # blocks that are no resources
    holds("check-block", "a check block", "It makes nothing.",
          append("live/outputs.tf", '''
              check "regions" {
                assert {
                  condition     = var.primary_region != var.secondary_region
                  error_message = "Two regions are needed."
                }
              }
              ''')),
    holds("import-block", "an import block", "It makes nothing.", append("live/keys.tf", 'import {\n  to = aws_kms_alias.data_primary\n  id = "alias/moleculeflow-data"\n}\n')),
    holds("removed-block", "a removed block", "It makes nothing.", append("live/keys.tf", "removed {\n  from = aws_kms_alias.older\n\n  lifecycle {\n    destroy = false\n  }\n}\n")),
    holds("output-added", "another output", "It makes nothing.", append("live/outputs.tf", 'output "network" {\n  value = module.network_secondary\n}\n')),
    holds("variable-unused", "a variable that nobody uses", "It makes nothing.", append("live/variables.tf", 'variable "owner" {\n  type    = string\n  default = "platform"\n}\n')),
    holds("conditions", "a precondition on the replica", "It makes nothing.",
          add(DATABASE, resource("aws_db_instance", "replica"), '''
              lifecycle {
                precondition {
                  condition     = var.source_database_arn != null
                  error_message = "A replica needs a source."
                }
              }
              ''')),
])
