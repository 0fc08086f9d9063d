//! How a published plan is named outside of a configuration: by one of its stores, or by its name and all of them.

use std::collections::BTreeMap;

use aws::Region;
use recovery::document::{Document, StorePlace};
use recovery::engine::absolute;
use recovery::message::Message;
use recovery::publication;
use recovery::steps::KINDS;
use recovery::store::{self, Stores};
use serde_json::Value as Json;
use terraform_framework::resource::ImportFrom;
use terraform_framework::{Model, Value};

use super::admit_in;
use crate::client::Client;
use crate::roles::lost::if_it_answers;

/// What names a failover plan, and the role that it moves, for good.
#[derive(Model, Clone, Debug)]
pub(crate) struct PlanIdentity {
    /// Name of the failover plan.
    #[attr(required)]
    pub(crate) name: Value<String>,
    /// Its stores, each as `REGION/s3://BUCKET/PREFIX`. Any of them suffices for an import; the first one that answers
    /// is asked, and none in a region that is declared lost.
    #[attr(required)]
    pub(crate) stores: Value<Vec<Value<String>>>,
}

fn with_slash(prefix: &str) -> String {
    let slash = if prefix.is_empty() || prefix.ends_with('/') {
        ""
    } else {
        "/"
    };
    format!("{prefix}{slash}")
}

/// The identity of the plan of a document; `None` while that is not known. Stores stand in the order of their regions'
/// names, so that a document that orders its regions anew keeps its identity.
pub(crate) fn identity(document: &Value<String>) -> Option<PlanIdentity> {
    let document: Json = serde_json::from_str(document.text()?).ok()?;
    let places: BTreeMap<&String, &Json> = document.get("stores")?.as_object()?.iter().collect();
    let stores = places.into_iter();
    let stores = stores.map(|(region, place)| Value::Known(store_text(region, place)));
    Some(PlanIdentity {
        name: document.get("name")?.as_str()?.into(),
        stores: Value::Known(stores.collect()),
    })
}

/// A store of a document, as [`parse`] reads it.
fn store_text(region: &str, place: &Json) -> String {
    let text = |name: &str| place.get(name).and_then(Json::as_str);
    match text("bucket") {
        Some(bucket) => {
            let prefix = with_slash(text("prefix").unwrap_or_default());
            format!("{region}/s3://{bucket}/{prefix}")
        }
        None => format!("{region}/{}", text("directory").unwrap_or_default()),
    }
}

/// The document that an import names.
///
/// # Errors
/// When no store that is named answers and points to it.
pub(crate) async fn imported(
    client: &Client,
    from: &ImportFrom<PlanIdentity>,
) -> Result<Document, Message> {
    let identity = match from {
        ImportFrom::Id(id) => return published(client, id).await,
        ImportFrom::Identity(identity) => identity,
    };
    let name = identity.name.text().unwrap_or_default();
    let mut refused = Vec::new();
    let stores = identity.stores.known().into_iter().flatten();
    for store in stores.filter_map(Value::text) {
        match published(client, store).await {
            Ok(document) if document.name == name => return Ok(document),
            Ok(document) => return Err(another(&document.name, name, store)),
            Err(message) => refused.push((store, message)),
        }
    }
    match refused.as_slice() {
        [] => Err(Message::new(
            format!("no store of {name} is named"),
            "one store at least, such as us-west-2/s3://orders-dr-us-west-2/failover/",
            "write it into `stores` of the identity",
        )),
        [(_, only)] => Err(only.clone()),
        several => {
            let seen = several.iter();
            let seen = seen.map(|(store, message)| format!("{store}: {}", message.seen));
            Err(Message::new(
                seen.collect::<Vec<_>>().join("; "),
                format!("a store that answers and points to the plan {name}"),
                "write a store of the plan that answers into `stores` of the identity",
            ))
        }
    }
}

fn another(seen: &str, name: &str, store: &str) -> Message {
    Message::new(
        format!("{store} points to the plan {seen}"),
        format!("the plan {name}, by `name` of the identity"),
        format!("write name = \"{seen}\" if you mean that plan, or a store of {name}"),
    )
}

