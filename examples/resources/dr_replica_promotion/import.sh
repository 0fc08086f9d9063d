terraform import dr_replica_promotion.orders us-west-2/moleculeflow-replica
