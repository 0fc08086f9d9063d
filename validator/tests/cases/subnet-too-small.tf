# How many addresses subnets and VPCs have.
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

resource "aws_subnet" "app_primary" {
  vpc_id            = aws_vpc.primary.id
  cidr_block        = "10.1.4.0/22"
  availability_zone = "us-east-1a"
}

#! broken: the subnet has an eighth of the addresses
resource "aws_vpc" "secondary" {
  provider   = aws.west
  cidr_block = "10.2.0.0/16"
}

resource "aws_subnet" "app_secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet(aws_vpc.secondary.cidr_block, 9, 4)
  availability_zone = "us-west-2a"
}

#! broken: the VPC is smaller, though the subnet is not
resource "aws_vpc" "secondary" {
  provider   = aws.west
  cidr_block = "10.2.0.0/20"
}

resource "aws_subnet" "app_secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = "10.2.4.0/22"
  availability_zone = "us-west-2a"
}

#! holds: as many in one, more in the other, at another place
resource "aws_vpc" "secondary" {
  provider   = aws.west
  cidr_block = "172.20.0.0/16"
}

resource "aws_subnet" "app_secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet(aws_vpc.secondary.cidr_block, 4, 3)
  availability_zone = "us-west-2a"
}

#! undecided: how many bits are added is a variable
variable "bits" {
  type = number
}

resource "aws_vpc" "secondary" {
  provider   = aws.west
  cidr_block = "10.2.0.0/16"
}

resource "aws_subnet" "app_secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet(aws_vpc.secondary.cidr_block, var.bits, 4)
  availability_zone = "us-west-2a"
}
