module "storage_primary" {
  source = "../modules/storage"

  name       = var.name
  role       = "primary"
  region     = var.primary_region
  account_id = var.account_id
  network    = module.network_primary
  buckets    = var.buckets
}

module "storage_secondary" {
  source = "../modules/storage"

  providers = {
    aws = aws.secondary
  }

  name       = var.name
  role       = "secondary"
  region     = var.secondary_region
  account_id = var.account_id
  network    = module.network_secondary
  buckets    = var.buckets
}

# --- objects ----------------------------------------------------------------------

data "aws_iam_policy_document" "replication_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "replication" {
  statement {
    sid       = "ReadBuckets"
    actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
    resources = values(module.storage_primary.bucket_arns)
  }

  statement {
    sid = "ReadObjects"
    actions = [
      "s3:GetObjectVersionForReplication",
      "s3:GetObjectVersionAcl",
      "s3:GetObjectVersionTagging",
    ]
    resources = [for arn in values(module.storage_primary.bucket_arns) : "${arn}/*"]
  }

  statement {
    sid       = "WriteObjects"
    actions   = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
    resources = [for arn in values(module.storage_secondary.bucket_arns) : "${arn}/*"]
  }

  statement {
    sid       = "ReadKey"
    actions   = ["kms:Decrypt"]
    resources = [module.storage_primary.key_arn]

    condition {
      test     = "StringLike"
      variable = "kms:ViaService"
      values   = ["s3.${var.primary_region}.amazonaws.com"]
    }
  }

  statement {
    sid       = "WriteKey"
    actions   = ["kms:Encrypt", "kms:GenerateDataKey"]
    resources = [module.storage_secondary.key_arn]

    condition {
      test     = "StringLike"
      variable = "kms:ViaService"
      values   = ["s3.${var.secondary_region}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "replication" {
  name               = "${var.name}-object-replication"
  assume_role_policy = data.aws_iam_policy_document.replication_trust.json
}

resource "aws_iam_role_policy" "replication" {
  name   = "replicate"
  role   = aws_iam_role.replication.id
  policy = data.aws_iam_policy_document.replication.json
}

resource "aws_s3_bucket_replication_configuration" "this" {
  for_each = var.buckets

  bucket = module.storage_primary.bucket_ids[each.key]
  role   = aws_iam_role.replication.arn

  rule {
    id       = "everything"
    status   = "Enabled"
    priority = 1

    filter {
      prefix = ""
    }

    delete_marker_replication {
      status = "Enabled"
    }

    destination {
      bucket = module.storage_secondary.bucket_arns[each.key]

      encryption_configuration {
        replica_kms_key_id = module.storage_secondary.key_arn
      }

      replication_time {
        status = "Enabled"

        time {
          minutes = 15
        }
      }

      metrics {
        status = "Enabled"

        event_threshold {
          minutes = 15
        }
      }
    }
  }
}

# --- files and images ---------------------------------------------------------------

resource "aws_efs_replication_configuration" "files" {
  source_file_system_id = module.storage_primary.file_system_id

  destination {
    region         = var.secondary_region
    file_system_id = module.storage_secondary.file_system_id
  }
}

resource "aws_ecr_replication_configuration" "images" {
  replication_configuration {
    rule {
      destination {
        region      = var.secondary_region
        registry_id = var.account_id
      }

      repository_filter {
        filter      = "${var.name}/web"
        filter_type = "PREFIX_MATCH"
      }
    }
  }
}
