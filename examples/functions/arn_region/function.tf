# us-east-1; null for an ARN without a region, such as a role's.
output "region" {
  value = provider::dr::arn_region("arn:aws:rds:us-east-1:123456789012:db:moleculeflow-prod")
}
