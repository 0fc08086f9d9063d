variable "name" {
  description = "Name of the failover plan: 1 to 64 of a-z, 0-9 and -. Another name is another plan."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]{1,64}$", var.name))
    error_message = "name is 1 to 64 of a-z, 0-9 and -, such as \"orders\"."
  }
}

variable "description" {
  description = "What the plan is for, in one sentence."
  type        = string
  default     = null
}

variable "regions" {
  description = "Regions that can be active; the first one is the primary one by design. The usual shape has two."
  type        = list(string)

  validation {
    condition     = length(var.regions) >= 2 && length(distinct(var.regions)) == length(var.regions)
    error_message = "regions names two or more different regions, such as [\"us-east-1\", \"us-west-2\"]."
  }
  validation {
    condition     = alltrue([for it in var.regions : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]+$", it))])
    error_message = "regions holds names of regions, such as us-east-1."
  }
}

variable "rto" {
  description = "The longest until everything serves again, such as 1h. The plan warns where its steps are predicted to take longer."
  type        = string

  validation {
    condition     = can(regex("^[0-9]+[dhms]([0-9]+[hms])*$", var.rto))
    error_message = "rto is a duration such as 90s, 30m or 1h30m."
  }
}

variable "rpo" {
  description = "The most data, as time, that may be lost, such as 5m. A promotion that would lose more is refused without a consent."
  type        = string

  validation {
    condition     = can(regex("^[0-9]+[dhms]([0-9]+[hms])*$", var.rpo))
    error_message = "rpo is a duration such as 30s or 5m."
  }
}

variable "require_rto" {
  description = "Whether a predicted RTO above rto is an error instead of a warning."
  type        = bool
  default     = false
}

variable "stores" {
  description = "Where document, observations, journal and lock are kept, by region: a versioned bucket of that region under a prefix that is not replicated. A directory is for laboratories."
  type = map(object({
    bucket    = optional(string)
    prefix    = optional(string)
    kms_key   = optional(string)
    directory = optional(string)
  }))

  validation {
    condition     = length(setsubtract(var.regions, keys(var.stores))) == 0 && length(setsubtract(keys(var.stores), var.regions)) == 0
    error_message = "stores has one store for each of regions and none besides: what is kept in one region alone is lost with it."
  }
  validation {
    condition     = alltrue([for it in values(var.stores) : (it.bucket == null) != (it.directory == null)])
    error_message = "each store is either a bucket or a directory."
  }
  validation {
    condition     = length(distinct([for it in values(var.stores) : coalesce(it.bucket, it.directory, "-")])) == length(var.stores)
    error_message = "each region has a store of its own; two regions name the same one."
  }
}

variable "notify" {
  description = "SNS topic of each region that is told when a failover begins, by region; null for nobody. A message that cannot be sent stops nothing."
  type        = map(string)
  default     = null

  validation {
    condition     = var.notify == null ? true : length(setsubtract(var.regions, keys(var.notify))) == 0
    error_message = "notify has the ARN of a topic for each of regions."
  }
}
