//! Reads `dr.hcl`, and finds the place of what is wrong in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::EstateError;
use super::document::{Document, KNOWN};
use crate::diagnostic::{Diagnostic, Kind};
use crate::source::{Place, SourceFile, Sources, Span};
use crate::syntax;
use crate::syntax::ast::{Ast, Block, ExprId, ExprKind};

/// Longest file; a line each for some ten thousand exceptions.
const LONGEST: usize = 4 * 1024 * 1024;
/// Entries of one object or list.
const MOST_ENTRIES: usize = 5_000;
/// Labels of the blocks that are read.
const LABELS: [(&str, usize); 2] = [("estate", 1), ("root", 1)];

/// The document, with the file for places of what is found wrong later.
pub(super) struct Read {
    pub(super) document: Document,
    pub(super) file: Arc<SourceFile>,
    pub(super) told: Vec<Diagnostic>,
}

/// Reads the text of a file.
pub(super) fn read(name: &str, text: Vec<u8>, sources: &Sources) -> Result<Read, EstateError> {
    if text.len() > LONGEST {
        let message = format!(
            "the file has {} bytes; up to {LONGEST} are read",
            text.len()
        );
        return Err(EstateError::whole(name, message));
    }
    let text: Arc<[u8]> = text.into();
    let file = sources.add(name, syntax::parse(text.clone()));
    if let Some(error) = file.ast.errors.first() {
        return Err(at(&file, error.span, error.message.clone()));
    }
    let text = std::str::from_utf8(&text)
        .map_err(|_| EstateError::whole(name, "the file is not UTF-8"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let told = check(&file)?;
    match hcl::from_str::<Document>(text) {
        Ok(document) => Ok(Read {
            document,
            file,
            told,
        }),
        Err(hcl::Error::Parse(error)) => {
            let message = format!(
                "{}:{}: {}",
                error.location().line(),
                error.location().column(),
                error.message()
            );
            Err(EstateError::whole(name, message))
        }
        Err(error) => Err(locate(&file, text, &error)),
    }
}

/// An error at a place of the file.
pub(super) fn at(file: &SourceFile, span: Span, message: impl Into<String>) -> EstateError {
    EstateError {
        path: file.name.to_string(),
        location: Some(file.location(span.start)),
        message: message.into(),
    }
}

/// What data cannot say: names and labels, each block once, plain values only.
fn check(file: &SourceFile) -> Result<Vec<Diagnostic>, EstateError> {
    let ast = &file.ast;
    for attribute in ast.attributes(ast.root) {
        match ast.slice(attribute.name) {
            "zones" => plain(file, attribute.value)?,
            name if LABELS.iter().any(|(known, _)| *known == name) => {
                let message = format!("{name:?} is a block: {name} \"NAME\" {{ … }}");
                return Err(at(file, attribute.name, message));
            }
            _ => {}
        }
    }
    let mut seen = BTreeSet::new();
    for block in ast.blocks(ast.root) {
        let ty = ast.slice(block.name);
        if ty == "zones" {
            let message = "\"zones\" is an argument: zones = { \"REGION\" = [\"ZONE\", …] }";
            return Err(at(file, block.name, message));
        }
        if let Some((_, wanted)) = LABELS.iter().find(|(known, _)| *known == ty) {
            labels(file, block, *wanted)?;
            once(file, block, &mut seen)?;
            values(file, block)?;
        }
    }
    Ok(unknown_names(file))
}

/// Blocks that a later part reads are let through, but what nobody reads is told.
fn unknown_names(file: &SourceFile) -> Vec<Diagnostic> {
    let ast = &file.ast;
    let names = ast
        .attributes(ast.root)
        .iter()
        .map(|attribute| attribute.name);
    let names = names.chain(ast.blocks(ast.root).iter().map(|block| block.name));
    let unknown = names.filter(|name| !KNOWN.contains(&ast.slice(*name)));
    let tell = |name: Span| {
        let summary = format!("{:?} means nothing here", ast.slice(name));
        let detail = format!("It is not read. There are {}.", KNOWN.join(", "));
        let place = Place {
            file: file.id,
            span: name,
        };
        Diagnostic::warning(Kind::Input, summary, detail).at(place)
    };
    unknown.map(tell).collect()
}

/// One estate, and each root under a name of its own.
fn once<'a>(
    file: &'a SourceFile,
    block: &Block,
    seen: &mut BTreeSet<(&'a str, Vec<&'a str>)>,
) -> Result<(), EstateError> {
    let ty = file.ast.slice(block.name);
    let names = file.ast.label_texts(block);
    let name = names.join(" ");
    let identity = if ty == "estate" { Vec::new() } else { names };
    if !seen.insert((ty, identity)) {
        let message = match ty {
            "estate" => "a second estate; one file describes one".to_owned(),
            _ => format!("{ty} {name:?} is declared twice; each needs a name of its own"),
        };
        return Err(at(file, block.name, message));
    }
    if seen.len() > MOST_ENTRIES {
        return Err(at(
            file,
            block.name,
            format!("more than {MOST_ENTRIES} blocks"),
        ));
    }
    Ok(())
}

fn values(file: &SourceFile, block: &Block) -> Result<(), EstateError> {
    let ast = &file.ast;
    for attribute in ast.attributes(block.body) {
        // The rest of an estate is read by whoever compares.
        if ast.slice(block.name) != "estate" || ast.slice(attribute.name) == "accounts" {
            plain(file, attribute.value)?;
        }
    }
    Ok(())
}

fn labels(file: &SourceFile, block: &Block, wanted: usize) -> Result<(), EstateError> {
    let found = file.ast.labels(block).len();
    if found == wanted {
        return Ok(());
    }
    let ty = file.ast.slice(block.name);
    Err(at(
        file,
        block.name,
        format!("{ty} needs {wanted} name, as in {ty} \"prod\" {{ … }}, but has {found}"),
    ))
}

/// Nothing is evaluated here, and what is read is text, lists and objects of text. Anything else has to be refused: as text
/// it would be taken as it stands, even a number.
fn plain(file: &SourceFile, id: ExprId) -> Result<(), EstateError> {
    let ast: &Ast = &file.ast;
    let mut waiting = vec![id];
    while let Some(id) = waiting.pop() {
        let expr = ast.expr(id);
        let before = waiting.len();
        match expr.kind {
            ExprKind::String(_) => {}
            ExprKind::Tuple(items) => waiting.extend(ast.items(items)),
            ExprKind::Object(pairs) => {
                waiting.extend(ast.pairs(pairs).flat_map(|(key, value)| [key, value]));
            }
            ExprKind::Parentheses(inner) => waiting.push(inner),
            _ => {
                let message = "plain text in quotes is needed here, or a list or an object of it";
                return Err(at(file, expr.span, message));
            }
        }
        if waiting.len() - before > MOST_ENTRIES {
            return Err(at(
                file,
                expr.span,
                format!("more than {MOST_ENTRIES} entries"),
            ));
        }
    }
    Ok(())
}

/// Finds the argument that is refused: each alone is read again, since serde does not say where it was.
fn locate(file: &SourceFile, text: &str, error: &hcl::Error) -> EstateError {
    let whole = || EstateError::whole(&file.name, error.to_string());
    let Ok(body) = hcl::parse(text) else {
        return whole();
    };
    let ast = &file.ast;
    let refused = |structure: hcl::Structure| {
        hcl::from_body::<Document>(hcl::Body::from(vec![structure]))
            .err()
            .map(|error| error.to_string())
    };
    for (attribute, place) in body.attributes().zip(ast.attributes(ast.root)) {
        if let Some(message) = refused(attribute.clone().into()) {
            return at(
                file,
                ast.expr(place.value).span,
                format!("{}: {message}", attribute.key()),
            );
        }
    }
    for (block, place) in body.blocks().zip(ast.blocks(ast.root)) {
        if refused(block.clone().into()).is_none() {
            continue;
        }
        for (attribute, found) in block.body().attributes().zip(ast.attributes(place.body)) {
            let alone = hcl::Block {
                body: hcl::Body::from(vec![attribute.clone()]),
                ..block.clone()
            };
            if let Some(message) = refused(alone.into()) {
                return at(file, found.name, format!("{}: {message}", attribute.key()));
            }
        }
        return at(file, place.name, error.to_string());
    }
    whole()
}
