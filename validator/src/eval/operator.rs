//! Operators: logic, equality, comparison, arithmetic.

use cty::conversion::convert;
use cty::{Bound, Marks, Number, Refinements, Type, Value};

use super::Failure;
use super::access::operation;
use super::conditional::bounds;
use super::machine::{Machine, Names, union};
use super::outcome::Outcome;
use crate::source::Place;
use crate::symbol;
use crate::syntax::ast::{BinaryOp, ExprId, ExprKind};

impl Machine<'_> {
    /// A chain of operators, along its left side in a loop: chains may be long.
    pub(super) fn binary(&self, id: ExprId, names: Names<'_>) -> Outcome {
        let mut chain = Vec::new();
        let mut first = id;
        while let ExprKind::Binary { op, left, right } = self.expr(first).kind {
            chain.push((first, op, left, right));
            first = left;
        }
        let mut value = self.value(first, names);
        for (id, op, left, right) in chain.into_iter().rev() {
            let other = self.value(right, names);
            value = self.operate(id, op, (left, value), (right, other));
        }
        value
    }

    fn operate(
        &self,
        id: ExprId,
        op: BinaryOp,
        (left_id, left): (ExprId, Outcome),
        (right_id, right): (ExprId, Outcome),
    ) -> Outcome {
        let (takes, gives) = types(op);
        let unfit = |id: ExprId, side: &str, error: cty::PathError| {
            Failure::new(
                self.place(id),
                "Invalid operand",
                format!("The {side} side of {} does not fit: {error}.", sign(op)),
            )
        };
        let a = convert(&left.value, &takes).map_err(|error| unfit(left_id, "left", error));
        let b = convert(&right.value, &takes).map_err(|error| unfit(right_id, "right", error));
        let (a, b) = match (a, b) {
            (Ok(a), Ok(b)) => (a, b),
            (Err(failure), _) | (_, Err(failure)) => {
                let failure = left.failure.or(right.failure).unwrap_or(failure);
                return Outcome::failed_as(gives, failure);
            }
        };
        let mut marks = Marks::new();
        union(&mut marks, &a);
        union(&mut marks, &b);
        if let BinaryOp::And | BinaryOp::Or = op
            && let Some(decided) = decided(op, (&a, &left.failure), (&b, &right.failure))
        {
            return Outcome {
                value: decided.value.with_marks(&marks),
                ..decided
            };
        }
        if let Some(failure) = left.failure.or(right.failure) {
            return Outcome {
                value: Value::unknown(gives).with_marks(&marks),
                failure: Some(failure),
            };
        }
        let outcome = apply(op, &a, &b, self.place(id));
        Outcome {
            value: outcome.value.with_marks(&marks),
            ..outcome
        }
    }

    pub(super) fn unary(
        &self,
        operator: &'static str,
        operand: ExprId,
        names: Names<'_>,
    ) -> Outcome {
        let ty = if operator == "!" {
            Type::Bool
        } else {
            Type::Number
        };
        let outcome = self.value(operand, names);
        if outcome.failure.is_some() {
            return Outcome {
                value: Value::unknown(ty),
                failure: outcome.failure,
            };
        }
        let value = match convert(&outcome.value, &ty) {
            Ok(value) => value,
            Err(error) => {
                return Outcome::failed_as(
                    ty,
                    Failure::new(
                        self.place(operand),
                        "Invalid operand",
                        format!("The operand of {operator} does not fit: {error}."),
                    ),
                );
            }
        };
        let (value, marks) = value.unmark();
        if value.is_null() {
            return Outcome::failed_as(ty, null_operand(operator, self.place(operand)));
        }
        let result = match (value.as_bool(), value.as_number()) {
            (Some(truth), _) => Value::bool(!truth),
            (_, Some(number)) => Value::number(-number.clone()),
            _ => symbol::with(
                Value::unknown(ty).not_null(),
                operation(operator, vec![value]),
            ),
        };
        Outcome::ok(result.with_marks(&marks))
    }
}

fn null_operand(operator: &str, place: Place) -> Box<Failure> {
    Failure::new(
        place,
        "Operation failed",
        format!(
            "An operand of {operator} is null. Give it a value, or compare it with null first."
        ),
    )
}

/// What an operator takes and gives.
fn types(op: BinaryOp) -> (Type, Type) {
    match op {
        BinaryOp::Or | BinaryOp::And => (Type::Bool, Type::Bool),
        BinaryOp::Equal | BinaryOp::NotEqual => (Type::Dynamic, Type::Bool),
        BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => {
            (Type::Number, Type::Bool)
        }
        _ => (Type::Number, Type::Number),
    }
}

/// An operator as written.
pub(crate) fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "||",
        BinaryOp::And => "&&",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Modulo => "%",
    }
}

