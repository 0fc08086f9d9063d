# What is handed to dr_failover. The provider is a double: its schema is the real one, nothing is called.

mock_provider "dr" {
  mock_resource "dr_failover_plan" {
    defaults = {
      digest        = "0000000000000000000000000000000000000000000000000000000000000000"
      predicted_rto = { critical = "56m" }
    }
  }
  mock_resource "dr_failover" {
    defaults = {
      observed             = "us-west-2"
      epoch                = 1
      execution_status     = "done_unfenced"
      measured_rto_seconds = { critical = 1260 }
      measured_rpo_seconds = { critical = 2 }
    }
  }
}

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
    ecs = {
      us-east-1 = { cluster = "orders", service = "api" }
      us-west-2 = { cluster = "orders", service = "api" }
    }
  }
  dns = {
    switch = { buckets = { us-west-2 = "orders-switch-us-west-2" } }
  }
}

run "peace_holds_the_primary_region" {
  variables { active_region = "us-east-1" }

  assert {
    condition     = dr_failover.this[0].mode == "switchover" && length(dr_failover.this[0].consent) == 0
    error_message = "a switchover without consents"
  }
  assert {
    condition     = dr_failover.this[0].plan_digest == output.digest
    error_message = "what is previewed is what is published"
  }
}

run "the_worst_day" {
  variables {
    active_region = "us-west-2"
    mode          = "failover"
    lost_at       = "2026-05-01T02:50:00Z"
    consents = [
      { risk = "unfenced", until = "2026-05-01T05:00:00Z", epoch = 1, reason = "us-east-1 is gone" },
      { risk = "data_loss_up_to", bound = "10m", until = "2026-05-01T05:00:00Z", epoch = 1, steps = ["promote-database"] },
    ]
  }

  assert {
    condition     = dr_failover.this[0].consent[0].steps == tolist(["fence-database", "promote-database"]) && dr_failover.this[0].consent[1].steps == tolist(["promote-database"])
    error_message = "a consent counts for the steps that it names, else for those that fence and promote"
  }
  assert {
    condition     = alltrue([for it in dr_failover.this[0].consent : it.plan_digest == output.digest])
    error_message = "consents count for this plan"
  }
  assert {
    condition     = output.failover.execution_status == "done_unfenced" && output.failover.measured_rto_seconds["critical"] == 1260
    error_message = "what was measured is told"
  }
}
