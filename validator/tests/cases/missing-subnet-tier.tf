# Whole tiers of subnets that the secondary region lacks.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_vpc" "primary" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_vpc" "secondary" {
  provider   = aws.west
  cidr_block = "10.2.0.0/16"
}

resource "aws_subnet" "app_primary" {
  for_each          = { a = 1, b = 2 }
  vpc_id            = aws_vpc.primary.id
  cidr_block        = cidrsubnet(aws_vpc.primary.cidr_block, 8, each.value)
  availability_zone = "us-east-1${each.key}"
}

resource "aws_subnet" "app_secondary" {
  for_each          = { a = 1, b = 2 }
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet(aws_vpc.secondary.cidr_block, 8, each.value)
  availability_zone = "us-west-2${each.key}"
}

resource "aws_subnet" "db_primary" {
  for_each          = { a = 11, b = 12 }
  vpc_id            = aws_vpc.primary.id
  cidr_block        = cidrsubnet(aws_vpc.primary.cidr_block, 8, each.value)
  availability_zone = "us-east-1${each.key}"
}

#! broken: the database tier is in the primary region only
#! holds: one zone less is no lost tier
resource "aws_subnet" "db_secondary" {
  for_each          = { a = 11 }
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet(aws_vpc.secondary.cidr_block, 8, each.value)
  availability_zone = "us-west-2${each.key}"
}

#! undecided: in which zones the tier is made is a variable
variable "zones" {
  type = map(number)
}

resource "aws_subnet" "db_secondary" {
  for_each          = var.zones
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet(aws_vpc.secondary.cidr_block, 8, each.value)
  availability_zone = "us-west-2${each.key}"
}

#! holds: the tier is counted, where production's has keys
resource "aws_subnet" "db_secondary" {
  count             = 2
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet(aws_vpc.secondary.cidr_block, 8, 11 + count.index)
  availability_zone = ["us-west-2a", "us-west-2b"][count.index]
}
