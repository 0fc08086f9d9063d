//! The dependency proof: with a region lost, does a failover to each of the others get by without it, and without the
//! control planes that live in one region for all of AWS? Pure; it rests on what the kinds say that they call.

mod needs;
mod permissions;
mod resources;
mod texts;

use aws::Region;

pub use self::needs::{May, Need, may, needs};
pub use self::permissions::{Permission, permissions};

use crate::document::{Document, StepEntry, StorePlace};
use crate::kind::{ApiCall, Plane};
use crate::message::Message;
use crate::mode::Mode;

/// What a finding means for the proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The failover does not get by: not proven.
    Breaks,
    /// It cannot be told whether it does: not proven.
    Unknown,
    /// Worth to know; the proof holds.
    Note,
}

/// What leans on something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A step of the plan.
    Step(String),
    /// The store of a region.
    Store(Region),
    /// A probe of the plan.
    Probe(String),
    /// The plan.
    Plan,
}

/// Something that a failover leans on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What leans on it.
    pub subject: Subject,
    /// The call that does, where it is one, with the region that its service really answers from.
    pub call: Option<ApiCall>,
    /// What it means for the proof.
    pub weight: Weight,
    /// What was found, why that matters (as expected), and what to do.
    pub message: Message,
}

/// The proof for one region that would become active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The region.
    pub target: Region,
    /// What was found, the gravest first.
    pub findings: Vec<Finding>,
}

/// The proof for a lost region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The region.
    pub lost: Region,
    /// One for every region that could become active.
    pub cases: Vec<Case>,
}

impl Case {
    /// Whether the failover gets by.
    pub fn is_proven(&self) -> bool {
        let note = |finding: &Finding| finding.weight == Weight::Note;
        self.findings.iter().all(note)
    }
}

impl Proof {
    /// Whether a failover to every other region gets by.
    pub fn is_proven(&self) -> bool {
        !self.cases.is_empty() && self.cases.iter().all(Case::is_proven)
    }
}

/// A service whose control plane lives in one region for all of AWS:
/// <https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html>
struct Global {
    service: &'static str,
    home: &'static str,
    name: &'static str,
    next: &'static str,
}

const GLOBALS: &[Global] = &[
    Global {
        service: "route53",
        home: "us-east-1",
        name: "Route 53",
        next: "use route53_health_check_switch: its records are prepared in peace and flip on the data plane",
    },
    Global {
        service: "iam",
        home: "us-east-1",
        name: "IAM",
        next: "create roles and policies in peace, and only use them in the failover",
    },
    Global {
        service: "organizations",
        home: "us-east-1",
        name: "Organizations",
        next: "prepare accounts and policies in peace",
    },
    Global {
        service: "account",
        home: "us-east-1",
        name: "Account Management",
        next: "prepare accounts in peace",
    },
    Global {
        service: "route53-recovery-control-config",
        home: "us-west-2",
        name: "ARC routing control configuration",
        next: "use arc_routing_control with the cluster's five endpoints in the document: that is the data plane",
    },
    Global {
        service: "networkmanager",
        home: "us-west-2",
        name: "Network Manager",
        next: "prepare routes in peace",
    },
];

/// Regions whose control planes much of AWS leans on.
const HOMES: [&str; 2] = ["us-east-1", "us-west-2"];

fn global(call: &ApiCall) -> Option<&'static Global> {
    let found = GLOBALS.iter().find(|global| global.service == call.service);
    found.filter(|_| call.plane == Plane::Control)
}

/// Proves, or finds why not. A region that the plan does not name can be lost too: AWS keeps control planes there.
pub fn prove(document: &Document, lost: &Region) -> Proof {
    let targets = document.regions.iter().filter(|region| *region != lost);
    let cases = targets.map(|target| {
        let mut findings = Vec::new();
        for step in &document.steps {
            if step.runs_in(Mode::Failover) {
                calls(document, step, lost, target, &mut findings);
                texts::arguments(step, lost, target, &mut findings);
            }
        }
        if !document
            .steps
            .iter()
            .any(|step| step.runs_in(Mode::Failover))
        {
            findings.push(empty());
        }
        stores(document, lost, target, &mut findings);
        texts::probes(document, lost, target, &mut findings);
        findings.sort_by_key(|finding| finding.weight);
        Case {
            target: target.clone(),
            findings,
        }
    });
    Proof {
        lost: lost.clone(),
        cases: cases.collect(),
    }
}

fn empty() -> Finding {
    Finding {
        subject: Subject::Plan,
        call: None,
        weight: Weight::Unknown,
        message: Message::new(
            "no step runs in failover",
            "steps that make another region active: without any there is nothing to prove",
            "check the steps' \"run_in\"",
        ),
    }
}

