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

#! broken: a global table may lose a second, the tier nothing
resource "aws_dynamodb_table" "sessions" {
  name             = "sessions"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "Id"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "Id"
    type = "S"
  }

  replica {
    region_name = "us-west-2"
  }
}

#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

tier "data" {
  rpo   = "0s"
  match = ["aws_db_instance.*", "aws_dynamodb_table.*"]
}

#! holds: a global table may lose a second, the tier a minute
resource "aws_dynamodb_table" "sessions" {
  name             = "sessions"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "Id"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "Id"
    type = "S"
  }

  replica {
    region_name = "us-west-2"
  }
}

#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

tier "data" {
  rpo   = "1m"
  match = ["aws_db_instance.*", "aws_dynamodb_table.*"]
}

#! broken: copies of automated backups follow by five minutes
resource "aws_db_instance" "orders" {
  identifier              = "orders"
  engine                  = "postgres"
  instance_class          = "db.r6g.large"
  backup_retention_period = 7
}

resource "aws_db_instance_automated_backups_replication" "orders" {
  provider               = aws.west
  source_db_instance_arn = aws_db_instance.orders.arn
}

#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

tier "data" {
  rpo   = "1m"
  match = ["aws_db_instance.*", "aws_dynamodb_table.*"]
}

#! holds: copies of automated backups follow by five minutes, the tier may lose ten
resource "aws_db_instance" "orders" {
  identifier              = "orders"
  engine                  = "postgres"
  instance_class          = "db.r6g.large"
  backup_retention_period = 7
}

resource "aws_db_instance_automated_backups_replication" "orders" {
  provider               = aws.west
  source_db_instance_arn = aws_db_instance.orders.arn
}

#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

tier "data" {
  rpo   = "10m"
  match = ["aws_db_instance.*", "aws_dynamodb_table.*"]
}

#! broken: snapshots of Redshift are made every eight hours, the tier may lose two
resource "aws_redshift_cluster" "sales" {
  cluster_identifier = "sales"
  node_type          = "ra3.xlplus"
}

resource "aws_redshift_snapshot_copy" "sales" {
  cluster_identifier = aws_redshift_cluster.sales.id
  destination_region = "us-west-2"
}

#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

tier "data" {
  rpo   = "2h"
  match = ["aws_redshift_cluster.*"]
}

#! holds: a schedule makes snapshots of Redshift every hour, the tier may lose two
resource "aws_redshift_cluster" "sales" {
  cluster_identifier = "sales"
  node_type          = "ra3.xlplus"
}

resource "aws_redshift_snapshot_copy" "sales" {
  cluster_identifier = aws_redshift_cluster.sales.id
  destination_region = "us-west-2"
}

resource "aws_redshift_snapshot_schedule" "sales" {
  identifier  = "sales"
  definitions = ["rate(1 hours)"]
}

resource "aws_redshift_snapshot_schedule_association" "sales" {
  cluster_identifier  = aws_redshift_cluster.sales.id
  schedule_identifier = aws_redshift_snapshot_schedule.sales.id
}

#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

tier "data" {
  rpo   = "2h"
  match = ["aws_redshift_cluster.*"]
}

#! undecided: a schedule makes snapshots of Redshift by the clock
resource "aws_redshift_cluster" "sales" {
  cluster_identifier = "sales"
  node_type          = "ra3.xlplus"
}

resource "aws_redshift_snapshot_copy" "sales" {
  cluster_identifier = aws_redshift_cluster.sales.id
  destination_region = "us-west-2"
}

resource "aws_redshift_snapshot_schedule" "sales" {
  identifier  = "sales"
  definitions = ["cron(30 12 *)"]
}

resource "aws_redshift_snapshot_schedule_association" "sales" {
  cluster_identifier  = aws_redshift_cluster.sales.id
  schedule_identifier = aws_redshift_snapshot_schedule.sales.id
}

#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

tier "data" {
  rpo   = "2h"
  match = ["aws_redshift_cluster.*"]
}
