# Routing controls and what they let be switched.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_lb" "primary" {
  name = "shop"
}

resource "aws_lb" "secondary" {
  provider = aws.west
  name     = "shop"
}

resource "aws_route53_zone" "shop" {
  name = "shop.example"
}

resource "aws_route53recoverycontrolconfig_cluster" "shop" {
  name = "shop"
}

resource "aws_route53recoverycontrolconfig_control_panel" "shop" {
  name        = "shop"
  cluster_arn = aws_route53recoverycontrolconfig_cluster.shop.arn
}

resource "aws_route53recoverycontrolconfig_routing_control" "one" {
  name              = "one"
  cluster_arn       = aws_route53recoverycontrolconfig_cluster.shop.arn
  control_panel_arn = aws_route53recoverycontrolconfig_control_panel.shop.arn
}

resource "aws_route53recoverycontrolconfig_routing_control" "two" {
  name              = "two"
  cluster_arn       = aws_route53recoverycontrolconfig_cluster.shop.arn
  control_panel_arn = aws_route53recoverycontrolconfig_control_panel.shop.arn
}

resource "aws_route53_health_check" "one" {
  type                = "RECOVERY_CONTROL"
  routing_control_arn = aws_route53recoverycontrolconfig_routing_control.one.arn
}

resource "aws_route53_health_check" "two" {
  type                = "RECOVERY_CONTROL"
  routing_control_arn = aws_route53recoverycontrolconfig_routing_control.two.arn
}

resource "aws_route53_record" "primary" {
  zone_id         = aws_route53_zone.shop.zone_id
  name            = "api"
  type            = "CNAME"
  ttl             = 60
  records         = [aws_lb.primary.dns_name]
  set_identifier  = "primary"
  health_check_id = aws_route53_health_check.one.id

  failover_routing_policy {
    type = "PRIMARY"
  }
}

#! broken: both records follow one control
resource "aws_route53_record" "secondary" {
  zone_id         = aws_route53_zone.shop.zone_id
  name            = "api"
  type            = "CNAME"
  ttl             = 60
  records         = [aws_lb.secondary.dns_name]
  set_identifier  = "secondary"
  health_check_id = aws_route53_health_check.one.id

  failover_routing_policy {
    type = "SECONDARY"
  }
}

#! broken: the primary's control may never be off
resource "aws_route53_record" "secondary" {
  zone_id         = aws_route53_zone.shop.zone_id
  name            = "api"
  type            = "CNAME"
  ttl             = 60
  records         = [aws_lb.secondary.dns_name]
  set_identifier  = "secondary"
  health_check_id = aws_route53_health_check.two.id

  failover_routing_policy {
    type = "SECONDARY"
  }
}

resource "aws_route53recoverycontrolconfig_safety_rule" "on" {
  name              = "on"
  asserted_controls = [aws_route53recoverycontrolconfig_routing_control.one.arn]
  control_panel_arn = aws_route53recoverycontrolconfig_control_panel.shop.arn
  wait_period_ms    = 5000

  rule_config {
    inverted  = false
    threshold = 1
    type      = "ATLEAST"
  }
}

#! broken: both must be on, always
resource "aws_route53_record" "secondary" {
  zone_id         = aws_route53_zone.shop.zone_id
  name            = "api"
  type            = "CNAME"
  ttl             = 60
  records         = [aws_lb.secondary.dns_name]
  set_identifier  = "secondary"
  health_check_id = aws_route53_health_check.two.id

  failover_routing_policy {
    type = "SECONDARY"
  }
}

resource "aws_route53recoverycontrolconfig_safety_rule" "on" {
  name = "on"
  asserted_controls = [
    aws_route53recoverycontrolconfig_routing_control.one.arn,
    aws_route53recoverycontrolconfig_routing_control.two.arn,
  ]
  control_panel_arn = aws_route53recoverycontrolconfig_control_panel.shop.arn
  wait_period_ms    = 5000

  rule_config {
    inverted  = false
    threshold = 2
    type      = "ATLEAST"
  }
}

#! holds: one of the two must be on
resource "aws_route53_record" "secondary" {
  zone_id         = aws_route53_zone.shop.zone_id
  name            = "api"
  type            = "CNAME"
  ttl             = 60
  records         = [aws_lb.secondary.dns_name]
  set_identifier  = "secondary"
  health_check_id = aws_route53_health_check.two.id

  failover_routing_policy {
    type = "SECONDARY"
  }
}

resource "aws_route53recoverycontrolconfig_safety_rule" "on" {
  name = "on"
  asserted_controls = [
    aws_route53recoverycontrolconfig_routing_control.one.arn,
    aws_route53recoverycontrolconfig_routing_control.two.arn,
  ]
  control_panel_arn = aws_route53recoverycontrolconfig_control_panel.shop.arn
  wait_period_ms    = 5000

  rule_config {
    inverted  = false
    threshold = 1
    type      = "ATLEAST"
  }
}

#! holds: the secondary's record follows nothing
resource "aws_route53_record" "secondary" {
  zone_id        = aws_route53_zone.shop.zone_id
  name           = "api"
  type           = "CNAME"
  ttl            = 60
  records        = [aws_lb.secondary.dns_name]
  set_identifier = "secondary"

  failover_routing_policy {
    type = "SECONDARY"
  }
}

#! undecided: how many must be on is a variable
variable "threshold" {
  type = number
}

resource "aws_route53_record" "secondary" {
  zone_id         = aws_route53_zone.shop.zone_id
  name            = "api"
  type            = "CNAME"
  ttl             = 60
  records         = [aws_lb.secondary.dns_name]
  set_identifier  = "secondary"
  health_check_id = aws_route53_health_check.two.id

  failover_routing_policy {
    type = "SECONDARY"
  }
}

resource "aws_route53recoverycontrolconfig_safety_rule" "on" {
  name = "on"
  asserted_controls = [
    aws_route53recoverycontrolconfig_routing_control.one.arn,
    aws_route53recoverycontrolconfig_routing_control.two.arn,
  ]
  control_panel_arn = aws_route53recoverycontrolconfig_control_panel.shop.arn
  wait_period_ms    = 5000

  rule_config {
    inverted  = false
    threshold = var.threshold
    type      = "ATLEAST"
  }
}

#! undecided: which control the secondary's record follows is a variable
variable "check" {
  type = string
}

resource "aws_route53_record" "secondary" {
  zone_id         = aws_route53_zone.shop.zone_id
  name            = "api"
  type            = "CNAME"
  ttl             = 60
  records         = [aws_lb.secondary.dns_name]
  set_identifier  = "secondary"
  health_check_id = var.check

  failover_routing_policy {
    type = "SECONDARY"
  }
}

#! undecided: the other control that may be on is a variable
variable "secondary_control_arn" {
  type = string
}

resource "aws_route53_record" "secondary" {
  zone_id         = aws_route53_zone.shop.zone_id
  name            = "api"
  type            = "CNAME"
  ttl             = 60
  records         = [aws_lb.secondary.dns_name]
  set_identifier  = "secondary"
  health_check_id = aws_route53_health_check.two.id

  failover_routing_policy {
    type = "SECONDARY"
  }
}

resource "aws_route53recoverycontrolconfig_safety_rule" "on" {
  name = "on"
  asserted_controls = [
    aws_route53recoverycontrolconfig_routing_control.one.arn,
    var.secondary_control_arn,
  ]
  control_panel_arn = aws_route53recoverycontrolconfig_control_panel.shop.arn
  wait_period_ms    = 5000

  rule_config {
    inverted  = false
    threshold = 1
    type      = "ATLEAST"
  }
}
