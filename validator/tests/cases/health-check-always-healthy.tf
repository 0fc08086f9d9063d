# Health checks that cannot fail.
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

#! broken: it is disabled
resource "aws_route53_health_check" "app" {
  type     = "HTTPS"
  fqdn     = aws_lb.primary.dns_name
  port     = 443
  disabled = true
}

#! broken: no child has to be healthy
resource "aws_route53_health_check" "app" {
  type = "HTTPS"
  fqdn = aws_lb.primary.dns_name
  port = 443
}

resource "aws_route53_health_check" "all" {
  type                   = "CALCULATED"
  child_healthchecks     = [aws_route53_health_check.app.id]
  child_health_threshold = 0
}

#! holds: it can fail, and says so
resource "aws_route53_health_check" "app" {
  type               = "HTTPS"
  fqdn               = aws_lb.primary.dns_name
  port               = 443
  disabled           = false
  invert_healthcheck = false
}

#! undecided: whether it is disabled is a variable
variable "off" {
  type = bool
}

resource "aws_route53_health_check" "app" {
  type     = "HTTPS"
  fqdn     = aws_lb.primary.dns_name
  port     = 443
  disabled = var.off
}

#! broken: the record of the primary asks the balancer of the secondary
resource "aws_lb" "secondary" {
  provider = aws.west
  name     = "shop"
}

resource "aws_route53_health_check" "app" {
  type = "HTTPS"
  fqdn = aws_lb.secondary.dns_name
}

resource "aws_route53_record" "primary" {
  zone_id         = "Z0123456789ABCDEFGHIJ"
  name            = "shop.example.com"
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
