//! Services, functions and fleets that exist in the primary region only.

use crate::mirror::Mirror;
use crate::rules::{Check, Rule, missing};
use crate::verdict::{Family, Severity, Sink, Strategies};

pub(super) const RULE: Rule = Rule {
    name: "service-missing",
    family: Family::Compute,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A service, function or fleet of the primary region does not exist in the secondary region.",
    impact: "Nothing serves this part of the platform after a failover until somebody deploys it.",
    doc: "\
## What it asks
ECS services, functions, Auto Scaling groups, node groups, App Runner services, state machines and queues' consumers of the
primary region must have a counterpart in each secondary region.

## Why it breaks a failover
What has to be deployed during an outage depends on pipelines, registries and people that may be in the same outage.

## Example
```terraform
resource \"aws_ecs_service\" \"api\" {        # provider of us-east-1
  desired_count = 4
}
# and none with the provider of us-west-2
```

## How to fix it
Declare the service in the secondary region too; it may run fewer tasks, or none, if its scaling can raise it.
",
    check: Check::Code(check),
};

const TYPES: [&str; 14] = [
    "aws_ecs_service",
    "aws_ecs_cluster",
    "aws_lambda_function",
    "aws_autoscaling_group",
    "aws_eks_cluster",
    "aws_eks_node_group",
    "aws_apprunner_service",
    "aws_sfn_state_machine",
    "aws_batch_compute_environment",
    "aws_batch_job_queue",
    "aws_lb",
    "aws_api_gateway_rest_api",
    "aws_apigatewayv2_api",
    "aws_instance",
];

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    missing::counterparts(mirror, sink, RULE.name, &TYPES, &|_| true);
}
