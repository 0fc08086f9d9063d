# Versions of buckets and of their copies.
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

resource "aws_s3_bucket_versioning" "docs_primary" {
  bucket = aws_s3_bucket.docs_primary.id

  versioning_configuration {
    status = "Enabled"
  }
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

#! broken: nothing is said of the copy
#! broken: the copy's versions are suspended
resource "aws_s3_bucket_versioning" "docs_secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.docs_secondary.id

  versioning_configuration {
    status = "Suspended"
  }
}

#! holds: both have versions
resource "aws_s3_bucket_versioning" "docs_secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.docs_secondary.id

  versioning_configuration {
    status = "Enabled"
  }
}

#! undecided: a variable says whether
variable "versioning" {
  type = string
}

resource "aws_s3_bucket_versioning" "docs_secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.docs_secondary.id

  versioning_configuration {
    status = var.versioning
  }
}
