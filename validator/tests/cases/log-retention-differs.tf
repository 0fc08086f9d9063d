# How long log groups keep what happened.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_cloudwatch_log_group" "primary" {
  name              = "/api"
  retention_in_days = 365
}

#! broken: two weeks
resource "aws_cloudwatch_log_group" "secondary" {
  provider          = aws.west
  name              = "/api"
  retention_in_days = 14
}

#! holds: nothing said is for ever
resource "aws_cloudwatch_log_group" "secondary" {
  provider = aws.west
  name     = "/api"
}

#! holds: so is 0
resource "aws_cloudwatch_log_group" "secondary" {
  provider          = aws.west
  name              = "/api"
  retention_in_days = 0
}

#! undecided: the time is a variable
variable "days" {
  type = number
}

resource "aws_cloudwatch_log_group" "secondary" {
  provider          = aws.west
  name              = "/api"
  retention_in_days = var.days
}
