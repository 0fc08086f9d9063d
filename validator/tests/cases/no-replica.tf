# Databases of both regions: side by side, or one a copy of the other.
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
}

#! broken: the secondary region has none
#! broken: there are two databases side by side
resource "aws_db_instance" "main_secondary" {
  provider          = aws.west
  identifier        = "shop"
  engine            = "postgres"
  engine_version    = "16.3"
  instance_class    = "db.r6g.large"
  allocated_storage = 100
}

#! holds: one replicates from the other
resource "aws_db_instance" "main_secondary" {
  provider            = aws.west
  identifier          = "shop"
  instance_class      = "db.r6g.large"
  replicate_source_db = aws_db_instance.main_primary.arn
}

#! holds: for backup and restore copies of the backups are enough
resource "aws_db_instance" "main_secondary" {
  provider          = aws.west
  identifier        = "shop"
  engine            = "postgres"
  engine_version    = "16.3"
  instance_class    = "db.r6g.large"
  allocated_storage = 100
}

resource "aws_db_instance_automated_backups_replication" "main" {
  provider               = aws.west
  source_db_instance_arn = aws_db_instance.main_primary.arn
  retention_period       = 7
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
  strategy  = "backup-restore"
}
#! undecided: the source is a variable
variable "source_arn" {
  type = string
}

resource "aws_db_instance" "main_secondary" {
  provider            = aws.west
  identifier          = "shop"
  instance_class      = "db.r6g.large"
  replicate_source_db = var.source_arn
}

#! undecided: whether there is a replica hangs on a variable
variable "replica" {
  type = bool
}

resource "aws_db_instance" "main_secondary" {
  count               = var.replica ? 1 : 0
  provider            = aws.west
  identifier          = "shop"
  instance_class      = "db.r6g.large"
  replicate_source_db = aws_db_instance.main_primary.arn
}
