# terraform apply -invoke=action.dr_switchover.home
action "dr_switchover" "home" {
  config {
    failover_plan = dr_failover_plan.orders.document
    plan_digest   = dr_failover_plan.orders.digest
    target_region = "us-east-1"
  }
}
