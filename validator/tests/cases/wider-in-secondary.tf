# What groups of the secondary region admit beyond what production admits.
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

variable "office" {
  type = string
}

#! broken: the standby's console is open to the world
resource "aws_security_group" "bastion_primary" {
  name   = "bastion"
  vpc_id = aws_vpc.primary.id

  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["192.0.2.0/24"]
  }
}

resource "aws_security_group" "bastion_secondary" {
  provider = aws.west
  name     = "bastion"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}

#! broken: a rule of its own lets out more than production's group
resource "aws_security_group" "bastion_primary" {
  name   = "bastion"
  vpc_id = aws_vpc.primary.id

  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "bastion_secondary" {
  provider = aws.west
  name     = "bastion"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_vpc_security_group_egress_rule" "all" {
  provider          = aws.west
  security_group_id = aws_security_group.bastion_secondary.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

#! holds: a part of the range, and the own VPC for production's
resource "aws_security_group" "bastion_primary" {
  name   = "bastion"
  vpc_id = aws_vpc.primary.id

  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["192.0.2.0/24", aws_vpc.primary.cidr_block]
  }
}

resource "aws_security_group" "bastion_secondary" {
  provider = aws.west
  name     = "bastion"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["192.0.2.0/25", aws_vpc.secondary.cidr_block]
  }
}

#! holds: production admits the same by two groups of rules that lie side by side
resource "aws_security_group" "bastion_primary" {
  name   = "bastion"
  vpc_id = aws_vpc.primary.id
}

resource "aws_security_group_rule" "low" {
  type              = "ingress"
  security_group_id = aws_security_group.bastion_primary.id
  protocol          = "tcp"
  from_port         = 8000
  to_port           = 8009
  cidr_blocks       = ["192.0.2.0/24"]
}

resource "aws_security_group_rule" "high" {
  type              = "ingress"
  security_group_id = aws_security_group.bastion_primary.id
  protocol          = "tcp"
  from_port         = 8010
  to_port           = 8020
  cidr_blocks       = ["192.0.2.0/24"]
}

resource "aws_security_group" "bastion_secondary" {
  provider = aws.west
  name     = "bastion"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol    = "tcp"
    from_port   = 8000
    to_port     = 8020
    cidr_blocks = ["192.0.2.0/24"]
  }
}

#! undecided: what production admits is a variable
resource "aws_security_group" "bastion_primary" {
  name   = "bastion"
  vpc_id = aws_vpc.primary.id

  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [var.office]
  }
}

resource "aws_security_group" "bastion_secondary" {
  provider = aws.west
  name     = "bastion"
  vpc_id   = aws_vpc.secondary.id

  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["192.0.2.0/24"]
  }
}
