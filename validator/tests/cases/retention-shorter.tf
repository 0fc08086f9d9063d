# How long copies of backups and of streams are kept.
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

#! broken: copies go after a week, originals after a month
resource "aws_backup_plan" "main" {
  name = "main"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"

    lifecycle {
      delete_after = 30
    }

    copy_action {
      destination_vault_arn = aws_backup_vault.secondary.arn

      lifecycle {
        delete_after = 7
      }
    }
  }
}

#! broken: originals are kept for ever
resource "aws_backup_plan" "main" {
  name = "main"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"

    copy_action {
      destination_vault_arn = aws_backup_vault.secondary.arn

      lifecycle {
        delete_after = 365
      }
    }
  }
}

#! holds: copies that nothing deletes are kept longer than a month
resource "aws_backup_plan" "main" {
  name = "main"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"

    lifecycle {
      delete_after = 30
    }

    copy_action {
      destination_vault_arn = aws_backup_vault.secondary.arn
    }
  }
}

#! undecided: for how long is a variable
variable "days" {
  type = number
}

resource "aws_backup_plan" "main" {
  name = "main"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.primary.name
    schedule          = "cron(0 5 * * ? *)"

    lifecycle {
      delete_after = 30
    }

    copy_action {
      destination_vault_arn = aws_backup_vault.secondary.arn

      lifecycle {
        delete_after = var.days
      }
    }
  }
}
