# Objectives of tiers against what the code can do.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_s3_bucket" "orders_primary" {
  bucket = "shop-orders-us-east-1"
}

resource "aws_s3_bucket" "orders_secondary" {
  provider = aws.west
  bucket   = "shop-orders-us-west-2"
}

resource "aws_s3_bucket_replication_configuration" "orders" {
  bucket = aws_s3_bucket.orders_primary.id
  role   = "arn:aws:iam::123456789012:role/replication"

  rule {
    id     = "all"
    status = "Enabled"

    filter {}

    destination {
      bucket = aws_s3_bucket.orders_secondary.arn
    }
  }
}

resource "aws_lb" "primary" {
  name               = "shop"
  load_balancer_type = "application"
}

resource "aws_lb" "secondary" {
  provider           = aws.west
  name               = "shop"
  load_balancer_type = "application"
}

resource "aws_route53_zone" "shop" {
  name = "shop.example"
}

resource "aws_route53_record" "api_secondary" {
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

#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

tier "orders" {
  rpo   = "15m"
  rto   = "3m"
  match = ["aws_s3_bucket.orders_*", "aws_route53_record.api_*"]
}
#! broken: nobody promises five minutes for a bucket
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

tier "orders" {
  rpo   = "5m"
  match = ["aws_s3_bucket.orders_*"]
}
#! broken: three misses half a minute apart and five minutes in caches are more than the tier allows
resource "aws_route53_health_check" "api" {
  fqdn              = "api.shop.example"
  type              = "HTTPS"
  request_interval  = 30
  failure_threshold = 3
}

resource "aws_route53_record" "api_primary" {
  zone_id         = aws_route53_zone.shop.zone_id
  name            = "api"
  type            = "CNAME"
  ttl             = 300
  records         = [aws_lb.primary.dns_name]
  set_identifier  = "primary"
  health_check_id = aws_route53_health_check.api.id

  failover_routing_policy {
    type = "PRIMARY"
  }
}

#! holds: two misses ten seconds apart and a minute in caches
resource "aws_route53_health_check" "api" {
  fqdn              = "api.shop.example"
  type              = "HTTPS"
  request_interval  = 10
  failure_threshold = 2
}

resource "aws_route53_record" "api_primary" {
  zone_id         = aws_route53_zone.shop.zone_id
  name            = "api"
  type            = "CNAME"
  ttl             = 60
  records         = [aws_lb.primary.dns_name]
  set_identifier  = "primary"
  health_check_id = aws_route53_health_check.api.id

  failover_routing_policy {
    type = "PRIMARY"
  }
}

#! undecided: how long names are cached is a variable
variable "ttl" {
  type = number
}

resource "aws_route53_record" "api_primary" {
  zone_id        = aws_route53_zone.shop.zone_id
  name           = "api"
  type           = "CNAME"
  ttl            = var.ttl
  records        = [aws_lb.primary.dns_name]
  set_identifier = "primary"

  failover_routing_policy {
    type = "PRIMARY"
  }
}

#! undecided: how often the health check asks is a variable
variable "interval" {
  type = number
}

resource "aws_route53_health_check" "api" {
  fqdn             = "api.shop.example"
  type             = "HTTPS"
  request_interval = var.interval
}

resource "aws_route53_record" "api_primary" {
  zone_id         = aws_route53_zone.shop.zone_id
  name            = "api"
  type            = "CNAME"
  ttl             = 60
  records         = [aws_lb.primary.dns_name]
  set_identifier  = "primary"
  health_check_id = aws_route53_health_check.api.id

  failover_routing_policy {
    type = "PRIMARY"
  }
}
