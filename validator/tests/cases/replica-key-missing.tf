# Keys for copies of objects that are encrypted by KMS.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_s3_bucket" "docs_primary" {
  bucket = "shop-docs-us-east-1"
}

resource "aws_s3_bucket" "docs_secondary" {
  provider = aws.west
  bucket   = "shop-docs-us-west-2"
}

resource "aws_kms_key" "primary" {
  description = "docs"
}

resource "aws_kms_key" "secondary" {
  provider    = aws.west
  description = "docs"
}

#! broken: objects of KMS are selected, and no key is named
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn
    }
  }
}

#! broken: the key is that of the source
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn

      encryption_configuration {
        replica_kms_key_id = aws_kms_key.primary.arn
      }
    }
  }
}

#! broken: the key is written as an ARN of the primary region
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn

      encryption_configuration {
        replica_kms_key_id = "arn:aws:kms:us-east-1:123456789012:alias/docs"
      }
    }
  }
}

#! holds: the key lies in the region of the copies
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn

      encryption_configuration {
        replica_kms_key_id = aws_kms_key.secondary.arn
      }
    }
  }
}

#! holds: a key of the region that another root made is looked up there
data "aws_kms_key" "docs" {
  provider = aws.west
  key_id   = "alias/docs"
}

resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn

      encryption_configuration {
        replica_kms_key_id = data.aws_kms_key.docs.arn
      }
    }
  }
}

#! undecided: the key is a variable
variable "key_arn" {
  type = string
}

resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn

      encryption_configuration {
        replica_kms_key_id = var.key_arn
      }
    }
  }
}

#! undecided: whether objects of KMS are selected is a variable
variable "kms" {
  type = bool
}

resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = var.kms ? "Enabled" : "Disabled"
      }
    }

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn
    }
  }
}
