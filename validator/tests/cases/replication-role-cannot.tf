# What the role of a replication may do.
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

resource "aws_iam_role" "replication" {
  name               = "replication"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "s3.amazonaws.com" } }] })
}

resource "aws_s3_bucket_replication_configuration" "docs" {
  bucket = aws_s3_bucket.docs_primary.id
  role   = aws_iam_role.replication.arn

  rule {
    status = "Enabled"

    filter {}

    delete_marker_replication {
      status = "Enabled"
    }

    destination {
      bucket = aws_s3_bucket.docs_secondary.arn
    }
  }
}

#! broken: it may not copy deletes
data "aws_iam_policy_document" "replication" {
  statement {
    actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
    resources = [aws_s3_bucket.docs_primary.arn]
  }
  statement {
    actions   = ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"]
    resources = ["${aws_s3_bucket.docs_primary.arn}/*"]
  }
  statement {
    actions   = ["s3:ReplicateObject", "s3:ReplicateTags"]
    resources = ["${aws_s3_bucket.docs_secondary.arn}/*"]
  }
}

resource "aws_iam_role_policy" "replication" {
  role   = aws_iam_role.replication.id
  policy = data.aws_iam_policy_document.replication.json
}

#! broken: what is meant for objects is allowed on the bucket
data "aws_iam_policy_document" "replication" {
  statement {
    actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket", "s3:GetObjectVersion*"]
    resources = [aws_s3_bucket.docs_primary.arn]
  }
  statement {
    actions   = ["s3:Replicate*"]
    resources = ["${aws_s3_bucket.docs_secondary.arn}/*"]
  }
}

resource "aws_iam_role_policy" "replication" {
  role   = aws_iam_role.replication.id
  policy = data.aws_iam_policy_document.replication.json
}

#! holds: patterns, in two policies of which one is attached
data "aws_iam_policy_document" "replication" {
  statement {
    actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket", "s3:GetObjectVersion*"]
    resources = [aws_s3_bucket.docs_primary.arn, "${aws_s3_bucket.docs_primary.arn}/*"]
  }
}

resource "aws_iam_role_policy" "replication" {
  role   = aws_iam_role.replication.id
  policy = data.aws_iam_policy_document.replication.json
}

resource "aws_iam_policy" "copies" {
  name   = "copies"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:Replicate*", Resource = "${aws_s3_bucket.docs_secondary.arn}/*" }] })
}

resource "aws_iam_role_policy_attachment" "copies" {
  role       = aws_iam_role.replication.name
  policy_arn = aws_iam_policy.copies.arn
}

#! undecided: the policy is attached by an ARN that no source shows
resource "aws_iam_role_policy_attachment" "replication" {
  role       = aws_iam_role.replication.name
  policy_arn = "arn:aws:iam::123456789012:policy/replication"
}

#! undecided: the policy is a variable
variable "policy" {
  type = string
}

resource "aws_iam_role_policy" "replication" {
  role   = aws_iam_role.replication.id
  policy = var.policy
}

#! undecided: whether one of the two policies is attached hangs on a variable
variable "open" {
  type = bool
}

data "aws_iam_policy_document" "replication" {
  statement {
    actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket", "s3:GetObjectVersion*"]
    resources = [aws_s3_bucket.docs_primary.arn, "${aws_s3_bucket.docs_primary.arn}/*"]
  }
}

resource "aws_iam_role_policy" "replication" {
  role   = aws_iam_role.replication.id
  policy = data.aws_iam_policy_document.replication.json
}

resource "aws_iam_policy" "copies" {
  name   = "copies"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:Replicate*", Resource = "${aws_s3_bucket.docs_secondary.arn}/*" }] })
}

resource "aws_iam_role_policy_attachment" "copies" {
  count      = var.open ? 1 : 0
  role       = aws_iam_role.replication.name
  policy_arn = aws_iam_policy.copies.arn
}
