# How long objects of a copy live, beside those of their source.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_s3_bucket" "primary" {
  bucket = "acme-files-east"
}

resource "aws_s3_bucket" "secondary" {
  provider = aws.west
  bucket   = "acme-files-west"
}

resource "aws_s3_bucket_lifecycle_configuration" "primary" {
  bucket = aws_s3_bucket.primary.id
  rule {
    id     = "logs"
    status = "Enabled"
    filter {
      prefix = "logs/"
    }
    expiration {
      days = 365
    }
  }
}

#! broken: the copy deletes them after a month
resource "aws_s3_bucket_lifecycle_configuration" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  rule {
    id     = "logs"
    status = "Enabled"
    filter {
      prefix = "logs/"
    }
    expiration {
      days = 30
    }
  }
}

#! holds: the same time, under another name
resource "aws_s3_bucket_lifecycle_configuration" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  rule {
    id     = "keep-logs-for-a-year"
    status = "Enabled"
    filter {
      prefix = "logs/"
    }
    expiration {
      days = 365
    }
  }
}

#! holds: a rule that would delete earlier is disabled
resource "aws_s3_bucket_lifecycle_configuration" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  rule {
    id     = "logs"
    status = "Enabled"
    filter {
      prefix = "logs/"
    }
    expiration {
      days = 365
    }
  }
  rule {
    id     = "soon"
    status = "Disabled"
    filter {
      prefix = "logs/"
    }
    expiration {
      days = 1
    }
  }
}

#! undecided: the time is a variable
variable "days" {
  type = number
}

resource "aws_s3_bucket_lifecycle_configuration" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  rule {
    id     = "logs"
    status = "Enabled"
    filter {
      prefix = "logs/"
    }
    expiration {
      days = var.days
    }
  }
}

#! broken: only the copy has rules, and they delete
resource "aws_s3_bucket" "orders_primary" {
  bucket = "acme-orders-east"
}

resource "aws_s3_bucket" "orders_secondary" {
  provider = aws.west
  bucket   = "acme-orders-west"
}

resource "aws_s3_bucket_lifecycle_configuration" "orders_secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.orders_secondary.id
  rule {
    id     = "soon"
    status = "Enabled"
    filter {}
    expiration {
      days = 30
    }
  }
}

#! broken: the copy says it in the older form
resource "aws_s3_bucket" "orders_primary" {
  bucket = "acme-orders-east"
}

resource "aws_s3_bucket" "orders_secondary" {
  provider = aws.west
  bucket   = "acme-orders-west"
  lifecycle_rule {
    enabled = true
    expiration {
      days = 30
    }
  }
}

#! holds: only the copy has rules, and they remove uploads that were broken off
resource "aws_s3_bucket" "orders_primary" {
  bucket = "acme-orders-east"
}

resource "aws_s3_bucket" "orders_secondary" {
  provider = aws.west
  bucket   = "acme-orders-west"
}

resource "aws_s3_bucket_lifecycle_configuration" "orders_secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.orders_secondary.id
  rule {
    id     = "uploads"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

#! undecided: only the copy has rules, and when they delete is a variable
variable "days" {
  type = number
}

resource "aws_s3_bucket" "orders_primary" {
  bucket = "acme-orders-east"
}

resource "aws_s3_bucket" "orders_secondary" {
  provider = aws.west
  bucket   = "acme-orders-west"
}

resource "aws_s3_bucket_lifecycle_configuration" "orders_secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.orders_secondary.id
  rule {
    id     = "soon"
    status = "Enabled"
    filter {}
    expiration {
      days = var.days
    }
  }
}
