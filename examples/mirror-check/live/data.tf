module "data_primary" {
  source = "../modules/data"

  name              = var.name
  role              = "primary"
  network           = module.network_primary
  key_arn           = aws_kms_key.data.arn
  database          = var.database
  database_password = var.database_password
  registry          = local.registry
  settings          = var.settings
  replica_region    = var.secondary_region
  replica_key_arn   = aws_kms_replica_key.data.arn
}

module "data_secondary" {
  source = "../modules/data"

  providers = {
    aws = aws.secondary
  }

  name                  = var.name
  role                  = "secondary"
  network               = module.network_secondary
  key_arn               = aws_kms_replica_key.data.arn
  database              = var.database
  registry              = local.registry
  settings              = var.settings
  source_database_arn   = module.data_primary.database_arn
  source_jobs_table_arn = module.data_primary.jobs_table_arn
  cache_global_id       = aws_elasticache_global_replication_group.sessions.global_replication_group_id

  # A member can join only when the primary one has instances.
  depends_on = [module.data_primary]
}

# --- what spans both regions ----------------------------------------------------

locals {
  registry = {
    global_id      = aws_rds_global_cluster.registry.id
    engine_version = aws_rds_global_cluster.registry.engine_version
    instance_class = "db.r6g.large"
    instances      = 2
  }
}

resource "aws_rds_global_cluster" "registry" {
  global_cluster_identifier = "${var.name}-registry"
  engine                    = "aurora-postgresql"
  engine_version            = "16.8"
  storage_encrypted         = true
  deletion_protection       = true
}

resource "aws_elasticache_global_replication_group" "sessions" {
  global_replication_group_id_suffix = var.name
  primary_replication_group_id       = module.data_primary.cache_id
}
