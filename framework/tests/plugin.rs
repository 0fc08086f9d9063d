//! The plugin process, black box: started as Terraform starts it, spoken to as Terraform speaks to it.

#[path = "plugin/client.rs"]
mod client;
#[path = "plugin/future.rs"]
mod future;
#[path = "plugin/life.rs"]
mod life;
#[path = "plugin/logs.rs"]
mod logs;
#[path = "plugin/trust.rs"]
mod trust;
