import {
  to = dr_failover_plan.orders
  id = "us-west-2/s3://orders-dr-us-west-2/failover/"
}
