//! An instance of a module: one call, with one key, below one parent.

use std::rc::Rc;

use cty::Value;

use super::expansion::{Expansion, Repetition};
use super::memo::Memo;
use super::providers::Served;
use super::resources::ResourceState;
use crate::load::config::{ModuleId, Name, ProviderRef, ResourceKey};

/// A module instance and all that was evaluated in it.
#[derive(Debug)]
pub(crate) struct ModuleInstance {
    pub(crate) id: ModuleId,
    /// `module.a["x"].module.b`; empty for the root.
    pub(crate) address: Name,
    /// The instance that calls it, and the call's name.
    pub(crate) parent: Option<(Rc<ModuleInstance>, Name)>,
    /// Key and value of the call.
    pub(crate) repetition: Repetition,
    /// What it hangs on whether it exists: each `count` or `for_each` on the way here that is not known.
    pub(crate) hangs_on: Vec<Value>,
    pub(crate) depth: u32,
    pub(crate) variables: Memo<Name, Value>,
    pub(crate) locals: Memo<Name, Value>,
    pub(crate) outputs: Memo<Name, Value>,
    pub(crate) calls: Memo<Name, Rc<CallState>>,
    pub(crate) resources: Memo<ResourceKey, Rc<ResourceState>>,
    pub(crate) served: Memo<ProviderRef, Rc<Served>>,
}

/// The instances of one module call.
#[derive(Debug)]
pub(crate) struct CallState {
    pub(crate) expansion: Expansion,
    /// One for each instance of the expansion; empty where the call leads nowhere that can be read.
    pub(crate) modules: Vec<Rc<ModuleInstance>>,
}

impl ModuleInstance {
    pub(crate) fn root() -> Rc<Self> {
        Rc::new(ModuleInstance::new(
            ModuleId(0),
            "".into(),
            None,
            Repetition::None,
            Vec::new(),
            0,
        ))
    }

    pub(crate) fn new(
        id: ModuleId,
        address: Name,
        parent: Option<(Rc<ModuleInstance>, Name)>,
        repetition: Repetition,
        hangs_on: Vec<Value>,
        depth: u32,
    ) -> Self {
        ModuleInstance {
            id,
            address,
            parent,
            repetition,
            hangs_on,
            depth,
            variables: Memo::default(),
            locals: Memo::default(),
            outputs: Memo::default(),
            calls: Memo::default(),
            resources: Memo::default(),
            served: Memo::default(),
        }
    }

    /// The calls that lead here, without their keys: `module.a.module.b.`; empty for the root.
    pub(crate) fn calls_above(&self) -> String {
        let mut names = Vec::new();
        let mut at = self;
        while let Some((parent, name)) = &at.parent {
            names.push(format!("module.{name}."));
            at = parent;
        }
        names.into_iter().rev().collect()
    }

    /// The absolute address of something in this module.
    pub(crate) fn absolute(&self, local: &str) -> Name {
        if self.address.is_empty() {
            local.into()
        } else {
            format!("{}.{local}", self.address).into()
        }
    }
}
