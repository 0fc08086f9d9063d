# Tasks in subnets without a way out, and the services of AWS that they need.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_vpc" "primary" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_vpc" "secondary" {
  provider   = aws.west
  cidr_block = "10.2.0.0/16"
}

resource "aws_subnet" "primary" {
  vpc_id            = aws_vpc.primary.id
  cidr_block        = "10.1.1.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = "10.2.1.0/24"
  availability_zone = "us-west-2a"
}

resource "aws_route_table" "primary" {
  vpc_id = aws_vpc.primary.id
}

resource "aws_route_table" "secondary" {
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_route_table_association" "primary" {
  subnet_id      = aws_subnet.primary.id
  route_table_id = aws_route_table.primary.id
}

resource "aws_route_table_association" "secondary" {
  provider       = aws.west
  subnet_id      = aws_subnet.secondary.id
  route_table_id = aws_route_table.secondary.id
}

resource "aws_vpc_endpoint" "logs_primary" {
  vpc_id            = aws_vpc.primary.id
  service_name      = "com.amazonaws.us-east-1.logs"
  vpc_endpoint_type = "Interface"
  subnet_ids        = [aws_subnet.primary.id]
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

resource "aws_ecs_task_definition" "secondary" {
  provider = aws.west
  family   = "api"
  container_definitions = jsonencode([{
    name  = "api"
    image = "public.ecr.aws/nginx/nginx:1.27"
    logConfiguration = {
      logDriver = "awslogs"
      options   = { "awslogs-group" = "/api", "awslogs-region" = "us-west-2" }
    }
  }])
}

resource "aws_ecs_service" "primary" {
  name            = "api"
  task_definition = aws_ecs_task_definition.primary.arn
  desired_count   = 1
  network_configuration {
    subnets = [aws_subnet.primary.id]
  }
}

resource "aws_ecs_service" "secondary" {
  provider        = aws.west
  name            = "api"
  task_definition = aws_ecs_task_definition.secondary.arn
  desired_count   = 1
  network_configuration {
    subnets = [aws_subnet.secondary.id]
  }
}

#! broken: logs are reached by an endpoint in production, and the VPC of the secondary has another one only
resource "aws_vpc_endpoint" "logs_secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  service_name      = "com.amazonaws.us-west-2.monitoring"
  vpc_endpoint_type = "Interface"
  subnet_ids        = [aws_subnet.secondary.id]
}

#! holds: the same endpoint
resource "aws_vpc_endpoint" "logs_secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  service_name      = "com.amazonaws.us-west-2.logs"
  vpc_endpoint_type = "Interface"
  subnet_ids        = [aws_subnet.secondary.id]
}

#! holds: no endpoint, but a way out by a NAT gateway
resource "aws_nat_gateway" "secondary" {
  provider  = aws.west
  subnet_id = aws_subnet.secondary.id
}

resource "aws_route" "out" {
  provider               = aws.west
  route_table_id         = aws_route_table.secondary.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.secondary.id
}

#! undecided: the service of the endpoint is a variable
variable "service" {
  type = string
}

resource "aws_vpc_endpoint" "logs_secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  service_name      = var.service
  vpc_endpoint_type = "Interface"
  subnet_ids        = [aws_subnet.secondary.id]
}
