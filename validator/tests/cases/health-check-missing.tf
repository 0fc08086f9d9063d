# Records under a routing policy, and what tells Route 53 that their target is gone.
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

resource "aws_route53_health_check" "primary" {
  type = "HTTPS"
  fqdn = aws_lb.primary.dns_name
  port = 443
}

resource "aws_route53_record" "secondary" {
  zone_id        = aws_route53_zone.shop.zone_id
  name           = "shop.example.com"
  type           = "A"
  set_identifier = "secondary"
  failover_routing_policy {
    type = "SECONDARY"
  }
  alias {
    name                   = aws_lb.secondary.dns_name
    zone_id                = aws_lb.secondary.zone_id
    evaluate_target_health = true
  }
}

#! broken: neither a check nor the health of the target
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
    evaluate_target_health = false
  }
}

#! holds: a check
resource "aws_route53_record" "primary" {
  zone_id        = aws_route53_zone.shop.zone_id
  name           = "shop.example.com"
  type           = "A"
  set_identifier = "primary"
  health_check_id = aws_route53_health_check.primary.id
  failover_routing_policy {
    type = "PRIMARY"
  }
  alias {
    name                   = aws_lb.primary.dns_name
    zone_id                = aws_lb.primary.zone_id
    evaluate_target_health = false
  }
}

#! holds: the health of the target
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

#! undecided: the check is a variable
variable "check" {
  type = string
}

resource "aws_route53_record" "primary" {
  zone_id        = aws_route53_zone.shop.zone_id
  name           = "shop.example.com"
  type           = "A"
  set_identifier = "primary"
  health_check_id = var.check
  failover_routing_policy {
    type = "PRIMARY"
  }
  alias {
    name                   = aws_lb.primary.dns_name
    zone_id                = aws_lb.primary.zone_id
    evaluate_target_health = false
  }
}

#! undecided: whether there is a check hangs on a variable
variable "open" {
  type = bool
}

resource "aws_route53_health_check" "other" {
  count = var.open ? 1 : 0
  type  = "HTTPS"
  fqdn  = aws_lb.primary.dns_name
  port  = 443
}

resource "aws_route53_record" "primary" {
  zone_id        = aws_route53_zone.shop.zone_id
  name           = "shop.example.com"
  type           = "A"
  set_identifier = "primary"
  health_check_id = one(aws_route53_health_check.other[*].id)
  failover_routing_policy {
    type = "PRIMARY"
  }
  alias {
    name                   = aws_lb.primary.dns_name
    zone_id                = aws_lb.primary.zone_id
    evaluate_target_health = false
  }
}
