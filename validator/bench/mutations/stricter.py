"""Mutations that give the secondary region something that production lacks, and that breaks a failover."""

from .edits import (
    BUCKETS, DATABASE, ENTRY, IDENTITY, NETWORK, WORKERS, add, append, breaks, call, document, family, inside, put, resource, secondary,
)

LIFECYCLE = resource("aws_s3_bucket_lifecycle_configuration", "this")
WEB_ACL = resource("aws_wafv2_web_acl", "entry")
REPLICA = resource("aws_db_instance", "replica")
EXPIRY = '''    dynamic "expiration" {
      for_each = var.role == "secondary" ? [30] : []

      content {
        days = expiration.value
      }
    }

'''
BUCKET_STATEMENT = '''
  dynamic "statement" {
    for_each = var.role == "secondary" ? ["%s"] : []

    content {
      sid       = "StandbyOnly"
      effect    = "Deny"
      actions   = [statement.value]
      resources = ["${aws_s3_bucket.this[each.key].arn}/*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }
    }
  }
'''
FIREWALL_RULE = '''
  dynamic "rule" {
    for_each = var.role == "secondary" ? ["%(action)s"] : []

    content {
      name     = "countries"
      priority = 5

      action {
        %(action)s {}
      }

      statement {
        not_statement {
          statement {
            geo_match_statement {
              country_codes = ["US"]
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "countries"
        sampled_requests_enabled   = true
      }
    }
  }
'''
LISTENER_RULE = '''
    resource "aws_lb_listener_rule" "standby" {
      count = var.role == "secondary" ? 1 : 0

      listener_arn = aws_lb_listener.https.arn
      priority     = %(priority)s

      action {
        %(action)s
      }

      condition {
        path_pattern {
          values = ["%(path)s"]
        }
      }
    }
    '''
CLOSED = '''type = "fixed-response"

        fixed_response {
          content_type = "text/plain"
          status_code  = "503"
        }'''
TO_WEB = '''type             = "forward"
        target_group_arn = aws_lb_target_group.service["web"].arn'''
ROLE_POLICY = '''
    resource "aws_iam_role_policy" "standby" {
      count = var.role == "secondary" ? 1 : 0

      name = "standby"
      role = aws_iam_role.task.id
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Deny", Action = %(actions)s, Resource = %(resource)s }]
      })
    }
    '''
QUEUE_POLICY = '''
    resource "aws_sqs_queue_policy" "docking" {
      count = var.role == "secondary" ? 1 : 0

      queue_url = aws_sqs_queue.docking.id
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "%(effect)s", Principal = %(principal)s, Action = "%(action)s", Resource = aws_sqs_queue.docking.arn }]
      })
    }
    '''
RESOLVERS = '''
    resource "aws_vpc_dhcp_options" "standby" {
      count = var.role == "secondary" ? 1 : 0

      domain_name_servers = ["%s"]
    }

    resource "aws_vpc_dhcp_options_association" "standby" {
      count = var.role == "secondary" ? 1 : 0

      vpc_id          = aws_vpc.this.id
      dhcp_options_id = aws_vpc_dhcp_options.standby[0].id
    }
    '''
ROUTE = '''
    resource "aws_route" "partner" {
      count = var.role == "secondary" ? length(var.zones) : 0

      route_table_id         = aws_route_table.app[count.index].id
      destination_cidr_block = "198.51.100.0/24"
      %s
    }
    '''
GUARDRAIL = '''
    resource "aws_organizations_policy" "regions" {
      name = "regions"
      type = "SERVICE_CONTROL_POLICY"
      content = jsonencode({
        Version   = "2012-10-17"
        Statement = [{
          Effect    = "Deny"
          NotAction = ["iam:*", "route53:*", "organizations:*", "support:*"]
          Resource  = "*"
          Condition = { %s }
        }]
      })
    }
    '''
ENDPOINT = resource("aws_vpc_endpoint", "gateway")

