# Zones of databases that are promoted.
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
  backup_retention_period = 7
  multi_az                = true
}

#! broken: the replica does not say so, and runs in one zone
resource "aws_db_instance" "main_secondary" {
  provider            = aws.west
  identifier          = "shop"
  instance_class      = "db.r6g.large"
  replicate_source_db = aws_db_instance.main_primary.arn
}

#! holds: the replica runs in several zones beforehand
resource "aws_db_instance" "main_secondary" {
  provider            = aws.west
  identifier          = "shop"
  instance_class      = "db.r6g.large"
  replicate_source_db = aws_db_instance.main_primary.arn
  multi_az            = true
}

#! undecided: a variable says it
variable "multi_az" {
  type = bool
}

resource "aws_db_instance" "main_secondary" {
  provider            = aws.west
  identifier          = "shop"
  instance_class      = "db.r6g.large"
  replicate_source_db = aws_db_instance.main_primary.arn
  multi_az            = var.multi_az
}
