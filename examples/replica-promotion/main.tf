# One database with a replica in another region: see the lag, hold the role, promote. `make demo` runs it.

terraform {
  required_version = ">= 1.8"
  required_providers {
    dr = {
      source = "estate-recovery/dr"
    }
  }
}

variable "role" {
  description = "What the replica should be: \"replica\" in peace, \"primary\" to promote it."
  type        = string
  default     = "replica"
}

variable "max_data_loss" {
  description = "How much replication lag a promotion may accept."
  type        = string
  default     = "5m"
}

locals {
  source_arn = "arn:aws:rds:us-east-1:123456789012:db:moleculeflow-prod"
  replica    = "moleculeflow-replica"
}

provider "dr" {
  # The secondary region, so that recovery does not depend on what failed.
  region = "us-west-2"
}

data "dr_replication_status" "before" {
  rds_instances = {
    orders = { db_instance_identifier = local.replica }
  }
}

resource "dr_replica_promotion" "orders" {
  db_instance_identifier = local.replica
  role                   = var.role
  source                 = local.source_arn
  max_data_loss          = var.max_data_loss

  on_promotion {
    backup_retention_days = 7
    backup_window         = "03:00-04:00"
    deletion_protection   = true
  }
}

output "replication" {
  description = "Role, source, lag and health of the database in the secondary region, as seen in this plan."
  value       = data.dr_replication_status.before.rds_instances["orders"]
}

output "role" {
  value = dr_replica_promotion.orders.role
}
