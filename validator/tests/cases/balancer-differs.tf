# Load balancers of both regions.
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
  for_each          = { a = 1, b = 2 }
  vpc_id            = aws_vpc.primary.id
  cidr_block        = cidrsubnet("10.1.0.0/16", 8, each.value)
  availability_zone = "us-east-1${each.key}"
}

resource "aws_subnet" "secondary" {
  for_each          = { a = 1, b = 2 }
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet("10.2.0.0/16", 8, each.value)
  availability_zone = "us-west-2${each.key}"
}

resource "aws_lb" "primary" {
  name         = "shop"
  idle_timeout = 300
  subnets      = [for subnet in aws_subnet.primary : subnet.id]
}

#! broken: long answers are cut off after a minute, the default
resource "aws_lb" "secondary" {
  provider = aws.west
  name     = "shop"
  subnets  = [for subnet in aws_subnet.secondary : subnet.id]
}

#! broken: the balancer is internal
resource "aws_lb" "secondary" {
  provider     = aws.west
  name         = "shop"
  internal     = true
  idle_timeout = 300
  subnets      = [for subnet in aws_subnet.secondary : subnet.id]
}

#! holds: the same, one default of the provider written out
resource "aws_lb" "secondary" {
  provider           = aws.west
  name               = "shop"
  load_balancer_type = "application"
  internal           = false
  idle_timeout       = 300
  subnets            = [for subnet in aws_subnet.secondary : subnet.id]
}

#! undecided: the time is a variable
variable "timeout" {
  type = number
}

resource "aws_lb" "secondary" {
  provider     = aws.west
  name         = "shop"
  idle_timeout = var.timeout
  subnets      = [for subnet in aws_subnet.secondary : subnet.id]
}

#! holds: defaults are written out on one side
resource "aws_lb" "secondary" {
  provider                         = aws.west
  name                             = "shop"
  idle_timeout                     = 300
  ip_address_type                  = "ipv4"
  enable_cross_zone_load_balancing = true
  subnets                          = [for subnet in aws_subnet.secondary : subnet.id]
}

resource "aws_lb_target_group" "primary" {
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.primary.id

  health_check {
    path     = "/"
    interval = 30
    matcher  = "200"
  }

  stickiness {
    enabled = false
    type    = "lb_cookie"
  }
}

resource "aws_lb_target_group" "secondary" {
  provider = aws.west
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.secondary.id
}

#! holds: one listener forwards by a block
resource "aws_lb" "secondary" {
  provider                         = aws.west
  name                             = "shop"
  idle_timeout                     = 300
  ip_address_type                  = "ipv4"
  enable_cross_zone_load_balancing = true
  subnets                          = [for subnet in aws_subnet.secondary : subnet.id]
}

resource "aws_lb_target_group" "primary" {
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.primary.id

  health_check {
    path     = "/"
    interval = 30
    matcher  = "200"
  }

  stickiness {
    enabled = false
    type    = "lb_cookie"
  }
}

resource "aws_lb_target_group" "secondary" {
  provider = aws.west
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_lb_target_group" "spare" {
  provider = aws.west
  name     = "spare"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_lb_listener" "primary" {
  load_balancer_arn = aws_lb.primary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type = "forward"
    target_group_arn = aws_lb_target_group.primary.arn
  }
}

resource "aws_lb_listener" "secondary" {
  provider          = aws.west
  load_balancer_arn = aws_lb.secondary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type = "forward"
    forward {
      target_group {
        arn = aws_lb_target_group.secondary.arn
      }
    }
  }
}

#! holds: the listener of the primary forwards by a block
resource "aws_lb" "secondary" {
  provider                         = aws.west
  name                             = "shop"
  idle_timeout                     = 300
  ip_address_type                  = "ipv4"
  enable_cross_zone_load_balancing = true
  subnets                          = [for subnet in aws_subnet.secondary : subnet.id]
}

resource "aws_lb_target_group" "primary" {
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.primary.id

  health_check {
    path     = "/"
    interval = 30
    matcher  = "200"
  }

  stickiness {
    enabled = false
    type    = "lb_cookie"
  }
}

resource "aws_lb_target_group" "secondary" {
  provider = aws.west
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_lb_target_group" "spare" {
  provider = aws.west
  name     = "spare"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_lb_listener" "primary" {
  load_balancer_arn = aws_lb.primary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type = "forward"
    forward {
      target_group {
        arn = aws_lb_target_group.primary.arn
      }
    }
  }
}

