//! What modules say that is no instance: `moved` blocks, and where each call stands.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::World;
use super::module::ModuleInstance;
use crate::documents::address::joined;
use crate::inventory::{Move, Name};
use crate::source::Place;

/// What was written beside resources.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// Moves, with absolute addresses.
    pub(crate) moved: Vec<Move>,
    /// Module calls: where, and the absolute address without the call's own key.
    pub(crate) calls: BTreeSet<(Place, Name)>,
}

impl World<'_> {
    /// Moves and calls of all module instances.
    pub(crate) fn written(&self) -> Written {
        let mut written = Written::default();
        self.written_in(&self.root, &mut written);
        written.moved.sort();
        written.moved.dedup();
        written
    }

    fn written_in(&self, module: &Rc<ModuleInstance>, written: &mut Written) {
        let declared = self.configuration.module(module.id);
        let moves = declared.moved.iter().map(|moved| Move {
            from: joined(&module.address, &moved.from).into(),
            to: joined(&module.address, &moved.to).into(),
        });
        written.moved.extend(moves);
        for (name, call) in &declared.calls {
            let address = joined(&module.address, &format!("module.{name}"));
            written.calls.insert((call.place, address.into()));
            let Some(state) = self.call(module, name) else {
                continue;
            };
            for child in &state.modules {
                self.written_in(child, written);
            }
        }
    }
}
