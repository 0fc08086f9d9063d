# Engine and version of stores that are made apart, and promoted or restored into.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_db_instance" "primary" {
  identifier        = "shop"
  engine            = "postgres"
  engine_version    = "16.4"
  instance_class    = "db.r6g.large"
  allocated_storage = 100
  username          = "app"
}

#! broken: an older major version
resource "aws_db_instance" "secondary" {
  provider          = aws.west
  identifier        = "shop"
  engine            = "postgres"
  engine_version    = "15.7"
  instance_class    = "db.r6g.large"
  allocated_storage = 100
  username          = "app"
}

#! holds: a shorter version means any of its line
resource "aws_db_instance" "secondary" {
  provider          = aws.west
  identifier        = "shop"
  engine            = "postgres"
  engine_version    = "16"
  instance_class    = "db.r6g.large"
  allocated_storage = 100
  username          = "app"
}

#! holds: a replica that names none has that of its source
resource "aws_db_instance" "secondary" {
  provider            = aws.west
  identifier          = "shop"
  replicate_source_db = aws_db_instance.primary.arn
  instance_class      = "db.r6g.large"
}

#! undecided: the version is a variable
variable "version_of_postgres" {
  type = string
}

resource "aws_db_instance" "secondary" {
  provider          = aws.west
  identifier        = "shop"
  engine            = "postgres"
  engine_version    = var.version_of_postgres
  instance_class    = "db.r6g.large"
  allocated_storage = 100
  username          = "app"
}
