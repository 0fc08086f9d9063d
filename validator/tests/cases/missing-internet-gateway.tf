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

#! undecided: how many gateways the secondary VPC has is not known
variable "gateways" {
  type = number
}
resource "aws_internet_gateway" "secondary" {
  provider = aws.west
  count    = var.gateways
  vpc_id   = aws_vpc.secondary.id
}
