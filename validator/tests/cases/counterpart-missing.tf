# A resource of the primary region that no rule of its own asks for, and what mirrors it.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_kinesis_stream" "primary" {
  name        = "events"
  shard_count = 4
}

#! broken: there is no stream in the secondary region
#! holds: there is one
resource "aws_kinesis_stream" "secondary" {
  provider    = aws.west
  name        = "events"
  shard_count = 4
}

#! holds: an alarm about a metric that exists in us-east-1 only needs no counterpart
resource "aws_kinesis_stream" "secondary" {
  provider    = aws.west
  name        = "events"
  shard_count = 4
}

resource "aws_cloudwatch_metric_alarm" "costs" {
  alarm_name          = "costs"
  namespace           = "AWS/Billing"
  metric_name         = "EstimatedCharges"
  statistic           = "Maximum"
  period              = 21600
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10000
}

#! undecided: how many there are is a variable
variable "streams" {
  type = number
}

resource "aws_kinesis_stream" "secondary" {
  count       = var.streams
  provider    = aws.west
  name        = "events"
  shard_count = 4
}

#! undecided: the region of another stream is a variable
variable "place" {
  type = string
}

resource "aws_kinesis_stream" "secondary" {
  provider    = aws.west
  name        = "events"
  shard_count = 4
}

resource "aws_kinesis_stream" "clicks" {
  region      = var.place
  name        = "clicks"
  shard_count = 4
}

#! undecided: a module is given a provider that nobody configures
resource "aws_kinesis_stream" "secondary" {
  provider    = aws.west
  name        = "events"
  shard_count = 4
}

module "clicks" {
  source = "./clicks"
  providers = {
    aws = aws.nowhere
  }
}
#! file clicks/main.tf
resource "aws_kinesis_stream" "clicks" {
  name        = "clicks"
  shard_count = 4
}
