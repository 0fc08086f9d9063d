//! What IAM's simulator is asked, and what its answers become.

use super::{aws, contains, region, xml};
use crate::permissions::{Decision, Simulated, Simulation};
use crate::sdk::tests::refused;
use crate::{Aws, ErrorKind};

fn question() -> Simulation {
    Simulation {
        principal: "arn:aws:iam::123456789012:role/dr/recovery".to_owned(),
        action: "rds:ModifyDBInstance".to_owned(),
        resources: vec!["arn:a".to_owned(), "arn:b".to_owned()],
        region: "us-west-2".to_owned(),
    }
}

fn answered(results: &str) -> crate::sdk::tests::Answer {
    xml(
        200,
        format!(
            "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults>{results}</EvaluationResults><IsTruncated>false</IsTruncated></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>"
        ),
    )
}

fn simulated(resource: &str, decision: Decision, missing: &[&str]) -> Simulated {
    Simulated {
        resource: resource.to_owned(),
        decision,
        missing_context: missing.iter().map(|&it| it.to_owned()).collect(),
    }
}

#[tokio::test]
async fn each_resource_has_its_own_decision() {
    let results = "<member><EvalActionName>rds:ModifyDBInstance</EvalActionName><EvalResourceName>*</EvalResourceName>\
        <EvalDecision>explicitDeny</EvalDecision><ResourceSpecificResults>\
        <member><EvalResourceName>arn:a</EvalResourceName><EvalResourceDecision>allowed</EvalResourceDecision></member>\
        <member><EvalResourceName>arn:b</EvalResourceName><EvalResourceDecision>explicitDeny</EvalResourceDecision>\
        <MissingContextValues><member>aws:MultiFactorAuthPresent</member></MissingContextValues></member>\
        </ResourceSpecificResults></member>";
    let (aws, server) = aws(vec![answered(results)]).await;
    let iam = aws.permissions(&region()).unwrap();
    let answers = iam.simulate(&question()).await.unwrap();
    assert_eq!(
        answers,
        [
            simulated("arn:a", Decision::Allowed, &[]),
            simulated("arn:b", Decision::Denied, &["aws:MultiFactorAuthPresent"]),
        ]
    );
    contains(
        &server.requests()[0],
        &[
            "Action=SimulatePrincipalPolicy&",
            "PolicySourceArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdr%2Frecovery",
            "ActionNames.member.1=rds%3AModifyDBInstance",
            "ResourceArns.member.1=arn%3Aa",
            "ResourceArns.member.2=arn%3Ab",
            "aws%3ARequestedRegion",
            "us-west-2",
        ],
    );
}

#[tokio::test]
async fn without_resources_the_decision_is_the_actions_and_an_unknown_word_allows_nothing() {
    for (word, decision) in [
        ("allowed", Decision::Allowed),
        ("implicitDeny", Decision::NotAllowed),
        ("perhaps", Decision::NotAllowed),
    ] {
        let results = format!(
            "<member><EvalActionName>a</EvalActionName><EvalDecision>{word}</EvalDecision></member>"
        );
        let (aws, _server) = aws(vec![answered(&results)]).await;
        let iam = aws.permissions(&region()).unwrap();
        let answers = iam.simulate(&question()).await.unwrap();
        assert_eq!(answers, [simulated("*", decision, &[])], "{word}");
    }
}

#[tokio::test]
async fn no_decision_and_a_refusal_are_errors() {
    let words = "User: arn:aws:iam::1:user/x is not authorized to perform: iam:SimulatePrincipalPolicy on resource: y";
    for (answer, kind) in [
        (answered(""), ErrorKind::Other),
        (refused(403, "AccessDenied", words), ErrorKind::AccessDenied),
    ] {
        let (aws, _server) = aws(vec![answer]).await;
        let iam = aws.permissions(&region()).unwrap();
        let failed = iam.simulate(&question()).await.unwrap_err();
        assert_eq!(failed.kind, kind, "{failed}");
        if kind == ErrorKind::AccessDenied {
            let missing = failed.missing_permission();
            assert_eq!(missing, Some("iam:SimulatePrincipalPolicy"));
        }
    }
}

#[tokio::test]
async fn a_role_is_read_with_its_path() {
    let body = "<GetRoleResponse><GetRoleResult><Role><Path>/dr/</Path><RoleName>recovery</RoleName><RoleId>R</RoleId>\
        <Arn>arn:aws:iam::123456789012:role/dr/recovery</Arn><CreateDate>2026-08-01T12:00:00Z</CreateDate></Role></GetRoleResult></GetRoleResponse>";
    let (aws, server) = aws(vec![xml(200, body)]).await;
    let iam = aws.permissions(&region()).unwrap();
    let arn = iam.role_arn("recovery").await.unwrap();
    assert_eq!(arn, "arn:aws:iam::123456789012:role/dr/recovery");
    contains(
        &server.requests()[0],
        &["Action=GetRole&", "RoleName=recovery"],
    );
}
