data "dr_failover_status" "orders" {
  failover_plan = dr_failover_plan.orders.document
}

output "active_region" {
  value = data.dr_failover_status.orders.active_region
}
