# Object Lock of paired buckets.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_s3_bucket" "primary" {
  bucket              = "acme-records-east"
  object_lock_enabled = true
}

resource "aws_s3_bucket" "secondary" {
  provider            = aws.west
  bucket              = "acme-records-west"
  object_lock_enabled = true
}

resource "aws_s3_bucket_object_lock_configuration" "primary" {
  bucket = aws_s3_bucket.primary.id
  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = 365
    }
  }
}

#! broken: who governs can delete the copy
resource "aws_s3_bucket_object_lock_configuration" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = 365
    }
  }
}

#! holds: a year is as long as 365 days
resource "aws_s3_bucket_object_lock_configuration" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  rule {
    default_retention {
      mode  = "COMPLIANCE"
      years = 1
    }
  }
}

#! undecided: the mode is a variable
variable "mode" {
  type = string
}

resource "aws_s3_bucket_object_lock_configuration" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  rule {
    default_retention {
      mode = var.mode
      days = 365
    }
  }
}

#! undecided: whether the copy is locked by default hangs on a variable
variable "open" {
  type = bool
}

resource "aws_s3_bucket_object_lock_configuration" "secondary" {
  count    = var.open ? 1 : 0
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  rule {
    default_retention {
      mode  = "COMPLIANCE"
      years = 1
    }
  }
}

#! holds: both are locked as long, however long that is
variable "years" {
  type = number
}

resource "aws_s3_bucket_object_lock_configuration" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = 365
    }
  }
}

resource "aws_s3_bucket" "ledger_primary" {
  bucket              = "acme-ledger-east"
  object_lock_enabled = true
}

resource "aws_s3_bucket" "ledger_secondary" {
  provider            = aws.west
  bucket              = "acme-ledger-west"
  object_lock_enabled = true
}

resource "aws_s3_bucket_object_lock_configuration" "ledger_primary" {
  bucket = aws_s3_bucket.ledger_primary.id
  rule {
    default_retention {
      mode  = "COMPLIANCE"
      years = var.years
    }
  }
}

resource "aws_s3_bucket_object_lock_configuration" "ledger_secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.ledger_secondary.id
  rule {
    default_retention {
      mode  = "COMPLIANCE"
      years = var.years
    }
  }
}
