# Health checks that ask the name that they switch.
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
  health_check_id = aws_route53_health_check.app.id
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
  failover_routing_policy {
    type = "SECONDARY"
  }
  alias {
    name                   = aws_lb.secondary.dns_name
    zone_id                = aws_lb.secondary.zone_id
    evaluate_target_health = true
  }
}

#! broken: the failover name itself
resource "aws_route53_health_check" "app" {
  type = "HTTPS"
  fqdn = "shop.example.com"
  port = 443
}

#! broken: the same name in capitals
resource "aws_route53_health_check" "app" {
  type = "HTTPS"
  fqdn = "Shop.Example.com"
  port = 443
}

#! holds: the entry of the region
resource "aws_route53_health_check" "app" {
  type = "HTTPS"
  fqdn = aws_lb.primary.dns_name
  port = 443
}

#! holds: a name below the failover name
resource "aws_route53_health_check" "app" {
  type = "HTTPS"
  fqdn = "east.shop.example.com"
  port = 443
}

#! undecided: the name is a variable
variable "endpoint" {
  type = string
}

resource "aws_route53_health_check" "app" {
  type = "HTTPS"
  fqdn = var.endpoint
  port = 443
}

#! broken: a failover name that is written without its zone
resource "aws_route53_record" "api_primary" {
  zone_id         = aws_route53_zone.shop.zone_id
  name            = "api"
  type            = "A"
  set_identifier  = "primary"
  health_check_id = aws_route53_health_check.app.id
  failover_routing_policy {
    type = "PRIMARY"
  }
  alias {
    name                   = aws_lb.primary.dns_name
    zone_id                = aws_lb.primary.zone_id
    evaluate_target_health = true
  }
}

resource "aws_route53_health_check" "app" {
  type = "HTTPS"
  fqdn = "api.shop.example.com"
}
