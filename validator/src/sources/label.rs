//! Names of roots on what was read, where an estate has several.

use std::collections::HashMap;
use std::sync::Arc;

use super::WantedRoot;
use crate::inventory::{Inventory, Link};
use crate::source::Location;

/// Says which root everything belongs to; places are shown from the directory of the estate.
pub(super) fn with_root(inventory: &mut Inventory, root: &WantedRoot) {
    let directory = root
        .directory
        .as_deref()
        .filter(|directory| !matches!(*directory, "" | "."));
    let moved = |location: &Location| Location {
        file: match directory {
            Some(directory) => format!("{directory}/{}", location.file).into(),
            None => location.file.clone(),
        },
        ..location.clone()
    };
    for source in &mut inventory.sources {
        source.root = source.root.take().or_else(|| root.name.clone());
    }
    for diagnostic in &mut inventory.diagnostics {
        diagnostic.location = diagnostic.location.as_ref().map(moved);
        // The file that it points into is known by another name now.
        diagnostic.place = None;
    }
    for comment in &mut inventory.comments {
        comment.place = moved(&comment.place);
    }
    for change in &mut inventory.changes {
        change.root = change.root.take().or_else(|| root.name.clone());
    }
    for stale in &mut inventory.stale {
        stale.root = stale.root.take().or_else(|| root.name.clone());
        stale.source = stale.source.as_ref().map(moved);
    }
    for store in &mut inventory.stores {
        store.root = store.root.take().or_else(|| root.name.clone());
        store.source = store.source.as_ref().map(moved);
    }
    for unread in &mut inventory.unread {
        unread.root = unread.root.take().or_else(|| root.name.clone());
        unread.place = unread.place.as_ref().map(moved);
    }
    for unmade in &mut inventory.unmade {
        unmade.root = unmade.root.take().or_else(|| root.name.clone());
        let link = |link: &Link| Link {
            location: moved(&link.location),
            ..link.clone()
        };
        unmade.links = unmade.links.iter().map(link).collect();
    }
    // Chains are shared between instances.
    let mut seen: HashMap<*const Link, Arc<[Link]>> = HashMap::new();
    for instance in &mut inventory.instances {
        instance.root = instance.root.take().or_else(|| root.name.clone());
        instance.source = instance.source.as_ref().map(moved);
        if directory.is_none() {
            continue;
        }
        for links in instance.places.values_mut() {
            let made = seen.entry(links.as_ptr()).or_insert_with(|| {
                let link = |link: &Link| Link {
                    location: moved(&link.location),
                    ..link.clone()
                };
                links.iter().map(link).collect()
            });
            *links = made.clone();
        }
    }
}
