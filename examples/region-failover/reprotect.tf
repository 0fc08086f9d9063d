# When the lost region is back: terraform apply -invoke=action.dr_reprotect.moleculeflow. Terraform 1.14 or later; with
# an older one leave this file out, and drctl run --mode reprotect does the same.

action "dr_reprotect" "moleculeflow" {
  config {
    failover_plan = dr_failover_plan.moleculeflow.document
    plan_digest   = dr_failover_plan.moleculeflow.digest
  }
}
