# How far a service of the secondary region can grow.
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

resource "aws_ecs_service" "primary" {
  name          = "api"
  cluster       = aws_ecs_cluster.primary.arn
  desired_count = 6
}

#! broken: nothing runs, and nothing raises it
resource "aws_ecs_service" "secondary" {
  provider      = aws.west
  name          = "api"
  cluster       = aws_ecs_cluster.secondary.arn
  desired_count = 0
}

#! broken: it is raised to half of production
resource "aws_ecs_service" "secondary" {
  provider      = aws.west
  name          = "api"
  cluster       = aws_ecs_cluster.secondary.arn
  desired_count = 1
}

resource "aws_appautoscaling_target" "secondary" {
  provider           = aws.west
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/shop/${aws_ecs_service.secondary.name}"
  min_capacity       = 1
  max_capacity       = 3
}

#! holds: one task runs, and scaling reaches what production runs
resource "aws_ecs_service" "secondary" {
  provider      = aws.west
  name          = "api"
  cluster       = aws_ecs_cluster.secondary.arn
  desired_count = 1
}

resource "aws_appautoscaling_target" "secondary" {
  provider           = aws.west
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/shop/${aws_ecs_service.secondary.name}"
  min_capacity       = 1
  max_capacity       = 6
}

#! undecided: the maximum is a variable
variable "most" {
  type = number
}

resource "aws_ecs_service" "secondary" {
  provider      = aws.west
  name          = "api"
  cluster       = aws_ecs_cluster.secondary.arn
  desired_count = 1
}

resource "aws_appautoscaling_target" "secondary" {
  provider           = aws.west
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/shop/${aws_ecs_service.secondary.name}"
  min_capacity       = 1
  max_capacity       = var.most
}

#! undecided: whether anything raises it hangs on a variable
variable "open" {
  type = bool
}

resource "aws_ecs_service" "secondary" {
  provider      = aws.west
  name          = "api"
  cluster       = aws_ecs_cluster.secondary.arn
  desired_count = 1
}

resource "aws_appautoscaling_target" "secondary" {
  count              = var.open ? 1 : 0
  provider           = aws.west
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/shop/${aws_ecs_service.secondary.name}"
  min_capacity       = 1
  max_capacity       = 6
}

#! holds: both may grow as far, however far that is
variable "most" {
  type = number
}

resource "aws_ecs_service" "secondary" {
  provider      = aws.west
  name          = "api"
  cluster       = aws_ecs_cluster.secondary.arn
  desired_count = 1
}

resource "aws_appautoscaling_target" "secondary" {
  provider           = aws.west
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/shop/${aws_ecs_service.secondary.name}"
  min_capacity       = 1
  max_capacity       = var.most
}

resource "aws_appautoscaling_target" "primary" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/shop/${aws_ecs_service.primary.name}"
  min_capacity       = 1
  max_capacity       = var.most
}
