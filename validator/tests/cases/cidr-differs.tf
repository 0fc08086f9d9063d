# Address ranges of an estate that shifts them: the same offsets inside of another VPC range.
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
  vpc_id            = aws_vpc.primary.id
  cidr_block        = "10.1.16.0/20"
  availability_zone = "us-east-1a"
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
  cidr      = "shifted"
}

#! broken: the subnet lies elsewhere in its VPC
resource "aws_subnet" "secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = "10.2.32.0/20"
  availability_zone = "us-west-2a"
}

#! holds: the same offset
resource "aws_subnet" "secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet(aws_vpc.secondary.cidr_block, 4, 1)
  availability_zone = "us-west-2a"
}

#! undecided: the offset is a variable
variable "net" {
  type = number
}

resource "aws_subnet" "secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet(aws_vpc.secondary.cidr_block, 4, var.net)
  availability_zone = "us-west-2a"
}
