//! Equality with three answers: yes, no, not known yet.

use crate::value::Data;
use crate::{Type, Value};

impl Value {
    /// Whether two values are equal, as Terraform's `==`: a bool, unknown where an unknown part decides it.
    /// Marks of either side stay on the answer.
    #[must_use]
    pub fn equals(&self, other: &Value) -> Value {
        let (a, b) = (self.unmark_deep(), other.unmark_deep());
        let answer = match equal(&a.0, &b.0) {
            Some(equal) => Value::bool(equal),
            None => Value::unknown(Type::Bool).with_refinements(crate::Refinements::not_null()),
        };
        a.1.into_iter()
            .chain(b.1)
            .fold(answer, |answer, (_, marks)| answer.with_marks(&marks))
    }
}

/// `None` where it is not known yet.
fn equal(a: &Value, b: &Value) -> Option<bool> {
    match (a.data(), b.data()) {
        (Data::Null, Data::Null) => Some(true),
        (Data::Null, Data::Unknown(u)) | (Data::Unknown(u), Data::Null) if u.is_not_null() => {
            Some(false)
        }
        (Data::Unknown(_), _) | (_, Data::Unknown(_)) => apart(a, b),
        (Data::Null, _) | (_, Data::Null) => Some(false),
        (Data::String(x), Data::String(y)) => Some(x == y),
        (Data::Number(x), Data::Number(y)) => Some(x == y),
        (Data::Bool(x), Data::Bool(y)) => Some(x == y),
        (Data::Elements(_), Data::Elements(_))
            if matches!(a.ty(), Type::Set(_)) && !(a.is_wholly_known() && b.is_wholly_known()) =>
        {
            apart(a, b)
        }
        (Data::Elements(x), Data::Elements(y)) => {
            if a.ty() != b.ty() || x.len() != y.len() {
                return Some(false);
            }
            all(x.iter().zip(y.iter()))
        }
        (Data::Entries(x), Data::Entries(y)) => {
            if std::mem::discriminant(a.ty()) != std::mem::discriminant(b.ty())
                || x.len() != y.len()
                || !x.keys().eq(y.keys())
            {
                return Some(false);
            }
            all(x.values().zip(y.values()))
        }
        _ => Some(false),
    }
}

/// Types that can never meet settle it even while a value is unknown.
fn apart(a: &Value, b: &Value) -> Option<bool> {
    let settled = !a.ty().has_dynamic()
        && !b.ty().has_dynamic()
        && a.ty().without_optional() != b.ty().without_optional();
    settled.then_some(false)
}

/// One pair that differs decides; otherwise one unknown pair leaves it open.
fn all<'a>(pairs: impl Iterator<Item = (&'a Value, &'a Value)>) -> Option<bool> {
    let mut known = true;
    for (a, b) in pairs {
        match equal(a, b) {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = false,
        }
    }
    known.then_some(true)
}
