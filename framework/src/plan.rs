//! Drafts a plan from a schema: defaults, unknowns, kept values, replacement. Terraform's core holds providers to these
//! rules (`internal/plans/objchange` of hashicorp/terraform); following them here means no resource can break them.

mod settled;

use std::collections::BTreeMap;
use std::sync::Arc;

use cty::{Path, Type, Value};

use crate::schema::{Attribute, Block, BlockNesting, NestedBlock, Nesting, Replace};

pub(crate) use settled::settled;

/// A plan before the resource had its say.
pub(crate) struct Draft {
    /// What the state would be.
    pub(crate) planned: Value,
    /// Attributes whose change needs a new object.
    pub(crate) replace: Vec<Path>,
}

/// Drafts the plan of a create (`prior` is null) or an update.
pub(crate) fn draft(block: &Block, prior: &Value, proposed: &Value, config: &Value) -> Draft {
    let defaulted = over(block, proposed, config, prior, &mut |place| {
        place.defaulted()
    });
    let planned = if defaulted == *prior {
        defaulted
    } else {
        let open = over(block, &defaulted, config, prior, &mut |place| {
            place.opened()
        });
        over(block, &open, config, prior, &mut |place| place.kept())
    };
    let mut replace = Vec::new();
    if !prior.is_null() {
        replacements(block, prior, &planned, config, &Path::root(), &mut replace);
    }
    Draft { planned, replace }
}

/// The value with all write-only attributes null, as states and plans must have them.
pub(crate) fn without_write_only(block: &Block, value: &Value) -> Value {
    over(block, value, value, value, &mut |place| {
        if place.attribute.write_only {
            Value::null(place.attribute.ty.clone())
        } else {
            place.value.clone()
        }
    })
}

/// One attribute with what stands at its place elsewhere.
struct Place<'a> {
    attribute: &'a Attribute,
    value: &'a Value,
    config: Option<&'a Value>,
    prior: Option<&'a Value>,
}

impl Place<'_> {
    fn unset(&self) -> bool {
        self.config.is_none_or(Value::is_null)
    }

    fn defaulted(&self) -> Value {
        match &self.attribute.default {
            _ if self.attribute.write_only => Value::null(self.attribute.ty.clone()),
            Some(default) if self.unset() => default.clone(),
            _ => self.value.clone(),
        }
    }

    fn opened(&self) -> Value {
        let open = self.attribute.computed && self.attribute.default.is_none() && self.unset();
        if open {
            Value::unknown(self.attribute.ty.clone())
        } else {
            self.value.clone()
        }
    }

    fn kept(&self) -> Value {
        match self.prior {
            Some(prior)
                if self.attribute.keep
                    && self.unset()
                    && !prior.is_null()
                    && !self.value.is_known() =>
            {
                prior.clone()
            }
            _ => self.value.clone(),
        }
    }
}

