//! What an operator is told about a role, before it becomes a diagnostic.

use terraform_framework::Diagnostics;
use terraform_framework::cty::Path;

use crate::client::Client;

/// A finding for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Whether the plan stops here.
    pub(crate) error: bool,
    /// One line: what is the case.
    pub(crate) summary: String,
    /// Seen, expected, next.
    pub(crate) detail: String,
    /// The attribute that it is about.
    pub(crate) attribute: &'static str,
}

impl Finding {
    /// The same, and the plan goes on.
    pub(crate) fn into_warning(self) -> Self {
        Finding {
            error: false,
            ..self
        }
    }

    /// Tells it at its attribute.
    pub(crate) fn say(self, diags: &mut Diagnostics) {
        let path = Path::root().attribute(self.attribute);
        if self.error {
            diags.error_at(path, self.summary, self.detail);
        } else {
            diags.warning_at(path, self.summary, self.detail);
        }
    }

    /// The caller's account is not among those that may be touched.
    pub(crate) fn wrong_account(client: &Client, seen: &str, attribute: &'static str) -> Self {
        let allowed = client.allowed_account_ids.iter().map(String::as_str);
        let allowed: Vec<&str> = allowed.collect();
        Finding {
            error: true,
            summary: format!("The AWS credentials belong to account {seen}"),
            detail: format!(
                "Seen: account {seen}.\nExpected: one of {} (`allowed_account_ids` of the provider).\nNext: use the credentials of an allowed account, or add this one if you mean it.",
                allowed.join(", ")
            ),
            attribute,
        }
    }
}
