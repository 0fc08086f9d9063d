//! What `terraform init` left in `.terraform/terraform.tfstate`: the backend with all that `-backend-config` gave. It may hold
//! credentials; only where the state lies is read.

use serde::Deserialize;

use super::boundary::Boundary;
use super::config::{Initialised, Name};

#[derive(Deserialize)]
struct File {
    backend: Option<Backend>,
}

#[derive(Deserialize)]
struct Backend {
    #[serde(rename = "type")]
    ty: String,
    #[serde(default)]
    config: Config,
}

#[derive(Default, Deserialize)]
struct Config {
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    bucket: Option<String>,
}

/// The backend that was initialised last; nothing where the file is not there or is something else.
pub(super) fn read(boundary: &Boundary) -> Option<Initialised> {
    let text = boundary.read_own(".terraform/terraform.tfstate")?;
    let file: File = serde_json::from_slice(&text).ok()?;
    let backend = file.backend?;
    let named = |text: Option<String>| text.filter(|text| !text.is_empty()).map(Name::from);
    Some(Initialised {
        ty: backend.ty.into(),
        region: named(backend.config.region),
        bucket: named(backend.config.bucket),
    })
}
