# A whole region fails over, and home again. The estate is the one that `make demo` builds in emulated AWS; this root
# holds nothing but its recovery, and keeps its state in the secondary region.

terraform {
  required_version = ">= 1.8"
  required_providers {
    dr = {
      source = "estate-recovery/dr"
    }
  }

  # With an estate of your own, keep the state where recovery happens:
  # backend "s3" {
  #   bucket = "moleculeflow-terraform-us-west-2"
  #   key    = "recovery"
  #   region = "us-west-2"
  # }
}

variable "active_region" {
  description = "Where production runs. Edit it to fail over."
  type        = string
  default     = "us-east-1"
}

variable "mode" {
  description = "\"switchover\" loses nothing and needs both regions; \"failover\" is for when one is lost."
  type        = string
  default     = "switchover"
}

variable "accept_unfenced_until" {
  description = "Accept, until this moment (RFC 3339, at most 24 hours ahead), that the old database may still accept writes."
  type        = string
  default     = null
}

variable "epoch" {
  description = "The epoch that the failover completes: one more than the role changes before it. The refusal names it."
  type        = number
  default     = 1
}

provider "dr" {
  # The secondary region, so that recovery does not depend on what failed.
  region = "us-west-2"
}

resource "dr_failover_plan" "moleculeflow" {
  name        = "moleculeflow"
  description = "Everything that serves customers moves to the other region."
  regions     = ["us-east-1", "us-west-2"]
  tiers = {
    critical = { rto = "1h", rpo = "5m" }
    high     = { rto = "4h", rpo = "15m" }
    standard = { rto = "8h", rpo = "1h" }
  }
  authority = "promote-database"
  stores = {
    us-east-1 = { bucket = "moleculeflow-dr-us-east-1", prefix = "failover/" }
    us-west-2 = { bucket = "moleculeflow-dr-us-west-2", prefix = "failover/" }
  }

  steps = [
    {
      name       = "tell-oncall"
      tier       = "critical"
      after      = []
      on_failure = "continue"
      run_in     = ["failover", "switchover"]
      notify = {
        topics = {
          us-east-1 = "arn:aws:sns:us-east-1:123456789012:oncall"
          us-west-2 = "arn:aws:sns:us-west-2:123456789012:oncall"
        }
        subject = "Failover of moleculeflow begins"
        message = "Follow it with drctl watch."
      }
    },
    {
      name  = "quiesce-writers"
      tier  = "critical"
      after = []
      quiesce_writers = {
        services = {
          us-east-1 = [{ cluster = "moleculeflow", service = "api" }]
          us-west-2 = [{ cluster = "moleculeflow", service = "api" }]
        }
        groups = {
          us-east-1 = ["moleculeflow-workers"]
          us-west-2 = ["moleculeflow-workers"]
        }
        instances = {
          us-east-1 = ["moleculeflow-prod"]
          us-west-2 = ["moleculeflow-replica"]
        }
      }
    },
    {
      name   = "fence-database"
      tier   = "critical"
      after  = ["quiesce-writers"]
      run_in = ["failover", "switchover"]
      fence_database = {
        instances  = { us-east-1 = "moleculeflow-prod", us-west-2 = "moleculeflow-replica" }
        by         = "quarantine"
        quarantine = { us-east-1 = "sg-0aaaaaaaaaaaaaaaa", us-west-2 = "sg-0bbbbbbbbbbbbbbbb" }
      }
    },
    {
      name    = "promote-database"
      tier    = "critical"
      after   = ["fence-database"]
      timeout = "45m"
      rds_promote_replica = {
        instances             = { us-east-1 = "moleculeflow-prod", us-west-2 = "moleculeflow-replica" }
        backup_retention_days = 30
        deletion_protection   = true
      }
    },
    {
      name  = "free-secrets"
      tier  = "critical"
      after = ["fence-database"]
      secret_promotion = {
        secrets = {
          us-east-1 = ["moleculeflow/database"]
          us-west-2 = ["moleculeflow/database"]
        }
      }
    },
    {
      name  = "point-application"
      tier  = "critical"
      after = ["promote-database", "free-secrets"]
      application_target = {
        parameters = [
          {
            name = "/moleculeflow/database/host"
            values = {
              us-east-1 = "moleculeflow-prod.us-east-1.rds.amazonaws.com"
              us-west-2 = "moleculeflow-replica.us-west-2.rds.amazonaws.com"
            }
          },
        ]
        services = {
          us-east-1 = [{ cluster = "moleculeflow", service = "api" }]
          us-west-2 = [{ cluster = "moleculeflow", service = "api" }]
        }
      }
    },
    {
      name  = "scale-api"
      tier  = "high"
      after = ["point-application"]
      ecs_service_capacity = {
        services = {
          us-east-1 = { cluster = "moleculeflow", service = "api" }
          us-west-2 = { cluster = "moleculeflow", service = "api" }
        }
      }
    },
    {
      name  = "scale-workers"
      tier  = "standard"
      after = ["point-application"]
      asg_capacity = {
        groups = { us-east-1 = "moleculeflow-workers", us-west-2 = "moleculeflow-workers" }
      }
    },
    {
      name  = "switch-names"
      tier  = "critical"
      after = ["scale-api"]
      route53_health_check_switch = {
        switches = [{ region = "us-west-2", bucket = "moleculeflow-switch-us-west-2", key = "active" }]
      }
    },
    {
      name   = "fence-what-came-back"
      tier   = "critical"
      after  = []
      run_in = ["reprotect"]
      fence_database = {
        instances  = { us-east-1 = "moleculeflow-prod", us-west-2 = "moleculeflow-replica" }
        by         = "quarantine"
        quarantine = { us-east-1 = "sg-0aaaaaaaaaaaaaaaa", us-west-2 = "sg-0bbbbbbbbbbbbbbbb" }
      }
    },
    {
      name    = "rebuild-replica"
      tier    = "critical"
      after   = ["fence-what-came-back"]
      timeout = "6h"
      rds_create_replica = {
        instances = { us-east-1 = "moleculeflow-prod", us-west-2 = "moleculeflow-replica" }
        suffix    = "old"
        kms_key_id = {
          us-east-1 = "arn:aws:kms:us-east-1:123456789012:key/aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
          us-west-2 = "arn:aws:kms:us-west-2:123456789012:key/bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
        }
      }
    },
    {
      name  = "replicate-secrets"
      tier  = "critical"
      after = ["fence-what-came-back"]
      secret_replicate = {
        secrets = {
          us-east-1 = ["moleculeflow/database"]
          us-west-2 = ["moleculeflow/database"]
        }
        overwrite = true
      }
    },
  ]
}

