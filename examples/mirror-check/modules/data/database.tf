# The relational database: a primary, and in the other region a replica that has everything it needs to become one.

locals {
  primary = var.role == "primary"
}

resource "aws_db_subnet_group" "main" {
  name       = "${var.name}-database"
  subnet_ids = var.network.subnet_ids.isolated
}

resource "aws_db_parameter_group" "main" {
  name   = "${var.name}-postgres16"
  family = "postgres16"

  dynamic "parameter" {
    for_each = var.database.parameters

    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = "pending-reboot"
    }
  }
}

resource "aws_db_instance" "primary" {
  count = local.primary ? 1 : 0

  identifier     = "${var.name}-prod"
  engine         = "postgres"
  engine_version = var.database.engine_version
  instance_class = var.database.instance_class
  db_name        = "molecules"
  username       = "molecules_admin"
  password       = var.database_password

  allocated_storage     = var.database.storage_gib
  max_allocated_storage = var.database.storage_gib * 4
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = var.key_arn

  multi_az                        = var.multi_az
  backup_retention_period         = var.database.retention_days
  backup_window                   = "03:00-04:00"
  maintenance_window              = "sun:05:00-sun:06:00"
  copy_tags_to_snapshot           = true
  deletion_protection             = true
  performance_insights_enabled    = true
  performance_insights_kms_key_id = var.key_arn
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
  auto_minor_version_upgrade      = false
  ca_cert_identifier              = "rds-ca-rsa2048-g1"

  db_subnet_group_name      = aws_db_subnet_group.main.name
  parameter_group_name      = aws_db_parameter_group.main.name
  vpc_security_group_ids    = [var.network.group_ids.database]
  skip_final_snapshot       = false
  final_snapshot_identifier = "${var.name}-prod-final"
}

resource "aws_db_instance" "replica" {
  count = local.primary ? 0 : 1

  identifier          = "${var.name}-replica"
  replicate_source_db = var.source_database_arn
  instance_class      = var.database.instance_class

  max_allocated_storage = var.database.storage_gib * 4
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = var.key_arn

  multi_az                        = var.multi_az
  backup_retention_period         = var.database.retention_days
  backup_window                   = "03:00-04:00"
  maintenance_window              = "sun:05:00-sun:06:00"
  copy_tags_to_snapshot           = true
  deletion_protection             = true
  performance_insights_enabled    = true
  performance_insights_kms_key_id = var.key_arn
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
  auto_minor_version_upgrade      = false
  ca_cert_identifier              = "rds-ca-rsa2048-g1"

  db_subnet_group_name      = aws_db_subnet_group.main.name
  parameter_group_name      = aws_db_parameter_group.main.name
  vpc_security_group_ids    = [var.network.group_ids.database]
  skip_final_snapshot       = false
  final_snapshot_identifier = "${var.name}-replica-final"
}