fn calls(
    document: &Document,
    step: &StepEntry,
    lost: &Region,
    target: &Region,
    findings: &mut Vec<Finding>,
) {
    let ours = document.regions.contains(lost);
    let leaves = |region: &&Region| {
        if ours {
            *region == lost
        } else {
            *region != target
        }
    };
    let left = document.regions.iter().filter(leaves);
    for from in left {
        for mut call in step
            .kind
            .calls(&step.arguments, Mode::Failover, target, Some(from))
        {
            if let Some(home) = global(&call).and_then(|global| Region::new(global.home).ok()) {
                call.region = home;
            }
            let Some((weight, message)) = judge(&call, lost, target) else {
                continue;
            };
            let finding = Finding {
                subject: Subject::Step(step.name.clone()),
                call: Some(call),
                weight,
                message,
            };
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
}

/// What a call means when `lost` does not answer and `target` does.
fn judge(call: &ApiCall, lost: &Region, target: &Region) -> Option<(Weight, Message)> {
    let global = global(call);
    let region = &call.region;
    if region == target && global.is_none() {
        return None;
    }
    let seen = seen(call, global.map_or(call.service, |global| global.name));
    let next = match global {
        Some(global) => global.next.to_owned(),
        None => format!("use a kind of step, or arguments, that only need {target}"),
    };
    let home = call.plane == Plane::Control && HOMES.contains(&region.as_str());
    let (weight, why) = match (call.needed, region == lost) {
        (true, true) => (
            Weight::Breaks,
            format!(
                "answers from {target} alone: {lost} is lost, and the step cannot be done without it"
            ),
        ),
        (false, true) => (
            Weight::Note,
            format!(
                "{lost} is lost: the call is not made, and what it would have told stays unknown"
            ),
        ),
        (true, false) if region == target => (
            Weight::Note,
            format!(
                "holds while {target} answers; all of AWS shares this control plane, which is crowded on such a day"
            ),
        ),
        (true, false) if home => (
            Weight::Breaks,
            format!(
                "answers from {target} alone: many lean on the control planes of {region}, and a failover must not"
            ),
        ),
        (_, false) => (
            Weight::Note,
            format!("holds while {region}, which is neither lost nor the target, answers"),
        ),
    };
    let next = match (weight, call.needed) {
        (Weight::Note, false) => "nothing needs to be done".to_owned(),
        _ => next,
    };
    Some((weight, Message::new(seen, why, next)))
}

fn seen(call: &ApiCall, service: &str) -> String {
    let plane = match call.plane {
        Plane::Control => "control plane",
        Plane::Data => "data plane",
    };
    let without = if call.needed {
        ""
    } else {
        "; the step does without its answer"
    };
    format!(
        "{}:{}, answered by the {plane} of {service} in {}{without}",
        call.service, call.operation, call.region
    )
}

fn stores(document: &Document, lost: &Region, target: &Region, findings: &mut Vec<Finding>) {
    let mut add = |region: &Region, weight, message| {
        findings.push(Finding {
            subject: Subject::Store(region.clone()),
            call: None,
            weight,
            message,
        });
    };
    if document.stores.contains_key(lost) {
        let message = Message::new(
            format!("the store of {lost} is lost with its region"),
            format!(
                "journal and lock in {target}: the execution goes on there and lists {lost} as stale"
            ),
            "nothing needs to be done",
        );
        add(lost, Weight::Note, message);
    }
    match document.stores.get(target) {
        None => {
            let seen = format!("no store in {target}");
            let next = format!("add a store for {target}");
            let message = Message::new(seen, "journal and lock in the target region", next);
            add(target, Weight::Breaks, message);
        }
        Some(StorePlace::Directory(directory)) => {
            let message = Message::new(
                format!("the store of {target} is the directory {directory}"),
                format!(
                    "a bucket in {target}: where a directory is, and what it is lost with, cannot be told"
                ),
                "name a versioned bucket; directories are for laboratories",
            );
            add(target, Weight::Unknown, message);
        }
        Some(StorePlace::Bucket { kms_key, .. }) => {
            let key = kms_key.as_deref();
            if let Some(key) = key.filter(|key| texts::names(key, lost)) {
                let message = Message::new(
                    format!("the store of {target} is encrypted with {key}"),
                    format!("a key in {target}: nothing can be read or written without it"),
                    format!("name a key of {target}"),
                );
                add(target, Weight::Breaks, message);
            }
        }
    }
}

#[cfg(test)]
mod tests;
