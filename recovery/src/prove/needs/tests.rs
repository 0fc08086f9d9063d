//! Which ARNs IAM is asked about, and what its answers come to.

use serde_json::{Value, json};

use super::*;
use crate::steps::KINDS;

const WEST: &str = "us-west-2";
const ACCOUNT: &str = "123456789012";

/// A plan of these steps, the first one its authority.
fn plan(steps: &Value) -> Document {
    let text = json!({
        "schema": 1,
        "name": "shop",
        "regions": ["us-east-1", WEST],
        "tiers": { "critical": { "rto": "24h", "rpo": "5m" } },
        "authority": steps[0]["name"],
        "stores": {
            "us-east-1": { "bucket": "dr-east", "prefix": "failover/" },
            "us-west-2": { "bucket": "dr-west", "prefix": "failover/", "kms_key": "alias/dr" }
        },
        "accounts": { "us-west-2": { "role_arn": "arn:aws:iam::123456789012:role/dr" } },
        "steps": steps,
    });
    match Document::read(&text.to_string(), KINDS) {
        Ok((document, _)) => document,
        Err(problems) => panic!("{problems:?}"),
    }
}

fn database() -> Value {
    json!({ "name": "promote", "tier": "critical", "rds_promote_replica": {
        "instances": { "us-east-1": "orders", "us-west-2": "orders-replica" } } })
}

fn asked(steps: &Value) -> Vec<Need> {
    needs(&plan(steps), &Region::new(WEST).unwrap(), ACCOUNT)
}

#[track_caller]
fn of<'a>(needs: &'a [Need], action: &str, user: &str) -> &'a Need {
    let found = needs
        .iter()
        .find(|it| it.action == action && it.used_by.contains(user));
    found.unwrap_or_else(|| panic!("{action} of {user} in {needs:#?}"))
}

#[test]
fn what_a_step_names_is_asked_by_its_arn_and_what_it_does_not_name_by_none() {
    let secrets = json!({ "us-east-1": ["shop/db"], "us-west-2": ["shop/db"] });
    let services =
        json!({ "cluster": "arn:aws:ecs:us-west-2:123456789012:cluster/shop", "service": "api" });
    let steps = json!([
        database(),
        { "name": "free", "tier": "critical", "secret_promotion": { "secrets": secrets } },
        { "name": "scale", "tier": "critical", "ecs_service_capacity": { "services": { "us-east-1": services, "us-west-2": services } } },
        { "name": "point", "tier": "critical", "application_target": { "parameters": [
            { "name": "/shop/host", "values": { "us-east-1": "e", "us-west-2": "w" } }] } },
        { "name": "switch", "tier": "critical", "route53_health_check_switch": { "switches": [
            { "region": "us-west-2", "bucket": "shop-switch", "key": "active" }] } },
        { "name": "call", "tier": "critical", "lambda_invoke": { "functions": { "us-east-1": "warm", "us-west-2": "warm" } } }
    ]);
    let asked = asked(&steps);
    for (action, user, arn, exact) in [
        (
            "rds:PromoteReadReplica",
            "promote",
            "arn:aws:rds:us-west-2:123456789012:db:orders-replica",
            true,
        ),
        ("cloudwatch:GetMetricStatistics", "promote", "*", true),
        (
            "secretsmanager:StopReplicationToReplica",
            "free",
            "arn:aws:secretsmanager:us-west-2:123456789012:secret:shop/db-AbCdEf",
            false,
        ),
        (
            "ecs:UpdateService",
            "scale",
            "arn:aws:ecs:us-west-2:123456789012:service/shop/api",
            true,
        ),
        (
            "application-autoscaling:RegisterScalableTarget",
            "scale",
            "*",
            false,
        ),
        (
            "ssm:PutParameter",
            "point",
            "arn:aws:ssm:us-west-2:123456789012:parameter/shop/host",
            true,
        ),
        (
            "s3:PutObject",
            "switch",
            "arn:aws:s3:::shop-switch/active",
            true,
        ),
        (
            "lambda:InvokeFunction",
            "call",
            "arn:aws:lambda:us-west-2:123456789012:function:warm",
            true,
        ),
        (
            "s3:PutObject",
            "the store",
            "arn:aws:s3:::dr-west/failover/lock",
            true,
        ),
        (
            "s3:GetBucketVersioning",
            "the store",
            "arn:aws:s3:::dr-west",
            true,
        ),
        ("kms:Decrypt", "the store", "*", false),
    ] {
        let need = of(&asked, action, user);
        assert_eq!(
            (need.resources.as_slice(), need.exact),
            (&[arn.to_owned()][..], exact),
            "{action}"
        );
    }
    // The role was entered to ask at all; what is in the other region is not asked here.
    assert!(!asked.iter().any(|it| it.action == "sts:AssumeRole"));
    let other = |it: &Need| it.resources.iter().any(|arn| arn.contains("dr-east"));
    assert!(!asked.iter().any(other));
}

