import {
  to = dr_failover.orders
  id = "us-west-2/s3://orders-dr-us-west-2/failover/"
}
