# Backups that a replica has once it is promoted.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_db_instance" "primary" {
  identifier              = "shop"
  engine                  = "postgres"
  instance_class          = "db.r6g.large"
  allocated_storage       = 100
  username                = "app"
  backup_retention_period = 14
}

#! broken: the replica says nothing, and is made without backups
resource "aws_db_instance" "secondary" {
  provider            = aws.west
  identifier          = "shop"
  replicate_source_db = aws_db_instance.primary.arn
  instance_class      = "db.r6g.large"
}

#! broken: it keeps them for half as long
resource "aws_db_instance" "secondary" {
  provider                = aws.west
  identifier              = "shop"
  replicate_source_db     = aws_db_instance.primary.arn
  instance_class          = "db.r6g.large"
  backup_retention_period = 7
}

#! holds: it keeps them for longer
resource "aws_db_instance" "secondary" {
  provider                = aws.west
  identifier              = "shop"
  replicate_source_db     = aws_db_instance.primary.arn
  instance_class          = "db.r6g.large"
  backup_retention_period = 35
}

#! undecided: the time is a variable
variable "retention" {
  type = number
}

resource "aws_db_instance" "secondary" {
  provider                = aws.west
  identifier              = "shop"
  replicate_source_db     = aws_db_instance.primary.arn
  instance_class          = "db.r6g.large"
  backup_retention_period = var.retention
}
