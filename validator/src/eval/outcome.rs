//! What an expression gives inside of the evaluator: a value in any case, and what was wrong on the way.

use cty::{Mark, Marks, Type, Value};

use super::{Evaluated, Failure};
use crate::source::Place;

/// A value, and the first failure on the way to it. Where there is a failure the value stands in for what could not be
/// made: its type still decides what a conditional becomes whose other arm is chosen.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) value: Value,
    pub(super) failure: Option<Box<Failure>>,
}

impl Outcome {
    pub(super) fn ok(value: Value) -> Self {
        Outcome {
            value,
            failure: None,
        }
    }

    /// Failed, with nothing known of the value.
    pub(super) fn failed(failure: Box<Failure>) -> Self {
        Outcome {
            value: Value::dynamic_unknown(),
            failure: Some(failure),
        }
    }

    /// Failed, with the type known.
    pub(super) fn failed_as(ty: Type, failure: Box<Failure>) -> Self {
        Outcome {
            value: Value::unknown(ty),
            failure: Some(failure),
        }
    }

    /// The same value, with an earlier failure before its own.
    pub(super) fn after(mut self, earlier: Option<Box<Failure>>) -> Self {
        if earlier.is_some() {
            self.failure = earlier;
        }
        self
    }

    /// The same, where a failure says nothing of its cause if that could show a value that must not be seen.
    pub(super) fn discreet(mut self, function: &str, arguments: &[Value]) -> Self {
        if let Some(failure) = &mut self.failure
            && arguments.iter().any(|value| is_secret(&value.marks_deep()))
        {
            failure.detail = format!(
                "{function} refuses its arguments. Why is not shown, because one of them is sensitive."
            );
        }
        self
    }

    pub(super) fn is_ok(&self) -> bool {
        self.failure.is_none()
    }

    pub(super) fn into_evaluated(self) -> Evaluated {
        match self.failure {
            None => Ok(self.value),
            Some(failure) => Err(failure),
        }
    }
}

/// Whether what has these marks must not be shown.
pub(super) fn is_secret(marks: &Marks) -> bool {
    marks.contains(&Mark::Sensitive) || marks.contains(&Mark::Ephemeral)
}

/// What is wrong with an operation on values, before anybody says where.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) summary: &'static str,
    pub(super) detail: String,
}

impl Problem {
    pub(super) fn new(summary: &'static str, detail: impl Into<String>) -> Self {
        Problem {
            summary,
            detail: detail.into(),
        }
    }

    pub(super) fn at(self, place: Place) -> Box<Failure> {
        Failure::new(place, self.summary, self.detail)
    }
}
