//! Bodies in normal form: arguments and blocks as nodes, with notes of places, references and assumptions.

mod notes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cty::{Mark, Value};

use super::World;
use super::blocks::{Around, Made, Referred};
use super::bodies::Body;
use super::data_sources::ASSUMED;
use super::frames::{self, Iterators};
use super::resources::{Configured, Instance, convert_argument};
use super::trace::{Stand, shared};
use crate::eval::Scope;
use crate::inventory::{self, Assumed, Link, Name, Node, Path, Reference, Sealer, Unknown, normal};
use crate::load::config::Argument;
use crate::schema::{Attribute, Block, NestedBlock, Nesting};
use crate::symbol::{PathStep, Symbol};

/// What is told of values beside the values.
#[derive(Default)]
pub(crate) struct Notes {
    pub(crate) assumed: Vec<Assumed>,
    places: Vec<(Path, Arc<[Link]>)>,
    references: BTreeSet<Reference>,
}

/// Builds the nodes of one instance.
pub(crate) struct Builder<'b, 'w, 'c> {
    pub(crate) world: &'w World<'c>,
    pub(crate) sealer: &'b Sealer,
    pub(crate) scope: &'b dyn Scope,
    pub(crate) stand: &'b Stand,
    pub(crate) address: &'b Name,
}

