//! Override files: what they say replaces what is there.

use super::collect::Raw;
use super::config::{Content, Name};
use crate::diagnostic::{Diagnostic, Kind};

/// Merges a block of an override file.
pub(super) fn over(all: &mut Vec<Raw>, new: Raw, told: &mut Vec<Diagnostic>) {
    match &*new.ty {
        // They have no identity: what they hold is merged when it is read, later ones last.
        "locals" | "terraform" => {
            all.push(Raw {
                overrides: true,
                ..new
            });
            return;
        }
        "moved" | "import" | "removed" | "check" | "action" | "list" => {
            all.push(new);
            return;
        }
        _ => {}
    }
    let Some(base) = all.iter_mut().find(|raw| raw.is_same(&new)) else {
        let detail = "An override file changes what other files declare; there is no such declaration. It is left out.";
        let summary = format!("{} overrides nothing", new.shown());
        told.push(Diagnostic::error(Kind::Load, summary, detail).at(new.place));
        return;
    };
    base.content.damaged |= new.content.damaged;
    replace(&mut base.content, new.content);
}

/// Arguments replace arguments of the same name, blocks all blocks of the same type. `lifecycle` is merged by its
/// arguments: all of its blocks stay.
fn replace(base: &mut Content, new: Content) {
    base.arguments.extend(new.arguments);
    let replaced = |ty: &Name| &**ty != "lifecycle" && new.blocks.iter().any(|nested| nested.ty == *ty);
    base.blocks.retain(|nested| !replaced(&nested.ty));
    base.blocks.extend(new.blocks);
}
