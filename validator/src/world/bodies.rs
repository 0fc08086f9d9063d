//! One view of bodies, whether written in native syntax, merged from several files, or in the JSON form.

use std::collections::BTreeMap;

use crate::load::config::{Argument, BodyRef, Content, ExprRef, Name, Nested};
use crate::source::{FileId, Place, SourceFile};
use crate::syntax::ast::{ExprId, ExprKind};

/// Where arguments and blocks are looked up.
#[derive(Clone, Copy)]
pub(crate) enum Body<'a> {
    /// The merged content of a top-level block.
    Merged(&'a Content),
    /// A nested block.
    Native(BodyRef),
    /// An object of the JSON form.
    Json(ExprRef),
}

/// A `dynamic` block, taken apart.
pub(crate) struct Dynamic<'a> {
    pub(crate) for_each: Option<Argument>,
    /// Name of the iterator; the block's type where none is given.
    pub(crate) iterator: Name,
    pub(crate) content: Option<Body<'a>>,
    pub(crate) place: Place,
}

/// A nested block as it is written.
pub(crate) enum Written<'a> {
    /// A block of this type.
    Block(Body<'a>, Place),
    /// A block that makes blocks of this type.
    Dynamic(Dynamic<'a>),
}

/// Files by number, as bodies need them.
pub(crate) trait Files {
    /// The file of this number.
    fn source(&self, id: FileId) -> std::sync::Arc<SourceFile>;
}

impl<'a> Body<'a> {
    /// An argument by name.
    pub(crate) fn argument(&self, name: &str, files: &dyn Files) -> Option<Argument> {
        match self {
            Body::Merged(content) => content.arguments.get(name).copied(),
            Body::Native(body) => {
                let file = files.source(body.file);
                let found = file
                    .ast
                    .attributes(body.body)
                    .iter()
                    .find(|a| file.ast.slice(a.name) == name)?;
                Some(Argument {
                    value: ExprRef {
                        file: body.file,
                        id: found.value,
                    },
                    name: found.name,
                })
            }
            Body::Json(object) => property(*object, name, files),
        }
    }

    /// All arguments by name; in the JSON form blocks are among them.
    pub(crate) fn arguments(&self, files: &dyn Files) -> BTreeMap<Name, Argument> {
        match self {
            Body::Merged(content) => content.arguments.clone(),
            Body::Native(body) => {
                let file = files.source(body.file);
                let argument = |a: &crate::syntax::ast::Attribute| {
                    let value = ExprRef {
                        file: body.file,
                        id: a.value,
                    };
                    (
                        file.ast.slice(a.name).into(),
                        Argument {
                            value,
                            name: a.name,
                        },
                    )
                };
                file.ast
                    .attributes(body.body)
                    .iter()
                    .map(argument)
                    .collect()
            }
            Body::Json(object) => properties(*object, files),
        }
    }

    /// Types of the nested blocks that are written here, each once; those that dynamic blocks make too. Nothing for the
    /// JSON form, where the schema decides.
    pub(crate) fn block_types(&self, files: &dyn Files) -> Vec<Name> {
        let mut types: Vec<Name> = Vec::new();
        for nested in self.native(files) {
            if !types.contains(&nested.ty) {
                types.push(nested.ty);
            }
        }
        types
    }

    /// The nested blocks of a type, in the order in which they are written.
    pub(crate) fn blocks(&self, ty: &str, files: &dyn Files) -> Vec<Written<'a>> {
        let mut written = Vec::new();
        for nested in self
            .native(files)
            .into_iter()
            .filter(|nested| *nested.ty == *ty)
        {
            let place = Place {
                file: nested.file,
                span: nested.block.name,
            };
            let body = BodyRef {
                file: nested.file,
                body: nested.block.body,
            };
            written.push(if nested.dynamic {
                Written::Dynamic(dynamic(Body::Native(body), ty, place, files))
            } else {
                Written::Block(Body::Native(body), place)
            });
        }
        if self.is_json() {
            self.json_blocks(ty, files, &mut written);
        }
        written
    }

    fn native(&self, files: &dyn Files) -> Vec<Nested> {
        match self {
            Body::Merged(content) => content.blocks.clone(),
            Body::Native(body) => {
                let file = files.source(body.file);
                file.ast
                    .blocks(body.body)
                    .iter()
                    .map(|block| Nested::new(&file, block))
                    .collect()
            }
            Body::Json(_) => Vec::new(),
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        match self {
            Body::Merged(content) => content.json,
            Body::Native(body) => body.body.json,
            Body::Json(_) => true,
        }
    }

    fn json_blocks(&self, ty: &str, files: &dyn Files, written: &mut Vec<Written<'a>>) {
        if let Some(argument) = self.argument(ty, files) {
            for object in objects(argument.value, files) {
                written.push(Written::Block(Body::Json(object), argument.place()));
            }
        }
        let Some(dynamics) = self.argument("dynamic", files) else {
            return;
        };
        for object in objects(dynamics.value, files) {
            let Some(of_type) = property(object, ty, files) else {
                continue;
            };
            for object in objects(of_type.value, files) {
                written.push(Written::Dynamic(dynamic(
                    Body::Json(object),
                    ty,
                    of_type.place(),
                    files,
                )));
            }
        }
    }
}

fn dynamic<'a>(body: Body<'a>, ty: &str, place: Place, files: &dyn Files) -> Dynamic<'a> {
    let iterator = body
        .argument("iterator", files)
        .and_then(|argument| word(argument.value, files));
    let content = body
        .blocks("content", files)
        .into_iter()
        .find_map(|written| match written {
            Written::Block(body, _) => Some(body),
            Written::Dynamic(_) => None,
        });
    Dynamic {
        for_each: body.argument("for_each", files),
        iterator: iterator.unwrap_or_else(|| ty.into()),
        content,
        place,
    }
}