# Before the day: could we fail over now? Read in every plan. What runs in peace is written down, so that the other
# region can be brought to it.
data "dr_failover_readiness" "now" {
  failover_plan = dr_failover_plan.moleculeflow.document
  observe       = true
  depends_on    = [dr_failover_plan.moleculeflow]
}

resource "dr_failover" "moleculeflow" {
  failover_plan = dr_failover_plan.moleculeflow.document
  plan_digest   = dr_failover_plan.moleculeflow.digest
  active_region = var.active_region
  mode          = var.mode

  dynamic "consent" {
    for_each = var.accept_unfenced_until == null ? [] : [var.accept_unfenced_until]
    content {
      risk        = "unfenced"
      until       = consent.value
      plan_digest = dr_failover_plan.moleculeflow.digest
      epoch       = var.epoch
      steps       = ["fence-database", "promote-database"]
      reason      = "us-east-1 is gone, customers wait"
    }
  }
}

output "digest" {
  description = "What was reviewed; drctl plan validate prints the same."
  value       = dr_failover_plan.moleculeflow.digest
}

output "ready" {
  description = "Whether nothing is in the way of a failover, and what is."
  value = {
    ready    = data.dr_failover_readiness.now.ready
    problems = data.dr_failover_readiness.now.problems
  }
}

output "measured" {
  description = "What the last execution took, by tier, in seconds."
  value = {
    rto = dr_failover.moleculeflow.measured_rto_seconds
    rpo = dr_failover.moleculeflow.measured_rpo_seconds
  }
}