type Side<'a> = (&'a Value, &'a Option<Box<Failure>>);

/// What `&&` and `||` answer where one side decides: the failure of the other is dropped then, on either side. A null
/// counts as false here, as in Terraform.
fn decided(op: BinaryOp, (a, failed_a): Side<'_>, (b, failed_b): Side<'_>) -> Option<Outcome> {
    let deciding = op == BinaryOp::Or;
    let is =
        |value: &Value, truth: bool| value.is_known() && (value.as_bool() == Some(true)) == truth;
    let open = |failure: &Option<Box<Failure>>| {
        let unknown = Value::unknown(Type::Bool).not_null();
        let symbol = operation(sign(op), vec![a.clone(), b.clone()]);
        Some(Outcome::ok(symbol::with(unknown, symbol)).after(failure.clone()))
    };
    if !a.is_known() && !b.is_known() {
        return if failed_a.is_none() {
            open(&None)
        } else {
            None
        };
    }
    if is(a, deciding) {
        return Some(Outcome::ok(Value::bool(deciding)).after(failed_a.clone()));
    }
    if is(b, deciding) {
        return Some(Outcome::ok(Value::bool(deciding)).after(failed_b.clone()));
    }
    if !a.is_known() {
        return open(failed_a);
    }
    if !b.is_known() {
        return open(failed_b);
    }
    None
}

fn apply(op: BinaryOp, a: &Value, b: &Value, place: Place) -> Outcome {
    let known = match op {
        BinaryOp::Equal => Some(a.equals(b)),
        BinaryOp::NotEqual => Some(not(&a.equals(b))),
        _ => None,
    };
    if let Some(answer) = known {
        let symbol = || operation(sign(op), vec![a.clone(), b.clone()]);
        return Outcome::ok(if answer.is_known() {
            answer
        } else {
            symbol::with(answer, symbol())
        });
    }
    let (_, gives) = types(op);
    if a.is_null() || b.is_null() {
        return Outcome::failed_as(gives, null_operand(sign(op), place));
    }
    if let (Some(a), Some(b)) = (a.as_bool(), b.as_bool()) {
        return Outcome::ok(Value::bool(if op == BinaryOp::Or {
            a || b
        } else {
            a && b
        }));
    }
    if let (Some(x), Some(y)) = (a.as_number(), b.as_number()) {
        return match numbers(op, x, y) {
            Some(value) => Outcome::ok(value),
            None => Outcome::failed_as(
                gives,
                Failure::new(
                    place,
                    "Operation failed",
                    format!("{x} {} {y} has no result.", sign(op)),
                ),
            ),
        };
    }
    let unknown = compared(op, a, b).unwrap_or_else(|| Value::unknown(gives).not_null());
    Outcome::ok(symbol::with(
        unknown,
        operation(sign(op), vec![a.clone(), b.clone()]),
    ))
}

fn not(answer: &Value) -> Value {
    let (bare, marks) = answer.clone().unmark();
    let turned = match bare.as_bool() {
        Some(truth) => Value::bool(!truth),
        None => Value::unknown(Type::Bool).with_refinements(Refinements::not_null()),
    };
    turned.with_marks(&marks)
}

fn numbers(op: BinaryOp, x: &Number, y: &Number) -> Option<Value> {
    Some(match op {
        BinaryOp::Less => Value::bool(x < y),
        BinaryOp::LessEqual => Value::bool(x <= y),
        BinaryOp::Greater => Value::bool(x > y),
        BinaryOp::GreaterEqual => Value::bool(x >= y),
        BinaryOp::Add => Value::number(x.add(y)?),
        BinaryOp::Subtract => Value::number(x.sub(y)?),
        BinaryOp::Multiply => Value::number(x.mul(y)?),
        BinaryOp::Divide => Value::number(x.div(y)?),
        _ => Value::number(x.rem(y)?),
    })
}

/// A comparison that the bounds of unknown numbers decide, as far as Terraform looks at them: only when they lie apart.
fn compared(op: BinaryOp, a: &Value, b: &Value) -> Option<Value> {
    let (smaller, greater) = match op {
        BinaryOp::Less | BinaryOp::LessEqual => (a, b),
        BinaryOp::Greater | BinaryOp::GreaterEqual => (b, a),
        _ => return None,
    };
    let ((low_a, high_a), (low_b, high_b)) = (bounds(smaller), bounds(greater));
    let apart = |high: Option<Bound>, low: Option<Bound>| {
        high.zip(low)
            .is_some_and(|(high, low)| high.value < low.value)
    };
    if apart(high_a, low_b) {
        Some(Value::bool(true))
    } else if apart(high_b, low_a) {
        Some(Value::bool(false))
    } else {
        None
    }
}
