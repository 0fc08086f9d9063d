# What replicas follow, beside what they stand for.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

variable "class" {
  type    = string
  default = "db.r6g.large"
}

#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
  accounts  = { "us-east-1" = "123456789012", "us-west-2" = "123456789012" }
}
#! broken: its source has another name
resource "aws_db_instance" "orders_primary" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = var.class
}

resource "aws_db_instance" "orders_secondary" {
  provider            = aws.west
  identifier          = "orders-copy"
  instance_class      = var.class
  replicate_source_db = "arn:aws:rds:us-east-1:123456789012:db:orders-staging"
}

#! broken: its source lies in another account
resource "aws_db_instance" "orders_primary" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = var.class
}

resource "aws_db_instance" "orders_secondary" {
  provider            = aws.west
  identifier          = "orders-copy"
  instance_class      = var.class
  replicate_source_db = "arn:aws:rds:us-east-1:999999999999:db:orders"
}

#! broken: it follows the database beside its own
resource "aws_db_instance" "orders_primary" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = var.class
}

resource "aws_db_instance" "users_primary" {
  identifier     = "users"
  engine         = "postgres"
  instance_class = var.class
}

resource "aws_db_instance" "orders_secondary" {
  provider            = aws.west
  identifier          = "orders-copy"
  instance_class      = var.class
  replicate_source_db = aws_db_instance.users_primary.arn
}

#! holds: the literal names the primary
resource "aws_db_instance" "orders_primary" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = var.class
}

resource "aws_db_instance" "orders_secondary" {
  provider            = aws.west
  identifier          = "orders-copy"
  instance_class      = var.class
  replicate_source_db = "arn:aws:rds:us-east-1:123456789012:db:orders"
}

#! undecided: the primary's name is a variable
variable "name" {
  type = string
}

resource "aws_db_instance" "orders_primary" {
  identifier     = var.name
  engine         = "postgres"
  instance_class = var.class
}

resource "aws_db_instance" "orders_secondary" {
  provider            = aws.west
  identifier          = "orders-copy"
  instance_class      = var.class
  replicate_source_db = "arn:aws:rds:us-east-1:123456789012:db:orders"
}

#! holds: a replica beside the standby's has the counterpart of production's source
resource "aws_db_instance" "orders" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = var.class
}

resource "aws_db_instance" "orders_reporting" {
  identifier          = "orders-reporting"
  instance_class      = var.class
  replicate_source_db = aws_db_instance.orders.identifier
}

resource "aws_db_instance" "orders_dr" {
  provider            = aws.west
  identifier          = "orders-dr"
  instance_class      = var.class
  replicate_source_db = aws_db_instance.orders.arn
}

resource "aws_db_instance" "orders_reporting_dr" {
  provider            = aws.west
  identifier          = "orders-reporting-dr"
  instance_class      = var.class
  replicate_source_db = aws_db_instance.orders_dr.arn
}

#! holds: a replica of a replica follows what that follows
resource "aws_db_instance" "orders" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = var.class
}

resource "aws_db_instance" "orders_reporting" {
  identifier          = "orders-reporting"
  instance_class      = var.class
  replicate_source_db = aws_db_instance.orders.identifier
}

resource "aws_db_instance" "orders_dr" {
  provider            = aws.west
  identifier          = "orders-dr"
  instance_class      = var.class
  replicate_source_db = aws_db_instance.orders.arn
}

resource "aws_db_instance" "orders_reporting_dr" {
  provider            = aws.west
  identifier          = "orders-reporting-dr"
  instance_class      = var.class
  replicate_source_db = aws_db_instance.orders.arn
}

#! holds: the literal names what production's replica follows
resource "aws_db_instance" "orders" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = var.class
}

resource "aws_db_instance" "orders_reporting" {
  identifier          = "orders-reporting"
  instance_class      = var.class
  replicate_source_db = aws_db_instance.orders.identifier
}

resource "aws_db_instance" "orders_dr" {
  provider            = aws.west
  identifier          = "orders-dr"
  instance_class      = var.class
  replicate_source_db = aws_db_instance.orders.arn
}

resource "aws_db_instance" "orders_reporting_dr" {
  provider            = aws.west
  identifier          = "orders-reporting-dr"
  instance_class      = var.class
  replicate_source_db = "arn:aws:rds:us-east-1:123456789012:db:orders"
}

#! undecided: what it follows is a replica of something unknown
variable "upstream" {
  type = string
}

resource "aws_db_instance" "orders_primary" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = var.class
}

resource "aws_db_instance" "between" {
  identifier          = "between"
  instance_class      = var.class
  replicate_source_db = var.upstream
}

resource "aws_db_instance" "orders_secondary" {
  provider            = aws.west
  identifier          = "orders-copy"
  instance_class      = var.class
  replicate_source_db = aws_db_instance.between.arn
}
