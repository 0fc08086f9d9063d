//! Whether two answers are the same: numbers by their digits, errors by their being errors.

use serde_json::{Value as Json, json};

/// What differs between a recorded answer and one of the program, where everything is known.
pub(crate) fn known(record: &Json, answer: &Json) -> Option<String> {
    if let Some(difference) = verdicts(record, answer) {
        return Some(difference);
    }
    if record["ok"] == false {
        return None;
    }
    if answer["unknown"] == true {
        return Some(format!(
            "is {}, but not known to us: {answer}",
            record["value"]
        ));
    }
    if record["type"] != answer["type"] {
        return Some(format!(
            "is of type {}, not {}",
            record["type"], answer["type"]
        ));
    }
    values(&record["value"], &answer["value"])
}

/// What differs between a recorded answer and one of the program, where parts are not known.
pub(crate) fn partly_known(record: &Json, answer: &Json) -> Option<String> {
    if let Some(difference) = verdicts(record, answer) {
        return Some(difference);
    }
    if record["ok"] == false {
        return None;
    }
    let whole = json!(true);
    let mask = match (answer["unknown"] == true, answer.get("value")) {
        (false, _) => &Json::Null,
        (true, Some(_)) => &answer["after_unknown"],
        (true, None) => &whole,
    };
    values(&record["value"], &tree(&answer["value"], mask))
}

fn verdicts(record: &Json, answer: &Json) -> Option<String> {
    match (&record["ok"], &answer["ok"]) {
        (Json::Bool(true), Json::Bool(false)) => Some(format!(
            "is {}, not an error: {}",
            record["value"], answer["error"]
        )),
        (Json::Bool(false), Json::Bool(true)) => {
            Some(format!("is refused ({}), not {answer}", record["error"]))
        }
        (Json::Bool(_), Json::Bool(_)) => None,
        _ => Some(format!("no answer: {answer}")),
    }
}

/// A value with a word where it is not known, in the form of the records.
fn tree(value: &Json, mask: &Json) -> Json {
    match mask {
        Json::Bool(true) => json!({ "unknown": true }),
        Json::Object(parts) if !parts.is_empty() => {
            let mut whole = value.as_object().cloned().unwrap_or_default();
            for (key, mask) in parts {
                let part = tree(&value[key], mask);
                whole.insert(key.clone(), part);
            }
            Json::Object(whole)
        }
        Json::Array(parts) if !parts.is_empty() => {
            let size = parts.len().max(value.as_array().map_or(0, Vec::len));
            (0..size)
                .map(|i| {
                    tree(
                        value.get(i).unwrap_or(&Json::Null),
                        parts.get(i).unwrap_or(&Json::Null),
                    )
                })
                .collect()
        }
        _ => value.clone(),
    }
}

fn values(wanted: &Json, given: &Json) -> Option<String> {
    (canonical(wanted) != canonical(given)).then(|| format!("is {wanted}, not {given}"))
}

/// The value with each number in the one form that its digits have.
///
/// Terraform's plans carry a number that a float of 64 bits holds exactly as such a float: what comes out of one has only
/// the digits that tell it from other floats. So both sides go that way.
fn canonical(value: &Json) -> Json {
    match value {
        Json::Number(number) => {
            let text = number.to_string();
            let exact = cty::Number::parse(&text)
                .ok()
                .and_then(|number| number.to_f64_exact());
            let short = exact.map(|float| float.to_string());
            json!({ "number": digits(short.as_deref().unwrap_or(&text)) })
        }
        Json::Array(parts) => parts.iter().map(canonical).collect(),
        Json::Object(parts) => parts
            .iter()
            .map(|(key, part)| (key.clone(), canonical(part)))
            .collect(),
        other => other.clone(),
    }
}

