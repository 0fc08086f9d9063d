# A VPC whose traffic comes in through an internet gateway needs one in the other region too.
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
resource "aws_internet_gateway" "primary" {
  vpc_id = aws_vpc.primary.id
}

#! broken: the secondary VPC has no gateway

#! holds: both VPCs have one
resource "aws_internet_gateway" "secondary" {
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id
}

#! undecided: whether the secondary VPC has one hangs on a variable
variable "gateways" {
  type = bool
}
resource "aws_internet_gateway" "secondary" {
  provider = aws.west
  for_each = var.gateways ? { main = aws_vpc.secondary.id } : {}
  vpc_id   = aws_vpc.secondary.id
}
