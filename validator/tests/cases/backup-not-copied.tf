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
