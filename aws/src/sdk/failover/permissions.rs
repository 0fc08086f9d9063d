//! IAM's policy simulator through the SDK.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_iam::Client;
use aws_sdk_iam::types::{
    ContextEntry, ContextKeyTypeEnum, EvaluationResult, PolicyEvaluationDecisionType,
};

use crate::permissions::{Decision, Permissions, Simulated, Simulation};
use crate::sdk::access::Access;
use crate::sdk::errors::error;
use crate::sdk::regional::Regional;
use crate::{Error, Region};

pub(in crate::sdk) struct SdkPermissions(Regional<Client>);

impl SdkPermissions {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkPermissions(Regional::new(access, region, "iam", |config, endpoint| {
            let mut builder = aws_sdk_iam::config::Builder::from(config);
            if let Some(endpoint) = endpoint {
                builder = builder.endpoint_url(endpoint);
            }
            Client::from_conf(builder.build())
        }))
    }
}

#[async_trait]
impl Permissions for SdkPermissions {
    async fn role_arn(&self, name: &str) -> Result<String, Error> {
        let answer = self.0.client().await.get_role().role_name(name).send();
        let answer = answer
            .await
            .map_err(|e| error(&self.0.call("GetRole"), &e))?;
        Ok(answer
            .role()
            .map(|role| role.arn().to_owned())
            .unwrap_or_default())
    }

    async fn simulate(&self, question: &Simulation) -> Result<Vec<Simulated>, Error> {
        const OPERATION: &str = "SimulatePrincipalPolicy";
        let request = self.0.client().await.simulate_principal_policy();
        let request = request
            .policy_source_arn(&question.principal)
            .action_names(&question.action)
            .set_resource_arns(Some(question.resources.clone()))
            .context_entries(known(
                "aws:RequestedRegion",
                ContextKeyTypeEnum::String,
                &question.region,
            ))
            .context_entries(known(
                "aws:SecureTransport",
                ContextKeyTypeEnum::Boolean,
                "true",
            ));
        let answer = request.send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        let results = answer.evaluation_results();
        if results.is_empty() {
            return Err(self.0.unreadable(OPERATION, "no decision"));
        }
        Ok(results.iter().flat_map(decided).collect())
    }
}

/// What every call of ours carries.
fn known(key: &str, of: ContextKeyTypeEnum, value: &str) -> ContextEntry {
    ContextEntry::builder()
        .context_key_name(key)
        .context_key_type(of)
        .context_key_values(value)
        .build()
}

/// The answer for each resource; what stands above them is the strictest of them all.
fn decided(result: &EvaluationResult) -> Vec<Simulated> {
    let each = result.resource_specific_results();
    if each.is_empty() {
        return vec![Simulated {
            resource: result.eval_resource_name().unwrap_or("*").to_owned(),
            decision: decision(result.eval_decision()),
            missing_context: result.missing_context_values().to_vec(),
        }];
    }
    let each = each.iter().map(|one| Simulated {
        resource: one.eval_resource_name().to_owned(),
        decision: decision(one.eval_resource_decision()),
        missing_context: one.missing_context_values().to_vec(),
    });
    each.collect()
}

/// What we cannot read allows nothing.
fn decision(word: &PolicyEvaluationDecisionType) -> Decision {
    match word {
        PolicyEvaluationDecisionType::Allowed => Decision::Allowed,
        PolicyEvaluationDecisionType::ExplicitDeny => Decision::Denied,
        _ => Decision::NotAllowed,
    }
}
