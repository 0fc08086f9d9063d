# The compound registry: a member of an Aurora global database in each region.

resource "aws_rds_cluster_parameter_group" "registry" {
  name   = "${var.name}-registry"
  family = "aurora-postgresql16"

  parameter {
    name  = "log_min_duration_statement"
    value = "500"
  }
}

resource "aws_rds_cluster" "registry" {
  cluster_identifier        = "${var.name}-registry-${var.role}"
  global_cluster_identifier = var.registry.global_id
  engine                    = "aurora-postgresql"
  engine_version            = var.registry.engine_version

  # A secondary member takes its users and databases from the primary one.
  master_username = local.primary ? "registry_admin" : null
  master_password = local.primary ? var.database_password : null
  database_name   = local.primary ? "registry" : null

  storage_encrypted               = true
  kms_key_id                      = var.key_arn
  backup_retention_period         = var.database.retention_days
  preferred_backup_window         = "02:00-03:00"
  copy_tags_to_snapshot           = true
  deletion_protection             = true
  enabled_cloudwatch_logs_exports = ["postgresql"]
  db_subnet_group_name            = aws_db_subnet_group.main.name
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.registry.name
  vpc_security_group_ids          = [var.network.group_ids.database]
  skip_final_snapshot             = false
  final_snapshot_identifier       = "${var.name}-registry-${var.role}-final"

  lifecycle {
    ignore_changes = [replication_source_identifier]
  }
}

resource "aws_rds_cluster_instance" "registry" {
  count = var.registry.instances

  identifier           = "${var.name}-registry-${var.role}-${count.index}"
  cluster_identifier   = aws_rds_cluster.registry.id
  engine               = aws_rds_cluster.registry.engine
  engine_version       = aws_rds_cluster.registry.engine_version
  instance_class       = var.registry.instance_class
  db_subnet_group_name = aws_db_subnet_group.main.name
}
