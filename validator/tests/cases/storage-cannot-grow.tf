# How far the storage of databases may grow by itself.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_db_instance" "main_primary" {
  identifier              = "shop"
  engine                  = "postgres"
  engine_version          = "16.3"
  instance_class          = "db.r6g.large"
  allocated_storage       = 100
  max_allocated_storage   = 1000
  backup_retention_period = 7
}

#! broken: the replica does not say so, and does not grow
resource "aws_db_instance" "main_secondary" {
  provider            = aws.west
  identifier          = "shop"
  instance_class      = "db.r6g.large"
  replicate_source_db = aws_db_instance.main_primary.arn
}

#! broken: it stops growing earlier
resource "aws_db_instance" "main_secondary" {
  provider              = aws.west
  identifier            = "shop"
  instance_class        = "db.r6g.large"
  max_allocated_storage = 500
  replicate_source_db   = aws_db_instance.main_primary.arn
}

#! holds: it grows further
resource "aws_db_instance" "main_secondary" {
  provider              = aws.west
  identifier            = "shop"
  instance_class        = "db.r6g.large"
  max_allocated_storage = 2000
  replicate_source_db   = aws_db_instance.main_primary.arn
}

#! undecided: how far is a variable
variable "max_storage" {
  type = number
}

resource "aws_db_instance" "main_secondary" {
  provider              = aws.west
  identifier            = "shop"
  instance_class        = "db.r6g.large"
  max_allocated_storage = var.max_storage
  replicate_source_db   = aws_db_instance.main_primary.arn
}
