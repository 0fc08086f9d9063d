//! The functions of the provider: pure, null-safe, and clear about which argument is wrong.

mod arn;
mod duration_seconds;
mod mirror_availability_zone;
mod mirror_cidr;
mod region_short_name;

use terraform_framework::function::{Function, FunctionError};

/// All of them.
pub(crate) fn all() -> Vec<Function> {
    vec![
        mirror_cidr::function(),
        mirror_availability_zone::function(),
        arn::arn_region_function(),
        arn::arn_in_region_function(),
        duration_seconds::function(),
        region_short_name::function(),
    ]
}

/// Checks a region argument.
fn region(argument: usize, text: &str) -> Result<String, FunctionError> {
    match aws::Region::new(text) {
        Ok(region) => Ok(region.to_string()),
        Err(error) => Err(FunctionError::at(argument, error.to_string())),
    }
}
