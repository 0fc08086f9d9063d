# What the module makes of the usual shapes. Plans only: nothing is called, nothing is written.

provider "dr" {
  region = "us-west-2"
}

variables {
  name    = "orders"
  regions = ["us-east-1", "us-west-2"]
  rto     = "1h"
  rpo     = "5m"
  stores = {
    us-east-1 = { bucket = "orders-dr-us-east-1", prefix = "failover/" }
    us-west-2 = { bucket = "orders-dr-us-west-2", prefix = "failover/" }
  }
  database = {
    rds = {
      instances  = { us-east-1 = "orders", us-west-2 = "orders-replica" }
      quarantine = { us-east-1 = "sg-0aaaaaaaaaaaaaaaa", us-west-2 = "sg-0bbbbbbbbbbbbbbbb" }
    }
  }
  service = {
    ecs = {
      us-east-1 = { cluster = "orders", service = "api" }
      us-west-2 = { cluster = "orders", service = "api" }
    }
  }
  dns = {
    switch = { buckets = { us-west-2 = "orders-switch-us-west-2" } }
  }
}

run "an_instance_with_a_replica_and_a_service" {
  command = plan

  assert {
    condition     = output.steps == ["quiesce-writers", "fence-database", "promote-database", "scale-service", "switch-names", "fence-what-came-back", "rebuild-replica"]
    error_message = "steps: ${join(", ", output.steps)}"
  }
  assert {
    condition     = length(output.digest) == 64
    error_message = "the digest is known while planning"
  }
  assert {
    condition     = jsondecode(output.document).steps[2].rds_promote_replica.instances.us-west-2 == "orders-replica"
    error_message = "the document names the replica: ${output.document}"
  }
  assert {
    condition     = output.failover == null
    error_message = "nothing is held where active_region is null"
  }
}

run "everything_that_can_be_asked_for" {
  command = plan

  variables {
    notify             = { us-east-1 = "arn:aws:sns:us-east-1:123456789012:oncall", us-west-2 = "arn:aws:sns:us-west-2:123456789012:oncall" }
    replicated_secrets = ["orders/database"]
    connection = {
      parameters = [{ name = "/orders/database/host", values = { us-east-1 = "orders.east", us-west-2 = "orders.west" } }]
      secrets    = [{ id = "orders/application", pointer = "/host", values = { us-east-1 = "orders.east", us-west-2 = "orders.west" } }]
    }
    readiness = false
  }

  assert {
    condition     = output.steps == ["tell-oncall", "quiesce-writers", "fence-database", "promote-database", "free-secrets", "point-application", "scale-service", "switch-names", "fence-what-came-back", "rebuild-replica", "replicate-secrets"]
    error_message = "steps: ${join(", ", output.steps)}"
  }
  assert {
    condition     = jsondecode(output.document).steps[5].after == ["promote-database", "free-secrets"]
    error_message = "the application is pointed at a database that is promoted, by secrets that can be written"
  }
  assert {
    condition     = output.readiness == null
    error_message = "nobody asked for readiness"
  }
}

run "a_global_cluster_a_group_and_records" {
  command = plan

  variables {
    regions = ["eu-central-1", "eu-west-1"]
    stores = {
      eu-central-1 = { bucket = "orders-dr-eu-central-1" }
      eu-west-1    = { bucket = "orders-dr-eu-west-1" }
    }
    database = {
      aurora = {
        global_cluster = "orders"
        clusters       = { eu-central-1 = "orders-central", eu-west-1 = "orders-west" }
      }
    }
    service = {
      asg   = { eu-central-1 = "orders", eu-west-1 = "orders" }
      floor = 2
    }
    dns = {
      records = {
        zone_id = "Z0123456789ABCDEFGHIJ"
        records = [{ name = "api.orders.example", set_identifiers = { eu-central-1 = "east", eu-west-1 = "west" } }]
      }
    }
  }

  assert {
    condition     = output.steps == ["promote-database", "scale-service", "switch-names"]
    error_message = "steps: ${join(", ", output.steps)}"
  }
  assert {
    condition     = jsondecode(output.document).steps[1].asg_capacity.floor == 2
    error_message = "the floor arrives: ${output.document}"
  }
}

run "a_global_cluster_whose_writers_are_named_is_quiesced_first" {
  command = plan

  variables {
    database = {
      aurora = {
        global_cluster = "orders"
        clusters       = { us-east-1 = "orders-east", us-west-2 = "orders-west" }
        instances      = { us-east-1 = ["orders-east-1"], us-west-2 = ["orders-west-1"] }
      }
    }
  }

  assert {
    condition     = output.steps == ["quiesce-writers", "promote-database", "scale-service", "switch-names"]
    error_message = "steps: ${join(", ", output.steps)}"
  }
}

run "three_regions_have_two_switches" {
  command = plan

  variables {
    regions = ["us-east-1", "us-west-2", "eu-west-1"]
    stores = {
      us-east-1 = { bucket = "orders-dr-us-east-1" }
      us-west-2 = { bucket = "orders-dr-us-west-2" }
      eu-west-1 = { bucket = "orders-dr-eu-west-1" }
    }
    database = {
      rds = {
        instances  = { us-east-1 = "orders", us-west-2 = "orders-replica", eu-west-1 = "orders-replica" }
        quarantine = { us-east-1 = "sg-0aaaaaaaaaaaaaaaa", us-west-2 = "sg-0bbbbbbbbbbbbbbbb", eu-west-1 = "sg-0cccccccccccccccc" }
      }
    }
    service = {
      ecs = {
        us-east-1 = { cluster = "orders", service = "api" }
        us-west-2 = { cluster = "orders", service = "api" }
        eu-west-1 = { cluster = "orders", service = "api" }
      }
    }
    dns = {
      switch = { buckets = { us-west-2 = "orders-switch-us-west-2", eu-west-1 = "orders-switch-eu-west-1" } }
    }
  }

  assert {
    condition     = [for it in jsondecode(output.document).steps[4].route53_health_check_switch.switches : it.region] == ["us-west-2", "eu-west-1"]
    error_message = "a switch for every region but the first: ${output.document}"
  }
}
