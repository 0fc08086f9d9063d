terraform import dr_failover_plan.orders us-west-2/s3://orders-dr-us-west-2/failover/
