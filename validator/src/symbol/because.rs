//! What a value waits for.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use cty::Value;

use super::text::{address_text, is_called_alone};
use super::{Symbol, of, parts};

/// What would settle a value: addresses, inputs and reasons, each once, in order. Empty where all is known.
pub fn because(value: &Value) -> Vec<Arc<str>> {
    let mut walk = Walk {
        seen: HashSet::new(),
        found: BTreeSet::new(),
    };
    walk.value(value);
    walk.found.into_iter().collect()
}

struct Walk {
    /// Symbols are shared: each is looked at once.
    seen: HashSet<*const Symbol>,
    found: BTreeSet<Arc<str>>,
}

impl Walk {
    fn value(&mut self, value: &Value) {
        if !value.is_known() {
            if let Some(symbol) = of(value) {
                self.symbol(symbol);
            }
            return;
        }
        for part in value.elements().unwrap_or_default() {
            self.value(part);
        }
        for part in value.entries().into_iter().flat_map(|e| e.values()) {
            self.value(part);
        }
    }

    fn symbol(&mut self, symbol: &Arc<Symbol>) {
        if !self.seen.insert(Arc::as_ptr(symbol)) {
            return;
        }
        match &**symbol {
            Symbol::Resource { address, path } => {
                self.found.insert(address_text(address, path).into());
            }
            Symbol::Input(name) => {
                self.found.insert(name.clone());
            }
            Symbol::Opaque(why) => {
                self.found.insert(why.clone());
            }
            Symbol::Aws { .. } => {
                self.found.insert("aws".into());
            }
            other => {
                for value in parts::operands(other) {
                    self.value(value);
                }
                // A function that gives something else each time, such as timestamp, waits for nothing but itself.
                if let Some(name) = is_called_alone(other) {
                    self.found.insert(format!("{name}()").into());
                }
            }
        }
    }
}
