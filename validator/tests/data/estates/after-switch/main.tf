# A small estate for plans that are made after a switch: `record.py` of validator/oracle/switch applies it to emulated AWS,
# switches over by hand, and plans.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

variable "adopted" {
  description = "Whether the code was brought to the new roles."
  type        = bool
  default     = false
}

variable "database" {
  type    = string
  default = "app"
}

variable "workers" {
  type    = bool
  default = true
}

variable "image" {
  type    = string
  default = "api:1"
}

variable "copies" {
  type    = set(string)
  default = ["us-west-2"]
}

variable "inbox" {
  type    = bool
  default = false
}

data "aws_caller_identity" "current" {}

data "aws_ssm_parameter" "license" {
  name = "/app/license"
}

data "aws_region" "west" {
  provider = aws.west
}

resource "aws_db_instance" "main" {
  identifier              = "app"
  engine                  = "postgres"
  engine_version          = "15"
  instance_class          = "db.r6g.large"
  allocated_storage       = 100
  db_name                 = var.database
  username                = "app"
  password                = "not-a-real-password"
  backup_retention_period = 14
  storage_encrypted       = true
  deletion_protection     = false
  apply_immediately       = true
  skip_final_snapshot     = true
}

resource "aws_db_instance" "replica" {
  provider            = aws.west
  identifier          = "app-west"
  replicate_source_db = var.adopted ? null : aws_db_instance.main.arn
  instance_class      = "db.r6g.large"
  storage_encrypted   = true
  apply_immediately   = true
  skip_final_snapshot = true
}

resource "aws_route53_zone" "app" {
  name = "app.example"
}

resource "aws_route53_record" "database" {
  zone_id = aws_route53_zone.app.zone_id
  name    = "db.app.example"
  type    = "CNAME"
  ttl     = 30
  records = [var.adopted ? aws_db_instance.replica.address : aws_db_instance.main.address]
}

resource "aws_route53_record" "east" {
  zone_id        = aws_route53_zone.app.zone_id
  name           = "www.app.example"
  type           = "CNAME"
  ttl            = 30
  set_identifier = "east"
  records        = [aws_sqs_queue.east.url]

  weighted_routing_policy {
    weight = var.adopted ? 0 : 100
  }
}

resource "aws_route53_record" "west" {
  zone_id        = aws_route53_zone.app.zone_id
  name           = "www.app.example"
  type           = "CNAME"
  ttl            = 30
  set_identifier = "west"
  records        = [aws_sqs_queue.west.url]

  weighted_routing_policy {
    weight = var.adopted ? 100 : 0
  }
}

resource "aws_route53_health_check" "east" {
  type               = "HTTPS"
  fqdn               = "east.app.example"
  port               = 443
  resource_path      = "/health"
  failure_threshold  = 3
  request_interval   = 10
  invert_healthcheck = var.adopted
}

resource "aws_sqs_queue" "east" {
  name = "jobs-east"
}

resource "aws_sqs_queue" "west" {
  provider = aws.west
  name     = "jobs-west"
}

resource "aws_sqs_queue_policy" "west" {
  provider  = aws.west
  queue_url = aws_sqs_queue.west.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["sqs:SendMessage"]
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
      Resource  = aws_sqs_queue.west.arn
    }]
  })
}

resource "aws_ssm_parameter" "license" {
  provider = aws.west
  name     = "/app/license"
  type     = "String"
  value    = data.aws_ssm_parameter.license.insecure_value
}

resource "aws_sqs_queue" "inbox" {
  count = var.inbox ? 1 : 0
  name  = "inbox-east"
}

resource "aws_ssm_parameter" "inbox" {
  provider = aws.west
  count    = var.inbox ? 1 : 0
  name     = "/app/inbox"
  type     = "String"
  value    = aws_sqs_queue.inbox[0].url
}

resource "aws_cloudwatch_event_rule" "nightly" {
  provider            = aws.west
  name                = "nightly"
  schedule_expression = "rate(1 day)"
  state               = var.adopted ? "ENABLED" : "DISABLED"
}

resource "aws_vpc" "west" {
  provider   = aws.west
  cidr_block = "10.2.0.0/16"
}

resource "aws_subnet" "west" {
  provider          = aws.west
  vpc_id            = aws_vpc.west.id
  cidr_block        = "10.2.0.0/24"
  availability_zone = "us-west-2a"
}

resource "aws_ecs_cluster" "west" {
  provider = aws.west
  name     = "west"
}

resource "aws_ecs_task_definition" "west" {
  provider = aws.west
  family   = "api"

  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"

  container_definitions = jsonencode([{
    name      = "api"
    image     = var.image
    memory    = 512
    essential = true
    command   = ["serve", "--region", data.aws_region.west.name]
  }])
}

resource "aws_ecs_service" "api" {
  provider        = aws.west
  name            = "api"
  cluster         = aws_ecs_cluster.west.id
  task_definition = aws_ecs_task_definition.west.arn
  desired_count   = var.adopted ? 8 : 1
  launch_type     = "FARGATE"

  network_configuration {
    subnets = [aws_subnet.west.id]
  }
}

resource "aws_ecs_service" "batch" {
  provider        = aws.west
  name            = "batch"
  cluster         = aws_ecs_cluster.west.id
  task_definition = aws_ecs_task_definition.west.arn
  desired_count   = var.adopted ? 4 : 0
  launch_type     = "FARGATE"

  network_configuration {
    subnets = [aws_subnet.west.id]
  }
}

resource "aws_launch_template" "west" {
  provider      = aws.west
  name          = "workers"
  image_id      = "ami-12345678"
  instance_type = "m6i.large"
}

resource "aws_autoscaling_group" "west" {
  provider           = aws.west
  count              = var.workers ? 1 : 0
  name               = "workers"
  availability_zones = ["us-west-2a"]
  min_size           = 0
  max_size           = 6

  launch_template {
    id      = aws_launch_template.west.id
    version = "$Latest"
  }

  lifecycle {
    ignore_changes = [desired_capacity]
  }
}

resource "aws_dynamodb_table" "jobs" {
  name             = "jobs"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_secretsmanager_secret" "app" {
  name = "app"

  dynamic "replica" {
    for_each = var.copies

    content {
      region = replica.value
    }
  }
}

resource "aws_rds_global_cluster" "orders" {
  global_cluster_identifier = "orders"
  engine                    = "aurora-postgresql"
  engine_version            = "15.4"
}

resource "aws_rds_cluster" "east" {
  cluster_identifier        = "orders-east"
  global_cluster_identifier = aws_rds_global_cluster.orders.id
  engine                    = "aurora-postgresql"
  engine_version            = "15.4"
  master_username           = "app"
  master_password           = "not-a-real-password"
  skip_final_snapshot       = true
}

resource "aws_rds_cluster" "west" {
  provider                  = aws.west
  cluster_identifier        = "orders-west"
  global_cluster_identifier = var.adopted ? null : aws_rds_global_cluster.orders.id
  engine                    = "aurora-postgresql"
  engine_version            = "15.4"
  skip_final_snapshot       = true

  depends_on = [aws_rds_cluster.east]
}
