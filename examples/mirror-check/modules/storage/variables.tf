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

variable "account_id" {
  type = string
}

variable "network" {
  type = object({
    subnet_ids = map(list(string))
    group_ids  = map(string)
  })
}

variable "buckets" {
  description = "Buckets by name; lock_days protects every object against deletion."
  type = map(object({
    archive_days = number
    keep_days    = optional(number, 365)
    lock_days    = optional(number)
  }))
}

variable "versioning" {
  type    = string
  default = "Enabled"
}
