# One database, one service, its names: the failover plan of the usual shape.

locals {
  rds    = var.database.rds
  aurora = var.database.aurora

  # Who writes, and whose connections have to end before the last write counts.
  writers     = local.rds != null ? { for region, name in local.rds.instances : region => [name] } : local.aurora.instances
  quiesces    = local.writers != null
  services    = var.service.ecs == null ? null : { for region, it in var.service.ecs : region => [it] }
  groups      = var.service.asg == null ? null : { for region, name in var.service.asg : region => [name] }
  secrets     = { for region in var.regions : region => var.replicated_secrets }
  has_secrets = length(var.replicated_secrets) > 0

  # A step that this estate has no use for is null, and left out below.
  all_steps = [
    var.notify == null ? null : {
      name       = "tell-oncall"
      tier       = "critical"
      after      = []
      on_failure = "continue"
      run_in     = ["failover", "switchover"]
      notify = {
        topics  = var.notify
        subject = "Failover of ${var.name} begins"
        message = "Follow it with drctl watch."
      }
    },
    !local.quiesces ? null : {
      name  = "quiesce-writers"
      tier  = "critical"
      after = []
      quiesce_writers = {
        services  = local.services
        groups    = local.groups
        instances = local.writers
      }
    },
    local.rds == null ? null : {
      name   = "fence-database"
      tier   = "critical"
      after  = ["quiesce-writers"]
      run_in = ["failover", "switchover"]
      fence_database = {
        instances  = local.rds.instances
        by         = "quarantine"
        quarantine = local.rds.quarantine
      }
    },
    local.rds == null ? null : {
      name    = "promote-database"
      tier    = "critical"
      after   = ["fence-database"]
      timeout = local.rds.promotion_timeout
      rds_promote_replica = {
        instances             = local.rds.instances
        backup_retention_days = local.rds.backup_retention_days
        backup_window         = local.rds.backup_window
        multi_az              = local.rds.multi_az
        deletion_protection   = local.rds.deletion_protection
        instance_class        = local.rds.instance_class
      }
    },
    local.aurora == null ? null : {
      name    = "promote-database"
      tier    = "critical"
      after   = local.quiesces ? ["quiesce-writers"] : []
      timeout = local.aurora.promotion_timeout
      aurora_global_writer = {
        global_cluster = local.aurora.global_cluster
        clusters       = local.aurora.clusters
      }
    },
    # After the fence: a failover that is refused leaves them as they are.
    !local.has_secrets ? null : {
      name             = "free-secrets"
      tier             = "critical"
      after            = local.rds == null ? [] : ["fence-database"]
      secret_promotion = { secrets = local.secrets }
    },
    var.connection == null ? null : {
      name  = "point-application"
      tier  = "critical"
      after = local.has_secrets ? ["promote-database", "free-secrets"] : ["promote-database"]
      application_target = {
        parameters = var.connection.parameters
        secrets    = var.connection.secrets
        services   = local.services
      }
    },
    var.service.ecs == null ? null : {
      name  = "scale-service"
      tier  = "critical"
      after = [local.before_service]
      ecs_service_capacity = {
        services = var.service.ecs
        percent  = var.service.percent
        floor    = var.service.floor
      }
    },
    var.service.asg == null ? null : {
      name  = "scale-service"
      tier  = "critical"
      after = [local.before_service]
      asg_capacity = {
        groups  = var.service.asg
        percent = var.service.percent
        floor   = var.service.floor
      }
    },
    var.dns.switch == null ? null : {
      name  = "switch-names"
      tier  = "critical"
      after = ["scale-service"]
      route53_health_check_switch = {
        switches       = [for region in slice(var.regions, 1, length(var.regions)) : { region = region, bucket = var.dns.switch.buckets[region], key = var.dns.switch.key }]
        proof_url      = var.dns.switch.proof_url
        proof_contains = var.dns.switch.proof_contains
      }
    },
    var.dns.records == null ? null : {
      name  = "switch-names"
      tier  = "critical"
      after = ["scale-service"]
      route53_records = {
        zone_id = var.dns.records.zone_id
        records = var.dns.records.records
        weight  = var.dns.records.weight
      }
    },
    local.rds == null ? null : {
      name   = "fence-what-came-back"
      tier   = "critical"
      after  = []
      run_in = ["reprotect"]
      fence_database = {
        instances  = local.rds.instances
        by         = "quarantine"
        quarantine = local.rds.quarantine
      }
    },
    local.rds == null ? null : {
      name    = "rebuild-replica"
      tier    = "critical"
      after   = ["fence-what-came-back"]
      timeout = local.rds.rebuild_timeout
      rds_create_replica = {
        instances       = local.rds.instances
        instance_class  = local.rds.instance_class
        subnet_group    = local.rds.subnet_group
        security_groups = local.rds.security_groups
        parameter_group = local.rds.parameter_group
        kms_key_id      = local.rds.kms_key_id
      }
    },
    !local.has_secrets ? null : {
      name  = "replicate-secrets"
      tier  = "critical"
      after = local.rds == null ? [] : ["fence-what-came-back"]
      secret_replicate = {
        secrets   = local.secrets
        overwrite = true
      }
    },
  ]
  before_service = var.connection == null ? "promote-database" : "point-application"
  steps          = [for step in local.all_steps : step if step != null]

  # What a consent counts for unless it says otherwise: the steps whose gates ask about fence and data.
  guarded = local.rds == null ? ["promote-database"] : ["fence-database", "promote-database"]
}

resource "dr_failover_plan" "this" {
  name        = var.name
  description = var.description
  regions     = var.regions
  tiers       = { critical = { rto = var.rto, rpo = var.rpo } }
  authority   = "promote-database"
  stores      = var.stores
  require_rto = var.require_rto
  steps       = local.steps
}

data "dr_failover_readiness" "this" {
  count = var.readiness ? 1 : 0

  failover_plan = dr_failover_plan.this.document
  observe       = true
  depends_on    = [dr_failover_plan.this]
}

resource "dr_failover" "this" {
  count = var.active_region == null ? 0 : 1

  failover_plan = dr_failover_plan.this.document
  plan_digest   = dr_failover_plan.this.digest
  active_region = var.active_region
  mode          = var.mode
  from          = var.from
  lost_at       = var.lost_at
  declared_at   = var.declared_at

  dynamic "consent" {
    for_each = var.consents
    content {
      risk        = consent.value.risk
      bound       = consent.value.bound
      until       = consent.value.until
      plan_digest = dr_failover_plan.this.digest
      epoch       = consent.value.epoch
      steps       = consent.value.steps != null ? consent.value.steps : local.guarded
      reason      = consent.value.reason
    }
  }
}
