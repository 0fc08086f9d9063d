# How much data backups may lose, beside the objective of their tier.
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
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
  strategy  = "backup-restore"
}

tier "records" {
  rto   = "8h"
  rpo   = "6h"
  match = ["aws_backup_plan.*"]
}

#! broken: once a day
resource "aws_backup_plan" "records" {
  name = "records"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"
    copy_action {
      destination_vault_arn = aws_backup_vault.secondary.arn
    }
  }
}

#! broken: every hour at home, but what leaves the region is made once a day
resource "aws_backup_plan" "records" {
  name = "records"
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

#! holds: every hour, and four hours for both windows
resource "aws_backup_plan" "records" {
  name = "records"
  rule {
    rule_name         = "hourly"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 * * * ? *)"
    copy_action {
      destination_vault_arn = aws_backup_vault.secondary.arn
    }
  }
}

#! undecided: the schedule is a variable
variable "schedule" {
  type = string
}

resource "aws_backup_plan" "records" {
  name = "records"
  rule {
    rule_name         = "records"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = var.schedule
    copy_action {
      destination_vault_arn = aws_backup_vault.secondary.arn
    }
  }
}
