# A cluster without instances holds data and serves nothing.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_rds_global_cluster" "shop" {
  global_cluster_identifier = "shop"
  engine                    = "aurora-postgresql"
}

resource "aws_rds_cluster" "primary" {
  cluster_identifier        = "shop"
  engine                    = "aurora-postgresql"
  global_cluster_identifier = aws_rds_global_cluster.shop.id
  master_username           = "app"
}

resource "aws_rds_cluster_instance" "primary" {
  count              = 2
  cluster_identifier = aws_rds_cluster.primary.id
  engine             = "aurora-postgresql"
  instance_class     = "db.r6g.large"
}

resource "aws_rds_cluster" "secondary" {
  provider                  = aws.west
  cluster_identifier        = "shop"
  engine                    = "aurora-postgresql"
  global_cluster_identifier = aws_rds_global_cluster.shop.id
}

#! broken: the secondary has no instance
#! holds: it has one, which can serve
resource "aws_rds_cluster_instance" "secondary" {
  count              = 1
  provider           = aws.west
  cluster_identifier = aws_rds_cluster.secondary.id
  engine             = "aurora-postgresql"
  instance_class     = "db.r6g.large"
}

#! undecided: how many it has is a variable
variable "instances" {
  type = number
}

resource "aws_rds_cluster_instance" "secondary" {
  count              = var.instances
  provider           = aws.west
  cluster_identifier = aws_rds_cluster.secondary.id
  engine             = "aurora-postgresql"
  instance_class     = "db.r6g.large"
}
