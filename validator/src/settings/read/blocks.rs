//! The blocks of `dr.hcl`, one by one.

use super::super::{
    Accept, CidrPolicy, Settings, Single, Tier, ToldPair, ToldRelation, Use, distance, nearest,
};
use super::fields::Fields;
use super::seconds::seconds;
use super::{BLOCKS, Problem, problem, rules, zones};
use crate::inventory::Name;
use crate::rules as known;
use crate::source::SourceFile;
use crate::verdict::{Severity, Strategy};

pub(super) fn read(file: &SourceFile, settings: &mut Settings, problems: &mut Vec<Problem>) {
    let ast = &file.ast;
    for attribute in ast.attributes(ast.root) {
        if ast.slice(attribute.name) == "zones" {
            zones::read(file, attribute.value, settings);
        } else {
            problems.push(unknown(file, attribute.name));
        }
    }
    for block in ast.blocks(ast.root) {
        match ast.slice(block.name) {
            "estate" => {
                let known = [
                    "primary",
                    "secondary",
                    "active",
                    "backend_region",
                    "strategy",
                    "cidr",
                    "accounts",
                ];
                estate(
                    &Fields::new(file, block, &known, problems),
                    settings,
                    problems,
                );
            }
            "tier" => {
                let known = ["rto", "rpo", "match", "strategy"];
                tier(
                    &Fields::new(file, block, &known, problems),
                    settings,
                    problems,
                );
            }
            "rule" => rules::read(
                &Fields::new(file, block, &["severity", "*"], problems),
                settings,
                problems,
            ),
            "single" => single(
                &Fields::new(file, block, &["reason"], problems),
                settings,
                problems,
            ),
            "pair" => pair(
                &Fields::new(file, block, &["primary", "secondary"], problems),
                settings,
                problems,
            ),
            "use" => used(
                &Fields::new(file, block, &["client_side"], problems),
                settings,
                problems,
            ),
            "relation" => {
                relation(
                    &Fields::new(file, block, &["must", "severity"], problems),
                    settings,
                    problems,
                );
            }
            "accept" => {
                let known = [
                    "rule",
                    "pair",
                    "attribute",
                    "primary_value",
                    "secondary_value",
                    "owner",
                    "reason",
                    "expires",
                ];
                accept(
                    &Fields::new(file, block, &known, problems),
                    settings,
                    problems,
                );
            }
            "root" => {
                let known = [
                    "path",
                    "var_files",
                    "workspace",
                    "outputs_of",
                    "plan",
                    "state",
                    "inventory",
                    "backend_region",
                ];
                let fields = Fields::new(file, block, &known, problems);
                root(&fields, settings, problems);
            }
            _ => problems.push(unknown(file, block.name)),
        }
    }
}

fn unknown(file: &SourceFile, name: crate::source::Span) -> Problem {
    let word = file.ast.slice(name);
    if BLOCKS.contains(&word) {
        let message = format!(
            "{word:?} is given a value here; expected a block: {word} \u{2026} {{ \u{2026} }}"
        );
        return problem(file, name, message);
    }
    let hint = nearest(word, BLOCKS.into_iter())
        .map_or_else(|| ".".to_owned(), |near| format!("; did you mean {near}?"));
    problem(
        file,
        name,
        format!(
            "{word:?} means nothing here{hint} There are: {}.",
            BLOCKS.join(", ")
        ),
    )
}

/// The one label of a block.
pub(super) fn label(fields: &Fields<'_>, example: &str, problems: &mut Vec<Problem>) -> Name {
    match fields.labels().as_slice() {
        [only] => (*only).into(),
        labels => {
            problems.push(fields.refuse(format!(
                "one name is needed, as in {example}; there are {}",
                labels.len()
            )));
            "".into()
        }
    }
}

const STRATEGIES: &str = "backup-restore, pilot-light, warm-standby or active-active";

