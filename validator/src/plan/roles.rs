//! What a plan does with each instance, with what was before of the arguments that carry a role in a failover.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::changes::{Change, Reading, told};
use crate::documents::address::module_path;
use crate::inventory::normal::{Masked, Normaliser};
use crate::inventory::{self, Action, Fact, Name, Node, Path, Unknown};
use crate::schema;
use crate::symbol::PathStep;

impl Reading<'_> {
    /// What is done with an instance, or was done to it outside of Terraform.
    pub(super) fn planned(&self, change: &Change, outside: bool) -> inventory::Change {
        let values = &change.change;
        let before = Masked {
            value: Some(&values.before),
            unknown: None,
            sensitive: Some(&values.before_sensitive),
        };
        let after = Masked {
            value: Some(&values.after),
            unknown: None,
            sensitive: Some(&values.after_sensitive),
        };
        let action = Action::planned(&values.actions);
        // One that stays is told by its instance.
        let region = if outside || matches!(action, Action::Delete | Action::Forget) {
            self.lived(
                change,
                if values.after.is_object() {
                    after
                } else {
                    before
                },
            )
        } else {
            Fact::default()
        };
        let roles: Vec<&str> = schema::roles(&change.ty).map(|(name, _)| name).collect();
        inventory::Change {
            address: change.address.as_str().into(),
            root: None,
            ty: change.ty.as_str().into(),
            scope: schema::scope(&change.ty),
            region,
            action,
            reason: change.action_reason.as_deref().map(Name::from),
            replace: paths(&values.replace_paths),
            before: self.known(&change.ty, before, &roles),
            after: if outside {
                self.known(&change.ty, after, &roles)
            } else {
                BTreeMap::new()
            },
            outside,
        }
    }

    /// Where an instance lives or lived, as these values show it.
    fn lived(&self, change: &Change, values: Masked<'_>) -> Fact {
        let told = told(change, values);
        let module = self.head.configuration.module(&module_path(&told.module));
        let local = format!("{}.{}", change.ty, change.name);
        let resource = module.and_then(|module| module.resource(&local));
        let key = resource.and_then(|resource| resource.provider_config_key.as_deref());
        let evidence = self.known(&change.ty, values, &["arn", "availability_zone", "region"]);
        self.whereabouts(&told, key, &evidence, resource.is_some())
            .0
    }

    /// What was done outside: kept where it destroyed the instance, or touched an argument that carries a role. Refreshes show
    /// much else, most of it other spellings of the same.
    pub(super) fn drift(&mut self, change: &Change) {
        if change.mode != "managed" || change.deposed.is_some() {
            return;
        }
        let drift = self.planned(change, true);
        if drift.action == Action::Delete || drift.before != drift.after {
            self.changes.push(drift);
        }
    }

    /// Some attributes of an instance in normal form.
    fn known(&self, ty: &str, masked: Masked<'_>, names: &[&str]) -> BTreeMap<Name, Node> {
        let Some(block) = schema::resource(ty).filter(|_| !names.is_empty()) else {
            return BTreeMap::new();
        };
        // What is not asked for is left out first: the normal form would keep it as what a newer provider has.
        let pick = |json: Option<&Json>| {
            let whole = json.filter(|json| !json.is_object()).cloned();
            whole.unwrap_or_else(|| {
                names
                    .iter()
                    .filter_map(|name| Some(((*name).to_owned(), json?.get(name)?.clone())))
                    .collect()
            })
        };
        let (value, sensitive) = (pick(masked.value), pick(masked.sensitive));
        let normaliser = Normaliser {
            sealer: self.sealer,
            why: &|_| Unknown::aws(),
            absent_is_open: false,
            saved: false,
        };
        let picked = Masked {
            value: Some(&value),
            unknown: None,
            sensitive: Some(&sensitive),
        };
        let mut values = normaliser.block(&block, picked);
        values.retain(|_, node| !node.is_empty());
        values
    }
}

/// Places in values; what is none is left out.
fn paths(json: &Json) -> Vec<Path> {
    let step = |step: &Json| match step.as_u64() {
        Some(at) => PathStep::Index(at),
        None => PathStep::Name(step.as_str().unwrap_or_default().into()),
    };
    let lists = json.as_array().into_iter().flatten();
    lists
        .filter_map(|path| Some(path.as_array()?.iter().map(step).collect()))
        .collect()
}
