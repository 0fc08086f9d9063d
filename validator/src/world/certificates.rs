//! What the provider says of a certificate before there is one: the names that have to be validated.
//!
//! `for_each` over `domain_validation_options` is how records of certificates are written, and a first plan knows its keys:
//! the provider works them out of the arguments (its documentation, `aws_acm_certificate`). What the records hold comes from
//! AWS.

use std::collections::BTreeSet;

use cty::{Type, Value};

use super::World;
use super::resources::{Configured, Instance};
use crate::schema::Block;
use crate::symbol::{self, PathStep, Symbol};

const NAMES: &str = "subject_alternative_names";
const OPTIONS: &str = "domain_validation_options";

impl World<'_> {
    /// `subject_alternative_names` of an `aws_acm_certificate`, and `domain_validation_options` of one that is validated by
    /// DNS, where its names are known.
    pub(crate) fn certificate(&self, instance: &Instance<'_>, name: &str) -> Option<Value> {
        if name != NAMES && name != OPTIONS {
            return None;
        }
        let method = self.given(instance, "validation_method")?;
        let mut names = BTreeSet::new();
        names.insert(domain(&self.given(instance, "domain_name")?)?);
        if let Some(others) = self.given(instance, NAMES) {
            for other in others.elements()? {
                names.insert(domain(other)?);
            }
        }
        if name == NAMES {
            let names = names.iter().map(Value::string);
            return Value::set(Type::String, names.collect()).ok();
        }
        if method.as_str() != Some("DNS") {
            return None;
        }
        let schema = instance.state.schema.as_deref()?;
        let Type::Set(element) = option_type(schema)? else {
            return None;
        };
        let Type::Object(attributes) = &**element else {
            return None;
        };
        let options = names.iter().map(|domain| {
            Value::object(attributes.attributes().iter().map(|(name, attribute)| {
                let value = if &**name == "domain_name" {
                    Value::string(domain)
                } else {
                    told_later(instance, domain, name, attribute.clone())
                };
                (name.clone(), value)
            }))
        });
        Value::set((**element).clone(), options.collect()).ok()
    }

    /// An argument that is set, without its marks; unknown stays unknown.
    fn given(&self, instance: &Instance<'_>, name: &str) -> Option<Value> {
        match self.configured(instance, name) {
            Configured::Value(value) if !value.is_null() => Some(value.unmark_deep().0),
            Configured::Failed(value) => Some(value),
            _ => None,
        }
    }
}

fn option_type(schema: &Block) -> Option<&Type> {
    schema.attributes.get(OPTIONS).map(|found| &found.ty)
}

fn domain(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn told_later(instance: &Instance<'_>, domain: &str, name: &str, ty: Type) -> Value {
    let options = Symbol::Resource {
        address: instance.address(),
        path: vec![PathStep::Name(OPTIONS.into())],
    };
    let option = Symbol::Index {
        of: symbol::with(Value::dynamic_unknown(), options),
        key: Value::string(domain),
    };
    let part = Symbol::Attribute {
        of: symbol::with(Value::dynamic_unknown(), option),
        name: name.into(),
    };
    symbol::with(Value::unknown(ty), part)
}
