//! From a configuration to the plan, where it stands, and what the contract makes of it.

use std::collections::BTreeSet;

use aws::Region;
use recovery::consent::PlanConsent;
use recovery::document::Document;
use recovery::engine::{Order, Record};
use recovery::mode::Mode;
use terraform_framework::Diagnostics;
use terraform_framework::private::Private;

use super::model::Failover;
use crate::client::Client;
use crate::contract::{Decision, Situation, WhenLost, World, decide};
use crate::execution;
use crate::execution::consents::Bound;
pub(super) use crate::execution::given::Given;
use crate::execution::look::Active;
use crate::execution::standing::{Course, Moments, Standing};
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

/// The plan as it stands.
pub(super) struct Sighting {
    pub(super) standing: Standing,
    /// Regions that the provider declares lost.
    pub(super) declared: BTreeSet<Region>,
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
    let standing = if not_yet {
        execution::open(client, document).map(Standing::unseen)
    } else {
        Box::pin(Standing::of(client, document)).await
    };
    match standing {
        Ok(standing) => Some(Sighting {
            standing,
            declared: client.lost_regions.clone(),
            not_yet,
        }),
        Err(message) => {
            diags.error(format!("{name} cannot be looked at"), paragraphs(&message));
            None
        }
    }
}

/// Whether the configured mode is known and not this one.
pub(super) fn is_another(configured: Option<&str>, mode: Mode) -> bool {
    configured.is_some_and(|configured| configured != mode.name())
}

impl Sighting {
    /// The world for the contract.
    fn world(&self) -> World<'_> {
        match (&self.standing.active, &self.standing.view) {
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
        self.standing.unfinished()
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
        let configured = config.active_region.text();
        let mode = config.mode.text().and_then(Mode::parse);
        if !destroying
            && let (Some(declared), Some(configured)) = (declared, configured)
            && matches!(self.standing.course(mode, configured), Course::Busy(_))
        {
            // Row 10, and like it: what was begun under other rules is not gone on with under these.
            let target = declared.target.to_string();
            return Decision::Busy { target };
        }
        decide(&Situation {
            prior: roles::prior(last, private),
            configured,
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

    /// The mode that is executed. One that differs from the unfinished execution's has been refused by the decision.
    pub(super) fn mode(&self, config: &Failover) -> Mode {
        let declared = self.unfinished().and_then(|it| it.state.declared.as_ref());
        let configured = config.mode.text().and_then(Mode::parse);
        declared.map_or(configured.unwrap_or(Mode::Switchover), |it| it.mode)
    }

    /// What consents are held against.
    pub(super) fn bound<'a>(&'a self, target: &'a Region) -> Bound<'a> {
        self.standing.bound(target, self.unfinished())
    }

    /// The order of a configuration.
    pub(super) fn order(
        &self,
        config: &Failover,
        target: &Region,
        actor: String,
        consents: Vec<PlanConsent>,
    ) -> Order {
        let moments = Moments {
            lost_at: &config.lost_at,
            declared_at: &config.declared_at,
        };
        let mode = self.mode(config);
        let goes_on = self.unfinished();
        self.standing
            .order(mode, target, goes_on, moments, (actor, consents))
    }

    /// Gives the plan the plans that it runs.
    ///
    /// # Errors
    /// When one is not at hand, or cannot be run.
    pub(super) async fn join(
        &mut self,
        client: &Client,
        config: &Failover,
        target: &Region,
    ) -> Result<(), recovery::message::Message> {
        let around = &self.standing.around;
        let given = &config.child_plans;
        let joined = execution::children::join(client, around, given, target);
        self.standing.around = joined.await?;
        Ok(())
    }
}
