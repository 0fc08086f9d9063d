# Stores and services that no tier names.
#! never undecided: tiers name addresses and types, and those are written in every source
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_sqs_queue" "jobs_primary" {
  name = "jobs"
}

resource "aws_sqs_queue" "jobs_secondary" {
  provider = aws.west
  name     = "jobs"
}

#! broken: the tier names tables only
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

tier "orders" {
  rto   = "15m"
  match = ["aws_dynamodb_table.*"]
}
#! broken: the tier names the counterpart
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

tier "orders" {
  rto   = "15m"
  match = ["aws_sqs_queue.jobs_secondary"]
}
#! holds: the tier names the queue; a VPC needs none
resource "aws_vpc" "primary" {
  cidr_block = "10.1.0.0/16"
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

tier "orders" {
  rto   = "15m"
  match = ["aws_sqs_queue.jobs_*"]
}
