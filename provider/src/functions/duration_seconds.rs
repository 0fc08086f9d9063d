//! `duration_seconds`: a duration such as `1h30m` as a number.

use terraform_framework::duration;
use terraform_framework::function::{Function, FunctionError};

/// The function as Terraform sees it.
pub(super) fn function() -> Function {
    Function::new(
        "duration_seconds",
        "A duration as a number of seconds",
        "Reads a duration as this provider writes them everywhere: whole numbers with the units `d`, `h`, `m`, `s`, largest first, such as `90s`, `5m` or `1h30m`. A null argument gives null.",
    )
    .parameter::<String>("text", "The duration, such as `1h30m`.")
    .returns(|text: String| duration_seconds(&text).map(Some))
}

/// Returns how many seconds a duration text means.
///
/// # Errors
/// When the text is no duration.
pub(crate) fn duration_seconds(text: &str) -> Result<i64, FunctionError> {
    let parsed =
        duration::parse(text).map_err(|problem| FunctionError::at(0, problem.to_string()))?;
    i64::try_from(parsed.as_secs())
        .map_err(|_| FunctionError::at(0, format!("{text:?} is too long")))
}

#[cfg(test)]
mod tests {
    use super::duration_seconds;

    #[test]
    fn counts_seconds_and_names_the_argument() {
        assert_eq!(duration_seconds("1h30m").unwrap(), 5_400);
        assert_eq!(duration_seconds("soon").unwrap_err().argument, Some(0));
    }
}
