# arn:aws:sns:us-west-2:123456789012:alerts
output "secondary_topic" {
  value = provider::dr::arn_in_region("arn:aws:sns:us-east-1:123456789012:alerts", "us-west-2")
}
