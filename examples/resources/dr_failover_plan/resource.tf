resource "dr_failover_plan" "orders" {
  name      = "orders"
  regions   = ["us-east-1", "us-west-2"] # the first is the primary one by design
  authority = "promote-database"

  tiers = {
    critical = { rto = "1h", rpo = "5m" }
  }

  # A versioned bucket in each region, under a prefix that is not replicated.
  stores = {
    us-east-1 = { bucket = "orders-dr-us-east-1", prefix = "failover/" }
    us-west-2 = { bucket = "orders-dr-us-west-2", prefix = "failover/" }
  }

  steps = [
    {
      name = "quiesce-writers"
      tier = "critical"
      quiesce_writers = {
        services = {
          us-east-1 = [{ cluster = "orders", service = "api" }]
          us-west-2 = [{ cluster = "orders", service = "api" }]
        }
        instances = { us-east-1 = ["orders"], us-west-2 = ["orders-replica"] }
      }
    },
    {
      name = "fence-database"
      tier = "critical"
      fence_database = {
        instances  = { us-east-1 = "orders", us-west-2 = "orders-replica" }
        by         = "quarantine"
        quarantine = { us-east-1 = "sg-0aaaaaaaaaaaaaaaa", us-west-2 = "sg-0bbbbbbbbbbbbbbbb" }
      }
    },
    {
      name    = "promote-database"
      tier    = "critical"
      timeout = "45m"
      rds_promote_replica = {
        instances             = { us-east-1 = "orders", us-west-2 = "orders-replica" }
        backup_retention_days = 30
      }
    },
    {
      name = "scale-api"
      tier = "critical"
      ecs_service_capacity = {
        services = {
          us-east-1 = { cluster = "orders", service = "api" }
          us-west-2 = { cluster = "orders", service = "api" }
        }
      }
    },
    {
      name = "rebuild-replica"
      tier = "critical"
      rds_create_replica = {
        instances = { us-east-1 = "orders", us-west-2 = "orders-replica" }
        suffix    = "old"
      }
    },
  ]
}
