//! What every consent has, whatever it is bound to: the risk, its bound, and when it ends.

use jiff::Timestamp;
use recovery::consent::AcceptedRisk;
use terraform_framework::cty::Path;
use terraform_framework::{Diagnostics, Value, duration};

/// The words for risks.
pub(crate) const RISKS: [&str; 3] = ["unknown_lag", "data_loss_up_to", "unfenced"];

/// The risk that is accepted and until when; `None` where a part is not known.
pub(crate) fn accepted(
    risk: &Value<String>,
    bound: &Value<String>,
    until: &Value<String>,
) -> Option<(AcceptedRisk, Timestamp)> {
    let risk = match risk.text()? {
        "unknown_lag" => AcceptedRisk::UnknownLag,
        "unfenced" => AcceptedRisk::Unfenced,
        _ => AcceptedRisk::DataLossUpTo(duration::parse(bound.text()?).ok()?),
    };
    Some((risk, until.text()?.parse().ok()?))
}

/// Only a consent to data loss has a bound, and it needs one. What is unknown never complains. `block` is where the
/// consent stands.
pub(crate) fn check_bound(
    risk: &Value<String>,
    bound: &Value<String>,
    block: &Path,
    diags: &mut Diagnostics,
) {
    let path = block.attribute("bound");
    match risk.text() {
        Some("data_loss_up_to") if bound.is_null() => diags.error_at(
            path,
            "Missing bound",
            "A consent to data loss says how much: write bound = \"15m\".",
        ),
        Some("unknown_lag" | "unfenced") if bound.known().is_some() => diags.error_at(
            path,
            "Unexpected bound",
            "Only a consent to data_loss_up_to has a bound.",
        ),
        _ => {}
    }
}
