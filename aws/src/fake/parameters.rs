//! Parameters of the fake.

use async_trait::async_trait;
use jiff::Timestamp;

use super::services::{absent, changed};
use super::{ByPlace, Effect, FakeAws, Local};
use crate::parameters::{Parameter, Parameters};
use crate::{Error, Region};

#[derive(Default)]
pub(super) struct State {
    parameters: ByPlace<Parameter>,
}

impl FakeAws {
    /// Adds a parameter of a type; it has been there for ever.
    pub fn add_parameter(&self, region: &Region, name: &str, kind: &str, value: &str) {
        let parameter = Parameter {
            name: name.to_owned(),
            kind: kind.to_owned(),
            value: value.to_owned(),
            version: 1,
            changed_at: Some(Timestamp::UNIX_EPOCH),
        };
        let place = (region.clone(), name.to_owned());
        self.services()
            .parameters
            .parameters
            .insert(place, parameter);
    }

    /// Changes a parameter by hand.
    pub fn edit_parameter(&self, region: &Region, name: &str, change: impl FnOnce(&mut Parameter)) {
        let place = (region.clone(), name.to_owned());
        if let Some(parameter) = self.services().parameters.parameters.get_mut(&place) {
            change(parameter);
        }
    }
}

#[async_trait]
impl Parameters for Local {
    async fn get(&self, name: &str) -> Result<Parameter, Error> {
        self.serve("GetParameter", name, |services, _| {
            let found = services.parameters.parameters.get(&self.place(name));
            let found = found.ok_or_else(|| absent("ssm", "ParameterNotFound", name))?;
            Ok((found.clone(), Effect::Read))
        })
    }

    async fn put(&self, name: &str, value: &str) -> Result<(), Error> {
        self.serve("PutParameter", name, |services, now| {
            let found = services.parameters.parameters.get_mut(&self.place(name));
            let found = found.ok_or_else(|| absent("ssm", "ParameterNotFound", name))?;
            let other = found.value != value;
            value.clone_into(&mut found.value);
            // A new version even of the same value.
            found.version += 1;
            found.changed_at = Some(now);
            Ok(((), changed(other)))
        })
    }
}
