# Objects that are encrypted with KMS are replicated only where the rule says so.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_kms_key" "primary" {
  description = "files"
}

resource "aws_kms_key" "secondary" {
  provider    = aws.west
  description = "files"
}

resource "aws_s3_bucket" "primary" {
  bucket = "acme-files-east"
}

resource "aws_s3_bucket" "secondary" {
  provider = aws.west
  bucket   = "acme-files-west"
}

resource "aws_iam_role" "replication" {
  name               = "replication"
  assume_role_policy = "{}"
}

#! broken: the bucket encrypts with a key, and the rule does not say so
resource "aws_s3_bucket_server_side_encryption_configuration" "primary" {
  bucket = aws_s3_bucket.primary.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.primary.arn
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "files" {
  bucket = aws_s3_bucket.primary.id
  role   = aws_iam_role.replication.arn
  rule {
    id     = "all"
    status = "Enabled"
    destination {
      bucket = aws_s3_bucket.secondary.arn
    }
  }
}

#! holds: the rule selects them and names the key of the destination
resource "aws_s3_bucket_server_side_encryption_configuration" "primary" {
  bucket = aws_s3_bucket.primary.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.primary.arn
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "files" {
  bucket = aws_s3_bucket.primary.id
  role   = aws_iam_role.replication.arn
  rule {
    id     = "all"
    status = "Enabled"
    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }
    destination {
      bucket = aws_s3_bucket.secondary.arn
      encryption_configuration {
        replica_kms_key_id = aws_kms_key.secondary.arn
      }
    }
  }
}

#! undecided: how the bucket encrypts is a variable
variable "algorithm" {
  type = string
}

resource "aws_s3_bucket_server_side_encryption_configuration" "primary" {
  bucket = aws_s3_bucket.primary.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = var.algorithm
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "files" {
  bucket = aws_s3_bucket.primary.id
  role   = aws_iam_role.replication.arn
  rule {
    id     = "all"
    status = "Enabled"
    destination {
      bucket = aws_s3_bucket.secondary.arn
    }
  }
}
