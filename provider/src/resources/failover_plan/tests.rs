//! Tests of the resource in process: its schema beside the engine's declarations, and the life of a published plan.

mod life;
mod moving;

use recovery::argument::{Argument, ArgumentType};
use recovery::document::Document;
use recovery::reference;
use recovery::steps::KINDS;
use serde_json::json;
use terraform_framework::Model as _;
use terraform_framework::cty::Type;
use terraform_framework::schema::{Attribute, Block, lint, lint_provider};
use terraform_framework::testing::UNKNOWN;

use super::model::FailoverPlan;
use crate::DrProvider;
use crate::testing::{House, arguments, said};

const NAME: &str = "dr_failover_plan";

fn attribute<'a>(block: &'a Block, name: &str) -> &'a Attribute {
    let found = block.attributes.iter().find(|it| it.name == name);
    found.unwrap_or_else(|| panic!("there is no attribute {name}"))
}

fn steps() -> Block {
    let block = FailoverPlan::block();
    let (steps, _) = attribute(&block, "steps").nested.clone().expect("objects");
    steps
}

#[test]
fn terraform_accepts_the_schemas() {
    assert_eq!(lint_provider(&DrProvider), Vec::<String>::new());
    assert_eq!(lint(&FailoverPlan::block()), Vec::<String>::new());
}

/// Every declared argument is an attribute of the same name, need, type and words, and there are no others.
fn same(block: &Block, declared: &[Argument], place: &str) {
    let names: Vec<&str> = block.attributes.iter().map(|it| it.name).collect();
    let wanted: Vec<&str> = declared.iter().map(|it| it.name).collect();
    assert_eq!(names, wanted, "{place}");
    for argument in declared {
        let place = format!("{place}.{}", argument.name);
        let found = attribute(block, argument.name);
        assert_eq!(
            (found.required, found.optional),
            (argument.required, !argument.required),
            "{place}"
        );
        assert!(found.description.starts_with(argument.doc), "{place}");
        if let Some(default) = argument.default {
            assert!(
                found.description.contains(default.trim_matches('"')),
                "{place}"
            );
        }
        let plain = match &argument.of {
            ArgumentType::Integer { .. } => Type::Number,
            ArgumentType::Flag => Type::Bool,
            ArgumentType::TextList => Type::list(Type::String),
            ArgumentType::TextMap | ArgumentType::ByRegion(ArgumentType::Text) => {
                Type::map(Type::String)
            }
            ArgumentType::ByRegion(ArgumentType::TextList) => Type::map(Type::list(Type::String)),
            ArgumentType::Object(members)
            | ArgumentType::ObjectList(members)
            | ArgumentType::ByRegion(ArgumentType::Object(members)) => {
                let (nested, _) = found.nested.as_ref().unwrap_or_else(|| panic!("{place}"));
                same(nested, members, &place);
                continue;
            }
            // No schema of its own reaches so deep: nothing in it can be left out.
            ArgumentType::ByRegion(ArgumentType::ObjectList(members)) => {
                assert!(members.iter().all(|member| member.required), "{place}");
                let object = Type::object(members.iter().map(|it| (it.name, Type::String)));
                Type::map(Type::list(object))
            }
            _ => Type::String,
        };
        assert_eq!(found.ty, plain, "{place}");
    }
}

#[test]
fn steps_are_the_engines_declarations() {
    let block = steps();
    let common = ["name", "after", "tier", "timeout", "on_failure", "run_in"];
    let kinds: Vec<&str> = block
        .attributes
        .iter()
        .map(|it| it.name)
        .filter(|it| !common.contains(it))
        .collect();
    let declared: Vec<&str> = KINDS.iter().map(|kind| kind.name()).collect();
    assert_eq!(kinds, declared);
    for kind in KINDS {
        let found = attribute(&block, kind.name());
        assert!(found.optional && found.description.starts_with(kind.doc()));
        let (nested, _) = found.nested.as_ref().expect("an object");
        same(nested, kind.arguments(), kind.name());
    }
}

