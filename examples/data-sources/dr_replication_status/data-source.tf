data "dr_replication_status" "databases" {
  rds_instances = {
    orders = {
      region                 = "us-west-2"
      db_instance_identifier = "moleculeflow-replica"
    }
  }
  aurora_global_clusters = {
    ledger = {
      global_cluster_identifier = "moleculeflow-ledger"
      regions                   = ["us-west-2", "us-east-1"]
    }
  }
  dynamodb_tables = {
    carts = {
      table_name = "carts"
      regions    = ["us-west-2", "us-east-1"]
    }
  }
  s3_rules = {
    documents = {
      source_region      = "us-east-1"
      source_bucket      = "moleculeflow-documents-us-east-1"
      destination_region = "us-west-2"
      destination_bucket = "moleculeflow-documents-us-west-2"
      rule_id            = "to-us-west-2"
    }
  }
  elasticache_global_datastores = {
    sessions = {
      global_replication_group_id = "ldgnf-sessions"
      regions                     = ["us-west-2", "us-east-1"]
      cache_clusters              = { us-west-2 = "sessions-west-001" }
    }
  }
}

output "orders_lag_seconds" {
  value = data.dr_replication_status.databases.rds_instances["orders"].lag_seconds
}

output "ledger_writer_region" {
  value = data.dr_replication_status.databases.aurora_global_clusters["ledger"].writer_region
}

check "orders_replicates" {
  assert {
    condition     = data.dr_replication_status.databases.rds_instances["orders"].health == "replicating"
    error_message = "The replica of the orders database does not replicate."
  }
}
