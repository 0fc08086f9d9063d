//! Known values of saved instances, in normal form.

use std::collections::BTreeMap;
use std::sync::Arc;

use cty::Type;
use serde_json::Value as Json;

use super::Saved;
use crate::inventory::normal::{Masked, Normaliser};
use crate::inventory::{Mode, Name, Node, Sealer, Unknown};
use crate::schema;

/// The known values of an instance.
pub(super) fn values(saved: &Saved, mode: Mode) -> BTreeMap<Name, Node> {
    let schema = match mode {
        Mode::Data => schema::data_source(&saved.ty),
        _ => schema::resource(&saved.ty),
    };
    nodes(&saved.values, schema.filter(|_| saved.in_schema).as_deref())
}

/// Known values: lists and sets, maps and objects are told apart by the schema.
pub(in crate::inventory::json) fn nodes(
    values: &Json,
    schema: Option<&schema::Block>,
) -> BTreeMap<Name, Node> {
    let sealer = Sealer::with_key("");
    let normaliser = Normaliser {
        sealer: &sealer,
        why: &|_| Unknown::default(),
        absent_is_open: false,
        saved: true,
    };
    let masked = Masked::plain(values);
    if let Some(block) = schema {
        return normaliser.block(block, masked);
    }
    match normaliser.typed(&Type::Dynamic, masked, &mut Vec::new()) {
        Some(Node::Object(values)) => Arc::unwrap_or_clone(values),
        _ => BTreeMap::new(),
    }
}