fn estate(fields: &Fields<'_>, settings: &mut Settings, problems: &mut Vec<Problem>) {
    if settings.estate.is_some() {
        problems.push(fields.refuse("a second estate; one file describes one"));
    }
    settings.estate = Some(label(fields, "estate \"prod\" { … }", problems));
    settings.primary = fields.text("primary", problems);
    settings.secondary = fields.list("secondary", problems);
    settings.active = fields.text("active", problems);
    if let Some(region) = fields.text("backend_region", problems) {
        settings.backend_regions.insert("".into(), region);
    }
    settings.strategy = fields.word("strategy", Strategy::of, STRATEGIES, problems);
    settings.cidr = fields.word(
        "cidr",
        CidrPolicy::of,
        "identical, shifted or any",
        problems,
    );
    if let Some(primary) = &settings.primary
        && settings.secondary.contains(primary)
    {
        problems.push(fields.refuse_at(
            "secondary",
            format!("{primary} is the primary region; a secondary must be another one"),
        ));
    }
    if let (Some(active), Some(primary), [_, ..]) = (
        &settings.active,
        &settings.primary,
        settings.secondary.as_slice(),
    ) && active != primary
        && !settings.secondary.contains(active)
    {
        problems.push(fields.refuse_at(
            "active",
            format!("active is {active:?}; expected {primary:?} or one of the secondary regions"),
        ));
    }
}

/// What counts here of a root; its other values are read by whoever loads the estate.
fn root(fields: &Fields<'_>, settings: &mut Settings, problems: &mut Vec<Problem>) {
    if let (Some(region), [name]) = (
        fields.text("backend_region", problems),
        fields.labels().as_slice(),
    ) {
        settings.backend_regions.insert((*name).into(), region);
    }
}

fn tier(fields: &Fields<'_>, settings: &mut Settings, problems: &mut Vec<Problem>) {
    let time = "a time such as 30s, 5m, 1h, 2d or 1h30m";
    let name = label(fields, "tier \"critical\" { … }", problems);
    if settings.tiers.iter().any(|tier| tier.name == name) {
        problems.push(fields.refuse(format!("tier {name:?} is declared twice")));
    }
    let matches = fields.list("match", problems);
    if matches.is_empty() {
        problems.push(fields.refuse(
            "tier needs match = [\"…\"]: addresses, types or modules, with * for any text",
        ));
    }
    settings.tiers.push(Tier {
        rto: fields.word("rto", seconds, time, problems),
        rpo: fields.word("rpo", seconds, time, problems),
        strategy: fields.word("strategy", Strategy::of, STRATEGIES, problems),
        matches,
        place: Some(fields.place()),
        name,
    });
}

/// A known rule, else a problem with the nearest one.
pub(super) fn known_rule(fields: &Fields<'_>, name: &str, problems: &mut Vec<Problem>) {
    if name.is_empty() || known::find(name).is_some() {
        return;
    }
    let hint = nearest(name, known::all().map(|rule| rule.name))
        .map(|near| format!("; did you mean {near}?"))
        .unwrap_or_default();
    problems.push(fields.refuse(format!("there is no rule {name:?}{hint}")));
}

fn single(fields: &Fields<'_>, settings: &mut Settings, problems: &mut Vec<Problem>) {
    settings.singles.push(Single {
        address: label(
            fields,
            "single \"aws_sqs_queue.builds\" { reason = \"…\" }",
            problems,
        ),
        reason: fields.required("reason", problems),
        place: Some(fields.place()),
    });
}

fn pair(fields: &Fields<'_>, settings: &mut Settings, problems: &mut Vec<Problem>) {
    settings.pairs.push(ToldPair {
        primary: fields.required("primary", problems),
        secondary: fields.required("secondary", problems),
        place: Some(fields.place()),
    });
}

fn used(fields: &Fields<'_>, settings: &mut Settings, problems: &mut Vec<Problem>) {
    let client_side = fields.truth("client_side", problems);
    if client_side.is_none() {
        problems.push(fields.refuse("use needs client_side = true, or false"));
    }
    settings.uses.push(Use {
        address: label(
            fields,
            "use \"aws_kms_key.data\" { client_side = true }",
            problems,
        ),
        client_side,
        place: Some(fields.place()),
    });
}

