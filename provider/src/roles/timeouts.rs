//! How long changes of a role may take.

use std::time::Duration;

use terraform_framework::validate::duration;
use terraform_framework::{Model, Value, duration as durations};

/// What a change of a role takes at most where nobody says otherwise: "several minutes or longer" by the size of the
/// database (Amazon RDS User Guide, "Promoting a read replica").
const DEFAULT: Duration = Duration::from_hours(1);

/// How long operations may take.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Timeouts {
    /// Creating, a promotion included. Default: `60m`.
    #[attr(optional, validate = duration())]
    pub(crate) create: Value<String>,
    /// Updating, a promotion included. Default: `60m`.
    #[attr(optional, validate = duration())]
    pub(crate) update: Value<String>,
}

/// The bound of a create or an update.
pub(crate) fn bound(timeouts: Option<&Timeouts>, creating: bool) -> Duration {
    let configured = timeouts.map(|t| if creating { &t.create } else { &t.update });
    configured
        .and_then(Value::text)
        .and_then(|text| durations::parse(text).ok())
        .unwrap_or(DEFAULT)
}
