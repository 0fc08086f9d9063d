data "dr_failover_readiness" "orders" {
  failover_plan = dr_failover_plan.orders.document
  observe       = true # what runs in peace is what the other region is brought to
}

check "could_fail_over" {
  assert {
    condition     = data.dr_failover_readiness.orders.ready
    error_message = join("\n", data.dr_failover_readiness.orders.problems)
  }
}
