# --- cache --------------------------------------------------------------------

resource "aws_elasticache_subnet_group" "main" {
  name       = "${var.name}-cache"
  subnet_ids = var.network.subnet_ids.isolated
}

resource "aws_elasticache_replication_group" "main" {
  replication_group_id = "${var.name}-cache-${var.role}"
  description          = "Sessions and rate limits"

  # A member of a global datastore takes engine, size and encryption from it.
  global_replication_group_id = var.cache_global_id
  engine                      = local.primary ? "redis" : null
  engine_version              = local.primary ? "7.1" : null
  node_type                   = local.primary ? var.cache_node_type : null
  at_rest_encryption_enabled  = local.primary ? true : null
  transit_encryption_enabled  = local.primary ? true : null

  num_cache_clusters         = var.cache_nodes
  automatic_failover_enabled = true
  multi_az_enabled           = true
  kms_key_id                 = var.key_arn
  subnet_group_name          = aws_elasticache_subnet_group.main.name
  security_group_ids         = [var.network.group_ids.cache]
}

# --- tables ---------------------------------------------------------------------

resource "aws_dynamodb_table" "jobs" {
  count = local.primary ? 1 : 0

  name                        = "${var.name}-jobs"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "JobId"
  stream_enabled              = true
  stream_view_type            = "NEW_AND_OLD_IMAGES"
  deletion_protection_enabled = true

  attribute {
    name = "JobId"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key_arn
  }

  # The copy is a resource of its own, because only that one can be protected against deletion.
  lifecycle {
    ignore_changes = [replica]
  }
}

resource "aws_dynamodb_table_replica" "jobs" {
  count = local.primary ? 0 : 1

  global_table_arn            = var.source_jobs_table_arn
  kms_key_arn                 = var.key_arn
  point_in_time_recovery      = true
  deletion_protection_enabled = true
}

resource "aws_dynamodb_table" "sessions" {
  count = local.primary ? 1 : 0

  name             = "${var.name}-sessions"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "SessionId"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "SessionId"
    type = "S"
  }

  ttl {
    attribute_name = "ExpiresAt"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key_arn
  }

  replica {
    region_name            = var.replica_region
    kms_key_arn            = var.replica_key_arn
    point_in_time_recovery = true
    propagate_tags         = true
  }
}

# --- secrets and settings ---------------------------------------------------------

resource "aws_secretsmanager_secret" "database" {
  count = local.primary ? 1 : 0

  name                    = "${var.name}/database"
  description             = "Who the services are to the database"
  kms_key_id              = var.key_arn
  recovery_window_in_days = 30

  replica {
    region     = var.replica_region
    kms_key_id = var.replica_key_arn
  }
}

resource "aws_secretsmanager_secret_version" "database" {
  count = local.primary ? 1 : 0

  secret_id = aws_secretsmanager_secret.database[0].id
  secret_string = jsonencode({
    username = "molecules_admin"
    password = var.database_password
  })
}

resource "aws_ssm_parameter" "settings" {
  for_each = var.settings

  name  = "/${var.name}/${each.key}"
  type  = "String"
  value = each.value
}

resource "aws_ssm_parameter" "licence" {
  name             = "/${var.name}/docking/licence"
  description      = "Set by hand in each region"
  type             = "SecureString"
  key_id           = var.key_arn
  value_wo         = "not-a-real-licence"
  value_wo_version = 1
}
