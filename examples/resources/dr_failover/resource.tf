resource "dr_failover" "orders" {
  failover_plan = dr_failover_plan.orders.document
  plan_digest   = dr_failover_plan.orders.digest
  active_region = "us-east-1" # edit this to fail over
  mode          = "switchover"

  # Where us-east-1 is lost: export DR_LOST_REGIONS=us-east-1, write mode = "failover", and where the plan
  # refuses because nobody can prove that the old database is fenced, the consent that it shows.
  # lost_at = "2026-05-01T02:50:00Z"
  # consent {
  #   risk        = "unfenced"
  #   until       = "2026-05-01T05:00:00Z"
  #   plan_digest = dr_failover_plan.orders.digest
  #   epoch       = 1
  #   steps       = ["fence-database", "promote-database"]
  #   reason      = "us-east-1 is gone, customers wait"
  # }
}
