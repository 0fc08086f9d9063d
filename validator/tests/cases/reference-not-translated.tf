# References of the secondary region lead to the counterparts of what production's lead to.
#! never undecided: a reference that is not known leads nowhere that is known: it is a gap of the attribute, told by attribute-differs
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

resource "aws_sqs_queue" "jobs_primary" {
  name = "jobs"
}

resource "aws_sqs_queue" "jobs_secondary" {
  provider = aws.west
  name     = "jobs"
}

resource "aws_sqs_queue" "mail_primary" {
  name = "mail"
}

resource "aws_sqs_queue" "mail_secondary" {
  provider = aws.west
  name     = "mail"
}

resource "aws_internet_gateway" "primary" {
  vpc_id = aws_vpc.primary.id
}

#! broken: the gateway is attached to the VPC of another purpose
resource "aws_vpc" "tools_primary" {
  cidr_block = "10.8.0.0/16"
}

resource "aws_vpc" "tools_secondary" {
  provider   = aws.west
  cidr_block = "10.9.0.0/16"
}

resource "aws_internet_gateway" "secondary" {
  provider = aws.west
  vpc_id   = aws_vpc.tools_secondary.id
}

#! holds: it is attached to the counterpart
resource "aws_internet_gateway" "secondary" {
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id
}

#! holds: the counterpart by way of a local value and an output of a module
module "network" {
  source = "./network"
  vpc    = aws_vpc.secondary.id
}

locals {
  vpcs = { standby = module.network.vpc }
}

resource "aws_internet_gateway" "secondary" {
  provider = aws.west
  vpc_id   = local.vpcs["standby"]
}
#! file network/main.tf
variable "vpc" {
  type = string
}

output "vpc" {
  value = var.vpc
}

#! holds: each of two secondary regions leads to its own
provider "aws" {
  alias  = "eu"
  region = "eu-west-1"
}

resource "aws_vpc" "other_primary" {
  cidr_block = "10.7.0.0/16"
}

resource "aws_vpc" "other_secondary" {
  provider   = aws.west
  cidr_block = "10.8.0.0/16"
}

resource "aws_vpc" "other_eu" {
  provider   = aws.eu
  cidr_block = "10.9.0.0/16"
}

resource "aws_security_group" "other_primary" {
  name   = "other"
  vpc_id = aws_vpc.other_primary.id
}

resource "aws_security_group" "other_secondary" {
  provider = aws.west
  name     = "other"
  vpc_id   = aws_vpc.other_secondary.id
}

resource "aws_security_group" "other_eu" {
  provider = aws.eu
  name     = "other"
  vpc_id   = aws_vpc.other_eu.id
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2", "eu-west-1"]
}
