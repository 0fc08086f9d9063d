terraform import dr_failover.orders us-west-2/s3://orders-dr-us-west-2/failover/
