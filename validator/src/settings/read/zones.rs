//! `zones`: read by whoever loads the estate. Here it is only told what cannot be meant.

use super::super::{Settings, nearest};
use super::problem;
use crate::eval;
use crate::source::SourceFile;
use crate::syntax::ast::ExprId;
use crate::world::REGIONS;

/// Warns of regions that are not known, and of zones of other regions.
pub(super) fn read(file: &SourceFile, value: ExprId, settings: &mut Settings) {
    let budget = eval::Budget::new(&eval::Limits::default());
    let span = file.ast.expr(value).span;
    // What cannot be evaluated is refused by the loader, with its place.
    let Ok(zones) = eval::constant(file, value, &budget) else {
        return;
    };
    let mut warn = |message: String| settings.warnings.push(problem(file, span, message));
    for (region, zones) in zones.entries().into_iter().flatten() {
        let known = || REGIONS.iter().map(|(name, _)| *name);
        if !known().any(|name| name == &**region) {
            let hint = nearest(region, known())
                .map(|near| format!("; did you mean {near}?"))
                .unwrap_or_default();
            warn(format!(
                "zones: {region} is no region that drcheck knows{hint}"
            ));
        }
        for zone in zones.elements().into_iter().flatten() {
            let zone = zone.as_str().unwrap_or_default();
            if !zone.starts_with(&**region) {
                warn(format!("zones: {zone:?} is no zone of {region}"));
            }
        }
    }
}
