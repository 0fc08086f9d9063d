# Encryption of stores and their copies.
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
  storage_encrypted         = true
}

resource "aws_rds_cluster" "main_primary" {
  cluster_identifier        = "shop-us-east-1"
  global_cluster_identifier = aws_rds_global_cluster.shop.id
  engine                    = "aurora-postgresql"
  engine_version            = "16.4"
  storage_encrypted         = true
  master_username           = "shop"
}

#! broken: the copy says that it is not
resource "aws_rds_cluster" "main_secondary" {
  provider                  = aws.west
  cluster_identifier        = "shop-us-west-2"
  global_cluster_identifier = aws_rds_global_cluster.shop.id
  engine                    = "aurora-postgresql"
  engine_version            = "16.4"
  storage_encrypted         = false
}

#! holds: both are encrypted
resource "aws_rds_cluster" "main_secondary" {
  provider                  = aws.west
  cluster_identifier        = "shop-us-west-2"
  global_cluster_identifier = aws_rds_global_cluster.shop.id
  engine                    = "aurora-postgresql"
  engine_version            = "16.4"
  storage_encrypted         = true
}

#! holds: more than the primary does is no weakness
resource "aws_opensearch_domain" "search_primary" {
  domain_name    = "search"
  engine_version = "OpenSearch_2.13"
}

resource "aws_opensearch_domain" "search_secondary" {
  provider       = aws.west
  domain_name    = "search"
  engine_version = "OpenSearch_2.13"

  encrypt_at_rest {
    enabled = true
  }
}

resource "aws_rds_cluster" "main_secondary" {
  provider                  = aws.west
  cluster_identifier        = "shop-us-west-2"
  global_cluster_identifier = aws_rds_global_cluster.shop.id
  engine                    = "aurora-postgresql"
  engine_version            = "16.4"
  storage_encrypted         = true
}

#! undecided: a variable says it
variable "encrypted" {
  type = bool
}

resource "aws_rds_cluster" "main_secondary" {
  provider                  = aws.west
  cluster_identifier        = "shop-us-west-2"
  global_cluster_identifier = aws_rds_global_cluster.shop.id
  engine                    = "aurora-postgresql"
  engine_version            = "16.4"
  storage_encrypted         = var.encrypted
}