#[test]
fn the_example_of_every_kind_comes_through_unchanged() {
    let house = House::new();
    for kind in KINDS {
        let mut step = reference::example(*kind);
        step["run_in"] = json!(["reprotect"]);
        let mut plan = arguments();
        plan["probes"] = json!({ "my-probe": { "url": { "us-east-1": "https://a.example", "us-west-2": "https://b.example" } } });
        plan["steps"].as_array_mut().expect("steps").push(step);
        let mut document = plan.clone();
        document["schema"] = json!(1);
        let wanted = Document::read(&document.to_string(), KINDS);
        let planned = house.drive(async {
            let config = house.harness.config(NAME, plan);
            house.harness.plan(NAME, None, Some(&config)).await
        });
        match wanted {
            Ok((wanted, _)) => {
                assert!(
                    !planned.diags.has_errors(),
                    "{}: {}",
                    kind.name(),
                    said(&planned.diags)
                );
                let digest = planned.attribute("digest").as_str().map(str::to_owned);
                assert_eq!(digest, wanted.digest().ok(), "{}", kind.name());
            }
            // An example that names a probe or child of its own: then both say the same.
            Err(problems) => {
                let told = planned.diags.iter().filter(|it| it.error).count();
                assert_eq!(
                    told,
                    problems.len(),
                    "{}: {}",
                    kind.name(),
                    said(&planned.diags)
                );
            }
        }
    }
}

#[test]
fn the_digest_and_the_predicted_rto_are_known_while_planning() {
    let house = House::new();
    let config = house.harness.config(NAME, arguments());
    let planned = house.drive(house.harness.plan(NAME, None, Some(&config)));
    assert!(!planned.diags.has_errors(), "{}", said(&planned.diags));
    assert_eq!(
        planned.attribute("digest").as_str(),
        Some(house.digest().as_str())
    );
    assert_eq!(
        planned.attribute("document").as_str(),
        Some(house.document().as_str())
    );
    let rto = planned.attribute("predicted_rto").attribute("critical");
    assert!(rto.and_then(|it| it.as_str()).is_some(), "{rto:?}");
    assert!(!planned.attribute("stale_stores").is_known());
}

#[test]
fn all_problems_are_told_at_once_each_at_its_attribute() {
    let house = House::new();
    let mut plan = arguments();
    plan["authority"] = json!("nobody");
    plan["tiers"]["critical"]["rto"] = json!("soon");
    plan["steps"][2]["after"] = json!(["quiesce-writer"]);
    plan["steps"][3]["rds_promote_replica"]["instances"] =
        json!({ "us-east-1": "moleculeflow-prod" });
    plan["steps"][4]["wait"] = json!({ "duration": "5m" });
    plan["steps"][5]["timeout"] = json!("1 hour");
    let config = house.harness.config(NAME, plan);
    let diags = house.drive(house.harness.validate(NAME, &config));
    let told = said(&diags);
    for place in [
        "error authority:",
        "error tiers[\"critical\"].rto:",
        "error steps[2].after[0]:",
        "error steps[3].rds_promote_replica.instances:",
        "error steps[4].wait:",
        "error steps[5].timeout:",
    ] {
        assert!(told.contains(place), "{place} is not in:\n{told}");
    }
    assert!(
        told.contains("did you mean") || told.contains("quiesce-writers"),
        "{told}"
    );
}

#[test]
fn what_is_not_known_yet_never_complains_and_leaves_the_digest_open() {
    let house = House::new();
    let mut plan = arguments();
    plan["steps"][2]["fence_database"]["quarantine"]["us-west-2"] = json!(UNKNOWN);
    let config = house.harness.config(NAME, plan);
    let diags = house.drive(house.harness.validate(NAME, &config));
    assert!(diags.is_empty(), "{}", said(&diags));
    let unknown = house.harness.all_unknown(NAME);
    assert!(
        house
            .drive(house.harness.validate(NAME, &unknown))
            .is_empty()
    );
    let planned = house.drive(house.harness.plan(NAME, None, Some(&config)));
    assert!(planned.diags.is_empty(), "{}", said(&planned.diags));
    assert!(!planned.attribute("digest").is_known());
}
