# What may leave by security groups.
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

resource "aws_security_group" "primary" {
  name   = "app"
  vpc_id = aws_vpc.primary.id

  egress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

#! broken: a group without egress lets nothing out
resource "aws_security_group" "secondary" {
  provider = aws.west
  name     = "app"
  vpc_id   = aws_vpc.secondary.id
}

#! broken: it lets out to half of the world only
resource "aws_security_group" "secondary" {
  provider = aws.west
  name     = "app"
  vpc_id   = aws_vpc.secondary.id

  egress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/1"]
  }
}

#! holds: both halves, one by a rule of its own
resource "aws_security_group" "secondary" {
  provider = aws.west
  name     = "app"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_vpc_security_group_egress_rule" "halves" {
  for_each          = toset(["0.0.0.0/1", "128.0.0.0/1"])
  provider          = aws.west
  security_group_id = aws_security_group.secondary.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = each.value
}

#! undecided: the port is a variable
variable "port" {
  type = number
}

resource "aws_security_group" "secondary" {
  provider = aws.west
  name     = "app"
  vpc_id   = aws_vpc.secondary.id

  egress {
    from_port   = var.port
    to_port     = var.port
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
