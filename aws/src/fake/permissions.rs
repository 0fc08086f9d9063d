//! IAM of the fake: a policy that allows everything but what was taken away by hand.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::refusal::Refusal;
use super::{ACCOUNT, Effect, FakeAws, Local};
use crate::permissions::{Decision, Permissions, Simulated, Simulation};
use crate::{Error, ErrorKind};

#[derive(Default)]
pub(super) struct State {
    /// Actions on resources that begin with a text.
    taken: BTreeSet<(String, String)>,
    /// Whether the caller may not ask.
    closed: bool,
}

impl FakeAws {
    /// Lets no policy allow an action on resources whose ARNs begin so; `""` means all.
    pub fn take_permission(&self, action: &str, resource: &str) {
        let taken = (action.to_owned(), resource.to_owned());
        self.services().permissions.taken.insert(taken);
    }

    /// Refuses simulations from now on, as AWS does without `iam:SimulatePrincipalPolicy`.
    pub fn refuse_simulations(&self) {
        self.services().permissions.closed = true;
    }
}

#[async_trait]
impl Permissions for Local {
    async fn role_arn(&self, name: &str) -> Result<String, Error> {
        self.serve("GetRole", name, |_, _| {
            Ok((format!("arn:aws:iam::{ACCOUNT}:role/{name}"), Effect::Read))
        })
    }

    async fn simulate(&self, question: &Simulation) -> Result<Vec<Simulated>, Error> {
        self.serve("SimulatePrincipalPolicy", &question.action, |services, _| {
            let state = &services.permissions;
            if state.closed {
                let words = format!(
                    "User: {} is not authorized to perform: iam:SimulatePrincipalPolicy on resource: {}",
                    question.principal, question.principal
                );
                return Err(Refusal::of(
                    ErrorKind::AccessDenied,
                    "iam",
                    "AccessDenied",
                    words,
                ));
            }
            let answers = question.resources.iter().map(|resource| {
                let taken = state.taken.iter();
                let taken = taken
                    .filter(|(action, _)| *action == question.action)
                    .any(|(_, begins)| resource.starts_with(begins.as_str()));
                Simulated {
                    resource: resource.clone(),
                    decision: if taken {
                        Decision::NotAllowed
                    } else {
                        Decision::Allowed
                    },
                    missing_context: Vec::new(),
                }
            });
            Ok((answers.collect(), Effect::Read))
        })
    }
}
