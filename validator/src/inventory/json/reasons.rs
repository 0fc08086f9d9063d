//! Why something is not known, read back.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::inventory::Unknown;

/// Why something is not known, without a place.
#[derive(Deserialize)]
pub(super) struct SavedReason {
    #[serde(default)]
    because: Json,
    symbol: Option<String>,
}

impl SavedReason {
    pub(super) fn read(&self) -> Arc<Unknown> {
        Arc::new(unknown(&self.because, self.symbol.as_deref()))
    }
}

pub(super) fn unknown(reasons: &Json, symbol: Option<&str>) -> Unknown {
    Unknown {
        because: super::read::because(reasons),
        symbol: symbol.and_then(crate::symbol::parse).map(Arc::new),
    }
}
