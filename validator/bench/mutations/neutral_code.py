"""Mutations of how the code is written that break nothing: names, order, form."""

import re

from .edits import (
    ALARMS, BACKUP, BUCKETS, DATABASE, ENTRY, IDENTITY, NETWORK, SECURITY, SERVICES, STORES, append, document, drop,
    everywhere, family, holds, inside, put, replace, resource, rewrite,
)

NAME = "A name in the code means nothing to AWS."
ORDER = "Terraform's order is that of references, not of lines."
FORM = "The same configuration, written otherwise."


def blocks_reversed(text: str) -> str:
    """Top-level blocks in reverse order, each with the comment above it."""
    parts = re.split(r"\n(?=(?:#[^\n]*\n)*(?:resource|data|module|locals|variable|output|terraform|provider)\b)", "\n" + text)
    return "\n".join(part.strip("\n") + "\n" for part in reversed(parts) if part.strip())


def entries_reversed(name: str):
    """The lines of an object in tfvars in reverse order."""

    def change(text: str) -> str:
        begin = text.index(f"{name} = {{\n") + len(name) + 5
        end = text.index("\n}", begin)
        lines = text[begin:end].split("\n")
        return text[:begin] + "\n".join(reversed(lines)) + text[end:]

    return change


def unaligned(text: str) -> str:
    return re.sub(r"^( *[\w\"-]+) +=", r"\1 =", text, flags=re.M)


