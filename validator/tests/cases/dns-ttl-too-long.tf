# How long clients keep the answer that leads into the lost region.
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

resource "aws_db_instance" "primary" {
  identifier        = "shop"
  engine            = "postgres"
  instance_class    = "db.r6g.large"
  allocated_storage = 100
  username          = "app"
}

#! broken: an hour
resource "aws_route53_record" "database" {
  zone_id = aws_route53_zone.shop.zone_id
  name    = "db.shop.example.com"
  type    = "CNAME"
  ttl     = 3600
  records = [aws_db_instance.primary.address]
}

#! holds: half a minute
resource "aws_route53_record" "database" {
  zone_id = aws_route53_zone.shop.zone_id
  name    = "db.shop.example.com"
  type    = "CNAME"
  ttl     = 30
  records = [aws_db_instance.primary.address]
}

#! holds: a record for mail may live long, it leads to no region
resource "aws_route53_record" "database" {
  zone_id = aws_route53_zone.shop.zone_id
  name    = "db.shop.example.com"
  type    = "CNAME"
  ttl     = 60
  records = [aws_db_instance.primary.address]
}

resource "aws_route53_record" "mail" {
  zone_id = aws_route53_zone.shop.zone_id
  name    = "shop.example.com"
  type    = "MX"
  ttl     = 86400
  records = ["10 mail.example.net"]
}

#! undecided: the time is a variable
variable "ttl" {
  type = number
}

resource "aws_route53_record" "database" {
  zone_id = aws_route53_zone.shop.zone_id
  name    = "db.shop.example.com"
  type    = "CNAME"
  ttl     = var.ttl
  records = [aws_db_instance.primary.address]
}
