//! The objects that switch.

use std::collections::BTreeSet;

use aws::{Aws, Error, Region};

use crate::argument::Arguments;
use crate::message::Message;
use crate::steps::http_probe::bad_url;
use crate::steps::parts;

/// An object that switches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Switch {
    pub(super) region: Region,
    pub(super) bucket: String,
    pub(super) key: String,
}

/// The switches that the document names.
pub(super) fn switches(arguments: &Arguments) -> Vec<Switch> {
    let objects = arguments.objects("switches");
    let switch = |object: &Arguments| {
        Some(Switch {
            region: Region::new(object.text("region")?).ok()?,
            bucket: object.text("bucket")?.to_owned(),
            key: object.text("key")?.to_owned(),
        })
    };
    objects.iter().filter_map(switch).collect()
}

/// Whether a switch is on.
pub(super) async fn on(aws: &dyn Aws, switch: &Switch) -> Result<bool, Error> {
    let object = aws
        .objects(&switch.region)?
        .get(&switch.bucket, &switch.key)
        .await?;
    Ok(object.is_some())
}

/// What is wrong with the arguments.
pub(super) fn problems(arguments: &Arguments, regions: &[Region]) -> Vec<(String, Message)> {
    let mut problems = Vec::new();
    let mut missing: BTreeSet<&str> = regions.iter().skip(1).map(Region::as_str).collect();
    for (index, switch) in arguments.objects("switches").iter().enumerate() {
        let name = switch.text("region").unwrap_or_default();
        if !missing.remove(name) {
            let path = format!("switches[{index}].region");
            problems.push(parts::problem(
                path,
                format!("{name:?}"),
                "each region but the first, once",
            ));
        }
    }
    for region in missing {
        problems.push(parts::problem(
            "switches",
            format!("no switch for {region}"),
            "one for each region but the first",
        ));
    }
    let proof = (
        arguments.text("proof_url"),
        arguments.object("proof_contains"),
    );
    match proof {
        (Some(_), None) | (None, Some(_)) => {
            let seen = "one of proof_url and proof_contains";
            problems.push(parts::problem("proof_url", seen, "both or none"));
        }
        (Some(url), Some(_)) => problems.extend(bad_url("proof_url", url)),
        (None, None) => {}
    }
    problems
}
