//! Override files: what they say replaces what is there.

use super::collect::{Blocks, Raw};
use super::config::{Content, Name};
use crate::diagnostic::{Diagnostic, Kind};

/// Merges a block of an override file.
pub(super) fn over(blocks: &mut Blocks, new: Raw, told: &mut Vec<Diagnostic>) {
    match &*new.ty {
        // They have no identity: what they hold is merged when it is read, later ones last.
        "locals" | "terraform" => {
            blocks.push(Raw {
                overrides: true,
                ..new
            });
            return;
        }
        "moved" | "import" | "removed" | "check" => {
            let summary = format!("a {} block in an override file", new.ty);
            let detail = "Terraform takes such blocks from other files only. It is left out; move it into a file of another name.";
            told.push(Diagnostic::error(Kind::Load, summary, detail).at(new.place));
            return;
        }
        _ => {}
    }
    let Some(base) = blocks.same(&new) else {
        // A provider that nobody configures has an empty configuration, which this one changes.
        if &*new.ty == "provider" && new.alias.is_none() {
            blocks.push(new);
            return;
        }
        let detail = "An override file changes what other files declare; there is no such declaration. It is left out.";
        let summary = format!("{} overrides nothing", new.shown());
        told.push(Diagnostic::error(Kind::Load, summary, detail).at(new.place));
        return;
    };
    base.content.damaged |= new.content.damaged;
    replace(&mut base.content, new.content);
}

/// Arguments replace arguments of the same name, blocks all blocks of the same type; in the JSON form blocks are written as
/// arguments. `lifecycle` is merged by its arguments: all of its blocks stay.
fn replace(base: &mut Content, new: Content) {
    let kept = |name: &Name| &**name == "lifecycle";
    let blocks = |name: &Name| new.blocks.iter().any(|nested| nested.ty == *name);
    base.arguments.retain(|name, _| kept(name) || !blocks(name));
    base.blocks.retain(|nested| {
        kept(&nested.ty) || !(blocks(&nested.ty) || new.arguments.contains_key(&nested.ty))
    });
    base.arguments.extend(new.arguments);
    base.blocks.extend(new.blocks);
    base.json |= new.json;
}
