# Private zones and the VPCs that can ask them.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_vpc" "primary" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_vpc" "secondary" {
  provider   = aws.west
  cidr_block = "10.2.0.0/16"
}

resource "aws_route53_zone" "internal" {
  name = "shop.internal"

  vpc {
    vpc_id = aws_vpc.primary.id
  }

  lifecycle {
    ignore_changes = [vpc]
  }
}

#! broken: production's VPC is the only one
#! broken: the association is of a second VPC of the primary region
resource "aws_vpc" "tools_primary" {
  cidr_block = "10.8.0.0/16"
}

resource "aws_route53_zone_association" "tools" {
  zone_id = aws_route53_zone.internal.zone_id
  vpc_id  = aws_vpc.tools_primary.id
}

#! holds: the secondary's VPC is associated by a resource of its own
resource "aws_route53_zone_association" "secondary" {
  zone_id    = aws_route53_zone.internal.zone_id
  vpc_id     = aws_vpc.secondary.id
  vpc_region = "us-west-2"
}

#! holds: each region has a zone of the name
resource "aws_route53_zone" "internal_secondary" {
  provider = aws.west
  name     = "shop.internal"

  vpc {
    vpc_id = aws_vpc.secondary.id
  }
}

#! undecided: the VPC of the association is a variable
variable "vpc" {
  type = string
}

resource "aws_route53_zone_association" "secondary" {
  zone_id    = aws_route53_zone.internal.zone_id
  vpc_id     = var.vpc
  vpc_region = "us-west-2"
}

#! undecided: whether the zone is associated hangs on a variable
variable "open" {
  type = bool
}

resource "aws_route53_zone_association" "secondary" {
  count      = var.open ? 1 : 0
  zone_id    = aws_route53_zone.internal.zone_id
  vpc_id     = aws_vpc.secondary.id
  vpc_region = "us-west-2"
}
