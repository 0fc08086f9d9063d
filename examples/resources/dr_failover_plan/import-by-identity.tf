import {
  to = dr_failover_plan.orders
  identity = {
    name = "orders"
    stores = [
      "us-east-1/s3://orders-dr-us-east-1/failover/",
      "us-west-2/s3://orders-dr-us-west-2/failover/",
    ]
  }
}
