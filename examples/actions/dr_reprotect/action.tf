# terraform apply -invoke=action.dr_reprotect.orders
action "dr_reprotect" "orders" {
  config {
    failover_plan = dr_failover_plan.orders.document
    plan_digest   = dr_failover_plan.orders.digest
  }
}
