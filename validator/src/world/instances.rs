//! Every instance of the configuration in normal form.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::expansion::Repetition;
use super::module::ModuleInstance;
use super::nodes::{Builder, Notes};
use super::resources::Instance as Evaluated;
use super::trace::{Stand, shared};
use super::{World, names};
use crate::inventory::{Assumed, Fact, Instance, Name, Node, Reference, Sealer, Unknown, Unmade};
use crate::load::config::{Mode, Resource, ResourceKey};
use crate::schema;
use crate::symbol::PathStep;

impl World<'_> {
    /// All managed resources and data sources, expanded, module by module. `progress` hears how many there are so far.
    pub fn instances(&self, sealer: &Sealer, progress: &dyn Fn(usize)) -> Vec<Instance> {
        let mut found = Vec::new();
        self.module_instances(&self.root, sealer, progress, &mut found);
        found
    }

    fn module_instances(
        &self,
        module: &Rc<ModuleInstance>,
        sealer: &Sealer,
        progress: &dyn Fn(usize),
        found: &mut Vec<Instance>,
    ) {
        let declared = self.configuration.module(module.id);
        for key in declared
            .resources
            .keys()
            .filter(|key| key.mode != Mode::Ephemeral)
        {
            let Some((state, resource)) = self.resource(module, key) else {
                continue;
            };
            for at in 0..state.expansion.instances.len() {
                let evaluated = Evaluated {
                    module,
                    state: &state,
                    resource,
                    at,
                };
                found.push(self.instance(&evaluated, key, sealer));
            }
            progress(found.len());
        }
        for name in declared.calls.keys() {
            let Some(call) = self.call(module, name) else {
                continue;
            };
            for child in &call.modules {
                self.module_instances(child, sealer, progress, found);
            }
        }
    }

    /// Resources whose `count` or `for_each` makes no instance, with where that is decided.
    pub fn unmade(&self) -> Vec<Unmade> {
        let mut found = Vec::new();
        self.unmade_in(&self.root, &mut found);
        found.sort_by(|a, b| a.address.cmp(&b.address));
        found
    }

    fn unmade_in(&self, module: &Rc<ModuleInstance>, found: &mut Vec<Unmade>) {
        let declared = self.configuration.module(module.id);
        for key in declared
            .resources
            .keys()
            .filter(|key| key.mode == Mode::Managed)
        {
            let Some((state, resource)) = self.resource(module, key) else {
                continue;
            };
            if !state.expansion.instances.is_empty() {
                continue;
            }
            let stand = Stand {
                module: module.clone(),
                repetition: Repetition::None,
                repeated_by: None,
            };
            let meta = [("count", resource.count), ("for_each", resource.for_each)];
            for (name, argument) in meta {
                if let Some(argument) = argument {
                    found.push(Unmade {
                        address: module.absolute(&names::resource(key)),
                        root: None,
                        links: shared(self.deciding(&argument, name, &stand)),
                    });
                }
            }
        }
        for name in declared.calls.keys() {
            if let Some(call) = self.call(module, name) {
                for child in &call.modules {
                    self.unmade_in(child, found);
                }
            }
        }
    }

    fn instance(&self, evaluated: &Evaluated<'_>, key: &ResourceKey, sealer: &Sealer) -> Instance {
        let module = evaluated.module;
        let resource = evaluated.resource;
        let (index, repetition) = &evaluated.state.expansion.instances[evaluated.at];
        let stand = Stand {
            module: module.clone(),
            repetition: repetition.clone(),
            repeated_by: resource.for_each.or(resource.count),
        };
        let address = evaluated.address();
        let scope = self.scope_in(module, repetition);
        let builder = Builder {
            world: self,
            sealer,
            scope: &scope,
            stand: &stand,
            address: &address,
        };
        let mut notes = Notes::default();
        let values = self.values(evaluated, &builder, &mut notes);
        let served = self.served(module, key, resource);
        let region = self.region(evaluated);
        let account = if region.value == served.region.value || served.account.value.is_some() {
            served.account.clone()
        } else {
            self.account(&region, None)
        };
        let hangs_on = evaluated.state.expansion.hanging(&module.hangs_on);
        let hangs_on: Vec<Arc<Unknown>> = hangs_on
            .iter()
            .map(|value| Arc::new(Unknown::of(value)))
            .collect();
        Instance {
            root: None,
            module: module.address.clone(),
            mode: key.mode,
            ty: key.ty.clone(),
            name: key.name.clone(),
            index: index.clone(),
            scope: schema::scope(&key.ty),
            account: if key.ty.starts_with("aws_") {
                account
            } else {
                Fact::unknown("not a resource of AWS")
            },
            region,
            provider_key: served.key.clone(),
            expansion_known: hangs_on.is_empty(),
            hangs_on,
            in_schema: evaluated.state.schema.is_some(),
            damaged: resource.content.damaged,
            values,
            assumed: notes.assumed(),
            references: self.references(resource, &builder, &mut notes),
            ignore_changes: resource.ignore_changes.clone(),
            source: Some(self.configuration.sources.location(resource.place)),
            places: notes.places(),
            address,
        }
    }

    fn values(
        &self,
        evaluated: &Evaluated<'_>,
        builder: &Builder<'_, '_, '_>,
        notes: &mut Notes,
    ) -> BTreeMap<Name, Node> {
        let mut values = match evaluated.state.schema.as_deref() {
            Some(schema) => builder.top(evaluated, schema, notes),
            None => builder.without_schema(evaluated, notes),
        };
        // What is modelled of a data source stands beside what is configured.
        let modelled: Vec<Name> = match evaluated.state.schema.as_deref() {
            Some(schema) if evaluated.state.key.mode == Mode::Data => {
                schema.attributes.keys().cloned().collect()
            }
            _ if *evaluated.state.key.ty == *"terraform_data" => {
                ["id", "output"].map(Name::from).to_vec()
            }
            _ if *evaluated.state.key.ty == *"aws_acm_certificate" => {
                vec!["subject_alternative_names".into()]
            }
            _ if *evaluated.state.key.ty == *"terraform_remote_state" => vec!["outputs".into()],
            _ => Vec::new(),
        };
        for name in modelled {
            if let Some(value) = self.modelled(evaluated, &name) {
                let (node, inner) = builder.value(&value);
                notes.adopt(inner, &[PathStep::Name(name.clone())]);
                match node {
                    Some(node) => values.insert(name, node),
                    None => values.remove(&name),
                };
            }
        }
        values
    }

    /// What the instance refers to: what its values show, what is written, and `depends_on`.
    fn references(
        &self,
        resource: &Resource,
        builder: &Builder<'_, '_, '_>,
        notes: &mut Notes,
    ) -> Vec<Reference> {
        let meta = [("count", resource.count), ("for_each", resource.for_each)];
        for (name, argument) in meta
            .into_iter()
            .filter_map(|(name, argument)| Some((name, argument?)))
        {
            let at_large = Stand {
                repeated_by: None,
                ..builder.stand.clone()
            };
            let mut trace = self.trace(&argument, name, &at_large);
            trace.links = self.deciding(&argument, name, &at_large);
            notes.traced(trace, vec![PathStep::Name(name.into())]);
        }
        for expr in &resource.depends_on {
            let argument = crate::load::config::Argument {
                value: *expr,
                name: self.file(expr.file).ast.expr(expr.id).span,
            };
            let trace = self.trace(&argument, "depends_on", builder.stand);
            notes.refer(&[PathStep::Name("depends_on".into())], trace.references);
        }
        notes.references(builder.address)
    }
}

