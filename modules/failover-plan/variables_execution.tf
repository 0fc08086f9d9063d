variable "active_region" {
  description = "Where production runs. Changing it executes the plan. Null: the plan is published and nothing is held; executions are left to drctl and actions."
  type        = string
  default     = null

  validation {
    condition     = var.active_region == null ? true : contains(var.regions, var.active_region)
    error_message = "active_region is one of regions."
  }
}

variable "mode" {
  description = "How the active region changes: switchover loses nothing and needs both regions; failover is for when one is lost."
  type        = string
  default     = "switchover"

  validation {
    condition     = contains(["switchover", "failover"], var.mode)
    error_message = "mode is \"switchover\" or \"failover\". Reprotect is the action dr_reprotect, or drctl run --mode reprotect."
  }
}

variable "from" {
  description = "The region that you know to be active. Needed to change it where nothing records what was applied last, for example after the state was lost."
  type        = string
  default     = null
}

variable "lost_at" {
  description = "When the region was lost, in RFC 3339: replication lag after that moment is not data loss."
  type        = string
  default     = null
}

variable "declared_at" {
  description = "When the disaster was declared, in RFC 3339: the measured RTO counts from here."
  type        = string
  default     = null
}

variable "consents" {
  description = "Named risks that somebody accepts: risk is unfenced, unknown_lag or data_loss_up_to (with bound); epoch as the refusal names it; until in RFC 3339, at most 24 hours ahead. They count for this plan and, unless steps are named, for the steps that fence and promote."
  type = list(object({
    risk   = string
    until  = string
    epoch  = number
    bound  = optional(string)
    steps  = optional(list(string))
    reason = optional(string)
  }))
  default = []

  validation {
    condition     = alltrue([for it in var.consents : contains(["unfenced", "unknown_lag", "data_loss_up_to"], it.risk)])
    error_message = "risk is unfenced, unknown_lag or data_loss_up_to."
  }
  validation {
    condition     = alltrue([for it in var.consents : (it.risk == "data_loss_up_to") == (it.bound != null)])
    error_message = "bound is given with the risk data_loss_up_to, and only with it."
  }
  validation {
    condition     = alltrue([for it in var.consents : can(formatdate("YYYY", it.until))])
    error_message = "until is a moment in RFC 3339, such as 2026-05-01T05:00:00Z."
  }
}

variable "readiness" {
  description = "Whether every plan asks what would be in the way of a failover now. What runs in peace is written down then, so that the other region can be brought to it; without it let drctl observe do that."
  type        = bool
  default     = true
}
