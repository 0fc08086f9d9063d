//! One statement of a policy document.

use std::collections::BTreeMap;

use cty::{Type, Value};
use serde_json::Value as Json;

use super::text::Writer;
use super::{Document, Reader};

/// One or several values.
#[derive(Clone, PartialEq)]
enum Values {
    One(Value),
    Many(Vec<Value>),
    /// Not even known how many.
    Open(Value),
}

/// Principals or not: anybody, or values by type.
enum Principals {
    Anybody,
    By(BTreeMap<String, Values>),
}

/// A statement; what is not there is not written.
#[derive(Default)]
pub(super) struct Statement {
    sid: Option<Value>,
    effect: Option<Value>,
    /// Action, `NotAction`, Resource, `NotResource`, in the order in which they are written.
    lists: [Option<Values>; 4],
    /// Principal, `NotPrincipal`.
    principals: [Option<Principals>; 2],
    /// Test, variable, values.
    conditions: BTreeMap<String, BTreeMap<String, Values>>,
}

const LISTS: [(&str, &str); 4] = [
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
];
const PRINCIPALS: [(&str, &str); 2] = [
    ("principals", "Principal"),
    ("not_principals", "NotPrincipal"),
];

/// `&{` stands for `${`, which Terraform would take for a template.
fn variables(value: Value) -> Value {
    match value.as_str() {
        Some(text) if text.contains("&{") => {
            let replaced = Value::string(text.replace("&{", "${"));
            replaced.with_marks(&value.marks().cloned().unwrap_or_default())
        }
        _ => value,
    }
}

/// The values of a set: one alone, several (or none) in a list, a set in reverse order, known ones first.
fn values(set: Value, reverse: bool) -> Values {
    let marks = set.marks().cloned().unwrap_or_default();
    let Some(elements) = set.elements() else {
        return Values::Open(set);
    };
    let mut elements: Vec<Value> = elements
        .iter()
        .filter(|element| !element.is_null())
        .map(|element| variables(element.clone()).with_marks(&marks))
        .collect();
    if reverse {
        elements.sort_by(|a, b| b.as_str().cmp(&a.as_str()));
    }
    match elements.pop() {
        Some(only) if elements.is_empty() => Values::One(only),
        last => Values::Many(elements.into_iter().chain(last).collect()),
    }
}

impl Values {
    fn is_empty(&self) -> bool {
        matches!(self, Values::Many(values) if values.is_empty())
    }

    /// As the provider reads principals of a document: in reverse order.
    fn reversed(self) -> Self {
        match self {
            Values::Many(mut values) => {
                values.sort_by(|a, b| b.as_str().cmp(&a.as_str()));
                Values::Many(values)
            }
            other => other,
        }
    }

    /// As the provider reads conditions of a document: one value alone.
    fn alone(self) -> Self {
        match self {
            Values::Many(mut values) if values.len() == 1 => {
                values.pop().map_or(Values::Many(values), Values::One)
            }
            other => other,
        }
    }

    fn and(self, other: Values) -> Values {
        let list = |values| match values {
            Values::One(value) | Values::Open(value) => vec![value],
            Values::Many(values) => values,
        };
        match (self, other) {
            (Values::Open(value), _) | (_, Values::Open(value)) => Values::Open(value),
            (a, b) => Values::Many(list(a).into_iter().chain(list(b)).collect()),
        }
    }

    fn write(&self, writer: &mut Writer) {
        match self {
            Values::One(value) => writer.string(value),
            Values::Open(value) => writer.hole(value),
            Values::Many(values) => {
                writer.open('[');
                for value in values {
                    writer.item();
                    writer.string(value);
                }
                writer.close(']');
            }
        }
    }
}

impl Statement {
    /// Whether it takes the place of another: both have the same, not empty `Sid`.
    pub(super) fn replaces(&self, other: &Statement) -> bool {
        match (&self.sid, &other.sid) {
            (Some(a), Some(b)) => a.as_str().is_some_and(|a| Some(a) == b.as_str()),
            _ => false,
        }
    }

