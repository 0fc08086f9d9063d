# Denials that only policies of the secondary region hold.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_s3_bucket" "primary" {
  bucket = "shop-files-us-east-1"
}

resource "aws_s3_bucket" "secondary" {
  provider = aws.west
  bucket   = "shop-files-us-west-2"
}

resource "aws_iam_role" "task_primary" {
  name               = "task-us-east-1"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role" "task_secondary" {
  provider           = aws.west
  name               = "task-us-west-2"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "task_primary" {
  role   = aws_iam_role.task_primary.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "${aws_s3_bucket.primary.arn}/*" }] })
}

resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "${aws_s3_bucket.secondary.arn}/*" }] })
}

#! broken: the bucket's policy lets nobody write
resource "aws_s3_bucket_policy" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:PutObject", Resource = "${aws_s3_bucket.secondary.arn}/*" }] })
}

#! broken: the bucket's policy denies the role by its name
resource "aws_s3_bucket_policy" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = { AWS = aws_iam_role.task_secondary.arn }, Action = "s3:Put*", Resource = "${aws_s3_bucket.secondary.arn}/*" }] })
}

#! broken: a second policy of the role denies what the first allows
resource "aws_iam_role_policy" "idle" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "s3:PutObject", Resource = "${aws_s3_bucket.secondary.arn}/*" }] })
}

#! broken: the endpoint lets reading through only
resource "aws_vpc" "primary" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_vpc" "secondary" {
  provider   = aws.west
  cidr_block = "10.2.0.0/16"
}

resource "aws_vpc_endpoint" "primary" {
  vpc_id       = aws_vpc.primary.id
  service_name = "com.amazonaws.us-east-1.s3"
}

resource "aws_vpc_endpoint" "secondary" {
  provider     = aws.west
  vpc_id       = aws_vpc.secondary.id
  service_name = "com.amazonaws.us-west-2.s3"
  policy       = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:Get*", Resource = "*" }] })
}

#! holds: both buckets deny it
resource "aws_s3_bucket_policy" "primary" {
  bucket = aws_s3_bucket.primary.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:PutObject", Resource = "${aws_s3_bucket.primary.arn}/*" }] })
}

resource "aws_s3_bucket_policy" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "ReadOnly", Effect = "Deny", Principal = { AWS = "*" }, Action = ["s3:PutObject"], Resource = ["${aws_s3_bucket.secondary.arn}/*"] }] })
}

#! holds: only calls without encryption are denied
resource "aws_s3_bucket_policy" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:*", Resource = "${aws_s3_bucket.secondary.arn}/*", Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
}

#! holds: what is denied is what nobody of the estate may do
resource "aws_s3_bucket_policy" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = "*", Action = ["s3:DeleteBucket", "s3:DeleteObjectVersion"], Resource = [aws_s3_bucket.secondary.arn, "${aws_s3_bucket.secondary.arn}/*"] }] })
}

#! undecided: it hangs on where the call comes from
resource "aws_s3_bucket_policy" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:PutObject", Resource = "${aws_s3_bucket.secondary.arn}/*", Condition = { NotIpAddress = { "aws:SourceIp" = "198.51.100.0/24" } } }] })
}

#! undecided: only a part of the bucket is closed
resource "aws_s3_bucket_policy" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:PutObject", Resource = "${aws_s3_bucket.secondary.arn}/sealed/*" }] })
}

#! undecided: the policy is a variable
variable "policy" {
  type = string
}

resource "aws_s3_bucket_policy" "secondary" {
  provider = aws.west
  bucket   = aws_s3_bucket.secondary.id
  policy   = var.policy
}
