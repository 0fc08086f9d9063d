# In how many zones subnets of both regions stand.
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

resource "aws_subnet" "primary" {
  for_each          = { a = 1, b = 2, c = 3 }
  vpc_id            = aws_vpc.primary.id
  cidr_block        = cidrsubnet("10.1.0.0/16", 8, each.value)
  availability_zone = "us-east-1${each.key}"
}

#! broken: three subnets in two zones
resource "aws_subnet" "secondary" {
  for_each          = { a = 1, b = 2, c = 3 }
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet("10.2.0.0/16", 8, each.value)
  availability_zone = each.key == "c" ? "us-west-2a" : "us-west-2${each.key}"
}

#! holds: three zones
resource "aws_subnet" "secondary" {
  for_each          = { a = 1, b = 2, c = 3 }
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet("10.2.0.0/16", 8, each.value)
  availability_zone = "us-west-2${each.key}"
}

#! holds: three zones with other letters
resource "aws_subnet" "secondary" {
  for_each          = { b = 1, c = 2, d = 3 }
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet("10.2.0.0/16", 8, each.value)
  availability_zone = "us-west-2${each.key}"
}

#! undecided: the zone of the last one is a variable
variable "zone" {
  type = string
}

resource "aws_subnet" "secondary" {
  for_each          = { a = 1, b = 2, c = 3 }
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet("10.2.0.0/16", 8, each.value)
  availability_zone = each.key == "c" ? var.zone : "us-west-2${each.key}"
}
