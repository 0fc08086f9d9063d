//! Reads `terraform show -json` of plans: the world after the apply.
//!
//! The document is read twice: first its head, configuration and the data sources that tell regions, then one change after
//! the other, so that a large plan is never held as a whole tree.

mod because;
mod changes;
mod configuration;
mod document;
mod head;
mod regions;
mod roles;

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Kind};
use crate::documents;
use crate::inventory::{DocumentError, Inventory, Sealer, SourceInfo, SourceKind};
use changes::Reading;
pub(crate) use changes::{index, untyped};
use head::Head;

const WHAT: &str = "a plan as JSON";
const HOW: &str = "terraform show -json PLAN > plan.json writes one";

/// Reads a plan. `shown` is its name in messages; `accounts` are those that are named by region, with the empty region for
/// all.
///
/// # Errors
/// When the text is no plan, is damaged, or has a newer format.
pub fn read(
    bytes: &[u8],
    shown: &str,
    accounts: &BTreeMap<String, String>,
    sealer: &Sealer,
) -> Result<Inventory, DocumentError> {
    let text = documents::text(bytes);
    let head: Head = documents::parse(&text, shown, WHAT, HOW)?;
    head.check(shown)?;
    let mut diagnostics = Vec::new();
    let complete = head.errored != Some(true) && head.complete != Some(false);
    if !complete {
        let why = if head.errored == Some(true) {
            "the plan ended with errors"
        } else {
            "the plan is not complete"
        };
        diagnostics.push(Diagnostic::warning(
            Kind::Document,
            format!("{shown}: {why}"),
            "What is missing from it may still exist: absence is not judged. Plan again for a complete one.",
        ));
    }
    let regions = regions::Regions::new(&head);
    let mut reading = Reading::new(&head, &regions, accounts, sealer);
    reading
        .run(&text)
        .map_err(|cause| documents::json_error(&cause, shown, WHAT, HOW))?;
    let source = SourceInfo {
        kind: SourceKind::Plan,
        path: shown.into(),
        root: None,
        terraform_version: head.terraform_version.as_deref().map(Into::into),
        complete,
        files: 1,
        broken_files: 0,
    };
    Ok(Inventory {
        sources: vec![source],
        diagnostics,
        moved: reading.moved(),
        changes: reading.changes(),
        instances: reading.finish(),
        ..Inventory::default()
    })
}
