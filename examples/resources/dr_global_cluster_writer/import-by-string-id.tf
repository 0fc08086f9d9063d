import {
  to = dr_global_cluster_writer.orders
  id = "us-west-2/orders-global"
}
