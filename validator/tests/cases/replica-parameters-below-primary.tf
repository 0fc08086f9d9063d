# How many connections a PostgreSQL replica allows by its memory.
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
  instance_class          = "db.r6g.xlarge"
  allocated_storage       = 100
  backup_retention_period = 7
}

#! broken: an eighth of the memory allows an eighth of the connections
resource "aws_db_instance" "main_secondary" {
  provider            = aws.west
  identifier          = "shop"
  instance_class      = "db.t4g.medium"
  replicate_source_db = aws_db_instance.main_primary.arn
}

#! holds: fewer processors, as much memory
resource "aws_db_instance" "main_secondary" {
  provider            = aws.west
  identifier          = "shop"
  instance_class      = "db.x2g.large"
  replicate_source_db = aws_db_instance.main_primary.arn
}

#! holds: beyond some memory both allow the most that the formula gives
resource "aws_db_instance" "main_secondary" {
  provider            = aws.west
  identifier          = "shop"
  instance_class      = "db.r6g.xlarge"
  replicate_source_db = aws_db_instance.main_primary.arn
}

resource "aws_db_instance" "ledger_primary" {
  identifier              = "ledger"
  engine                  = "postgres"
  engine_version          = "16.3"
  instance_class          = "db.r6g.4xlarge"
  allocated_storage       = 100
  backup_retention_period = 7
}

resource "aws_db_instance" "ledger_secondary" {
  provider            = aws.west
  identifier          = "ledger"
  instance_class      = "db.r6g.2xlarge"
  replicate_source_db = aws_db_instance.ledger_primary.arn
}

#! undecided: the class is a variable
variable "class" {
  type = string
}

resource "aws_db_instance" "main_secondary" {
  provider            = aws.west
  identifier          = "shop"
  instance_class      = var.class
  replicate_source_db = aws_db_instance.main_primary.arn
}

#! undecided: its parameters are in a group that no source shows
resource "aws_db_instance" "main_secondary" {
  provider             = aws.west
  identifier           = "shop"
  instance_class       = "db.t4g.medium"
  replicate_source_db  = aws_db_instance.main_primary.arn
  parameter_group_name = "shop-standby"
}
