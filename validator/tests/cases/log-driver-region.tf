# The region that tasks write their logs to.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_ecs_task_definition" "primary" {
  family = "api"
  container_definitions = jsonencode([{
    name  = "api"
    image = "public.ecr.aws/nginx/nginx:1.27"
    logConfiguration = {
      logDriver = "awslogs"
      options   = { "awslogs-group" = "/api", "awslogs-region" = "us-east-1" }
    }
  }])
}

#! broken: tasks of the secondary write into the primary region
resource "aws_ecs_task_definition" "secondary" {
  provider = aws.west
  family   = "api"
  container_definitions = jsonencode([{
    name  = "api"
    image = "public.ecr.aws/nginx/nginx:1.27"
    logConfiguration = {
      logDriver = "awslogs"
      options   = { "awslogs-group" = "/api", "awslogs-region" = "us-east-1" }
    }
  }])
}

#! holds: they write into their own
resource "aws_ecs_task_definition" "secondary" {
  provider = aws.west
  family   = "api"
  container_definitions = jsonencode([{
    name  = "api"
    image = "public.ecr.aws/nginx/nginx:1.27"
    logConfiguration = {
      logDriver = "awslogs"
      options   = { "awslogs-group" = "/api/us-east-1", "awslogs-region" = "us-west-2" }
    }
  }])
}

#! undecided: the region is a variable
variable "region" {
  type = string
}

resource "aws_ecs_task_definition" "secondary" {
  provider = aws.west
  family   = "api"
  container_definitions = jsonencode([{
    name  = "api"
    image = "public.ecr.aws/nginx/nginx:1.27"
    logConfiguration = {
      logDriver = "awslogs"
      options   = { "awslogs-group" = "/api", "awslogs-region" = var.region }
    }
  }])
}
