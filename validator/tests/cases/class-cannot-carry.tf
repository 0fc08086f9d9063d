# What the class of a replica carries, beside that of its primary.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_db_instance" "primary" {
  identifier        = "shop"
  engine            = "mysql"
  instance_class    = "db.r6g.2xlarge"
  allocated_storage = 100
  username          = "app"
}

#! broken: half of processors and memory
resource "aws_db_instance" "secondary" {
  provider            = aws.west
  identifier          = "shop"
  replicate_source_db = aws_db_instance.primary.arn
  instance_class      = "db.r6g.xlarge"
}

#! holds: another family of the same size
resource "aws_db_instance" "secondary" {
  provider            = aws.west
  identifier          = "shop"
  replicate_source_db = aws_db_instance.primary.arn
  instance_class      = "db.r5.2xlarge"
}

#! undecided: the class is a variable
variable "class" {
  type = string
}

resource "aws_db_instance" "secondary" {
  provider            = aws.west
  identifier          = "shop"
  replicate_source_db = aws_db_instance.primary.arn
  instance_class      = var.class
}
