# Rules of replication that are switched off.
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

#! broken: the rule is there and disabled
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Disabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn
    }
  }
}

#! holds: it is enabled
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

#! undecided: a variable says whether
variable "replicate" {
  type = bool
}

resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = var.replicate ? "Enabled" : "Disabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn
    }
  }
}
