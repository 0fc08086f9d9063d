//! Which references an expression needs for what is asked of it: all of its value, or only how many elements or which keys.

use super::traversal::Traversal;
use super::walk;
use crate::syntax::ast::{Ast, Call, ExprId, ExprKind, For};

/// What is asked of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// All of it.
    All,
    /// How many elements, or which keys.
    Keys,
}

/// Depth to which expressions are taken apart.
const DEEPEST: usize = 64;

/// The references that are needed, in the order in which they are written.
pub(super) fn traversals(ast: &Ast, id: ExprId, wanted: Part, found: &mut Vec<(Traversal, Part)>) {
    walk_in(ast, id, wanted, DEEPEST, found);
}

fn all(ast: &Ast, id: ExprId, depth: usize, found: &mut Vec<(Traversal, Part)>) {
    walk_in(ast, id, Part::All, depth, found);
}

fn walk_in(ast: &Ast, id: ExprId, wanted: Part, depth: usize, found: &mut Vec<(Traversal, Part)>) {
    let whole = |found: &mut Vec<(Traversal, Part)>| {
        let mut more = Vec::new();
        walk::traversals(ast, id, &mut more);
        found.extend(more.into_iter().map(|traversal| (traversal, Part::All)));
    };
    let Some(depth) = depth.checked_sub(1) else {
        return whole(found);
    };
    if walk::is_traversal(ast, id) {
        let mut more = Vec::new();
        walk::traversals(ast, id, &mut more);
        let first = found.len();
        found.extend(more.into_iter().map(|traversal| (traversal, Part::All)));
        if let Some((_, part)) = found.get_mut(first) {
            *part = wanted;
        }
        return;
    }
    match (ast.expr(id).kind, wanted) {
        (ExprKind::Parentheses(inner) | ExprKind::Wrap(inner), _) => {
            walk_in(ast, inner, wanted, depth, found);
        }
        (ExprKind::Tuple(_), Part::Keys) => {}
        (ExprKind::Object(list), Part::Keys) => {
            for (key, _) in ast.pairs(list) {
                all(ast, key, depth, found);
            }
        }
        (ExprKind::For(at), Part::Keys) => of_for(ast, &ast.for_expr(at), depth, found),
        (
            ExprKind::Conditional {
                condition,
                then,
                otherwise,
            },
            _,
        ) => {
            all(ast, condition, depth, found);
            walk_in(ast, then, wanted, depth, found);
            walk_in(ast, otherwise, wanted, depth, found);
        }
        (ExprKind::Binary { left, right, .. }, Part::All) => {
            all(ast, left, depth, found);
            all(ast, right, depth, found);
        }
        (ExprKind::Call(at), _) => of_call(ast, &ast.call(at), wanted, depth, found),
        _ => whole(found),
    }
}

/// Functions whose keys or length follow from those of their arguments.
const KEEPS: [&str; 5] = ["merge", "concat", "tomap", "tolist", "keys"];

fn of_call(
    ast: &Ast,
    call: &Call<'_>,
    wanted: Part,
    depth: usize,
    found: &mut Vec<(Traversal, Part)>,
) {
    let name = ast.slice(call.name);
    let keeps = wanted == Part::Keys && KEEPS.contains(&name);
    let part = if keeps || name == "length" || name == "keys" {
        Part::Keys
    } else {
        Part::All
    };
    let last = call.arguments.len().saturating_sub(1);
    for (at, id) in call.arguments.iter().enumerate() {
        let id = ExprId(*id);
        if !(keeps && call.expand && at == last) {
            walk_in(ast, id, part, depth, found);
            continue;
        }
        // Each element is an argument: of each the keys are asked.
        match ast.expr(id).kind {
            ExprKind::For(at) => {
                let parts = ast.for_expr(at);
                of_for(ast, &parts, depth, found);
                walk_in(ast, parts.value, Part::Keys, depth, found);
            }
            _ => all(ast, id, depth, found),
        }
    }
}

/// What decides the keys or the number of items of a `for`: what it goes through, keys and condition.
fn of_for(ast: &Ast, parts: &For, depth: usize, found: &mut Vec<(Traversal, Part)>) {
    let value = ast.slice(parts.value_name);
    let uses_value = |id: Option<ExprId>| {
        let mut used = Vec::new();
        if let Some(id) = id {
            walk::traversals(ast, id, &mut used);
        }
        used.iter().any(|traversal| &*traversal.root == value)
    };
    let part = if uses_value(parts.key) || uses_value(parts.condition) {
        Part::All
    } else {
        Part::Keys
    };
    walk_in(ast, parts.collection, part, depth, found);
    for id in [parts.key, parts.condition].into_iter().flatten() {
        all(ast, id, depth, found);
    }
}
