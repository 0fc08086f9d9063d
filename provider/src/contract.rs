//! The Terraform contract of role resources: one pure decision, shared by every resource that holds a role.
//!
//! A role resource says what role a thing in AWS should hold; it does not own the thing. Terraform's usual reading,
//! "what differs from the configuration is put right", would undo a failover that somebody had to do by hand. So the
//! decision looks at three values: what is configured, what we applied last, and what the world says, and it is
//! made here, in one function without I/O, for every resource alike. The row numbers are those of
//! `docs/guides/role-contract.md`.

mod decide;
#[cfg(test)]
mod tests;

pub(crate) use decide::decide;

/// What is known when a plan is made, and again when it is applied.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation<'a> {
    /// What the state says; `None` when there is no prior state (also after taint, `-replace`, lost state).
    pub(crate) prior: Option<Prior<'a>>,
    /// The configured role; `None` when it is not known yet.
    pub(crate) configured: Option<&'a str>,
    /// The role that the configuration says it knows to be the present one (`from`).
    pub(crate) from: Option<&'a str>,
    /// The role seen in AWS, or why it was not seen.
    pub(crate) world: World<'a>,
    /// The target of a change of role that is under way in the world.
    pub(crate) under_way: Option<&'a str>,
    /// Whether the resource is being destroyed.
    pub(crate) destroying: bool,
    /// What a lost region means for this resource when its role has to change.
    pub(crate) when_lost: WhenLost,
    /// Whether the world can be brought from the observed role to the configured one at all.
    pub(crate) possible: fn(from: &str, to: &str) -> bool,
}

impl<'a> Situation<'a> {
    /// A destroy: it only asks whether a change of role is under way.
    pub(crate) fn destroy(world: World<'a>, under_way: Option<&'a str>) -> Self {
        Situation {
            prior: None,
            configured: None,
            from: None,
            world,
            under_way,
            destroying: true,
            when_lost: WhenLost::Refuse,
            possible: |_, _| true,
        }
    }
}

/// What the state holds of the role.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prior<'a> {
    /// The role that we applied last (`last_applied`).
    pub(crate) last_applied: &'a str,
    /// Whether the state came from an import and nothing was applied since.
    pub(crate) imported: bool,
}

/// The role as AWS shows it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum World<'a> {
    /// Observed, just now.
    Role(&'a str),
    /// The region is declared lost: nobody asked.
    Lost,
    /// The region did not answer within its bound and is not declared lost.
    Unreachable,
    /// Could not be asked while planning: identifier, region or credentials are not known yet.
    NotYet,
}

/// What to do about a role change when the region that would have to be asked is declared lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhenLost {
    /// The role lives in the lost region itself: nothing can be done there.
    Refuse,
    /// Another region takes over and does not need the lost one (`mode = "failover"`).
    Proceed,
}

/// What a plan shows and what an apply does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Row 1: the world already is as configured; only recorded.
    Adopt,
    /// Rows 2 and 8: error; the configuration must say what it knows to be the present role.
    NameTheRole {
        /// The role seen in AWS.
        observed: String,
    },
    /// Rows 3 and 7 (and 13 where the lost region is not needed): the change of role, under gates.
    Execute,
    /// Row 4: nothing to do.
    Keep,
    /// Row 5: changed outside; nothing is planned, one warning names the line to edit.
    ChangedOutside {
        /// The role seen in AWS.
        observed: String,
    },
    /// Row 6: the code follows the world; only recorded.
    Follow,
    /// Row 9: a change to the configured role is under way: go on with it.
    Resume,
    /// Row 10: error; a change to another role is under way.
    Busy {
        /// The role that the change under way leads to.
        target: String,
    },
    /// Row 11: forget the resource; nothing in AWS is touched.
    Forget,
    /// Row 13: the region is lost and nothing is to change.
    KeepUnseen,
    /// Row 13: error; the role to change lives in the lost region.
    LostHere,
    /// Row 14: error; the region does not answer and is not declared lost.
    Unreachable,
    /// Row 15: error; the change is refused by nature.
    Impossible {
        /// The role seen in AWS.
        observed: String,
    },
    /// Not decidable while planning: plan what the configuration says; the plan at apply decides.
    Defer,
}

impl Decision {
    /// Whether an apply of this decision may change the role of something in AWS.
    pub(crate) fn acts(&self) -> bool {
        matches!(self, Decision::Execute | Decision::Resume)
    }
}
