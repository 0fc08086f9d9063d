# The region to which a bucket is replicated.
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

resource "aws_s3_bucket" "audit" {
  bucket = "shop-audit"
}

#! broken: the copy lies beside the source
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.audit.arn
    }
  }
}

#! holds: one copy lies beside it, another one in the secondary region
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    id       = "audit"
    priority = 1
    status   = "Enabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.audit.arn
    }
  }

  rule {
    id       = "standby"
    priority = 2
    status   = "Enabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn
    }
  }
}

#! undecided: the ARN of a bucket holds no region
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    destination {
      bucket = "arn:aws:s3:::shop-docs-copy"
    }
  }
}

#! undecided: the bucket is a variable
variable "destination_arn" {
  type = string
}

resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    destination {
      bucket = var.destination_arn
    }
  }
}
