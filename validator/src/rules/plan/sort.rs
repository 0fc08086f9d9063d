//! Sorts one change of a plan that is made after a switch: the expected swap of roles, what failover tooling did, or something
//! that destroys.

use super::arguments;
use crate::inventory::{Action, Change, Name, Node};
use crate::mirror::{InstanceId, Mirror, Standing};
use crate::schema::{self, Role};
use crate::views::switch::{self, Switch};

/// What a change is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sorted {
    /// It follows the new roles, or has nothing to do with them.
    Swap,
    /// It takes back what failover tooling did.
    Tooling(Told),
    /// It destroys, detaches, or turns back.
    Destructive(Told),
    /// It cannot be told.
    Open(Told),
}

/// What is said of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    /// The argument; empty for the whole instance.
    pub(super) argument: &'static str,
    pub(super) message: String,
    pub(super) fix: String,
}

impl Sorted {
    pub(super) fn destructive(
        argument: &'static str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Sorted::Destructive(Told {
            argument,
            message: message.into(),
            fix: fix.into(),
        })
    }

    pub(super) fn tooling(argument: &'static str, message: String, fix: String) -> Self {
        Sorted::Tooling(Told {
            argument,
            message,
            fix,
        })
    }

    pub(super) fn open(argument: &'static str, message: impl Into<String>) -> Self {
        Sorted::Open(Told {
            argument,
            message: message.into(),
            fix: String::new(),
        })
    }
}

/// One change, and what is known of the switch.
pub(super) struct Case<'c, 'm> {
    pub(super) mirror: &'c Mirror<'m>,
    pub(super) switch: &'c Switch,
    pub(super) change: &'c Change,
    /// The instance, where the plan leaves one.
    pub(super) id: Option<InstanceId>,
}

/// Types whose instances are versions of something: made anew at each change, with nobody noticing.
const VERSIONS: [&str; 9] = [
    "aws_api_gateway_deployment",
    "aws_batch_job_definition",
    "aws_ecs_task_definition",
    "aws_lambda_layer_version",
    "aws_lambda_permission",
    "aws_launch_configuration",
    "aws_s3_object",
    "aws_ssm_document",
    "aws_transfer_ssh_key",
];

impl Case<'_, '_> {
    pub(super) fn active(&self) -> Standing {
        Standing::Secondary(self.switch.active)
    }

    /// The region that serves.
    pub(super) fn serving(&self) -> &Name {
        &self.mirror.roles.secondary[self.switch.active]
    }

    /// The region that was left.
    pub(super) fn left(&self) -> &Name {
        &self.mirror.roles.primary
    }

    pub(super) fn planned(&self, argument: &str) -> Option<&Node> {
        switch::planned(self.mirror, self.change, argument)
    }

    /// What was done to the same instance outside of Terraform.
    pub(super) fn outside(&self) -> Option<&Change> {
        self.mirror.inventory.changes.iter().find(|other| {
            other.outside && other.address == self.change.address && other.root == self.change.root
        })
    }

    /// All that is to be said of the change.
    pub(super) fn sort(&self) -> Vec<Sorted> {
        let standing = switch::standing(self.mirror, self.change);
        let whole = match self.change.action {
            Action::NoOp | Action::Read | Action::Forget => return Vec::new(),
            Action::Other => Sorted::open(
                "",
                "what the plan does with it is not known to this version",
            ),
            Action::Create => self.create(standing),
            action if action.destroys() => self.destroys(standing),
            _ => Sorted::Swap,
        };
        if whole != Sorted::Swap || !switch::changes(self.change.action) {
            return vec![whole];
        }
        let mut found: Vec<Sorted> = schema::roles(&self.change.ty)
            .filter_map(|(argument, role)| arguments::sort(self, standing, argument, role))
            .collect();
        // Two names of one switch say it once.
        let both = |found: &[Sorted]| {
            found
                .iter()
                .filter(|one| matches!(one, Sorted::Destructive(_)))
                .count()
                > 1
        };
        if &*self.change.ty == "aws_cloudwatch_event_rule" && both(&found) {
            found.pop();
        }
        if found.is_empty() {
            found.push(Sorted::Swap);
        }
        found
    }

    /// Why Terraform destroys, as a clause.
    fn why(&self) -> String {
        let mut why = Vec::new();
        if let Some(reason) = &self.change.reason {
            why.push(reason.replace('_', " "));
        }
        if !self.change.replace.is_empty() {
            let paths: Vec<String> = self
                .change
                .replace
                .iter()
                .map(|path| crate::inventory::node::path_text(path))
                .collect();
            why.push(format!("forced by {}", paths.join(", ")));
        }
        if why.is_empty() {
            String::new()
        } else {
            format!(" ({})", why.join("; "))
        }
    }

    fn destroys(&self, standing: Standing) -> Sorted {
        let ty = &*self.change.ty;
        if VERSIONS.contains(&ty) || !ty.starts_with("aws_") {
            return Sorted::Swap;
        }
        let store = schema::is_store(ty);
        let does = if self.change.action == Action::Delete {
            "destroys"
        } else {
            "destroys and makes anew"
        };
        let why = self.why();
        let keep = "Do not apply it. Bring the code to what stands there now; what Terraform must not manage any more leaves the state with a removed block (lifecycle { destroy = false }).";
        match standing {
            Standing::Primary if store => Sorted::destructive(
                "",
                format!(
                    "{does} what {} was left with{why}: writes that were never replicated, and what a failback starts from",
                    self.left()
                ),
                "Take a snapshot of it and reconcile what was not replicated before anything is destroyed.",
            ),
            Standing::Primary | Standing::Other => Sorted::Swap,
            Standing::Unknown => Sorted::open(
                "",
                format!("the plan {does} it{why}, and in which region it lies is not known"),
            ),
            Standing::Secondary(_) | Standing::Global if store => Sorted::destructive(
                "",
                format!("{does} data that production writes to since the switch{why}"),
                keep,
            ),
            // The new one serves before the old one goes.
            _ if self.change.action == Action::ReplaceAfter => Sorted::Swap,
            Standing::Secondary(at) if at != self.switch.active => Sorted::Swap,
            Standing::Secondary(_) => Sorted::destructive(
                "",
                format!("{does} something of {}, which serves{why}", self.serving()),
                keep,
            ),
            Standing::Global => Sorted::destructive(
                "",
                format!(
                    "{does} something global that {} is served with{why}",
                    self.serving()
                ),
                keep,
            ),
        }
    }

    /// A store that tooling renamed or removed comes back empty.
    fn create(&self, standing: Standing) -> Sorted {
        if !schema::is_store(&self.change.ty) || standing != Standing::Primary {
            return Sorted::Swap;
        }
        let outside = self.outside();
        if outside.is_none_or(|outside| outside.action != Action::Delete) {
            return Sorted::Swap;
        }
        let arrow = schema::roles(&self.change.ty)
            .any(|(argument, role)| role == Role::Arrow && self.planned(argument).is_some());
        if arrow {
            return Sorted::Swap;
        }
        Sorted::tooling("", format!(
            "makes an empty one in {}: it is gone from there under its name, renamed or removed outside of Terraform",
            self.left()
        ), "Import the renamed one (import block with its new identifier), or take the resource out of the code.".into())
    }
}
