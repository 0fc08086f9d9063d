//! A plan's documents in its stores: each under its digest, and a pointer to the one that counts.

use std::collections::BTreeMap;

use aws::{ErrorKind, Region};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::message::Message;
use crate::next_move;
use crate::store::{Retry, StaleStore, Store, Stores};

/// The key of the pointer in every store.
pub const CURRENT: &str = "current";

/// Which document counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    /// The format.
    pub schema: u32,
    /// The plan.
    pub plan: String,
    /// SHA-256 of the document's canonical bytes.
    pub digest: String,
    /// Who published it.
    pub by: String,
    /// When, by the publisher's clock.
    pub at: Timestamp,
}

/// The document that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    /// Its digest.
    pub digest: String,
    /// Its canonical bytes; they have that digest.
    pub bytes: Vec<u8>,
    /// Stores that do not point to it.
    pub stale_stores: Vec<StaleStore>,
}

/// What one store says: the digest that it points to, nothing, or why it could not be asked.
pub type Pointed = BTreeMap<Region, Result<Option<String>, String>>;

/// The digest of a document.
pub fn digest(canonical_bytes: &[u8]) -> String {
    canonical::hash(canonical_bytes)
}

/// The key of the pointer to a child plan's document in the stores of the plan that runs it.
pub fn child_key(plan: &str) -> String {
    format!("children/{plan}")
}

fn document_key(digest: &str) -> String {
    format!("documents/{digest}.json")
}

/// Which document counts; pure. With a target, its store's; without one, the one that all stores agree on. Another
/// digest in a store whose region is not declared lost refuses (`pointed` holds no lost region).
///
/// # Errors
/// When there is no document, or two.
pub fn decide(pointed: &Pointed, target: Option<&Region>) -> Result<String, Message> {
    let mut known = pointed
        .iter()
        .filter_map(|(region, answer)| Some((region, answer.as_ref().ok()?.as_ref()?)));
    let chosen = match target {
        Some(target) => match pointed.get(target) {
            Some(Ok(Some(digest))) => Some(digest),
            Some(Err(why)) => {
                return Err(Message::new(
                    format!("the store of {target} could not be read: {why}"),
                    "the document in the region that becomes active",
                    "restore access to the store, or choose another target",
                ));
            }
            _ => None,
        },
        None => known.clone().map(|(_, digest)| digest).next(),
    };
    let Some(chosen) = chosen else {
        let place = target.map_or("any store".to_owned(), |it| format!("the store of {it}"));
        return Err(Message::new(
            format!("no document was published to {place}"),
            "the document in every region's store",
            next_move::publish(),
        ));
    };
    match known.find(|(_, digest)| *digest != chosen) {
        None => Ok(chosen.clone()),
        Some((region, other)) => Err(Message::new(
            format!("the store of {region} points to document {other}, not to {chosen}"),
            "one document in all stores",
            format!(
                "{} brings them together; where {region} is lost, declare it with --lost {region}",
                next_move::publish()
            ),
        )),
    }
}

/// Asks every store that answers for the digest that it points to.
pub async fn pointed(stores: &Stores) -> Pointed {
    pointed_by(stores, CURRENT).await
}

/// Asks every store that answers for the digest that a pointer of this key names.
async fn pointed_by(stores: &Stores, key: &str) -> Pointed {
    let answers = stores
        .each(|store| async move {
            let kept = stores.harmless(store.region(), || store.get(key)).await;
            let kept = kept.map_err(|error| error.to_string())?;
            let pointer = kept.map(|kept| canonical::read::<Pointer>(&kept.body));
            Ok(pointer.transpose()?.map(|pointer| pointer.digest))
        })
        .await;
    let answers = answers.into_iter();
    answers
        .map(|(store, answer)| (store.region().clone(), answer))
        .collect()
}

/// Removes the pointer from every store that answers; documents and journals stay. Returns the stores that keep it.
pub async fn retract(stores: &Stores) -> Vec<StaleStore> {
    let removed = stores
        .each(|store| async move {
            let region = store.region();
            let kept = stores.harmless(region, || store.get(CURRENT)).await;
            let kept = kept.map_err(|error| error.to_string())?;
            let Some(kept) = kept else { return Ok(()) };
            let remove = || store.remove(CURRENT, &kept.etag);
            let removed = stores.harmless(region, remove).await;
            removed.map_err(|error| error.to_string())
        })
        .await;
    let failed = removed.into_iter().filter_map(|(store, answer)| {
        let (region, why): (_, String) = (store.region().clone(), answer.err()?);
        Some(StaleStore { region, why })
    });
    stores.stale().into_iter().chain(failed).collect()
}

/// Reads the document that counts.
///
/// # Errors
/// When none or more than one counts, or its bytes are not those of its digest.
pub async fn current(stores: &Stores, target: Option<&Region>) -> Result<Current, Message> {
    current_by(stores, CURRENT, target).await
}

/// Reads the document that a pointer of this key names; as [`current`].
///
/// # Errors
/// As [`current`].
pub async fn current_by(
    stores: &Stores,
    key: &str,
    target: Option<&Region>,
) -> Result<Current, Message> {
    let read = read_by(stores, key, target).await;
    read.map_err(|(NotCurrent::Silent(message) | NotCurrent::Unfit(message))| message)
}

/// Why no document counts.
pub(crate) enum NotCurrent {
    /// The target's store does not answer: it may be asked again.
    Silent(Message),
    /// None or more than one counts, or its bytes are not those of its digest.
    Unfit(Message),
}

/// As [`current`], and told apart whether asking again may help.
pub(crate) async fn read_current(
    stores: &Stores,
    target: Option<&Region>,
) -> Result<Current, NotCurrent> {
    read_by(stores, CURRENT, target).await
}

