//! Whether the policies of a role, taken together, allow an action on a resource: yes, no, or why it cannot be told.

use super::policies::{self, Statement};
use crate::inventory::{Name, Node};
use crate::mirror::{End, InstanceId, Key, Maybe, Meaning, Mirror, Part, list, text};

/// An answer of three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    /// What is not known.
    Open(Vec<Name>),
}

impl Answer {
    fn open(reason: impl Into<Name>) -> Self {
        Answer::Open(vec![reason.into()])
    }

    /// Yes where one of them is.
    fn any(answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut open = Vec::new();
        for answer in answers {
            match answer {
                Answer::Yes => return Answer::Yes,
                Answer::No => {}
                Answer::Open(because) => open.extend(because),
            }
        }
        if open.is_empty() {
            Answer::No
        } else {
            Answer::Open(open)
        }
    }

    /// Yes where both are.
    fn and(self, other: Answer) -> Self {
        match (self, other) {
            (Answer::No, _) | (_, Answer::No) => Answer::No,
            (Answer::Open(because), _) | (_, Answer::Open(because)) => Answer::Open(because),
            (Answer::Yes, Answer::Yes) => Answer::Yes,
        }
    }
}

/// What an action is asked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// The resource itself: a bucket, a key.
    Whole,
    /// What lies in it: objects.
    Inside,
}

/// An action that is needed.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    /// `s3:ReplicateObject`
    pub(crate) action: &'static str,
    /// On which resource; nothing where it is not known.
    pub(crate) on: Option<InstanceId>,
    /// On itself, or on what lies in it.
    pub(crate) level: Level,
    /// The word of the region where it happens: `{region}` or `{peer}`.
    pub(crate) region: &'static str,
}

/// All statements of a role, and the policies that no source shows.
///
/// # Errors
/// What is not known of a document.
pub(crate) fn of_role(
    mirror: &Mirror<'_>,
    role: InstanceId,
    end: End,
) -> Result<(Vec<Statement>, Vec<Name>), Vec<Name>> {
    let mut all = Vec::new();
    for (policy, path) in policies::of_role(mirror, role) {
        all.extend(policies::statements(
            mirror,
            policy,
            mirror.value(policy, path),
            end,
        )?);
    }
    if let Maybe::Known(blocks) = list(mirror.value(role, "inline_policy")) {
        for at in 0..blocks.len() {
            let path = format!("inline_policy[{at}].policy");
            all.extend(policies::statements(
                mirror,
                role,
                mirror.value(role, &path),
                end,
            )?);
        }
    }
    let mut elsewhere = Vec::new();
    if let Maybe::Known(arns) = list(mirror.value(role, "managed_policy_arns")) {
        elsewhere.extend(arns.iter().filter_map(|arn| match arn {
            Node::String(arn) => Some(arn.clone()),
            _ => None,
        }));
    }
    // A policy of a role that is not known may be of this one.
    for ty in ["aws_iam_role_policy", "aws_iam_role_policy_attachment"] {
        elsewhere.extend(mirror.adrift(ty, "role", mirror.standing(role)));
    }
    let attached = mirror.graph.owned(
        role,
        mirror.inventory,
        "aws_iam_role_policy_attachment",
        "role",
    );
    for id in attached {
        if mirror.targets(id, "policy_arn").is_empty() {
            match text(mirror.value(id, "policy_arn")) {
                Maybe::Known(arn) => elsewhere.push(arn.into()),
                Maybe::Unknown(because) => elsewhere.extend(because),
                Maybe::Unset => {}
            }
        }
    }
    Ok((all, elsewhere))
}

/// Whether statements allow what is needed.
pub(crate) fn allows(
    mirror: &Mirror<'_>,
    statements: &[Statement],
    need: &Need,
    end: End,
) -> Answer {
    let of = |allows: bool| {
        let matching = statements
            .iter()
            .filter(move |statement| statement.allows == allows);
        Answer::any(matching.map(|statement| applies(mirror, statement, need, end)))
    };
    match (of(false), of(true)) {
        (Answer::Yes, _) | (_, Answer::No) => Answer::No,
        (Answer::Open(because), _) | (_, Answer::Open(because)) => Answer::Open(because),
        (Answer::No, Answer::Yes) => Answer::Yes,
    }
}

fn applies(mirror: &Mirror<'_>, statement: &Statement, need: &Need, end: End) -> Answer {
    if statement.inverted {
        return Answer::open("a statement with NotAction or NotResource");
    }
    let action = need.action.to_ascii_lowercase();
    if !statement
        .actions
        .iter()
        .any(|pattern| policies::means(pattern, &action))
    {
        return Answer::No;
    }
    let resources = statement
        .resources
        .iter()
        .map(|resource| on(mirror, resource, need, end));
    let mut answer = Answer::any(resources);
    for (operator, key, values) in &statement.conditions {
        answer = answer.and(holds(operator, key, values, need));
    }
    answer
}

