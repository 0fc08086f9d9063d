# What a pair block names, against what there is.
#! never undecided: an address is there or not; where not all sources could be read, an address that is not there is not asked
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_sqs_queue" "jobs" {
  count = 2
  name  = "jobs-${count.index}"
}

resource "aws_sqs_queue" "standby_jobs" {
  count    = 2
  provider = aws.west
  name     = "jobs-${count.index}"
}

#! broken: the address lacks its key
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

pair {
  primary   = "aws_sqs_queue.jobs"
  secondary = "aws_sqs_queue.standby_jobs[0]"
}
#! broken: both stand in the primary region
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

pair {
  primary   = "aws_sqs_queue.jobs[0]"
  secondary = "aws_sqs_queue.jobs[1]"
}
#! broken: one queue has two counterparts
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

pair {
  primary   = "aws_sqs_queue.jobs[0]"
  secondary = "aws_sqs_queue.standby_jobs[0]"
}

pair {
  primary   = "aws_sqs_queue.jobs[0]"
  secondary = "aws_sqs_queue.standby_jobs[1]"
}
#! holds: one of each region, crosswise
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

pair {
  primary   = "aws_sqs_queue.jobs[0]"
  secondary = "aws_sqs_queue.standby_jobs[1]"
}

pair {
  primary   = "aws_sqs_queue.jobs[1]"
  secondary = "aws_sqs_queue.standby_jobs[0]"
}
