# Protection against deletion is not inherited by replicas.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_db_instance" "primary" {
  identifier          = "shop"
  engine              = "postgres"
  instance_class      = "db.r6g.large"
  allocated_storage   = 100
  username            = "app"
  deletion_protection = true
}

#! broken: the replica says nothing, and can be deleted by one call
resource "aws_db_instance" "secondary" {
  provider            = aws.west
  identifier          = "shop"
  replicate_source_db = aws_db_instance.primary.arn
  instance_class      = "db.r6g.large"
}

#! holds: it is protected too
resource "aws_db_instance" "secondary" {
  provider            = aws.west
  identifier          = "shop"
  replicate_source_db = aws_db_instance.primary.arn
  instance_class      = "db.r6g.large"
  deletion_protection = aws_db_instance.primary.deletion_protection
}

#! undecided: it is a variable
variable "protected" {
  type = bool
}

resource "aws_db_instance" "secondary" {
  provider            = aws.west
  identifier          = "shop"
  replicate_source_db = aws_db_instance.primary.arn
  instance_class      = "db.r6g.large"
  deletion_protection = var.protected
}
