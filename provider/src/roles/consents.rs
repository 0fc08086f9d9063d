//! Consents of resources that hold a role by one step: bound to one source and one target.

use recovery::consent::Consent;
use terraform_framework::cty::Path;
use terraform_framework::validate::{duration, one_of, timestamp};
use terraform_framework::{Diagnostics, Model, Value};

use super::risk::{self, RISKS};
use crate::resources::replica_promotion::instance_id;

/// A named risk that somebody accepts.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct ConsentBlock {
    /// `unknown_lag`: nobody knows how much data is at risk. `data_loss_up_to`: more than `max_data_loss`, but at most
    /// `bound`. `unfenced`: the old writer may still accept writes.
    #[attr(required, validate = one_of(RISKS))]
    pub(crate) risk: Value<String>,
    /// How much may be lost, as time; for `data_loss_up_to` only.
    #[attr(optional, validate = duration())]
    pub(crate) bound: Value<String>,
    /// When the consent ends, in RFC 3339; at most 24 hours ahead.
    #[attr(required, validate = timestamp())]
    pub(crate) until: Value<String>,
    /// ARN of the source that it is given for.
    #[attr(required)]
    pub(crate) source: Value<String>,
    /// Identifier of the instance or cluster to promote that it is given for.
    #[attr(required, validate = instance_id())]
    pub(crate) target: Value<String>,
}

/// Checks what one attribute alone cannot say. What is unknown never complains.
pub(crate) fn validate(consents: &[ConsentBlock], diags: &mut Diagnostics) {
    for (i, consent) in consents.iter().enumerate() {
        let block = Path::root().attribute("consent").index(i);
        risk::check_bound(&consent.risk, &consent.bound, &block, diags);
    }
}

/// The consents as the engine hears them; one of which a part is not known does not count.
pub(crate) fn heard(consents: &[ConsentBlock]) -> Vec<Consent> {
    consents.iter().filter_map(consent).collect()
}

fn consent(block: &ConsentBlock) -> Option<Consent> {
    let (risk, until) = risk::accepted(&block.risk, &block.bound, &block.until)?;
    Some(Consent {
        risk,
        until,
        source: block.source.text()?.to_owned(),
        target: block.target.text()?.to_owned(),
    })
}
