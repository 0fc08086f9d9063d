# What the services encrypt themselves must be readable in both regions: one key of both.

data "aws_iam_policy_document" "key" {
  for_each = local.networks

  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${var.account_id}:root"]
    }
  }

  statement {
    sid       = "Logs"
    actions   = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${each.value.region}.amazonaws.com"]
    }
  }

  statement {
    sid       = "Alarms"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }
  }
}

resource "aws_kms_key" "data" {
  description             = "${var.name} data"
  multi_region            = true
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key["primary"].json
}

resource "aws_kms_replica_key" "data" {
  provider = aws.secondary

  description             = "${var.name} data"
  primary_key_arn         = aws_kms_key.data.arn
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key["secondary"].json
}

resource "aws_kms_alias" "data_primary" {
  name          = "alias/${var.name}-data"
  target_key_id = aws_kms_key.data.key_id
}

resource "aws_kms_alias" "data_secondary" {
  provider = aws.secondary

  name          = "alias/${var.name}-data"
  target_key_id = aws_kms_replica_key.data.key_id
}
