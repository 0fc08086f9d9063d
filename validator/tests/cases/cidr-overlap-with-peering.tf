# VPCs that are peered must not overlap.
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

#! broken: the range of the secondary lies inside of the primary's
resource "aws_vpc" "secondary" {
  provider   = aws.west
  cidr_block = "10.1.128.0/17"
}

resource "aws_vpc_peering_connection" "regions" {
  vpc_id      = aws_vpc.primary.id
  peer_vpc_id = aws_vpc.secondary.id
  peer_region = "us-west-2"
}

#! holds: neighbouring ranges do not overlap
resource "aws_vpc" "secondary" {
  provider   = aws.west
  cidr_block = "10.2.0.0/16"
}

resource "aws_vpc_peering_connection" "regions" {
  vpc_id      = aws_vpc.primary.id
  peer_vpc_id = aws_vpc.secondary.id
  peer_region = "us-west-2"
}

#! undecided: the range of the secondary is a variable
variable "range" {
  type = string
}

resource "aws_vpc" "secondary" {
  provider   = aws.west
  cidr_block = var.range
}

resource "aws_vpc_peering_connection" "regions" {
  vpc_id      = aws_vpc.primary.id
  peer_vpc_id = aws_vpc.secondary.id
  peer_region = "us-west-2"
}
