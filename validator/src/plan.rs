//! Reads `terraform show -json` of plans.
