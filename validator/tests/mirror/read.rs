//! Reads fixtures with the library.

use std::path::{Path, PathBuf};

use drcheck::inventory::{Inventory, Sealer};
use drcheck::load::Request;
use drcheck::sources::{self, Wanted, WantedRoot};

/// A fixture's path.
pub(super) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/estates")
        .join(name)
}

fn read(root: WantedRoot) -> Inventory {
    let wanted = Wanted {
        roots: vec![root],
        ..Wanted::default()
    };
    let sealer = Sealer::with_key(b"test".to_vec());
    sources::read(&wanted, &sealer, &|_| ())
        .expect("fixtures can be read")
        .inventory
}

/// From configuration.
pub(super) fn configuration(name: &str) -> Inventory {
    read(WantedRoot {
        request: Some(Request {
            root: fixture(name),
            ..Request::default()
        }),
        ..WantedRoot::default()
    })
}

/// From a plan.
pub(super) fn plan(name: &str) -> Inventory {
    read(WantedRoot {
        plans: vec![fixture(name)],
        ..WantedRoot::default()
    })
}

/// From a state.
pub(super) fn state(name: &str) -> Inventory {
    read(WantedRoot {
        states: vec![fixture(name)],
        ..WantedRoot::default()
    })
}
