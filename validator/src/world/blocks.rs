//! Nested blocks: dynamic ones are expanded, and what references to them give is built.

use cty::{Mark, Type, Value};

use super::World;
use super::bodies::{Body, Dynamic, Written};
use super::frames::{self, Iterators};
use super::resources::{Instance, convert_argument};
use crate::eval::{Failure, Scope};
use crate::load::config::Name;
use crate::schema::{Block, NestedBlock, Nesting};
use crate::source::Place;
use crate::symbol::{self, PathStep, Symbol};

/// Blocks that one dynamic block may make.
const MOST: usize = 10_000;

/// Blocks that all dynamic blocks of a run may make: few lines inside of one another make more than any memory holds.
const MOST_IN_ALL: u64 = 200_000;

/// A nested block after dynamic blocks were expanded.
pub(crate) struct Made<'a> {
    pub(crate) body: Body<'a>,
    pub(crate) iterators: Vec<(Name, Value)>,
    pub(crate) place: Place,
}

/// Where blocks are evaluated.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) scope: &'a dyn Scope,
    pub(crate) iterators: &'a Iterators,
    /// What is evaluated, for messages.
    pub(crate) what: &'a str,
}

impl World<'_> {
    /// The blocks of a type, or the `for_each` that is not known.
    pub(crate) fn blocks<'b>(
        &self,
        body: &Body<'b>,
        ty: &str,
        around: Around<'_>,
    ) -> Result<Vec<Made<'b>>, Value> {
        let mut made = Vec::new();
        for written in body.blocks(ty, self) {
            match written {
                Written::Block(body, place) => made.push(Made {
                    body,
                    iterators: around.iterators.to_vec(),
                    place,
                }),
                Written::Dynamic(dynamic) => self.dynamic(&dynamic, around, &mut made)?,
            }
        }
        Ok(made)
    }

    fn dynamic<'b>(
        &self,
        dynamic: &Dynamic<'b>,
        around: Around<'_>,
        made: &mut Vec<Made<'b>>,
    ) -> Result<(), Value> {
        let (Some(for_each), Some(content)) = (dynamic.for_each, dynamic.content) else {
            let failure = Failure {
                summary: "an incomplete dynamic block".into(),
                detail: "A dynamic block needs a for_each and a content block.".into(),
                place: Some(dynamic.place),
                fatal: false,
            };
            self.report_failure(&failure, around.what);
            return Err(super::failed(around.what));
        };
        let value = frames::with(around.iterators, |frame| {
            self.evaluate(for_each.value, around.scope, frame)
        });
        let value = self.or_unknown(value, around.what);
        let (value, marks) = value.unmark();
        let refuse = |detail: &str| {
            let failure = Failure {
                summary: "invalid for_each of a dynamic block".into(),
                detail: detail.into(),
                place: Some(for_each.place()),
                fatal: false,
            };
            self.report_failure(&failure, around.what);
            super::failed(around.what)
        };
        if !value.is_known() {
            return Err(value.with_marks(&marks));
        }
        if marks.contains(&Mark::Sensitive) {
            return Err(refuse(
                "The value is sensitive, and the number of blocks would show it.",
            ));
        }
        let Some(pairs) = pairs(&value) else {
            return Err(refuse(&format!(
                "A list, set or map is needed, but this is {}.",
                if value.is_null() {
                    "null".to_owned()
                } else {
                    format!("a {}", value.ty())
                }
            )));
        };
        if pairs.len() > MOST {
            return Err(refuse(&format!(
                "It has {} elements; up to {MOST} blocks are looked at.",
                pairs.len()
            )));
        }
        let count = u64::try_from(pairs.len()).unwrap_or(u64::MAX);
        let all = self.blocks_made.get().saturating_add(count);
        if all > MOST_IN_ALL {
            return Err(refuse(&format!(
                "With it more than {MOST_IN_ALL} blocks would be made in all; what lies beyond is not looked at. Look for \
                 dynamic blocks in dynamic blocks."
            )));
        }
        self.blocks_made.set(all);
        for (key, element) in pairs {
            let both = Value::object([
                ("key", key.with_marks(&marks)),
                ("value", element.with_marks(&marks)),
            ]);
            let mut iterators = around.iterators.to_vec();
            iterators.push((dynamic.iterator.clone(), both));
            made.push(Made {
                body: content,
                iterators,
                place: dynamic.place,
            });
        }
        Ok(())
    }

    /// What a reference to the blocks of a type gives.
    pub(crate) fn block_reference(
        &self,
        instance: &Instance<'_>,
        name: &str,
        nested: &NestedBlock,
    ) -> Value {
        let scope = self.scope_in(instance.module, instance.repetition());
        let what = format!("{}.{name}", instance.address());
        let around = Around {
            scope: &scope,
            iterators: &[],
            what: &what,
        };
        let path = vec![PathStep::Name(name.into())];
        let place = Referred {
            address: instance.address(),
            path,
        };
        self.block_values(&instance.body(), name, nested, around, &place)
    }

    fn block_values(
        &self,
        body: &Body<'_>,
        name: &str,
        nested: &NestedBlock,
        around: Around<'_>,
        place: &Referred,
    ) -> Value {
        let object = nested.block.implied_type();
        let ty = match nested.nesting {
            Nesting::Single => object.clone(),
            Nesting::List => Type::list(object.clone()),
            Nesting::Set => Type::set(object.clone()),
            Nesting::Map => Type::map(object.clone()),
        };
        let made = match self.blocks(body, name, around) {
            Ok(made) => made,
            Err(because) => {
                let symbol = Symbol::Over {
                    what: "dynamic",
                    collection: because,
                    made: self.open_blocks(body, name, nested, around, place),
                };
                return symbol::with(Value::unknown(ty), symbol);
            }
        };
        // Blocks that nobody wrote may still be filled in by AWS.
        if made.is_empty() {
            return place.unknown(ty);
        }
        let value = |(at, made): (usize, &Made<'_>)| {
            let inner = match nested.nesting {
                Nesting::Single => place.clone(),
                _ => place.below(PathStep::Index(u64::try_from(at).unwrap_or(u64::MAX))),
            };
            self.block_value(made, &nested.block, around, &inner)
        };
        let mut values: Vec<Value> = made.iter().enumerate().map(value).collect();
        let built = match nested.nesting {
            Nesting::Single => return values.swap_remove(0),
            Nesting::List => Value::list(object, values),
            Nesting::Set => Value::set(object, values),
            Nesting::Map => return place.unknown(ty),
        };
        built.unwrap_or_else(|_| place.unknown(ty))
    }

    /// The blocks of a type of which it is not known how many there are, as they are written: of a dynamic block what it goes
    /// through, and one block over any element. None where not all of a block is known to the schema.
    pub(crate) fn open_blocks(
        &self,
        body: &Body<'_>,
        name: &str,
        nested: &NestedBlock,
        around: Around<'_>,
        place: &Referred,
    ) -> Option<Value> {
        let block = &nested.block;
        if block.attributes.is_empty() || !is_whole(block) {
            return None;
        }
        let mut parts = Vec::new();
        for written in body.blocks(name, self) {
            let (made, over) = match written {
                Written::Block(body, place) => {
                    let iterators = around.iterators.to_vec();
                    let made = Made {
                        body,
                        iterators,
                        place,
                    };
                    (made, None)
                }
                Written::Dynamic(dynamic) => {
                    let value = frames::with(around.iterators, |frame| {
                        self.evaluate(dynamic.for_each?.value, around.scope, frame)
                            .ok()
                    })?;
                    let element = |part: &str| {
                        let symbol = Symbol::Call {
                            function: format!("element_{part}").into(),
                            arguments: vec![value.clone()],
                        };
                        symbol::with(Value::dynamic_unknown(), symbol)
                    };
                    let both =
                        Value::object([("key", element("key")), ("value", element("value"))]);
                    let mut iterators = around.iterators.to_vec();
                    iterators.push((dynamic.iterator.clone(), both));
                    let made = Made {
                        body: dynamic.content?,
                        iterators,
                        place: dynamic.place,
                    };
                    (made, Some(value))
                }
            };
            let value = self.block_value(&made, block, around, place);
            parts.push(match over {
                Some(over) => Value::tuple(vec![over, value]),
                None => value,
            });
        }
        Some(Value::tuple(parts))
    }

    fn block_value(
        &self,
        made: &Made<'_>,
        block: &Block,
        around: Around<'_>,
        place: &Referred,
    ) -> Value {
        let around = Around {
            iterators: &made.iterators,
            ..around
        };
        let mut parts: Vec<(Name, Value)> = Vec::new();
        for (name, attribute) in &block.attributes {
            let inner = place.below(PathStep::Name(name.clone()));
            let value = made.body.argument(name, self).map(|argument| {
                let value = frames::with(around.iterators, |frame| {
                    self.evaluate(argument.value, around.scope, frame)
                });
                value.and_then(|value| convert_argument(value, Some(&attribute.ty), &argument))
            });
            let value = match value {
                Some(Ok(value)) if !value.is_null() => value,
                Some(Err(failure)) => {
                    self.report_failure(&failure, around.what);
                    let failed = super::failed(around.what);
                    cty::conversion::convert(&failed, &attribute.ty).unwrap_or(failed)
                }
                _ => inner.unknown(attribute.ty.clone()),
            };
            parts.push((name.clone(), value));
        }
        for (name, nested) in &block.blocks {
            let inner = place.below(PathStep::Name(name.clone()));
            let value = self.block_values(&made.body, name, nested, around, &inner);
            parts.push((name.clone(), value));
        }
        Value::object(parts)
    }
}

