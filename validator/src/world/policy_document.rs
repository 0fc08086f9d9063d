//! `aws_iam_policy_document`: the JSON that the provider would write, with holes where values are not known.
//!
//! What the provider does was read off its documentation and its answers: several values stand in reverse order, one value
//! stands alone, statements with the same `Sid` replace each other, and the later version counts.

mod statement;
mod text;

use cty::{Type, Value};

use super::World;
use super::blocks::{Around, Made};
use super::data_sources::assumed;
use super::frames;
use super::resources::{Configured, Instance};
use crate::symbol::{self, Symbol};
use statement::Statement;
use text::Writer;

/// Longest document that is merged into another: AWS takes none of a tenth of it, and documents that hold the one before
/// twice grow beyond all bounds.
const LONGEST: usize = 512 * 1024;

/// A policy document.
#[derive(Default)]
struct Document {
    version: Option<Value>,
    id: Option<Value>,
    statements: Vec<Statement>,
}

impl Document {
    /// Takes in another document as the provider does.
    fn merge(&mut self, other: Document) {
        if other.id.is_some() {
            self.id = other.id;
        }
        let later = match (&self.version, &other.version) {
            (Some(ours), Some(theirs)) => match (ours.as_str(), theirs.as_str()) {
                (Some(ours), Some(theirs)) => theirs > ours,
                _ => true,
            },
            (None, theirs) => theirs.is_some(),
            (Some(_), None) => false,
        };
        if later {
            self.version = other.version;
        }
        for statement in other.statements {
            let same = self
                .statements
                .iter()
                .position(|known| statement.replaces(known));
            match same {
                Some(at) => self.statements[at] = statement,
                None => self.statements.push(statement),
            }
        }
    }

    fn write(&self, writer: &mut Writer) {
        writer.open('{');
        if let Some(version) = &self.version {
            writer.key("Version");
            writer.string(version);
        }
        if let Some(id) = &self.id {
            writer.key("Id");
            writer.string(id);
        }
        if !self.statements.is_empty() {
            writer.key("Statement");
            writer.open('[');
            for statement in &self.statements {
                writer.item();
                statement.write(writer);
            }
            writer.close(']');
        }
        writer.close('}');
    }
}

/// The value of `json` or `minified_json`; `None` for the other attributes.
pub(crate) fn attribute(world: &World<'_>, instance: &Instance<'_>, name: &str) -> Option<Value> {
    let pretty = match name {
        "json" => true,
        "minified_json" => false,
        _ => return None,
    };
    let document = match read(world, instance) {
        Ok(document) => document,
        Err(because) => {
            let symbol = Symbol::Call {
                function: "aws_iam_policy_document".into(),
                arguments: vec![because],
            };
            return Some(symbol::with(Value::unknown(Type::String), symbol));
        }
    };
    let mut writer = Writer::new(pretty);
    document.write(&mut writer);
    let (value, marks) = writer.finish();
    Some(assumed(value, "the document that the provider writes").with_marks(&marks))
}

/// The document, or the value that keeps it from being known.
fn read(world: &World<'_>, instance: &Instance<'_>) -> Result<Document, Value> {
    let mut merged = Document::default();
    for source in documents(world, instance, "source_policy_documents")? {
        merged.merge(source);
    }
    let text = |name: &str| match world.configured(instance, name) {
        Configured::Value(value) if !value.is_null() && value.as_str() != Some("") => Some(value),
        Configured::Failed(value) => Some(value),
        _ => None,
    };
    merged.merge(Document {
        version: Some(text("version").unwrap_or_else(|| Value::string("2012-10-17"))),
        id: text("policy_id"),
        statements: statements(world, instance)?,
    });
    for over in documents(world, instance, "override_policy_documents")? {
        merged.merge(over);
    }
    Ok(merged)
}

/// Documents that are given as JSON.
fn documents(
    world: &World<'_>,
    instance: &Instance<'_>,
    name: &str,
) -> Result<Vec<Document>, Value> {
    let value = match world.configured(instance, name) {
        Configured::Absent => return Ok(Vec::new()),
        Configured::Value(value) | Configured::Failed(value) => value,
    };
    if value.is_null() {
        return Ok(Vec::new());
    }
    let Some(elements) = value.elements() else {
        return Err(value);
    };
    let mut documents = Vec::new();
    for element in elements.iter().filter(|element| !element.is_null()) {
        let Some(text) = element.as_str() else {
            return Err(element.clone());
        };
        let document = (text.len() <= LONGEST).then(|| statement::parse(text));
        let Some(document) = document.flatten() else {
            let what = if text.len() > LONGEST {
                "longer than any policy may be"
            } else {
                "not a policy document in JSON"
            };
            let why = format!("{}: an element of {name} is {what}", instance.address());
            return Err(symbol::with(
                Value::dynamic_unknown(),
                Symbol::Opaque(why.into()),
            ));
        };
        documents.push(document);
    }
    Ok(documents)
}

fn statements(world: &World<'_>, instance: &Instance<'_>) -> Result<Vec<Statement>, Value> {
    let scope = world.scope_in(instance.module, instance.repetition());
    let what = format!("{}.statement", instance.address());
    let around = Around {
        scope: &scope,
        iterators: &[],
        what: &what,
    };
    let made = world.blocks(&instance.body(), "statement", around)?;
    made.iter()
        .map(|made| {
            Statement::read(&Reader {
                world,
                around,
                made,
            })
        })
        .collect()
}

/// A block of the data source while it is read.
struct Reader<'r, 'w, 'c> {
    world: &'w World<'c>,
    around: Around<'r>,
    made: &'r Made<'r>,
}

impl Reader<'_, '_, '_> {
    /// An argument converted to a type; `None` where it is not set.
    fn argument(&self, name: &str, ty: &Type) -> Option<Value> {
        let argument = self.made.body.argument(name, self.world)?;
        let value = frames::with(&self.made.iterators, |frame| {
            self.world
                .evaluate(argument.value, self.around.scope, frame)
        });
        let value =
            value.and_then(|value| super::resources::convert_argument(value, Some(ty), &argument));
        let value = self.world.or_unknown(value, self.around.what);
        (!value.is_null()).then_some(value)
    }

    fn blocks(&self, name: &str) -> Result<Vec<Made<'_>>, Value> {
        let around = Around {
            iterators: &self.made.iterators,
            ..self.around
        };
        self.world.blocks(&self.made.body, name, around)
    }
}
