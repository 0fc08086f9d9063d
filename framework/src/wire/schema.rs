//! Schemas as messages.

use bytes::Bytes;
use cty::Type;
use tfplugin6::v6;
use tfplugin6::v6::schema::nested_block::NestingMode as BlockMode;
use tfplugin6::v6::schema::object::NestingMode;

use crate::function::Function;
use crate::schema::{Attribute, Block, BlockNesting, NestedBlock, Nesting};

const MARKDOWN: i32 = v6::StringKind::Markdown as i32;

fn type_json(ty: &Type) -> Bytes {
    Bytes::from(ty.to_json())
}

/// A schema with its version.
pub(crate) fn schema(version: i64, content: &Block) -> v6::Schema {
    v6::Schema {
        version,
        block: Some(block(content)),
    }
}

/// A block; always written, even if empty: Terraform fails on a schema without one.
fn block(content: &Block) -> v6::schema::Block {
    v6::schema::Block {
        attributes: content.attributes.iter().map(attribute).collect(),
        block_types: content.blocks.iter().map(nested).collect(),
        description: content.description.clone(),
        description_kind: MARKDOWN,
        ..v6::schema::Block::default()
    }
}

fn attribute(attribute: &Attribute) -> v6::schema::Attribute {
    let nested_type = attribute.nested.as_ref().map(|(block, nesting)| {
        let nesting = match nesting {
            Nesting::Single => NestingMode::Single,
            Nesting::List => NestingMode::List,
            Nesting::Set => NestingMode::Set,
            Nesting::Map => NestingMode::Map,
        };
        v6::schema::Object {
            attributes: block.attributes.iter().map(self::attribute).collect(),
            nesting: nesting.into(),
        }
    });
    v6::schema::Attribute {
        name: attribute.name.to_owned(),
        r#type: if nested_type.is_some() {
            Bytes::new()
        } else {
            type_json(&attribute.ty)
        },
        description: attribute.description.clone(),
        required: attribute.required,
        optional: attribute.optional,
        computed: attribute.computed,
        sensitive: attribute.sensitive,
        description_kind: MARKDOWN,
        deprecated: attribute.deprecated.is_some(),
        nested_type,
        write_only: attribute.write_only,
        deprecation_message: attribute.deprecated.clone().unwrap_or_default(),
    }
}

fn nested(nested: &NestedBlock) -> v6::schema::NestedBlock {
    let nesting = match nested.nesting {
        BlockNesting::Single => BlockMode::Single,
        BlockNesting::Group => BlockMode::Group,
        BlockNesting::List => BlockMode::List,
        BlockNesting::Set => BlockMode::Set,
        BlockNesting::Map => BlockMode::Map,
    };
    v6::schema::NestedBlock {
        type_name: nested.name.to_owned(),
        block: Some(block(&nested.block)),
        nesting: nesting.into(),
        min_items: nested.min,
        max_items: nested.max,
    }
}

/// A function's signature.
pub(crate) fn function(function: &Function) -> v6::Function {
    let parameters = function.parameters.iter().map(|p| v6::function::Parameter {
        name: p.name.to_owned(),
        r#type: type_json(&p.ty),
        // Null in gives null out, so a null is never an error of its own.
        allow_null_value: true,
        allow_unknown_values: false,
        description: p.description.to_owned(),
        description_kind: MARKDOWN,
    });
    v6::Function {
        parameters: parameters.collect(),
        variadic_parameter: None,
        r#return: Some(v6::function::Return {
            r#type: type_json(&function.result),
        }),
        summary: function.summary.to_owned(),
        description: function.description.to_owned(),
        description_kind: MARKDOWN,
        deprecation_message: String::new(),
    }
}

/// An identity's schema; required attributes are required for import.
pub(crate) fn identity_schema(block: &Block) -> v6::ResourceIdentitySchema {
    let attributes =
        block
            .attributes
            .iter()
            .map(|a| v6::resource_identity_schema::IdentityAttribute {
                name: a.name.to_owned(),
                r#type: type_json(&a.ty),
                required_for_import: a.required,
                optional_for_import: !a.required,
                description: a.description.clone(),
            });
    v6::ResourceIdentitySchema {
        version: 0,
        identity_attributes: attributes.collect(),
    }
}