impl Notes {
    /// What was modelled, each place once.
    fn assumed(&mut self) -> Vec<Assumed> {
        let mut all = std::mem::take(&mut self.assumed);
        all.sort();
        all.dedup();
        all
    }
}

/// The address without the key of its last part, if it has one.
pub(crate) fn keyless(address: &str) -> &str {
    if !address.ends_with(']') {
        return address;
    }
    // Keys are quoted: a bracket inside of quotes is text.
    let bytes = address.as_bytes();
    let mut at = bytes.len() - 1;
    let mut quoted = false;
    while at > 0 {
        at -= 1;
        match bytes[at] {
            b'"' if at == 0 || bytes[at - 1] != b'\\' => quoted = !quoted,
            b'[' if !quoted => return &address[..at],
            _ => {}
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::keyless;

    #[test]
    fn a_key_ends_where_its_quotes_say() {
        assert_eq!(keyless("aws_vpc.main"), "aws_vpc.main");
        assert_eq!(keyless("aws_vpc.main[0]"), "aws_vpc.main");
        assert_eq!(
            keyless("module.a[\"x\"].aws_vpc.main[\"a.b[0]\"]"),
            "module.a[\"x\"].aws_vpc.main"
        );
        assert_eq!(keyless("aws_vpc.main[\"a\\\"[\"]"), "aws_vpc.main");
    }
}
