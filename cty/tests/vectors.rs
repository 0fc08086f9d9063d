//! Codecs, conversion, unification and equality agree with go-cty, which Terraform is built on. The files under `vectors`
//! were made with small programs over it; each names what its columns are.

use cty::conversion::{convert, unify, unify_unsafe};
use cty::{Bound, Type, Value, json, msgpack};

fn rows(file: &'static str) -> Vec<Vec<&'static str>> {
    file.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).expect("hexadecimal"))
        .collect()
}

fn ty(text: &str) -> Type {
    Type::from_json(text.as_bytes()).expect("a type")
}

fn any(bytes: &str) -> Value {
    msgpack::decode(&hex(bytes), &Type::Dynamic).expect("a value")
}

fn report(wrong: &[String], all: usize) {
    assert!(
        wrong.is_empty(),
        "{} of {all} wrong:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(25)].join("\n")
    );
}

#[test]
fn msgpack_reads_every_vector_and_writes_it_back_to_the_same_bytes() {
    let rows = rows(include_str!("vectors/msgpack.tsv"));
    let mut wrong = Vec::new();
    for row in &rows {
        let [schema, wanted, bytes] = row[..] else {
            panic!("three columns: {row:?}")
        };
        match msgpack::decode(&hex(bytes), &ty(schema)) {
            Ok(value) if describe(&value) == wanted => {
                let again = msgpack::encode(&value, &ty(schema)).unwrap();
                if again != hex(bytes) {
                    wrong.push(format!("{row:?}\n  encoded {again:02x?}"));
                }
            }
            other => wrong.push(format!(
                "{row:?}\n  decoded {:?}",
                other.map(|v| describe(&v))
            )),
        }
    }
    assert!(rows.len() > 400);
    report(&wrong, rows.len());
}

#[test]
fn json_reads_every_vector_and_its_own_text_again() {
    let rows = rows(include_str!("vectors/json.tsv"));
    let mut wrong = Vec::new();
    for row in &rows {
        let [schema, text, wanted] = row[..] else {
            panic!("three columns: {row:?}")
        };
        let got = json::decode(text.as_bytes(), &ty(schema));
        let spelled = got.as_ref().map_or("error".to_owned(), describe);
        if spelled != wanted {
            wrong.push(format!("{row:?}\n  got {spelled} {:?}", got.err()));
        } else if let Ok(value) = got
            && let Ok(again) = json::encode(&value, &ty(schema))
        {
            assert_eq!(
                json::decode(&again, &ty(schema)).as_ref(),
                Ok(&value),
                "{row:?}"
            );
        }
    }
    assert!(rows.len() > 200);
    report(&wrong, rows.len());
}

#[test]
fn conversions_end_as_in_every_vector() {
    let rows = rows(include_str!("vectors/convert.tsv"));
    let mut wrong = Vec::new();
    for row in &rows {
        let [bytes, spelled, to, wanted] = row[..] else {
            panic!("four columns: {row:?}")
        };
        let value = any(bytes);
        assert_eq!(describe(&value), spelled);
        let got = convert(&value, &ty(to));
        let matches = match &got {
            Ok(value) => describe(value) == wanted,
            Err(_) => wanted.starts_with("error: "),
        };
        if !matches {
            let got = got.map_or_else(|e| format!("error {e}"), |v| describe(&v));
            wrong.push(format!(
                "{spelled} to {to}\n  wanted {wanted}\n  got    {got}"
            ));
        }
    }
    assert!(rows.len() > 1000);
    report(&wrong, rows.len());
}

#[test]
fn types_unify_as_in_every_vector() {
    let rows = rows(include_str!("vectors/unify.tsv"));
    let mut wrong = Vec::new();
    for row in &rows {
        let [types, safe, with_loss] = row[..] else {
            panic!("three columns: {row:?}")
        };
        let Type::Tuple(parts) = ty(&format!("[\"tuple\",{types}]")) else {
            panic!("{types}")
        };
        let text = |ty: Option<Type>| ty.map_or("none".to_owned(), |ty| ty.to_json());
        let got = (text(unify(&parts)), text(unify_unsafe(&parts)));
        if (got.0.as_str(), got.1.as_str()) != (safe, with_loss) {
            wrong.push(format!(
                "{types}\n  wanted {safe} {with_loss}\n  got    {} {}",
                got.0, got.1
            ));
        }
    }
    assert!(rows.len() > 500);
    report(&wrong, rows.len());
}

