import {
  to = dr_global_cluster_writer.orders
  identity = {
    global_cluster_identifier = "orders-global"
  }
}
