//! Plans of many shapes: which steps, in which order, of which kinds.

use std::sync::LazyLock;

use recovery::document::Document;
use recovery::steps::KINDS;
use serde_json::{Value, json};

use crate::estate::PLAN;

/// Steps by `name` or `name<what it comes after` or `!name` for one whose failure is tolerated. The authority is the
/// first of the shape's steps that can be one.
pub(crate) const SHAPES: &[&str] = &[
    // A chain of one tier, as small as it can be.
    "fence; promote<fence",
    "fence; promote<fence; point<promote",
    "tell; quiesce<tell; fence<quiesce; promote<fence; point<promote; api<point; workers<api; switch<workers",
    // Diamonds.
    "fence; promote<fence; point<promote; api<point; workers<point; switch<api,workers",
    "fence; secrets; promote<fence; point<promote,secrets; api<point",
    "quiesce; fence<quiesce; secrets<quiesce; promote<fence,secrets; point<promote",
    // Independent branches.
    "fence; promote<fence; secrets; arc; mrap",
    "promote2<fence; fence; cache; aurora; table",
    "tell; secrets; events; workers; fence; promote<fence",
    // Failures that are tolerated.
    "!tell; !nowhere; fence; promote<fence,tell,nowhere; point<promote",
    "!alarm-bad; fence<alarm-bad; promote<fence; switch<promote",
    // Other authorities.
    "aurora; cache<aurora; api<cache",
    "mrap; events<mrap; invoke<events",
    "arc; api<arc; invoke<arc; tell<api,invoke",
    "switch; workers<switch",
    "aurora; secrets; point2<aurora,secrets; api<point2; switch<api; tell<switch",
    // Gates of traffic and time.
    "fence; promote<fence; probe<promote; alarm<promote; wait<probe,alarm; switch<wait",
    "table; cache<table; mrap<cache; wait<mrap; invoke<wait",
    // Children.
    "billing; fence; promote<fence",
    "fence; promote<fence; billing<promote; switch<billing",
    // Everything at once, and everything in a row.
    "tell; quiesce; fence<quiesce; promote<fence; secrets; aurora; cache; table; arc; mrap; events; point<promote,secrets; api<point; workers<point; invoke<api; probe<api; switch<probe,workers",
    "quiesce; fence<quiesce; promote<fence; secrets<promote; aurora<secrets; cache<aurora; point<cache; api<point; workers<api; events<workers; arc<events; mrap<arc; switch<mrap; invoke<switch",
];

/// Plans that ask a person.
pub(crate) const ASKING: &[&str] = &[
    "approval; fence<approval; promote<fence; point<promote",
    "tell; secrets; fence; approval<fence; promote<approval; api<promote; switch<api",
];

/// The plan that others run.
pub(crate) const CHILD: &str = "secrets; arc<secrets";

static EXAMPLE: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(PLAN).expect("JSON"));

fn of_example(name: &str) -> Value {
    let steps = EXAMPLE["steps"].as_array().expect("steps");
    let step = steps.iter().find(|step| step["name"] == name);
    let mut kind = step.expect("the example has it").clone();
    for field in ["name", "tier", "after", "timeout", "run_in", "on_failure"] {
        kind.as_object_mut().expect("an object").remove(field);
    }
    kind
}

fn both(value: &str) -> Value {
    json!({ "us-east-1": value, "us-west-2": value })
}

