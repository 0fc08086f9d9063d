//! Equality with three answers: yes, no, not known yet.

use crate::value::Data;
use crate::{Refinements, Type, Value};

impl Value {
    /// Whether two values are equal, as Terraform's `==`: a bool, unknown where an unknown part decides it. Marks of either
    /// side stay on the answer; of a comparison with null only those of the values themselves.
    ///
    /// One answer differs: sets with elements that are known in part may be equal in the end, and are not known to differ
    /// here, where Terraform says `false` even of such a set and itself.
    ///
    #[must_use]
    pub fn equals(&self, other: &Value) -> Value {
        let answer = match equal(self, other) {
            Some(equal) => Value::bool(equal),
            None => Value::unknown(Type::Bool).with_refinements(Refinements::not_null()),
        };
        if !self.is_marked_deep() && !other.is_marked_deep() {
            return answer;
        }
        [self, other].into_iter().fold(answer, |answer, side| {
            if self.is_null() == other.is_null() {
                answer.with_marks(&side.marks_deep())
            } else {
                answer.with_marks(&side.marks().cloned().unwrap_or_default())
            }
        })
    }
}

/// `None` where it is not known yet.
fn equal(a: &Value, b: &Value) -> Option<bool> {
    match (a.is_known(), b.is_known()) {
        (false, false) => return None,
        (true, false) => return known_and_unknown(a, b),
        (false, true) => return known_and_unknown(b, a),
        (true, true) => {}
    }
    if a.is_null() || b.is_null() {
        return Some(a.is_null() && b.is_null());
    }
    if !(type_is_known(a) && type_is_known(b)) {
        let apart = !a.ty().conforms_to(b.ty()) && !b.ty().conforms_to(a.ty());
        return apart.then_some(false);
    }
    if a.ty() != b.ty() {
        return Some(false);
    }
    parts(a, b)
}

fn known_and_unknown(known: &Value, unknown: &Value) -> Option<bool> {
    let info = unknown.unknown_info()?;
    if known.is_null() {
        return if info.is_not_null() {
            Some(false)
        } else {
            None
        };
    }
    // The unknown one may also become null, which is equal to nothing but null.
    let possible =
        known.ty().conforms_to(unknown.ty()) && info.refinements().is_none_or(|r| r.allow(known));
    if possible { None } else { Some(false) }
}

/// Whether no part is of a type that is not known yet.
fn type_is_known(value: &Value) -> bool {
    match value.data() {
        Data::Unknown(_) => !value.ty().has_dynamic(),
        Data::Elements(elements) => elements.iter().all(type_is_known),
        Data::Entries(entries) => entries.values().all(type_is_known),
        _ => true,
    }
}

/// Compares two known values of one type, neither null.
fn parts(a: &Value, b: &Value) -> Option<bool> {
    match (a.data(), b.data()) {
        (Data::Elements(x), Data::Elements(y)) => {
            if matches!(a.ty(), Type::Set(_)) && !(a.is_wholly_known() && b.is_wholly_known()) {
                return partly_known_sets(x, y);
            }
            if x.len() != y.len() {
                return Some(false);
            }
            // In order: what is behind an undecided pair is not looked at.
            for (x, y) in x.iter().zip(y.iter()) {
                match equal(x, y) {
                    Some(true) => {}
                    other => return other,
                }
            }
            Some(true)
        }
        (Data::Entries(x), Data::Entries(y)) => {
            if !x.keys().eq(y.keys()) {
                return Some(false);
            }
            let mut answer = Some(true);
            for (x, y) in x.values().zip(y.values()) {
                match equal(x, y) {
                    Some(true) => {}
                    Some(false) => return Some(false),
                    None => answer = None,
                }
            }
            answer
        }
        (Data::String(x), Data::String(y)) => Some(x == y),
        (Data::Number(x), Data::Number(y)) => Some(x == y),
        (Data::Bool(x), Data::Bool(y)) => Some(x == y),
        _ => Some(false),
    }
}

/// Sets are certainly different when an element of one can be none of the other's; which of them are equal is open while
/// parts are unknown.
fn partly_known_sets(a: &[Value], b: &[Value]) -> Option<bool> {
    if !a.iter().chain(b).all(Value::is_known) {
        return None;
    }
    let alone = |x: &Value, others: &[Value]| others.iter().all(|y| equal(x, y) == Some(false));
    let different = a.iter().any(|x| alone(x, b)) || b.iter().any(|y| alone(y, a));
    different.then_some(false)
}
