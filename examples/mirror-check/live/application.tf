module "application_primary" {
  source = "../modules/application"

  name                = var.name
  role                = "primary"
  region              = var.primary_region
  registry            = "${var.account_id}.dkr.ecr.${var.primary_region}.amazonaws.com"
  domain              = var.domain
  network             = module.network_primary
  services            = var.services
  workers             = var.workers
  database_host       = local.database_host
  database_identifier = module.data_primary.database_identifier
  secret_arn          = module.data_primary.secret_arn
  licence_arn         = module.data_primary.licence_arn
  jobs_table_arn      = module.data_primary.jobs_table_arn
  bucket_arns         = module.storage_primary.bucket_arns
  bucket_ids          = module.storage_primary.bucket_ids
  key_arn             = aws_kms_key.data.arn
  storage_key_arn     = module.storage_primary.key_arn
  files               = module.storage_primary
  certificate_records = local.certificate_records
  alarm_emails        = var.alarm_emails
}

module "application_secondary" {
  source = "../modules/application"

  providers = {
    aws = aws.secondary
  }

  name                = var.name
  role                = "secondary"
  region              = var.secondary_region
  registry            = "${var.account_id}.dkr.ecr.${var.secondary_region}.amazonaws.com"
  domain              = var.domain
  network             = module.network_secondary
  services            = var.services
  workers             = var.workers
  database_host       = local.database_host
  database_identifier = module.data_secondary.database_identifier
  # A replicated secret keeps its name and suffix; only the region in its ARN differs.
  secret_arn          = replace(module.data_primary.secret_arn, var.primary_region, var.secondary_region)
  licence_arn         = module.data_secondary.licence_arn
  jobs_table_arn      = module.data_secondary.jobs_table_arn
  bucket_arns         = module.storage_secondary.bucket_arns
  bucket_ids          = module.storage_secondary.bucket_ids
  key_arn             = aws_kms_replica_key.data.arn
  storage_key_arn     = module.storage_secondary.key_arn
  files               = module.storage_secondary
  certificate_records = local.certificate_records
  alarm_emails        = var.alarm_emails
}
