# What is refused, each at its variable, before anything is planned.

mock_provider "dr" {}

variables {
  name    = "orders"
  regions = ["us-east-1", "us-west-2"]
  rto     = "1h"
  rpo     = "5m"
  stores = {
    us-east-1 = { bucket = "orders-dr-us-east-1" }
    us-west-2 = { bucket = "orders-dr-us-west-2" }
  }
  database = {
    rds = {
      instances  = { us-east-1 = "orders", us-west-2 = "orders-replica" }
      quarantine = { us-east-1 = "sg-0aaaaaaaaaaaaaaaa", us-west-2 = "sg-0bbbbbbbbbbbbbbbb" }
    }
  }
  service = {
    asg = { us-east-1 = "orders", us-west-2 = "orders" }
  }
  dns = {
    switch = { buckets = { us-west-2 = "orders-switch-us-west-2" } }
  }
}

run "a_name_with_capitals" {
  command = plan
  variables { name = "Orders" }
  expect_failures = [var.name]
}

run "one_region" {
  command = plan
  variables { regions = ["us-east-1"] }
  expect_failures = [var.regions]
}

run "a_zone_instead_of_a_region" {
  command = plan
  variables {
    regions = ["us-east-1a", "us-west-2"]
  }
  expect_failures = [var.regions]
}

run "objectives_that_are_no_durations" {
  command = plan
  variables {
    rto = "one hour"
    rpo = "5"
  }
  expect_failures = [var.rto, var.rpo]
}

run "a_store_in_one_region_only" {
  command = plan
  variables {
    stores = { us-east-1 = { bucket = "orders-dr-us-east-1" } }
  }
  expect_failures = [var.stores]
}

run "one_store_for_two_regions" {
  command = plan
  variables {
    stores = { us-east-1 = { bucket = "orders-dr" }, us-west-2 = { bucket = "orders-dr" } }
  }
  expect_failures = [var.stores]
}

run "two_databases_at_once" {
  command = plan
  variables {
    database = {
      rds = {
        instances  = { us-east-1 = "orders", us-west-2 = "orders-replica" }
        quarantine = { us-east-1 = "sg-0aaaaaaaaaaaaaaaa", us-west-2 = "sg-0bbbbbbbbbbbbbbbb" }
      }
      aurora = {
        global_cluster = "orders"
        clusters       = { us-east-1 = "orders-east", us-west-2 = "orders-west" }
      }
    }
  }
  expect_failures = [var.database]
}

run "a_replica_that_is_not_named" {
  command = plan
  variables {
    database = {
      rds = {
        instances  = { us-east-1 = "orders" }
        quarantine = { us-east-1 = "sg-0aaaaaaaaaaaaaaaa", us-west-2 = "sg-0bbbbbbbbbbbbbbbb" }
      }
    }
  }
  expect_failures = [var.database]
}

run "a_quarantine_by_name" {
  command = plan
  variables {
    database = {
      rds = {
        instances  = { us-east-1 = "orders", us-west-2 = "orders-replica" }
        quarantine = { us-east-1 = "quarantine", us-west-2 = "quarantine" }
      }
    }
  }
  expect_failures = [var.database]
}

run "no_service_at_all" {
  command = plan
  variables {
    service = {}
  }
  expect_failures = [var.service]
}

run "a_service_that_stays_in_the_primary_region" {
  command = plan
  variables {
    service = { ecs = { us-east-1 = { cluster = "orders", service = "api" } } }
  }
  expect_failures = [var.service]
}

run "half_a_task" {
  command = plan
  variables {
    service = { asg = { us-east-1 = "orders", us-west-2 = "orders" }, floor = 0.5 }
  }
  expect_failures = [var.service]
}

run "a_switch_for_the_primary_region_alone" {
  command = plan
  variables {
    dns = { switch = { buckets = { us-east-1 = "orders-switch-us-east-1" } } }
  }
  expect_failures = [var.dns]
}

run "records_without_records" {
  command = plan
  variables {
    dns = { records = { zone_id = "Z0123456789ABCDEFGHIJ", records = [] } }
  }
  expect_failures = [var.dns]
}

run "records_whose_control_plane_is_what_is_lost" {
  command = plan
  variables {
    dns = {
      records = {
        zone_id = "Z0123456789ABCDEFGHIJ"
        records = [{ name = "api.orders.example", set_identifiers = { us-east-1 = "east", us-west-2 = "west" } }]
      }
    }
  }
  expect_failures = [var.dns]
}

run "a_connection_to_nothing" {
  command = plan
  variables {
    connection = {}
  }
  expect_failures = [var.connection]
}

run "a_host_without_a_value_for_the_other_region" {
  command = plan
  variables {
    connection = { parameters = [{ name = "/orders/host", values = { us-east-1 = "orders.east" } }] }
  }
  expect_failures = [var.connection]
}

run "active_where_the_plan_does_not_go" {
  command = plan
  variables { active_region = "eu-west-1" }
  expect_failures = [var.active_region]
}

run "a_mode_that_is_an_action" {
  command = plan
  variables { mode = "reprotect" }
  expect_failures = [var.mode]
}

run "a_consent_to_any_loss" {
  command = plan
  variables {
    consents = [{ risk = "data_loss_up_to", until = "2026-05-01T05:00:00Z", epoch = 1 }]
  }
  expect_failures = [var.consents]
}

run "a_consent_without_an_end" {
  command = plan
  variables {
    consents = [{ risk = "unfenced", until = "tomorrow", epoch = 1 }]
  }
  expect_failures = [var.consents]
}