/// A store by the text of an import id: `REGION/s3://BUCKET/PREFIX`, or `REGION//DIRECTORY`.
///
/// # Errors
/// When it is neither.
pub(crate) fn parse(id: &str) -> Result<(Region, StorePlace), Message> {
    let refuse = || {
        Message::new(
            format!("{id:?}"),
            "REGION/s3://BUCKET/PREFIX, such as us-west-2/s3://orders-dr-us-west-2/failover/, or REGION/DIRECTORY with an absolute path",
            "name any store of the plan that answers",
        )
    };
    let (region, place) = id.split_once('/').ok_or_else(refuse)?;
    let region = Region::new(region).map_err(|_| refuse())?;
    if let Some(bucket) = place.strip_prefix("s3://") {
        let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        if bucket.is_empty() {
            return Err(refuse());
        }
        let prefix = with_slash(prefix);
        let bucket = bucket.to_owned();
        let kms_key = None;
        return Ok((
            region,
            StorePlace::Bucket {
                bucket,
                prefix,
                kms_key,
            },
        ));
    }
    if place.starts_with('/') {
        return Ok((region, StorePlace::Directory(place.to_owned())));
    }
    Err(refuse())
}

/// The document that a store points to.
///
/// # Errors
/// When the store does not answer, or points to none.
pub(crate) async fn published(client: &Client, id: &str) -> Result<Document, Message> {
    let (region, place) = parse(id)?;
    if client.is_lost(&region) {
        return Err(Message::new(
            format!("{region} is declared lost"),
            "a store that answers",
            format!(
                "name a store of the plan in another region, as REGION/s3://BUCKET/PREFIX; or, {}",
                if_it_answers(&client.lost_regions, region.as_str())
            ),
        ));
    }
    admit_in(client, &region).await?;
    let (aws, clock) = (client.aws.as_ref(), client.clock.clone());
    let opened = store::open(&region, &absolute(&place), aws, clock.clone());
    let opened = opened.map_err(|error| {
        Message::new(error.to_string(), "the store of a plan", "check the region")
    })?;
    let stores = Stores::new(vec![opened], std::collections::BTreeSet::new(), clock);
    let current = publication::current(&stores, Some(&region)).await?;
    let text = String::from_utf8_lossy(&current.bytes);
    match Document::read(&text, KINDS) {
        Ok((document, _)) => Ok(document),
        Err(problems) => Err(Message::new(
            problems
                .first()
                .map_or_else(String::new, ToString::to_string),
            "a document that this version reads",
            "use the version of the provider that published it",
        )),
    }
}

#[cfg(test)]
mod tests {
    use recovery::document::StorePlace;

    use terraform_framework::Value;

    use super::{identity, parse};

    #[test]
    fn a_store_is_named_by_region_and_place() {
        let (region, place) = parse("us-west-2/s3://orders-dr/failover").unwrap();
        assert_eq!(region.as_str(), "us-west-2");
        assert!(
            matches!(place, StorePlace::Bucket { bucket, prefix, .. } if bucket == "orders-dr" && prefix == "failover/")
        );
        let (_, place) = parse("us-west-2//srv/dr").unwrap();
        assert_eq!(place, StorePlace::Directory("/srv/dr".to_owned()));
        for bad in [
            "",
            "us-west-2",
            "us-west-2/bucket",
            "west/s3://orders",
            "us-west-2/s3://",
        ] {
            assert!(
                parse(bad).unwrap_err().expected.contains("REGION/s3://"),
                "{bad}"
            );
        }
    }

    #[test]
    fn an_identity_names_every_store_as_an_import_reads_it() {
        let document = r#"{ "name": "orders", "regions": ["us-west-2", "us-east-1"], "stores": {
            "us-west-2": { "bucket": "dr-west", "prefix": "failover", "kms_key": "alias/dr" },
            "us-east-1": { "bucket": "dr-east" },
            "eu-west-1": { "directory": "/srv/dr" } } }"#;
        let found = identity(&Value::from(document.to_owned())).expect("it is known");
        assert_eq!(found.name.text(), Some("orders"));
        let stores: Vec<&str> = found
            .stores
            .known()
            .into_iter()
            .flatten()
            .filter_map(Value::text)
            .collect();
        assert_eq!(
            stores,
            [
                "eu-west-1//srv/dr",
                "us-east-1/s3://dr-east/",
                "us-west-2/s3://dr-west/failover/"
            ]
        );
        assert!(stores.iter().all(|store| parse(store).is_ok()));
        assert!(identity(&Value::UNKNOWN).is_none());
    }
}
