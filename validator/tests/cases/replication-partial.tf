# Which keys of a bucket are replicated.
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

#! broken: only what lies under a prefix
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {
      prefix = "published/"
    }

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn
    }
  }
}

#! broken: everything that has a tag
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {
      tag {
        key   = "keep"
        value = "yes"
      }
    }

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn
    }
  }
}

#! broken: the rule for everything is disabled
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    id       = "all"
    priority = 1
    status   = "Disabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn
    }
  }

  rule {
    id       = "published"
    priority = 2
    status   = "Enabled"

    filter {
      prefix = "published/"
    }

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn
    }
  }
}

#! holds: an empty prefix is every key
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {
      prefix = ""
    }

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn
    }
  }
}

#! holds: one part goes faster, and the rest goes too
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    id       = "urgent"
    priority = 2
    status   = "Enabled"

    filter {
      prefix = "urgent/"
    }

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn

      replication_time {
        status = "Enabled"

        time {
          minutes = 15
        }
      }

      metrics {
        status = "Enabled"
      }
    }
  }

  rule {
    id       = "all"
    priority = 1
    status   = "Enabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn
    }
  }
}

#! undecided: the prefix is a variable
variable "prefix" {
  type = string
}

resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {
      prefix = var.prefix
    }

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn
    }
  }
}