ENTRIES = family("stricter", [
    breaks("stricter-objects-expire", "objects expire after 30 days in the secondary buckets, in the primary ones never", "lifecycle-differs",
           "The copies are gone before anybody needs them.",
           inside(BUCKETS, LIFECYCLE, "    transition {\n", EXPIRY + "    transition {\n")),
    breaks("stricter-objects-expire-alone", "only the secondary buckets have rules about age, and objects expire by them", "lifecycle-differs",
           "The copies are gone before anybody needs them.",
           put(BUCKETS, LIFECYCLE, "for_each", 'var.role == "secondary" ? var.buckets : {}'),
           inside(BUCKETS, LIFECYCLE, "    transition {\n", EXPIRY + "    transition {\n")),
    breaks("stricter-versions-expire", "old versions expire after a day in the secondary buckets", "lifecycle-differs",
           "What was overwritten by mistake cannot be brought back.",
           secondary(BUCKETS, LIFECYCLE, "noncurrent_days", "1")),
    breaks("stricter-bucket-denies-writes", "the policies of the secondary buckets deny writing to everybody", "denied-in-secondary",
           "Services cannot store anything after the failover.",
           add(BUCKETS, document("bucket"), BUCKET_STATEMENT % "s3:PutObject")),
    breaks("stricter-role-denies-queue", "a policy of the secondary task role denies taking jobs from the queue", "denied-in-secondary role-permissions-missing",
           "Workers get no jobs.",
           append(IDENTITY, ROLE_POLICY % {"actions": '"sqs:ReceiveMessage"', "resource": "aws_sqs_queue.docking.arn"})),
    breaks("stricter-role-denies-all-objects", "a policy of the secondary task role denies all that S3 can do", "denied-in-secondary role-permissions-missing",
           "Services can neither read nor write objects.",
           append(IDENTITY, ROLE_POLICY % {"actions": '"s3:*"', "resource": '"*"'})),
    breaks("stricter-role-bounded", "a boundary of the secondary task role lets it read only", "role-permissions-missing",
           "What the role's policies allow counts only within the boundary.",
           add(IDENTITY, resource("aws_iam_role", "task"), 'permissions_boundary = var.role == "secondary" ? aws_iam_policy.standby[0].arn : null'),
           append(IDENTITY, '''
               resource "aws_iam_policy" "standby" {
                 count = var.role == "secondary" ? 1 : 0

                 name = "${var.name}-standby-${var.region}"
                 policy = jsonencode({
                   Version   = "2012-10-17"
                   Statement = [{ Effect = "Allow", Action = ["s3:Get*", "s3:List*", "dynamodb:GetItem"], Resource = "*" }]
                 })
               }
               ''')),
    breaks("stricter-queue-denies-sends", "a policy of the secondary queue denies sending to everybody", "denied-in-secondary",
           "No job is accepted after the failover.",
           append(WORKERS, QUEUE_POLICY % {"effect": "Deny", "principal": '"*"', "action": "sqs:SendMessage"})),
    breaks("stricter-key-denies-decryption", "the policy of the secondary storage key denies decryption to everybody", "key-policy-differs",
           "Nothing in the buckets can be read.",
           add(BUCKETS, document("key"), '''
               dynamic "statement" {
                 for_each = var.role == "secondary" ? ["kms:Decrypt"] : []

                 content {
                   effect    = "Deny"
                   actions   = [statement.value]
                   resources = ["*"]

                   principals {
                     type        = "*"
                     identifiers = ["*"]
                   }
                 }
               }
               ''')),
    breaks("stricter-endpoint-denies-writes", "the secondary endpoint for S3 denies writing", "denied-in-secondary",
           "Everything in the app and isolated subnets reaches S3 through it.",
           add(NETWORK, ENDPOINT, '''
               policy = var.role == "secondary" ? jsonencode({
                 Version = "2012-10-17"
                 Statement = [
                   { Effect = "Allow", Principal = "*", Action = "*", Resource = "*" },
                   { Effect = "Deny", Principal = "*", Action = "s3:PutObject", Resource = "*" },
                 ]
               }) : null
               ''')),
    breaks("stricter-endpoint-reads-only", "the policy of the secondary endpoint for S3 allows reading only", "denied-in-secondary",
           "What no statement allows is denied: nothing can be stored.",
           add(NETWORK, ENDPOINT, '''
               policy = var.role == "secondary" ? jsonencode({
                 Version   = "2012-10-17"
                 Statement = [{ Effect = "Allow", Principal = "*", Action = ["s3:Get*", "s3:List*", "dynamodb:*"], Resource = "*" }]
               }) : null
               ''')),
    breaks("stricter-organisation-other-region", "a policy of the organisation denies everything outside of the primary region", "role-locked-to-region",
           "Every call in the secondary region is denied.",
           append("live/organisation.tf", GUARDRAIL % 'StringNotEquals = { "aws:RequestedRegion" = [var.primary_region] }')),
    breaks("stricter-organisation-this-region", "a policy of the organisation denies everything in the secondary region", "role-locked-to-region",
           "Every call in the secondary region is denied.",
           append("live/organisation.tf", GUARDRAIL % 'StringEquals = { "aws:RequestedRegion" = var.secondary_region }')),
    breaks("stricter-firewall-rule", "the secondary firewall blocks all countries but one", "waf-differs",
           "Clients of other countries are refused.",
           add(ENTRY, WEB_ACL, FIREWALL_RULE % {"action": "block"})),
    breaks("stricter-firewall-alone", "only the secondary balancer has a firewall, and it blocks all countries but one", "waf-differs",
           "Clients that production serves are refused.",
           add(ENTRY, WEB_ACL, FIREWALL_RULE % {"action": "block"}),
           add(ENTRY, resource("aws_wafv2_web_acl_association", "entry"), 'count = var.role == "secondary" ? 1 : 0')),
    breaks("stricter-listener-closed", "the secondary listener answers every path itself: standby", "balancer-differs",
           "No request reaches a service.",
           append(ENTRY, LISTENER_RULE % {"priority": "1", "path": "/*", "action": CLOSED})),
    breaks("stricter-listener-part-closed", "the secondary listener answers uploads to the API itself", "balancer-differs",
           "Uploads fail after the failover.",
           append(ENTRY, LISTENER_RULE % {"priority": "1", "path": "/api/uploads/*", "action": CLOSED})),
    breaks("stricter-listener-diverted", "the secondary listener sends the API's paths to the web service", "balancer-differs",
           "The API cannot be reached.",
           append(ENTRY, LISTENER_RULE % {"priority": "1", "path": "/api/*", "action": TO_WEB})),
    breaks("stricter-resolvers", "the secondary network resolves names by a server of its own", "dns-options-differ",
           "Private zones and private names of endpoints resolve by the resolver of the VPC only.",
           append(NETWORK, RESOLVERS % "10.50.0.250")),
    breaks("stricter-route-to-gateway", "the secondary app tier sends a partner's addresses to the internet gateway", "route-target-differs",
           "Tasks have no public address: the partner is reached through NAT in production only.",
           append(NETWORK, ROUTE % "gateway_id = aws_internet_gateway.this.id")),
    breaks("stricter-route-to-nobody", "the secondary app tier sends a partner's addresses to a network interface that is gone", "route-target-differs",
           "A route whose target is gone drops what it matches.",
           append(NETWORK, ROUTE % 'network_interface_id = "eni-0a1b2c3d4e5f60718"')),
    breaks("stricter-source-other-name", "the replica follows a database of another name", "replica-source-differs no-replica",
           "What is promoted holds other data.",
           put(DATABASE, REPLICA, "replicate_source_db", '"arn:aws:rds:us-east-1:123456789012:db:moleculeflow-staging"')),
    breaks("stricter-source-other-account", "the replica follows a database of another account", "replica-source-differs no-replica",
           "What is promoted holds other data.",
           put(DATABASE, REPLICA, "replicate_source_db", '"arn:aws:rds:us-east-1:999999999999:db:moleculeflow-prod"')),
    breaks("stricter-workers-arm", "secondary workers are machines with ARM processors", "processor-differs",
           "The image of the template is one for x86: nothing starts.",
           call("application_secondary", "workers", 'merge(var.workers, { instance_type = "c7g.4xlarge" })')),
])
