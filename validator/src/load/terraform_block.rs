//! `terraform` blocks: required providers, backend.

use std::sync::Arc;

use super::collect::{Blocks, Raw};
use super::config::{Argument, Backend, Content, ExprRef, Module, Name, Nested, RequiredProvider};
use super::lower::Lowering;
use super::reading;
use crate::diagnostic::{Diagnostic, Kind};
use crate::source::{Place, SourceFile};
use crate::syntax::ast::{ExprId, ExprKind};

/// Reads the settings of all `terraform` blocks; later ones count.
pub(super) fn read(lowering: &mut Lowering<'_>, blocks: &Blocks, module: &mut Module) {
    for raw in blocks.of("terraform") {
        for nested in &raw.content.blocks {
            let file = lowering.sources.get(nested.file);
            match &*nested.ty {
                "required_providers" => {
                    let content = reading::content(&file, nested.block.body, nested.block.damaged);
                    for (name, argument) in &content.arguments {
                        let required = required(&file, argument.value.id);
                        module.required_providers.insert(name.clone(), required);
                    }
                }
                "backend" | "cloud" if module.backend.is_some() && !raw.overrides => {
                    let place = Place {
                        file: file.id,
                        span: nested.block.name,
                    };
                    let detail = "The first one counts here; Terraform refuses both. Remove one.";
                    lowering
                        .told
                        .push(Diagnostic::error(Kind::Load, "a second backend", detail).at(place));
                }
                "backend" | "cloud" => module.backend = Some(backend(&file, nested)),
                _ => {}
            }
        }
        json(lowering, raw, module);
    }
}

fn backend(file: &Arc<SourceFile>, nested: &Nested) -> Backend {
    let labels = file.ast.label_texts(&nested.block);
    Backend {
        ty: labels
            .first()
            .map_or_else(|| "cloud".into(), |label| Name::from(*label)),
        content: reading::content(file, nested.block.body, nested.block.damaged),
        place: Place {
            file: file.id,
            span: nested.block.name,
        },
    }
}

/// The same in the JSON form, where blocks are properties.
fn json(lowering: &Lowering<'_>, raw: &Raw, module: &mut Module) {
    let objects = |name: &str| {
        let argument = raw.content.arguments.get(name)?;
        let file = lowering.file(argument);
        let objects = reading::elements(&file.ast, argument.value.id);
        Some((file, objects, *argument))
    };
    if let Some((file, objects, _)) = objects("required_providers") {
        for (key, value) in objects
            .into_iter()
            .flat_map(|object| reading::pairs(&file.ast, object))
        {
            if let Some(name) = reading::text(&file.ast, key) {
                module
                    .required_providers
                    .insert(name.into(), required(&file, value));
            }
        }
    }
    if let Some((file, objects, argument)) = objects("backend") {
        for (key, value) in objects
            .into_iter()
            .flat_map(|object| reading::pairs(&file.ast, object))
        {
            let Some(ty) = reading::text(&file.ast, key) else {
                continue;
            };
            let entry = |(key, id): (ExprId, ExprId)| {
                let argument = Argument {
                    value: ExprRef { file: file.id, id },
                    name: file.ast.expr(key).span,
                };
                Some((Name::from(reading::text(&file.ast, key)?), argument))
            };
            module.backend = Some(Backend {
                ty: ty.into(),
                content: Content {
                    arguments: reading::pairs(&file.ast, value)
                        .into_iter()
                        .filter_map(entry)
                        .collect(),
                    json: true,
                    ..Content::default()
                },
                place: argument.place(),
            });
        }
    }
}

/// An entry of `required_providers`: an object, or a version alone.
fn required(file: &SourceFile, id: ExprId) -> RequiredProvider {
    let mut found = RequiredProvider {
        source: None,
        version: reading::text(&file.ast, id).map(Name::from),
        aliases: Vec::new(),
    };
    if !matches!(file.ast.expr(id).kind, ExprKind::Object(_)) {
        return found;
    }
    for (key, value) in reading::pairs(&file.ast, id) {
        match reading::text(&file.ast, key) {
            Some("source") => found.source = reading::text(&file.ast, value).map(Name::from),
            Some("version") => found.version = reading::text(&file.ast, value).map(Name::from),
            Some("configuration_aliases") => {
                let names = reading::elements(&file.ast, value);
                let aliases = names
                    .into_iter()
                    .filter_map(|id| reading::provider(&file.ast, id)?.alias);
                found.aliases.extend(aliases);
            }
            _ => {}
        }
    }
    found
}
