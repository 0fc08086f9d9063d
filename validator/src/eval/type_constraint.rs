//! Types as they are written: `list(string)`, `object({ a = optional(number, 1) })`.

mod defaults;

use std::collections::BTreeMap;
use std::sync::Arc;

use cty::conversion::convert;
use cty::{ObjectType, Type, Value};

use super::budget::Budget;
use super::constant::constant;
use super::{Failure, Limits};
use crate::source::{Place, SourceFile};
use crate::syntax::ast::{ExprId, ExprKind};
pub use defaults::{Defaults, apply};

/// A type constraint, with the defaults of its optional attributes.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// The type; attributes that are optional are so in it.
    pub ty: Type,
    /// Defaults of optional attributes.
    pub defaults: Defaults,
}

impl Constraint {
    /// Anything.
    pub fn any() -> Self {
        Constraint {
            ty: Type::Dynamic,
            defaults: Defaults::default(),
        }
    }
}

const SUMMARY: &str = "Invalid type specification";

/// Reads the type of a variable.
///
/// # Errors
/// When it is none.
pub fn constraint(file: &SourceFile, id: ExprId) -> Result<Constraint, Box<Failure>> {
    let reader = Reader { file };
    // As written before types were expressions.
    if let ExprKind::String(text) = file.ast.expr(id).kind {
        let ty = match file.ast.text(text) {
            "string" => Type::String,
            "list" => Type::list(Type::Dynamic),
            "map" => Type::map(Type::Dynamic),
            other => {
                return Err(reader.refuse(
                    id,
                    format!("{other:?} in quotes is no type. Write the type without quotes."),
                ));
            }
        };
        return Ok(Constraint {
            ty,
            defaults: Defaults::default(),
        });
    }
    let old = match reader.keyword(id) {
        Some("list") => Some(Type::list(Type::Dynamic)),
        Some("map") => Some(Type::map(Type::Dynamic)),
        _ => None,
    };
    if let Some(ty) = old {
        return Ok(Constraint {
            ty,
            defaults: Defaults::default(),
        });
    }
    let (ty, defaults) = reader.ty(id)?;
    Ok(Constraint { ty, defaults })
}

/// Reads a type as an argument of `convert`.
pub(super) fn exact(file: &SourceFile, id: ExprId) -> Result<Constraint, Box<Failure>> {
    let (ty, defaults) = Reader { file }.ty(id)?;
    Ok(Constraint { ty, defaults })
}

struct Reader<'a> {
    file: &'a SourceFile,
}

type Read = Result<(Type, Defaults), Box<Failure>>;

impl<'a> Reader<'a> {
    fn place(&self, id: ExprId) -> Place {
        Place {
            file: self.file.id,
            span: self.file.ast.expr(id).span,
        }
    }

    fn refuse(&self, id: ExprId, detail: impl Into<String>) -> Box<Failure> {
        Failure::new(self.place(id), SUMMARY, detail)
    }