/// The kind of a step and its arguments.
fn kind(name: &str) -> Value {
    match name {
        "tell" => of_example("tell-oncall"),
        "quiesce" => of_example("quiesce-writers"),
        "fence" => of_example("fence-database"),
        "promote" | "promote2" => of_example("promote-database"),
        "secrets" => of_example("free-secrets"),
        "point" => of_example("point-application"),
        "point2" => json!({ "application_target": { "parameters": [
            { "name": "/moleculeflow/cache/host", "values": { "us-east-1": "east", "us-west-2": "west" } }] } }),
        "api" => of_example("scale-api"),
        "workers" => of_example("scale-workers"),
        "switch" => of_example("switch-names"),
        "nowhere" => json!({ "notify": { "topics": {
            "us-east-1": "arn:aws:sns:us-east-1:123456789012:gone", "us-west-2": "arn:aws:sns:us-west-2:123456789012:gone" },
            "subject": "nobody", "message": "hears this" } }),
        "alarm" => json!({ "alarm": { "alarms": both("errors") } }),
        "alarm-bad" => json!({ "alarm": { "alarms": both("always") } }),
        "probe" => json!({ "http_probe": { "urls": {
            "us-east-1": "https://east.example/health", "us-west-2": "https://west.example/health" } } }),
        "wait" => json!({ "wait": { "duration": "30s", "reason": "resolvers" } }),
        "events" => {
            json!({ "lambda_event_sources": { "mappings": { "us-east-1": ["e-1"], "us-west-2": ["w-1"] } } })
        }
        "invoke" => json!({ "lambda_invoke": { "functions": both("warm"), "repeatable": true } }),
        "approval" => json!({ "approval": { "question": "Go?", "topics": {
            "us-east-1": "arn:aws:sns:us-east-1:123456789012:oncall", "us-west-2": "arn:aws:sns:us-west-2:123456789012:oncall" } } }),
        "mrap" => {
            json!({ "s3_multi_region_access_point": { "access_point_arn": "arn:aws:s3::123456789012:accesspoint/abcdef.mrap" } })
        }
        "arc" => serde_json::from_str::<Value>(&format!(
            r#"{{ "arc_routing_control": {} }}"#,
            KINDS
                .iter()
                .find(|kind| kind.name() == "arc_routing_control")
                .and_then(|kind| kind.example())
                .expect("an example")
        ))
        .expect("JSON"),
        "aurora" => json!({ "aurora_global_writer": { "global_cluster": "orders", "clusters": {
            "us-east-1": "orders-east", "us-west-2": "orders-west" } } }),
        "cache" => {
            json!({ "elasticache_global_primary": { "datastore": "ldgnf-sessions", "disposable": true, "groups": {
            "us-east-1": "sessions-east", "us-west-2": "sessions-west" } } })
        }
        "table" => json!({ "dynamodb_global_table": { "table": "orders" } }),
        "billing" => json!({ "failover_plan": { "plan": "billing" } }),
        other => panic!("no step {other}"),
    }
}

/// The names of a shape's steps.
pub(crate) fn names(shape: &str) -> Vec<String> {
    let steps = shape.split(';').map(str::trim);
    steps
        .map(|step| {
            let name = step.split('<').next().unwrap_or(step);
            name.trim_start_matches('!').to_owned()
        })
        .collect()
}

/// The JSON of a plan of a shape.
pub(crate) fn json(name: &str, shape: &str) -> Value {
    let tiers = ["critical", "high", "standard"];
    let steps: Vec<Value> = shape
        .split(';')
        .enumerate()
        .map(|(place, text)| {
            let text = text.trim();
            let (head, after) = text.split_once('<').unwrap_or((text, ""));
            let bare = head.trim_start_matches('!');
            let mut step = kind(bare);
            step["name"] = json!(bare);
            let after: Vec<&str> = after.split(',').filter(|it| !it.is_empty()).collect();
            step["after"] = json!(after);
            step["tier"] = json!(tiers[place * 3 / shape.split(';').count()]);
            if head.starts_with('!') {
                step["on_failure"] = json!("continue");
            }
            if bare == "promote" {
                step["timeout"] = json!("45m");
            }
            step
        })
        .collect();
    let able = |step: &&Value| {
        let known = step.as_object().expect("an object");
        let mut kinds = KINDS.iter().filter(|kind| kind.can_be_authority());
        kinds.any(|kind| known.contains_key(kind.name()))
    };
    let authority = steps.iter().find(able).expect("a shape has an authority");
    let mut plan = EXAMPLE.clone();
    plan["name"] = json!(name);
    plan["authority"] = authority["name"].clone();
    plan["steps"] = json!(steps);
    for region in ["us-east-1", "us-west-2"] {
        plan["stores"][region]["prefix"] = json!(format!("{name}/"));
        // The critical path of the smallest tier is not what is tried here.
    }
    for tier in tiers {
        plan["tiers"][tier]["rto"] = json!("24h");
    }
    plan
}

/// The plan of a shape.
pub(crate) fn document(name: &str, shape: &str) -> Document {
    let text = json(name, shape).to_string();
    let read = Document::read(&text, KINDS);
    read.unwrap_or_else(|problems| panic!("{shape}: {problems:#?}"))
        .0
}
