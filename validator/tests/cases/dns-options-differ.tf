# DNS support and DNS hostnames of paired VPCs.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_vpc" "primary" {
  cidr_block           = "10.1.0.0/16"
  enable_dns_hostnames = true
}

#! broken: hostnames are off where nothing says otherwise
resource "aws_vpc" "secondary" {
  provider   = aws.west
  cidr_block = "10.2.0.0/16"
}

#! holds: both are on, one by its default
resource "aws_vpc" "secondary" {
  provider             = aws.west
  cidr_block           = "10.2.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

#! undecided: it is a variable
variable "hostnames" {
  type = bool
}

resource "aws_vpc" "secondary" {
  provider             = aws.west
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = var.hostnames
}
