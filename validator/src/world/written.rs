//! What modules say that is no instance: `moved` blocks, and where each call stands.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::World;
use super::module::ModuleInstance;
use crate::documents::address::joined;
use crate::inventory::{Move, Name, Unread};
use crate::load::config::{ModuleCall, ProviderRef, Target};
use crate::source::Place;

/// What was written beside resources.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// Moves, with absolute addresses.
    pub(crate) moved: Vec<Move>,
    /// Module calls: where, and the absolute address without the call's own key.
    pub(crate) calls: BTreeSet<(Place, Name)>,
    /// Calls that make something of which nothing could be read.
    pub(crate) unread: Vec<Unread>,
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
            if state.modules.is_empty() && !state.expansion.instances.is_empty() {
                let address = joined(&module.address, &format!("module.{name}"));
                written.unread.push(self.unread(module, call, &address));
            }
            for child in &state.modules {
                self.written_in(child, written);
            }
        }
    }

    fn unread(&self, module: &Rc<ModuleInstance>, call: &ModuleCall, address: &str) -> Unread {
        let why = match &call.target {
            Target::Opaque(why) => why.clone(),
            Target::Module(_) => "it lies past the bound of what is evaluated".into(),
        };
        Unread {
            address: address.into(),
            root: None,
            source: call.source.clone(),
            region: self.region_of_call(module, call),
            why,
            place: Some(self.configuration.sources.location(call.place)),
        }
    }

    /// The region that a call is made for: that of all providers of AWS that it is given, where they agree.
    fn region_of_call(&self, module: &Rc<ModuleInstance>, call: &ModuleCall) -> Option<Name> {
        let is_aws = |provider: &&ProviderRef| &*provider.name == "aws";
        let mut given: Vec<ProviderRef> = call
            .providers
            .iter()
            .map(|(_, theirs)| theirs)
            .filter(is_aws)
            .cloned()
            .collect();
        if given.is_empty() {
            given.push(ProviderRef {
                name: "aws".into(),
                alias: None,
            });
        }
        let regions: BTreeSet<Name> = given
            .iter()
            .map(|provider| self.served_region(module, provider))
            .collect::<Option<_>>()?;
        let mut regions = regions.into_iter();
        regions.next().filter(|_| regions.next().is_none())
    }
}
