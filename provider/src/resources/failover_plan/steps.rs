//! The steps of a plan as typed attributes, rendered from the engine's declarations: one nested attribute for each kind.

use std::sync::LazyLock;

use recovery::argument::{Argument, ArgumentType};
use recovery::kind::Kind;
use recovery::steps::KINDS;
use terraform_framework::Value as Attr;
use terraform_framework::cty::{Path, PathError, Type, Value};
use terraform_framework::model::Content;
use terraform_framework::schema::{Attribute, Block, Nesting};

static STEP: LazyLock<Block> = LazyLock::new(step);
static STEP_TYPE: LazyLock<Type> = LazyLock::new(|| STEP.ty());

/// A step as it was written: an object of the type that the declarations give.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step(pub(crate) Value);

impl Content for Step {
    fn ty() -> Type {
        STEP_TYPE.clone()
    }

    fn object() -> Option<Block> {
        Some(STEP.clone())
    }

    fn read(value: &Value, _: &Path) -> Result<Self, PathError> {
        Ok(Step(value.clone()))
    }

    fn write(&self) -> Value {
        self.0.clone()
    }
}

/// The schema of a step.
fn step() -> Block {
    let text = |name, description: &str| Attribute::of::<Attr<String>>(name, description);
    let texts =
        |name, description: &str| Attribute::of::<Attr<Vec<Attr<String>>>>(name, description);
    let common = Block::new("A step of the plan: what has to hold before it begins, and exactly one kind that says what is done.")
        .attribute(text("name", "Name of the step: 1 to 64 of `a-z`, `0-9` and `-`, unlike all others.").required())
        .attribute(texts("after", "Steps that have to be done before. Default: the previous step; `[]` for none.").optional())
        .attribute(text("tier", "The tier whose objectives count for it.").optional())
        .attribute(text("timeout", "The longest that it may take, such as `45m`. Default: three times what its kind usually takes, at least `5m`.").optional())
        .attribute(text("on_failure", "`stop`: what depends on it does not begin, and the execution fails. `continue`: it goes on, and the failure is reported. Default: `stop`.").optional())
        .attribute(texts("run_in", "The modes that it runs in: `failover`, `switchover`, `reprotect`. Default: what its kind says, else the first two.").optional());
    KINDS
        .iter()
        .fold(common, |block, kind| block.attribute(of_kind(*kind)))
}

/// The nested attribute of a kind.
fn of_kind(kind: &dyn Kind) -> Attribute {
    let modes: Vec<String> = kind
        .runs_in()
        .iter()
        .map(|mode| format!("`{mode}`"))
        .collect();
    let description = format!("{} Runs in {} by default.", kind.doc(), modes.join(" and "));
    nested(
        kind.name(),
        &description,
        members(kind.doc(), kind.arguments()),
        Nesting::Single,
    )
    .optional()
}

fn members(description: &str, declared: &'static [Argument]) -> Block {
    declared
        .iter()
        .fold(Block::new(description), |block, argument| {
            block.attribute(attribute(argument))
        })
}

/// The attribute of an argument. Defaults are the document's: what is left out stays left out here.
fn attribute(argument: &'static Argument) -> Attribute {
    let mut description = argument.doc.to_owned();
    if let ArgumentType::Choice(words) = argument.of {
        let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        description = format!("{description} One of {}.", words.join(", "));
    }
    if let Some(default) = argument.default {
        let default = default.trim_matches('"');
        description = format!("{description} Default: `{default}`.");
    }
    let attribute = typed(argument.name, &description, &argument.of);
    if argument.required {
        attribute.required()
    } else {
        attribute.optional()
    }
}

/// Objects get schemas of their own, as far as nested attributes reach.
fn typed(name: &'static str, description: &str, of: &'static ArgumentType) -> Attribute {
    match of {
        ArgumentType::Object(declared) => nested(
            name,
            description,
            members(description, declared),
            Nesting::Single,
        ),
        ArgumentType::ObjectList(declared) => nested(
            name,
            description,
            members(description, declared),
            Nesting::List,
        ),
        ArgumentType::ByRegion(ArgumentType::Object(declared)) => nested(
            name,
            description,
            members(description, declared),
            Nesting::Map,
        ),
        _ => of_type(name, description, ty(of)),
    }
}

fn nested(name: &'static str, description: &str, block: Block, nesting: Nesting) -> Attribute {
    let one = block.ty();
    let ty = match nesting {
        Nesting::Single => one,
        Nesting::List => Type::list(one),
        Nesting::Set => Type::set(one),
        Nesting::Map => Type::map(one),
    };
    Attribute {
        nested: Some((block, nesting)),
        ..of_type(name, description, ty)
    }
}

fn of_type(name: &'static str, description: &str, ty: Type) -> Attribute {
    Attribute {
        ty,
        ..Attribute::of::<Attr<String>>(name, description)
    }
}

/// The plain type of an argument.
fn ty(of: &ArgumentType) -> Type {
    match of {
        ArgumentType::Text | ArgumentType::Duration | ArgumentType::Choice(_) => Type::String,
        ArgumentType::Integer { .. } => Type::Number,
        ArgumentType::Flag => Type::Bool,
        ArgumentType::TextList => Type::list(Type::String),
        ArgumentType::TextMap => Type::map(Type::String),
        ArgumentType::ByRegion(of) => Type::map(ty(of)),
        ArgumentType::Object(declared) => object(declared),
        ArgumentType::ObjectList(declared) => Type::list(object(declared)),
    }
}

fn object(declared: &[Argument]) -> Type {
    Type::object(
        declared
            .iter()
            .map(|argument| (argument.name, ty(&argument.of))),
    )
}
