# Entries that accept a finding until a day: one that is over, one that is not.
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
  instance_class    = "db.r6g.xlarge"
  allocated_storage = 100
  username          = "app"
}

resource "aws_db_instance" "secondary" {
  provider            = aws.west
  identifier          = "shop"
  replicate_source_db = aws_db_instance.primary.arn
  instance_class      = "db.r6g.large"
}

#! never undecided: a day is over or not, and an entry without a valid day is refused when it is read
#! broken: the last day is over
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

accept "replica-class" {
  rule            = "class-cannot-carry"
  pair            = "aws_db_instance.primary"
  attribute       = "instance_class"
  secondary_value = "db.r6g.large"
  owner           = "data team"
  reason          = "read only until the first quarter"
  expires         = "2020-03-31"
}

#! holds: the last day lies ahead
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

accept "replica-class" {
  rule            = "class-cannot-carry"
  pair            = "aws_db_instance.primary"
  attribute       = "instance_class"
  secondary_value = "db.r6g.large"
  owner           = "data team"
  reason          = "read only until the first quarter"
  expires         = "2999-03-31"
}
