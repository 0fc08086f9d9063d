//! The same thing, written otherwise by the provider than in the configuration.

use serde_json::{Map, Value as Json};
use sha1::{Digest as _, Sha1};

use crate::functions::hex;
use crate::inventory::{Name, Node, Path};
use crate::symbol::PathStep;

/// Protocols by name and number; the provider writes names.
const PROTOCOLS: [(&str, &str); 5] = [
    ("-1", "all"),
    ("1", "icmp"),
    ("6", "tcp"),
    ("17", "udp"),
    ("58", "icmpv6"),
];

/// What holds for one kind of load balancer only: it is left out of plans of the others (documentation of `aws_lb`).
const OF_ONE_KIND: [(&str, &str); 4] = [
    ("drop_invalid_header_fields", "application"),
    ("preserve_host_header", "application"),
    ("enable_http2", "application"),
    ("dns_record_client_routing_policy", "network"),
];

/// Whether two texts mean the same: in other case, as other JSON, as a number of a protocol, as a digest of a script.
pub(super) fn same_text(planned: &str, written: &str) -> bool {
    // Names of DNS may end with a dot.
    let bare = |text: &'_ str| text.trim_end_matches('.').to_ascii_lowercase();
    if planned == written || bare(planned) == bare(written) {
        return true;
    }
    let protocol = |name: &str, number: &str| {
        PROTOCOLS
            .iter()
            .any(|(is, named)| *is == number && named.eq_ignore_ascii_case(name))
    };
    protocol(planned, written)
        || protocol(written, planned)
        || is_digest(planned, written)
        || same_json(planned, written)
}

/// Whether the plan has the SHA-1 instead of the text, as for `user_data`.
fn is_digest(planned: &str, written: &str) -> bool {
    planned.len() == 40 && hex(&Sha1::digest(written.as_bytes())) == planned
}

fn same_json(planned: &str, written: &str) -> bool {
    let read = |text: &str| {
        text.trim_start()
            .starts_with(['{', '['])
            .then(|| {
                serde_json::from_str::<Json>(text)
                    .ok()
                    .map(|json| plain(None, json))
            })
            .flatten()
    };
    read(planned).is_some_and(|planned| Some(planned) == read(written))
}

/// Lists in JSON whose order means something; others are sets: actions, principals, statements, environment.
const ORDERED: [&str; 2] = ["command", "entrypoint"];

/// JSON by its meaning: the provider reads it into structures and writes them, AWS gives it back with its defaults. Names are
/// in lower case, what says nothing is left out, one element is as good as a list of it, and sets have one order.
fn plain(name: Option<&str>, json: Json) -> Json {
    match json {
        Json::Array(items) => {
            let mut items: Vec<Json> = items.into_iter().map(|item| plain(None, item)).collect();
            if !name.is_some_and(|name| ORDERED.contains(&name)) {
                items.sort_by_cached_key(Json::to_string);
            }
            match items.len() {
                1 => items.remove(0),
                _ => Json::Array(items),
            }
        }
        Json::Object(members) => {
            let named = members.into_iter().filter_map(|(name, value)| {
                let name = name.to_ascii_lowercase();
                let value = plain(Some(&name), value);
                let silent = match name.as_str() {
                    // True where it is left out, unlike all others.
                    "essential" => value == Json::Bool(true),
                    "hostport" => true,
                    "protocol" => value == "tcp",
                    _ => says_nothing(&value),
                };
                (!silent).then_some((name, value))
            });
            Json::Object(named.collect::<Map<_, _>>())
        }
        other => other,
    }
}

fn says_nothing(json: &Json) -> bool {
    match json {
        Json::Null | Json::Bool(false) => true,
        Json::Number(number) => number.as_f64() == Some(0.0),
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        Json::Bool(true) => false,
    }
}

/// Whether AWS or the provider completes what is written: versions to the patch, names of records to the zone, identifiers.
pub(super) fn is_spelled(ty: &str, at: &Path, planned: &str, written: &str) -> bool {
    let [PathStep::Name(name), rest @ ..] = at.as_slice() else {
        return false;
    };
    let begins = |mark: char| {
        planned
            .strip_prefix(written)
            .is_some_and(|rest| rest.starts_with(mark))
    };
    match (ty, &**name, rest) {
        (_, "engine_version", []) | ("aws_route53_record", "name", []) => begins('.'),
        // The name and the ARN of the same thing.
        _ => {
            planned.starts_with("arn:") && planned.ends_with(&format!(":{written}"))
                || planned.starts_with("arn:") && planned.ends_with(&format!("/{written}"))
        }
    }
}

