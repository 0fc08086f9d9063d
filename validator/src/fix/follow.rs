//! Follows an argument to the literal that its value is written as: through variables, module calls, locals and files of
//! values, as far as each only hands on what the next one says.

use super::locate::{Files, Patch};
use super::text::{self, Change};
use crate::inventory::Link;
use crate::source::Location;
use crate::syntax::ast::{Ast, Body, ExprId, ExprKind};

/// Sets what stands at the end of a chain to an expression.
pub(super) fn set(files: &Files<'_>, links: &[Link], expression: &str) -> Result<Patch, String> {
    let mut steps: Vec<String> = Vec::new();
    for (at, link) in links.iter().enumerate() {
        let file = files.at(&link.location)?;
        let ast = &file.ast;
        let start = value_at(ast, &link.location)
            .ok_or_else(|| format!("nothing is written at {}", shown(&link.location)))?;
        // A place may already be that of the part.
        let id = part(ast, start, &mut steps);
        let span = ast.expr(id).span;
        let set = |span: crate::source::Span| {
            file.with(vec![Change {
                start: span.start as usize,
                end: span.end as usize,
                text: expression.to_owned(),
            }])
        };
        if is_literal(ast, id) {
            return Ok(set(span));
        }
        if let ExprKind::Conditional {
            then, otherwise, ..
        } = ast.expr(id).kind
        {
            let arms = [then, otherwise];
            let literal = arms.iter().all(|arm| is_literal(ast, *arm));
            let wanted = arms
                .iter()
                .any(|arm| ast.slice(ast.expr(*arm).span) == expression);
            // Both arms would say the same.
            if literal && wanted {
                return Ok(set(span));
            }
        }
        // What is computed in the resource itself gives way; what others may use too does not.
        if at == 0 && handed_on(ast, id).is_none() && is_computed(ast, id) {
            return Ok(set(span));
        }
        match handed_on(ast, id) {
            Some(more) if at + 1 < links.len() => {
                steps.splice(0..0, more);
            }
            Some(_) => {
                return Err(format!(
                    "{} is given from outside of the files",
                    quoted(ast.slice(span))
                ));
            }
            None => {
                return Err(format!(
                    "{} at {} is more than a value",
                    quoted(ast.slice(span)),
                    shown(&link.location)
                ));
            }
        }
    }
    Err("it is not known where the value is written".into())
}

/// Text of a source, short enough for a message.
pub(super) fn quoted(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.len() == text.len() && text.chars().count() <= 60 {
        text.to_owned()
    } else {
        format!("{} …", line.chars().take(60).collect::<String>())
    }
}

fn shown(location: &Location) -> String {
    format!("{}:{}", location.file, location.line)
}

/// The value of the argument that begins at a place, or the expression that does.
fn value_at(ast: &Ast, location: &Location) -> Option<ExprId> {
    let at = u32::try_from(text::offset(ast.own_text(), location)?).ok()?;
    if let Some(value) = argument(ast, ast.root, at) {
        return Some(value);
    }
    (0..ast.expr_count())
        .filter_map(|id| u32::try_from(id).ok().map(ExprId))
        .filter(|id| ast.expr(*id).span.start == at)
        .max_by_key(|id| ast.expr(*id).span.end)
}

fn argument(ast: &Ast, body: Body, at: u32) -> Option<ExprId> {
    let own = ast
        .attributes(body)
        .iter()
        .find(|attribute| attribute.name.start == at);
    own.map(|attribute| attribute.value).or_else(|| {
        ast.blocks(body)
            .iter()
            .find(|block| (block.span.start..block.span.end).contains(&at))
            .and_then(|block| argument(ast, block.body, at))
    })
}

/// The part of a written value that steps lead to; those that were taken are gone.
fn part(ast: &Ast, mut id: ExprId, steps: &mut Vec<String>) -> ExprId {
    loop {
        match ast.expr(id).kind {
            ExprKind::Parentheses(inner) | ExprKind::Wrap(inner) => id = inner,
            ExprKind::Object(pairs) => {
                let Some(wanted) = steps.first() else {
                    return id;
                };
                let Some(value) = ast.entry(pairs, wanted) else {
                    return id;
                };
                steps.remove(0);
                id = value;
            }
            ExprKind::Call(call) => {
                let wanted = steps.first();
                let Some(argument) = wanted.and_then(|wanted| ast.merged(call, wanted)) else {
                    return id;
                };
                id = argument;
            }
            _ => return id,
        }
    }
}

fn is_literal(ast: &Ast, id: ExprId) -> bool {
    match ast.expr(id).kind {
        ExprKind::Null
        | ExprKind::True
        | ExprKind::False
        | ExprKind::Number
        | ExprKind::String(_) => true,
        ExprKind::Negate(inner) => ast.expr(inner).kind == ExprKind::Number,
        _ => false,
    }
}

/// Whether an expression is a condition or sum of inputs, and no list, object or call.
fn is_computed(ast: &Ast, id: ExprId) -> bool {
    match ast.expr(id).kind {
        ExprKind::Binary { left, right, .. } => is_input(ast, left) && is_input(ast, right),
        ExprKind::Not(inner) | ExprKind::Negate(inner) => is_input(ast, inner),
        ExprKind::Conditional {
            then, otherwise, ..
        } => is_input(ast, then) && is_input(ast, otherwise),
        _ => false,
    }
}

fn is_input(ast: &Ast, id: ExprId) -> bool {
    match ast.expr(id).kind {
        ExprKind::Parentheses(inner) => is_input(ast, inner),
        ExprKind::Attribute { .. } => {
            let mut at = id;
            while let ExprKind::Attribute { of, .. } = ast.expr(at).kind {
                at = of;
            }
            matches!(
                ast.slice(ast.expr(at).span),
                "var" | "local" | "each" | "count"
            )
        }
        _ => is_literal(ast, id) || is_computed(ast, id),
    }
}

/// For a variable or local that is handed on as it is: the steps into it.
fn handed_on(ast: &Ast, id: ExprId) -> Option<Vec<String>> {
    let mut steps = Vec::new();
    let mut at = id;
    loop {
        match ast.expr(at).kind {
            ExprKind::Attribute { of, name } => {
                steps.push(ast.slice(name).to_owned());
                at = of;
            }
            ExprKind::Variable => {
                let root = ast.slice(ast.expr(at).span);
                if !matches!(root, "var" | "local") {
                    return None;
                }
                // The name itself is no step.
                steps.pop()?;
                steps.reverse();
                return Some(steps);
            }
            _ => return None,
        }
    }
}
