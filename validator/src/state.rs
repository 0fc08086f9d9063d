//! Reads states: `terraform show -json`, and the raw file.
