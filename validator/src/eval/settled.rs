//! What `try` and `can` may say of a value that is not wholly known.
//!
//! Terraform leaves open whatever has an unknown part. But it reads data sources and asks for variables before it evaluates,
//! so what is unknown here only because nobody was asked would be known there. Where an argument merely follows names to a
//! value whose missing parts are of that kind, it cannot fail, whatever they turn out to be.

use cty::{Type, Value};

use super::call::Argument;
use super::machine::Machine;
use crate::documents::address;
use crate::symbol::{self, Symbol};
use crate::syntax::ast::{ExprId, ExprKind};

impl Machine<'_> {
    /// Whether an argument certainly gives this value, of which parts are missing.
    pub(super) fn is_settled(&self, argument: &Argument, value: &Value) -> bool {
        let follows_names = match argument {
            Argument::Expression(id) => self.follows_names(*id),
            Argument::Spread(..) => false,
        };
        follows_names && comes_with_the_plan(value)
    }

    fn follows_names(&self, mut id: ExprId) -> bool {
        loop {
            match self.expr(id).kind {
                ExprKind::Variable => return true,
                ExprKind::Attribute { of, .. }
                | ExprKind::Index { of, .. }
                | ExprKind::LegacyIndex { of, .. } => id = of,
                _ => return false,
            }
        }
    }
}

/// Whether Terraform would know what is missing here when it plans, and its type is known already.
fn comes_with_the_plan(value: &Value) -> bool {
    if value.is_known() {
        let mut parts = value.elements().unwrap_or_default().iter();
        let mut entries = value.entries().into_iter().flat_map(|e| e.values());
        return parts.all(comes_with_the_plan) && entries.all(comes_with_the_plan);
    }
    if matches!(value.ty(), Type::Dynamic) {
        return false;
    }
    match symbol::of(value).map(|symbol| &**symbol) {
        // A part of a list or map that is not known may turn out not to be there.
        Some(Symbol::Resource { address, path }) => path.len() == 1 && is_data(address),
        Some(Symbol::Input(name)) => name.starts_with("var.") || &**name == "path.cwd",
        Some(Symbol::Template(parts)) => parts.iter().all(comes_with_the_plan),
        _ => false,
    }
}

/// Whether an address is that of a data source.
fn is_data(address: &str) -> bool {
    let parts = address::parts(address);
    let modules = parts.chunks(2).take_while(|pair| pair[0] == "module");
    parts.get(2 * modules.count()) == Some(&"data")
}

#[cfg(test)]
mod tests {
    use super::is_data;

    #[test]
    fn data_sources_are_told_by_their_address() {
        for address in [
            "data.a.b",
            "data.a.b[0]",
            "module.x.data.a.b",
            "module.x[\".data.\"].module.y.data.a.b[\"k\"]",
        ] {
            assert!(is_data(address), "{address}");
        }
        for address in [
            "a.b",
            "module.data.a.b",
            "module.x[\"y.data.z\"].a.data",
            "",
        ] {
            assert!(!is_data(address), "{address}");
        }
    }
}
