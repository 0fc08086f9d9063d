# Whether backups leave the region at all.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_backup_vault" "primary" {
  name = "main"
}

resource "aws_backup_vault" "secondary" {
  provider = aws.west
  name     = "main"
}

#! broken: no rule copies
resource "aws_backup_plan" "primary" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"
  }
}

#! holds: one rule copies; another one of the plan is for quick restores at home
resource "aws_backup_plan" "primary" {
  name = "daily"
  rule {
    rule_name         = "hourly"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 * * * ? *)"
  }
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"
    copy_action {
      destination_vault_arn = aws_backup_vault.secondary.arn
    }
  }
}

#! undecided: the rules come from a variable
variable "rules" {
  type = map(object({ schedule = string, copy = string }))
}

resource "aws_backup_plan" "primary" {
  name = "daily"
  dynamic "rule" {
    for_each = var.rules
    content {
      rule_name         = rule.key
      target_vault_name = aws_backup_vault.primary.name
      schedule          = rule.value.schedule
      copy_action {
        destination_vault_arn = rule.value.copy
      }
    }
  }
}

#! broken: the only copy goes to a third region
resource "aws_backup_plan" "primary" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"
    copy_action {
      destination_vault_arn = "arn:aws:backup:eu-west-1:123456789012:backup-vault:main"
    }
  }
}

#! broken: nothing but copies lies in the secondary region, and no plan is there for the database
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
  strategy  = "backup-restore"
}
#! file more.tf
resource "aws_db_instance" "orders" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = "db.r6g.large"
}

#! broken: a plan copies, and selects tables only
resource "aws_db_instance" "orders" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = "db.r6g.large"
}

resource "aws_backup_plan" "primary" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"
    copy_action {
      destination_vault_arn = aws_backup_vault.secondary.arn
    }
  }
}

resource "aws_backup_selection" "tables" {
  name         = "tables"
  plan_id      = aws_backup_plan.primary.id
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = ["arn:aws:dynamodb:*:*:table/*"]
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
  strategy  = "backup-restore"
}

#! broken: everything is selected but the database
resource "aws_db_instance" "orders" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = "db.r6g.large"
}

resource "aws_backup_plan" "primary" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"
    copy_action {
      destination_vault_arn = aws_backup_vault.secondary.arn
    }
  }
}

resource "aws_backup_selection" "all" {
  name          = "all"
  plan_id       = aws_backup_plan.primary.id
  iam_role_arn  = "arn:aws:iam::123456789012:role/backup"
  resources     = ["*"]
  not_resources = [aws_db_instance.orders.arn]
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
  strategy  = "backup-restore"
}

#! holds: a database that a pattern selects, a table by reference, a file system by tag
resource "aws_db_instance" "orders" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = "db.r6g.large"
}

resource "aws_dynamodb_table" "jobs" {
  name     = "jobs"
  hash_key = "id"
  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_efs_file_system" "files" {
  encrypted = true
  tags      = { backup = "yes" }
}

resource "aws_backup_plan" "primary" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"
    copy_action {
      destination_vault_arn = aws_backup_vault.secondary.arn
    }
  }
}

resource "aws_backup_selection" "some" {
  name         = "some"
  plan_id      = aws_backup_plan.primary.id
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = ["arn:aws:rds:*:*:db:*", aws_dynamodb_table.jobs.arn]
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "backup"
    value = "yes"
  }
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
  strategy  = "backup-restore"
}

#! undecided: the selection goes by a tag that the database does not show itself
resource "aws_db_instance" "orders" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = "db.r6g.large"
}

resource "aws_backup_plan" "primary" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"
    copy_action {
      destination_vault_arn = aws_backup_vault.secondary.arn
    }
  }
}

resource "aws_backup_selection" "tagged" {
  name         = "tagged"
  plan_id      = aws_backup_plan.primary.id
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "backup"
    value = "yes"
  }
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
  strategy  = "backup-restore"
}
