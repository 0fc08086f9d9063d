//! The account of an instance: named for its region, or to be read off the provider's settings.

use super::World;
use super::bodies::{Body, Written};
use super::providers::Settings;
use crate::inventory::Fact;
use crate::load::config::{Argument, Name};

/// The account in an ARN: `arn:aws:iam::123456789012:role/deploy`.
pub(crate) fn of_arn(arn: &str) -> Option<&str> {
    let mut fields = arn.strip_prefix("arn:")?.split(':');
    let account = fields.nth(3)?;
    is_account(account).then_some(account)
}

/// Twelve digits.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl World<'_> {
    /// The account behind a provider configuration.
    pub(crate) fn account(&self, region: &Fact, settings: Option<Settings<'_>>) -> Fact {
        if let Some((account, why)) =
            settings.and_then(|settings| self.account_of_provider(settings))
        {
            return Fact {
                value: Some(account),
                because: vec![why],
            };
        }
        let accounts = &self.configuration.accounts;
        let named = region
            .value
            .as_ref()
            .and_then(|region| accounts.get(region));
        if let Some(account) = named {
            return Fact {
                value: Some(account.clone()),
                because: vec!["named for its region".into()],
            };
        }
        if let Some(account) = accounts.get("") {
            return Fact {
                value: Some(account.clone()),
                because: vec!["named for all regions".into()],
            };
        }
        Fact::unknown("no account is named: set accounts in dr.hcl, or pass --account [REGION=]ID")
    }

    fn account_of_provider(&self, settings: Settings<'_>) -> Option<(Name, Name)> {
        let (module, content) = settings;
        let scope = self.scope(module);
        let text = |argument: Argument| {
            let value = self.evaluate(argument.value, &scope, None).ok()?.unmark().0;
            let value = match value.elements() {
                Some([only]) => only.clone().unmark().0,
                Some(_) => return None,
                None => value,
            };
            value.as_str().map(Name::from)
        };
        let body = Body::Merged(content);
        if let Some(account) = content
            .arguments
            .get("allowed_account_ids")
            .and_then(|argument| text(*argument))
            && is_account(&account)
        {
            return Some((account, "the provider's allowed_account_ids".into()));
        }
        // The last role of a chain is the one that acts.
        let role = body
            .blocks("assume_role", self)
            .into_iter()
            .rev()
            .find_map(|written| match written {
                Written::Block(body, _) => body.argument("role_arn", self),
                Written::Dynamic(_) => None,
            })?;
        let account = of_arn(&text(role)?)?.into();
        Some((account, "the role that the provider assumes".into()))
    }
}
