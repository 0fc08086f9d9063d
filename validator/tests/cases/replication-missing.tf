# Buckets of both regions, and whether objects go from one to the other.
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

#! broken: two buckets side by side
#! broken: the bucket that is replicated is another one
resource "aws_s3_bucket" "orders_primary" {
  bucket = "shop-orders-us-east-1"
}

resource "aws_s3_bucket" "orders_secondary" {
  provider = aws.west
  bucket   = "shop-orders-us-west-2"
}

resource "aws_s3_bucket_replication_configuration" "orders" {
  bucket = aws_s3_bucket.orders_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.orders_secondary.arn
    }
  }
}

#! holds: it is replicated; a bucket for builds lives once
resource "aws_s3_bucket" "builds" {
  bucket = "shop-builds"
}

resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn
    }
  }
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

single "aws_s3_bucket.builds" {
  reason = "builds can be made again"
}
#! undecided: the rules are a variable
variable "prefixes" {
  type = list(string)
}

resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  dynamic "rule" {
    for_each = var.prefixes

    content {
      status = "Enabled"

      filter {
        prefix = rule.value
      }

      destination {
        bucket = aws_s3_bucket.docs_secondary.arn
      }
    }
  }
}

#! undecided: whether it is replicated hangs on a variable
variable "open" {
  type = bool
}

resource "aws_s3_bucket_replication_configuration" "docs" {
  count  = var.open ? 1 : 0
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn
    }
  }
}
