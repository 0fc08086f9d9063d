variable "name" {
  type = string
}

variable "role" {
  type = string

  validation {
    condition     = contains(["primary", "secondary"], var.role)
    error_message = "The role is primary or secondary."
  }
}

variable "region" {
  type = string
}

variable "key_arn" {
  type = string
}

variable "storage_key_arn" {
  type = string
}

variable "audit_bucket" {
  type = string
}

variable "copy_vault_arn" {
  description = "Vault in the other region that gets a copy; only in the primary region."
  type        = string
  default     = null
}

variable "backup" {
  type = object({
    schedule     = optional(string, "cron(0 5 * * ? *)")
    keep_days    = number
    copy_days    = number
    minimum_days = optional(number, 7)
    maximum_days = optional(number, 3650)
  })
}

variable "backup_resources" {
  type = list(string)
}

variable "quotas" {
  description = "Quotas that the estate needs, by service and quota code."
  type        = map(number)
}
