# Alarms of the primary region that the secondary lacks.
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

resource "aws_cloudwatch_metric_alarm" "backlog_primary" {
  alarm_name          = "backlog"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.primary.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 300
}

#! broken: only production's backlog has an alarm
#! holds: both have one
resource "aws_cloudwatch_metric_alarm" "backlog_secondary" {
  provider            = aws.west
  alarm_name          = "backlog"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.secondary.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 300
}

#! holds: metrics of Route 53 exist in us-east-1 only, and so does their alarm
resource "aws_cloudwatch_metric_alarm" "backlog_secondary" {
  provider            = aws.west
  alarm_name          = "backlog"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.secondary.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 300
}

resource "aws_cloudwatch_metric_alarm" "site" {
  alarm_name          = "site"
  namespace           = "AWS/Route53"
  metric_name         = "HealthCheckStatus"
  dimensions          = { HealthCheckId = "abcdef11-2222-3333-4444-555555fedcba" }
  statistic           = "Minimum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "LessThanThreshold"
  threshold           = 1
}

#! undecided: whether the counterpart is made hangs on a variable
variable "watched" {
  type = bool
}

resource "aws_cloudwatch_metric_alarm" "backlog_secondary" {
  count               = var.watched ? 1 : 0
  provider            = aws.west
  alarm_name          = "backlog"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.secondary.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 300
}
