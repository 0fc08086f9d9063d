//! Symbols back from their text, for saved inventories.

use std::sync::Arc;

use cty::{Mark, Number, Type, Value};

use super::text::quote;
use super::{PathStep, Symbol, attribute, index, of, template, with};
use crate::eval::sign;
use crate::syntax::ast::{Ast, ExprId, ExprKind};
use crate::syntax::parse_expression;

/// Deepest nesting that is read; [`super::text`] writes less.
const DEEPEST: usize = 128;

/// The symbol that this text was written from, or one that is written the same. `None` where it is none.
pub fn parse(text: &str) -> Option<Symbol> {
    let ast = parse_expression(text.as_bytes().to_vec());
    if !ast.errors.is_empty() {
        return None;
    }
    let reader = Reader { ast: &ast };
    let value = reader.value(ast.template?, 0)?;
    of(&value).map(|symbol| (**symbol).clone())
}

struct Reader<'a> {
    ast: &'a Ast,
}

/// A step of a reference.
enum Segment<'a> {
    Name(&'a str),
    Key(Value),
    /// `[*]`: instances that are not known.
    All,
}

/// What a chain of steps hangs off.
enum Base<'a> {
    Root(&'a str),
    Item,
    Value(Value),
}

fn unknown(symbol: Symbol) -> Value {
    with(Value::dynamic_unknown(), symbol)
}

impl<'a> Reader<'a> {
    fn kind(&self, id: ExprId) -> ExprKind {
        self.ast.expr(id).kind
    }

    fn value(&self, id: ExprId, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let below = |id: ExprId| self.value(id, depth + 1);
        Some(match self.kind(id) {
            ExprKind::Null => Value::null(Type::Dynamic),
            ExprKind::True => Value::bool(true),
            ExprKind::False => Value::bool(false),
            ExprKind::Number => self.number(id)?,
            ExprKind::String(text) => Value::string(self.ast.text(text)),
            ExprKind::Wrap(part) => text_with_holes(vec![below(part)?]),
            ExprKind::Template(parts) => {
                let parts: Option<Vec<Value>> = self.ast.items(parts).map(below).collect();
                text_with_holes(parts?)
            }
            ExprKind::Parentheses(inner) => self.in_parentheses(inner, depth)?,
            ExprKind::Tuple(items) => {
                let items: Option<Vec<Value>> = self.ast.items(items).map(below).collect();
                Value::tuple(items?)
            }
            ExprKind::Object(pairs) => {
                let entries: Option<Vec<(String, Value)>> = self
                    .ast
                    .pairs(pairs)
                    .map(|(key, value)| Some((below(key)?.as_str()?.to_owned(), below(value)?)))
                    .collect();
                Value::object(entries?)
            }
            ExprKind::Call(at) => self.call(at, depth)?,
            ExprKind::Conditional {
                condition,
                then,
                otherwise,
            } => unknown(Symbol::Conditional {
                condition: below(condition)?,
                then: Some(below(then)?),
                otherwise: Some(below(otherwise)?),
            }),
            ExprKind::Negate(operand) => match self.kind(operand) {
                ExprKind::Number => Value::number(-self.number(operand)?.as_number()?.clone()),
                _ => operation("-", vec![below(operand)?]),
            },
            ExprKind::Not(operand) => operation("!", vec![below(operand)?]),
            ExprKind::Binary { op, left, right } => {
                operation(sign(op), vec![below(left)?, below(right)?])
            }
            ExprKind::Variable
            | ExprKind::Attribute { .. }
            | ExprKind::Index { .. }
            | ExprKind::FullSplat { .. } => self.reference(id, depth)?,
            _ => return None,
        })
    }

    fn number(&self, id: ExprId) -> Option<Value> {
        let text = self.ast.slice(self.ast.expr(id).span);
        Number::parse(text).ok().map(Value::number)
    }

    fn in_parentheses(&self, inner: ExprId, depth: usize) -> Option<Value> {
        let expr = self.ast.expr(inner);
        if expr.kind == ExprKind::Variable && self.ast.slice(expr.span) == "sensitive" {
            return Some(Value::string("").mark(Mark::Sensitive));
        }
        self.value(inner, depth + 1)
    }

    fn call(&self, at: u32, depth: usize) -> Option<Value> {
        let call = self.ast.call(at);
        let name = self.ast.slice(call.name);
        let arguments: Option<Vec<Value>> = call
            .arguments
            .iter()
            .map(|id| self.value(ExprId(*id), depth + 1))
            .collect();
        let arguments = arguments?;
        let symbol = match (name.strip_prefix("over::"), arguments.as_slice()) {
            (Some(what), [collection, made @ ..]) if made.len() < 2 => Symbol::Over {
                what: ["for", "splat", "dynamic", "count", "for_each"]
                    .into_iter()
                    .find(|known| *known == what)?,
                collection: collection.clone(),
                made: made.first().cloned(),
            },
            (None, [why]) if name == "unknown" => Symbol::Opaque(why.as_str()?.into()),
            _ => Symbol::Call {
                function: name.into(),
                arguments,
            },
        };
        Some(unknown(symbol))
    }

    fn reference(&self, id: ExprId, depth: usize) -> Option<Value> {
        let mut segments = Vec::new();
        match self.chain(id, depth, &mut segments)? {
            Base::Item => None,
            Base::Value(value) => applied(value, &segments),
            Base::Root(root) => {
                segments.insert(0, Segment::Name(root));
                referred(&segments)
            }
        }
    }

