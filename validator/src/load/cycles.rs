//! Cuts calls that lead back to a module which leads to them, and chains of calls that no configuration needs.

use super::config::{Module, ModuleId, Name, Target};
use crate::diagnostic::{Diagnostic, Kind};

/// Calls below one another. Real estates have up to ten.
const DEEPEST: usize = 100;
/// Calls below one module, each counted as often as it is reached: those that call others twice double with each level.
const MOST_PATHS: usize = 20_000;

/// A module on the way that is followed, and which of its calls is next.
struct Step {
    module: usize,
    next: usize,
}

/// What is known of a module so far.
#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    OnTheWay,
    Done,
}

/// What lies below a module, itself included.
#[derive(Clone, Copy)]
struct Below {
    state: State,
    height: usize,
    paths: usize,
}

/// Modules while calls are cut.
struct Cutting<'a> {
    modules: &'a mut [Module],
    told: &'a mut Vec<Diagnostic>,
    below: Vec<Below>,
}

/// Makes calls opaque that never end. Goes through the calls in the order of their names, so that the same ones are cut
/// each time.
pub(super) fn cut(modules: &mut [Module], told: &mut Vec<Diagnostic>) {
    if modules.is_empty() {
        return;
    }
    let calls: Vec<Vec<(Name, ModuleId)>> = modules.iter().map(followed).collect();
    let new = Below {
        state: State::New,
        height: 1,
        paths: 1,
    };
    let mut cutting = Cutting {
        below: vec![new; modules.len()],
        modules,
        told,
    };
    let mut way = vec![Step { module: 0, next: 0 }];
    loop {
        let depth = way.len();
        let Some(step) = way.last_mut() else { return };
        let at = step.module;
        cutting.below[at].state = State::OnTheWay;
        let Some((name, target)) = calls[at].get(step.next) else {
            cutting.below[at].state = State::Done;
            way.pop();
            continue;
        };
        let target = target.0 as usize;
        if cutting.below[target].state == State::New && depth < DEEPEST {
            // The same call is looked at again once what lies below is known.
            way.push(Step {
                module: target,
                next: 0,
            });
            continue;
        }
        step.next += 1;
        cutting.join(at, name, target, depth);
    }
}

impl Cutting<'_> {
    /// Adds what lies below a call to its module, or cuts the call.
    fn join(&mut self, at: usize, name: &Name, target: usize, depth: usize) {
        let (here, below) = (self.below[at], self.below[target]);
        let paths = here.paths + below.paths;
        if below.state == State::OnTheWay {
            let directory = &self.modules[target].directory;
            let why = format!("it leads back to {:?}, which leads here", &**directory);
            self.refuse(at, name, why);
        } else if depth + below.height > DEEPEST {
            let why = format!("it is part of more than {DEEPEST} calls below one another");
            self.refuse(at, name, why);
        } else if paths > MOST_PATHS {
            let why = format!(
                "it is one of more than {MOST_PATHS} calls in all that one module leads to"
            );
            self.refuse(at, name, why);
        } else {
            self.below[at].height = here.height.max(below.height + 1);
            self.below[at].paths = paths;
        }
    }

    fn refuse(&mut self, at: usize, name: &Name, why: String) {
        let Some(call) = self.modules[at].calls.get_mut(name) else {
            return;
        };
        let summary = format!("module {name:?} is not followed");
        let detail = format!("{why}. Take the call out.");
        self.told
            .push(Diagnostic::error(Kind::Load, summary, detail).at(call.place));
        call.target = Target::Opaque(why.into());
    }
}

fn followed(module: &Module) -> Vec<(Name, ModuleId)> {
    let target = |target: &Target| match target {
        Target::Module(id) => Some(*id),
        Target::Opaque(_) => None,
    };
    module
        .calls
        .iter()
        .filter_map(|(name, call)| Some((name.clone(), target(&call.target)?)))
        .collect()
}
