# To which region backups are copied.
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

resource "aws_backup_vault" "archive" {
  name = "archive"
}

resource "aws_backup_vault" "secondary" {
  provider = aws.west
  name     = "main"
}

#! broken: the copy goes to another vault of the same region
resource "aws_backup_plan" "primary" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"
    copy_action {
      destination_vault_arn = aws_backup_vault.archive.arn
    }
  }
}

#! holds: the copy goes to the secondary region
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

#! holds: one copy stays at home, the other one leaves
resource "aws_backup_plan" "primary" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"
    copy_action {
      destination_vault_arn = aws_backup_vault.archive.arn
    }
    copy_action {
      destination_vault_arn = aws_backup_vault.secondary.arn
    }
  }
}

#! undecided: the vault is a variable
variable "vault" {
  type = string
}

resource "aws_backup_plan" "primary" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"
    copy_action {
      destination_vault_arn = var.vault
    }
  }
}

#! undecided: the vault stands as text, and nothing here declares it
resource "aws_backup_plan" "primary" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"
    copy_action {
      destination_vault_arn = "arn:aws:backup:us-west-2:123456789012:backup-vault:elsewhere"
    }
  }
}

#! holds: the vault stands as text, and is declared
resource "aws_backup_plan" "primary" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"
    copy_action {
      destination_vault_arn = "arn:aws:backup:us-west-2:123456789012:backup-vault:main"
    }
  }
}
