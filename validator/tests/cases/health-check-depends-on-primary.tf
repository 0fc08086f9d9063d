# What the checks of the record of the secondary region ask.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_route53_zone" "shop" {
  name = "shop.example.com"
}

resource "aws_lb" "primary" {
  name = "shop"
}

resource "aws_lb" "secondary" {
  provider = aws.west
  name     = "shop"
}

resource "aws_route53_record" "primary" {
  zone_id        = aws_route53_zone.shop.zone_id
  name           = "shop.example.com"
  type           = "A"
  set_identifier = "primary"
  failover_routing_policy {
    type = "PRIMARY"
  }
  alias {
    name                   = aws_lb.primary.dns_name
    zone_id                = aws_lb.primary.zone_id
    evaluate_target_health = true
  }
}

resource "aws_route53_record" "secondary" {
  zone_id        = aws_route53_zone.shop.zone_id
  name           = "shop.example.com"
  type           = "A"
  set_identifier = "secondary"
  health_check_id = aws_route53_health_check.standby.id
  failover_routing_policy {
    type = "SECONDARY"
  }
  alias {
    name                   = aws_lb.secondary.dns_name
    zone_id                = aws_lb.secondary.zone_id
    evaluate_target_health = true
  }
}

#! broken: the balancer of the primary region
resource "aws_route53_health_check" "standby" {
  type = "HTTPS"
  fqdn = aws_lb.primary.dns_name
  port = 443
}

#! holds: that of the secondary region
resource "aws_route53_health_check" "standby" {
  type = "HTTPS"
  fqdn = aws_lb.secondary.dns_name
  port = 443
}

#! holds: a name that only sounds like the other region
resource "aws_route53_health_check" "standby" {
  type = "HTTPS"
  fqdn = "us-east-1-status.example.net"
  port = 443
}

#! undecided: the name is a variable
variable "endpoint" {
  type = string
}

resource "aws_route53_health_check" "standby" {
  type = "HTTPS"
  fqdn = var.endpoint
  port = 443
}
