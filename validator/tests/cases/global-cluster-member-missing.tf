# Members of a global cluster.
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
  engine_version            = "16.4"
}

resource "aws_rds_cluster" "primary" {
  cluster_identifier        = "shop"
  engine                    = aws_rds_global_cluster.shop.engine
  engine_version            = aws_rds_global_cluster.shop.engine_version
  global_cluster_identifier = aws_rds_global_cluster.shop.id
  master_username           = "app"
}

#! broken: it has one member only
#! broken: the cluster of the secondary region stands alone
resource "aws_rds_cluster" "secondary" {
  provider           = aws.west
  cluster_identifier = "shop"
  engine             = "aurora-postgresql"
  engine_version     = "16.4"
  master_username    = "app"
}

#! holds: a member in each region
resource "aws_rds_cluster" "secondary" {
  provider                  = aws.west
  cluster_identifier        = "shop"
  engine                    = aws_rds_global_cluster.shop.engine
  engine_version            = aws_rds_global_cluster.shop.engine_version
  global_cluster_identifier = aws_rds_global_cluster.shop.id
}

#! undecided: what the cluster of the secondary region is a member of is a variable
variable "global" {
  type = string
}

resource "aws_rds_cluster" "secondary" {
  provider                  = aws.west
  cluster_identifier        = "shop"
  engine                    = "aurora-postgresql"
  engine_version            = "16.4"
  global_cluster_identifier = var.global
}
