//! The permissions that an operator needs, region by region.

use std::collections::{BTreeMap, BTreeSet};

use aws::Region;

use super::GLOBALS;
use crate::document::{Document, StorePlace};
use crate::kind::{ApiCall, Plane};

/// One permission in one region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permission {
    /// Whether what it allows changes something.
    pub changes: bool,
    /// Whether something cannot be done without it.
    pub needed: bool,
    /// The steps that use it; `the store` and `the account` for what the engine itself does.
    pub used_by: BTreeSet<String>,
}

/// Operations whose IAM action has another name than `service:Operation`:
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>,
/// <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>
const ACTIONS: &[(&str, &str, &str)] = &[
    ("lambda", "Invoke", "lambda:InvokeFunction"),
    ("s3", "HeadObject", "s3:GetObject"),
    ("s3", "HeadBucket", "s3:ListBucket"),
    ("s3", "ListObjects", "s3:ListBucket"),
    ("s3", "ListObjectsV2", "s3:ListBucket"),
    ("s3", "ListObjectVersions", "s3:ListBucketVersions"),
    (
        "s3",
        "GetBucketReplication",
        "s3:GetReplicationConfiguration",
    ),
    (
        "s3",
        "PutBucketReplication",
        "s3:PutReplicationConfiguration",
    ),
];

/// What the engine does in a store: action, and whether it changes something.
const STORE: [(&str, bool); 6] = [
    ("s3:GetObject", false),
    ("s3:PutObject", true),
    ("s3:DeleteObject", true),
    ("s3:ListBucket", false),
    ("s3:GetBucketVersioning", false),
    ("s3:GetReplicationConfiguration", false),
];

/// The IAM action that a call needs.
fn action(call: &ApiCall) -> String {
    let (service, operation) = (call.service, call.operation);
    let other = ACTIONS
        .iter()
        .find(|known| (known.0, known.1) == (service, operation));
    other.map_or_else(
        || format!("{service}:{operation}"),
        |known| known.2.to_owned(),
    )
}

/// By region and IAM action, all that the plan's steps call in any mode they run in, and what stores and accounts need.
pub fn permissions(document: &Document) -> BTreeMap<Region, BTreeMap<String, Permission>> {
    let mut all: BTreeMap<Region, BTreeMap<String, Permission>> = BTreeMap::new();
    let mut add = |region: &Region, action: String, (changes, needed): (bool, bool), by: &str| {
        let permission = all
            .entry(region.clone())
            .or_default()
            .entry(action)
            .or_default();
        permission.changes |= changes;
        permission.needed |= needed;
        permission.used_by.insert(by.to_owned());
    };
    for step in &document.steps {
        for mode in &step.run_in {
            for target in &document.regions {
                let others = document.regions.iter().filter(|from| *from != target);
                for from in others.map(Some).chain([None]) {
                    for call in step.kind.calls(&step.arguments, *mode, target, from) {
                        let region = home(&call).unwrap_or_else(|| call.region.clone());
                        add(
                            &region,
                            action(&call),
                            (call.changes, call.needed),
                            &step.name,
                        );
                    }
                }
            }
        }
    }
    for (region, place) in &document.stores {
        let StorePlace::Bucket { kms_key, .. } = place else {
            continue;
        };
        for (action, changes) in STORE {
            add(region, action.to_owned(), (changes, true), "the store");
        }
        if kms_key.is_some() {
            for action in ["kms:Decrypt", "kms:GenerateDataKey"] {
                add(region, action.to_owned(), (false, true), "the store");
            }
        }
    }
    for region in document.accounts.keys() {
        add(
            region,
            "sts:AssumeRole".to_owned(),
            (false, true),
            "the account",
        );
    }
    all
}

fn home(call: &ApiCall) -> Option<Region> {
    let global = GLOBALS
        .iter()
        .find(|global| global.service == call.service)?;
    match call.plane {
        Plane::Control => Region::new(global.home).ok(),
        Plane::Data => None,
    }
}
