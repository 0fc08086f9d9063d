# Log exports are not inherited by replicas.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_db_instance" "primary" {
  identifier                      = "shop"
  engine                          = "postgres"
  instance_class                  = "db.r6g.large"
  allocated_storage               = 100
  username                        = "app"
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
}

#! broken: the replica exports one of two
resource "aws_db_instance" "secondary" {
  provider                        = aws.west
  identifier                      = "shop"
  replicate_source_db             = aws_db_instance.primary.arn
  instance_class                  = "db.r6g.large"
  enabled_cloudwatch_logs_exports = ["postgresql"]
}

#! broken: it says nothing
resource "aws_db_instance" "secondary" {
  provider            = aws.west
  identifier          = "shop"
  replicate_source_db = aws_db_instance.primary.arn
  instance_class      = "db.r6g.large"
}

#! holds: both, in another order
resource "aws_db_instance" "secondary" {
  provider                        = aws.west
  identifier                      = "shop"
  replicate_source_db             = aws_db_instance.primary.arn
  instance_class                  = "db.r6g.large"
  enabled_cloudwatch_logs_exports = ["upgrade", "postgresql"]
}

#! undecided: the exports are a variable
variable "exports" {
  type = list(string)
}

resource "aws_db_instance" "secondary" {
  provider                        = aws.west
  identifier                      = "shop"
  replicate_source_db             = aws_db_instance.primary.arn
  instance_class                  = "db.r6g.large"
  enabled_cloudwatch_logs_exports = var.exports
}