    /// The steps of a chain, outermost first.
    fn chain(&self, id: ExprId, depth: usize, segments: &mut Vec<Segment<'a>>) -> Option<Base<'a>> {
        if depth > DEEPEST {
            return None;
        }
        let expr = self.ast.expr(id);
        match expr.kind {
            ExprKind::Variable => Some(Base::Root(self.ast.slice(expr.span))),
            ExprKind::SplatItem => Some(Base::Item),
            ExprKind::Attribute { of, name } => {
                let base = self.chain(of, depth + 1, segments)?;
                segments.push(Segment::Name(self.ast.slice(name)));
                Some(base)
            }
            ExprKind::Index { of, key } => {
                let base = self.chain(of, depth + 1, segments)?;
                segments.push(Segment::Key(self.value(key, depth + 1)?));
                Some(base)
            }
            ExprKind::FullSplat { of, each } => {
                let base = self.chain(of, depth + 1, segments)?;
                segments.push(Segment::All);
                self.chain(each, depth + 1, segments)?;
                Some(base)
            }
            // Parentheses around a reference change nothing, and none are written around one.
            ExprKind::Parentheses(inner) if self.is_reference(inner) => {
                self.chain(inner, depth + 1, segments)
            }
            _ => self.value(id, depth + 1).map(Base::Value),
        }
    }

    fn is_reference(&self, id: ExprId) -> bool {
        let expr = self.ast.expr(id);
        match expr.kind {
            ExprKind::Variable => self.ast.slice(expr.span) != "sensitive",
            ExprKind::Attribute { .. } | ExprKind::Index { .. } | ExprKind::FullSplat { .. } => {
                true
            }
            _ => false,
        }
    }
}

/// Text where all holes hold text themselves: that is known, and would be written without holes.
fn text_with_holes(parts: Vec<Value>) -> Value {
    let symbol = template(parts);
    if let Symbol::Template(parts) = &symbol {
        match parts.as_slice() {
            [] => return Value::string(""),
            [only] if !only.is_marked() && only.as_str().is_some() => return only.clone(),
            _ => {}
        }
    }
    with(Value::unknown(Type::String), symbol)
}

fn operation(operator: &'static str, operands: Vec<Value>) -> Value {
    unknown(Symbol::Operation { operator, operands })
}

/// What a reference from a root name stands for: an input, or something in a resource instance.
fn referred(segments: &[Segment<'_>]) -> Option<Value> {
    let name_at = |at: usize| match segments.get(at) {
        Some(Segment::Name(name)) => Some(*name),
        _ => None,
    };
    let is_key = |at: usize| matches!(segments.get(at), Some(Segment::Key(_) | Segment::All));
    let mut at = 0;
    while name_at(at) == Some("module") && name_at(at + 1).is_some() {
        at += if is_key(at + 2) { 3 } else { 2 };
    }
    let input = matches!(
        name_at(at),
        Some("var" | "local" | "each" | "count" | "path" | "terraform" | "self")
    ) || name_at(at + 1).is_none();
    let mut end = if input {
        at + 2
    } else {
        if let Some("data" | "ephemeral") = name_at(at) {
            at += 1;
        }
        at + if is_key(at + 2) { 3 } else { 2 }
    };
    // The key of a resource's own instances, which are not known: `aws_vpc.main.each.key`.
    let own = matches!(
        (name_at(end), name_at(end + 1)),
        (Some("each"), Some("key" | "value")) | (Some("count"), Some("index"))
    );
    let input = input || own;
    if own {
        end += 2;
    }
    let (head, mut rest) = segments.split_at(end.min(segments.len()));
    let address: Arc<str> = address(head)?.into();
    if input {
        return applied(unknown(Symbol::Input(address)), rest);
    }
    let mut path = Vec::new();
    while let Some((step, behind)) = rest.split_first() {
        path.push(match step {
            Segment::Name(name) => PathStep::Name((*name).into()),
            Segment::Key(key) => match (key.as_str(), key.as_number().and_then(Number::to_u64)) {
                (Some(name), _) => PathStep::Name(name.into()),
                (_, Some(position)) => PathStep::Index(position),
                _ => break,
            },
            Segment::All => return None,
        });
        rest = behind;
    }
    applied(unknown(Symbol::Resource { address, path }), rest)
}

/// Further steps into something.
fn applied(value: Value, segments: &[Segment<'_>]) -> Option<Value> {
    segments
        .iter()
        .try_fold(value, |value, segment| match segment {
            Segment::Name(name) => Some(unknown(attribute(&value, name))),
            Segment::Key(key) => Some(unknown(index(&value, key))),
            Segment::All => None,
        })
}

fn address(segments: &[Segment<'_>]) -> Option<String> {
    let mut out = String::new();
    for segment in segments {
        match segment {
            Segment::Name(name) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(name);
            }
            Segment::All => out.push_str("[*]"),
            Segment::Key(key) => {
                out.push('[');
                match (key.as_str(), key.as_number()) {
                    (Some(key), _) => quote(&mut out, key),
                    (_, Some(number)) => out.push_str(&number.to_string()),
                    _ => return None,
                }
                out.push(']');
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_instances_that_are_not_known_is_an_input() {
        for text in [
            "module.w.aws_vpc.main.each.key",
            "aws_vpc.main.count.index",
            "module.w[\"a\"].each.value",
        ] {
            assert_eq!(parse(text), Some(Symbol::Input(text.into())));
        }
    }
}
