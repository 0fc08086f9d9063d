//! From configuration to document, with every problem at its attribute; and from a document to a state.

use recovery::document::{Document, Warning};
use recovery::steps::KINDS;
use serde_json::{Map, Value as Json};
use terraform_framework::cty::{Number, Path, Type, Value};
use terraform_framework::schema::{Attribute, Block, Nesting};
use terraform_framework::{Diagnostics, Model};

use super::model::FailoverPlan;
use crate::messages::paragraphs;

/// The fields of the document that are attributes of the same name.
const FIELDS: [&str; 11] = [
    "name",
    "description",
    "regions",
    "tiers",
    "authority",
    "stores",
    "accounts",
    "probes",
    "at_once",
    "require_rto",
    "steps",
];

/// What a configuration comes to.
pub(super) enum Draft {
    /// A part is known only later.
    NotYet,
    /// Something is wrong with it, and told.
    Bad,
    /// A document, and what somebody should know.
    Good(Box<Document>, Vec<Warning>),
}

/// Checks a configuration. What is not known yet never complains.
pub(super) fn validate(config: &FailoverPlan, diags: &mut Diagnostics) {
    let _ = of(config, diags);
}

/// The document of a configuration; tells all its problems at once.
pub(super) fn of(config: &FailoverPlan, diags: &mut Diagnostics) -> Draft {
    let object = config.write();
    let fields = FIELDS
        .iter()
        .filter_map(|name| Some((*name, object.attribute(name)?)));
    let mut members = Map::new();
    members.insert("schema".to_owned(), Json::from(recovery::document::SCHEMA));
    for (name, value) in fields {
        match json(value) {
            None => return Draft::NotYet,
            Some(Json::Null) => {}
            Some(json) => {
                members.insert(name.to_owned(), json);
            }
        }
    }
    match Document::read(&Json::Object(members).to_string(), KINDS) {
        Ok((document, warnings)) => Draft::Good(Box::new(document), warnings),
        Err(problems) => {
            for problem in problems {
                let path = place(&FailoverPlan::block(), &problem.path);
                let summary = if problem.path.is_empty() {
                    "The failover plan is refused".to_owned()
                } else {
                    format!("{}: {}", problem.path, problem.message.seen)
                };
                diags.error_at(path, summary, paragraphs(&problem.message));
            }
            Draft::Bad
        }
    }
}

/// Tells what somebody should know about a document.
pub(super) fn warn(warnings: &[Warning], diags: &mut Diagnostics) {
    for warning in warnings {
        let path = place(&FailoverPlan::block(), &warning.path);
        let summary = if warning.path.is_empty() {
            warning.message.seen.clone()
        } else {
            format!("{}: {}", warning.path, warning.message.seen)
        };
        diags.warning_at(path, summary, paragraphs(&warning.message));
    }
}

/// JSON without what is not set; `None` where something is not known yet.
fn json(value: &Value) -> Option<Json> {
    if !value.is_known() {
        return None;
    }
    if value.is_null() {
        return Some(Json::Null);
    }
    if let Some(text) = value.as_str() {
        return Some(Json::from(text));
    }
    if let Some(flag) = value.as_bool() {
        return Some(Json::from(flag));
    }
    if let Some(number) = value.as_number() {
        // A number that is not whole is told as it is written.
        return Some(serde_json::from_str(&number.to_string()).unwrap_or(Json::Null));
    }
    if let Some(elements) = value.elements() {
        return elements
            .iter()
            .map(json)
            .collect::<Option<_>>()
            .map(Json::Array);
    }
    let entries = value.entries().into_iter().flatten();
    let members = entries.map(|(name, value)| Some((name.to_string(), json(value)?)));
    let mut members = members.collect::<Option<Map<_, _>>>()?;
    members.retain(|_, value| !value.is_null());
    Some(Json::Object(members))
}

/// A state with the arguments of a document; nothing computed is in it.
pub(super) fn state(document: &Document) -> Option<FailoverPlan> {
    let json = document.to_json();
    FailoverPlan::from_cty(&value(&json, &FailoverPlan::ty())).ok()
}

