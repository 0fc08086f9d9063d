//! Blocks become the objects of a module.

use std::sync::Arc;

use super::collect::{Blocks, Raw};
use super::config::{
    Argument, Mode, Module, ModuleCall, Moved, Name, Nested, Output, ProviderBlock, ProviderRef,
    Resource, ResourceKey, Target, Variable,
};
use super::{reading, terraform_block};
use crate::diagnostic::{Diagnostic, Kind};
use crate::source::{Place, SourceFile, Sources};

/// Reads the objects of a module while diagnostics are collected.
pub(super) struct Lowering<'a> {
    pub(super) sources: &'a Sources,
    pub(super) told: &'a mut Vec<Diagnostic>,
}

impl Lowering<'_> {
    /// The module that the blocks of a directory make. Its calls lead nowhere yet.
    pub(super) fn module(&mut self, directory: &str, blocks: &Blocks) -> Module {
        let mut module = Module {
            directory: directory.into(),
            incomplete: blocks.incomplete,
            ..Module::empty()
        };
        for raw in &blocks.all {
            match &*raw.ty {
                "variable" => drop(
                    module
                        .variables
                        .insert(raw.labels[0].clone(), self.variable(raw)),
                ),
                "output" => drop(
                    module
                        .outputs
                        .insert(raw.labels[0].clone(), self.output(raw)),
                ),
                "provider" => module.providers.push(Self::provider(raw)),
                "module" => drop(module.calls.insert(raw.labels[0].clone(), self.call(raw))),
                "resource" => self.resource(raw, Mode::Managed, &mut module),
                "data" => self.resource(raw, Mode::Data, &mut module),
                "ephemeral" => self.resource(raw, Mode::Ephemeral, &mut module),
                "moved" => module.moved.extend(self.moved(raw)),
                _ => {}
            }
        }
        self.locals(blocks, &mut module);
        terraform_block::read(self, blocks, &mut module);
        module
    }

    pub(super) fn file(&self, argument: &Argument) -> Arc<SourceFile> {
        self.sources.get(argument.value.file)
    }

    fn bool(&self, raw: &Raw, name: &str, default: bool) -> bool {
        let read = |argument: &Argument| reading::bool(&self.file(argument).ast, argument.value.id);
        raw.content
            .arguments
            .get(name)
            .and_then(read)
            .unwrap_or(default)
    }

    fn variable(&self, raw: &Raw) -> Variable {
        Variable {
            ty: raw
                .content
                .arguments
                .get("type")
                .map(|argument| argument.value),
            default: raw.content.arguments.get("default").copied(),
            nullable: self.bool(raw, "nullable", true),
            sensitive: self.bool(raw, "sensitive", false),
            ephemeral: self.bool(raw, "ephemeral", false),
            place: raw.place,
            damaged: raw.content.damaged,
        }
    }

    fn output(&self, raw: &Raw) -> Output {
        Output {
            value: raw.content.arguments.get("value").copied(),
            sensitive: self.bool(raw, "sensitive", false),
            ephemeral: self.bool(raw, "ephemeral", false),
            place: raw.place,
        }
    }

    fn locals(&mut self, blocks: &Blocks, module: &mut Module) {
        for raw in blocks.of("locals") {
            module.incomplete |= raw.content.damaged;
            for (name, argument) in &raw.content.arguments {
                match (raw.overrides, module.locals.contains_key(name)) {
                    (false, false) | (true, true) => drop(module.locals.insert(name.clone(), *argument)),
                    (false, true) => self.told.push(
                        Diagnostic::error(
                            Kind::Load,
                            format!("local.{name} is declared twice"),
                            "The first declaration counts here; Terraform refuses both. Rename or remove one.",
                        )
                        .at(argument.place()),
                    ),
                    (true, false) => self.told.push(
                        Diagnostic::error(
                            Kind::Load,
                            format!("local.{name} overrides nothing"),
                            "An override file changes what other files declare; there is no such declaration. It is left out.",
                        )
                        .at(argument.place()),
                    ),
                }
            }
        }
    }

    fn provider(raw: &Raw) -> ProviderBlock {
        let mut content = raw.content.clone();
        content.arguments.remove("alias");
        ProviderBlock {
            provider: ProviderRef {
                name: raw.labels[0].clone(),
                alias: raw.alias.clone(),
            },
            content,
            place: raw.place,
        }
    }

    fn call(&mut self, raw: &Raw) -> ModuleCall {
        let mut arguments = raw.content.arguments.clone();
        let source = arguments.remove("source");
        let plain = source.and_then(|argument| {
            let file = self.file(&argument);
            reading::text(&file.ast, argument.value.id).map(Name::from)
        });
        for name in ["version", "depends_on"] {
            arguments.remove(name);
        }
        let (count, for_each) = (arguments.remove("count"), arguments.remove("for_each"));
        let map = arguments.remove("providers");
        ModuleCall {
            target: Target::Opaque(match (&plain, source) {
                (None, None) => "it has no source".into(),
                _ => "its source is not plain text: terraform init writes down which module it is"
                    .into(),
            }),
            source: plain,
            count,
            for_each,
            providers: map.map(|map| self.provider_map(&map)).unwrap_or_default(),
            has_providers: map.is_some(),
            arguments,
            place: raw.place,
            damaged: raw.content.damaged,
        }
    }

    fn provider_map(&mut self, map: &Argument) -> Vec<(ProviderRef, ProviderRef)> {
        let file = self.file(map);
        let mut found = Vec::new();
        for (ours, theirs) in reading::pairs(&file.ast, map.value.id) {
            match (
                reading::provider(&file.ast, ours),
                reading::provider(&file.ast, theirs),
            ) {
                (Some(ours), Some(theirs)) => found.push((ours, theirs)),
                _ => self.told.push(
                    Diagnostic::error(
                        Kind::Load,
                        "an entry of providers that names no provider",
                        "Both sides are names such as aws or aws.secondary.",
                    )
                    .at(reading::place(&file, ours)),
                ),
            }
        }
        found
    }

    fn resource(&mut self, raw: &Raw, mode: Mode, module: &mut Module) {
        let mut content = raw.content.clone();
        let provider = content
            .arguments
            .remove("provider")
            .and_then(|argument| self.resource_provider(&argument));
        let depends_on = content
            .arguments
            .remove("depends_on")
            .map(|argument| self.expressions(&argument));
        let ignore_changes = self.ignore_changes(&content);
        for name in ["lifecycle", "connection", "provisioner"] {
            content.arguments.remove(name);
        }
        let (count, for_each) = (
            content.arguments.remove("count"),
            content.arguments.remove("for_each"),
        );
        content
            .blocks
            .retain(|nested| !matches!(&*nested.ty, "lifecycle" | "connection" | "provisioner"));
        let key = ResourceKey {
            mode,
            ty: raw.labels[0].clone(),
            name: raw.labels[1].clone(),
        };
        let resource = Resource {
            count,
            for_each,
            provider,
            depends_on: depends_on.unwrap_or_default(),
            ignore_changes,
            content,
            place: raw.place,
        };
        module.resources.insert(key, resource);
    }

    fn resource_provider(&mut self, argument: &Argument) -> Option<(ProviderRef, Place)> {
        let file = self.file(argument);
        let read = reading::provider(&file.ast, argument.value.id);
        if read.is_none() {
            self.told.push(
                Diagnostic::error(
                    Kind::Load,
                    "an invalid provider reference",
                    "A provider is named as aws or aws.secondary; without one the type's own provider is used.",
                )
                .at(argument.place()),
            );
        }
        read.map(|provider| (provider, argument.place()))
    }

    fn expressions(&self, argument: &Argument) -> Vec<super::config::ExprRef> {
        let file = self.file(argument);
        let reference = |id| super::config::ExprRef {
            file: argument.value.file,
            id,
        };
        reading::elements(&file.ast, argument.value.id)
            .into_iter()
            .map(reference)
            .collect()
    }

    /// Names of the first level. What an override file says comes last and replaces what was said before.
    fn ignore_changes(&self, content: &super::config::Content) -> Vec<Name> {
        let mut lists: Vec<Argument> = Vec::new();
        for nested in content
            .blocks
            .iter()
            .filter(|nested| &*nested.ty == "lifecycle")
        {
            lists.extend(self.argument_of(nested, "ignore_changes"));
        }
        if let Some(lifecycle) = content.arguments.get("lifecycle") {
            let file = self.file(lifecycle);
            for object in reading::elements(&file.ast, lifecycle.value.id) {
                let named = reading::pairs(&file.ast, object)
                    .into_iter()
                    .filter(|(key, _)| reading::text(&file.ast, *key) == Some("ignore_changes"));
                lists.extend(named.map(|(key, id)| Argument {
                    value: super::config::ExprRef {
                        file: lifecycle.value.file,
                        id,
                    },
                    name: file.ast.expr(key).span,
                }));
            }
        }
        let mut names = Vec::new();
        if let Some(list) = lists.pop() {
            let file = self.file(&list);
            for element in reading::elements(&file.ast, list.value.id) {
                if let Some(name) = first_name(&file.ast, element) {
                    names.push(if &*name == "all" { "*".into() } else { name });
                }
            }
        }
        names.sort();
        names.dedup();
        names
    }

    fn argument_of(&self, nested: &Nested, name: &str) -> Option<Argument> {
        let file = self.sources.get(nested.file);
        reading::content(&file, nested.block.body, false)
            .arguments
            .get(name)
            .copied()
    }

    fn moved(&self, raw: &Raw) -> Option<Moved> {
        let text = |name: &str| {
            let argument = raw.content.arguments.get(name)?;
            let file = self.file(argument);
            let shown = match reading::text(&file.ast, argument.value.id) {
                Some(text) => text.to_owned(),
                None => file
                    .ast
                    .slice(file.ast.expr(argument.value.id).span)
                    .to_owned(),
            };
            Some(Name::from(shown))
        };
        Some(Moved {
            from: text("from")?,
            to: text("to")?,
            place: raw.place,
        })
    }
}

/// The first name of a reference: `tags` of `tags["Name"]`.
fn first_name(ast: &crate::syntax::ast::Ast, id: crate::syntax::ast::ExprId) -> Option<Name> {
    use crate::syntax::ast::ExprKind;
    match ast.expr(id).kind {
        ExprKind::Attribute { of, .. }
        | ExprKind::Index { of, .. }
        | ExprKind::LegacyIndex { of, .. } => first_name(ast, of),
        ExprKind::Variable => Some(ast.slice(ast.expr(id).span).into()),
        ExprKind::String(text) => ast.text(text).split(['.', '[']).next().map(Name::from),
        _ => None,
    }
}
