//! Finds the place in a file that an edit is about, and works out the changes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::text::{self, Change};
use super::{Place, follow, write};
use crate::inventory::{Instance, node};
use crate::load::Edited;
use crate::source::Location;
use crate::symbol::PathStep;
use crate::syntax::{self, ast::Ast, ast::Block, ast::Body, ast::ExprKind};
use crate::verdict::Edit;

/// The changes that an edit makes, all in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Patch {
    pub(super) file: String,
    pub(super) path: PathBuf,
    pub(super) changes: Vec<Change>,
}

/// A file as it is read for editing.
#[derive(Debug)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) ast: Ast,
}

/// Files by their shown name, as the edits so far left them.
pub(super) struct Files<'a> {
    place: Place<'a>,
    edited: &'a Edited,
    read: RefCell<BTreeMap<String, Arc<File>>>,
}

impl<'a> Files<'a> {
    pub(super) fn new(place: Place<'a>, edited: &'a Edited) -> Self {
        Files {
            place,
            edited,
            read: RefCell::default(),
        }
    }

    /// The file that a place lies in.
    pub(super) fn at(&self, location: &Location) -> Result<Arc<File>, String> {
        let name = &*location.file;
        if let Some(file) = self.read.borrow().get(name) {
            return Ok(file.clone());
        }
        let file = Arc::new(self.open(name)?);
        self.read.borrow_mut().insert(name.to_owned(), file.clone());
        Ok(file)
    }

    fn open(&self, name: &str) -> Result<File, String> {
        let path = self
            .place
            .base
            .join(name)
            .canonicalize()
            .map_err(|error| format!("{name} cannot be opened: {error}"))?;
        if !path.starts_with(self.place.limit) {
            return Err(format!(
                "{name} lies outside of {}",
                self.place.limit.display()
            ));
        }
        if path
            .components()
            .any(|part| part.as_os_str() == ".terraform")
        {
            return Err(format!(
                "{name} belongs to an installed module: edit it where it comes from"
            ));
        }
        if path.extension().is_some_and(|end| end == "json") {
            return Err(format!("{name} is JSON, and only native syntax is edited"));
        }
        let source: Arc<[u8]> = match self.edited.get(&path) {
            Some(text) => text.clone(),
            None => crate::load::read_file(&path)
                .map_err(|why| format!("{name} cannot be read: {why}"))?
                .into(),
        };
        let ast = syntax::parse(source);
        if !ast.errors.is_empty() {
            return Err(format!("{name} has syntax errors"));
        }
        Ok(File {
            name: name.to_owned(),
            path,
            ast,
        })
    }
}

/// The changes of an edit.
pub(super) fn patch(files: &Files<'_>, instance: &Instance, edit: &Edit) -> Result<Patch, String> {
    let source = instance
        .source
        .as_ref()
        .ok_or("it is not known where it is declared")?;
    match edit {
        Edit::Set {
            path, expression, ..
        } => {
            if let Some(PathStep::Name(name)) = path.first()
                && instance.ignore_changes.contains(name)
            {
                return Err(format!("Terraform ignores changes of {name} there"));
            }
            let links = instance.places.get(&*node::path_text(path));
            match links.and_then(|links| links.first().map(|first| (links, first))) {
                Some((links, first)) if &*first.what != "block" => {
                    follow::set(files, links, expression)
                }
                _ => {
                    let (file, body, rest) = enclosing(files, instance, source, path)?;
                    missing(&file, body, &rest, expression).map(|changes| file.with(changes))
                }
            }
        }
        Edit::Insert { path, block, .. } => {
            let (file, body, rest) = enclosing(files, instance, source, path)?;
            if !rest.is_empty() {
                return Err(format!("there is no block {}", node::path_text(path)));
            }
            Ok(file.with(write::block(&file.ast, body, block)))
        }
        Edit::Add { block, .. } => {
            let (file, found) = block_at(files, source)?;
            let block = served(&file.ast, found.body, block);
            let change = write::behind(&file.ast, found.span.end as usize, &block);
            Ok(file.with(vec![change]))
        }
    }
}

