//! Whether parameters and secrets hold what they should. A secret's value is compared where it is read and kept nowhere.

use aws::Error;
use aws::secrets::SecretValue;
use jiff::Timestamp;
use serde_json::Value;

use super::{Target, Wanted};
use crate::message::Message;
use crate::steps::parts;

/// Whether a value holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    Holds,
    Differs,
    /// It differs and cannot be written by this step.
    Unfit(Message),
}

/// A parameter or a text within a secret.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) state: State,
    pub(super) changed_at: Option<Timestamp>,
}

pub(super) async fn parameters(target: &Target) -> Result<Vec<Held>, Error> {
    let mut held = Vec::new();
    for wanted in &target.parameters {
        let found = target
            .aws
            .parameters(&target.region)?
            .get(&wanted.name)
            .await?;
        let state = if found.kind != "String" {
            State::Unfit(Message::new(
                format!(
                    "the parameter {} in {} is a {}",
                    found.name, target.region, found.kind
                ),
                "a String: what the application connects to is no secret, and has to be comparable",
                "use a String parameter, or a secret with a pointer",
            ))
        } else if found.value == wanted.value {
            State::Holds
        } else {
            State::Differs
        };
        held.push(Held {
            state,
            changed_at: found.changed_at,
        });
    }
    Ok(held)
}

pub(super) async fn secrets(target: &Target) -> Result<Vec<Held>, Error> {
    let mut held = Vec::new();
    for wanted in &target.secrets {
        let secrets = target.aws.secrets(&target.region)?;
        let value = secrets.value(&wanted.name).await?;
        let secret = secrets.describe(&wanted.name).await?;
        let state = match replaced(&value, wanted) {
            Ok(None) => State::Holds,
            Ok(Some(_)) => match secret.primary_region {
                None => State::Differs,
                Some(origin) => State::Unfit(Message::new(
                    format!(
                        "the secret {} in {} is a replica of the one in {origin}",
                        wanted.name, target.region
                    ),
                    "a secret that can be written there",
                    "let a secret_promotion stand before this step, or use a secret of that region alone",
                )),
            },
            Err(why) => State::Unfit(Message::new(
                format!("the secret {} in {} {why}", wanted.place(), target.region),
                "JSON with a value at the pointer",
                "correct the pointer in the document, or the secret; its value is not shown here",
            )),
        };
        held.push(Held {
            state,
            changed_at: secret.changed_at,
        });
    }
    Ok(held)
}

/// The value with the text replaced; `None` where it holds already.
fn replaced(value: &SecretValue, wanted: &Wanted) -> Result<Option<SecretValue>, &'static str> {
    if wanted.pointer.is_empty() {
        let new = || SecretValue(wanted.value.clone());
        return Ok((value.0 != wanted.value).then(new));
    }
    let mut json: Value = serde_json::from_str(&value.0).map_err(|_| "is no JSON")?;
    let place = json
        .pointer_mut(&wanted.pointer)
        .ok_or("has nothing at that pointer")?;
    let text = Value::String(wanted.value.clone());
    if *place == text {
        return Ok(None);
    }
    *place = text;
    Ok(Some(SecretValue(json.to_string())))
}

/// Reads the secret once more and writes it with the text replaced.
pub(super) async fn write_secret(target: &Target, wanted: &Wanted) -> Result<(), Error> {
    let secrets = target.aws.secrets(&target.region)?;
    let value = secrets.value(&wanted.name).await?;
    // What cannot be replaced by now is told by the next look.
    let Ok(Some(new)) = replaced(&value, wanted) else {
        return Ok(());
    };
    let digests = (parts::digest(&value.0), parts::digest(&new.0));
    let token = format!(
        "{}/{}/{}/{}",
        target.key,
        wanted.place(),
        digests.0,
        digests.1
    );
    // 64 characters: the longest token (AWS Secrets Manager API Reference, PutSecretValue).
    secrets
        .put_value(&wanted.name, &new, &parts::digest(&token))
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(pointer: &str) -> Wanted {
        Wanted {
            name: "db".to_owned(),
            pointer: pointer.to_owned(),
            value: "west".to_owned(),
        }
    }

    #[test]
    fn only_the_text_at_the_pointer_changes() {
        let value =
            SecretValue(r#"{"a":12345678901234567890.10,"db":{"host":"east","n":[1]}}"#.to_owned());
        let new = replaced(&value, &wanted("/db/host")).unwrap().unwrap();
        assert_eq!(
            new.0,
            r#"{"a":12345678901234567890.10,"db":{"host":"west","n":[1]}}"#
        );
        assert!(replaced(&new, &wanted("/db/host")).unwrap().is_none());
        assert!(replaced(&value, &wanted("/db/port")).is_err());
        assert!(replaced(&SecretValue("east".to_owned()), &wanted("/db")).is_err());
        let whole = replaced(&SecretValue("east".to_owned()), &wanted("")).unwrap();
        assert_eq!(whole.unwrap().0, "west");
    }
}
