# What groups of both regions admit: what counts is the traffic, not how it is written.
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

resource "aws_security_group" "db_primary" {
  name   = "db"
  vpc_id = aws_vpc.primary.id

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5433
    cidr_blocks = [aws_vpc.primary.cidr_block]
  }
}

#! broken: one of the two ports is closed
resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = [aws_vpc.secondary.cidr_block]
  }
}

#! broken: the range was copied and is that of production's VPC
resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5433
    cidr_blocks = ["10.1.0.0/16"]
  }
}

#! broken: the VPC is admitted by IPv6 only
resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol         = "tcp"
    from_port        = 5432
    to_port          = 5433
    ipv6_cidr_blocks = ["::/0"]
  }
}

#! holds: one rule for each port, as resources of their own, and each half of the VPC by itself
resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_vpc_security_group_ingress_rule" "db" {
  for_each = { for pair in setproduct([5432, 5433], ["10.2.0.0/17", "10.2.128.0/17"]) : join("-", pair) => pair }

  provider          = aws.west
  security_group_id = aws_security_group.db_secondary.id
  ip_protocol       = "6"
  from_port         = each.value[0]
  to_port           = each.value[0]
  cidr_ipv4         = each.value[1]
}

#! holds: a wider group admits it too
resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
  }
}

#! broken: the clients are another group than production's
resource "aws_security_group" "app_primary" {
  name   = "app"
  vpc_id = aws_vpc.primary.id
}

resource "aws_security_group" "jobs_primary" {
  name   = "jobs"
  vpc_id = aws_vpc.primary.id
}

resource "aws_security_group" "app_secondary" {
  provider = aws.west
  name     = "app"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_security_group" "jobs_secondary" {
  provider = aws.west
  name     = "jobs"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5433
    cidr_blocks = [aws_vpc.secondary.cidr_block]
  }
}

resource "aws_security_group_rule" "admin_primary" {
  type                     = "ingress"
  security_group_id        = aws_security_group.db_primary.id
  source_security_group_id = aws_security_group.app_primary.id
  protocol                 = "tcp"
  from_port                = 6432
  to_port                  = 6432
}

resource "aws_security_group_rule" "admin_secondary" {
  provider                 = aws.west
  type                     = "ingress"
  security_group_id        = aws_security_group.db_secondary.id
  source_security_group_id = aws_security_group.jobs_secondary.id
  protocol                 = "tcp"
  from_port                = 6432
  to_port                  = 6432
}

#! undecided: the range is a variable
variable "clients" {
  type = list(string)
}

resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5433
    cidr_blocks = var.clients
  }
}

#! undecided: a rule of a group that a variable names may be this one's
variable "group" {
  type = string
}

resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_security_group_rule" "db" {
  provider          = aws.west
  type              = "ingress"
  security_group_id = var.group
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5433
  cidr_blocks       = ["10.2.0.0/16"]
}

#! undecided: whether the rule is there hangs on a variable
variable "open" {
  type = bool
}

resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_security_group_rule" "db" {
  count             = var.open ? 1 : 0
  provider          = aws.west
  type              = "ingress"
  security_group_id = aws_security_group.db_secondary.id
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5433
  cidr_blocks       = [aws_vpc.secondary.cidr_block]
}

#! undecided: of two rules, one for each value of a variable, only one admits it
variable "open" {
  type = bool
}

resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_security_group_rule" "db" {
  count             = var.open ? 1 : 0
  provider          = aws.west
  type              = "ingress"
  security_group_id = aws_security_group.db_secondary.id
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5433
  cidr_blocks       = [aws_vpc.secondary.cidr_block]
}

resource "aws_security_group_rule" "narrow" {
  count             = var.open ? 0 : 1
  provider          = aws.west
  type              = "ingress"
  security_group_id = aws_security_group.db_secondary.id
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_blocks       = [aws_vpc.secondary.cidr_block]
}

#! holds: of two rules, one for each value of a variable, each admits it
variable "open" {
  type = bool
}

resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_security_group_rule" "db" {
  count             = var.open ? 1 : 0
  provider          = aws.west
  type              = "ingress"
  security_group_id = aws_security_group.db_secondary.id
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5433
  cidr_blocks       = [aws_vpc.secondary.cidr_block]
}