#[test]
fn one_question_serves_all_steps_that_do_the_same_to_the_same() {
    let mut probe = database();
    probe["name"] = json!("again");
    let asked = asked(&json!([database(), probe]));
    let need = of(&asked, "rds:DescribeDBInstances", "promote");
    assert!(need.used_by.contains("again"));
    let count = asked
        .iter()
        .filter(|it| it.action == "rds:DescribeDBInstances");
    assert_eq!(count.count(), 1);
}

fn answer(resource: &str, decision: Decision, missing: &[&str]) -> Simulated {
    Simulated {
        resource: resource.to_owned(),
        decision,
        missing_context: missing.iter().map(|&it| it.to_owned()).collect(),
    }
}

fn need(exact: bool) -> Need {
    Need {
        region: Region::new(WEST).unwrap(),
        action: "rds:ModifyDBInstance".to_owned(),
        needed: true,
        used_by: BTreeSet::from(["promote".to_owned()]),
        resources: vec!["arn:a".to_owned(), "arn:b".to_owned()],
        exact,
    }
}

#[test]
fn answers_are_yes_no_or_not_known() {
    use Decision::{Allowed, Denied, NotAllowed};
    let yes = May::Yes;
    let no = |words: &str| May::No(words.to_owned());
    let unknown = |words: &str| May::NotKnown(words.to_owned());
    let mfa = ["aws:MultiFactorAuthPresent"];
    let asks = "policies ask for aws:MultiFactorAuthPresent, which only a real call carries";
    for (exact, answers, expected) in [
        (true, vec![answer("arn:a", Allowed, &[])], yes.clone()),
        // A step names things of several kinds: the action is about one of them.
        (
            true,
            vec![
                answer("arn:a", NotAllowed, &[]),
                answer("arn:b", Allowed, &[]),
            ],
            yes,
        ),
        (
            true,
            vec![answer("arn:a", NotAllowed, &[])],
            no("no policy allows it on arn:a, arn:b"),
        ),
        (
            true,
            vec![answer("arn:a", Allowed, &[]), answer("arn:b", Denied, &[])],
            no("a policy denies it on arn:b"),
        ),
        (
            false,
            vec![answer("*", Denied, &[])],
            no("a policy denies it on *"),
        ),
        (
            false,
            vec![answer("*", NotAllowed, &[])],
            unknown("no policy allows it on arn:a, arn:b; one may for the resources themselves"),
        ),
        (true, vec![answer("arn:a", NotAllowed, &mfa)], unknown(asks)),
        (true, vec![answer("arn:a", Denied, &mfa)], unknown(asks)),
        // No answer allows nothing.
        (true, vec![], no("no policy allows it on arn:a, arn:b")),
    ] {
        assert_eq!(may(&need(exact), &answers), expected, "{answers:?}");
    }
}
