//! What a call of the harness gives back.

use cty::Value;

use crate::diagnostics::Diagnostics;
use crate::model::Model;

/// An object as Terraform's state holds it.
#[derive(Clone, Debug)]
pub struct Object {
    /// The attributes.
    pub state: Value,
    /// Private state, opaque.
    pub private: Vec<u8>,
    /// The identity, if the resource has one.
    pub identity: Option<Value>,
    /// Whether the next plan replaces it, because its create failed half way.
    pub tainted: bool,
}

impl Object {
    /// The attributes as the resource's model.
    ///
    /// # Panics
    /// When the model is another resource's.
    pub fn model<M: Model>(&self) -> M {
        model(&self.state)
    }

    /// A top-level attribute.
    ///
    /// # Panics
    /// When the schema has no such attribute.
    pub fn attribute(&self, name: &str) -> &Value {
        attribute(&self.state, name)
    }

    /// The text of a top-level attribute that is known and set.
    ///
    /// # Panics
    /// When the schema has no such attribute, or it holds no text.
    pub fn text(&self, name: &str) -> &str {
        let value = self.attribute(name);
        value
            .as_str()
            .unwrap_or_else(|| panic!("{name} is not known text: {value:?}"))
    }
}

fn model<M: Model>(state: &Value) -> M {
    M::from_cty(state).unwrap_or_else(|error| panic!("the state is not of this model: {error}"))
}

fn attribute<'a>(state: &'a Value, name: &str) -> &'a Value {
    state
        .attribute(name)
        .unwrap_or_else(|| panic!("there is no attribute {name} in {state:?}"))
}

/// A plan.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The state that is planned; null for a destroy.
    pub state: Value,
    /// Attributes whose change needs a new object, as they would be written.
    pub replace: Vec<String>,
    /// Private state, opaque.
    pub private: Vec<u8>,
    /// The identity, where it is known.
    pub identity: Option<Value>,
    /// Errors and warnings; among them those that Terraform's core would add.
    pub diags: Diagnostics,
    /// Whether the plan changes nothing.
    pub is_empty: bool,
}

impl Planned {
    /// The planned attributes as the resource's model.
    ///
    /// # Panics
    /// When the model is another resource's.
    pub fn model<M: Model>(&self) -> M {
        model(&self.state)
    }

    /// A planned top-level attribute.
    ///
    /// # Panics
    /// When the schema has no such attribute.
    pub fn attribute(&self, name: &str) -> &Value {
        attribute(&self.state, name)
    }
}

/// What an apply left.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What the state holds now.
    pub object: Option<Object>,
    /// Errors and warnings of check, plan and apply; among them those that Terraform's core would add.
    pub diags: Diagnostics,
    /// Whether another object took the place of the prior one.
    pub replaced: bool,
}

impl Outcome {
    /// The object after an apply without errors.
    ///
    /// # Panics
    /// On an error, or when nothing is left.
    pub fn expect_clean(self) -> Object {
        assert!(
            !self.diags.has_errors(),
            "unexpected errors: {:#?}",
            self.diags
        );
        self.object
            .unwrap_or_else(|| panic!("nothing is left after the apply"))
    }
}

/// What an import or a read of a data source found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The object; `None` when there is none.
    pub object: Option<Object>,
    /// Errors and warnings.
    pub diags: Diagnostics,
}

/// What an action said and how it ended.
#[derive(Clone, Debug)]
pub struct Invoked {
    /// Progress, line by line.
    pub progress: Vec<String>,
    /// The verdict; `None` if the stream ended without one, which Terraform takes for success.
    pub verdict: Option<Diagnostics>,
}
