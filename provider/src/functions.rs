//! The functions of the provider: pure, and clear about which argument is wrong.

mod arn;
mod duration_seconds;
mod mirror_availability_zone;
mod mirror_cidr;
mod region_short_name;

/// Why a function refuses its arguments.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Position of the argument at fault, from 0; `None` when it is not one alone.
    pub(crate) argument: Option<usize>,
    /// What was seen, what was expected.
    pub(crate) text: String,
}

impl Refusal {
    pub(crate) fn at(argument: usize, text: String) -> Self {
        Refusal { argument: Some(argument), text }
    }
}
