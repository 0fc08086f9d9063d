# A region to ask in, and the identifier of the global cluster.
terraform import dr_global_cluster_writer.orders us-west-2/orders-global
