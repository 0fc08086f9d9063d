//! Two real estates that mirror each other but for what is written down: the table says nothing else, from any source.

use std::path::{Path, PathBuf};

use drcheck::check::{self, Options};
use drcheck::inventory::{Inventory, Sealer};
use drcheck::load::Request;
use drcheck::settings::Settings;
use drcheck::sources::{self, Wanted, WantedRoot};

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

fn request(name: &str) -> Request {
    Request {
        root: fixture(name),
        ..Request::default()
    }
}

pub(super) fn configuration(name: &str) -> Inventory {
    read(WantedRoot {
        request: Some(request(name)),
        ..WantedRoot::default()
    })
}

/// What the rows of the table and the generic rules find, and how many questions stay open.
fn generic(inventory: &Inventory) -> (Vec<String>, usize) {
    let settings = Settings::default();
    let (_, outcome) =
        check::check(inventory, &settings, &Options::default()).expect("two regions");
    let table = [
        "attribute-differs",
        "reference-not-translated",
        "counterpart-missing",
    ];
    let by_row = |rule: &str| {
        table.contains(&rule)
            || drcheck::rules::find(rule)
                .is_some_and(|rule| matches!(rule.check, drcheck::rules::Check::Table))
    };
    let found = outcome
        .findings
        .iter()
        .filter(|finding| by_row(&finding.rule))
        .map(|finding| format!("{}: {}", finding.rule, finding.message))
        .collect();
    (found, outcome.gaps.len())
}

/// B1 of the fixture's list of what is right to find.
const EXPECTED: &str = "counterpart-missing: module.data_primary.aws_backup_selection.main[0] has no counterpart in us-west-2";

#[test]
fn the_base_estate_has_only_what_is_written_down() {
    let sources = [
        ("configuration", configuration("two-region")),
        (
            "plan with configuration",
            read(WantedRoot {
                request: Some(request("two-region")),
                plans: vec![fixture("two-region/plan.json")],
                ..WantedRoot::default()
            }),
        ),
        (
            "state",
            read(WantedRoot {
                states: vec![fixture("two-region/state.json")],
                ..WantedRoot::default()
            }),
        ),
        (
            "stored state",
            read(WantedRoot {
                states: vec![fixture("two-region/terraform.tfstate")],
                ..WantedRoot::default()
            }),
        ),
    ];
    for (source, inventory) in sources {
        let (found, open) = generic(&inventory);
        assert_eq!(found, [EXPECTED], "{source}");
        assert_eq!(open, 0, "{source}");
    }
}

#[test]
fn a_plan_alone_finds_the_same_and_leaves_the_rest_open() {
    let inventory = read(WantedRoot {
        plans: vec![fixture("two-region/plan.json")],
        ..WantedRoot::default()
    });
    let (found, open) = generic(&inventory);
    assert_eq!(found, [EXPECTED]);
    assert!(open < 100, "{open}");
}
