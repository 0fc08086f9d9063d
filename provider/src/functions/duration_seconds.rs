//! `duration_seconds`: a duration such as `1h30m` as a number.

use super::Refusal;
use crate::duration;

/// Returns how many seconds a duration text means.
///
/// # Errors
/// When the text is no duration.
pub(crate) fn duration_seconds(text: &str) -> Result<i64, Refusal> {
    let parsed = duration::parse(text).map_err(|problem| Refusal::at(0, problem.to_string()))?;
    i64::try_from(parsed.as_secs()).map_err(|_| Refusal::at(0, format!("{text:?} is too long")))
}
