# Attributes of a pair that no rule of its own looks at.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_sqs_queue" "primary" {
  name                       = "jobs-us-east-1"
  visibility_timeout_seconds = 300
}

#! broken: messages come back earlier than in production
resource "aws_sqs_queue" "secondary" {
  provider                   = aws.west
  name                       = "jobs-us-west-2"
  visibility_timeout_seconds = 30
}

#! holds: the same time; the name differs by its region only
resource "aws_sqs_queue" "secondary" {
  provider                   = aws.west
  name                       = "jobs-us-west-2"
  visibility_timeout_seconds = 5 * 60
}

#! undecided: the time is a variable
variable "timeout" {
  type = number
}

resource "aws_sqs_queue" "secondary" {
  provider                   = aws.west
  name                       = "jobs-us-west-2"
  visibility_timeout_seconds = var.timeout
}

#! undecided: one of two equal times must not be shown
variable "timeout" {
  type      = number
  default   = 300
  sensitive = true
}

resource "aws_sqs_queue" "secondary" {
  provider                   = aws.west
  name                       = "jobs-us-west-2"
  visibility_timeout_seconds = var.timeout
}
