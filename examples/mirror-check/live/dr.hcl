# What drcheck must know of this estate that its code does not say.

estate "moleculeflow" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
  strategy  = "warm-standby"
  cidr      = "shifted"
  accounts  = { "us-east-1" = "123456789012", "us-west-2" = "123456789012" }
}

tier "critical" {
  rto = "1h"
  rpo = "5m"
  match = [
    "module.network_*", "module.data_*",
    "aws_kms_*", "aws_rds_*", "aws_elasticache_*", "aws_route53*", "aws_route", "aws_vpc_*",
  ]
}

tier "high" {
  rto   = "4h"
  rpo   = "15m"
  match = ["module.application_*", "module.storage_*", "aws_s3_*", "aws_efs_*", "aws_ecr_*", "aws_iam_*"]
}

# Backups answer damage, not the loss of a region: the stores are replicated.
tier "retained" {
  rto   = "24h"
  rpo   = "36h"
  match = ["module.regional_*"]
}

# The services encrypt with the first key themselves; the other one is used only by S3, EFS, ECR and EBS.
use "aws_kms_key.data" { client_side = true }
use "module.storage_primary.aws_kms_key.storage" { client_side = false }

# A name that moves must move at once: caches may not add minutes to every failover.
rule "dns-ttl-too-long" { max = "60s" }
