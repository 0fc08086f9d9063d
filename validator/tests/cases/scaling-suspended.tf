# Scaling that is switched off though the sizes agree.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_autoscaling_group" "worker_primary" {
  name                = "worker"
  min_size            = 1
  max_size            = 12
  suspended_processes = ["AZRebalance"]
}

#! broken: nothing is launched in the secondary region
resource "aws_autoscaling_group" "worker_secondary" {
  provider            = aws.west
  name                = "worker"
  min_size            = 1
  max_size            = 12
  suspended_processes = ["Launch"]
}

#! broken: tasks of a service are not added
resource "aws_appautoscaling_target" "api_primary" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/shop/api"
  min_capacity       = 1
  max_capacity       = 12
}

resource "aws_appautoscaling_target" "api_secondary" {
  provider           = aws.west
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/shop/api"
  min_capacity       = 1
  max_capacity       = 12

  suspended_state {
    dynamic_scaling_out_suspended = true
  }
}

#! holds: what is suspended does not keep it from growing
resource "aws_autoscaling_group" "worker_secondary" {
  provider            = aws.west
  name                = "worker"
  min_size            = 1
  max_size            = 12
  suspended_processes = ["AZRebalance", "Terminate", "ScheduledActions"]
}

#! holds: tasks are added, and not taken away
resource "aws_appautoscaling_target" "api_primary" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/shop/api"
  min_capacity       = 1
  max_capacity       = 12
}

resource "aws_appautoscaling_target" "api_secondary" {
  provider           = aws.west
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/shop/api"
  min_capacity       = 1
  max_capacity       = 12

  suspended_state {
    dynamic_scaling_in_suspended = true
  }
}

#! undecided: which process is suspended is a variable
variable "suspended" {
  type = string
}

resource "aws_autoscaling_group" "worker_secondary" {
  provider            = aws.west
  name                = "worker"
  min_size            = 1
  max_size            = 12
  suspended_processes = [var.suspended]
}
