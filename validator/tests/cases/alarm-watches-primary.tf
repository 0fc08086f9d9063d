# What alarms of the secondary region measure, and whom they call.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_sns_topic" "primary" {
  name = "alerts"
}

resource "aws_sns_topic" "secondary" {
  provider = aws.west
  name     = "alerts"
}

resource "aws_cloudwatch_metric_alarm" "primary" {
  alarm_name          = "cpu"
  namespace           = "AWS/RDS"
  metric_name         = "CPUUtilization"
  dimensions          = { DBInstanceIdentifier = "shop-us-east-1" }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  alarm_actions       = [aws_sns_topic.primary.arn]
}

#! broken: the alarm calls the topic of the primary region
resource "aws_cloudwatch_metric_alarm" "secondary" {
  provider            = aws.west
  alarm_name          = "cpu"
  namespace           = "AWS/RDS"
  metric_name         = "CPUUtilization"
  dimensions          = { DBInstanceIdentifier = "shop-us-west-2" }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  alarm_actions       = [aws_sns_topic.primary.arn]
}

#! broken: the topic is written as an ARN of the primary region
resource "aws_cloudwatch_metric_alarm" "secondary" {
  provider            = aws.west
  alarm_name          = "cpu"
  namespace           = "AWS/RDS"
  metric_name         = "CPUUtilization"
  dimensions          = { DBInstanceIdentifier = "shop-us-west-2" }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  alarm_actions       = ["arn:aws:sns:us-east-1:123456789012:alerts"]
}

#! holds: each calls the topic of its own region
resource "aws_cloudwatch_metric_alarm" "secondary" {
  provider            = aws.west
  alarm_name          = "cpu"
  namespace           = "AWS/RDS"
  metric_name         = "CPUUtilization"
  dimensions          = { DBInstanceIdentifier = "shop-us-west-2" }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  alarm_actions       = [aws_sns_topic.secondary.arn]
}

#! undecided: the topic is a variable
variable "topic" {
  type = string
}

resource "aws_cloudwatch_metric_alarm" "secondary" {
  provider            = aws.west
  alarm_name          = "cpu"
  namespace           = "AWS/RDS"
  metric_name         = "CPUUtilization"
  dimensions          = { DBInstanceIdentifier = "shop-us-west-2" }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  alarm_actions       = [var.topic]
}

#! undecided: which topic hangs on a variable
variable "main" {
  type = bool
}

resource "aws_cloudwatch_metric_alarm" "secondary" {
  provider            = aws.west
  alarm_name          = "cpu"
  namespace           = "AWS/RDS"
  metric_name         = "CPUUtilization"
  dimensions          = { DBInstanceIdentifier = "shop-us-west-2" }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  alarm_actions       = [var.main ? aws_sns_topic.secondary.arn : aws_sns_topic.primary.arn]
}

#! undecided: the topic of the primary region is only the last resort
variable "topic" {
  type = string
}

resource "aws_cloudwatch_metric_alarm" "secondary" {
  provider            = aws.west
  alarm_name          = "cpu"
  namespace           = "AWS/RDS"
  metric_name         = "CPUUtilization"
  dimensions          = { DBInstanceIdentifier = "shop-us-west-2" }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  alarm_actions       = [coalesce(var.topic, aws_sns_topic.primary.arn)]
}