/// A single name, bare or as text.
fn word(expr: ExprRef, files: &dyn Files) -> Option<Name> {
    let file = files.source(expr.file);
    let found = file.ast.expr(expr.id);
    match found.kind {
        ExprKind::Variable => Some(file.ast.slice(found.span).into()),
        ExprKind::String(text) => Some(file.ast.text(text).into()),
        _ => None,
    }
}

/// The objects of a property: one, or those of a list.
fn objects(expr: ExprRef, files: &dyn Files) -> Vec<ExprRef> {
    let file = files.source(expr.file);
    let at = |id: ExprId| ExprRef {
        file: expr.file,
        id,
    };
    match file.ast.expr(expr.id).kind {
        ExprKind::Object(_) => vec![expr],
        ExprKind::Tuple(items) => file
            .ast
            .items(items)
            .filter(|id| matches!(file.ast.expr(*id).kind, ExprKind::Object(_)))
            .map(at)
            .collect(),
        _ => Vec::new(),
    }
}

fn property(object: ExprRef, name: &str, files: &dyn Files) -> Option<Argument> {
    properties(object, files).remove(name)
}

fn properties(object: ExprRef, files: &dyn Files) -> BTreeMap<Name, Argument> {
    let file = files.source(object.file);
    let ExprKind::Object(pairs) = file.ast.expr(object.id).kind else {
        return BTreeMap::new();
    };
    let mut found = BTreeMap::new();
    for (key, value) in file.ast.pairs(pairs) {
        let key = file.ast.expr(key);
        if let ExprKind::String(text) = key.kind {
            let value = ExprRef {
                file: object.file,
                id: value,
            };
            found.insert(
                file.ast.text(text).into(),
                Argument {
                    value,
                    name: key.span,
                },
            );
        }
    }
    // A comment in the JSON form.
    found.remove("//");
    found
}

impl Files for super::World<'_> {
    fn source(&self, id: FileId) -> std::sync::Arc<SourceFile> {
        self.file(id)
    }
}
