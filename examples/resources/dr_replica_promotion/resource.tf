resource "dr_replica_promotion" "orders" {
  region                 = "us-west-2"
  db_instance_identifier = "moleculeflow-replica"

  # "replica" in peace; "primary" promotes it. The way back is not an edit here: it is a new replica.
  role = "replica"

  # The instance that it must be following when it is promoted, and how much may be lost.
  source        = "arn:aws:rds:us-east-1:123456789012:db:moleculeflow-prod"
  max_data_loss = "5m"

  # Settings of the standalone database, applied in the same apply as the promotion.
  on_promotion {
    backup_retention_days = 30
    backup_window         = "03:00-04:00"
    multi_az              = true
    deletion_protection   = true
  }

  timeouts {
    update = "90m"
  }
}
