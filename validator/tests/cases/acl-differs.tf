# Subnets of both regions under ACLs: what counts is what gets through, not how it is written.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

locals {
  regions = {
    primary   = { cidr = "10.1.0.0/16", zone = "us-east-1a" }
    secondary = { cidr = "10.2.0.0/16", zone = "us-west-2a" }
  }
}

resource "aws_vpc" "primary" {
  cidr_block = local.regions.primary.cidr
}

resource "aws_vpc" "secondary" {
  provider   = aws.west
  cidr_block = local.regions.secondary.cidr
}

resource "aws_subnet" "primary" {
  vpc_id            = aws_vpc.primary.id
  cidr_block        = cidrsubnet(local.regions.primary.cidr, 8, 1)
  availability_zone = local.regions.primary.zone
}

resource "aws_subnet" "secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet(local.regions.secondary.cidr, 8, 1)
  availability_zone = local.regions.secondary.zone
}

resource "aws_network_acl" "primary" {
  vpc_id     = aws_vpc.primary.id
  subnet_ids = [aws_subnet.primary.id]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 5432
    to_port    = 5433
    cidr_block = local.regions.primary.cidr
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}

#! broken: a deny with a lower number decides before the rule that allows
resource "aws_network_acl" "secondary" {
  provider   = aws.west
  vpc_id     = aws_vpc.secondary.id
  subnet_ids = [aws_subnet.secondary.id]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 5432
    to_port    = 5433
    cidr_block = local.regions.secondary.cidr
  }
  ingress {
    rule_no    = 90
    action     = "deny"
    protocol   = "tcp"
    from_port  = 5433
    to_port    = 5433
    cidr_block = "0.0.0.0/0"
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}

#! broken: the secondary subnet was left under the default ACL, which lets everything through
resource "aws_network_acl" "secondary" {
  provider   = aws.west
  vpc_id     = aws_vpc.secondary.id
  subnet_ids = []

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 5432
    to_port    = 5433
    cidr_block = local.regions.secondary.cidr
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}

#! holds: the same deny behind the rule that allows never decides
resource "aws_network_acl" "secondary" {
  provider   = aws.west
  vpc_id     = aws_vpc.secondary.id
  subnet_ids = [aws_subnet.secondary.id]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 5432
    to_port    = 5433
    cidr_block = local.regions.secondary.cidr
  }
  ingress {
    rule_no    = 110
    action     = "deny"
    protocol   = "tcp"
    from_port  = 5433
    to_port    = 5433
    cidr_block = "0.0.0.0/0"
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}

#! holds: one range of ports cut into two rules with other numbers, and separate rule resources
resource "aws_network_acl" "secondary" {
  provider   = aws.west
  vpc_id     = aws_vpc.secondary.id
  subnet_ids = [aws_subnet.secondary.id]
}

resource "aws_network_acl_rule" "ports" {
  for_each       = { 210 = 5432, 220 = 5433 }
  provider       = aws.west
  network_acl_id = aws_network_acl.secondary.id
  rule_number    = each.key
  rule_action    = "allow"
  protocol       = "6"
  from_port      = each.value
  to_port        = each.value
  cidr_block     = local.regions.secondary.cidr
}

resource "aws_network_acl_rule" "out" {
  provider       = aws.west
  network_acl_id = aws_network_acl.secondary.id
  egress         = true
  rule_number    = 300
  rule_action    = "allow"
  protocol       = "all"
  cidr_block     = "0.0.0.0/0"
}

#! undecided: the number that decides the order is a variable
variable "number" {
  type = number
}

resource "aws_network_acl" "secondary" {
  provider   = aws.west
  vpc_id     = aws_vpc.secondary.id
  subnet_ids = [aws_subnet.secondary.id]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 5432
    to_port    = 5433
    cidr_block = local.regions.secondary.cidr
  }
  ingress {
    rule_no    = var.number
    action     = "deny"
    protocol   = "tcp"
    from_port  = 5433
    to_port    = 5433
    cidr_block = "0.0.0.0/0"
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}
