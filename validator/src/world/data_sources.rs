//! Data sources whose answer follows from what is known. Their values are marked as assumed: they are modelled, not read.

use cty::{Mark, Type, Value};

use super::resources::{Configured, Instance};
use super::{World, policy_document, zones};
use crate::load::config::{Mode, Name};
use crate::symbol::{self, PathStep, Symbol};

/// Marks what was modelled; the rest of the mark says what was assumed.
pub(crate) const ASSUMED: &str = "assumed: ";

/// The value, marked as assumed where it is known.
pub(crate) fn assumed(value: Value, what: &str) -> Value {
    if value.is_wholly_known() {
        value.mark(Mark::Named(format!("{ASSUMED}{what}").into()))
    } else {
        value
    }
}

impl World<'_> {
    /// The value of an attribute that is modelled; `None` where it is not.
    pub(crate) fn modelled(&self, instance: &Instance<'_>, name: &str) -> Option<Value> {
        let key = &instance.state.key;
        match (key.mode, &*key.ty) {
            (Mode::Managed, "terraform_data") => self.terraform_data(instance, name),
            (Mode::Managed, "aws_acm_certificate") => self.certificate(instance, name),
            (Mode::Data, "aws_region") => self.aws_region(instance, name),
            (Mode::Data, "aws_partition") => self.aws_partition(instance, name),
            (Mode::Data, "aws_caller_identity") => self.caller_identity(instance, name),
            (Mode::Data, "aws_availability_zones") => self.availability_zones(instance, name),
            (Mode::Data, "aws_vpc_endpoint_service") => self.endpoint_service(instance, name),
            (Mode::Data, "aws_iam_policy_document") => {
                policy_document::attribute(self, instance, name)
            }
            (Mode::Data, "terraform_remote_state") => self.remote_state(instance, name),
            _ => None,
        }
    }

    fn terraform_data(&self, instance: &Instance<'_>, name: &str) -> Option<Value> {
        let referred = |ty: Type| {
            let symbol = Symbol::Resource {
                address: instance.address(),
                path: vec![PathStep::Name(name.into())],
            };
            symbol::with(Value::unknown(ty), symbol)
        };
        let configured = |name: &str| match self.configured(instance, name) {
            Configured::Value(value) | Configured::Failed(value) => value,
            Configured::Absent => Value::null(Type::Dynamic),
        };
        match name {
            "id" => Some(referred(Type::String).not_null()),
            "input" | "triggers_replace" => Some(configured(name)),
            "output" => {
                let (input, marks) = configured("input").unmark();
                let output = if input.is_null() {
                    input
                } else {
                    referred(input.ty().clone())
                };
                Some(output.with_marks(&marks))
            }
            _ => None,
        }
    }

    /// The region that a data source is about: what it asks for, else that of its provider.
    fn asked_region(&self, instance: &Instance<'_>) -> Option<Name> {
        for name in ["region", "name"] {
            match self.configured(instance, name) {
                Configured::Value(value) if !value.is_null() => {
                    return value.unmark().0.as_str().map(Name::from);
                }
                Configured::Failed(_) => return None,
                _ => {}
            }
        }
        if !matches!(self.configured(instance, "endpoint"), Configured::Absent) {
            return None;
        }
        self.region(instance).value
    }

    fn aws_region(&self, instance: &Instance<'_>, name: &str) -> Option<Value> {
        let region = self.asked_region(instance)?;
        let value = match name {
            "name" | "id" | "region" => Value::string(&region),
            "endpoint" => {
                let suffix = zones::dns_suffix(zones::partition(&region));
                Value::string(format!("ec2.{region}.{suffix}"))
            }
            _ => return None,
        };
        Some(assumed(value, "the provider's region"))
    }

    fn aws_partition(&self, instance: &Instance<'_>, name: &str) -> Option<Value> {
        let region = self.region(instance).value?;
        let partition = zones::partition(&region);
        let suffix = zones::dns_suffix(partition);
        let value = match name {
            "partition" | "id" => Value::string(partition),
            "dns_suffix" => Value::string(suffix),
            "reverse_dns_prefix" => {
                Value::string(suffix.split('.').rev().collect::<Vec<_>>().join("."))
            }
            _ => return None,
        };
        Some(assumed(value, "the partition of the provider's region"))
    }

    fn caller_identity(&self, instance: &Instance<'_>, name: &str) -> Option<Value> {
        let served = self.served(instance.module, &instance.state.key, instance.resource);
        let account = served.account.value.clone()?;
        match name {
            "account_id" | "id" => Some(assumed(
                Value::string(&account),
                "the account that is named for the estate",
            )),
            _ => None,
        }
    }

    fn availability_zones(&self, instance: &Instance<'_>, name: &str) -> Option<Value> {
        let only_state = instance.resource.content.blocks.is_empty()
            && instance
                .resource
                .content
                .arguments
                .keys()
                .all(|name| matches!(&**name, "state" | "region"));
        if !only_state {
            return None;
        }
        match self.configured(instance, "state") {
            Configured::Value(state) if state.clone().unmark().0.as_str() == Some("available") => {}
            Configured::Absent => {}
            Configured::Value(state) if state.is_null() => {}
            _ => return None,
        }
        let region = self.region(instance).value?;
        match name {
            "id" => Some(assumed(Value::string(&region), "the provider's region")),
            "names" => {
                let (names, what) = if let Some(zones) = self.configuration.zones.get(&region) {
                    (zones.iter().map(Value::string).collect(), "named in dr.hcl")
                } else {
                    let zones = zones::zones(&region)?;
                    (
                        zones.iter().map(Value::string).collect::<Vec<_>>(),
                        "as a new account sees them",
                    )
                };
                let zones = Value::list(Type::String, names).ok()?;
                Some(assumed(zones, &format!("the zones of {region}, {what}")))
            }
            _ => None,
        }
    }

    /// The name of a service: the one that is asked for, else made of the region and the short name, as the provider does.
    fn endpoint_service(&self, instance: &Instance<'_>, name: &str) -> Option<Value> {
        let asked = |name: &str| match self.configured(instance, name) {
            Configured::Value(value) if value.is_null() => Some(None),
            Configured::Value(value) => Some(Some(value.unmark().0.as_str()?.to_owned())),
            Configured::Absent => Some(None),
            Configured::Failed(_) => None,
        };
        if name != "service_name" || asked("service_name")?.is_some() {
            return None;
        }
        let (service, region) = (asked("service")??, self.region(instance).value?);
        // China's services have names of several forms.
        if zones::partition(&region) == "aws-cn" {
            return None;
        }
        let name = format!("com.amazonaws.{region}.{service}");
        Some(assumed(
            Value::string(name),
            "the service's name in the provider's region",
        ))
    }

    fn remote_state(&self, instance: &Instance<'_>, name: &str) -> Option<Value> {
        if name != "outputs" {
            return None;
        }
        let address = instance.address();
        let known = &self.configuration.remote_outputs;
        // What links roots knows no keys: all instances of a data source are meant.
        let outputs = known.get(&address).or_else(|| {
            let local = super::names::resource(&instance.state.key);
            known.get(&*format!("{}{local}", instance.module.calls_above()))
        })?;
        let outputs = outputs.iter().map(|(name, value)| {
            let place = vec![
                PathStep::Name("outputs".into()),
                PathStep::Name(name.clone()),
            ];
            let seen = from_here(value, &address, place);
            (
                name.clone(),
                assumed(seen, "an output of the root that keeps this state"),
            )
        });
        Some(Value::object(outputs.collect::<Vec<_>>()))
    }
}

/// The value as it is seen from here: what is not known is a part of the data source, whose addresses in the other root mean
/// nothing here.
fn from_here(value: &Value, address: &Name, place: Vec<PathStep>) -> Value {
    if value.is_wholly_known() {
        return value.clone();
    }
    let below = |step: PathStep| place.iter().cloned().chain([step]).collect::<Vec<_>>();
    match (value.ty(), value.elements(), value.entries()) {
        (Type::Tuple(_), Some(elements), _) => {
            let part = |(at, element): (usize, &Value)| {
                let step = PathStep::Index(u64::try_from(at).unwrap_or(u64::MAX));
                from_here(element, address, below(step))
            };
            Value::tuple(elements.iter().enumerate().map(part).collect())
        }
        (Type::Object(_), _, Some(entries)) => {
            let part = |(name, element): (&Name, &Value)| {
                (
                    name.clone(),
                    from_here(element, address, below(PathStep::Name(name.clone()))),
                )
            };
            Value::object(entries.iter().map(part).collect::<Vec<_>>())
        }
        _ => {
            let symbol = Symbol::Resource {
                address: address.clone(),
                path: place,
            };
            symbol::with(Value::unknown(value.ty().clone()), symbol)
        }
    }
}