/// A number as its digits without zeros at either end, and the power of ten they are multiplied with.
fn digits(text: &str) -> String {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (sign, mantissa) = mantissa
        .strip_prefix('-')
        .map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let kept = all.trim_end_matches('0');
    let power = exponent.parse::<i64>().unwrap() - i64::try_from(fraction.len()).unwrap()
        + i64::try_from(all.len() - kept.len()).unwrap();
    match kept.trim_start_matches('0') {
        "" => "0".to_owned(),
        kept => format!("{sign}{kept}e{power}"),
    }
}

#[test]
fn one_number_has_one_form_however_it_is_written() {
    for same in [
        ["100", "1e2"],
        ["1.50", "1.5"],
        ["-0", "0"],
        ["0.001", "1E-3"],
        ["12.5e1", "125"],
        ["0e5", "0.0"],
    ] {
        assert_eq!(digits(same[0]), digits(same[1]));
    }
    let third = "0.3333333333333333333333333333333333";
    assert_ne!(digits(third), digits(&format!("{third}4")));
    let [short, exact, next] = [
        "2.095903274289385",
        "2.09590327428938483222964350716210901737213134765625",
        "2.0959032742893847",
    ]
    .map(|text| serde_json::from_str::<Json>(text).unwrap());
    assert_eq!(
        values(&short, &exact),
        None,
        "a plan carries the exact digits of a float as its short ones"
    );
    assert!(values(&next, &exact).is_some());
    assert_ne!(digits("1"), digits("-1"));
    assert_ne!(digits("1"), digits("10"));
}

#[test]
fn an_answer_that_differs_in_anything_is_found() {
    let record = json!({ "expr": "x", "ok": true, "type": ["list", "number"], "value": [1, 2.50] });
    let same = json!({ "ok": true, "type": ["list", "number"], "value": [1.0, 25e-1] });
    assert_eq!(known(&record, &same), None);
    for other in [
        json!({ "ok": true, "type": ["list", "string"], "value": [1, 2.5] }),
        json!({ "ok": true, "type": ["list", "number"], "value": [2.5, 1] }),
        json!({ "ok": true, "type": ["list", "number"], "value": [1, "2.5"] }),
        json!({ "ok": true, "type": ["list", "number"], "unknown": true, "because": [] }),
        json!({ "ok": false, "error": { "summary": "s", "detail": "d" } }),
        json!({}),
    ] {
        assert!(known(&record, &other).is_some(), "{other}");
    }
    let refused = json!({ "expr": "x", "ok": false, "error": { "summary": "s", "detail": "d" } });
    assert!(known(&refused, &same).is_some());
    assert_eq!(
        known(
            &refused,
            &json!({ "ok": false, "error": { "summary": "t", "detail": "e" } })
        ),
        None
    );
}

#[test]
fn a_part_that_is_known_to_one_side_only_is_found() {
    let record = json!({ "expr": "x", "ok": true, "value": { "a": { "unknown": true }, "b": [1, { "unknown": true }] } });
    let answer = |value: Json, mask: Json| json!({ "ok": true, "unknown": true, "value": value, "after_unknown": mask });
    let same = answer(
        json!({ "b": [1, null] }),
        json!({ "a": true, "b": [false, true] }),
    );
    assert_eq!(partly_known(&record, &same), None);
    let more = answer(
        json!({ "a": "x", "b": [1, null] }),
        json!({ "b": [false, true] }),
    );
    assert!(partly_known(&record, &more).is_some());
    let less = answer(json!({ "b": null }), json!({ "a": true, "b": true }));
    assert!(partly_known(&record, &less).is_some());
    assert!(partly_known(&record, &json!({ "ok": true, "unknown": true })).is_some());
    let nothing = json!({ "expr": "x", "ok": true, "value": { "unknown": true } });
    assert_eq!(
        partly_known(
            &nothing,
            &json!({ "ok": true, "unknown": true, "because": ["u"] })
        ),
        None
    );
    assert!(partly_known(&nothing, &json!({ "ok": true, "value": 1 })).is_some());
}
