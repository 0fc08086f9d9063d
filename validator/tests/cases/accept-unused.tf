# Entries that accept what is there, and entries that mean nothing any more.
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

#! never undecided: where the question itself is open the entry is not asked, so that no finding is lost with it
#! broken: the class is another one than that which was accepted
resource "aws_db_instance" "secondary" {
  provider            = aws.west
  identifier          = "shop"
  replicate_source_db = aws_db_instance.primary.arn
  instance_class      = "db.t4g.medium"
}
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

#! broken: what was accepted has been repaired
resource "aws_db_instance" "secondary" {
  provider            = aws.west
  identifier          = "shop"
  replicate_source_db = aws_db_instance.primary.arn
  instance_class      = "db.r6g.xlarge"
}
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

#! holds: the class is the one that was accepted
resource "aws_db_instance" "secondary" {
  provider            = aws.west
  identifier          = "shop"
  replicate_source_db = aws_db_instance.primary.arn
  instance_class      = "db.r6g.large"
}
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

#! holds: of two entries one is used, and what the other one accepts follows from another finding
resource "aws_db_instance" "secondary" {
  provider            = aws.west
  identifier          = "shop"
  replicate_source_db = aws_db_instance.primary.arn
  instance_class      = "db.r6g.large"
}

resource "aws_db_instance" "ledger_primary" {
  identifier        = "ledger"
  engine            = "postgres"
  instance_class    = "db.r6g.xlarge"
  allocated_storage = 100
  username          = "app"
}

resource "aws_db_instance" "ledger_secondary" {
  provider            = aws.west
  identifier          = "ledger"
  replicate_source_db = aws_db_instance.ledger_primary.arn
  instance_class      = "db.r6g.large"
}
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

accept "ledger-class" {
  rule            = "class-cannot-carry"
  pair            = "aws_db_instance.ledger_primary"
  attribute       = "instance_class"
  secondary_value = "db.r6g.large"
  owner           = "data team"
  reason          = "read only until the first quarter"
  expires         = "2999-03-31"
}
