# How long copies of objects may take, by rule.
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

#! broken: the rule has metrics and no time control
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn

      metrics {
        status = "Enabled"
      }
    }
  }
}

#! broken: the rule has time control and nobody sees whether it is kept
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn

      replication_time {
        status = "Enabled"

        time {
          minutes = 15
        }
      }
    }
  }
}

#! holds: both
resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn

      metrics {
        status = "Enabled"

        event_threshold {
          minutes = 15
        }
      }

      replication_time {
        status = "Enabled"

        time {
          minutes = 15
        }
      }
    }
  }
}

#! holds: a tier that may lose a day needs it for one bucket no more, for the other of no tier it is there
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

      metrics {
        status = "Enabled"

        event_threshold {
          minutes = 15
        }
      }

      replication_time {
        status = "Enabled"

        time {
          minutes = 15
        }
      }
    }
  }
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

tier "archive" {
  rpo   = "24h"
  match = ["aws_s3_bucket.docs_*"]
}
#! undecided: a variable says whether
variable "time_control" {
  type = string
}

resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    status = "Enabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn

      metrics {
        status = "Enabled"
      }

      replication_time {
        status = var.time_control

        time {
          minutes = 15
        }
      }
    }
  }
}
