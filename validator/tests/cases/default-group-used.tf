# Security groups are not inherited by replicas.
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
  name   = "database"
  vpc_id = aws_vpc.primary.id
}

resource "aws_security_group" "secondary" {
  provider = aws.west
  name     = "database"
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_db_instance" "primary" {
  identifier             = "shop"
  engine                 = "postgres"
  instance_class         = "db.r6g.large"
  allocated_storage      = 100
  username               = "app"
  vpc_security_group_ids = [aws_security_group.primary.id]
}

#! broken: the replica names no group
resource "aws_db_instance" "secondary" {
  provider            = aws.west
  identifier          = "shop"
  replicate_source_db = aws_db_instance.primary.arn
  instance_class      = "db.r6g.large"
}

#! holds: it names the counterpart
resource "aws_db_instance" "secondary" {
  provider               = aws.west
  identifier             = "shop"
  replicate_source_db    = aws_db_instance.primary.arn
  instance_class         = "db.r6g.large"
  vpc_security_group_ids = [aws_security_group.secondary.id]
}

#! undecided: the groups are a variable
variable "groups" {
  type = list(string)
}

resource "aws_db_instance" "secondary" {
  provider               = aws.west
  identifier             = "shop"
  replicate_source_db    = aws_db_instance.primary.arn
  instance_class         = "db.r6g.large"
  vpc_security_group_ids = var.groups
}
