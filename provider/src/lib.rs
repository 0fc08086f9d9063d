//! Terraform provider for disaster recovery on AWS.
