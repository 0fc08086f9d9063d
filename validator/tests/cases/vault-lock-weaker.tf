# Locks of vaults that hold backups and their copies.
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

resource "aws_backup_vault_lock_configuration" "primary" {
  backup_vault_name  = aws_backup_vault.primary.name
  min_retention_days = 30
}

#! broken: the vault of the copies is not locked
#! broken: it is locked for less time
resource "aws_backup_vault_lock_configuration" "secondary" {
  provider           = aws.west
  backup_vault_name  = aws_backup_vault.secondary.name
  min_retention_days = 7
}

#! holds: it is locked for longer
resource "aws_backup_vault_lock_configuration" "secondary" {
  provider           = aws.west
  backup_vault_name  = aws_backup_vault.secondary.name
  min_retention_days = 35
  max_retention_days = 365
}

#! undecided: for how long is a variable
variable "days" {
  type = number
}

resource "aws_backup_vault_lock_configuration" "secondary" {
  provider           = aws.west
  backup_vault_name  = aws_backup_vault.secondary.name
  min_retention_days = var.days
}
