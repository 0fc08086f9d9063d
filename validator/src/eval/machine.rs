//! The evaluator: one expression in, a value or a failure out. Each kind of expression has its own file beside this one.

use cty::{Number, Type, Value};

use super::budget::Budget;
use super::outcome::Outcome;
use super::{Evaluated, Failure, Frame, Scope};
use crate::source::{Place, SourceFile, Span};
use crate::symbol::{self, Symbol};
use crate::syntax::ast::{Expr, ExprId, ExprKind, List};

/// Evaluates an expression of a file.
///
/// Names are looked up in the frame first, then in the scope. The budget is that of the whole run.
///
/// # Errors
/// When Terraform would refuse the expression, or a bound was reached.
pub fn evaluate(
    file: &SourceFile,
    id: ExprId,
    scope: &dyn Scope,
    frame: Option<&Frame<'_>>,
    budget: &Budget,
) -> Evaluated {
    let machine = Machine {
        file,
        scope,
        budget,
        rendering: None,
        constant: false,
    };
    machine.value(id, frame).into_evaluated()
}

/// The names that expressions bring along, innermost first.
pub(super) type Names<'f> = Option<&'f Frame<'f>>;

/// The name under which a splat's element stands among the names: none that can be written.
pub(super) const ITEM: &str = "*";

/// What one evaluation works with.
pub(super) struct Machine<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) scope: &'a dyn Scope,
    pub(super) budget: &'a Budget,
    /// The function that renders a template, inside of which this happens.
    pub(super) rendering: Option<&'a str>,
    /// No functions can be called.
    pub(super) constant: bool,
}

impl Machine<'_> {
    pub(super) fn expr(&self, id: ExprId) -> Expr {
        self.file.ast.expr(id)
    }

    pub(super) fn text(&self, span: Span) -> &str {
        self.file.ast.slice(span)
    }

    pub(super) fn at(&self, span: Span) -> Place {
        Place {
            file: self.file.id,
            span,
        }
    }

    pub(super) fn place(&self, id: ExprId) -> Place {
        self.at(self.expr(id).span)
    }

    /// The value of an expression.
    pub(super) fn value(&self, id: ExprId, names: Names<'_>) -> Outcome {
        let _level = match self.budget.enter(self.place(id)) {
            Ok(level) => level,
            Err(failure) => return Outcome::failed(failure),
        };
        match self.expr(id).kind {
            ExprKind::Bad => Outcome::ok(self.bad(id)),
            ExprKind::Null => Outcome::ok(Value::null(Type::Dynamic)),
            ExprKind::True => Outcome::ok(Value::bool(true)),
            ExprKind::False => Outcome::ok(Value::bool(false)),
            ExprKind::Number => self.number(id),
            ExprKind::String(text) => Outcome::ok(Value::string(self.file.ast.text(text))),
            ExprKind::Template(parts) => self.template(id, parts, names),
            ExprKind::Wrap(inner) | ExprKind::Parentheses(inner) => self.value(inner, names),
            ExprKind::TemplateIf {
                condition,
                then,
                otherwise,
            } => self.conditional(id, (condition, then, otherwise), names),
            ExprKind::TemplateFor(at) => self.template_for(id, at, names),
            ExprKind::Variable
            | ExprKind::Attribute { .. }
            | ExprKind::Index { .. }
            | ExprKind::LegacyIndex { .. } => self.access(id, names),
            ExprKind::AttributeSplat { of, each } | ExprKind::FullSplat { of, each } => {
                self.splat(id, of, each, names)
            }
            ExprKind::SplatItem => Outcome::ok(
                names
                    .and_then(|names| names.find(ITEM))
                    .cloned()
                    .unwrap_or_else(Value::dynamic_unknown),
            ),
            ExprKind::Call(at) => self.call(id, at, names),
            ExprKind::Tuple(items) => self.tuple(id, items, names),
            ExprKind::Object(pairs) => self.object(id, pairs, names),
            ExprKind::For(at) => self.for_expr(id, self.file.ast.for_expr(at), names),
            ExprKind::Conditional {
                condition,
                then,
                otherwise,
            } => self.conditional(id, (condition, then, Some(otherwise)), names),
            ExprKind::Binary { .. } => self.binary(id, names),
            ExprKind::Negate(operand) => self.unary("-", operand, names),
            ExprKind::Not(operand) => self.unary("!", operand, names),
        }
    }

    /// What stands where a syntax error left a hole.
    fn bad(&self, id: ExprId) -> Value {
        let at = self.file.location(self.expr(id).span.start);
        let why = format!("syntax error at {}:{}:{}", at.file, at.line, at.column);
        symbol::with(Value::dynamic_unknown(), Symbol::Opaque(why.into()))
    }

    fn number(&self, id: ExprId) -> Outcome {
        let text = self.text(self.expr(id).span);
        match Number::parse(text) {
            Ok(number) => Outcome::ok(Value::number(number)),
            Err(error) => Outcome::failed_as(
                Type::Number,
                Failure::new(self.place(id), "Invalid number", format!("{error}.")),
            ),
        }
    }

    /// A value that was put together, paid for.
    pub(super) fn built(&self, id: ExprId, value: Value) -> Outcome {
        match self.budget.made(&value, self.place(id)) {
            Ok(()) => Outcome::ok(value),
            Err(failure) => Outcome::failed(failure),
        }
    }

    fn tuple(&self, id: ExprId, items: List, names: Names<'_>) -> Outcome {
        let mut failure = None;
        let mut elements = Vec::with_capacity(items.len());
        for item in self.file.ast.items(items) {
            let item = self.value(item, names);
            failure = failure.or(item.failure);
            elements.push(item.value);
        }
        self.built(id, Value::tuple(elements)).after(failure)
    }
}

/// Adds the marks of a value itself.
pub(super) fn union(marks: &mut cty::Marks, value: &Value) {
    if let Some(more) = value.marks() {
        marks.extend(more.iter().cloned());
    }
}
