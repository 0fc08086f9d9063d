//! Configurations written as JSON.

use cty::{Number, Type, Value};
use serde_json::Value as Json;

use crate::schema::{Block, BlockNesting};
use crate::server::fit;

/// Stands for a value that is known only later, in place of any value.
pub const UNKNOWN: &str = "\u{1}unknown";

/// The object of a block; what is left out is not set.
pub(super) fn value(mut json: Json, block: &Block) -> Value {
    if let Json::Object(entries) = &json {
        let ty = block.ty();
        let Type::Object(object) = &ty else {
            unreachable!("a block's type is an object")
        };
        for name in entries.keys() {
            assert!(
                object.attributes().contains_key(name.as_str()),
                "the schema has no {name}"
            );
        }
    }
    fit(&mut json, block);
    literal(&json, &block.ty())
}

/// The object of a block with nothing known.
pub(super) fn all_unknown(block: &Block) -> Value {
    let attributes = block.attributes.iter().map(|a| {
        let settable = a.required || a.optional;
        (
            a.name,
            if settable {
                Value::unknown(a.ty.clone())
            } else {
                Value::null(a.ty.clone())
            },
        )
    });
    let blocks = block.blocks.iter().map(|nested| {
        let one = all_unknown(&nested.block);
        let value = match nested.nesting {
            BlockNesting::Single | BlockNesting::Group => one,
            // A dynamic block that does not know its elements yet.
            _ => Value::unknown(nested.ty()),
        };
        (nested.name, value)
    });
    Value::object(attributes.chain(blocks).collect::<Vec<_>>())
}

const FITS: &str = "all elements were read with the element type";

fn literal(json: &Json, ty: &Type) -> Value {
    match (json, ty) {
        (Json::String(text), _) if text == UNKNOWN => Value::unknown(ty.clone()),
        (Json::Null, _) => Value::null(ty.clone()),
        (Json::String(text), Type::String | Type::Dynamic) => Value::string(text),
        (Json::Bool(value), Type::Bool | Type::Dynamic) => Value::bool(*value),
        (Json::Number(number), Type::Number | Type::Dynamic) => {
            Value::number(Number::parse(&number.to_string()).unwrap_or_else(|e| panic!("{e}")))
        }
        (Json::Array(elements), Type::List(of)) => Value::list(
            (**of).clone(),
            elements.iter().map(|e| literal(e, of)).collect(),
        )
        .expect(FITS),
        (Json::Array(elements), Type::Set(of)) => Value::set(
            (**of).clone(),
            elements.iter().map(|e| literal(e, of)).collect(),
        )
        .expect(FITS),
        (Json::Array(elements), Type::Dynamic) => Value::tuple(
            elements
                .iter()
                .map(|e| literal(e, &Type::Dynamic))
                .collect(),
        ),
        (Json::Object(entries), Type::Map(of)) => Value::map(
            (**of).clone(),
            entries.iter().map(|(k, e)| (k, literal(e, of))),
        )
        .expect(FITS),
        (Json::Object(entries), Type::Dynamic) => {
            Value::object(entries.iter().map(|(k, e)| (k, literal(e, &Type::Dynamic))))
        }
        (Json::Object(entries), Type::Object(object)) => {
            Value::object(object.attributes().iter().map(|(name, ty)| {
                (
                    name,
                    literal(entries.get(&**name).unwrap_or(&Json::Null), ty),
                )
            }))
        }
        _ => panic!("{json} is not a {ty}"),
    }
}
