module "regional_primary" {
  source = "../modules/regional"

  name            = var.name
  role            = "primary"
  region          = var.primary_region
  key_arn         = aws_kms_key.data.arn
  storage_key_arn = module.storage_primary.key_arn
  audit_bucket    = module.storage_primary.bucket_ids["audit"]
  copy_vault_arn  = module.regional_secondary.vault_arn
  backup          = local.backup
  quotas          = local.quotas

  backup_resources = [
    module.data_primary.database_arn,
    module.data_primary.registry_arn,
    module.data_primary.jobs_table_arn,
    module.storage_primary.file_system_arn,
  ]
}

module "regional_secondary" {
  source = "../modules/regional"

  providers = {
    aws = aws.secondary
  }

  name            = var.name
  role            = "secondary"
  region          = var.secondary_region
  key_arn         = aws_kms_replica_key.data.arn
  storage_key_arn = module.storage_secondary.key_arn
  audit_bucket    = module.storage_secondary.bucket_ids["audit"]
  backup          = local.backup
  quotas          = local.quotas

  backup_resources = [
    module.data_secondary.database_arn,
    module.data_secondary.registry_arn,
    module.data_secondary.jobs_table_arn,
    module.storage_secondary.file_system_arn,
  ]
}
