# terraform apply -invoke=action.dr_failover.west
action "dr_failover" "west" {
  config {
    failover_plan = dr_failover_plan.orders.document
    plan_digest   = dr_failover_plan.orders.digest
    target_region = "us-west-2"
    lost_at       = "2026-05-01T02:50:00Z"
  }
}
