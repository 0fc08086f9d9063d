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
