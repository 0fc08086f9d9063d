"""Mutations that give the secondary region something that production lacks, and that break nothing."""

from .edits import BUCKETS, DATABASE, ENTRY, IDENTITY, NETWORK, WORKERS, add, append, call, document, family, holds, inside, put, resource
from .stricter import (
    BUCKET_STATEMENT, ENDPOINT, FIREWALL_RULE, GUARDRAIL, LIFECYCLE, LISTENER_RULE, QUEUE_POLICY, REPLICA, RESOLVERS, ROLE_POLICY, ROUTE,
    TO_WEB, WEB_ACL,
)

NOTHING = "It takes nothing that production uses."

ENTRIES = family("neutral", [
    holds("extra-lifecycle-disabled", "the secondary buckets have a disabled rule that would expire objects", "A disabled rule does nothing.",
          inside(BUCKETS, LIFECYCLE, "  depends_on = [aws_s3_bucket_versioning.this]\n", '''  dynamic "rule" {
    for_each = var.role == "secondary" ? ["Disabled"] : []

    content {
      id     = "expire"
      status = rule.value

      filter {
        prefix = ""
      }

      expiration {
        days = 1
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
''')),
    holds("extra-lifecycle-uploads", "uploads that were broken off are removed earlier from the secondary buckets", NOTHING,
          inside(BUCKETS, LIFECYCLE, "    abort_incomplete_multipart_upload {\n      days_after_initiation = 7\n",
                 '    abort_incomplete_multipart_upload {\n      days_after_initiation = var.role == "secondary" ? 3 : 7\n')),
    holds("extra-bucket-denies-deletion", "the policies of the secondary buckets deny deleting versions", NOTHING,
          add(BUCKETS, document("bucket"), BUCKET_STATEMENT % "s3:DeleteObjectVersion")),
    holds("extra-bucket-denies-old-tls", "the policies of the secondary buckets deny old versions of TLS", NOTHING,
          add(BUCKETS, document("bucket"), '''
              dynamic "statement" {
                for_each = var.role == "secondary" ? ["1.2"] : []

                content {
                  effect    = "Deny"
                  actions   = ["s3:*"]
                  resources = ["${aws_s3_bucket.this[each.key].arn}/*"]

                  principals {
                    type        = "*"
                    identifiers = ["*"]
                  }

                  condition {
                    test     = "NumericLessThan"
                    variable = "s3:TlsVersion"
                    values   = [statement.value]
                  }
                }
              }
              ''')),
    holds("extra-role-denies-others", "a policy of the secondary task role denies what it may not do anyway", NOTHING,
          append(IDENTITY, ROLE_POLICY % {"actions": '["iam:*", "sqs:DeleteQueue"]', "resource": '"*"'})),
    holds("extra-role-bounded", "a boundary of the secondary task role holds all that it may do", NOTHING,
          add(IDENTITY, resource("aws_iam_role", "task"), 'permissions_boundary = var.role == "secondary" ? aws_iam_policy.standby[0].arn : null'),
          append(IDENTITY, '''
              resource "aws_iam_policy" "standby" {
                count = var.role == "secondary" ? 1 : 0

                name = "${var.name}-standby-${var.region}"
                policy = jsonencode({
                  Version   = "2012-10-17"
                  Statement = [{ Effect = "Allow", Action = ["s3:*", "dynamodb:*", "sqs:*", "secretsmanager:*", "ssm:*", "kms:*", "ecr:*", "logs:*"], Resource = "*" }]
                })
              }
              ''')),
    holds("extra-queue-allows", "a policy of the secondary queue lets a role of the account send", NOTHING,
          append(WORKERS, QUEUE_POLICY % {"effect": "Allow", "principal": "{ AWS = aws_iam_role.task.arn }", "action": "sqs:SendMessage"})),
    holds("extra-queue-denies-purges", "a policy of the secondary queue denies emptying it", NOTHING,
          append(WORKERS, QUEUE_POLICY % {"effect": "Deny", "principal": '"*"', "action": "sqs:PurgeQueue"})),
    holds("extra-endpoint-policy", "the secondary endpoint for S3 states that it lets all through", "That is what it does without a policy.",
          add(NETWORK, ENDPOINT, '''
              policy = var.role == "secondary" ? jsonencode({
                Version   = "2012-10-17"
                Statement = [{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*" }]
              }) : null
              ''')),
    holds("extra-organisation", "a policy of the organisation denies everything outside of both regions", NOTHING,
          append("live/organisation.tf", GUARDRAIL % 'StringNotEquals = { "aws:RequestedRegion" = [var.primary_region, var.secondary_region] }')),
    holds("extra-firewall-counts", "the secondary firewall counts requests from some countries", "What is counted passes.",
          add(ENTRY, WEB_ACL, FIREWALL_RULE % {"action": "count"})),
    holds("extra-listener-late", "the secondary listener has another rule for the API, after the one of production", "The first match decides.",
          append(ENTRY, LISTENER_RULE % {"priority": "900", "path": "/api/*", "action": TO_WEB})),
    holds("extra-listener-same", "the secondary listener names a path that goes where it goes anyway", NOTHING,
          append(ENTRY, LISTENER_RULE % {"priority": "1", "path": "/assets/*", "action": TO_WEB})),
    holds("extra-resolvers-of-aws", "the secondary network states that it resolves names by the resolver of AWS", "That is what it does without options.",
          append(NETWORK, RESOLVERS % "AmazonProvidedDNS")),
    holds("extra-route-same-way", "the secondary app tier names a partner's addresses, and sends them the same way", NOTHING,
          append(NETWORK, ROUTE % "nat_gateway_id = aws_nat_gateway.this[count.index % local.nat_gateways].id")),
    holds("extra-source-literal", "the replica names its source by the text of the ARN", "It is the primary's.",
          put(DATABASE, REPLICA, "replicate_source_db", '"arn:aws:rds:us-east-1:123456789012:db:moleculeflow-prod"')),
    holds("extra-workers-newer", "secondary workers are machines of a newer generation of the same processor", "They run the same code.",
          call("application_secondary", "workers", 'merge(var.workers, { instance_type = "c7i.4xlarge" })')),
])
