# The bucket to which a bucket is replicated is the one that its counterpart's readers read.
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

resource "aws_s3_bucket" "archive" {
  provider = aws.west
  bucket   = "shop-archive"
}

#! broken: the copies go to another bucket of the secondary region
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.archive.arn
    }
  }
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

pair {
  primary   = "aws_s3_bucket.docs_primary"
  secondary = "aws_s3_bucket.docs_secondary"
}
#! broken: the copies go into a class that takes hours to read
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    destination {
      bucket        = aws_s3_bucket.docs_secondary.arn
      storage_class = "DEEP_ARCHIVE"
    }
  }
}

#! holds: they go to the counterpart, cheaper, and readable at once
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    destination {
      bucket        = aws_s3_bucket.docs_secondary.arn
      storage_class = "GLACIER_IR"
    }
  }
}

#! holds: the pair is said to be another one
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.archive.arn
    }
  }
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

pair {
  primary   = "aws_s3_bucket.docs_primary"
  secondary = "aws_s3_bucket.archive"
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
