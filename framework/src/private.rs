//! Private state: what a provider keeps beside a resource's state, unseen by the user. Never a place for secrets.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// Named JSON values; stored as opaque bytes by Terraform.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Private(BTreeMap<String, Json>);

impl Private {
    /// Reads what was stored; bytes of another form count as nothing.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Private(serde_json::from_slice(bytes).unwrap_or_default())
    }

    /// Writes it for storing; nothing for nothing.
    pub fn to_bytes(&self) -> Vec<u8> {
        if self.0.is_empty() {
            Vec::new()
        } else {
            Json::Object(self.0.clone().into_iter().collect())
                .to_string()
                .into_bytes()
        }
    }

    /// A value.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.0.get(key)
    }

    /// Whether the value is `true`.
    pub fn flag(&self, key: &str) -> bool {
        self.get(key) == Some(&Json::Bool(true))
    }

    /// Sets a value.
    pub fn set(&mut self, key: &str, value: impl Into<Json>) {
        self.0.insert(key.to_owned(), value.into());
    }

    /// Removes a value.
    pub fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }
}
