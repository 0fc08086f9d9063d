//! What IAM says that a principal may do, without doing it.

use async_trait::async_trait;

use crate::Error;

/// A question to IAM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// ARN of the user or role; a session has none, see [`Permissions::role_arn`].
    pub principal: String,
    /// The IAM action, such as `rds:PromoteReadReplica`.
    pub action: String,
    /// ARNs that it is done to; `*` where it is done to none.
    pub resources: Vec<String>,
    /// The region that would be called, for policies that ask `aws:RequestedRegion`.
    pub region: String,
}

/// What IAM decides about one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A policy allows it, and none denies it.
    Allowed,
    /// No policy allows it.
    NotAllowed,
    /// A policy denies it.
    Denied,
}

/// The answer about one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulated {
    /// Its ARN.
    pub resource: String,
    /// What IAM decides.
    pub decision: Decision,
    /// Keys that policies ask for and that the question did not tell: the decision may be another one with them.
    pub missing_context: Vec<String>,
}

/// IAM's own account of permissions; its control plane is in us-east-1.
#[async_trait]
pub trait Permissions: Send + Sync {
    /// The ARN of a role with its path, by `GetRole`: a session's ARN leaves the path out. Harmless, retried.
    async fn role_arn(&self, name: &str) -> Result<String, Error>;

    /// `SimulatePrincipalPolicy`: an answer for each resource. Harmless, retried. Policies of resources, and those that a
    /// session was begun with, are not asked.
    async fn simulate(&self, question: &Simulation) -> Result<Vec<Simulated>, Error>;
}
