//! Terraform provider for disaster recovery on AWS.

mod contract;
