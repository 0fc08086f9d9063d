variable "name" {
  type    = string
  default = "moleculeflow"
}

variable "account_id" {
  type    = string
  default = "123456789012"
}

variable "domain" {
  type    = string
  default = "moleculeflow.example"
}

variable "primary_region" {
  type    = string
  default = "us-east-1"
}

variable "secondary_region" {
  type    = string
  default = "us-west-2"
}

variable "database_password" {
  type      = string
  sensitive = true
}

variable "database" {
  type = object({
    engine_version = string
    instance_class = string
    storage_gib    = number
    retention_days = number
    parameters     = map(string)
  })
}

variable "services" {
  description = "Containers behind the load balancer; web answers what no other path does."
  type = map(object({
    cpu     = number
    memory  = number
    port    = number
    path    = string
    order   = number
    running = number
    maximum = number
  }))
}

variable "workers" {
  type = object({
    instance_type = string
    running       = number
    maximum       = number
  })
}

variable "buckets" {
  type = map(object({
    archive_days = number
    keep_days    = number
    lock_days    = optional(number)
  }))
}

variable "settings" {
  type = map(string)
}

variable "alarm_emails" {
  type    = list(string)
  default = []
}
