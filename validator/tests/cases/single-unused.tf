# What a single block names, against what has a counterpart.
#! never undecided: an instance has a counterpart or not; where not all sources could be read, nothing is asked
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

resource "aws_sqs_queue" "builds" {
  name = "builds"
}

#! broken: there is no such queue
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

single "aws_sqs_queue.build" {
  reason = "builds can be made again"
}
#! broken: the queue has a counterpart by now
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

single "aws_sqs_queue.jobs_primary" {
  reason = "jobs are lost with the region"
}
#! holds: the queue lives once
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

single "aws_sqs_queue.builds" {
  reason = "builds can be made again"
}
#! holds: a pattern that one queue without counterpart needs
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

single "aws_sqs_queue.*" {
  reason = "what is queued can be made again"
}
#! holds: whether the counterpart is made hangs on a variable
variable "standby" {
  type = bool
}

resource "aws_sqs_queue" "reports_primary" {
  name = "reports"
}

resource "aws_sqs_queue" "reports_secondary" {
  count    = var.standby ? 1 : 0
  provider = aws.west
  name     = "reports"
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

single "aws_sqs_queue.reports_primary" {
  reason = "reports can be made again"
}
