# terraform apply -invoke=action.dr_promote_replica.orders
action "dr_promote_replica" "orders" {
  config {
    region                 = "us-west-2"
    db_instance_identifier = "orders-replica"
    source                 = "arn:aws:rds:us-east-1:123456789012:db:orders"
    max_data_loss          = "5m"
  }
}
