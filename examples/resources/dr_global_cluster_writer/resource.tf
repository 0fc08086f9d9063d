resource "dr_global_cluster_writer" "orders" {
  global_cluster_identifier = "orders-global"

  # Where the writer should be. Editing it moves the writer.
  writer_region = "us-east-1"

  # In peace a switchover, which loses nothing. When the region is lost: "failover", with the moment of the loss.
  mode          = "switchover"
  max_data_loss = "5m"

  timeouts {
    update = "30m"
  }
}
