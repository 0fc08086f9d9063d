# Attributes of AWS resources before they are created. A plan of these needs the real provider, so what Terraform answers
# is written down by hand in unknowns_aws.json, from recorded plans.

provider "aws" {
  region = "us-east-1"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "main" }
}

resource "aws_subnet" "counted" {
  count             = 2
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  availability_zone = "us-east-1a"
}

resource "aws_kms_key" "each" {
  for_each    = toset(["data", "logs"])
  description = each.key
}
