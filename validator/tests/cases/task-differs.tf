# Task definitions: what a task may use, and what its containers are.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_ecs_task_definition" "api_primary" {
  family       = "api"
  network_mode = "awsvpc"
  cpu          = "512"
  memory       = "1024"

  container_definitions = jsonencode([{
    name         = "api"
    image        = "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:1.7.2"
    essential    = true
    portMappings = [{ containerPort = 8080 }]
    environment  = [{ name = "QUEUE", value = "jobs" }, { name = "REGION", value = "us-east-1" }]
  }])
}

#! broken: the standby's image is an older one
resource "aws_ecs_task_definition" "api_secondary" {
  provider     = aws.west
  family       = "api"
  network_mode = "awsvpc"
  cpu          = "512"
  memory       = "1024"

  container_definitions = jsonencode([{
    name         = "api"
    image        = "123456789012.dkr.ecr.us-west-2.amazonaws.com/api:1.7.1"
    essential    = true
    portMappings = [{ containerPort = 8080 }]
    environment  = [{ name = "QUEUE", value = "jobs" }, { name = "REGION", value = "us-west-2" }]
  }])
}

#! broken: the container is not told the queue
resource "aws_ecs_task_definition" "api_secondary" {
  provider     = aws.west
  family       = "api"
  network_mode = "awsvpc"
  cpu          = "512"
  memory       = "1024"

  container_definitions = jsonencode([{
    name         = "api"
    image        = "123456789012.dkr.ecr.us-west-2.amazonaws.com/api:1.7.2"
    essential    = true
    portMappings = [{ containerPort = 8080 }]
    environment  = [{ name = "REGION", value = "us-west-2" }]
  }])
}

#! broken: tasks have half the memory
resource "aws_ecs_task_definition" "api_secondary" {
  provider     = aws.west
  family       = "api"
  network_mode = "awsvpc"
  cpu          = "512"
  memory       = "512"

  container_definitions = jsonencode([{
    name         = "api"
    image        = "123456789012.dkr.ecr.us-west-2.amazonaws.com/api:1.7.2"
    essential    = true
    portMappings = [{ containerPort = 8080 }]
    environment  = [{ name = "QUEUE", value = "jobs" }, { name = "REGION", value = "us-west-2" }]
  }])
}

#! holds: the image of the own registry, variables in another order with another value, and more memory
resource "aws_ecs_task_definition" "api_secondary" {
  provider     = aws.west
  family       = "api"
  network_mode = "awsvpc"
  cpu          = "512"
  memory       = "2048"

  container_definitions = jsonencode([{
    environment  = [{ value = "us-west-2", name = "REGION" }, { value = "standby-jobs", name = "QUEUE" }]
    essential    = true
    image        = "123456789012.dkr.ecr.us-west-2.amazonaws.com/api:1.7.2"
    name         = "api"
    portMappings = [{ containerPort = 8080 }]
  }])
}

#! undecided: the version is a variable
variable "tag" {
  type = string
}

resource "aws_ecs_task_definition" "api_secondary" {
  provider     = aws.west
  family       = "api"
  network_mode = "awsvpc"
  cpu          = "512"
  memory       = "1024"

  container_definitions = jsonencode([{
    name         = "api"
    image        = "123456789012.dkr.ecr.us-west-2.amazonaws.com/api:${var.tag}"
    essential    = true
    portMappings = [{ containerPort = 8080 }]
    environment  = [{ name = "QUEUE", value = "jobs" }, { name = "REGION", value = "us-west-2" }]
  }])
}
