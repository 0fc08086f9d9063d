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

#! broken: a function is given the ARN of a secret that is looked up in the primary region
data "aws_secretsmanager_secret" "k" {
  name = "orders"
}

resource "aws_sns_topic_subscription" "secondary" {
  provider  = aws.west
  topic_arn = aws_sns_topic.secondary.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.secondary.arn
}

resource "aws_batch_job_definition" "secondary" {
  provider             = aws.west
  name                 = "orders"
  type                 = "container"
  container_properties = jsonencode({ secrets = [data.aws_secretsmanager_secret.k.arn] })
}

#! broken: subnets that are looked up in the primary region
data "aws_vpc" "v" {
  default = true
}

data "aws_subnets" "s" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.v.id]
  }
}

resource "aws_db_subnet_group" "primary" {
  name       = "orders"
  subnet_ids = data.aws_subnets.s.ids
}

resource "aws_db_subnet_group" "secondary" {
  provider   = aws.west
  name       = "orders"
  subnet_ids = data.aws_subnets.s.ids
}

#! broken: each region has its lookup of the image, and the secondary takes that of the primary
data "aws_ami" "p" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-*"]
  }
}

data "aws_ami" "s" {
  provider    = aws.west
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-*"]
  }
}

resource "aws_launch_template" "primary" {
  image_id = data.aws_ami.p.id
}

resource "aws_launch_template" "secondary" {
  provider = aws.west
  image_id = data.aws_ami.p.id
}

#! holds: what belongs to the account, and values that are stored in the primary region, are the same everywhere
data "aws_caller_identity" "current" {}

data "aws_route53_zone" "internal" {
  name = "example.com"
}

data "aws_ssm_parameter" "level" {
  name = "/orders/log-level"
}

resource "aws_sns_topic_subscription" "secondary" {
  provider  = aws.west
  topic_arn = aws_sns_topic.secondary.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.secondary.arn
}

resource "aws_batch_job_definition" "secondary" {
  provider = aws.west
  name     = "orders"
  type     = "container"
  container_properties = jsonencode({
    account = data.aws_caller_identity.current.account_id
    zone    = data.aws_route53_zone.internal.zone_id
    level   = data.aws_ssm_parameter.level.value
  })
}

#! broken: the arn of an event target is where it leads
resource "aws_cloudwatch_event_rule" "primary" {
  name                = "hourly"
  schedule_expression = "rate(1 hour)"
}

resource "aws_cloudwatch_event_rule" "secondary" {
  provider            = aws.west
  name                = "hourly"
  schedule_expression = "rate(1 hour)"
}

resource "aws_cloudwatch_event_target" "primary" {
  rule = aws_cloudwatch_event_rule.primary.name
  arn  = aws_sqs_queue.primary.arn
}

resource "aws_cloudwatch_event_target" "secondary" {
  provider = aws.west
  rule     = aws_cloudwatch_event_rule.secondary.name
  arn      = aws_sqs_queue.primary.arn
}

#! broken: the policy of a topic is put on the topic of the other region
resource "aws_sns_topic_policy" "primary" {
  arn    = aws_sns_topic.primary.arn
  policy = jsonencode({ Statement = [] })
}

resource "aws_sns_topic_policy" "secondary" {
  provider = aws.west
  arn      = aws_sns_topic.primary.arn
  policy   = jsonencode({ Statement = [] })
}

#! broken: failed messages go to the queue of the primary region
resource "aws_sqs_queue" "work_primary" {
  name           = "work"
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.primary.arn, maxReceiveCount = 3 })
}

resource "aws_sqs_queue" "work_secondary" {
  provider       = aws.west
  name           = "work"
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.primary.arn, maxReceiveCount = 3 })
}

#! broken: the id of one group stands on both sides
resource "aws_security_group" "partner_primary" {
  name = "partner"

  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    security_groups = ["sg-0123456789abcdef0"]
  }
}

resource "aws_security_group" "partner_secondary" {
  provider = aws.west
  name     = "partner"

  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    security_groups = ["sg-0123456789abcdef0"]
  }
}

#! broken: the id of one key stands on both sides, and it is no key of several regions
resource "aws_sqs_queue" "sealed_primary" {
  name              = "sealed"
  kms_master_key_id = "1234abcd-12ab-34cd-56ef-1234567890ab"
}

resource "aws_sqs_queue" "sealed_secondary" {
  provider          = aws.west
  name              = "sealed"
  kms_master_key_id = "1234abcd-12ab-34cd-56ef-1234567890ab"
}

#! holds: the id of a key of several regions
resource "aws_sqs_queue" "sealed_primary" {
  name              = "sealed"
  kms_master_key_id = "mrk-1234abcd12ab34cd56ef1234567890ab"
}

resource "aws_sqs_queue" "sealed_secondary" {
  provider          = aws.west
  name              = "sealed"
  kms_master_key_id = "mrk-1234abcd12ab34cd56ef1234567890ab"
}
