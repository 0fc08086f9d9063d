//! What Terraform proposes as the new state (`objchange.ProposedNew` of hashicorp/terraform): the configuration, and the
//! prior state where the configuration leaves a computed attribute open.

use cty::{Type, Value};

use crate::schema::{Block, BlockNesting, Nesting};

const FITS: &str = "objects of one block have one type";

/// The proposal for one object.
pub(super) fn proposed(block: &Block, prior: &Value, config: &Value) -> Value {
    if config.entries().is_none() {
        return config.clone();
    }
    let at = |of: &Value, name: &str, ty: &Type| {
        of.attribute(name)
            .cloned()
            .unwrap_or_else(|| Value::null(ty.clone()))
    };
    let attributes = block.attributes.iter().map(|attribute| {
        let prior = at(prior, attribute.name, &attribute.ty);
        let config = at(config, attribute.name, &attribute.ty);
        let value = match &attribute.nested {
            _ if config.is_null() => {
                if attribute.computed {
                    prior
                } else {
                    config
                }
            }
            Some((block, nesting)) => {
                let many = match nesting {
                    Nesting::Single => BlockNesting::Single,
                    Nesting::List => BlockNesting::List,
                    Nesting::Set => BlockNesting::Set,
                    Nesting::Map => BlockNesting::Map,
                };
                each(block, many, &prior, &config)
            }
            None => config,
        };
        (attribute.name, value)
    });
    let blocks = block.blocks.iter().map(|nested| {
        let prior = at(prior, nested.name, &nested.ty());
        let config = at(config, nested.name, &nested.ty());
        (
            nested.name,
            each(&nested.block, nested.nesting, &prior, &config),
        )
    });
    Value::object(attributes.chain(blocks).collect::<Vec<_>>())
}

fn each(block: &Block, nesting: BlockNesting, prior: &Value, config: &Value) -> Value {
    let null = Value::null(block.ty());
    match (nesting, config.elements(), config.entries()) {
        (BlockNesting::Single | BlockNesting::Group, ..) => proposed(block, prior, config),
        (BlockNesting::List, Some(elements), _) => {
            let prior = |i: usize| prior.elements().and_then(|e| e.get(i)).unwrap_or(&null);
            let elements = elements
                .iter()
                .enumerate()
                .map(|(i, e)| proposed(block, prior(i), e));
            Value::list(block.ty(), elements.collect()).expect(FITS)
        }
        (BlockNesting::Set, Some(elements), _) => {
            let prior = |e: &Value| {
                prior
                    .elements()
                    .unwrap_or_default()
                    .iter()
                    .find(|p| could_be(block, p, e))
                    .unwrap_or(&null)
            };
            let elements = elements.iter().map(|e| proposed(block, prior(e), e));
            Value::set(block.ty(), elements.collect()).expect(FITS)
        }
        (BlockNesting::Map, _, Some(entries)) => {
            let prior = |key: &str| prior.attribute(key).unwrap_or(&null);
            let entries = entries
                .iter()
                .map(|(key, e)| (key, proposed(block, prior(key), e)));
            Value::map(block.ty(), entries).expect(FITS)
        }
        _ => config.clone(),
    }
}

/// Whether a prior element of a set could have come from this configuration: all that is set agrees.
fn could_be(block: &Block, prior: &Value, config: &Value) -> bool {
    block.attributes.iter().all(|a| {
        let config = config.attribute(a.name);
        config.is_none_or(|c| (a.computed && c.is_null()) || prior.attribute(a.name) == Some(c))
    })
}
