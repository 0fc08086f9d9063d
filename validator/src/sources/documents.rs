//! Plans, states and saved inventories among what is wanted.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use super::{Wanted, WantedRoot, together};
use crate::documents::error;
use crate::inventory::{DocumentError, Inventory, Sealer};
use crate::{inventory, plan, state};

/// Largest document that is read.
const LARGEST: u64 = 4 * 1024 * 1024 * 1024;

/// Refuses stdin for more than one document.
pub(super) fn check_stdin(wanted: &Wanted) -> Result<(), DocumentError> {
    let all = wanted
        .roots
        .iter()
        .flat_map(|root| [&root.plans, &root.states, &root.inventories])
        .flatten();
    if all.filter(|path| is_stdin(path)).count() > 1 {
        let detail = "Only one document can come from there; save the others.";
        return Err(error("-", "stdin is named more than once", detail));
    }
    Ok(())
}

/// Reads all documents of a root into one; a plan and a state of it are joined.
pub(super) fn read(
    root: &WantedRoot,
    accounts: &BTreeMap<String, String>,
    sealer: &Sealer,
    progress: &dyn Fn(String),
) -> Result<Inventory, DocumentError> {
    let mut whole = Inventory::default();
    let (mut plans, mut states) = (Vec::new(), Vec::new());
    for path in &root.plans {
        let (bytes, shown) = bytes(path, progress)?;
        plans.push(plan::read(&bytes, &shown, accounts, sealer)?);
    }
    for path in &root.states {
        let (bytes, shown) = bytes(path, progress)?;
        states.push(state::read(&bytes, &shown, accounts, sealer)?);
    }
    let one_root = root.name.is_some() || root.request.is_some();
    for world in together::join(plans, states, one_root) {
        add(&mut whole, world);
    }
    for path in &root.inventories {
        let (bytes, shown) = bytes(path, progress)?;
        add(&mut whole, inventory::json::read(&bytes, &shown)?);
    }
    Ok(whole)
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn bytes(path: &Path, progress: &dyn Fn(String)) -> Result<(Vec<u8>, String), DocumentError> {
    let shown = path.to_string_lossy().replace('\\', "/");
    progress(format!("reading {shown}"));
    if is_stdin(path) {
        let mut bytes = Vec::new();
        let read = std::io::stdin()
            .lock()
            .take(LARGEST)
            .read_to_end(&mut bytes);
        return match read {
            Ok(_) => Ok((bytes, shown)),
            Err(cause) => Err(error(
                &shown,
                format!("cannot be read: {cause}"),
                "Save the document and name its file.",
            )),
        };
    }
    let refuse = |cause: String| {
        error(
            &shown,
            format!("cannot be read: {cause}"),
            "Expected a file with a plan, state or inventory as JSON.",
        )
    };
    let metadata = std::fs::metadata(path).map_err(|cause| refuse(cause.to_string()))?;
    if metadata.is_dir() {
        return Err(refuse("it is a directory".into()));
    }
    if metadata.len() > LARGEST {
        return Err(refuse(format!("it has {} bytes", metadata.len())));
    }
    let bytes = std::fs::read(path).map_err(|cause| refuse(cause.to_string()))?;
    Ok((bytes, shown))
}

/// Adds one to the others. Of several documents each is a root of its own where addresses meet.
fn add(whole: &mut Inventory, mut next: Inventory) {
    let several = !whole.sources.is_empty();
    if several {
        for source in &mut next.sources {
            source.root.get_or_insert_with(|| source.path.clone());
        }
        let root = next.sources.first().map(|source| source.path.clone());
        for instance in &mut next.instances {
            if instance.root.is_none() {
                instance.root.clone_from(&root);
            }
        }
        for change in &mut next.changes {
            if change.root.is_none() {
                change.root.clone_from(&root);
            }
        }
    }
    whole.add(next);
}
