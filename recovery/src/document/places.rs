//! Reading where stores are and how accounts are entered.

use std::collections::BTreeMap;

use aws::Region;

use super::arguments::{exact_regions, only_regions};
use super::fields::{self, Fields};
use super::json::{self, Node};
use super::problem::{Findings, Path};
use super::{Account, StorePlace};

/// A store for every region of the plan.
pub(super) fn stores(
    fields: &Fields<'_>,
    regions: Option<&[Region]>,
    findings: &mut Findings,
) -> Option<BTreeMap<Region, StorePlace>> {
    let what =
        "for every region a bucket (or, in a laboratory, a directory) that keeps journal and lock";
    let (node, path) = fields.need("stores", what, findings)?;
    let fields = Fields::open(node, &path, findings)?;
    let mut whole = exact_regions(&fields, regions, findings);
    let mut stores: BTreeMap<Region, StorePlace> = BTreeMap::new();
    for member in fields.members() {
        let path = path.key(&member.key);
        let place = store(&member.node, &path, &member.key, findings);
        let (Some(place), Ok(region)) = (place, Region::new(member.key.as_str())) else {
            whole = false;
            continue;
        };
        let same = stores.iter().find(|(_, other)| shares(other, &place));
        if let Some((other, _)) = same {
            whole = false;
            findings.refuse(
                &path,
                format!("the store of {other} again"),
                "a store of its own in every region",
                format!(
                    "name a bucket that is in {region}: what is kept in one region is lost with it"
                ),
            );
        }
        stores.insert(region, place);
    }
    whole.then_some(stores)
}

fn shares(one: &StorePlace, other: &StorePlace) -> bool {
    match (one, other) {
        (StorePlace::Bucket { bucket: one, .. }, StorePlace::Bucket { bucket: other, .. }) => {
            one == other
        }
        (StorePlace::Directory(one), StorePlace::Directory(other)) => one == other,
        _ => false,
    }
}

fn store(node: &Node, path: &Path, region: &str, findings: &mut Findings) -> Option<StorePlace> {
    let fields = Fields::open(node, path, findings)?;
    fields.only(&["bucket", "prefix", "kms_key", "directory"], findings);
    let bucket = fields.get("bucket");
    let Some((node, at)) = fields.get("directory") else {
        if bucket.is_none() {
            findings.refuse(
                path,
                "neither a bucket nor a directory",
                "a versioned bucket of this region",
                "add \"bucket\"",
            );
        }
        return bucket_store(&fields, region, findings);
    };
    for other in ["bucket", "prefix", "kms_key"] {
        if let Some((_, at)) = fields.get(other) {
            let seen = format!("{other:?} beside \"directory\"");
            findings.refuse(&at, seen, "a bucket or a directory", "take one of them out");
        }
    }
    fields::text(node, &at, findings).map(StorePlace::Directory)
}

fn bucket_store(fields: &Fields<'_>, region: &str, findings: &mut Findings) -> Option<StorePlace> {
    let optional = |name, findings: &mut Findings| match fields.get(name) {
        None => Some(None),
        Some((node, path)) => fields::text(node, &path, findings).map(Some),
    };
    let kms_key = optional("kms_key", findings);
    if let (Some(Some(key)), Some((_, path))) = (&kms_key, fields.get("kms_key")) {
        own_key(key, region, &path, findings);
    }
    let prefix = fields.get("prefix");
    let prefix = match prefix {
        None => Some(String::new()),
        Some((node, path)) => prefix_text(node, &path, findings),
    };
    let (node, path) = fields.get("bucket")?;
    let bucket = fields::text(node, &path, findings)?;
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-';
    if !(3..=63).contains(&bucket.len()) || !bucket.chars().all(plain) {
        findings.refuse(
            &path,
            format!("{:?}", json::clip(&bucket)),
            "the name of a bucket: 3 to 63 of a-z, 0-9, . and -",
            "write the name alone, without s3:// and without a key",
        );
        return None;
    }
    Some(StorePlace::Bucket {
        bucket,
        prefix: prefix?,
        kms_key: kms_key?,
    })
}

/// Ends with a slash unless it is empty.
fn prefix_text(node: &Node, path: &Path, findings: &mut Findings) -> Option<String> {
    let json::Json::Text(prefix) = &node.value else {
        let seen = node.value.to_string();
        findings.refuse(
            path,
            seen,
            "a string",
            "write what keys begin with, such as \"dr/\"",
        );
        return None;
    };
    if prefix.starts_with('/') {
        findings.refuse(
            path,
            format!("{:?}", json::clip(prefix)),
            "a prefix that does not begin with a slash: keys of S3 do not",
            format!("write {:?}", json::clip(prefix.trim_start_matches('/'))),
        );
        return None;
    }
    if prefix.is_empty() || prefix.ends_with('/') {
        Some(prefix.clone())
    } else {
        Some(format!("{prefix}/"))
    }
}

/// The key is in the bucket's region:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html>
fn own_key(key: &str, region: &str, path: &Path, findings: &mut Findings) {
    if let Some(other) = super::arn_region(key)
        && other != region
    {
        findings.refuse(
            path,
            format!("a key in {other}"),
            format!("a key in {region}, where the bucket is"),
            format!("name a key of {region}; a multi-region key has a replica's ARN there"),
        );
    }
}

/// How accounts are entered; regions may be missing.
pub(super) fn accounts(
    fields: &Fields<'_>,
    regions: Option<&[Region]>,
    findings: &mut Findings,
) -> Option<BTreeMap<Region, Account>> {
    let Some((node, path)) = fields.get("accounts") else {
        return Some(BTreeMap::new());
    };
    let fields = Fields::open(node, &path, findings)?;
    let mut whole = regions.is_none_or(|regions| only_regions(&fields, regions, findings));
    let mut accounts = BTreeMap::new();
    for member in fields.members() {
        let account = account(&member.node, &path.key(&member.key), findings);
        match (account, Region::new(member.key.as_str())) {
            (Some(account), Ok(region)) => {
                accounts.insert(region, account);
            }
            _ => whole = false,
        }
    }
    whole.then_some(accounts)
}

fn account(node: &Node, path: &Path, findings: &mut Findings) -> Option<Account> {
    let fields = Fields::open(node, path, findings)?;
    fields.only(&["role_arn", "external_id"], findings);
    let external_id = match fields.get("external_id") {
        None => Some(None),
        Some((node, path)) => fields::text(node, &path, findings).map(Some),
    };
    let (node, path) = fields.need("role_arn", "the ARN of the role to assume", findings)?;
    let role_arn = fields::text(node, &path, findings)?;
    let parts: Vec<&str> = role_arn.splitn(6, ':').collect();
    let role = match parts.as_slice() {
        ["arn", _, "iam", _, _, resource] => resource.starts_with("role/"),
        _ => false,
    };
    if !role {
        findings.refuse(
            &path,
            format!("{:?}", json::clip(&role_arn)),
            "the ARN of an IAM role, such as arn:aws:iam::123456789012:role/recovery",
            "write the role's ARN, not its name",
        );
        return None;
    }
    Some(Account {
        role_arn,
        external_id: external_id?,
    })
}