/// Words of relations.
pub(crate) const RELATIONS: [&str; 10] = [
    "equal",
    "translated",
    "same_set",
    "at_least",
    "reachable_at_least",
    "not_weaker",
    "as_many",
    "present",
    "ask",
    "ignored",
];

fn relation(fields: &Fields<'_>, settings: &mut Settings, problems: &mut Vec<Problem>) {
    let (ty, path) = if let [ty, path] = fields.labels().as_slice() {
        (Name::from(*ty), Name::from(*path))
    } else {
        problems.push(fields.refuse("two names are needed, as in relation \"aws_ecs_service\" \"launch_type\" { must = \"equal\" }"));
        return;
    };
    let must = fields.required("must", problems);
    if !must.is_empty() && !RELATIONS.contains(&&*must) {
        problems.push(fields.refuse_at(
            "must",
            format!("must is {must:?}; expected one of {}", RELATIONS.join(", ")),
        ));
    }
    known_attribute(fields, &ty, &path, problems);
    settings.relations.push(ToldRelation {
        ty,
        path,
        must,
        severity: fields.word(
            "severity",
            Severity::of,
            "breaks, degrades or drifts",
            problems,
        ),
        place: Some(fields.place()),
    });
}

/// A type and attribute of the provider. Its schema is at hand for types that matter to disaster recovery only, so of the
/// others those alone are refused that are nearly one of these.
fn known_attribute(fields: &Fields<'_>, ty: &str, path: &str, problems: &mut Vec<Problem>) {
    let Some(schema) = crate::schema::resource(ty) else {
        if let Some(near) = nearest(ty, crate::schema::resource_types())
            && distance(ty, near) <= 2
        {
            let message = format!("there is no resource type {ty:?}; did you mean {near}?");
            problems.push(fields.refuse(message));
        }
        return;
    };
    if let Some((place, name, near)) = unknown_attribute(&schema, path) {
        let hint = near
            .map(|near| format!("; did you mean {near}?"))
            .unwrap_or_default();
        let place = [ty].into_iter().chain(place).collect::<Vec<_>>().join(".");
        problems.push(fields.refuse(format!("{place} has no attribute {name:?}{hint}")));
    }
}

/// The first name of a path that a type does not have: the blocks that lead to it, and the nearest that is there. What lies
/// inside of an attribute is not followed.
fn unknown_attribute<'p>(
    schema: &crate::schema::Block,
    path: &'p str,
) -> Option<(Vec<&'p str>, &'p str, Option<String>)> {
    let mut block = std::borrow::Cow::Borrowed(schema);
    let mut behind = Vec::new();
    for part in path.split('.') {
        let name = part.split('[').next().unwrap_or(part);
        let inner = block.blocks.get(name).map(|nested| nested.block.clone());
        match (inner, block.attributes.get(name)) {
            (Some(inner), _) => block = std::borrow::Cow::Owned(inner),
            (None, Some(_)) => return None,
            (None, None) if block.truncated => return None,
            (None, None) => {
                let names = block.attributes.keys().chain(block.blocks.keys());
                let near = nearest(name, names.map(|name| &**name)).map(str::to_owned);
                return Some((behind, name, near));
            }
        }
        behind.push(name);
    }
    None
}

fn accept(fields: &Fields<'_>, settings: &mut Settings, problems: &mut Vec<Problem>) {
    let name = label(fields, "accept \"replica-class\" { … }", problems);
    let rule = fields.required("rule", problems);
    known_rule(fields, &rule, problems);
    let expires = fields.required("expires", problems);
    if !expires.is_empty() && expires.parse::<jiff::civil::Date>().is_err() {
        problems.push(fields.refuse_at(
            "expires",
            format!("expires is {expires:?}; expected a day such as 2027-03-31"),
        ));
    }
    settings.accepts.push(Accept {
        name,
        rule,
        pair: fields.required("pair", problems),
        attribute: fields.text("attribute", problems),
        primary_value: fields.text("primary_value", problems),
        secondary_value: fields.text("secondary_value", problems),
        owner: fields.required("owner", problems),
        reason: fields.required("reason", problems),
        expires,
        place: Some(fields.place()),
    });
}