async fn read_by(
    stores: &Stores,
    key: &str,
    target: Option<&Region>,
) -> Result<Current, NotCurrent> {
    let pointed = pointed_by(stores, key).await;
    let silent = target.is_some_and(|target| matches!(pointed.get(target), Some(Err(_))));
    let digest = decide(&pointed, target).map_err(|message| {
        if silent {
            NotCurrent::Silent(message)
        } else {
            NotCurrent::Unfit(message)
        }
    })?;
    let mut stale_stores = stores.stale();
    stale_stores.extend(pointed.into_iter().filter_map(|(region, answer)| {
        let why = match answer {
            Ok(Some(_)) => return None,
            Ok(None) => "no document was published to it".to_owned(),
            Err(why) => why,
        };
        Some(StaleStore { region, why })
    }));
    let bytes = document(stores, &digest, target).await;
    let bytes = bytes.map_err(NotCurrent::Unfit)?;
    Ok(Current {
        digest,
        bytes,
        stale_stores,
    })
}

/// The document of a digest, from the target's store first; whatever has other bytes does not count.
///
/// # Errors
/// When no store that answers holds it.
pub async fn document(
    stores: &Stores,
    digest: &str,
    target: Option<&Region>,
) -> Result<Vec<u8>, Message> {
    let key = document_key(digest);
    let of_target = target.and_then(|target| stores.of(target));
    let mut seen = Vec::new();
    for store in of_target.into_iter().chain(stores.answering()) {
        match stores.harmless(store.region(), || store.get(&key)).await {
            Ok(Some(kept)) if self::digest(&kept.body) == digest => return Ok(kept.body),
            Ok(Some(kept)) => seen.push(format!(
                "{}{key} has the digest {}: it was changed",
                store.place(),
                self::digest(&kept.body)
            )),
            Ok(None) => seen.push(format!("{}{key} is not there", store.place())),
            Err(error) => seen.push(error.to_string()),
        }
    }
    Err(Message::new(
        seen.join("; "),
        format!("the document {digest}"),
        format!(
            "{}, from the configuration that is under review",
            next_move::publish()
        ),
    ))
}

/// Publishes a document: its bytes first, then the pointer, in every store that answers. Returns the stores that do
/// not point to it: publishing there is deferred.
///
/// # Errors
/// When no store took it.
pub async fn publish(
    stores: &Stores,
    plan: &str,
    canonical_bytes: &[u8],
    by: &str,
) -> Result<Vec<StaleStore>, Message> {
    publish_as(stores, CURRENT, plan, canonical_bytes, by).await
}

/// Publishes a document under a pointer of its own; as [`publish`].
///
/// # Errors
/// As [`publish`].
pub async fn publish_as(
    stores: &Stores,
    key: &str,
    plan: &str,
    canonical_bytes: &[u8],
    by: &str,
) -> Result<Vec<StaleStore>, Message> {
    let pointer = Pointer {
        schema: 1,
        plan: plan.to_owned(),
        digest: digest(canonical_bytes),
        by: by.to_owned(),
        at: stores.clock().now(),
    };
    let written = stores
        .each(|store| publish_to(stores, store.as_ref(), key, canonical_bytes, &pointer))
        .await;
    let taken = written.iter().any(|(_, answer)| answer.is_ok());
    let failed = written.into_iter().filter_map(|(store, answer)| {
        let why = answer.err()?;
        let region = store.region().clone();
        Some(StaleStore { region, why })
    });
    let stale: Vec<_> = stores.stale().into_iter().chain(failed).collect();
    if taken {
        return Ok(stale);
    }
    let reasons = stale.iter().map(|it| format!("{}: {}", it.region, it.why));
    Err(Message::new(
        reasons.collect::<Vec<_>>().join("; "),
        "a store that takes the document",
        "restore access to the stores of the plan, and publish again",
    ))
}

async fn publish_to(
    stores: &Stores,
    store: &dyn Store,
    current: &str,
    bytes: &[u8],
    pointer: &Pointer,
) -> Result<(), String> {
    let (region, key) = (store.region(), document_key(&pointer.digest));
    match stores.harmless(region, || store.create(&key, bytes)).await {
        Err(error) if error.kind == ErrorKind::PreconditionFailed => {
            let there = stores.harmless(region, || store.get(&key)).await;
            let there = there.map_err(|error| error.to_string())?;
            if there.is_none_or(|there| there.body != bytes) {
                return Err(format!("{key} is there with other bytes: it was changed"));
            }
        }
        answer => {
            answer.map_err(|error| error.to_string())?;
        }
    }
    let body = canonical::bytes(pointer);
    let mut retry = Retry::new(stores.clock().as_ref(), stores.times);
    loop {
        let kept = stores.harmless(region, || store.get(current)).await;
        let kept = kept.map_err(|error| error.to_string())?;
        let there = kept
            .as_ref()
            .and_then(|kept| canonical::read::<Pointer>(&kept.body).ok());
        if there.is_some_and(|there| there.digest == pointer.digest) {
            return Ok(());
        }
        let written = match &kept {
            Some(kept) => {
                stores
                    .bound(region, store.replace(current, &body, &kept.etag))
                    .await
            }
            None => stores.bound(region, store.create(current, &body)).await,
        };
        let Err(error) = written else { return Ok(()) };
        // Somebody else who publishes now wins or loses as a whole: theirs is looked at, and the last one stays.
        let again = error.is_transient() || error.kind == ErrorKind::PreconditionFailed;
        if !(again && retry.again().await) {
            return Err(error.to_string());
        }
    }
}
