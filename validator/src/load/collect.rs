//! The top-level blocks of a module directory, those of override files merged over the others.

use std::collections::HashMap;
use std::sync::Arc;

use super::config::{Content, Name};
use super::merge;
use super::reading;
use crate::diagnostic::{Diagnostic, Kind};
use crate::source::{Place, SourceFile};
use crate::syntax::ast::Block;

/// A top-level block.
#[derive(Clone, Debug)]
pub(super) struct Raw {
    pub(super) ty: Name,
    pub(super) labels: Vec<Name>,
    pub(super) content: Content,
    /// What a provider block calls itself.
    pub(super) alias: Option<Name>,
    /// It stands in an override file.
    pub(super) overrides: bool,
    /// Its type and labels.
    pub(super) place: Place,
}

/// What two blocks have in common that declare the same: type, labels, alias.
type Identity = (Name, Vec<Name>, Option<Name>);

/// The blocks of a directory.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// In order; what may stand once only does.
    pub(super) all: Vec<Raw>,
    /// Where in `all` what may stand once only is: generated configurations have tens of thousands of blocks.
    index: HashMap<Identity, usize>,
    /// Something at the top of a file could not be read: a block may be missing.
    pub(super) incomplete: bool,
}

/// Block types, with the number of labels each has. Types whose blocks are no objects of the module are here too, so that
/// they are known.
const TYPES: [(&str, usize); 14] = [
    ("resource", 2),
    ("data", 2),
    ("ephemeral", 2),
    ("module", 1),
    ("variable", 1),
    ("output", 1),
    ("provider", 1),
    ("locals", 0),
    ("terraform", 0),
    ("moved", 0),
    ("import", 0),
    ("removed", 0),
    ("check", 1),
    ("action", 2),
];

/// Names that no variable may have.
const RESERVED: [&str; 8] = [
    "count",
    "source",
    "lifecycle",
    "locals",
    "version",
    "providers",
    "depends_on",
    "for_each",
];

impl Blocks {
    /// Adds the blocks of a file. Those of an override file change blocks that are there.
    pub(super) fn add(
        &mut self,
        file: &Arc<SourceFile>,
        overrides: bool,
        told: &mut Vec<Diagnostic>,
    ) {
        let ast = &file.ast;
        for attribute in ast.attributes(ast.root) {
            let place = Place {
                file: file.id,
                span: attribute.name,
            };
            if ast.slice(attribute.name) != "//" {
                told.push(
                    Diagnostic::error(
                        Kind::Load,
                        format!(
                            "an argument {:?} at the top of a file",
                            ast.slice(attribute.name)
                        ),
                        "Only blocks stand there. Values of variables belong into a .tfvars file.",
                    )
                    .at(place),
                );
            }
        }
        for block in ast.blocks(ast.root) {
            if let Some(raw) = read(file, block, told) {
                if overrides {
                    merge::over(self, raw, told);
                } else {
                    self.insert(raw, told);
                }
            }
        }
        // A syntax error inside of a block damages that block; one outside may have swallowed blocks.
        let inside = |at: u32| {
            ast.blocks(ast.root)
                .iter()
                .any(|block| block.span.start <= at && at < block.span.end)
        };
        self.incomplete |= ast.errors.iter().any(|error| !inside(error.span.start));
    }

    fn insert(&mut self, raw: Raw, told: &mut Vec<Diagnostic>) {
        let once = !matches!(
            &*raw.ty,
            "locals" | "terraform" | "moved" | "import" | "removed"
        );
        if once && self.index.contains_key(&raw.identity()) {
            let detail =
                "The first declaration counts here; Terraform refuses both. Rename or remove one.";
            told.push(
                Diagnostic::error(
                    Kind::Load,
                    format!("{} is declared twice", raw.shown()),
                    detail,
                )
                .at(raw.place),
            );
            return;
        }
        self.push(raw);
    }

    /// Adds a block that is known to be the first of its kind, or may stand often.
    pub(super) fn push(&mut self, raw: Raw) {
        self.index.insert(raw.identity(), self.all.len());
        self.all.push(raw);
    }

    /// The block that declares the same.
    pub(super) fn same(&mut self, raw: &Raw) -> Option<&mut Raw> {
        let at = *self.index.get(&raw.identity())?;
        self.all.get_mut(at)
    }

    /// All blocks of a type.
    pub(super) fn of(&self, ty: &str) -> impl Iterator<Item = &Raw> {
        self.all.iter().filter(move |raw| *raw.ty == *ty)
    }
}

impl Raw {
    fn identity(&self) -> Identity {
        (self.ty.clone(), self.labels.clone(), self.alias.clone())
    }

    /// As people name it: `resource "aws_vpc" "main"`.
    pub(super) fn shown(&self) -> String {
        let labels = self.labels.iter().map(|label| format!(" {label:?}"));
        std::iter::once(self.ty.to_string()).chain(labels).collect()
    }
}

fn read(file: &Arc<SourceFile>, block: &Block, told: &mut Vec<Diagnostic>) -> Option<Raw> {
    let ast = &file.ast;
    let ty = ast.slice(block.name);
    let labels: Vec<Name> = ast.label_texts(block).into_iter().map(Name::from).collect();
    let place = Place {
        file: file.id,
        span: ast
            .labels(block)
            .last()
            .map_or(block.name, |label| block.name.to(label.span)),
    };
    let Some((_, wanted)) = TYPES.iter().find(|(known, _)| *known == ty) else {
        let detail = format!("Blocks at the top of a file are {}.", known_types());
        told.push(
            Diagnostic::error(Kind::Load, format!("an unknown block type {ty:?}"), detail)
                .at(place),
        );
        return None;
    };
    if labels.len() != *wanted {
        let detail = format!(
            "It needs {wanted}, but has {}; the block is left out.",
            labels.len()
        );
        told.push(
            Diagnostic::error(
                Kind::Load,
                format!("wrong number of labels of {ty:?}"),
                detail,
            )
            .at(place),
        );
        return None;
    }
    if let Some(label) = labels.iter().find(|label| !is_name(label)) {
        let detail = format!("{label:?} is no name: names begin with a letter or underscore.");
        told.push(
            Diagnostic::error(Kind::Load, format!("invalid name of {ty:?}"), detail).at(place),
        );
        return None;
    }
    if ty == "variable" && labels.iter().any(|label| RESERVED.contains(&&**label)) {
        let detail = "The name has a meaning of its own in module blocks. Rename the variable.";
        told.push(
            Diagnostic::error(
                Kind::Load,
                format!("a variable named {:?}", labels[0]),
                detail,
            )
            .at(place),
        );
        return None;
    }
    let content = reading::content(file, block.body, block.damaged);
    let alias = content.arguments.get("alias").filter(|_| ty == "provider");
    Some(Raw {
        alias: alias
            .and_then(|argument| reading::text(ast, argument.value.id))
            .map(Name::from),
        ty: ty.into(),
        labels,
        content,
        overrides: false,
        place,
    })
}

fn known_types() -> String {
    TYPES.map(|(name, _)| name).join(", ")
}

/// Whether it can be referred to.
pub(super) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars
        .next()
        .is_some_and(|c| c == '_' || unicode_ident::is_xid_start(c));
    first && chars.all(|c| c == '-' || unicode_ident::is_xid_continue(c))
}
