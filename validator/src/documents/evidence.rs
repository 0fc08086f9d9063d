//! What an instance's own values say of where it lives. Values of other instances prove nothing: a replica names its source.

use std::collections::BTreeMap;

use crate::inventory::{Name, Node};
use crate::world::is_account;

/// The region and account that an instance's own values show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub(crate) region: Option<(Name, &'static str)>,
    pub(crate) account: Option<Name>,
}

/// Types whose `region` is that of something else.
const OTHER_REGION: &[&str] = &["aws_config_aggregate_authorization"];

/// What the values of an instance show.
pub(crate) fn of(ty: &str, values: &BTreeMap<Name, Node>) -> Evidence {
    let text = |name: &str| {
        values
            .get(name)
            .and_then(Node::as_str)
            .filter(|text| !text.is_empty())
    };
    let arn: Option<Vec<&str>> = text("arn").map(|arn| arn.splitn(6, ':').collect());
    let field = |at: usize| {
        arn.as_ref()
            .filter(|fields| fields.first() == Some(&"arn"))?
            .get(at)
            .copied()
    };
    let account = field(4)
        .filter(|account| is_account(account))
        .map(Name::from);
    let own = text("region").filter(|region| is_region(region) && !OTHER_REGION.contains(&ty));
    let zone = text("availability_zone").and_then(region_of_zone);
    let found = own
        .map(|region| (region, "its own region attribute"))
        .or_else(|| {
            field(3)
                .filter(|region| is_region(region))
                .map(|region| (region, "its own ARN"))
        })
        .or_else(|| zone.map(|region| (region, "its own availability zone")));
    let owner = text("owner_id")
        .or_else(|| text("account_id"))
        .filter(|id| is_account(id));
    Evidence {
        region: found.map(|(region, why)| (region.into(), why)),
        account: account.or_else(|| owner.map(Name::from)),
    }
}

/// Whether a text looks like the name of a region: `us-east-1`, `us-gov-west-1`.
pub(crate) fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    match parts.split_last() {
        Some((number, words)) => {
            words.len() >= 2
                && words.iter().all(word)
                && number.len() == 1
                && number.bytes().all(|b| b.is_ascii_digit())
        }
        None => false,
    }
}

/// The region of a zone such as `us-east-1a`.
pub(crate) fn region_of_zone(zone: &str) -> Option<&str> {
    let region = zone.get(..zone.len().checked_sub(1)?)?;
    (is_region(region) && zone.ends_with(|c: char| c.is_ascii_lowercase())).then_some(region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_and_zones_are_told_from_other_text() {
        for region in [
            "us-east-1",
            "us-gov-west-1",
            "ap-southeast-7",
            "us-iso-east-1",
        ] {
            assert!(is_region(region), "{region}");
        }
        for text in [
            "us-east-1a",
            "global",
            "us-east",
            "",
            "-1",
            "US-EAST-1",
            "us-west-2-lax-1a",
        ] {
            assert!(!is_region(text), "{text}");
        }
        assert_eq!(region_of_zone("us-east-1a"), Some("us-east-1"));
        assert_eq!(region_of_zone("us-west-2-lax-1a"), None);
        assert_eq!(region_of_zone("é"), None);
    }
}