/// Whether a resource of a statement is the one that is needed.
fn on(mirror: &Mirror<'_>, resource: &Meaning, need: &Need, end: End) -> Answer {
    let Some(target) = need.on else {
        return Answer::Yes;
    };
    let Meaning::Text(parts) = resource else {
        return Answer::Open(resource.open());
    };
    let wanted = mirror.key(target, end);
    let mut before = String::new();
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Letters(letters) => before.push_str(letters),
            Part::Reference(key, _) if *key == wanted => {
                let behind: String = parts[at + 1..]
                    .iter()
                    .map(|part| match part {
                        Part::Letters(letters) => letters.as_str(),
                        _ => "*",
                    })
                    .collect();
                return reaches(&behind, need.level);
            }
            Part::Reference(Key::Resource(name), _) => return Answer::open(name.as_str()),
            Part::Reference(..) => return Answer::No,
            Part::Hole(hole) => {
                let because = hole.open();
                return if because.is_empty() {
                    Answer::open("a part of a resource")
                } else {
                    Answer::Open(because)
                };
            }
        }
    }
    literal(mirror, &before, target, need)
}

/// Whether what stands behind a resource's ARN leads to it, or to what lies in it.
fn reaches(behind: &str, level: Level) -> Answer {
    let yes = match level {
        Level::Whole => crate::settings::glob(behind, ""),
        // A prefix may be all that is needed.
        Level::Inside => {
            crate::settings::glob(behind, "/key") || behind.starts_with('/') && behind.contains('*')
        }
    };
    if yes { Answer::Yes } else { Answer::No }
}

/// Whether a pattern without references means a resource.
fn literal(mirror: &Mirror<'_>, pattern: &str, target: InstanceId, need: &Need) -> Answer {
    if pattern == "*" {
        return Answer::Yes;
    }
    let region = |word: &str| match word {
        "{region}" => mirror.roles.primary.to_string(),
        _ => mirror
            .roles
            .secondary
            .first()
            .map(ToString::to_string)
            .unwrap_or_default(),
    };
    let pattern = pattern
        .replace("{region}", &region("{region}"))
        .replace("{peer}", &region("{peer}"));
    if &*mirror.instance(target).ty != "aws_s3_bucket" {
        // arn:aws:kms:REGION:ACCOUNT:key/ID
        let fields: Vec<&str> = pattern.splitn(6, ':').collect();
        let [_, _, service, place, _, key] = fields[..] else {
            return Answer::No;
        };
        let here = crate::settings::glob(service, "kms")
            && crate::settings::glob(place, &region(need.region));
        return match (here, key) {
            (false, _) => Answer::No,
            (true, "*" | "key/*") => Answer::Yes,
            (true, _) => Answer::open(format!("whether {pattern} is the key")),
        };
    }
    let Maybe::Known(name) = text(mirror.value(target, "bucket")) else {
        return if crate::settings::glob(&pattern, "arn:aws:s3:::\u{1}/\u{1}") {
            Answer::Yes
        } else {
            Answer::open(format!("the name of {}", mirror.instance(target).address))
        };
    };
    let arn = format!("arn:aws:s3:::{name}");
    match need.level {
        Level::Whole if crate::settings::glob(&pattern, &arn) => Answer::Yes,
        Level::Whole => Answer::No,
        Level::Inside => match pattern.strip_prefix(&arn) {
            Some(behind) => reaches(behind, Level::Inside),
            None if crate::settings::glob(&pattern, &format!("{arn}/key")) => Answer::Yes,
            None => Answer::No,
        },
    }
}

/// Whether a condition holds when S3 replicates.
fn holds(operator: &str, key: &str, values: &[Meaning], need: &Need) -> Answer {
    let key = key.to_ascii_lowercase();
    if key.starts_with("kms:encryptioncontext") {
        return Answer::Yes;
    }
    if operator.to_ascii_lowercase().contains("not") {
        return Answer::open(format!("the condition {operator} {key}"));
    }
    let expected = match key.as_str() {
        "kms:viaservice" => format!("s3.{}.amazonaws.com", need.region),
        "aws:requestedregion" => need.region.to_owned(),
        "aws:securetransport" => "true".to_owned(),
        _ => return Answer::open(format!("the condition {operator} {key}")),
    };
    Answer::any(values.iter().map(|value| match value.letters() {
        Some(letters) if crate::settings::glob(letters, &expected) => Answer::Yes,
        Some(_) => Answer::No,
        None => match value {
            Meaning::Plain(plain) if *plain == expected => Answer::Yes,
            Meaning::Plain(_) => Answer::No,
            other => Answer::Open(other.open()),
        },
    }))
}
