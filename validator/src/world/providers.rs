//! Which provider configuration serves a resource: aliases, `configuration_aliases`, `providers` maps, inheritance.

mod trail;

use std::rc::Rc;

use super::{ModuleInstance, World};
use crate::inventory::Fact;
use crate::load::config::{Content, Name, ProviderBlock, ProviderRef, Resource, ResourceKey};
use crate::source::Place;
use trail::Trail;

/// A provider configuration, followed up to the block that makes it.
#[derive(Debug)]
pub(crate) struct Served {
    /// As plans name it: `aws`, `aws.secondary`, `module.own:aws`. None where the chain breaks.
    pub(crate) key: Option<Name>,
    pub(crate) region: Fact,
    pub(crate) account: Fact,
}

/// Where the chain of a provider leads.
pub(crate) enum Origin<'c> {
    /// To a block, in this module instance.
    Block(Rc<ModuleInstance>, &'c ProviderBlock),
    /// To the root, where no block is: an empty configuration.
    Empty(ProviderRef),
    /// Nowhere, for this reason.
    Broken(String),
}

/// The provider that a resource's type implies: what stands before the first underscore.
fn implied(ty: &str) -> ProviderRef {
    ProviderRef {
        name: ty.split('_').next().unwrap_or(ty).into(),
        alias: None,
    }
}

pub(crate) fn shown(provider: &ProviderRef) -> String {
    match &provider.alias {
        Some(alias) => format!("{}.{alias}", provider.name),
        None => provider.name.to_string(),
    }
}

impl<'c> World<'c> {
    /// The provider configuration of a resource.
    pub(crate) fn served(
        &self,
        module: &Rc<ModuleInstance>,
        key: &ResourceKey,
        resource: &Resource,
    ) -> Rc<Served> {
        match &resource.provider {
            Some((provider, _)) => self.served_by(module, provider),
            None => self.served_by(module, &implied(&key.ty)),
        }
    }

    /// The region of a provider as a module names it, if it is known.
    pub(crate) fn served_region(
        &self,
        module: &Rc<ModuleInstance>,
        provider: &ProviderRef,
    ) -> Option<Name> {
        self.served_by(module, provider).region.value.clone()
    }

    fn served_by(&self, module: &Rc<ModuleInstance>, provider: &ProviderRef) -> Rc<Served> {
        let made = module.served.get(provider, || {
            let (origin, trail) = self.origin(module, provider);
            Rc::new(self.derive(origin, trail))
        });
        made.unwrap_or_else(|_| {
            Rc::new(Served {
                key: None,
                region: Fact::unknown("the provider's region depends on itself"),
                account: Fact::default(),
            })
        })
    }

    /// Follows a provider up to its block; the trail says how, from the nearest step to the furthest.
    pub(crate) fn origin(
        &self,
        module: &Rc<ModuleInstance>,
        provider: &ProviderRef,
    ) -> (Origin<'c>, Vec<Name>) {
        let mut trail = Trail::default();
        let mut module = module.clone();
        let mut provider = provider.clone();
        loop {
            let declared = self.configuration.module(module.id);
            if let Some(block) = declared
                .providers
                .iter()
                .find(|block| block.provider == provider)
            {
                let last = format!(
                    "provider {} at {}",
                    shown(&provider),
                    self.shown_place(block.place)
                );
                return (Origin::Block(module, block), trail.end(Some(last)));
            }
            let Some((parent, call_name)) = module.parent.clone() else {
                let origin = match provider.alias {
                    None => Origin::Empty(provider),
                    Some(_) => Origin::Broken(format!(
                        "there is no provider {} in the root module",
                        shown(&provider)
                    )),
                };
                return (origin, trail.end(None));
            };
            let call = self.configuration.module(parent.id).calls.get(&call_name);
            let passed = call.and_then(|call| {
                let (_, theirs) = call.providers.iter().find(|(ours, _)| *ours == provider)?;
                Some((theirs.clone(), call.place))
            });
            match passed {
                Some((theirs, place)) => {
                    trail.step(|| {
                        format!(
                            "{} is passed to {} as {} at {}",
                            shown(&theirs),
                            module.address,
                            shown(&provider),
                            self.shown_place(place)
                        )
                    });
                    provider = theirs;
                }
                // Without an alias a provider is inherited under its name.
                None if provider.alias.is_none() => {
                    trail.inherits(&module.address, &provider.name);
                }
                None => {
                    let why = format!(
                        "{} needs {}, which nothing passes to it",
                        module.address,
                        shown(&provider)
                    );
                    return (Origin::Broken(why), trail.end(None));
                }
            }
            module = parent;
        }
    }

    fn shown_place(&self, place: Place) -> String {
        let location = self.configuration.sources.location(place);
        format!("{}:{}", location.file, location.line)
    }

    fn derive(&self, origin: Origin<'c>, trail: Vec<Name>) -> Served {
        match origin {
            Origin::Broken(why) => Served {
                key: None,
                region: Fact::unknown_after(trail, &why),
                account: Fact::default(),
            },
            Origin::Empty(provider) => {
                let key: Name = shown(&provider).into();
                let region = self.environment_region(&key, trail);
                Served {
                    account: self.account(&region, None),
                    region,
                    key: Some(key),
                }
            }
            Origin::Block(module, block) => {
                let key = if module.address.is_empty() {
                    shown(&block.provider)
                } else {
                    format!("{}:{}", module.address, shown(&block.provider))
                };
                let region = self.provider_region(&module, block, &key, trail);
                Served {
                    account: self.account(&region, Some((&module, &block.content))),
                    region,
                    key: Some(key.into()),
                }
            }
        }
    }
}

impl Fact {
    /// Not known, for one reason.
    pub fn unknown(why: &str) -> Self {
        Fact {
            value: None,
            because: vec![why.into()],
        }
    }

    /// Not known, for a reason that lies behind these steps.
    pub fn unknown_after(mut steps: Vec<Name>, why: &str) -> Self {
        steps.push(why.into());
        Fact {
            value: None,
            because: steps,
        }
    }
}

/// The block of a provider, where its accounts may be named.
pub(crate) type Settings<'a> = (&'a Rc<ModuleInstance>, &'a Content);
