# Records of an entry of the primary region, and the second one that leads away.
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

#! broken: the only record leads to the primary region
resource "aws_route53_record" "primary" {
  zone_id = aws_route53_zone.shop.zone_id
  name    = "shop.example.com"
  type    = "A"
  alias {
    name                   = aws_lb.primary.dns_name
    zone_id                = aws_lb.primary.zone_id
    evaluate_target_health = true
  }
}

#! broken: a PRIMARY record without a SECONDARY one
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

#! holds: a failover pair
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
  failover_routing_policy {
    type = "SECONDARY"
  }
  alias {
    name                   = aws_lb.secondary.dns_name
    zone_id                = aws_lb.secondary.zone_id
    evaluate_target_health = true
  }
}

#! holds: two weighted records, one for each region
resource "aws_route53_record" "shop" {
  for_each       = { primary = aws_lb.primary, secondary = aws_lb.secondary }
  zone_id        = aws_route53_zone.shop.zone_id
  name           = "shop.example.com"
  type           = "A"
  set_identifier = each.key
  weighted_routing_policy {
    weight = each.key == "primary" ? 100 : 0
  }
  alias {
    name                   = each.value.dns_name
    zone_id                = each.value.zone_id
    evaluate_target_health = true
  }
}

#! undecided: the name of another record is a variable
variable "name" {
  type = string
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
  name           = var.name
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

#! undecided: whether the second record is there hangs on a variable
variable "open" {
  type = bool
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
  count          = var.open ? 1 : 0
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

#! holds: one of the pair is written with the name of the zone
resource "aws_route53_record" "primary" {
  zone_id        = aws_route53_zone.shop.zone_id
  name           = "app"
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
  name           = "app.shop.example.com"
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
