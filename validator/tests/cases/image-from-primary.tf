# From which registry tasks of the secondary region are started.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_ecr_repository" "primary" {
  name = "api"
}

resource "aws_ecr_repository" "secondary" {
  provider = aws.west
  name     = "api"
}

resource "aws_ecs_task_definition" "primary" {
  family = "api"
  container_definitions = jsonencode([{
    name  = "api"
    image = "${aws_ecr_repository.primary.repository_url}:stable"
  }])
}

#! broken: from the repository of the primary region
resource "aws_ecs_task_definition" "secondary" {
  provider = aws.west
  family   = "api"
  container_definitions = jsonencode([{
    name  = "api"
    image = "${aws_ecr_repository.primary.repository_url}:stable"
  }])
}

#! broken: from its address as text
resource "aws_ecs_task_definition" "secondary" {
  provider = aws.west
  family   = "api"
  container_definitions = jsonencode([{
    name  = "api"
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:stable"
  }])
}

#! holds: from that of their own
resource "aws_ecs_task_definition" "secondary" {
  provider = aws.west
  family   = "api"
  container_definitions = jsonencode([{
    name  = "api"
    image = "${aws_ecr_repository.secondary.repository_url}:stable"
  }])
}

#! holds: from a public registry, with the region as a tag
resource "aws_ecs_task_definition" "secondary" {
  provider = aws.west
  family   = "api"
  container_definitions = jsonencode([{
    name  = "api"
    image = "public.ecr.aws/acme/api:us-east-1"
  }])
}

#! undecided: from a variable
variable "image" {
  type = string
}

resource "aws_ecs_task_definition" "secondary" {
  provider = aws.west
  family   = "api"
  container_definitions = jsonencode([{
    name  = "api"
    image = var.image
  }])
}
