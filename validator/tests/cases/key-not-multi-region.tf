# Whether workloads of both regions decrypt with the same key themselves.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["kms:Encrypt", "kms:Decrypt"]
      Resource = [aws_kms_key.primary.arn]
    }]
  })
}

#! broken: it is told that they do, and the keys are two
resource "aws_kms_key" "primary" {
  description = "tokens"
}

resource "aws_kms_key" "secondary" {
  provider    = aws.west
  description = "tokens"
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

use "aws_kms_key.primary" {
  client_side = true
}

#! holds: it is told that only services do
resource "aws_kms_key" "primary" {
  description = "tokens"
}

resource "aws_kms_key" "secondary" {
  provider    = aws.west
  description = "tokens"
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

use "aws_kms_key.primary" {
  client_side = false
}

#! holds: one multi-region key serves both
resource "aws_kms_key" "primary" {
  description  = "tokens"
  multi_region = true
}

resource "aws_kms_replica_key" "secondary" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.primary.arn
}

#! undecided: a role may encrypt with it, and dr.hcl does not say whether workloads do
resource "aws_kms_key" "primary" {
  description = "tokens"
}

resource "aws_kms_key" "secondary" {
  provider    = aws.west
  description = "tokens"
}