/// The value of a type that JSON stands for; what is not there is null.
fn value(json: &Json, ty: &Type) -> Value {
    let null = || Value::null(ty.clone());
    match (ty, json) {
        (Type::Object(object), Json::Object(members)) => {
            let attributes = object.attributes().iter();
            Value::object(attributes.map(|(name, ty)| {
                let member = members.get(&**name).unwrap_or(&Json::Null);
                (name, value(member, ty))
            }))
        }
        (Type::Map(of), Json::Object(members)) => {
            let entries = members.iter().map(|(key, member)| (key, value(member, of)));
            Value::map((**of).clone(), entries).unwrap_or_else(|_| null())
        }
        (Type::List(of), Json::Array(elements)) => {
            let elements = elements.iter().map(|element| value(element, of)).collect();
            Value::list((**of).clone(), elements).unwrap_or_else(|_| null())
        }
        (Type::String, Json::String(text)) => Value::string(text),
        (Type::Bool, Json::Bool(flag)) => Value::bool(*flag),
        (Type::Number, Json::Number(number)) => {
            Number::parse(&number.to_string()).map_or_else(|_| null(), Value::number)
        }
        _ => null(),
    }
}

/// The attribute that a path of the document, such as `steps[2].rds_promote_replica.instances.us-east-1`, speaks of;
/// the last one on the way that the schema has.
pub(super) fn place(block: &Block, path: &str) -> Path {
    let mut place = Path::root();
    let mut at = At::Object(block);
    for part in parts(path) {
        let next = match (&at, &part) {
            (At::Object(block), Part::Key(key)) => {
                let found = block.attributes.iter().find(|a| a.name == key);
                found.map(|found| (place.attribute(found.name), At::of(found)))
            }
            (At::Map(inner), Part::Key(key)) => Some((place.key(key), inner.step())),
            (At::List(inner), Part::Index(index)) => Some((place.index(*index), inner.step())),
            _ => None,
        };
        let Some((deeper, inner)) = next else { break };
        (place, at) = (deeper, inner);
    }
    place
}

/// Where in a schema a path has come to.
enum At<'a> {
    Object(&'a Block),
    Map(Inner<'a>),
    List(Inner<'a>),
    Leaf,
}

/// What a collection holds.
#[derive(Clone)]
enum Inner<'a> {
    Object(&'a Block),
    Plain(Type),
}

impl<'a> At<'a> {
    fn of(attribute: &'a Attribute) -> At<'a> {
        match &attribute.nested {
            Some((block, Nesting::Single)) => At::Object(block),
            Some((block, Nesting::List | Nesting::Set)) => At::List(Inner::Object(block)),
            Some((block, Nesting::Map)) => At::Map(Inner::Object(block)),
            None => At::plain(&attribute.ty),
        }
    }

    fn plain(ty: &Type) -> At<'a> {
        match ty {
            Type::Map(of) => At::Map(Inner::Plain((**of).clone())),
            Type::List(of) => At::List(Inner::Plain((**of).clone())),
            _ => At::Leaf,
        }
    }
}

impl<'a> Inner<'a> {
    fn step(&self) -> At<'a> {
        match self {
            Inner::Object(block) => At::Object(block),
            Inner::Plain(ty) => At::plain(ty),
        }
    }
}

#[derive(Debug, PartialEq)]
enum Part {
    Key(String),
    Index(usize),
}

/// The parts of a path: names, names in quotes, and positions.
fn parts(path: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        rest = rest.trim_start_matches('.');
        if let Some(position) = rest.strip_prefix('[') {
            let (index, after) = position.split_once(']').unwrap_or((position, ""));
            if let Ok(index) = index.parse() {
                parts.push(Part::Index(index));
            }
            rest = after;
        } else if rest.starts_with('"') {
            let mut read = serde_json::Deserializer::from_str(rest).into_iter::<String>();
            let Some(Ok(key)) = read.next() else { break };
            rest = &rest[read.byte_offset()..];
            parts.push(Part::Key(key));
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            parts.push(Part::Key(rest[..end].to_owned()));
            rest = &rest[end..];
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use terraform_framework::Model as _;

    use super::{FailoverPlan, place};

    #[test]
    fn a_path_of_the_document_is_the_place_of_an_attribute() {
        let block = FailoverPlan::block();
        for (path, expected) in [
            ("", ""),
            ("name", "name"),
            ("tiers.critical.rto", "tiers[\"critical\"].rto"),
            ("tiers.\"a b\"", "tiers[\"a b\"]"),
            ("steps[2].after[0]", "steps[2].after[0]"),
            (
                "steps[0].rds_promote_replica.instances.us-east-1",
                "steps[0].rds_promote_replica.instances[\"us-east-1\"]",
            ),
            (
                "steps[0].quiesce_writers.services.us-east-1[1]",
                "steps[0].quiesce_writers.services[\"us-east-1\"][1]",
            ),
            ("steps[1].no_such_kind", "steps[1]"),
        ] {
            assert_eq!(place(&block, path).to_string(), expected, "{path}");
        }
    }
}
