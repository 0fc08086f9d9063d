# Where the state is kept of a root that manages the secondary region.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_sqs_queue" "primary" {
  name = "jobs"
}

resource "aws_sqs_queue" "secondary" {
  provider = aws.west
  name     = "jobs"
}

#! broken: the bucket of the state lies in the primary region
terraform {
  backend "s3" {
    bucket = "acme-terraform"
    key    = "shop.tfstate"
    region = "us-east-1"
  }
}

#! broken: the own state lies well, but another one is read from the primary region
terraform {
  backend "s3" {
    bucket = "acme-terraform"
    key    = "shop.tfstate"
    region = "us-west-2"
  }
}

data "terraform_remote_state" "network" {
  backend = "s3"
  config = {
    bucket = "acme-network"
    key    = "network.tfstate"
    region = "us-east-1"
  }
}

#! holds: it lies in the secondary region, whatever its name says
terraform {
  backend "s3" {
    bucket = "acme-terraform-us-east-1"
    key    = "shop.tfstate"
    region = "us-west-2"
  }
}

#! undecided: the block leaves the region to the command line
terraform {
  backend "s3" {
    bucket = "acme-terraform"
    key    = "shop.tfstate"
  }
}
