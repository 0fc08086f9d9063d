data "dr_replication_status" "databases" {
  rds_instances = {
    orders = {
      region                 = "us-west-2"
      db_instance_identifier = "moleculeflow-replica"
    }
  }
}

output "orders_lag_seconds" {
  value = data.dr_replication_status.databases.rds_instances["orders"].lag_seconds
}

check "orders_replicates" {
  assert {
    condition     = data.dr_replication_status.databases.rds_instances["orders"].health == "replicating"
    error_message = "The replica of the orders database does not replicate."
  }
}
