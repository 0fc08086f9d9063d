# Policies of paired keys.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_iam_role" "primary" {
  name               = "app-us-east-1"
  assume_role_policy = "{}"
}

resource "aws_iam_role" "secondary" {
  provider           = aws.west
  name               = "app-us-west-2"
  assume_role_policy = "{}"
}

resource "aws_kms_key" "primary" {
  description  = "files"
  multi_region = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.primary.arn }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "*"
    }]
  })
}

#! broken: the role of the secondary may read and not write
resource "aws_kms_replica_key" "secondary" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.primary.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.secondary.arn }
      Action    = ["kms:Decrypt"]
      Resource  = "*"
    }]
  })
}

#! broken: a replica without a policy has the default one
resource "aws_kms_replica_key" "secondary" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.primary.arn
}

#! holds: the counterpart of the role, and the same actions in another order
resource "aws_kms_replica_key" "secondary" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.primary.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.secondary.arn }
      Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
      Resource  = "*"
    }]
  })
}

#! undecided: the policy is a variable
variable "policy" {
  type = string
}

resource "aws_kms_replica_key" "secondary" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.primary.arn
  policy          = var.policy
}

#! holds: a statement has a name
resource "aws_kms_key" "other" {
  description  = "orders"
  multi_region = true
  policy       = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "kms:*", Resource = "*" }] })
}

resource "aws_kms_replica_key" "other" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.other.arn
  policy          = jsonencode({ Statement = [{ Sid = "admin", Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "kms:*", Resource = "*" }] })
}

resource "aws_kms_replica_key" "secondary" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.primary.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.secondary.arn }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "*"
    }]
  })
}

#! holds: the account by its number
resource "aws_kms_key" "other" {
  description  = "orders"
  multi_region = true
  policy       = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "kms:*", Resource = "*" }] })
}

resource "aws_kms_replica_key" "other" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.other.arn
  policy          = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "123456789012" }, Action = "kms:*", Resource = "*" }] })
}

resource "aws_kms_replica_key" "secondary" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.primary.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.secondary.arn }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "*"
    }]
  })
}

#! holds: one more role may use it
resource "aws_kms_key" "other" {
  description  = "orders"
  multi_region = true
  policy       = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "kms:*", Resource = "*" }] })
}

resource "aws_kms_replica_key" "other" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.other.arn
  policy          = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "kms:*", Resource = "*" }, { Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:role/audit" }, Action = "kms:Decrypt", Resource = "*" }] })
}

resource "aws_kms_replica_key" "secondary" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.primary.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.secondary.arn }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "*"
    }]
  })
}

#! holds: one statement is cut in two
resource "aws_kms_key" "other" {
  description  = "orders"
  multi_region = true
  policy       = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:role/app" }, Action = ["kms:Decrypt", "kms:Encrypt"], Resource = "*" }] })
}

resource "aws_kms_replica_key" "other" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.other.arn
  policy          = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:role/app" }, Action = "kms:Decrypt", Resource = "*" }, { Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:role/app" }, Action = "kms:Encrypt", Resource = "*" }] })
}

resource "aws_kms_replica_key" "secondary" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.primary.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.secondary.arn }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "*"
    }]
  })
}

#! broken: one of the two halves is missing
resource "aws_kms_key" "other" {
  description  = "orders"
  multi_region = true
  policy       = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:role/app" }, Action = ["kms:Decrypt", "kms:Encrypt"], Resource = "*" }] })
}

resource "aws_kms_replica_key" "other" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.other.arn
  policy          = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:role/app" }, Action = "kms:Decrypt", Resource = "*" }] })
}

resource "aws_kms_replica_key" "secondary" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.primary.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.secondary.arn }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "*"
    }]
  })
}

#! broken: it denies what the primary allows
resource "aws_kms_key" "other" {
  description  = "orders"
  multi_region = true
  policy       = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "kms:*", Resource = "*" }] })
}

resource "aws_kms_replica_key" "other" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.other.arn
  policy          = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "kms:*", Resource = "*" }, { Effect = "Deny", Principal = { AWS = "arn:aws:iam::123456789012:role/app" }, Action = "kms:Decrypt", Resource = "*" }] })
}

resource "aws_kms_replica_key" "secondary" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.primary.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.secondary.arn }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "*"
    }]
  })
}
