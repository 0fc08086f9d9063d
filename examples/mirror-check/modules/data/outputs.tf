output "database_arn" {
  value = local.primary ? one(aws_db_instance.primary[*].arn) : one(aws_db_instance.replica[*].arn)
}

output "database_address" {
  value = local.primary ? one(aws_db_instance.primary[*].address) : one(aws_db_instance.replica[*].address)
}

output "database_identifier" {
  value = local.primary ? one(aws_db_instance.primary[*].identifier) : one(aws_db_instance.replica[*].identifier)
}

output "registry_arn" {
  value = aws_rds_cluster.registry.arn
}

output "cache_id" {
  value = aws_elasticache_replication_group.main.id
}

output "jobs_table_arn" {
  value = local.primary ? one(aws_dynamodb_table.jobs[*].arn) : one(aws_dynamodb_table_replica.jobs[*].arn)
}

output "secret_arn" {
  value = one(aws_secretsmanager_secret.database[*].arn)
}

output "licence_arn" {
  value = aws_ssm_parameter.licence.arn
}