#[test]
fn equality_answers_as_in_every_vector() {
    let rows = rows(include_str!("vectors/equals.tsv"));
    let mut wrong = Vec::new();
    for row in &rows {
        let [a, b, a_text, b_text, wanted] = row[..] else {
            panic!("five columns: {row:?}")
        };
        let answer = any(a).equals(&any(b));
        let got = answer
            .as_bool()
            .map_or("unknown".to_owned(), |truth| truth.to_string());
        if got != wanted {
            wrong.push(format!(
                "{a_text}\n  {b_text}\n  wanted {wanted}, got {got}"
            ));
        }
    }
    assert!(rows.len() > 500);
    report(&wrong, rows.len());
}

/// A value as the vector files spell it. Primitives as in JSON; `null(TYPE)`; `unknown(TYPE, promises)`; `list(TYPE)[…]`, `set(TYPE)[…]`, `tuple[…]`,
/// `map(TYPE){…}`, `object{…}` with TYPE as type JSON of the elements.
fn describe(value: &Value) -> String {
    let ty = value.ty();
    if value.unknown_info().is_some() {
        return unknown(value);
    }
    if value.is_null() {
        return format!("null({})", ty.to_json());
    }
    if let Some(text) = value.as_str() {
        return quoted(text);
    }
    if let Some(number) = value.as_number() {
        return number.to_string();
    }
    if let Some(truth) = value.as_bool() {
        return truth.to_string();
    }
    let kind = match ty {
        Type::List(element) => format!("list({})", element.to_json()),
        Type::Set(element) => format!("set({})", element.to_json()),
        Type::Map(element) => format!("map({})", element.to_json()),
        Type::Tuple(_) => "tuple".to_owned(),
        _ => "object".to_owned(),
    };
    match (value.elements(), value.entries()) {
        (Some(elements), _) => {
            let parts: Vec<String> = elements.iter().map(describe).collect();
            format!("{kind}[{}]", parts.join(", "))
        }
        (_, Some(entries)) => {
            let parts: Vec<String> = entries
                .iter()
                .map(|(k, v)| format!("{}: {}", quoted(k), describe(v)))
                .collect();
            format!("{kind}{{{}}}", parts.join(", "))
        }
        _ => panic!("a value is known, null or unknown: {value:?}"),
    }
}

fn unknown(value: &Value) -> String {
    let mut parts = vec![value.ty().to_json()];
    let refinements = value
        .unknown_info()
        .and_then(|info| info.refinements())
        .cloned()
        .unwrap_or_default();
    if refinements.null == Some(false) {
        parts.push("not null".to_owned());
    }
    if let Some(prefix) = &refinements.prefix {
        parts.push(format!("prefix {}", quoted(prefix)));
    }
    let bound = |name: &str, bound: &Bound| format!("{name} {} {}", bound.value, bound.inclusive);
    parts.extend(refinements.min.as_ref().map(|b| bound("min", b)));
    parts.extend(refinements.max.as_ref().map(|b| bound("max", b)));
    parts.extend(refinements.min_length.map(|n| format!("length min {n}")));
    parts.extend(refinements.max_length.map(|n| format!("length max {n}")));
    format!("unknown({})", parts.join(", "))
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text)
        .expect("text is JSON")
        .replace('\u{7f}', "\\u007f")
}

#[test]
fn c54_what_terraform_sent_is_read_and_written_back_to_the_same_bytes() {
    let rows = rows(include_str!("vectors/terraform.tsv"));
    assert!(rows.len() > 20, "{} rows", rows.len());
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let value = msgpack::decode(&hex(row[1]), &ty(row[0])).map_err(|e| e.to_string());
            let again =
                value.and_then(|v| msgpack::encode(&v, &ty(row[0])).map_err(|e| e.to_string()));
            match again {
                Ok(bytes) if bytes == hex(row[1]) => None,
                Ok(_) => Some(format!("other bytes: {}", row[1])),
                Err(error) => Some(format!("{error}: {}", row[1])),
            }
        })
        .collect();
    report(&wrong, rows.len());
}
