//! A whole provider: one resource, one function. `greeting_note` keeps a text; `shout` makes one loud.

use std::process::ExitCode;

use terraform_framework::function::{Function, FunctionError};
use terraform_framework::identity::NoIdentity;
use terraform_framework::private::Private;
use terraform_framework::provider::ConfigureCx;
use terraform_framework::resource::{Applied, ApplyRequest, ErasedResource, Resource};
use terraform_framework::{Cx, Diagnostics, Model, Provider, Value, async_trait, plugin, validate};

/// A greeting that is kept in the state.
#[derive(Model, Clone, Debug)]
struct Note {
    /// Whom to greet. Changing it makes a new note.
    #[attr(required, replace, validate = validate::length(1, 40))]
    name: Value<String>,
    /// How to greet. Default: `Hello`.
    #[attr(optional, default = "Hello")]
    word: Value<String>,
    /// The whole greeting.
    #[attr(computed)]
    text: Value<String>,
}

impl Note {
    fn written(mut self) -> Self {
        let (word, name) = (
            self.word.text().unwrap_or_default(),
            self.name.text().unwrap_or_default(),
        );
        self.text = format!("{word}, {name}!").into();
        self
    }
}

struct Notes;

#[async_trait]
impl Resource for Notes {
    type Client = ();
    type Model = Note;
    type Identity = NoIdentity;

    fn name(&self) -> &'static str {
        "greeting_note"
    }

    async fn create(
        &self,
        _: &Cx<()>,
        request: ApplyRequest<Note>,
        _: &mut Diagnostics,
    ) -> Applied<Note> {
        Applied {
            state: Some(request.planned.written()),
            private: request.private,
        }
    }

    async fn read(
        &self,
        _: &Cx<()>,
        state: Note,
        _: &mut Private,
        _: &mut Diagnostics,
    ) -> Option<Note> {
        Some(state)
    }

    async fn update(
        &self,
        _: &Cx<()>,
        request: ApplyRequest<Note>,
        _: &mut Diagnostics,
    ) -> Applied<Note> {
        Applied {
            state: Some(request.planned.written()),
            private: request.private,
        }
    }

    async fn delete(&self, _: &Cx<()>, _: Note, _: &Private, _: &mut Diagnostics) {}
}

/// Greets people; needs no configuration.
#[derive(Model, Clone, Debug)]
pub(crate) struct Nothing {}

pub(crate) struct Greeting;

#[async_trait]
impl Provider for Greeting {
    type Config = Nothing;
    type Client = ();

    fn name(&self) -> &'static str {
        "greeting"
    }

    async fn configure(&self, _: Nothing, _: &ConfigureCx, _: &mut Diagnostics) -> Option<()> {
        Some(())
    }

    fn resources(&self) -> Vec<Box<dyn ErasedResource<()>>> {
        vec![Box::new(Notes)]
    }

    fn functions(&self) -> Vec<Function> {
        let shout = Function::new(
            "shout",
            "Makes a text loud",
            "Gives the text in capitals, with an exclamation mark.",
        );
        let shout = shout.parameter::<String>("text", "The text; not empty.");
        vec![shout.returns(|text: String| {
            if text.is_empty() {
                return Err(FunctionError::at(
                    0,
                    "the text is empty; there is nothing to shout",
                ));
            }
            Ok(Some(format!("{}!", text.to_uppercase())))
        })]
    }
}

fn main() -> ExitCode {
    let options = plugin::Options {
        address: "registry.terraform.io/examples/greeting",
        version: "0.1.0",
    };
    plugin::serve(Greeting, options)
}
