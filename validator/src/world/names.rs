//! Addresses as Terraform writes them.

use crate::inventory::Index;
use crate::load::config::{Mode, Name, ResourceKey};
use crate::printable::{escape, is_printable};

/// `aws_vpc.main`, `data.aws_region.current`
pub(crate) fn resource(key: &ResourceKey) -> String {
    match key.mode {
        Mode::Managed => format!("{}.{}", key.ty, key.name),
        Mode::Data => format!("data.{}.{}", key.ty, key.name),
        Mode::Ephemeral => format!("ephemeral.{}.{}", key.ty, key.name),
    }
}

/// The address with its key: `aws_vpc.main[0]`, `aws_subnet.this["a"]`, `aws_subnet.this[*]`.
pub(crate) fn indexed(address: &str, index: Option<&Index>) -> Name {
    match index {
        None => address.into(),
        Some(Index::Number(number)) => format!("{address}[{number}]").into(),
        Some(Index::Key(key)) => format!("{address}[{}]", quoted(key)).into(),
        Some(Index::Any) => format!("{address}[*]").into(),
    }
}

/// A key in quotes, as Terraform writes it in addresses: what is not printable is an escape.
pub(crate) fn quoted(key: &str) -> String {
    let mut out = String::with_capacity(key.len() + 2);
    out.push('"');
    for (at, c) in key.char_indices() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' | '%' if key[at + 1..].starts_with('{') => {
                out.push(c);
                out.push(c);
            }
            c if is_printable(c) => out.push(c),
            c => escape(&mut out, c),
        }
    }
    out.push('"');
    out
}
