# Whether what is deleted in production is deleted in the copy.
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

resource "aws_iam_role" "replication" {
  name               = "replication"
  assume_role_policy = "{}"
}

#! broken: a rule with a filter leaves delete markers out unless it names them
resource "aws_s3_bucket_replication_configuration" "files" {
  bucket = aws_s3_bucket.primary.id
  role   = aws_iam_role.replication.arn
  rule {
    id     = "all"
    status = "Enabled"
    filter {}
    delete_marker_replication {
      status = "Disabled"
    }
    destination {
      bucket = aws_s3_bucket.secondary.arn
    }
  }
}

#! holds: it copies them
resource "aws_s3_bucket_replication_configuration" "files" {
  bucket = aws_s3_bucket.primary.id
  role   = aws_iam_role.replication.arn
  rule {
    id     = "all"
    status = "Enabled"
    filter {}
    delete_marker_replication {
      status = "Enabled"
    }
    destination {
      bucket = aws_s3_bucket.secondary.arn
    }
  }
}

#! holds: a second rule that does not is disabled
resource "aws_s3_bucket_replication_configuration" "files" {
  bucket = aws_s3_bucket.primary.id
  role   = aws_iam_role.replication.arn
  rule {
    id       = "all"
    priority = 1
    status   = "Enabled"
    filter {}
    delete_marker_replication {
      status = "Enabled"
    }
    destination {
      bucket = aws_s3_bucket.secondary.arn
    }
  }
  rule {
    id       = "old"
    priority = 2
    status   = "Disabled"
    filter {
      prefix = "old/"
    }
    delete_marker_replication {
      status = "Disabled"
    }
    destination {
      bucket = aws_s3_bucket.secondary.arn
    }
  }
}

#! undecided: it is a variable
variable "markers" {
  type = string
}

resource "aws_s3_bucket_replication_configuration" "files" {
  bucket = aws_s3_bucket.primary.id
  role   = aws_iam_role.replication.arn
  rule {
    id     = "all"
    status = "Enabled"
    filter {}
    delete_marker_replication {
      status = var.markers
    }
    destination {
      bucket = aws_s3_bucket.secondary.arn
    }
  }
}