impl Builder<'_, '_, '_> {
    /// The values of a resource whose type is in the schema.
    pub(crate) fn top(
        &self,
        instance: &Instance<'_>,
        schema: &Block,
        notes: &mut Notes,
    ) -> BTreeMap<Name, Node> {
        let mut values = BTreeMap::new();
        let body = instance.body();
        for (name, attribute) in &schema.attributes {
            if let Some(nested) = self.world.written_as_blocks(instance, name, attribute) {
                self.nested(&body, name, &nested, &[], &mut values, notes);
                continue;
            }
            let configured = match self.world.configured(instance, name) {
                Configured::Absent => None,
                Configured::Value(value) | Configured::Failed(value) => Some(value),
            };
            let argument = instance.resource.content.arguments.get(name).copied();
            self.attribute(name, attribute, configured, argument, &mut values, notes);
        }
        for (name, nested) in &schema.blocks {
            self.nested(&body, name, nested, &[], &mut values, notes);
        }
        // Newer versions of the provider have arguments that the embedded schema does not know.
        for (name, argument) in &instance.resource.content.arguments {
            if !schema.attributes.contains_key(name)
                && !schema.blocks.contains_key(name)
                && &**name != "dynamic"
            {
                self.loose(instance, name, *argument, &mut values, notes);
            }
        }
        values
    }

    fn attribute(
        &self,
        name: &Name,
        attribute: &Attribute,
        configured: Option<Value>,
        argument: Option<Argument>,
        values: &mut BTreeMap<Name, Node>,
        notes: &mut Notes,
    ) {
        let path = [PathStep::Name(name.clone())];
        // Nobody can read a write-only value back, so no other source has it.
        if attribute.write_only {
            return;
        }
        if let (Some(value), Some(argument)) = (configured, argument) {
            let value = if attribute.sensitive {
                value.mark(Mark::Sensitive)
            } else {
                value
            };
            let trace = self.world.trace(&argument, name, self.stand);
            notes.traced(trace, path.to_vec());
            for (steps, trace) in self.world.encoded(&argument, self.stand) {
                let at = path.iter().cloned().chain(steps).collect();
                notes.places.push((at, shared(trace.links)));
            }
            let (node, inner) = self.value(&value);
            notes.adopt(inner, &path);
            if let Some(node) = node.filter(|node| !normal::is_unset(attribute, node)) {
                values.insert(name.clone(), normal::spelled(name, node));
                return;
            }
        }
        if attribute.computed {
            values.insert(name.clone(), Node::Unknown(Arc::new(Unknown::aws())));
        }
    }

    fn loose(
        &self,
        instance: &Instance<'_>,
        name: &Name,
        argument: Argument,
        values: &mut BTreeMap<Name, Node>,
        notes: &mut Notes,
    ) {
        let (Configured::Value(value) | Configured::Failed(value)) =
            self.world.configured(instance, name)
        else {
            return;
        };
        let path = [PathStep::Name(name.clone())];
        notes.traced(self.world.trace(&argument, name, self.stand), path.to_vec());
        let (node, inner) = self.value(&value);
        notes.adopt(inner, &path);
        if let Some(node) = node {
            values.insert(name.clone(), node.untyped());
        }
    }

    /// The values of a resource whose type is not in the schema: as they are written.
    pub(crate) fn without_schema(
        &self,
        instance: &Instance<'_>,
        notes: &mut Notes,
    ) -> BTreeMap<Name, Node> {
        let mut values = BTreeMap::new();
        for (name, argument) in &instance.resource.content.arguments {
            self.loose(instance, name, *argument, &mut values, notes);
        }
        let body = instance.body();
        for name in body.block_types(self.world) {
            self.nested(&body, &name, &as_written(), &[], &mut values, notes);
        }
        values
    }

    /// The blocks of a type, as one node.
    fn nested(
        &self,
        body: &Body<'_>,
        name: &Name,
        nested: &NestedBlock,
        iterators: &Iterators,
        values: &mut BTreeMap<Name, Node>,
        notes: &mut Notes,
    ) {
        let what = format!("{}.{name}", self.address);
        let around = Around {
            scope: self.scope,
            iterators,
            what: &what,
        };
        let made = match self.world.blocks(body, name, around) {
            Ok(made) => made,
            Err(because) => {
                let place = Referred {
                    address: self.address.clone(),
                    path: vec![PathStep::Name(name.clone())],
                };
                let symbol = Symbol::Over {
                    what: "dynamic",
                    collection: because.clone(),
                    made: self.world.open_blocks(body, name, nested, around, &place),
                };
                let unknown = Unknown {
                    because: crate::symbol::because(&because),
                    symbol: Some(Arc::new(symbol)),
                };
                values.insert(name.clone(), Node::Unknown(Arc::new(unknown)));
                return;
            }
        };
        if made.is_empty() {
            return;
        }
        let mut built: Vec<(Node, Notes)> = made
            .iter()
            .map(|made| self.block(made, &nested.block))
            .collect();
        if nested.nesting == Nesting::Set {
            inventory::node::sort(&mut built, |(node, _)| node);
        }
        let single = nested.nesting == Nesting::Single;
        let mut nodes = Vec::with_capacity(built.len());
        for (at, (node, inner)) in built.into_iter().enumerate() {
            let mut path = vec![PathStep::Name(name.clone())];
            if !single {
                path.push(PathStep::Index(u64::try_from(at).unwrap_or(u64::MAX)));
            }
            notes.adopt(inner, &path);
            nodes.push(node);
        }
        let node = match nested.nesting {
            Nesting::Single => nodes.swap_remove(0),
            Nesting::Set => Node::Set(nodes.into()),
            Nesting::List | Nesting::Map => Node::List(nodes.into()),
        };
        values.insert(name.clone(), node);
    }

    fn block(&self, made: &Made<'_>, block: &Block) -> (Node, Notes) {
        let mut values = BTreeMap::new();
        let mut notes = Notes::default();
        notes.places.push((Vec::new(), self.place_of(made)));
        let known = !block.attributes.is_empty() || !block.blocks.is_empty();
        for (name, argument) in made.body.arguments(self.world) {
            if known && block.blocks.contains_key(&name)
                || made.body.is_json() && &*name == "dynamic"
            {
                continue;
            }
            let attribute = block.attributes.get(&name);
            let value = frames::with(&made.iterators, |frame| {
                self.world.evaluate(argument.value, self.scope, frame)
            });
            let value = value
                .and_then(|value| convert_argument(value, attribute.map(|a| &a.ty), &argument));
            let value = self
                .world
                .or_unknown(value, &format!("{}.{name}", self.address));
            if let Some(attribute) = attribute {
                self.attribute(
                    &name,
                    attribute,
                    Some(value),
                    Some(argument),
                    &mut values,
                    &mut notes,
                );
            } else {
                let path = [PathStep::Name(name.clone())];
                notes.traced(
                    self.world.trace(&argument, &name, self.stand),
                    path.to_vec(),
                );
                let (node, inner) = self.value(&value);
                notes.adopt(inner, &path);
                if let Some(node) = node {
                    values.insert(name.clone(), node.untyped());
                }
            }
        }
        for (name, attribute) in &block.attributes {
            if attribute.computed && !values.contains_key(name) && !attribute.write_only {
                values.insert(name.clone(), Node::Unknown(Arc::new(Unknown::aws())));
            }
        }
        if known {
            for (name, nested) in &block.blocks {
                self.nested(
                    &made.body,
                    name,
                    nested,
                    &made.iterators,
                    &mut values,
                    &mut notes,
                );
            }
        } else {
            for name in made.body.block_types(self.world) {
                self.nested(
                    &made.body,
                    &name,
                    &as_written(),
                    &made.iterators,
                    &mut values,
                    &mut notes,
                );
            }
        }
        (Node::Object(Arc::new(values)), notes)
    }

    fn place_of(&self, made: &Made<'_>) -> Arc<[Link]> {
        let location = self.world.configuration.sources.location(made.place);
        let what = "block".into();
        Arc::new([Link {
            location,
            what,
            depth: 0,
            like: 0,
        }])
    }

    /// A value as a node, with what clings to its parts.
    pub(crate) fn value(&self, value: &Value) -> (Option<Node>, Notes) {
        let mut notes = Notes::default();
        let mut bare = value.clone();
        if value.is_marked_deep() {
            let (stripped, places) = value.unmark_deep();
            let mut secret = Vec::new();
            for (path, marks) in places {
                for mark in &marks {
                    if let Mark::Named(name) = mark
                        && let Some(what) = name.strip_prefix(ASSUMED)
                    {
                        notes.assumed.push(Assumed {
                            path: inventory::node::path_of(&path),
                            because: what.into(),
                        });
                    }
                }
                let sensitive: cty::Marks = marks
                    .into_iter()
                    .filter(|mark| !matches!(mark, Mark::Named(_)))
                    .collect();
                if !sensitive.is_empty() {
                    secret.push((path, sensitive));
                }
            }
            bare = stripped.with_marks_at(&secret);
        }
        let node = Node::from_value(&bare, self.sealer);
        if let Some(node) = &node {
            let mut found = Vec::new();
            inventory::node::referred(node, &mut Vec::new(), &mut found);
            notes.references.extend(found);
        }
        (node, notes)
    }
}

/// The shape of a block that is in no schema.
fn as_written() -> NestedBlock {
    NestedBlock {
        nesting: Nesting::List,
        min: 0,
        max: 0,
        block: Block::default(),
    }
}
