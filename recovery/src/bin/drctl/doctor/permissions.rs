//! Whether the caller may do what the plan does, as IAM tells without doing it.

use std::collections::BTreeMap;

use aws::permissions::{Permissions, Simulation};
use aws::sts::Caller;
use aws::{Error, ErrorKind, Region};
use recovery::message::Message;
use recovery::prove::{May, Need, may, needs, permissions};

use super::{Chart, Verdict};
use crate::world::World;

/// Who calls in a region.
pub(super) async fn caller(world: &World, region: &Region) -> Result<Caller, Error> {
    world.aws.identity(region)?.caller().await
}

/// One line a region where all is allowed; else one for every action that is not, or that nobody can tell of.
pub(super) async fn check(world: &World, callers: &BTreeMap<Region, Caller>, chart: &mut Chart) {
    for region in permissions(&world.around.document).keys() {
        let known = match callers.get(region) {
            Some(caller) => Ok(caller.clone()),
            // Services that live in other regions, such as the endpoints of a cluster.
            None => caller(world, region).await,
        };
        let asked = match known {
            Ok(caller) => ask(world, region, &caller).await,
            Err(error) => Err(not_known(&error, region)),
        };
        let check = format!("permissions in {region}");
        match asked {
            Err(message) => chart.tell(&check, &Verdict::NotKnown(message)),
            Ok(found) if found.is_empty() => chart.tell(&check, &Verdict::Ok),
            Ok(found) => {
                for (need, answer) in found {
                    let check = format!("permission {} in {region}", need.action);
                    chart.tell(&check, &judged(&need, answer));
                }
            }
        }
    }
}

/// What is not allowed, or not known. Whoever may not ask is told once, and not for every action.
async fn ask(world: &World, region: &Region, caller: &Caller) -> Result<Vec<(Need, May)>, Message> {
    let failed = |error: Error| not_known(&error, region);
    let iam = world.aws.permissions(region).map_err(failed)?;
    let principal = principal(iam.as_ref(), &caller.arn).await?;
    let mut found = Vec::new();
    for need in needs(&world.around.document, region, &caller.account) {
        let question = Simulation {
            principal: principal.clone(),
            action: need.action.clone(),
            resources: need.resources.clone(),
            region: region.to_string(),
        };
        let answers = iam.simulate(&question).await.map_err(failed)?;
        match may(&need, &answers) {
            May::Yes => {}
            answer => found.push((need, answer)),
        }
    }
    Ok(found)
}

/// The user or role behind a caller: policies belong to those.
async fn principal(iam: &dyn Permissions, arn: &str) -> Result<String, Message> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, partition, service, _, account, name] = parts.as_slice() else {
        return Err(unasked(arn, "no ARN"));
    };
    match (*service, name.split('/').collect::<Vec<_>>().as_slice()) {
        ("iam", ["user", ..]) => Ok(arn.to_owned()),
        ("sts", ["assumed-role", role, ..]) => match iam.role_arn(role).await {
            Ok(arn) if !arn.is_empty() => Ok(arn),
            // Most roles have no path.
            _ => Ok(format!("arn:{partition}:iam::{account}:role/{role}")),
        },
        ("iam", ["root"]) => Err(unasked(arn, "the root user, whom no policy limits")),
        _ => Err(unasked(arn, "neither a user nor a role")),
    }
}

fn unasked(arn: &str, what: &str) -> Message {
    Message::new(
        format!("{arn} is {what}: IAM simulates nothing for it"),
        "a user or a role",
        "ask with the credentials that a failover will have",
    )
}

fn not_known(error: &Error, region: &Region) -> Message {
    let next = match error.kind {
        ErrorKind::AccessDenied => {
            "allow iam:SimulatePrincipalPolicy to the caller, or let somebody ask who may".to_owned()
        }
        ErrorKind::Credentials => format!("mend the credentials in {region} first"),
        _ => "ask again where IAM simulates policies, and allow iam:SimulatePrincipalPolicy to the caller"
            .to_owned(),
    };
    let expected = "an answer of IAM's policy simulator";
    Message::new(error.to_string(), expected, next)
}

fn judged(need: &Need, answer: May) -> Verdict {
    let users: Vec<&str> = need.used_by.iter().map(String::as_str).collect();
    let users = users.join(", ");
    let expected = format!("the caller may, for {users}");
    let next = format!("allow {} to the caller", need.action);
    match answer {
        May::Yes => Verdict::Ok,
        May::No(why) if need.needed => {
            let seen = format!("{why}; {users} cannot be done without it");
            Verdict::Broken(Message::new(seen, expected, next))
        }
        May::No(why) => {
            let seen = format!("{why}; {users} can be done without it, and tells less then");
            Verdict::Warning(Message::new(seen, expected, next))
        }
        May::NotKnown(why) => {
            let seen = format!("{why}; used by {users}");
            let next = format!("look whether {} is allowed to the caller", need.action);
            Verdict::NotKnown(Message::new(seen, expected, next))
        }
    }
}