    /// Reads a `statement` block; the error is the value that keeps it from being known.
    pub(super) fn read(reader: &Reader<'_, '_, '_>) -> Result<Self, Value> {
        let strings = Type::set(Type::String);
        let lists = LISTS.map(|(name, _)| {
            reader
                .argument(name, &strings)
                .map(|set| values(set, true))
                .filter(|values| !values.is_empty())
        });
        let mut principals = [None, None];
        for (at, (name, _)) in PRINCIPALS.iter().enumerate() {
            principals[at] = read_principals(reader, name)?;
        }
        Ok(Statement {
            sid: reader
                .argument("sid", &Type::String)
                .filter(|sid| sid.as_str() != Some("")),
            effect: Some(
                reader
                    .argument("effect", &Type::String)
                    .unwrap_or_else(|| Value::string("Allow")),
            ),
            lists,
            principals,
            conditions: read_conditions(reader)?,
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.open('{');
        for (name, value) in [("Sid", &self.sid), ("Effect", &self.effect)] {
            if let Some(value) = value {
                writer.key(name);
                writer.string(value);
            }
        }
        for ((_, name), values) in LISTS.iter().zip(&self.lists) {
            if let Some(values) = values {
                writer.key(name);
                values.write(writer);
            }
        }
        for ((_, name), principals) in PRINCIPALS.iter().zip(&self.principals) {
            if let Some(principals) = principals {
                writer.key(name);
                principals.write(writer);
            }
        }
        if !self.conditions.is_empty() {
            writer.key("Condition");
            writer.open('{');
            for (test, variables) in &self.conditions {
                writer.key(test);
                write_by(variables, writer);
            }
            writer.close('}');
        }
        writer.close('}');
    }
}

fn write_by(values: &BTreeMap<String, Values>, writer: &mut Writer) {
    writer.open('{');
    for (name, values) in values {
        writer.key(name);
        values.write(writer);
    }
    writer.close('}');
}

impl Principals {
    fn write(&self, writer: &mut Writer) {
        match self {
            Principals::Anybody => writer.string(&Value::string("*")),
            Principals::By(values) => write_by(values, writer),
        }
    }
}

fn add(values: &mut BTreeMap<String, Values>, key: String, new: Values) {
    let all = match values.remove(&key) {
        Some(known) => known.and(new),
        None => new,
    };
    values.insert(key, all);
}

fn read_principals(reader: &Reader<'_, '_, '_>, name: &str) -> Result<Option<Principals>, Value> {
    let mut blocks = Vec::new();
    for made in &reader.blocks(name)? {
        let inner = Reader { made, ..*reader };
        let ty = inner
            .argument("type", &Type::String)
            .unwrap_or_else(|| Value::null(Type::String));
        let Some(ty) = ty.as_str() else {
            return Err(ty);
        };
        let identifiers = inner.argument("identifiers", &Type::set(Type::String));
        if let Some(identifiers) = identifiers {
            blocks.push((ty.to_owned(), values(identifiers, true)));
        }
    }
    let mut by = BTreeMap::new();
    for (ty, identifiers) in distinct(blocks) {
        add(&mut by, ty, identifiers);
    }
    Ok(principals(by))
}

/// Principals by type; nothing where there is none, and one form for anybody.
fn principals(by: BTreeMap<String, Values>) -> Option<Principals> {
    let anybody = by.len() == 1
        && match by.get("*") {
            Some(Values::One(value)) => value.as_str() == Some("*"),
            Some(Values::Many(values)) => {
                matches!(values.as_slice(), [value] if value.as_str() == Some("*"))
            }
            _ => false,
        };
    match (anybody, by.is_empty()) {
        (true, _) => Some(Principals::Anybody),
        (false, true) => None,
        (false, false) => Some(Principals::By(by)),
    }
}

/// Blocks as the provider's sets hold them: equal ones once.
fn distinct<T: PartialEq>(blocks: Vec<T>) -> Vec<T> {
    let mut distinct = Vec::with_capacity(blocks.len());
    for block in blocks {
        if !distinct.contains(&block) {
            distinct.push(block);
        }
    }
    distinct
}

fn read_conditions(
    reader: &Reader<'_, '_, '_>,
) -> Result<BTreeMap<String, BTreeMap<String, Values>>, Value> {
    let mut blocks = Vec::new();
    for made in &reader.blocks("condition")? {
        let inner = Reader { made, ..*reader };
        let text = |name: &str| {
            let value = inner
                .argument(name, &Type::String)
                .unwrap_or_else(|| Value::null(Type::String));
            value.as_str().map(str::to_owned).ok_or(value)
        };
        let (test, variable) = (text("test")?, text("variable")?);
        let given = inner.argument("values", &Type::list(Type::String));
        if let Some(given) = given {
            blocks.push((test, variable, values(given, false)));
        }
    }
    let mut conditions: BTreeMap<String, BTreeMap<String, Values>> = BTreeMap::new();
    for (test, variable, given) in distinct(blocks) {
        let variables = conditions.entry(test).or_default();
        match variables.get(&variable) {
            // Unlike a principal, a lone value beside an empty list stays alone.
            Some(_) if given.is_empty() => {}
            Some(known) if known.is_empty() => drop(variables.insert(variable, given)),
            _ => add(variables, variable, given),
        }
    }
    Ok(conditions)
}

/// A document that is given as JSON; `None` where it is none.
pub(super) fn parse(text: &str) -> Option<Document> {
    let json: Json = serde_json::from_str(text).ok()?;
    let string = |name: &str| json.get(name).and_then(Json::as_str).map(Value::string);
    let statements = match json.get("Statement") {
        None => Vec::new(),
        Some(Json::Array(statements)) => statements
            .iter()
            .map(parse_statement)
            .collect::<Option<_>>()?,
        Some(single) => vec![parse_statement(single)?],
    };
    Some(Document {
        version: string("Version"),
        id: string("Id"),
        statements,
    })
}

fn parse_statement(json: &Json) -> Option<Statement> {
    let json = json.as_object()?;
    let string = |name: &str| json.get(name).and_then(Json::as_str).map(Value::string);
    let by = |json: &Json, change: fn(Values) -> Values| -> Option<BTreeMap<String, Values>> {
        let object = json.as_object()?;
        object
            .iter()
            .map(|(name, given)| Some((name.clone(), change(parse_values(given)?))))
            .collect()
    };
    let mut statement = Statement {
        sid: string("Sid"),
        effect: string("Effect"),
        ..Statement::default()
    };
    for (at, (_, name)) in LISTS.iter().enumerate() {
        statement.lists[at] = json.get(*name).and_then(parse_values);
    }
    for (at, (_, name)) in PRINCIPALS.iter().enumerate() {
        statement.principals[at] = match json.get(*name) {
            None => None,
            Some(Json::String(_)) => Some(Principals::Anybody),
            Some(object) => principals(by(object, Values::reversed)?),
        };
    }
    if let Some(conditions) = json.get("Condition") {
        for (test, variables) in conditions.as_object()? {
            let variables = by(variables, Values::alone)?;
            if !variables.is_empty() {
                statement.conditions.insert(test.clone(), variables);
            }
        }
    }
    Some(statement)
}

fn parse_values(json: &Json) -> Option<Values> {
    let text = |json: &Json| match json {
        Json::String(text) => Some(Value::string(text)),
        Json::Bool(truth) => Some(Value::string(truth.to_string())),
        Json::Number(number) => Some(Value::string(number.to_string())),
        _ => None,
    };
    match json {
        Json::Array(values) => values
            .iter()
            .map(text)
            .collect::<Option<_>>()
            .map(Values::Many),
        single => text(single).map(Values::One),
    }
}
