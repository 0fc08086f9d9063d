//! Cuts calls that lead back to a module which leads to them, and chains of calls that no configuration needs.

use super::config::{Module, ModuleId, Name, Target};
use crate::diagnostic::{Diagnostic, Kind};

/// Calls below one another. Real estates have up to ten.
const DEEPEST: usize = 100;

/// A module on the way that is followed, and which of its calls is next.
struct Step {
    module: usize,
    next: usize,
}

/// Makes calls opaque that never end. Goes through the calls in the order of their names, so that the same ones are cut
/// each time.
pub(super) fn cut(modules: &mut [Module], told: &mut Vec<Diagnostic>) {
    let calls: Vec<Vec<(Name, ModuleId)>> = modules.iter().map(followed).collect();
    // How many calls lie below each module; 0 where it is not known yet.
    let mut height = vec![0_usize; modules.len()];
    let mut on_the_way = vec![false; modules.len()];
    let mut way = Vec::new();
    if !modules.is_empty() {
        way.push(Step { module: 0, next: 0 });
        on_the_way[0] = true;
    }
    while let Some(step) = way.last_mut() {
        let at = step.module;
        let Some((name, target)) = calls[at].get(step.next) else {
            let done = at;
            way.pop();
            on_the_way[done] = false;
            height[done] = height[done].max(1);
            if let Some(above) = way.last() {
                height[above.module] = height[above.module].max(height[done] + 1);
            }
            continue;
        };
        step.next += 1;
        let below = target.0 as usize;
        if on_the_way[below] {
            let why = format!(
                "it leads back to {:?}, which leads here",
                &*modules[below].directory
            );
            refuse(&mut modules[at], name, why, told);
        } else if way.len() + height[below].max(1) > DEEPEST {
            let why = format!("it is part of more than {DEEPEST} calls below one another");
            refuse(&mut modules[at], name, why, told);
        } else if height[below] > 0 {
            height[at] = height[at].max(height[below] + 1);
        } else {
            on_the_way[below] = true;
            way.push(Step {
                module: below,
                next: 0,
            });
        }
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

fn refuse(module: &mut Module, name: &Name, why: String, told: &mut Vec<Diagnostic>) {
    let Some(call) = module.calls.get_mut(name) else {
        return;
    };
    let summary = format!("module {name:?} is not followed");
    told.push(
        Diagnostic::error(Kind::Load, summary, format!("{why}. Take the call out.")).at(call.place),
    );
    call.target = Target::Opaque(why.into());
}
