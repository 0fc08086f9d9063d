# Schedules of the secondary region that lower what it can reach.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

variable "max_size" {
  type = number
}

resource "aws_autoscaling_group" "worker_secondary" {
  provider = aws.west
  name     = "worker"
  min_size = 0
  max_size = 12
}

#! broken: every evening the standby is made one that cannot grow
resource "aws_autoscaling_group" "worker_primary" {
  name     = "worker"
  min_size = 4
  max_size = 12
}

resource "aws_autoscaling_schedule" "night" {
  provider               = aws.west
  scheduled_action_name  = "night"
  autoscaling_group_name = aws_autoscaling_group.worker_secondary.name
  min_size               = 0
  max_size               = 2
  desired_capacity       = 0
  recurrence             = "0 20 * * *"
}

#! holds: it runs nothing at night, and may grow as far as production
resource "aws_autoscaling_group" "worker_primary" {
  name     = "worker"
  min_size = 4
  max_size = 12
}

resource "aws_autoscaling_schedule" "night" {
  provider               = aws.west
  scheduled_action_name  = "night"
  autoscaling_group_name = aws_autoscaling_group.worker_secondary.name
  min_size               = 0
  max_size               = 12
  desired_capacity       = 0
  recurrence             = "0 20 * * *"
}

#! holds: it leaves the maximum as it is
resource "aws_autoscaling_group" "worker_primary" {
  name     = "worker"
  min_size = 4
  max_size = 12
}

resource "aws_autoscaling_schedule" "night" {
  provider               = aws.west
  scheduled_action_name  = "night"
  autoscaling_group_name = aws_autoscaling_group.worker_secondary.name
  min_size               = 0
  max_size               = -1
  desired_capacity       = 0
  recurrence             = "0 20 * * *"
}

#! undecided: what the schedule sets is a variable
resource "aws_autoscaling_group" "worker_primary" {
  name     = "worker"
  min_size = 4
  max_size = 12
}

resource "aws_autoscaling_schedule" "night" {
  provider               = aws.west
  scheduled_action_name  = "night"
  autoscaling_group_name = aws_autoscaling_group.worker_secondary.name
  min_size               = 0
  max_size               = var.max_size
  desired_capacity       = 0
  recurrence             = "0 20 * * *"
}

#! undecided: how far production grows is a variable
resource "aws_autoscaling_group" "worker_primary" {
  name     = "worker"
  min_size = 4
  max_size = var.max_size
}

resource "aws_autoscaling_schedule" "night" {
  provider               = aws.west
  scheduled_action_name  = "night"
  autoscaling_group_name = aws_autoscaling_group.worker_secondary.name
  min_size               = 0
  max_size               = 8
  desired_capacity       = 0
  recurrence             = "0 20 * * *"
}
