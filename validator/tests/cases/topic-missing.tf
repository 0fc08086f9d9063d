# Topics, queues, buses and their rules: each region has its own.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_sns_topic" "alerts_primary" {
  name = "alerts"
}

resource "aws_cloudwatch_event_rule" "nightly_primary" {
  name                = "nightly"
  schedule_expression = "rate(1 day)"
}

resource "aws_cloudwatch_event_rule" "nightly_secondary" {
  provider            = aws.west
  name                = "nightly"
  schedule_expression = "rate(1 day)"
}

#! broken: nobody can be told of anything in the secondary region
#! broken: the rule of the secondary region starts nothing
resource "aws_sns_topic" "alerts_secondary" {
  provider = aws.west
  name     = "alerts"
}

resource "aws_cloudwatch_event_target" "nightly_primary" {
  rule = aws_cloudwatch_event_rule.nightly_primary.name
  arn  = aws_sns_topic.alerts_primary.arn
}

#! holds: topic, rule and target are there
resource "aws_sns_topic" "alerts_secondary" {
  provider = aws.west
  name     = "alerts"
}

resource "aws_cloudwatch_event_target" "nightly_primary" {
  rule = aws_cloudwatch_event_rule.nightly_primary.name
  arn  = aws_sns_topic.alerts_primary.arn
}

resource "aws_cloudwatch_event_target" "nightly_secondary" {
  provider = aws.west
  rule     = aws_cloudwatch_event_rule.nightly_secondary.name
  arn      = aws_sns_topic.alerts_secondary.arn
}

#! undecided: whether the topic is there hangs on a variable
variable "alerts" {
  type = bool
}

resource "aws_sns_topic" "alerts_secondary" {
  count    = var.alerts ? 1 : 0
  provider = aws.west
  name     = "alerts"
}

#! undecided: how many there are of each side are two numbers
variable "alarms" {
  type = number
}

resource "aws_sns_topic" "alerts_secondary" {
  provider = aws.west
  name     = "alerts"
}

resource "aws_sns_topic" "deaths_primary" {
  count = var.alarms
  name  = "deaths"
}

resource "aws_sns_topic" "deaths_secondary" {
  count    = floor(var.alarms / 2)
  provider = aws.west
  name     = "deaths"
}

resource "aws_cloudwatch_event_target" "nightly_primary" {
  rule = aws_cloudwatch_event_rule.nightly_primary.name
  arn  = aws_sns_topic.alerts_primary.arn
}

resource "aws_cloudwatch_event_target" "nightly_secondary" {
  provider = aws.west
  rule     = aws_cloudwatch_event_rule.nightly_secondary.name
  arn      = aws_sns_topic.alerts_secondary.arn
}

#! holds: there are as many on both sides, however many that is
variable "alarms" {
  type = number
}

resource "aws_sns_topic" "alerts_secondary" {
  provider = aws.west
  name     = "alerts"
}

resource "aws_sns_topic" "deaths_primary" {
  count = var.alarms
  name  = "deaths"
}

resource "aws_sns_topic" "deaths_secondary" {
  count    = var.alarms
  provider = aws.west
  name     = "deaths"
}