resource "aws_security_group_rule" "wide" {
  count             = var.open ? 0 : 1
  provider          = aws.west
  type              = "ingress"
  security_group_id = aws_security_group.db_secondary.id
  protocol          = "tcp"
  from_port         = 5000
  to_port           = 6000
  cidr_blocks       = [aws_vpc.secondary.cidr_block]
}

#! undecided: the range must not be shown
variable "clients" {
  type      = string
  default   = "10.2.0.0/16"
  sensitive = true
}

resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5433
    cidr_blocks = [var.clients]
  }
}

#! holds: the same ranges on both sides, whichever they are
variable "admins" {
  type = set(string)
}

resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5433
    cidr_blocks = [aws_vpc.secondary.cidr_block]
  }
}

module "east" {
  source = "./rules"
  ranges = var.admins
}

module "west" {
  source    = "./rules"
  ranges    = var.admins
  providers = { aws = aws.west }
}
#! file rules/main.tf
variable "ranges" {
  type = set(string)
}

resource "aws_security_group" "admin" {
  name = "admin"
}

resource "aws_vpc_security_group_ingress_rule" "admin" {
  for_each          = var.ranges
  security_group_id = aws_security_group.admin.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = each.key
}

#! undecided: the ranges of each side are a variable of its own
variable "admins" {
  type = set(string)
}

variable "others" {
  type = set(string)
}

resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5433
    cidr_blocks = [aws_vpc.secondary.cidr_block]
  }
}

module "east" {
  source = "./rules"
  ranges = var.admins
}

module "west" {
  source    = "./rules"
  ranges    = var.others
  providers = { aws = aws.west }
}
#! file rules/main.tf
variable "ranges" {
  type = set(string)
}

resource "aws_security_group" "admin" {
  name = "admin"
}

resource "aws_vpc_security_group_ingress_rule" "admin" {
  for_each          = var.ranges
  security_group_id = aws_security_group.admin.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = each.key
}

#! undecided: groups outside of the estate, another id in each region
resource "aws_security_group" "partner_primary" {
  name   = "partner"
  vpc_id = aws_vpc.primary.id

  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    security_groups = ["sg-0123456789abcdef0"]
  }
}

resource "aws_security_group" "partner_secondary" {
  provider = aws.west
  name     = "partner"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    security_groups = ["sg-0fedcba9876543210"]
  }
}

resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5433
    cidr_blocks = [aws_vpc.secondary.cidr_block]
  }
}

#! holds: one rule for each port of the same list, which is not known
variable "ports" {
  type = list(number)
}

resource "aws_security_group" "ports_primary" {
  name   = "ports"
  vpc_id = aws_vpc.primary.id

  dynamic "ingress" {
    for_each = var.ports

    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = [aws_vpc.primary.cidr_block]
    }
  }
}

resource "aws_security_group" "ports_secondary" {
  provider = aws.west
  name     = "ports"
  vpc_id   = aws_vpc.secondary.id

  dynamic "ingress" {
    for_each = var.ports
    iterator = port

    content {
      protocol    = "tcp"
      from_port   = port.value
      to_port     = port.value
      cidr_blocks = [aws_vpc.secondary.cidr_block]
    }
  }
}

resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5433
    cidr_blocks = [aws_vpc.secondary.cidr_block]
  }
}

#! undecided: for each port of the same list, which is not known, another range
variable "ports" {
  type = list(number)
}

resource "aws_security_group" "ports_primary" {
  name   = "ports"
  vpc_id = aws_vpc.primary.id

  dynamic "ingress" {
    for_each = var.ports

    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = [aws_vpc.primary.cidr_block]
    }
  }
}

resource "aws_security_group" "ports_secondary" {
  provider = aws.west
  name     = "ports"
  vpc_id   = aws_vpc.secondary.id

  dynamic "ingress" {
    for_each = var.ports
    iterator = port

    content {
      protocol    = "tcp"
      from_port   = port.value
      to_port     = port.value + 1
      cidr_blocks = [aws_vpc.secondary.cidr_block]
    }
  }
}

resource "aws_security_group" "db_secondary" {
  provider = aws.west
  name     = "db"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5433
    cidr_blocks = [aws_vpc.secondary.cidr_block]
  }
}
