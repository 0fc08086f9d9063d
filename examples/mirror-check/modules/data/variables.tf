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

variable "network" {
  description = "Subnets and groups that the stores use."
  type = object({
    subnet_ids = map(list(string))
    group_ids  = map(string)
  })
}

variable "key_arn" {
  description = "Key of this region."
  type        = string
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

variable "database_password" {
  type      = string
  default   = null
  sensitive = true
}

variable "multi_az" {
  type    = bool
  default = true
}

variable "registry" {
  description = "The Aurora cluster with the compound registry."
  type = object({
    global_id      = string
    engine_version = string
    instance_class = string
    instances      = number
  })
}

variable "cache_node_type" {
  type    = string
  default = "cache.r6g.large"
}

variable "cache_nodes" {
  type    = number
  default = 2
}

variable "cache_global_id" {
  description = "Global datastore that the cache joins; only in the secondary region."
  type        = string
  default     = null
}

variable "source_database_arn" {
  description = "Database that the replica follows; only in the secondary region."
  type        = string
  default     = null
}

variable "source_jobs_table_arn" {
  type    = string
  default = null
}

variable "replica_region" {
  description = "Where copies are made; only in the primary region."
  type        = string
  default     = null
}

variable "replica_key_arn" {
  type    = string
  default = null
}

variable "settings" {
  description = "Settings of the platform, read at start."
  type        = map(string)
}
