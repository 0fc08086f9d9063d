import {
  to = dr_replica_promotion.orders
  id = "us-west-2/moleculeflow-replica"
}
