//! `drcheck eval`: expressions in a root module.

use std::io::{BufRead as _, Write};
use std::path::PathBuf;

use cty::Value;
use serde_json::{Value as Json, json};

use super::arguments::{Eval, Format};
use super::{CliError, Exit, diagnostics, show};
use crate::eval::{Evaluated, Failure};
use crate::load::{self, config::Configuration};
use crate::symbol;
use crate::syntax;
use crate::world::World;

/// Runs the command.
pub(crate) fn run(arguments: &Eval, used: Option<&clap::ArgMatches>) -> Result<Exit, CliError> {
    let configuration = configuration(arguments, used)?;
    // As it is: what removes colours would remove control characters of values too.
    let mut out = std::io::stdout().lock();
    if let Some(expression) = &arguments.expression {
        let world = World::new(&configuration);
        let result = evaluate(&world, expression);
        let exit = if result.is_ok() {
            Exit::Fine
        } else {
            Exit::Refused
        };
        answer(
            &configuration,
            &world,
            arguments,
            expression,
            result,
            &mut out,
        )?;
        return Ok(exit);
    }
    let mut exit = Exit::Fine;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        // Each expression has bounds of its own, and says for itself what is wrong behind it.
        let world = World::new(&configuration);
        let result = evaluate(&world, &line);
        if result.is_err() && arguments.format == Format::Text {
            exit = Exit::Refused;
        }
        answer(&configuration, &world, arguments, &line, result, &mut out)?;
    }
    Ok(exit)
}

/// The root; an empty one where none is named and the current directory holds none.
fn configuration(
    arguments: &Eval,
    used: Option<&clap::ArgMatches>,
) -> Result<Configuration, CliError> {
    let root = arguments.root.clone().unwrap_or_else(|| PathBuf::from("."));
    let request = super::inventory::request(&root, &arguments.inputs, used)?;
    match load::load(&request) {
        Ok(configuration) => {
            // What is missing of the inputs shows in the answers.
            let told: Vec<_> = configuration
                .diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.severity != crate::diagnostic::Severity::Note)
                .cloned()
                .collect();
            diagnostics::say(&told, Some(&configuration.sources), false);
            Ok(configuration)
        }
        Err(_) if arguments.root.is_none() => Ok(load::empty(&request)?),
        Err(error) => Err(error.into()),
    }
}

fn evaluate(world: &World<'_>, text: &str) -> Evaluated {
    // A heredoc ends with its line.
    let ast = syntax::parse_expression(format!("{text}\n").into_bytes());
    let file = world.add_source("expression", ast);
    if let Some(error) = file.ast.errors.first() {
        let at = file.location(error.span.start);
        return Err(Box::new(Failure {
            summary: "Invalid expression".into(),
            detail: format!("Column {}: {}.", at.column, error.message),
            place: None,
            fatal: false,
        }));
    }
    match file.ast.template {
        Some(id) => world.evaluate_in_root(&file, id),
        None => Err(Box::new(Failure {
            summary: "Missing expression".into(),
            detail: "Expected an expression, found nothing.".into(),
            place: None,
            fatal: false,
        })),
    }
}

fn answer(
    configuration: &Configuration,
    world: &World<'_>,
    arguments: &Eval,
    expression: &str,
    result: Evaluated,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let behind = world.take_diagnostics();
    match arguments.format {
        Format::Json => {
            let line = match result {
                Ok(value) => object(expression, &value, arguments.reveal),
                Err(failure) => json!({
                    "expr": expression,
                    "ok": false,
                    "error": { "summary": failure.summary, "detail": failure.detail },
                }),
            };
            serde_json::to_writer(&mut *out, &line).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        Format::Text => {
            diagnostics::say(&behind, Some(&configuration.sources), true);
            match result {
                Ok(value) => writeln!(out, "{}", show::text(&value, arguments.reveal))?,
                Err(failure) => diagnostics::say_failure(&failure, &configuration.sources),
            }
        }
    }
    // Whoever reads line by line waits for this one.
    out.flush()?;
    Ok(())
}

fn object(expression: &str, value: &Value, reveal: bool) -> Json {
    let mut answer = json!({ "expr": expression, "ok": true });
    let ty = value.ty().to_json();
    answer["type"] = serde_json::from_str(&ty).unwrap_or(Json::Null);
    if show::is_sensitive(value) {
        answer["sensitive"] = Json::Bool(true);
        if !reveal {
            return answer;
        }
    }
    let (bare, _) = value.unmark_deep();
    if bare.is_wholly_known() {
        answer["value"] = show::json(&bare);
        return answer;
    }
    answer["unknown"] = Json::Bool(true);
    answer["because"] = symbol::because(&bare)
        .iter()
        .map(|why| Json::String(why.to_string()))
        .collect();
    if bare.is_known() {
        answer["value"] = show::json(&bare);
        answer["after_unknown"] = show::unknown_mask(&bare);
    }
    answer
}
