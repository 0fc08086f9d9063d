variable "database" {
  description = <<-EOT
    The database: exactly one of
    rds: an RDS instance and its cross-region replica. `instances` by region, `quarantine` the security group without any rule of each region that fences the old writer, `kms_key_id` by region where it is encrypted; the rest is what the promoted instance, or the replica that is made anew, gets.
    aurora: an Aurora global cluster. `clusters` by region, and `instances`, the writer instances whose connections have to end in a switchover; without them nobody waits for that.
  EOT
  type = object({
    rds = optional(object({
      instances             = map(string)
      quarantine            = map(string)
      kms_key_id            = optional(map(string))
      backup_retention_days = optional(number, 30)
      backup_window         = optional(string)
      multi_az              = optional(bool)
      deletion_protection   = optional(bool, true)
      instance_class        = optional(map(string))
      subnet_group          = optional(map(string))
      security_groups       = optional(map(list(string)))
      parameter_group       = optional(map(string))
      promotion_timeout     = optional(string, "45m")
      rebuild_timeout       = optional(string, "6h")
    }))
    aurora = optional(object({
      global_cluster    = string
      clusters          = map(string)
      instances         = optional(map(list(string)))
      promotion_timeout = optional(string)
    }))
  })

  validation {
    condition     = (var.database.rds == null) != (var.database.aurora == null)
    error_message = "database has exactly one of rds and aurora."
  }
  validation {
    condition     = var.database.rds == null ? true : alltrue([for it in [var.database.rds.instances, var.database.rds.quarantine] : length(setsubtract(var.regions, keys(it))) == 0])
    error_message = "database.rds has an instance and a quarantine for each of regions."
  }
  validation {
    condition     = var.database.rds == null ? true : alltrue([for it in values(var.database.rds.quarantine) : can(regex("^sg-[0-9a-f]+$", it))])
    error_message = "database.rds.quarantine holds ids of security groups, such as sg-0a1b2c3d4e5f60718: groups without any rule."
  }
  validation {
    condition     = var.database.aurora == null ? true : alltrue([for it in [var.database.aurora.clusters, coalesce(var.database.aurora.instances, { for region in var.regions : region => [] })] : length(setsubtract(var.regions, keys(it))) == 0])
    error_message = "database.aurora has a cluster, and where instances are given at least one, for each of regions."
  }
}

variable "service" {
  description = "What serves: exactly one of ecs (cluster and service by region) and asg (name of the Auto Scaling group by region). It is brought to `percent` of what the other region ran when it was last observed in peace, and never below `floor`."
  type = object({
    ecs     = optional(map(object({ cluster = string, service = string })))
    asg     = optional(map(string))
    percent = optional(number, 100)
    floor   = optional(number)
  })

  validation {
    condition     = (var.service.ecs == null) != (var.service.asg == null)
    error_message = "service has exactly one of ecs and asg."
  }
  validation {
    condition     = length(setsubtract(var.regions, keys(var.service.ecs != null ? var.service.ecs : { for region, name in coalesce(var.service.asg, {}) : region => { cluster = "", service = name } }))) == 0
    error_message = "service names what serves in each of regions."
  }
  validation {
    condition     = var.service.percent >= 1 && var.service.percent <= 1000 && floor(var.service.percent) == var.service.percent
    error_message = "service.percent is a whole number from 1 to 1000."
  }
  validation {
    condition     = var.service.floor == null ? true : var.service.floor >= 1 && floor(var.service.floor) == var.service.floor
    error_message = "service.floor is a whole number, 1 or more."
  }
}

variable "dns" {
  description = <<-EOT
    How names move: exactly one of
    switch: an object in a bucket of every region but the first, which inverted Route 53 health checks watch; data plane, works while us-east-1 is lost. `proof_url` is asked until it answers from the region that takes over, told by `proof_contains`.
    records: failover or weighted records that are changed; control plane in us-east-1, so only for plans without that region.
  EOT
  type = object({
    switch = optional(object({
      buckets        = map(string)
      key            = optional(string, "active")
      proof_url      = optional(string)
      proof_contains = optional(map(string))
    }))
    records = optional(object({
      zone_id = string
      records = list(object({ name = string, type = optional(string, "A"), set_identifiers = map(string) }))
      weight  = optional(number)
    }))
  })

  validation {
    condition     = (var.dns.switch == null) != (var.dns.records == null)
    error_message = "dns has exactly one of switch and records."
  }
  validation {
    condition     = var.dns.records == null || !contains(var.regions, "us-east-1")
    error_message = "dns.records cannot move in a failover from us-east-1, where the control plane of Route 53 is; use dns.switch."
  }
  validation {
    condition     = var.dns.switch == null ? true : length(setsubtract(slice(var.regions, min(1, length(var.regions)), length(var.regions)), keys(var.dns.switch.buckets))) == 0
    error_message = "dns.switch.buckets has a bucket for each of regions but the first, which is active while all switches are off."
  }
  validation {
    condition     = var.dns.records == null ? true : length(var.dns.records.records) > 0 && alltrue([for it in var.dns.records.records : length(setsubtract(var.regions, keys(it.set_identifiers))) == 0])
    error_message = "dns.records names one record or more, each with a set identifier for each of regions."
  }
}

variable "connection" {
  description = "What the application connects to: parameters of Systems Manager, and texts within secrets, with the value of each region. ECS services are started anew after a change. Null where the application finds its database by a name that moves."
  type = object({
    parameters = optional(list(object({ name = string, values = map(string) })), [])
    secrets    = optional(list(object({ id = string, pointer = optional(string), values = map(string) })), [])
  })
  default = null

  validation {
    condition     = var.connection == null ? true : length(var.connection.parameters) + length(var.connection.secrets) > 0
    error_message = "connection names a parameter or a secret; leave it out where there is neither."
  }
  validation {
    condition     = var.connection == null ? true : alltrue([for it in concat([for one in var.connection.parameters : one.values], [for one in var.connection.secrets : one.values]) : length(setsubtract(var.regions, keys(it))) == 0])
    error_message = "each parameter and secret of connection has a value for each of regions."
  }
}

variable "replicated_secrets" {
  description = "Names of secrets that are replicated from the active region to the others. In a failover the copy of the region that takes over becomes one of its own; reprotect replicates anew, and replaces what is in the other regions."
  type        = list(string)
  default     = []
}
