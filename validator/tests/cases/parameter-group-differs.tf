# Parameter groups of databases and their copies, by what they say.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_db_parameter_group" "main_primary" {
  name   = "shop"
  family = "postgres16"

  parameter {
    name  = "work_mem"
    value = "65536"
  }
  parameter {
    name  = "idle_in_transaction_session_timeout"
    value = "60000"
  }
}

resource "aws_db_instance" "main_primary" {
  identifier              = "shop"
  engine                  = "postgres"
  engine_version          = "16.3"
  instance_class          = "db.r6g.large"
  allocated_storage       = 100
  backup_retention_period = 7
  parameter_group_name    = aws_db_parameter_group.main_primary.name
}

#! broken: the replica runs with the engine's own group
resource "aws_db_instance" "main_secondary" {
  provider            = aws.west
  identifier          = "shop"
  instance_class      = "db.r6g.large"
  replicate_source_db = aws_db_instance.main_primary.arn
}

#! broken: its group has another value
resource "aws_db_parameter_group" "main_secondary" {
  provider = aws.west
  name     = "shop"
  family   = "postgres16"

  parameter {
    name  = "work_mem"
    value = "4096"
  }
  parameter {
    name  = "idle_in_transaction_session_timeout"
    value = "60000"
  }
}

resource "aws_db_instance" "main_secondary" {
  provider             = aws.west
  identifier           = "shop"
  instance_class       = "db.r6g.large"
  replicate_source_db  = aws_db_instance.main_primary.arn
  parameter_group_name = aws_db_parameter_group.main_secondary.name
}

#! holds: its group says the same in another order, under another name
resource "aws_db_parameter_group" "standby" {
  provider    = aws.west
  name        = "shop-standby"
  family      = "postgres16"
  description = "Of the standby"

  parameter {
    name  = "idle_in_transaction_session_timeout"
    value = "60000"
  }
  parameter {
    name  = "work_mem"
    value = "65536"
  }
}

resource "aws_db_instance" "main_secondary" {
  provider             = aws.west
  identifier           = "shop"
  instance_class       = "db.r6g.large"
  replicate_source_db  = aws_db_instance.main_primary.arn
  parameter_group_name = aws_db_parameter_group.standby.name
}

#! undecided: its group is one that no source shows
resource "aws_db_instance" "main_secondary" {
  provider             = aws.west
  identifier           = "shop"
  instance_class       = "db.r6g.large"
  replicate_source_db  = aws_db_instance.main_primary.arn
  parameter_group_name = "shop-standby"
}

#! undecided: a value is a variable
variable "work_mem" {
  type = string
}

resource "aws_db_parameter_group" "main_secondary" {
  provider = aws.west
  name     = "shop"
  family   = "postgres16"

  parameter {
    name  = "work_mem"
    value = var.work_mem
  }
  parameter {
    name  = "idle_in_transaction_session_timeout"
    value = "60000"
  }
}

resource "aws_db_instance" "main_secondary" {
  provider             = aws.west
  identifier           = "shop"
  instance_class       = "db.r6g.large"
  replicate_source_db  = aws_db_instance.main_primary.arn
  parameter_group_name = aws_db_parameter_group.main_secondary.name
}
