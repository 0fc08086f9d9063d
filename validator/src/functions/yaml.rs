//! YAML as text: decoding and encoding as Terraform does.

mod emit;
mod scalar;

use std::collections::BTreeMap;

use cty::{Type, Value};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, StrInput, Tag};

use super::text::text;
use super::{Environment, Function, FunctionError, Kind, Parameter, string};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "yamldecode",
        &[Parameter::new("src", Kind::String)],
        decode_type,
        decode,
    )
    .maybe_null(),
    Function::new(
        "yamlencode",
        &[Parameter::new("value", Kind::Any)
            .sees_unknown()
            .sees_dynamic()
            .nullable()],
        string,
        encode,
    )
    .promising_nothing(),
];

fn decode_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].as_str() {
        None => Ok(Type::Dynamic),
        Some(text) => parse(text).map(|value| value.ty().clone()),
    }
}

fn decode(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    parse(text(arguments, 0))
}

fn encode(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    if !arguments[0].is_wholly_known() {
        return Ok(Value::unknown(ty.clone()));
    }
    Ok(Value::string(emit::document(&arguments[0])))
}

/// Nesting that is read.
const DEEPEST: usize = 200;
/// Nodes that a document may have when its aliases are written out.
const MOST_NODES: u64 = 1_000_000;

fn wrong(why: impl std::fmt::Display) -> FunctionError {
    FunctionError::argument(0, format!("this is not YAML that can be read: {why}"))
}

fn scan(error: &ScanError) -> FunctionError {
    let at = error.marker();
    wrong(format!(
        "line {}, column {}: {}",
        at.line(),
        at.col() + 1,
        error.info()
    ))
}

/// A node that an anchor names, with the nodes in it.
struct Anchored {
    value: Value,
    size: u64,
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    anchors: BTreeMap<usize, Anchored>,
    nodes: u64,
    /// The last event reached the end of a text whose last line does not end, so that no line ended there.
    unfinished: bool,
    /// Characters of a text whose last line has no end.
    open_end: Option<usize>,
    /// That line has only blanks.
    blank_end: bool,
}

/// The value of a document: mappings are objects, sequences tuples.
fn parse(text: &str) -> Result<Value, FunctionError> {
    let mut reader = Reader {
        events: Parser::new_from_str(text),
        anchors: BTreeMap::new(),
        nodes: 0,
        unfinished: false,
        open_end: open_end(text),
        blank_end: text.ends_with([' ', '\t'])
            && text.trim_end_matches([' ', '\t']).ends_with('\n'),
    };
    loop {
        match reader.next()? {
            Event::DocumentStart(_) => break,
            Event::StreamEnd => return Err(wrong("there is no document")),
            _ => {}
        }
    }
    let first = reader.next()?;
    let value = reader.node(first, 0)?;
    loop {
        match reader.next()? {
            Event::DocumentEnd => {}
            Event::StreamEnd => return Ok(value),
            _ => return Err(wrong("something follows the document")),
        }
    }
}

