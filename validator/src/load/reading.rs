//! Plain values in a tree: what may not be an expression, such as names of providers.

use std::sync::Arc;

use super::config::{Argument, Content, ExprRef, Name, Nested, ProviderRef};
use crate::source::{Place, SourceFile};
use crate::syntax::ast::{Ast, Body, ExprId, ExprKind};

/// Text without holes.
pub(super) fn text(ast: &Ast, id: ExprId) -> Option<&str> {
    match ast.expr(id).kind {
        ExprKind::String(text) => Some(ast.text(text)),
        ExprKind::Parentheses(inner) => text(ast, inner),
        _ => None,
    }
}

/// `true` or `false`, also as text.
pub(super) fn bool(ast: &Ast, id: ExprId) -> Option<bool> {
    match ast.expr(id).kind {
        ExprKind::True => Some(true),
        ExprKind::False => Some(false),
        ExprKind::Parentheses(inner) => bool(ast, inner),
        _ => text(ast, id)?.parse().ok(),
    }
}

/// A dotted name, bare or as text: `aws.secondary`.
pub(super) fn dotted(ast: &Ast, id: ExprId) -> Option<String> {
    match ast.expr(id).kind {
        ExprKind::Variable => Some(ast.slice(ast.expr(id).span).into()),
        ExprKind::Attribute { of, name } => {
            Some(format!("{}.{}", dotted(ast, of)?, ast.slice(name)))
        }
        ExprKind::Wrap(inner) | ExprKind::Parentheses(inner) => dotted(ast, inner),
        ExprKind::String(text) => Some(ast.text(text).to_owned()),
        _ => None,
    }
}

/// The name of a provider configuration.
pub(super) fn provider(ast: &Ast, id: ExprId) -> Option<ProviderRef> {
    let text = dotted(ast, id)?;
    let mut parts = text.split('.');
    let name = parts.next()?.into();
    let alias = parts.next().map(Name::from);
    parts
        .next()
        .is_none()
        .then_some(ProviderRef { name, alias })
}

/// The elements of a list that is written out; one value alone counts as a list of one.
pub(super) fn elements(ast: &Ast, id: ExprId) -> Vec<ExprId> {
    match ast.expr(id).kind {
        ExprKind::Tuple(items) => ast.items(items).collect(),
        ExprKind::Parentheses(inner) => elements(ast, inner),
        _ => vec![id],
    }
}

/// Keys and values of an object that is written out.
pub(super) fn pairs(ast: &Ast, id: ExprId) -> Vec<(ExprId, ExprId)> {
    match ast.expr(id).kind {
        ExprKind::Object(pairs) => ast.pairs(pairs).collect(),
        ExprKind::Parentheses(inner) => pairs(ast, inner),
        _ => Vec::new(),
    }
}

/// What a body holds, as it stands.
pub(super) fn content(file: &Arc<SourceFile>, body: Body, damaged: bool) -> Content {
    let ast = &file.ast;
    let argument = |attribute: &crate::syntax::ast::Attribute| {
        let argument = Argument {
            value: ExprRef {
                file: file.id,
                id: attribute.value,
            },
            name: attribute.name,
        };
        (Name::from(ast.slice(attribute.name)), argument)
    };
    let mut arguments: std::collections::BTreeMap<Name, Argument> =
        ast.attributes(body).iter().map(argument).collect();
    if body.json {
        // How comments are written there.
        arguments.remove("//");
    }
    Content {
        arguments,
        blocks: ast
            .blocks(body)
            .iter()
            .map(|block| Nested::new(file, block))
            .collect(),
        json: body.json,
        damaged,
    }
}

/// The place of an expression.
pub(super) fn place(file: &SourceFile, id: ExprId) -> Place {
    Place {
        file: file.id,
        span: file.ast.expr(id).span,
    }
}