resource "aws_lb_listener" "secondary" {
  provider          = aws.west
  load_balancer_arn = aws_lb.secondary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type = "forward"
    target_group_arn = aws_lb_target_group.secondary.arn
  }
}

#! broken: the block leads to another group
resource "aws_lb" "secondary" {
  provider                         = aws.west
  name                             = "shop"
  idle_timeout                     = 300
  ip_address_type                  = "ipv4"
  enable_cross_zone_load_balancing = true
  subnets                          = [for subnet in aws_subnet.secondary : subnet.id]
}

resource "aws_lb_target_group" "primary" {
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.primary.id

  health_check {
    path     = "/"
    interval = 30
    matcher  = "200"
  }

  stickiness {
    enabled = false
    type    = "lb_cookie"
  }
}

resource "aws_lb_target_group" "secondary" {
  provider = aws.west
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_lb_target_group" "spare" {
  provider = aws.west
  name     = "spare"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_lb_listener" "primary" {
  load_balancer_arn = aws_lb.primary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type = "forward"
    target_group_arn = aws_lb_target_group.primary.arn
  }
}

resource "aws_lb_listener" "secondary" {
  provider          = aws.west
  load_balancer_arn = aws_lb.secondary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type = "forward"
    forward {
      target_group {
        arn = aws_lb_target_group.spare.arn
      }
    }
  }
}

#! broken: a rule of its own answers every path
resource "aws_lb" "secondary" {
  provider     = aws.west
  name         = "shop"
  idle_timeout = 300
  subnets      = [for subnet in aws_subnet.secondary : subnet.id]
}

resource "aws_lb_target_group" "primary" {
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.primary.id
}

resource "aws_lb_target_group" "secondary" {
  provider = aws.west
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_lb_listener" "primary" {
  load_balancer_arn = aws_lb.primary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.primary.arn
  }
}

resource "aws_lb_listener" "secondary" {
  provider          = aws.west
  load_balancer_arn = aws_lb.secondary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.secondary.arn
  }
}

resource "aws_lb_listener_rule" "idle" {
  provider     = aws.west
  listener_arn = aws_lb_listener.secondary.arn
  priority     = 1

  action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "503"
    }
  }

  condition {
    path_pattern {
      values = ["/*"]
    }
  }
}

#! broken: a rule of its own answers a part of what a rule of production serves
resource "aws_lb" "secondary" {
  provider     = aws.west
  name         = "shop"
  idle_timeout = 300
  subnets      = [for subnet in aws_subnet.secondary : subnet.id]
}

resource "aws_lb_target_group" "primary" {
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.primary.id
}

resource "aws_lb_target_group" "secondary" {
  provider = aws.west
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_lb_listener" "primary" {
  load_balancer_arn = aws_lb.primary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.primary.arn
  }
}

resource "aws_lb_listener" "secondary" {
  provider          = aws.west
  load_balancer_arn = aws_lb.secondary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.secondary.arn
  }
}

resource "aws_lb_listener_rule" "api_primary" {
  listener_arn = aws_lb_listener.primary.arn
  priority     = 100

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.primary.arn
  }

  condition {
    path_pattern {
      values = ["/api/*"]
    }
  }
}

resource "aws_lb_listener_rule" "api_secondary" {
  provider     = aws.west
  listener_arn = aws_lb_listener.secondary.arn
  priority     = 100

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.secondary.arn
  }

  condition {
    path_pattern {
      values = ["/api/*"]
    }
  }
}

resource "aws_lb_listener_rule" "idle" {
  provider     = aws.west
  listener_arn = aws_lb_listener.secondary.arn
  priority     = 1

  action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "503"
    }
  }

  condition {
    path_pattern {
      values = ["/api/uploads/*"]
    }
  }
}

#! holds: a rule of its own is tried after that of production
resource "aws_lb" "secondary" {
  provider     = aws.west
  name         = "shop"
  idle_timeout = 300
  subnets      = [for subnet in aws_subnet.secondary : subnet.id]
}

resource "aws_lb_target_group" "primary" {
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.primary.id
}

resource "aws_lb_target_group" "secondary" {
  provider = aws.west
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_lb_listener" "primary" {
  load_balancer_arn = aws_lb.primary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.primary.arn
  }
}

resource "aws_lb_listener" "secondary" {
  provider          = aws.west
  load_balancer_arn = aws_lb.secondary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.secondary.arn
  }
}

resource "aws_lb_listener_rule" "api_primary" {
  listener_arn = aws_lb_listener.primary.arn
  priority     = 100

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.primary.arn
  }

  condition {
    path_pattern {
      values = ["/api/*"]
    }
  }
}