/// How many characters a text has, if its last line has no end.
fn open_end(text: &str) -> Option<usize> {
    let last = text.rsplit(['\n', '\r']).next()?;
    (!last.is_empty()).then(|| text.chars().count())
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<Event<'a>, FunctionError> {
        match self.events.next_event() {
            None => Ok(Event::StreamEnd),
            Some(Ok((event, span))) => {
                self.unfinished = self.open_end.is_some_and(|end| span.end.index() >= end);
                Ok(event)
            }
            Some(Err(error)) => Err(scan(&error)),
        }
    }

    fn node(&mut self, event: Event<'a>, depth: usize) -> Result<Value, FunctionError> {
        if depth > DEEPEST {
            return Err(wrong(format!("it is nested deeper than {DEEPEST} levels")));
        }
        let before = self.nodes;
        self.count(1)?;
        let (value, anchor) = match event {
            Event::Alias(anchor) => {
                let Some(known) = self.anchors.get(&anchor) else {
                    return Err(wrong(
                        "an alias of something that is not complete or not there",
                    ));
                };
                let (value, size) = (known.value.clone(), known.size);
                self.count(size)?;
                return Ok(value);
            }
            Event::Scalar(text, style, anchor, tag) => {
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                (
                    self.scalar(text, block, style == ScalarStyle::Plain, tag.as_deref())?,
                    anchor,
                )
            }
            Event::SequenceStart(anchor, tag) => {
                container_tag(tag.as_deref(), "seq")?;
                (self.sequence(depth)?, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                container_tag(tag.as_deref(), "map")?;
                (self.mapping(depth)?, anchor)
            }
            _ => return Err(wrong("a value is missing")),
        };
        if anchor > 0 {
            let size = self.nodes - before;
            self.anchors.insert(
                anchor,
                Anchored {
                    value: value.clone(),
                    size,
                },
            );
        }
        Ok(value)
    }

    fn scalar(
        &self,
        mut text: std::borrow::Cow<'_, str>,
        block: bool,
        plain: bool,
        tag: Option<&Tag>,
    ) -> Result<Value, FunctionError> {
        if block && text.is_empty() {
            // An empty block is null, of the type that text has.
            return Ok(Value::null(Type::String));
        }
        if block && self.unfinished {
            // Of a line that has only blanks the reader makes one more.
            let ending = if self.blank_end { "\n\n" } else { "\n" };
            if text.ends_with(ending) {
                text.to_mut().pop();
            }
        }
        scalar::value(&text, plain, tag_name(tag)?.as_deref())
    }

    fn count(&mut self, nodes: u64) -> Result<(), FunctionError> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MOST_NODES {
            return Err(wrong(format!(
                "it has more than {MOST_NODES} nodes when its aliases are written out"
            )));
        }
        Ok(())
    }

    fn sequence(&mut self, depth: usize) -> Result<Value, FunctionError> {
        let mut elements = Vec::new();
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(Value::tuple(elements)),
                event => elements.push(self.node(event, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Value, FunctionError> {
        let mut entries: BTreeMap<String, Value> = BTreeMap::new();
        loop {
            let event = self.next()?;
            if event == Event::MappingEnd {
                return Ok(Value::object(entries));
            }
            let merges = matches!(&event, Event::Scalar(text, _, _, None) if text == "<<");
            let key = if merges {
                None
            } else {
                Some(key_of(&self.node(event, depth + 1)?)?)
            };
            let event = self.next()?;
            let value = self.node(event, depth + 1)?;
            if let Some(key) = key {
                drop(entries.insert(key, value));
            } else {
                let Type::Object(_) = value.ty() else {
                    return Err(wrong(format!(
                        "a {} cannot be merged into a mapping",
                        value.ty()
                    )));
                };
                for (key, value) in value
                    .entries()
                    .into_iter()
                    .flat_map(|entries| entries.iter())
                {
                    entries.insert(key.to_string(), value.clone());
                }
            }
        }
    }
}

fn key_of(key: &Value) -> Result<String, FunctionError> {
    if key.is_null() {
        return Err(wrong("a key of a mapping is null"));
    }
    let text = cty::conversion::convert(key, &Type::String)
        .map_err(|_| wrong("only strings can be keys of a mapping"))?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

/// The name of a tag of YAML's own: `str`, `int`. None where no tag stands.
fn tag_name(tag: Option<&Tag>) -> Result<Option<String>, FunctionError> {
    let Some(tag) = tag else { return Ok(None) };
    // A lone exclamation mark says: not resolved.
    if tag.handle.is_empty() && tag.suffix == "!" {
        return Ok(Some("str".into()));
    }
    if tag.is_yaml_core_schema() {
        return Ok(Some(tag.suffix.clone()));
    }
    Err(wrong(format!(
        "the tag {}{} is not supported",
        tag.handle, tag.suffix
    )))
}

fn container_tag(tag: Option<&Tag>, wanted: &str) -> Result<(), FunctionError> {
    match tag_name(tag)? {
        Some(name) if name != wanted => Err(wrong(format!("the tag !!{name} does not fit"))),
        _ => Ok(()),
    }
}
