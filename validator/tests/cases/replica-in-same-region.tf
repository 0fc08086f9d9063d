# Where the replica of a database stands, and how it names its source.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_db_instance" "main" {
  identifier              = "shop"
  engine                  = "postgres"
  engine_version          = "16.3"
  instance_class          = "db.r6g.large"
  allocated_storage       = 100
  backup_retention_period = 7
}

#! broken: the only replica stands beside its source
resource "aws_db_instance" "replica" {
  identifier          = "shop-replica"
  instance_class      = "db.r6g.large"
  replicate_source_db = aws_db_instance.main.identifier
}

#! broken: the replica names its source by identifier, which means one of its own region
resource "aws_db_instance" "replica" {
  provider            = aws.west
  identifier          = "shop"
  instance_class      = "db.r6g.large"
  replicate_source_db = aws_db_instance.main.identifier
}

#! broken: the same, written out
resource "aws_db_instance" "main_secondary" {
  provider            = aws.west
  identifier          = "shop"
  instance_class      = "db.r6g.large"
  replicate_source_db = "shop"
}

#! holds: a reader beside the source, and a replica in the secondary region by ARN
resource "aws_db_instance" "reader" {
  identifier          = "shop-reader"
  instance_class      = "db.r6g.large"
  replicate_source_db = aws_db_instance.main.identifier
}

resource "aws_db_instance" "replica" {
  provider            = aws.west
  identifier          = "shop"
  instance_class      = "db.r6g.large"
  replicate_source_db = aws_db_instance.main.arn
}

#! undecided: how the source is named is a variable
variable "source_db" {
  type = string
}

resource "aws_db_instance" "main_secondary" {
  provider            = aws.west
  identifier          = "shop"
  instance_class      = "db.r6g.large"
  replicate_source_db = var.source_db
}
