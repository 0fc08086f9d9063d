//! Between the protocol's messages and the framework's types. Nothing beyond this room and the server knows messages.

mod schema;

use bytes::Bytes;
use cty::{Path, PathError, PathStep, Type, Value};
use tfplugin6::v6;

use crate::diagnostics::{Diagnostic, Diagnostics};

pub(crate) use schema::{function, identity_schema, schema};

/// Reads a value; both encodings empty, or no message at all, mean null.
pub(crate) fn value(message: Option<&v6::DynamicValue>, ty: &Type) -> Result<Value, PathError> {
    match message {
        Some(m) if !m.msgpack.is_empty() => cty::msgpack::decode(&m.msgpack, ty),
        Some(m) if !m.json.is_empty() => cty::json::decode(&m.json, ty),
        _ => Ok(Value::null(ty.clone())),
    }
}

/// Writes a value as `MessagePack`, which every version of Terraform reads everywhere.
pub(crate) fn dynamic(value: &Value, ty: &Type) -> Result<v6::DynamicValue, PathError> {
    Ok(v6::DynamicValue {
        msgpack: Bytes::from(cty::msgpack::encode(value, ty)?),
        json: Bytes::new(),
    })
}

/// Writes diagnostics.
pub(crate) fn diagnostics(diags: Diagnostics) -> Vec<v6::Diagnostic> {
    diags.into_iter().map(diagnostic).collect()
}

fn diagnostic(diagnostic: Diagnostic) -> v6::Diagnostic {
    let severity = if diagnostic.error {
        v6::diagnostic::Severity::Error
    } else {
        v6::diagnostic::Severity::Warning
    };
    let attribute = (!diagnostic.path.is_root()).then(|| path(&diagnostic.path));
    v6::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        attribute,
    }
}

/// Writes a path. It ends before the element of a set: the protocol cannot name one, so the set's block is named.
pub(crate) fn path(path: &Path) -> v6::AttributePath {
    use v6::attribute_path::step::Selector;
    let mut steps = Vec::new();
    for step in path.steps() {
        let selector = match step {
            PathStep::Attribute(name) => Selector::AttributeName(name.to_string()),
            PathStep::Index(key) => {
                match (key.as_str(), key.as_number().and_then(cty::Number::to_i64)) {
                    (Some(key), _) => Selector::ElementKeyString(key.to_owned()),
                    (None, Some(index)) => Selector::ElementKeyInt(index),
                    _ => break,
                }
            }
        };
        steps.push(v6::attribute_path::Step {
            selector: Some(selector),
        });
    }
    v6::AttributePath { steps }
}

/// Reads diagnostics back.
pub(crate) fn read_diagnostics(messages: Vec<v6::Diagnostic>) -> Diagnostics {
    let mut diags = Diagnostics::new();
    for message in messages {
        let error = message.severity != i32::from(v6::diagnostic::Severity::Warning);
        let path = message.attribute.map(read_path).unwrap_or_default();
        diags.push(Diagnostic {
            error,
            summary: message.summary,
            detail: message.detail,
            path,
        });
    }
    diags
}

/// Reads a path back.
pub(crate) fn read_path(message: v6::AttributePath) -> Path {
    use v6::attribute_path::step::Selector;
    let step = |path: Path, step: v6::attribute_path::Step| match step.selector {
        Some(Selector::AttributeName(name)) => path.attribute(name),
        Some(Selector::ElementKeyString(key)) => path.key(&key),
        Some(Selector::ElementKeyInt(index)) => path.element(Value::number(index)),
        None => path,
    };
    message.steps.into_iter().fold(Path::root(), step)
}
