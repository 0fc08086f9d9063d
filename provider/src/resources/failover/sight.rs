//! From a configuration to the plan, its surroundings and what is seen there.

use aws::Region;
use recovery::consent::PlanConsent;
use recovery::document::Document;
use recovery::engine::{Order, Record, Surroundings};
use recovery::mode::Mode;
use terraform_framework::private::Private;
use terraform_framework::{Diagnostics, Value};

use super::model::Failover;
use crate::client::Client;
use crate::contract::{Decision, Situation, WhenLost, World, decide};
use crate::execution;
use crate::execution::consents::Bound;
pub(super) use crate::execution::given::Given;
use crate::execution::look::{Active, View, look};
use crate::messages::paragraphs;
use crate::roles;

/// Reads the plan that a configuration names.
pub(super) fn given(config: &Failover, diags: &mut Diagnostics) -> Given {
    let given = execution::given::given(&config.plan, &config.plan_digest, diags);
    if let Given::Plan(document) = &given
        && !execution::given::is_region(document, "active_region", &config.active_region, diags)
    {
        return Given::Bad;
    }
    given
}

/// The plan's surroundings with what was seen.
pub(super) struct Sighting {
    pub(super) around: Surroundings,
    /// What was seen, or why nothing was.
    pub(super) view: Result<View, String>,
    pub(super) active: Active,
    not_yet: bool,
}

/// Opens the plan and looks; `None` when that is refused, and told.
pub(super) async fn sight(
    client: &Client,
    document: Document,
    diags: &mut Diagnostics,
) -> Option<Sighting> {
    let name = document.name.clone();
    let not_yet = client.not_yet.is_some();
    if !not_yet && let Err(message) = execution::admit(client, &document).await {
        diags.error(format!("{name} cannot be looked at"), paragraphs(&message));
        return None;
    }
    let around = match execution::open(client, document) {
        Ok(around) => around,
        Err(message) => {
            diags.error(format!("{name} cannot be opened"), paragraphs(&message));
            return None;
        }
    };
    if not_yet {
        return Some(Sighting {
            around,
            view: Err(String::new()),
            active: Active::Silent(String::new()),
            not_yet,
        });
    }
    let view = look(&around).await.map_err(|message| paragraphs(&message));
    let active = match &view {
        Ok(view) => view.active(&around.document.authority),
        Err(why) => Active::Silent(why.clone()),
    };
    Some(Sighting {
        around,
        view,
        active,
        not_yet,
    })
}

/// Whether the configured mode is known and not this one.
pub(super) fn is_another(configured: Option<&str>, mode: Mode) -> bool {
    configured.is_some_and(|configured| configured != mode.name())
}

impl Sighting {
    /// The world for the contract.
    fn world(&self) -> World<'_> {
        match (&self.active, &self.view) {
            _ if self.not_yet => World::NotYet,
            // Between a promotion and its epoch two writers are what is to be expected: whoever goes on ranks them.
            (Active::Several(_), Ok(_)) if self.unfinished().is_some() => World::Lost,
            (_, Err(_)) | (Active::Silent(_) | Active::Several(_), _) => World::Unreachable,
            (Active::Region(region), _) => World::Role(region.as_str()),
            (Active::Lost, _) => World::Lost,
        }
    }

    /// The execution that is unfinished.
    pub(super) fn unfinished(&self) -> Option<&Record> {
        let view = self.view.as_ref().ok()?;
        view.unfinished(&self.around.digest)
    }

    /// What the contract makes of it.
    pub(super) fn decision(
        &self,
        config: &Failover,
        prior: Option<&Failover>,
        private: &Private,
        destroying: bool,
    ) -> Decision {
        let last = prior.and_then(|prior| prior.last_applied.text());
        let declared = self.unfinished().and_then(|it| it.state.declared.as_ref());
        if !destroying
            && let Some(declared) = declared
            && config.active_region.text() == Some(declared.target.as_str())
            && is_another(config.mode.text(), declared.mode)
        {
            // Like row 10: what was begun under other rules is not gone on with under these.
            let target = declared.target.to_string();
            return Decision::Busy { target };
        }
        decide(&Situation {
            prior: roles::prior(last, private),
            configured: config.active_region.text(),
            from: config.from.text(),
            world: self.world(),
            under_way: declared.map(|declared| declared.target.as_str()),
            destroying,
            when_lost: if config.mode.text() == Some(Mode::Failover.name()) {
                WhenLost::Proceed
            } else {
                WhenLost::Refuse
            },
            // Whether a step can be done is asked by its gates.
            possible: |_, _| true,
        })
    }

    /// The epoch that the next execution, or the unfinished one, completes.
    pub(super) fn epoch(&self) -> u64 {
        let declared = self.unfinished().and_then(|it| it.state.declared.as_ref());
        match (declared, &self.view) {
            (Some(declared), _) => declared.epoch,
            (None, Ok(view)) => view.epochs.next(),
            (None, Err(_)) => 1,
        }
    }

    /// The mode that is executed. One that differs from the unfinished execution's has been refused by the decision.
    pub(super) fn mode(&self, config: &Failover) -> Mode {
        let declared = self.unfinished().and_then(|it| it.state.declared.as_ref());
        let configured = config.mode.text().and_then(Mode::parse);
        declared.map_or(configured.unwrap_or(Mode::Switchover), |it| it.mode)
    }

    /// What consents are held against.
    pub(super) fn bound<'a>(&'a self, target: &'a Region) -> Bound<'a> {
        Bound {
            document: &self.around.document,
            digest: &self.around.digest,
            epoch: self.epoch(),
            target,
            now: self.around.means.clock.now(),
        }
    }

    /// The order of a configuration.
    pub(super) fn order(
        &self,
        config: &Failover,
        target: &Region,
        actor: String,
        consents: Vec<PlanConsent>,
    ) -> Order {
        let moment = |value: &Value<String>| value.text().and_then(|text| text.parse().ok());
        Order {
            mode: self.mode(config),
            target: target.clone(),
            lost: self.around.stores.lost().into_iter().collect(),
            lost_at: moment(&config.lost_at),
            declared_at: moment(&config.declared_at),
            actor,
            consents,
            resume: self.unfinished().map(|record| record.id.clone()),
        }
    }
}
