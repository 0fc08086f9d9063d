//! Finds the references in an expression, without evaluating it.

use super::traversal::{Part, Traversal};
use crate::symbol::PathStep;
use crate::syntax::ast::{Ast, ExprId, ExprKind};

/// Nodes that one expression may have before the rest is passed over.
const MOST_NODES: usize = 20_000;

/// The part of an expression that steps lead to, as far as it is written out, and the steps that are left.
pub(super) fn part<'s>(ast: &Ast, mut id: ExprId, mut steps: &'s [Part]) -> (ExprId, &'s [Part]) {
    loop {
        match ast.expr(id).kind {
            ExprKind::Parentheses(inner) | ExprKind::Wrap(inner) => id = inner,
            ExprKind::Object(pairs) => {
                let Some((Part::Name(wanted), rest)) = steps.split_first() else {
                    return (id, steps);
                };
                let Some(value) = ast.entry(pairs, wanted) else {
                    return (id, steps);
                };
                (id, steps) = (value, rest);
            }
            ExprKind::Tuple(items) => {
                let Some((Part::Number(wanted), rest)) = steps.split_first() else {
                    return (id, steps);
                };
                let Some(item) = usize::try_from(*wanted)
                    .ok()
                    .and_then(|at| ast.items(items).nth(at))
                else {
                    return (id, steps);
                };
                (id, steps) = (item, rest);
            }
            ExprKind::Call(call) => {
                let Some(Part::Name(wanted)) = steps.first() else {
                    return (id, steps);
                };
                let Some(argument) = ast.merged(call, wanted) else {
                    return (id, steps);
                };
                id = argument;
            }
            _ => return (id, steps),
        }
    }
}

/// What `jsonencode` is given.
pub(super) fn encoded(ast: &Ast, id: ExprId) -> Option<ExprId> {
    match ast.expr(id).kind {
        ExprKind::Parentheses(inner) | ExprKind::Wrap(inner) => encoded(ast, inner),
        ExprKind::Call(at) => {
            let call = ast.call(at);
            let [argument] = call.arguments else {
                return None;
            };
            (ast.slice(call.name) == "jsonencode").then_some(ExprId(*argument))
        }
        _ => None,
    }
}

/// Parts of what is written out, to this depth, and this many.
const PARTS: (usize, usize) = (2, 64);

/// The parts of what is written out, by their steps.
pub(super) fn written_parts(
    ast: &Ast,
    id: ExprId,
    at: &mut Vec<PathStep>,
    found: &mut Vec<(Vec<PathStep>, ExprId)>,
) {
    if found.len() >= PARTS.1 {
        return;
    }
    if at.len() < PARTS.0 {
        match ast.expr(id).kind {
            ExprKind::Parentheses(inner) => return written_parts(ast, inner, at, found),
            ExprKind::Tuple(list) => {
                for (position, item) in ast.items(list).enumerate() {
                    at.push(PathStep::Index(u64::try_from(position).unwrap_or(u64::MAX)));
                    written_parts(ast, item, at, found);
                    at.pop();
                }
                return;
            }
            ExprKind::Object(pairs) => {
                for (key, value) in ast.pairs(pairs) {
                    if let ExprKind::String(text) = ast.expr(key).kind {
                        at.push(PathStep::Name(ast.text(text).into()));
                        written_parts(ast, value, at, found);
                        at.pop();
                    }
                }
                return;
            }
            _ => {}
        }
    }
    if !at.is_empty() {
        found.push((at.clone(), id));
    }
}

/// Whether the expression is nothing but a reference.
pub(super) fn is_traversal(ast: &Ast, id: ExprId) -> bool {
    read(ast, id).is_some()
}

/// All references in the expression, in the order in which they are written.
pub(super) fn traversals(ast: &Ast, id: ExprId, found: &mut Vec<Traversal>) {
    let mut stack = vec![id];
    let mut looked = 0;
    while let Some(id) = stack.pop() {
        looked += 1;
        if looked > MOST_NODES {
            return;
        }
        if let Some((traversal, keys)) = read(ast, id) {
            found.push(traversal);
            stack.extend(keys.into_iter().rev());
            continue;
        }
        let mut children = children(ast, id);
        children.reverse();
        stack.extend(children);
    }
}