    /// A lone word.
    fn keyword(&self, id: ExprId) -> Option<&'a str> {
        let expr = self.file.ast.expr(id);
        matches!(
            expr.kind,
            ExprKind::Variable | ExprKind::Null | ExprKind::True | ExprKind::False
        )
        .then(|| self.file.ast.slice(expr.span))
    }

    /// A call: its name and its arguments.
    fn call(&self, id: ExprId) -> Option<(&'a str, Vec<ExprId>)> {
        let ExprKind::Call(at) = self.file.ast.expr(id).kind else {
            return None;
        };
        let call = self.file.ast.call(at);
        let arguments = call.arguments.iter().map(|id| ExprId(*id)).collect();
        Some((self.file.ast.slice(call.name), arguments))
    }

    fn ty(&self, id: ExprId) -> Read {
        if let Some(word) = self.keyword(id) {
            return self.named(id, word);
        }
        let Some((name, arguments)) = self.call(id) else {
            return Err(self.refuse(
                id,
                "A type is string, number, bool or any, or a larger one such as list(string).",
            ));
        };
        if !matches!(name, "list" | "set" | "map" | "object" | "tuple") {
            return Err(self.refuse(
                id,
                match name {
                    "optional" => {
                        "optional stands only around the type of an attribute of an object."
                            .to_owned()
                    }
                    "string" | "number" | "bool" | "any" => format!("{name} takes no arguments."),
                    _ => format!("{name:?} is no type."),
                },
            ));
        }
        let [argument] = arguments.as_slice() else {
            return Err(self.refuse(
                id,
                format!(
                    "{name} takes one argument, but {} were given.",
                    arguments.len()
                ),
            ));
        };
        match name {
            "object" => self.object(*argument),
            "tuple" => self.tuple(*argument),
            _ => {
                let (element, below) = self.ty(*argument)?;
                let ty = match name {
                    "list" => Type::list(element),
                    "set" => Type::set(element),
                    _ => Type::map(element),
                };
                Ok((ty, Defaults::of_elements(below)))
            }
        }
    }

    /// A type that is one word.
    fn named(&self, id: ExprId, word: &str) -> Read {
        let simple = |ty| Ok((ty, Defaults::default()));
        match word {
            "string" => simple(Type::String),
            "number" => simple(Type::Number),
            "bool" => simple(Type::Bool),
            "any" => simple(Type::Dynamic),
            word @ ("list" | "set" | "map") => Err(self.refuse(
                id,
                format!("{word} needs the type of its elements, such as {word}(string)."),
            )),
            "object" => Err(self.refuse(
                id,
                "object needs its attributes, such as object({ name = string }).",
            )),
            "tuple" => Err(self.refuse(
                id,
                "tuple needs the types of its elements, such as tuple([string, number]).",
            )),
            word => Err(self.refuse(id, format!("{word:?} is no type."))),
        }
    }

    fn tuple(&self, id: ExprId) -> Read {
        let ExprKind::Tuple(items) = self.file.ast.expr(id).kind else {
            return Err(self.refuse(
                id,
                "tuple takes a list of types, such as tuple([string, number]).",
            ));
        };
        let mut types = Vec::with_capacity(items.len());
        let mut below = Vec::with_capacity(items.len());
        for item in self.file.ast.items(items) {
            let (ty, defaults) = self.ty(item)?;
            types.push(ty);
            below.push(defaults);
        }
        Ok((Type::tuple(types), Defaults::of_tuple(below)))
    }

    fn object(&self, id: ExprId) -> Read {
        let ExprKind::Object(pairs) = self.file.ast.expr(id).kind else {
            return Err(self.refuse(
                id,
                "object takes its attributes in braces, such as object({ name = string }).",
            ));
        };
        let mut attributes: BTreeMap<Arc<str>, Type> = BTreeMap::new();
        let mut optional: Vec<Arc<str>> = Vec::new();
        let mut values = BTreeMap::new();
        let mut below = BTreeMap::new();
        for (key, ty) in self.file.ast.pairs(pairs) {
            let name: Arc<str> = self.attribute_name(key)?.into();
            if attributes.contains_key(&name) {
                return Err(self.refuse(key, format!("The attribute {name:?} stands here twice.")));
            }
            let mut ty = ty;
            let mut default = None;
            if let Some(("optional", arguments)) = self.call(ty) {
                match arguments.as_slice() {
                    [of] => ty = *of,
                    [of, value] => (ty, default) = (*of, Some(*value)),
                    _ => {
                        return Err(self.refuse(ty, "optional takes the type of the attribute, and a default if it has one."));
                    }
                }
                optional.push(name.clone());
            }
            let (ty, defaults) = self.ty(ty)?;
            if let Some(default) = default {
                values.insert(name.clone(), self.default(default, &ty)?);
            }
            if !defaults.is_empty() {
                below.insert(name.clone(), defaults);
            }
            attributes.insert(name, ty);
        }
        let ty = ObjectType::new(attributes).with_optional(optional);
        Ok((
            Type::Object(Arc::new(ty)),
            Defaults::of_object(values, below),
        ))
    }

    /// The name of an attribute: a word without quotes.
    fn attribute_name(&self, key: ExprId) -> Result<String, Box<Failure>> {
        let expr = self.file.ast.expr(key);
        let written = self.file.ast.slice(expr.span);
        match expr.kind {
            ExprKind::String(text) if !written.starts_with('"') => {
                Ok(self.file.ast.text(text).to_owned())
            }
            _ => Err(self.refuse(
                key,
                "Attributes of an object are plain names, without quotes or parentheses.",
            )),
        }
    }

    fn default(&self, id: ExprId, ty: &Type) -> Result<Value, Box<Failure>> {
        let value = constant(self.file, id, &Budget::new(&Limits::default()))?;
        convert(&value, ty).map_err(|error| {
            Failure::new(
                self.place(id),
                "Invalid default value for optional attribute",
                format!("This default does not fit the type of its attribute: {error}."),
            )
        })
    }
}