/// Whether the schema holds all of a block.
fn is_whole(block: &Block) -> bool {
    !block.truncated && block.blocks.values().all(|nested| is_whole(&nested.block))
}

/// Keys and values of what a dynamic block goes through; `None` for what cannot be gone through.
fn pairs(value: &Value) -> Option<Vec<(Value, Value)>> {
    if let Some(entries) = value.entries() {
        return Some(
            entries
                .iter()
                .map(|(key, element)| (Value::string(key), element.clone()))
                .collect(),
        );
    }
    let elements = value.elements()?;
    let set = matches!(value.ty(), Type::Set(_));
    let pair = |(at, element): (usize, &Value)| {
        let key = if set {
            element.clone()
        } else {
            Value::number(at)
        };
        (key, element.clone())
    };
    Some(elements.iter().enumerate().map(pair).collect())
}

/// Where a reference has led to.
#[derive(Clone)]
pub(crate) struct Referred {
    pub(crate) address: Name,
    pub(crate) path: Vec<PathStep>,
}

impl Referred {
    pub(crate) fn below(&self, step: PathStep) -> Self {
        let mut path = self.path.clone();
        path.push(step);
        Referred {
            address: self.address.clone(),
            path,
        }
    }

    pub(crate) fn unknown(&self, ty: Type) -> Value {
        let symbol = Symbol::Resource {
            address: self.address.clone(),
            path: self.path.clone(),
        };
        symbol::with(Value::unknown(ty), symbol)
    }
}
