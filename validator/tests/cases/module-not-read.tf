# Modules that terraform init has not installed, or that are not there.
#! never broken: what could not be read is neither good nor bad
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_sns_topic" "alerts" {
  name = "alerts"
}

resource "aws_sns_topic" "alerts_west" {
  provider = aws.west
  name     = "alerts"
}

#! undecided: twin calls of a registry module, neither installed
module "vpc_primary" {
  source = "terraform-aws-modules/vpc/aws"
  cidr   = "10.0.0.0/16"
}

module "vpc_secondary" {
  source = "terraform-aws-modules/vpc/aws"
  cidr   = "10.1.0.0/16"

  providers = { aws = aws.west }
}
#! undecided: a local module whose directory is not there
module "queue" {
  source = "./modules/queues"
}
#! undecided: a module below a module
module "all" {
  source = "./modules/all"
}
#! file modules/all/main.tf
module "vpc" {
  source = "terraform-aws-modules/vpc/aws"
}
#! holds: dr.hcl says that it lives once
module "builds" {
  source = "terraform-aws-modules/codebuild/aws"
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

single "module.builds" { reason = "builds run in the primary region only" }