def tabs(text: str) -> str:
    return re.sub(r"^((?:  )+)", lambda match: "\t" * (len(match[1]) // 2), text, flags=re.M)


def comments(text: str) -> str:
    return re.sub(r"^(resource|module|data) ", r"// Here begins another block.\n/* It has\n   a long comment. */\n\1 ", text, flags=re.M)


def without_comments(text: str) -> str:
    return re.sub(r"^ *#.*\n", "", text, flags=re.M)


def moved(old: str, new: str) -> str:
    return f"moved {{\n  from = {old}\n  to   = {new}\n}}\n"


def renamed(id: str, kind: str, old: str, new: str, what: str, *files: str):
    """A resource of another name, with a `moved` block in its module."""
    return holds(id, what, NAME, everywhere(f"{kind}.{old}", f"{kind}.{new}"),
                 *(replace(file, f'resource "{kind}" "{old}"', f'resource "{kind}" "{new}"') for file in files),
                 append(files[0], moved(f"{kind}.{old}", f"{kind}.{new}")))


def recalled(old: str, new: str):
    """Edits that rename a module call, also in dr.hcl."""
    return (everywhere(f"module.{old}", f"module.{new}", "live/"),
            *(replace(f"live/{file}", f'module "{old}"', f'module "{new}"') for file in [FILE_OF[old]]))


FILE_OF = {f"{name}_{role}": f"{name}.tf" for name in ("network", "data", "storage", "application", "regional") for role in ("primary", "secondary")}
BALANCER_DYNAMIC = '''  dynamic "ingress" {
    for_each = { http = 80, https = 443 }

    content {
      description = "Clients, ${ingress.key}"
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = var.client_cidrs
    }
  }
'''
BALANCER_STATIC = '''  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = var.client_cidrs
  }

  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = var.client_cidrs
  }
'''
FLOW_TRUST = '''jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
    }]
  })'''
FLOW_TRUST_TEXT = '''<<-EOT
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": { "Service": ["vpc-flow-logs.amazonaws.com"] },
        "Action": ["sts:AssumeRole"]
      }
    }
  EOT'''
FLOW_ROLE = "data.aws_iam_policy_document.flow_trust.json"

ENTRIES = family("neutral", [
    # names
    holds("call-renamed-west", "the call network_secondary is named network_west", NAME, *recalled("network_secondary", "network_west")),
    holds("call-renamed-both", "the calls of data are named data_a and data_b", NAME, *recalled("data_primary", "data_a"), *recalled("data_secondary", "data_b")),
    holds("call-renamed-standby", "the call application_secondary is named application_standby", NAME, *recalled("application_secondary", "application_standby")),
    holds("call-renamed-dr", "the call regional_secondary is named regional_dr", NAME, *recalled("regional_secondary", "regional_dr")),
    renamed("resource-renamed-balancer", "aws_lb", "main", "edge", "the load balancer has another name in the code", ENTRY),
    renamed("resource-renamed-vpc", "aws_vpc", "this", "main", "the VPC has another name in the code", NETWORK),
    renamed("resource-renamed-subnet", "aws_subnet", "this", "layer", "the subnets have another name in the code", NETWORK),
    renamed("resource-renamed-group", "aws_security_group", "app", "services", "a security group has another name in the code", SECURITY),
    renamed("resource-renamed-replica", "aws_db_instance", "replica", "standby", "the replica has another name in the code", DATABASE),
    renamed("resource-renamed-bucket", "aws_s3_bucket", "this", "store", "the buckets have another name in the code", BUCKETS),
    renamed("resource-renamed-topic", "aws_sns_topic", "alerts", "on_call", "the topic has another name in the code", ALARMS),
    renamed("resource-renamed-vault", "aws_backup_vault", "main", "copies", "the vault has another name in the code", BACKUP),
    holds("resource-renamed-key", "the replica of the key has another name in the code", NAME,
          everywhere("aws_kms_replica_key.data", "aws_kms_replica_key.twin", "live/"),
          replace("live/keys.tf", 'resource "aws_kms_replica_key" "data"', 'resource "aws_kms_replica_key" "twin"')),
    holds("variable-renamed", "a variable of the network module has another name", NAME,
          everywhere("var.client_cidrs", "var.allowed", "modules/network/"), replace("modules/network/variables.tf", 'variable "client_cidrs"', 'variable "allowed"')),
    holds("alias-renamed", "the provider alias is named west", NAME,
          everywhere("aws.secondary", "aws.west", "live/"), replace("live/providers.tf", 'alias  = "secondary"', 'alias  = "west"')),
    holds("local-renamed", "local.networks is named local.address_plan", NAME,
          everywhere("local.networks", "local.address_plan", "live/"), replace("live/locals.tf", "  networks = {", "  address_plan = {")),
    # order
    *(holds(f"reversed-{id}", f"the blocks of {file} come in reverse order", ORDER, rewrite(file, blocks_reversed))
      for id, file in (("network", NETWORK), ("security", SECURITY), ("entry", ENTRY), ("stores", STORES), ("dns", "live/dns.tf"), ("calls", "live/application.tf"))),
    holds("reversed-services", "the services come in reverse order", "A map has no order.", rewrite("live/terraform.tfvars", entries_reversed("services"))),
    holds("reversed-buckets", "the buckets come in reverse order", "A map has no order.", rewrite("live/terraform.tfvars", entries_reversed("buckets"))),
    holds("reversed-subnets", "the secondary balancer names its subnets in reverse order", "A set has no order.",
          put(ENTRY, resource("aws_lb", "main"), "subnets", 'var.role == "primary" ? var.network.subnet_ids.public : reverse(var.network.subnet_ids.public)')),
    holds("reversed-groups", "the files admit workers and services in the other order", "A set has no order.",
          put(SECURITY, resource("aws_security_group", "files"), "security_groups",
              'var.role == "primary" ? [aws_security_group.app.id, aws_security_group.worker.id] : [aws_security_group.worker.id, aws_security_group.app.id]')),
    holds("reversed-exports", "the replica exports the same logs in the other order", "A set has no order.",
          put(DATABASE, resource("aws_db_instance", "replica"), "enabled_cloudwatch_logs_exports", '["upgrade", "postgresql"]')),
    holds("reversed-environment", "the environment of tasks comes in another order", "Variables have no order.",
          inside(SERVICES, resource("aws_ecs_task_definition", "service"), "    environment = [\n", "    environment = [for variable in reverse([\n"),
          inside(SERVICES, resource("aws_ecs_task_definition", "service"), '      { name = "DOCKING_QUEUE", value = aws_sqs_queue.docking.url },\n    ]\n',
                 '      { name = "DOCKING_QUEUE", value = aws_sqs_queue.docking.url },\n    ]) : variable]\n')),
    holds("reversed-actions", "actions of a policy come in another order in the secondary region", "They have no order.",
          inside(IDENTITY, document("task"), '["s3:GetObject", "s3:PutObject", "s3:ListBucket"]',
                 'var.role == "primary" ? ["s3:GetObject", "s3:PutObject", "s3:ListBucket"] : ["s3:ListBucket", "s3:PutObject", "s3:GetObject"]')),
    holds("reversed-backup", "the secondary plan selects the same stores in another order", "A set has no order.",
          inside("live/regional.tf", 'module "regional_secondary"', "    module.data_secondary.database_arn,\n    module.data_secondary.registry_arn,\n",
                 "    module.data_secondary.registry_arn,\n    module.data_secondary.database_arn,\n")),
    # form
    *(holds(f"unaligned-{id}", f"{file} is not aligned", FORM, rewrite(file, unaligned)) for id, file in (("network", NETWORK), ("storage", "live/storage.tf"))),
    holds("tabs", "a file is indented with tabs", FORM, rewrite(SERVICES, tabs)),
    holds("comments", "comments before every block", FORM, rewrite(SECURITY, comments)),
    holds("comments-dropped", "a file without comments", FORM, rewrite("live/data.tf", without_comments)),
    holds("windows-lines", "a file with the line ends of Windows", FORM, rewrite("live/keys.tf", lambda text: text.replace("\n", "\r\n"))),
    holds("one-line-blocks", "variables on one line each", FORM,
          rewrite("modules/application/variables.tf", lambda text: re.sub(r'variable "(\w+)" \{\n  type = string\n\}', r'variable "\1" { type = string }', text))),
    holds("quoted-keys", "keys of the network plan in quotes and with colons", FORM,
          replace("live/locals.tf", "    secondary = {\n      region = var.secondary_region\n      cidr   = ", '    "secondary" : {\n      "region" : var.secondary_region,\n      "cidr" : ')),
    holds("formatted-names", "names are made with format and join", FORM,
          put(BUCKETS, resource("aws_s3_bucket", "this"), "bucket", 'join("-", [var.name, each.key, var.region])'),
          put(IDENTITY, resource("aws_iam_role", "task"), "name", 'format("%s-task-%s", var.name, var.region)')),
    holds("heredoc-policy", "the trust of the flow log role is a heredoc", FORM,
          inside(NETWORK, resource("aws_iam_role", "flow"), FLOW_ROLE, FLOW_TRUST_TEXT)),
    holds("jsonencode-policy", "the trust of the flow log role is made by jsonencode", FORM,
          inside(NETWORK, resource("aws_iam_role", "flow"), FLOW_ROLE, FLOW_TRUST)),
    holds("policy-form-by-region", "the trust of the flow log role is written in two ways, one for each region", FORM,
          inside(NETWORK, resource("aws_iam_role", "flow"), FLOW_ROLE, f'var.role == "primary" ? {FLOW_ROLE} : {FLOW_TRUST}')),
    holds("policy-split", "the task policy is two policies", "Policies of a role are united.",
          inside(IDENTITY, document("task"), '  statement {\n    sid       = "Queue"\n    actions   = ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"]\n    resources = [aws_sqs_queue.docking.arn]\n  }\n\n', ""),
          append(IDENTITY, '''
              data "aws_iam_policy_document" "queue" {
                statement {
                  actions   = ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"]
                  resources = [aws_sqs_queue.docking.arn]
                }
              }

              resource "aws_iam_role_policy" "queue" {
                name   = "queue"
                role   = aws_iam_role.task.id
                policy = data.aws_iam_policy_document.queue.json
              }
              ''')),
    holds("policy-names-dropped", "statements without names", "A statement's name has no effect.",
          rewrite(IDENTITY, lambda text: re.sub(r"^ +sid +=.*\n", "", text, flags=re.M))),
    holds("replication-policy-managed", "the policy of the replication role is a managed one", "Policies of a role are united.",
          drop("live/storage.tf", resource("aws_iam_role_policy", "replication")),
          append("live/storage.tf", '''
              resource "aws_iam_policy" "replication" {
                name   = "${var.name}-object-replication"
                policy = data.aws_iam_policy_document.replication.json
              }

              resource "aws_iam_role_policy_attachment" "replication" {
                role       = aws_iam_role.replication.name
                policy_arn = aws_iam_policy.replication.arn
              }
              ''')),
    holds("balancer-static-blocks", "ingress of the balancer's group without a dynamic block", FORM, inside(SECURITY, resource("aws_security_group", "balancer"), BALANCER_DYNAMIC, BALANCER_STATIC)),
    holds("directives", "a template with directives", FORM,
          put(IDENTITY, resource("aws_iam_instance_profile", "worker"), "name", '"${var.name}-worker%{ if true }-${var.region}%{ endif }"')),
])
