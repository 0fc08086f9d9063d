//! How a published plan is named outside of a configuration: by one of its stores.

use aws::Region;
use recovery::document::{Document, StorePlace};
use recovery::engine::absolute;
use recovery::message::Message;
use recovery::publication;
use recovery::steps::KINDS;
use recovery::store::{self, Stores};

use super::admit_in;
use crate::client::Client;

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
        let mut prefix = prefix.to_owned();
        if !prefix.is_empty() && !prefix.ends_with('/') {
            prefix.push('/');
        }
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
            "name a store of the plan in another region",
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

    use super::parse;

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
}
