resource "aws_backup_region_settings" "this" {
  resource_type_opt_in_preference = {
    "Aurora"          = true
    "DynamoDB"        = true
    "EBS"             = true
    "EC2"             = true
    "EFS"             = true
    "RDS"             = true
    "S3"              = true
    "Storage Gateway" = true
  }
}

resource "aws_backup_vault" "main" {
  name        = "${var.name}-backups"
  kms_key_arn = var.key_arn
}

resource "aws_backup_vault_lock_configuration" "main" {
  backup_vault_name   = aws_backup_vault.main.name
  min_retention_days  = var.backup.minimum_days
  max_retention_days  = var.backup.maximum_days
  changeable_for_days = 3
}

resource "aws_backup_plan" "main" {
  name = "${var.name}-daily"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.main.name
    schedule          = var.backup.schedule
    start_window      = 60
    completion_window = 240

    lifecycle {
      delete_after = var.backup.keep_days
    }

    dynamic "copy_action" {
      for_each = var.role == "primary" ? [var.copy_vault_arn] : []

      content {
        destination_vault_arn = copy_action.value

        lifecycle {
          delete_after = var.backup.copy_days
        }
      }
    }
  }
}

data "aws_iam_policy_document" "backup_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["backup.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "backup" {
  name               = "${var.name}-backup-${var.region}"
  assume_role_policy = data.aws_iam_policy_document.backup_trust.json
}

resource "aws_iam_role_policy_attachment" "backup" {
  for_each = toset(["ForBackup", "ForRestores"])

  role       = aws_iam_role.backup.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicy${each.key}"
}

resource "aws_backup_selection" "main" {
  name         = "${var.name}-stores"
  plan_id      = aws_backup_plan.main.id
  iam_role_arn = aws_iam_role.backup.arn
  resources    = var.backup_resources
}