resource "aws_lb_listener_rule" "api_secondary" {
  provider     = aws.west
  listener_arn = aws_lb_listener.secondary.arn
  priority     = 100

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.secondary.arn
  }

  condition {
    path_pattern {
      values = ["/api/*"]
    }
  }
}

resource "aws_lb_listener_rule" "idle" {
  provider     = aws.west
  listener_arn = aws_lb_listener.secondary.arn
  priority     = 200

  action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "503"
    }
  }

  condition {
    path_pattern {
      values = ["/api/uploads/*"]
    }
  }
}

#! holds: a rule of its own leads where the path leads anyway
resource "aws_lb" "secondary" {
  provider     = aws.west
  name         = "shop"
  idle_timeout = 300
  subnets      = [for subnet in aws_subnet.secondary : subnet.id]
}

resource "aws_lb_target_group" "primary" {
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.primary.id
}

resource "aws_lb_target_group" "secondary" {
  provider = aws.west
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_lb_listener" "primary" {
  load_balancer_arn = aws_lb.primary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.primary.arn
  }
}

resource "aws_lb_listener" "secondary" {
  provider          = aws.west
  load_balancer_arn = aws_lb.secondary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.secondary.arn
  }
}

resource "aws_lb_listener_rule" "assets" {
  provider     = aws.west
  listener_arn = aws_lb_listener.secondary.arn
  priority     = 1

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.secondary.arn
  }

  condition {
    path_pattern {
      values = ["/assets/*"]
    }
  }
}

#! undecided: a rule of its own answers a path that somebody may ask for
resource "aws_lb" "secondary" {
  provider     = aws.west
  name         = "shop"
  idle_timeout = 300
  subnets      = [for subnet in aws_subnet.secondary : subnet.id]
}

resource "aws_lb_target_group" "primary" {
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.primary.id
}

resource "aws_lb_target_group" "secondary" {
  provider = aws.west
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_lb_listener" "primary" {
  load_balancer_arn = aws_lb.primary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.primary.arn
  }
}

resource "aws_lb_listener" "secondary" {
  provider          = aws.west
  load_balancer_arn = aws_lb.secondary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.secondary.arn
  }
}

resource "aws_lb_listener_rule" "idle" {
  provider     = aws.west
  listener_arn = aws_lb_listener.secondary.arn
  priority     = 1

  action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "503"
    }
  }

  condition {
    path_pattern {
      values = ["/standby"]
    }
  }
}

#! undecided: the place of a rule of its own is a variable
variable "priority" {
  type = number
}

resource "aws_lb" "secondary" {
  provider     = aws.west
  name         = "shop"
  idle_timeout = 300
  subnets      = [for subnet in aws_subnet.secondary : subnet.id]
}

resource "aws_lb_target_group" "primary" {
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.primary.id
}

resource "aws_lb_target_group" "secondary" {
  provider = aws.west
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_lb_listener" "primary" {
  load_balancer_arn = aws_lb.primary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.primary.arn
  }
}

resource "aws_lb_listener" "secondary" {
  provider          = aws.west
  load_balancer_arn = aws_lb.secondary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.secondary.arn
  }
}

resource "aws_lb_listener_rule" "idle" {
  provider     = aws.west
  listener_arn = aws_lb_listener.secondary.arn
  priority     = var.priority

  action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "503"
    }
  }

  condition {
    path_pattern {
      values = ["/*"]
    }
  }
}

#! undecided: a rule of its own leads every path to a group that is a variable
variable "group" {
  type = string
}

resource "aws_lb" "secondary" {
  provider     = aws.west
  name         = "shop"
  idle_timeout = 300
  subnets      = [for subnet in aws_subnet.secondary : subnet.id]
}

resource "aws_lb_target_group" "primary" {
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.primary.id
}

resource "aws_lb_target_group" "secondary" {
  provider = aws.west
  name     = "shop"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_lb_listener" "primary" {
  load_balancer_arn = aws_lb.primary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.primary.arn
  }
}

resource "aws_lb_listener" "secondary" {
  provider          = aws.west
  load_balancer_arn = aws_lb.secondary.arn
  port              = 443
  protocol          = "HTTPS"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.secondary.arn
  }
}

resource "aws_lb_listener_rule" "idle" {
  provider     = aws.west
  listener_arn = aws_lb_listener.secondary.arn
  priority     = 1

  action {
    type             = "forward"
    target_group_arn = var.group
  }

  condition {
    path_pattern {
      values = ["/*"]
    }
  }
}
