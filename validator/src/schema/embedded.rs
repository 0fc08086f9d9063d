//! The embedded schema: one type a line, read when it is asked for.
//!
//! `data/aws-schema.json` holds names, types and flags of the AWS provider 5.100.0, in the shape of
//! `terraform providers schema -json`, for the types that matter to disaster recovery.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use cty::Type;
use rustc_hash::FxHashMap;
use serde_json::Value as Json;

use super::{Attribute, Block, NestedBlock, Nesting};

static TEXT: &str = include_str!("../../data/aws-schema.json");

/// Lines of one kind, by type.
#[derive(Default)]
struct Lines {
    resources: FxHashMap<&'static str, &'static str>,
    data_sources: FxHashMap<&'static str, &'static str>,
    provider: &'static str,
}

static LINES: LazyLock<Lines> = LazyLock::new(|| {
    let mut lines = Lines::default();
    let mut section = "";
    for line in TEXT.lines() {
        let Some((key, rest)) = line
            .strip_prefix('"')
            .and_then(|line| line.split_once("\":"))
        else {
            continue;
        };
        let rest = rest.trim_end_matches(',');
        match (section, key) {
            (_, "resource_schemas" | "data_source_schemas" | "ephemeral_resource_schemas") => {
                section = key;
            }
            (_, "provider") => lines.provider = rest,
            ("resource_schemas", ty) => drop(lines.resources.insert(ty, rest)),
            ("data_source_schemas", ty) => drop(lines.data_sources.insert(ty, rest)),
            _ => {}
        }
    }
    lines
});

type Cache = LazyLock<Mutex<FxHashMap<&'static str, Arc<Block>>>>;
static RESOURCES: Cache = LazyLock::new(Mutex::default);
static DATA_SOURCES: Cache = LazyLock::new(Mutex::default);

/// The shape of a resource type; `None` where the subset does not hold it.
pub fn resource(ty: &str) -> Option<Arc<Block>> {
    cached(&LINES.resources, &RESOURCES, ty)
}

/// The shape of a data source; `None` where the subset does not hold it.
pub fn data_source(ty: &str) -> Option<Arc<Block>> {
    cached(&LINES.data_sources, &DATA_SOURCES, ty)
}

/// The shape of the `provider "aws"` block.
pub fn provider() -> Block {
    read(LINES.provider)
}

/// All resource types that the subset holds, in no order.
pub fn resource_types() -> impl Iterator<Item = &'static str> {
    LINES.resources.keys().copied()
}

fn cached(
    lines: &'static FxHashMap<&'static str, &'static str>,
    cache: &'static Cache,
    ty: &str,
) -> Option<Arc<Block>> {
    let (key, line) = lines.get_key_value(ty)?;
    let mut cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
    Some(
        cache
            .entry(key)
            .or_insert_with(|| Arc::new(read(line)))
            .clone(),
    )
}

fn read(line: &str) -> Block {
    let json: Json = serde_json::from_str(line).unwrap_or_default();
    block(&json["block"])
}

fn block(json: &Json) -> Block {
    let entries = |name: &str| json[name].as_object().into_iter().flatten();
    Block {
        attributes: entries("attributes")
            .map(|(name, json)| (name.as_str().into(), attribute(json)))
            .collect(),
        blocks: entries("block_types")
            .map(|(name, json)| (name.as_str().into(), nested(json)))
            .collect::<BTreeMap<_, _>>(),
        truncated: flag(json, "truncated"),
    }
}

fn flag(json: &Json, name: &str) -> bool {
    json[name].as_bool().unwrap_or(false)
}

fn attribute(json: &Json) -> Attribute {
    Attribute {
        ty: Type::from_json(json["type"].to_string().as_bytes()).unwrap_or(Type::Dynamic),
        required: flag(json, "required"),
        optional: flag(json, "optional"),
        computed: flag(json, "computed"),
        sensitive: flag(json, "sensitive"),
        write_only: flag(json, "write_only"),
    }
}

fn nested(json: &Json) -> NestedBlock {
    NestedBlock {
        nesting: match json["nesting_mode"].as_str() {
            Some("set") => Nesting::Set,
            Some("single" | "group") => Nesting::Single,
            Some("map") => Nesting::Map,
            _ => Nesting::List,
        },
        min: json["min_items"].as_u64().unwrap_or(0),
        max: json["max_items"].as_u64().unwrap_or(0),
        block: block(&json["block"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_can_be_read() {
        assert_eq!(LINES.resources.len(), 405);
        assert_eq!(LINES.data_sources.len(), 134);
        for ty in LINES.resources.keys() {
            let block = resource(ty).expect(ty);
            assert!(!block.attributes.is_empty(), "{ty} has attributes");
        }
        for ty in LINES.data_sources.keys() {
            let block = data_source(ty).expect(ty);
            assert!(!block.attributes.is_empty(), "{ty} has attributes");
        }
        assert!(provider().attributes.contains_key("region"));
    }

    #[test]
    fn types_and_flags_are_those_of_the_provider() {
        let subnet = resource("aws_subnet").expect("known");
        let zone = &subnet.attributes["availability_zone"];
        assert_eq!(zone.ty, Type::String);
        assert!(zone.optional && zone.computed && !zone.required);
        assert!(subnet.attributes["vpc_id"].required);
        let service = resource("aws_ecs_service").expect("known");
        assert_eq!(
            service.blocks["network_configuration"].nesting,
            Nesting::List
        );
        assert_eq!(service.blocks["network_configuration"].max, 1);
        assert!(resource("aws_db_instance").expect("known").attributes["password"].sensitive);
        assert!(resource("azurerm_subnet").is_none());
    }

    #[test]
    fn eight_attributes_are_written_as_blocks() {
        let mut found = Vec::new();
        for ty in LINES.resources.keys() {
            let block = resource(ty).expect(ty);
            let written = block
                .attributes
                .iter()
                .filter(|(_, attribute)| attribute.as_block().is_some());
            found.extend(written.map(|(name, _)| format!("{ty}.{name}")));
        }
        found.sort();
        assert_eq!(
            found,
            [
                "aws_default_route_table.route",
                "aws_default_security_group.egress",
                "aws_default_security_group.ingress",
                "aws_network_acl.egress",
                "aws_network_acl.ingress",
                "aws_route_table.route",
                "aws_security_group.egress",
                "aws_security_group.ingress",
            ]
        );
    }
}
