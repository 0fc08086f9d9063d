# Values of the secondary region that still lead into the primary one when they are used.
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

resource "aws_sns_topic" "primary" {
  name = "orders"
}

resource "aws_sns_topic" "secondary" {
  provider = aws.west
  name     = "orders"
}

resource "aws_sns_topic_subscription" "primary" {
  topic_arn = aws_sns_topic.primary.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.primary.arn
}

#! broken: the topic of the secondary delivers into the primary region
resource "aws_sns_topic_subscription" "secondary" {
  provider  = aws.west
  topic_arn = aws_sns_topic.secondary.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.primary.arn
}

#! holds: it delivers into its own
resource "aws_sns_topic_subscription" "secondary" {
  provider  = aws.west
  topic_arn = aws_sns_topic.secondary.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.secondary.arn
}

#! holds: the ARN of the primary is only what the own one is written from
resource "aws_sns_topic_subscription" "secondary" {
  provider  = aws.west
  topic_arn = aws_sns_topic.secondary.arn
  protocol  = "sqs"
  endpoint  = replace(aws_sqs_queue.primary.arn, "us-east-1", "us-west-2")
}

#! undecided: a subscription of the secondary alone delivers into a queue that a variable names
variable "queue" {
  type = string
}

resource "aws_sns_topic_subscription" "secondary" {
  provider  = aws.west
  topic_arn = aws_sns_topic.secondary.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.secondary.arn
}

resource "aws_sns_topic_subscription" "audit" {
  provider  = aws.west
  topic_arn = aws_sns_topic.secondary.arn
  protocol  = "sqs"
  endpoint  = var.queue
}
