# A module for both regions, and names that exist once for all regions.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

variable "prefix" {
  type = string
}

module "primary" {
  source = "./modules/region"
  region = "us-east-1"
  prefix = "primary"
}

module "secondary" {
  source    = "./modules/region"
  region    = "us-west-2"
  prefix    = "secondary"
  providers = { aws = aws.west }
}

#! broken: both calls make a role of one name
#! file modules/region/main.tf
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "region" {
  type = string
}

variable "prefix" {
  type = string
}

resource "aws_iam_role" "task" {
  name               = "task"
  assume_role_policy = "{}"
}

#! holds: each name has its region in it
#! file modules/region/main.tf
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "region" {
  type = string
}

variable "prefix" {
  type = string
}

resource "aws_iam_role" "task" {
  name               = "task-${var.region}"
  assume_role_policy = "{}"
}

#! holds: queues are regional, and may have one name
#! file modules/region/main.tf
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "region" {
  type = string
}

variable "prefix" {
  type = string
}

resource "aws_iam_role" "task" {
  name_prefix        = "task"
  assume_role_policy = "{}"
}

resource "aws_s3_bucket" "files" {
  bucket = "acme-${var.prefix}"
}

resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

#! undecided: two variables may hold the same name
variable "first" {
  type = string
}

variable "second" {
  type = string
}

resource "aws_iam_role" "primary" {
  name               = var.first
  assume_role_policy = "{}"
}

resource "aws_iam_role" "secondary" {
  provider           = aws.west
  name               = var.second
  assume_role_policy = "{}"
}
#! file modules/region/main.tf
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "region" {
  type = string
}

variable "prefix" {
  type = string
}