/// Whether the provider leaves an argument out of its plan for what it is: `kind` is the kind of load balancer.
pub(super) fn is_left_out(ty: &str, name: &Name, kind: Option<&Node>) -> bool {
    if &**name == "timeouts" {
        return true;
    }
    if !matches!(ty, "aws_lb" | "aws_alb") {
        return false;
    }
    let kind = match kind {
        Some(Node::String(kind)) => &**kind,
        _ => "application",
    };
    if &**name == "enable_cross_zone_load_balancing" {
        return kind == "application";
    }
    OF_ONE_KIND
        .iter()
        .any(|(argument, of)| *argument == &**name && *of != kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_mean_the_same() {
        for (planned, written) in [
            ("tcp", "6"),
            ("6", "TCP"),
            ("mon:00:00-mon:03:00", "Mon:00:00-Mon:03:00"),
            ("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d", "hello"),
            (
                "[{\"entryPoint\":[\"a\"]}]",
                "[{\"entrypoint\":[\"a\"],\"cpu\":null}]",
            ),
            ("app.example", "App.example."),
            // Sets in another order, one element for a list of it, and what AWS adds by itself.
            (
                r#"{"Statement":[{"Action":["b","a"],"Resource":"r"},{"Action":"c"}]}"#,
                r#"{"Statement":[{"Action":"c"},{"Action":["a","b"],"Resource":["r"]}]}"#,
            ),
            (
                r#"[{"name":"a","essential":true,"environment":[],"cpu":0,"portMappings":[{"containerPort":80,"hostPort":80,"protocol":"tcp"}]}]"#,
                r#"[{"name":"a","portMappings":[{"containerPort":80}]}]"#,
            ),
        ] {
            assert!(same_text(planned, written), "{planned} {written}");
        }
        for (planned, written) in [
            ("tcp", "17"),
            ("udp", "tcp"),
            ("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d", "hallo"),
            ("[{\"a\":1}]", "[{\"a\":2}]"),
            ("[{\"a\":1}", "[{\"a\":1}]"),
            // The order of a command means something; another element of a set does too.
            (r#"[{"command":["a","b"]}]"#, r#"[{"command":["b","a"]}]"#),
            (
                r#"{"Statement":[{"Action":["a","b"]}]}"#,
                r#"{"Statement":[{"Action":["a","c"]}]}"#,
            ),
            (
                r#"[{"name":"a","essential":false}]"#,
                r#"[{"name":"a","essential":true}]"#,
            ),
        ] {
            assert!(!same_text(planned, written), "{planned} {written}");
        }
    }

    #[test]
    fn what_aws_completes_is_the_same_only_where_it_does() {
        let at = |name: &str| vec![PathStep::Name(name.into())];
        let spelled = |ty: &str, name: &str, planned: &str, written: &str| {
            is_spelled(ty, &at(name), planned, written)
        };
        assert!(spelled("aws_db_instance", "engine_version", "15.4", "15"));
        assert!(!spelled("aws_db_instance", "engine_version", "154", "15"));
        assert!(!spelled("aws_db_instance", "engine_version", "15", "15.4"));
        assert!(spelled(
            "aws_route53_record",
            "name",
            "www.app.example",
            "www"
        ));
        assert!(!spelled("aws_lambda_function", "function_name", "a.b", "a"));
        assert!(spelled(
            "aws_x",
            "role",
            "arn:aws:iam::123456789012:role/task",
            "task"
        ));
        assert!(!spelled(
            "aws_x",
            "role",
            "arn:aws:iam::123456789012:role/subtask",
            "task"
        ));
    }

    #[test]
    fn arguments_of_other_load_balancers_are_left_out() {
        let left_out = |kind: Option<&str>, name: &str| {
            let kind = kind.map(|kind| Node::String(kind.into()));
            is_left_out("aws_lb", &name.into(), kind.as_ref())
        };
        assert!(left_out(None, "enable_cross_zone_load_balancing"));
        assert!(!left_out(
            Some("network"),
            "enable_cross_zone_load_balancing"
        ));
        assert!(left_out(Some("network"), "drop_invalid_header_fields"));
        assert!(!left_out(Some("application"), "drop_invalid_header_fields"));
        assert!(!left_out(None, "idle_timeout"));
        assert!(!is_left_out("aws_lb_listener", &"port".into(), None));
    }
}
