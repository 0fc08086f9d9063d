# What is known of resources before the first apply. The answers are in answers.jsonl, written by hand from recorded plans: a
# plan of these needs the real provider.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "us-east-1"
}

# Nobody gives it a value.
variable "open" {
  type = list(string)
}

variable "size" {
  type = number
}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

data "aws_availability_zones" "usable" {
  state = "available"
}

data "aws_ami" "newest" {
  owners      = ["amazon"]
  most_recent = true
}

data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.files.arn}/*"]
  }
}

data "aws_iam_policy_document" "static" {
  statement {
    actions   = ["s3:ListBucket"]
    resources = ["arn:aws:s3:::fixed"]
  }
}

data "terraform_remote_state" "network" {
  backend = "s3"
  config  = { bucket = "states", key = "network", region = "us-east-1" }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "each" {
  for_each   = { a = 0, b = 1 }
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 4, each.value)
}

resource "aws_instance" "sized" {
  count         = var.size
  ami           = data.aws_ami.newest.id
  instance_type = "t3.micro"
}

resource "aws_sqs_queue" "open" {
  for_each = toset(var.open)
  name     = each.key
}

resource "aws_s3_bucket" "files" {
  bucket = "files"
}

resource "aws_s3_bucket" "named_by_aws" {
}

resource "aws_lb" "main" {
  name    = "main"
  subnets = [for subnet in aws_subnet.each : subnet.id]
}

resource "aws_security_group" "blocks" {
  name = "blocks"
  dynamic "ingress" {
    for_each = var.open
    content {
      protocol    = "tcp"
      from_port   = 443
      to_port     = 443
      cidr_blocks = [ingress.value]
    }
  }
  egress {
    protocol        = "-1"
    from_port       = 0
    to_port         = 0
    security_groups = [aws_security_group.other.id]
  }
}

resource "aws_security_group" "other" {
  name = "other"
}

resource "aws_lb_target_group" "app" {
  name     = "app"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
  health_check {
    path = "/ready"
  }
}

resource "aws_db_instance" "main" {
  identifier          = "main"
  instance_class      = "db.r6g.large"
  deletion_protection = true
}
