# Values of secrets that are read in the secondary region.
#! never undecided: values of secrets are sealed, and of an input that is not known it is not kept whether it is a password or a host
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_secretsmanager_secret" "db" {
  name = "shop/db"

  replica {
    region = "us-west-2"
  }
}

resource "aws_db_instance" "main" {
  identifier              = "shop"
  engine                  = "postgres"
  engine_version          = "16.3"
  instance_class          = "db.r6g.large"
  allocated_storage       = 100
  backup_retention_period = 7
}

resource "random_password" "db" {
  length = 32
}

#! broken: the copied value holds the host of production's database
resource "aws_secretsmanager_secret_version" "db" {
  secret_id     = aws_secretsmanager_secret.db.id
  secret_string = jsonencode({ username = "shop", host = aws_db_instance.main.address })
}

#! broken: the host is written out
resource "aws_secretsmanager_secret_version" "db" {
  secret_id     = aws_secretsmanager_secret.db.id
  secret_string = jsonencode({ username = "shop", host = "shop.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com" })
}

#! holds: a password, and a name that a failover moves
resource "aws_secretsmanager_secret_version" "db" {
  secret_id     = aws_secretsmanager_secret.db.id
  secret_string = jsonencode({ username = "shop", password = random_password.db.result, host = "db.shop.internal" })
}

#! holds: the port and the name of the database are those of the replica too
resource "aws_secretsmanager_secret_version" "db" {
  secret_id     = aws_secretsmanager_secret.db.id
  secret_string = jsonencode({ port = aws_db_instance.main.port, database = aws_db_instance.main.db_name })
}
