# Names of services in key policies have a region in them.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_kms_key" "primary" {
  description = "logs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "logs.us-east-1.amazonaws.com" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

#! broken: the key of the secondary admits the service of the primary region
resource "aws_kms_key" "secondary" {
  provider    = aws.west
  description = "logs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "logs.us-east-1.amazonaws.com" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

#! broken: so does its condition
resource "aws_kms_key" "secondary" {
  provider    = aws.west
  description = "logs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "kms:*"
      Resource  = "*"
      Condition = { StringEquals = { "kms:ViaService" = "s3.us-east-1.amazonaws.com" } }
    }]
  })
}

#! holds: it admits that of its own
resource "aws_kms_key" "secondary" {
  provider    = aws.west
  description = "logs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "logs.us-west-2.amazonaws.com" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

#! holds: another service has no region in its name
resource "aws_kms_key" "secondary" {
  provider    = aws.west
  description = "logs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "logs.us-west-2.amazonaws.com" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:*"
        Resource  = "*"
      },
    ]
  })
}

#! undecided: the region in it is a variable
variable "region" {
  type = string
}

resource "aws_kms_key" "secondary" {
  provider    = aws.west
  description = "logs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "logs.${var.region}.amazonaws.com" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}
