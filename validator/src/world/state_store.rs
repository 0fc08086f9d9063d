//! Where the root keeps its state: its backend, as it is written, and as `terraform init` settled what is left open.

use super::World;
use crate::inventory::{Fact, Name, StateStore};
use crate::load::config::{Backend, Initialised};
use crate::symbol;

/// Backends that lie in no region of AWS.
const ELSEWHERE: [&str; 5] = ["azurerm", "gcs", "oss", "cos", "local"];

/// What `because` says where nothing of AWS keeps the state.
pub(crate) const NO_REGION: &str = "no region of AWS";

impl World<'_> {
    /// The state of the root.
    pub(crate) fn state_store(&self) -> StateStore {
        let Some(backend) = &self.configuration.root().backend else {
            return StateStore {
                root: None,
                kind: "local".into(),
                name: None,
                region: Fact {
                    value: None,
                    because: vec![NO_REGION.into()],
                },
                source: None,
            };
        };
        let settled = self
            .configuration
            .initialised
            .as_ref()
            .filter(|settled| settled.ty == backend.ty);
        let name = match &*backend.ty {
            "s3" => self.setting(backend, "bucket").ok().flatten(),
            _ => None,
        };
        StateStore {
            root: None,
            name: name.or_else(|| settled?.bucket.clone()),
            region: self.region_of(backend, settled),
            source: Some(self.configuration.sources.location(backend.place)),
            kind: backend.ty.clone(),
        }
    }

    fn region_of(&self, backend: &Backend, settled: Option<&Initialised>) -> Fact {
        if ELSEWHERE.contains(&&*backend.ty) {
            return Fact {
                value: None,
                because: vec![NO_REGION.into()],
            };
        }
        if &*backend.ty != "s3" {
            return Fact::unknown(&format!("backend {:?} names no region", &*backend.ty));
        }
        let other = backend.content.arguments.contains_key("endpoint")
            || backend.content.arguments.contains_key("endpoints")
            || backend
                .content
                .blocks
                .iter()
                .any(|block| &*block.ty == "endpoints");
        if other {
            return Fact::unknown(
                "the backend names an endpoint of its own, which may lie anywhere",
            );
        }
        let at = self.configuration.sources.location(backend.place);
        let step: Name = format!("the backend at {}:{}", at.file, at.line).into();
        match self.setting(backend, "region") {
            Ok(Some(region)) => Fact {
                value: Some(region),
                because: vec![step],
            },
            Err(mut because) => {
                because.insert(0, step);
                Fact {
                    value: None,
                    because,
                }
            }
            Ok(None) => match settled.and_then(|settled| settled.region.clone()) {
                Some(region) => Fact {
                    value: Some(region),
                    because: vec![
                        step,
                        "terraform init, in .terraform/terraform.tfstate".into(),
                    ],
                },
                None if backend.content.damaged => {
                    Fact::unknown_after(vec![step], "the backend block has a syntax error")
                }
                None => match &self.configuration.default_region {
                    Some(region) => Fact {
                        value: Some(region.clone()),
                        because: vec![step, "AWS_REGION".into()],
                    },
                    None => Fact::unknown_after(
                        vec![step],
                        "it names no region, so that -backend-config or the environment decides",
                    ),
                },
            },
        }
    }

    /// A setting as text; nothing where it is not set; why, where it is not known.
    fn setting(&self, backend: &Backend, name: &str) -> Result<Option<Name>, Vec<Name>> {
        let Some(argument) = backend.content.arguments.get(name) else {
            return Ok(None);
        };
        let scope = self.scope(&self.root);
        let what = format!("backend.{}.{name}", backend.ty);
        let value = self.or_unknown(self.evaluate(argument.value, &scope, None), &what);
        let (value, _) = value.unmark();
        if !value.is_known() {
            return Err(symbol::because(&value));
        }
        Ok(value
            .as_str()
            .filter(|text| !text.is_empty())
            .map(Name::from))
    }
}
