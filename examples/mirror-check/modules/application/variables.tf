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

variable "registry" {
  description = "Host of the image registry of this region."
  type        = string
}

variable "domain" {
  type = string
}

variable "network" {
  type = object({
    vpc_id     = string
    subnet_ids = map(list(string))
    group_ids  = map(string)
  })
}

variable "services" {
  type = map(object({
    cpu     = number
    memory  = number
    port    = number
    path    = string
    order   = number
    running = number
    standby = optional(number, 1)
    maximum = optional(number, 12)
  }))
}

variable "workers" {
  type = object({
    instance_type = string
    running       = number
    standby       = optional(number, 1)
    maximum       = number
  })
}

variable "database_host" {
  description = "A name that follows the failover, never the endpoint of one region."
  type        = string
}

variable "database_identifier" {
  type = string
}

variable "secret_arn" {
  type = string
}

variable "licence_arn" {
  type = string
}

variable "jobs_table_arn" {
  type = string
}

variable "bucket_arns" {
  type = map(string)
}

variable "bucket_ids" {
  type = map(string)
}

variable "key_arn" {
  type = string
}

variable "storage_key_arn" {
  type = string
}

variable "files" {
  description = "File system and access point of the workers."
  type        = object({ file_system_id = string, access_point_id = string })
}

variable "certificate_records" {
  description = "Names of the records that validate the certificate."
  type        = list(string)
}

variable "alarm_emails" {
  type = list(string)
}

variable "log_retention_days" {
  type    = number
  default = 90
}