/// The reference that an expression is, with the keys in brackets that may hold references of their own.
fn read(ast: &Ast, id: ExprId) -> Option<(Traversal, Vec<ExprId>)> {
    let mut parts = Vec::new();
    let mut keys = Vec::new();
    let mut at = id;
    loop {
        let expr = ast.expr(at);
        match expr.kind {
            ExprKind::Variable => {
                parts.reverse();
                let root = ast.slice(expr.span).into();
                return Some((Traversal { root, parts }, keys));
            }
            ExprKind::Attribute { of, name } => {
                parts.push(Part::Name(ast.slice(name).into()));
                at = of;
            }
            ExprKind::LegacyIndex { of, number } => {
                parts.push(Part::Number(ast.slice(number).parse().ok()?));
                at = of;
            }
            ExprKind::Index { of, key } => {
                parts.push(match ast.expr(key).kind {
                    ExprKind::Number => match ast.slice(ast.expr(key).span).parse() {
                        // The key stays an expression: instances are told apart by it.
                        Ok(number) if !is_resource_like(ast, of) => Part::Number(number),
                        _ => Part::Key(key),
                    },
                    ExprKind::String(text) if !is_resource_like(ast, of) => {
                        Part::Name(ast.text(text).into())
                    }
                    _ => {
                        keys.push(key);
                        Part::Key(key)
                    }
                });
                at = of;
            }
            ExprKind::FullSplat { of, each } | ExprKind::AttributeSplat { of, each } => {
                let mut behind = splat_parts(ast, each)?;
                behind.reverse();
                parts.extend(behind);
                parts.push(Part::All);
                at = of;
            }
            ExprKind::Parentheses(inner) => at = inner,
            _ => return None,
        }
    }
}

/// Whether an index on this picks an instance: `aws_vpc.main`, `data.aws_vpc.main`, `module.a`.
fn is_resource_like(ast: &Ast, id: ExprId) -> bool {
    let mut depth = 0;
    let mut at = id;
    loop {
        match ast.expr(at).kind {
            ExprKind::Attribute { of, .. } => {
                depth += 1;
                at = of;
            }
            ExprKind::Variable => {
                return match ast.slice(ast.expr(at).span) {
                    "data" | "resource" => depth == 2,
                    "var" | "local" | "each" => false,
                    _ => depth == 1,
                };
            }
            _ => return false,
        }
    }
}

fn splat_parts(ast: &Ast, each: ExprId) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut at = each;
    loop {
        match ast.expr(at).kind {
            ExprKind::SplatItem => {
                parts.reverse();
                return Some(parts);
            }
            ExprKind::Attribute { of, name } => {
                parts.push(Part::Name(ast.slice(name).into()));
                at = of;
            }
            ExprKind::LegacyIndex { of, .. } | ExprKind::Index { of, .. } => {
                parts.push(Part::All);
                at = of;
            }
            _ => return None,
        }
    }
}

fn children(ast: &Ast, id: ExprId) -> Vec<ExprId> {
    match ast.expr(id).kind {
        ExprKind::Bad
        | ExprKind::Null
        | ExprKind::True
        | ExprKind::False
        | ExprKind::Number
        | ExprKind::String(_)
        | ExprKind::Variable
        | ExprKind::SplatItem => Vec::new(),
        ExprKind::Template(list) | ExprKind::Tuple(list) => ast.items(list).collect(),
        ExprKind::Wrap(inner)
        | ExprKind::Negate(inner)
        | ExprKind::Not(inner)
        | ExprKind::Parentheses(inner) => {
            vec![inner]
        }
        ExprKind::TemplateIf {
            condition,
            then,
            otherwise,
        } => [Some(condition), Some(then), otherwise]
            .into_iter()
            .flatten()
            .collect(),
        ExprKind::TemplateFor(at) => {
            let parts = ast.template_for(at);
            vec![parts.collection, parts.value]
        }
        ExprKind::Attribute { of, .. } | ExprKind::LegacyIndex { of, .. } => vec![of],
        ExprKind::Index { of, key } => vec![of, key],
        ExprKind::AttributeSplat { of, each } | ExprKind::FullSplat { of, each } => vec![of, each],
        ExprKind::Call(at) => ast
            .call(at)
            .arguments
            .iter()
            .map(|id| ExprId(*id))
            .collect(),
        ExprKind::Object(list) => ast
            .pairs(list)
            .flat_map(|(key, value)| [key, value])
            .collect(),
        ExprKind::For(at) => {
            let parts = ast.for_expr(at);
            [
                Some(parts.collection),
                parts.key,
                Some(parts.value),
                parts.condition,
            ]
            .into_iter()
            .flatten()
            .collect()
        }
        ExprKind::Conditional {
            condition,
            then,
            otherwise,
        } => vec![condition, then, otherwise],
        ExprKind::Binary { left, right, .. } => vec![left, right],
    }
}
