import {
  to = dr_replica_promotion.orders
  identity = {
    region                 = "us-west-2"
    db_instance_identifier = "moleculeflow-replica"
  }
}