/// Rewrites every attribute of a block, however deep, with what stands at the same place in configuration and prior state.
fn over(
    block: &Block,
    value: &Value,
    config: &Value,
    prior: &Value,
    rewrite: &mut dyn FnMut(&Place<'_>) -> Value,
) -> Value {
    let Some(entries) = value.entries() else {
        return value.clone();
    };
    let mut out: BTreeMap<Arc<str>, Value> = entries.clone();
    for attribute in &block.attributes {
        let Some(value) = entries.get(attribute.name) else {
            continue;
        };
        let (config, prior) = (
            config.attribute(attribute.name),
            prior.attribute(attribute.name),
        );
        let mut rewritten = rewrite(&Place {
            attribute,
            value,
            config,
            prior,
        });
        // What the configuration sets has attributes of its own to go over; what it leaves open is decided as a whole.
        if let Some((nested, nesting)) = &attribute.nested
            && !rewritten.is_null()
            && rewritten.is_known()
        {
            let many = match nesting {
                Nesting::Single => Many::One,
                Nesting::List => Many::List,
                Nesting::Set => Many::Set,
                Nesting::Map => Many::Map,
            };
            rewritten = each(nested, many, &rewritten, config, prior, rewrite);
        }
        out.insert(attribute.name.into(), rewritten);
    }
    for nested in &block.blocks {
        let Some(value) = entries.get(nested.name) else {
            continue;
        };
        let rewritten = each(
            &nested.block,
            many(nested),
            value,
            config.attribute(nested.name),
            prior.attribute(nested.name),
            rewrite,
        );
        out.insert(nested.name.into(), rewritten);
    }
    Value::object(out)
}

#[derive(Clone, Copy)]
enum Many {
    One,
    List,
    Set,
    Map,
}

fn many(nested: &NestedBlock) -> Many {
    match nested.nesting {
        BlockNesting::Single | BlockNesting::Group => Many::One,
        BlockNesting::List => Many::List,
        BlockNesting::Set => Many::Set,
        BlockNesting::Map => Many::Map,
    }
}

/// Objects are rewritten into objects of the same type, so they fit where they came from.
const FITS: &str = "rewriting keeps the type of every attribute";

fn each(
    block: &Block,
    many: Many,
    value: &Value,
    config: Option<&Value>,
    prior: Option<&Value>,
    rewrite: &mut dyn FnMut(&Place<'_>) -> Value,
) -> Value {
    let null = Value::null(Type::Dynamic);
    let (config, prior) = (config.unwrap_or(&null), prior.unwrap_or(&null));
    match (many, value.elements(), value.entries()) {
        (Many::One, ..) => over(block, value, config, prior, rewrite),
        (Many::List, Some(elements), _) => {
            let at = |of: &Value, i: usize| {
                of.elements()
                    .and_then(|e| e.get(i))
                    .cloned()
                    .unwrap_or_else(|| null.clone())
            };
            let out = elements
                .iter()
                .enumerate()
                .map(|(i, e)| over(block, e, &at(config, i), &at(prior, i), rewrite))
                .collect();
            Value::list(block.ty(), out).expect(FITS)
        }
        (Many::Set, Some(elements), _) => {
            let out = elements
                .iter()
                .map(|e| {
                    over(
                        block,
                        e,
                        &closest(block, config, e),
                        &closest(block, prior, e),
                        rewrite,
                    )
                })
                .collect();
            Value::set(block.ty(), out).expect(FITS)
        }
        (Many::Map, _, Some(entries)) => {
            let at =
                |of: &Value, key: &str| of.attribute(key).cloned().unwrap_or_else(|| null.clone());
            let out: Vec<_> = entries
                .iter()
                .map(|(key, e)| {
                    (
                        key.clone(),
                        over(block, e, &at(config, key), &at(prior, key), rewrite),
                    )
                })
                .collect();
            Value::map(block.ty(), out).expect(FITS)
        }
        _ => value.clone(),
    }
}

/// The element of another set that agrees in all that a configuration can set: sets have no other way to find each other.
fn closest(block: &Block, among: &Value, element: &Value) -> Value {
    let settable: Vec<&str> = block
        .attributes
        .iter()
        .filter(|a| a.required || a.optional)
        .map(|a| a.name)
        .collect();
    let agrees = |other: &&Value| {
        settable.iter().all(
            |name| match (other.attribute(name), element.attribute(name)) {
                (Some(a), Some(b)) => a == b || a.is_null(),
                _ => true,
            },
        )
    };
    among
        .elements()
        .unwrap_or_default()
        .iter()
        .find(agrees)
        .cloned()
        .unwrap_or_else(|| Value::null(Type::Dynamic))
}

/// Collects the attributes whose change needs a new object.
fn replacements(
    block: &Block,
    prior: &Value,
    planned: &Value,
    config: &Value,
    path: &Path,
    out: &mut Vec<Path>,
) {
    for attribute in &block.attributes {
        let (Some(was), Some(will)) = (
            prior.attribute(attribute.name),
            planned.attribute(attribute.name),
        ) else {
            continue;
        };
        let configured = config
            .attribute(attribute.name)
            .is_some_and(|c| !c.is_null());
        let asked = match attribute.replace {
            Replace::Never => false,
            Replace::Always => true,
            Replace::IfConfigured => configured,
        };
        let below = path.attribute(attribute.name);
        if asked && was != will {
            out.push(below.clone());
        }
        if let Some((nested, nesting)) = &attribute.nested {
            let many = match nesting {
                Nesting::Single => Many::One,
                Nesting::List => Many::List,
                Nesting::Set => Many::Set,
                Nesting::Map => Many::Map,
            };
            deeper(
                nested,
                many,
                was,
                will,
                config.attribute(attribute.name),
                &below,
                out,
            );
        }
    }
    for nested in &block.blocks {
        let (Some(was), Some(will)) =
            (prior.attribute(nested.name), planned.attribute(nested.name))
        else {
            continue;
        };
        deeper(
            &nested.block,
            many(nested),
            was,
            will,
            config.attribute(nested.name),
            &path.attribute(nested.name),
            out,
        );
    }
}

fn deeper(
    block: &Block,
    many: Many,
    was: &Value,
    will: &Value,
    config: Option<&Value>,
    path: &Path,
    out: &mut Vec<Path>,
) {
    let null = Value::null(Type::Dynamic);
    let config = config.unwrap_or(&null);
    match many {
        Many::One => replacements(block, was, will, config, path, out),
        Many::List => {
            let (was, will, config) = (
                was.elements().unwrap_or_default(),
                will.elements().unwrap_or_default(),
                config.elements().unwrap_or_default(),
            );
            for (i, (was, will)) in was.iter().zip(will).enumerate() {
                replacements(
                    block,
                    was,
                    will,
                    config.get(i).unwrap_or(&null),
                    &path.index(i),
                    out,
                );
            }
        }
        Many::Map => {
            for (key, was) in was.entries().into_iter().flatten() {
                if let Some(will) = will.attribute(key) {
                    replacements(
                        block,
                        was,
                        will,
                        config.attribute(key).unwrap_or(&null),
                        &path.key(key),
                        out,
                    );
                }
            }
        }
        // An element of a set that changes is another element; there is no pair to compare.
        Many::Set => {}
    }
}