/// A block that is served by the same provider configuration, in the same region, as another one.
fn served(ast: &Ast, body: Body, block: &str) -> String {
    let whose = |attribute: &&crate::syntax::ast::Attribute| {
        matches!(ast.slice(attribute.name), "provider" | "region")
    };
    let lines: String = ast
        .attributes(body)
        .iter()
        .filter(whose)
        .flat_map(|attribute| {
            let value = ast.slice(ast.expr(attribute.value).span);
            ["  ", ast.slice(attribute.name), " = ", value, "\n"]
        })
        .collect();
    match block.split_once('\n') {
        Some((head, rest)) if !lines.is_empty() => format!("{head}\n{lines}\n{rest}"),
        _ => block.to_owned(),
    }
}

impl File {
    pub(super) fn with(&self, changes: Vec<Change>) -> Patch {
        Patch {
            file: self.name.clone(),
            path: self.path.clone(),
            changes,
        }
    }
}

/// The innermost written body on the way to a place, and the steps from there on.
fn enclosing(
    files: &Files<'_>,
    instance: &Instance,
    source: &Location,
    path: &[PathStep],
) -> Result<(Arc<File>, Body, Vec<PathStep>), String> {
    for length in (1..=path.len()).rev() {
        let Some(links) = instance.places.get(&*node::path_text(&path[..length])) else {
            continue;
        };
        let Some(first) = links.first().filter(|first| &*first.what == "block") else {
            continue;
        };
        let (file, block) = block_at(files, &first.location)?;
        let own = path[..length].iter().rev().find_map(|step| match step {
            PathStep::Name(name) => Some(name),
            PathStep::Index(_) => None,
        });
        if own.is_none_or(|own| file.ast.slice(block.name) != &**own) {
            return Err(format!(
                "{} is made by a dynamic block",
                node::path_text(&path[..length])
            ));
        }
        return Ok((file, block.body, path[length..].to_vec()));
    }
    let (file, block) = block_at(files, source)?;
    Ok((file, block.body, path.to_vec()))
}

/// The block that stands at a place.
fn block_at(files: &Files<'_>, location: &Location) -> Result<(Arc<File>, Block), String> {
    let file = files.at(location)?;
    let at = text::offset(file.ast.own_text(), location);
    let found = at.and_then(|at| find(&file.ast, file.ast.root, at));
    match found {
        Some(block) if !block.body.json => Ok((file, block)),
        _ => Err(format!(
            "there is no block at {}:{}",
            location.file, location.line
        )),
    }
}

fn find(ast: &Ast, body: Body, at: usize) -> Option<Block> {
    for block in ast.blocks(body) {
        if block.span.start as usize == at {
            return Some(*block);
        }
        if (block.span.start as usize..block.span.end as usize).contains(&at) {
            return find(ast, block.body, at);
        }
    }
    None
}

/// The changes that put an argument where nothing of it is written, with the blocks around it.
fn missing(
    file: &File,
    body: Body,
    path: &[PathStep],
    expression: &str,
) -> Result<Vec<Change>, String> {
    let ast = &file.ast;
    let mut names = Vec::new();
    for step in path {
        match step {
            PathStep::Name(name) => names.push(name.as_ref()),
            PathStep::Index(0) => {}
            PathStep::Index(at) => return Err(format!("there is no block number {at}")),
        }
    }
    let Some((first, rest)) = names.split_first() else {
        return Err("a whole resource is no argument".into());
    };
    let Some((last, outer)) = rest.split_last() else {
        let written = ast
            .attributes(body)
            .iter()
            .find(|attribute| ast.slice(attribute.name) == *first);
        return match written.map(|attribute| ast.expr(attribute.value)) {
            None => Ok(write::attribute(ast, body, first, expression)),
            Some(expr) if expr.kind == ExprKind::Null => Ok(vec![Change {
                start: expr.span.start as usize,
                end: expr.span.end as usize,
                text: expression.to_owned(),
            }]),
            Some(expr) => Err(format!(
                "{first} is set by {}",
                follow::quoted(ast.slice(expr.span))
            )),
        };
    };
    let dynamic = |block: &Block| {
        ast.slice(block.name) == *first
            || ast.slice(block.name) == "dynamic" && ast.label_texts(block).first() == Some(first)
    };
    if ast.blocks(body).iter().any(dynamic) {
        return Err(format!("blocks {first} are written there already"));
    }
    let mut text = format!("{last} = {expression}");
    for name in outer.iter().rev().chain([first]) {
        let inner: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
        text = format!("{name} {{\n{}\n}}", inner.join("\n"));
    }
    Ok(write::block(ast, body, &text))
}
