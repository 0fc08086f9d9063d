# Services, functions and fleets of the primary region.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_ecs_cluster" "primary" {
  name = "shop"
}

resource "aws_ecs_cluster" "secondary" {
  provider = aws.west
  name     = "shop"
}

resource "aws_ecs_service" "api_primary" {
  name            = "api"
  cluster         = aws_ecs_cluster.primary.id
  task_definition = "api:42"
  desired_count   = 4
}

#! broken: the service is not there
#! broken: one of two services is there
resource "aws_ecs_service" "reports_primary" {
  name            = "reports"
  cluster         = aws_ecs_cluster.primary.id
  task_definition = "reports:7"
  desired_count   = 1
}

resource "aws_ecs_service" "reports_secondary" {
  provider        = aws.west
  name            = "reports"
  cluster         = aws_ecs_cluster.secondary.id
  task_definition = "reports:7"
  desired_count   = 1
}

#! holds: it is there, and runs fewer tasks
resource "aws_ecs_service" "api_secondary" {
  provider        = aws.west
  name            = "api"
  cluster         = aws_ecs_cluster.secondary.id
  task_definition = "api:42"
  desired_count   = 0
}

#! undecided: whether it is there hangs on a variable
variable "standby" {
  type = bool
}

resource "aws_ecs_service" "api_secondary" {
  count           = var.standby ? 1 : 0
  provider        = aws.west
  name            = "api"
  cluster         = aws_ecs_cluster.secondary.id
  task_definition = "api:42"
  desired_count   = 1
}
