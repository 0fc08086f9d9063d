output "document" {
  description = "The failover plan as canonical JSON: what drctl runs, and what actions and data sources take as failover_plan."
  value       = dr_failover_plan.this.document
}

output "digest" {
  description = "SHA-256 of the document: what was reviewed. drctl plan validate prints the same."
  value       = dr_failover_plan.this.digest
}

output "steps" {
  description = "Names of the steps, in order."
  value       = [for step in local.steps : step.name]
}

output "predicted_rto" {
  description = "How long until it serves again, by declared durations alone."
  value       = dr_failover_plan.this.predicted_rto["critical"]
}

output "stale_stores" {
  description = "Regions whose store does not hold this plan yet."
  value       = dr_failover_plan.this.stale_stores
}

output "readiness" {
  description = "Whether a failover could begin now, and what is in the way; null without readiness."
  value = var.readiness ? {
    ready                = data.dr_failover_readiness.this[0].ready
    problems             = data.dr_failover_readiness.this[0].problems
    data_at_risk_seconds = data.dr_failover_readiness.this[0].data_at_risk_seconds
  } : null
}

output "failover" {
  description = "Who is active and what the last execution took, in seconds; null where active_region is not held."
  value = var.active_region == null ? null : {
    active_region        = dr_failover.this[0].observed
    epoch                = dr_failover.this[0].epoch
    execution_id         = dr_failover.this[0].execution_id
    execution_status     = dr_failover.this[0].execution_status
    measured_rto_seconds = dr_failover.this[0].measured_rto_seconds
    measured_rpo_seconds = dr_failover.this[0].measured_rpo_seconds
  }
}
