//! Expressions as Terraform 1.15 answers them: every expectation here was seen there first.

mod bounds;
mod symbols;
mod types;
mod unknowns;
mod values;

use std::collections::BTreeMap;
use std::sync::Arc;

use cty::{Mark, Refinements, Type, Value};

use super::{Budget, Evaluated, Failure, Limits, Reference, Resolved, Scope, Step, evaluate};
use crate::functions::{Environment, Files, Found};
use crate::source::Sources;
use crate::symbol::{self, PathStep, Symbol};
use crate::syntax::parse_expression;

/// A scope of `local.name` values.
struct Locals {
    values: BTreeMap<&'static str, Value>,
    environment: Environment,
}

impl Scope for Locals {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Box<Failure>> {
        let value = match (reference.root, reference.steps.first()) {
            ("local", Some(Step::Attribute(name, _))) => self.values.get(name),
            _ => None,
        };
        let undeclared = || Failure::new(reference.place, "Undeclared", reference.root);
        Ok(Resolved {
            value: value.cloned().ok_or_else(undeclared)?,
            used: 1,
        })
    }

    fn environment(&self) -> &Environment {
        &self.environment
    }
}

/// Two template files, and one that lies outside.
struct Templates;

impl Files for Templates {
    fn read(&self, path: &str) -> Found<Arc<[u8]>> {
        match path {
            "typed.tpl" => Found::Here(b"${x}".as_slice().into()),
            "broken.tpl" => Found::Here(b"line\n${".as_slice().into()),
            "nested.tpl" => {
                Found::Here(b"${templatefile(\"typed.tpl\", {x = 1})}".as_slice().into())
            }
            "bytes.tpl" => Found::Here([0xff, 0xfe].as_slice().into()),
            "fails.tpl" => Found::Here(b"line\n${x.y}".as_slice().into()),
            "../out.tpl" => Found::Outside("../out.tpl lies outside of the boundary".to_owned()),
            _ => Found::Missing(format!("there is no file {path:?}")),
        }
    }
    fn exists(&self, _path: &str) -> Found<bool> {
        Found::Here(false)
    }
    fn list(&self, _directory: &str) -> Found<Vec<String>> {
        Found::Here(Vec::new())
    }
}

fn unknown(ty: Type, name: &str) -> Value {
    symbol::with(Value::unknown(ty), Symbol::Input(name.into()))
}

/// What is not known in these tests: an id, a bool, a number, a list, something of no known type; and a secret.
fn locals() -> Locals {
    let id = Symbol::Resource {
        address: "module.a.aws_vpc.this[0]".into(),
        path: vec![PathStep::Name("id".into())],
    };
    let one_key = Refinements {
        min_length: Some(1),
        max_length: Some(1),
        ..Refinements::not_null()
    };
    let values = [
        (
            "id",
            symbol::with(Value::unknown(Type::String).not_null(), id),
        ),
        ("flag", unknown(Type::Bool, "var.flag").not_null()),
        ("size", unknown(Type::Number, "var.size")),
        (
            "names",
            unknown(Type::list(Type::String), "var.names").not_null(),
        ),
        ("open", unknown(Type::Dynamic, "var.open")),
        (
            "keyed",
            unknown(Type::map(Type::String), "var.keyed").with_refinements(one_key),
        ),
        ("secret", Value::string("hush").mark(Mark::Sensitive)),
        ("template", Value::string("a${x}b")),
        ("nested", Value::string("${templatestring(x, {})}")),
        ("typed", Value::string("${x}")),
        ("five", Value::number(5_u64)),
    ];
    Locals {
        values: values.into_iter().collect(),
        environment: Environment {
            files: Arc::new(Templates),
        },
    }
}

fn eval_within(text: &str, limits: &Limits) -> Evaluated {
    let file = Sources::new().add("test.tf", parse_expression(text.as_bytes().to_vec()));
    assert!(file.ast.errors.is_empty(), "{text}: {:?}", file.ast.errors);
    let id = file.ast.template.expect("an expression was parsed");
    evaluate(&file, id, &locals(), None, &Budget::new(limits))
}

fn eval(text: &str) -> Evaluated {
    eval_within(text, &Limits::default())
}

/// The value of an expression that has one.
fn value(text: &str) -> Value {
    eval(text).unwrap_or_else(|failure| panic!("{text}: {failure}"))
}

/// Both expressions have one value of one type.
fn same(text: &str, expected: &str) {
    assert_eq!(value(text), value(expected), "{text}");
}

/// The expression is refused, with this summary.
fn refused(text: &str, summary: &str) {
    match eval(text) {
        Ok(value) => panic!("{text} gave {value:?}, expected: {summary}"),
        Err(failure) => assert_eq!(failure.summary, summary, "{text}: {failure}"),
    }
}
