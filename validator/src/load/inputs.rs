//! Values of the root's variables, from the weakest source to the strongest.

use std::collections::BTreeMap;
use std::path::Path;

use super::boundary::Boundary;
use super::config::{Argument, ExprRef, Given, Module, Name};
use super::{GivenVariable, Request, directory};
use crate::diagnostic::{Diagnostic, Kind};
use crate::source::{Place, Sources};
use crate::syntax;

/// Values without a variable that are named one by one, per file.
const MOST_UNDECLARED: usize = 10;
/// Longest name that another one is looked for.
const LONGEST_NAME: usize = 64;

/// Where values are gathered.
struct Inputs<'a> {
    sources: &'a Sources,
    root: &'a Module,
    told: &'a mut Vec<Diagnostic>,
    found: BTreeMap<Name, Given>,
}

/// The strongest value of each variable: the environment, then `terraform.tfvars`, then automatic files, then what the
/// command line says, in its order.
pub(super) fn read(
    request: &Request,
    boundary: &Boundary,
    sources: &Sources,
    root: &Module,
    told: &mut Vec<Diagnostic>,
) -> BTreeMap<Name, Given> {
    let mut inputs = Inputs {
        sources,
        root,
        told,
        found: BTreeMap::new(),
    };
    for (name, value) in &request.environment {
        if let Some(variable) = name.strip_prefix("TF_VAR_") {
            inputs.text(variable, value, name, false);
        }
    }
    for name in directory::automatic_variables(boundary.root()) {
        inputs.file(boundary.read_relative(&name), &name.to_string_lossy());
    }
    for given in &request.variables {
        match given {
            GivenVariable::Text { name, value } => {
                inputs.text(name, value, &format!("--var {name}"), true);
            }
            GivenVariable::File(path) => {
                inputs.file(
                    boundary.given(path),
                    &path.to_string_lossy().replace('\\', "/"),
                );
            }
            GivenVariable::Own(path) => inputs.file(boundary.read_relative(path), path),
        }
    }
    inputs.missing();
    inputs.found
}

impl Inputs<'_> {
    fn text(&mut self, name: &str, value: &str, origin: &str, required: bool) {
        if !self.root.variables.contains_key(name) {
            // The environment may hold variables of other roots.
            if required && !self.root.incomplete {
                let detail = self.hint(name);
                self.told.push(Diagnostic::error(
                    Kind::Input,
                    format!("{origin}: the root module has no variable {name:?}"),
                    detail,
                ));
            }
            return;
        }
        let given = Given::Text {
            text: value.into(),
            origin: origin.into(),
        };
        self.found.insert(name.into(), given);
    }

    fn hint(&self, name: &str) -> String {
        let most = 2.max(name.len() / 4);
        let known = self
            .root
            .variables
            .keys()
            .filter(|known| known.len().abs_diff(name.len()) <= most);
        let near = known
            .filter(|_| name.len() <= LONGEST_NAME)
            .map(|known| (distance(known, name), known))
            .min();
        match near.filter(|(edits, _)| *edits <= most) {
            Some((_, near)) => format!("Did you mean {near:?}?"),
            None => "Declare it, or leave the value out.".into(),
        }
    }

    fn file(&mut self, text: Result<Vec<u8>, String>, shown: &str) {
        let text = match text {
            Ok(text) => text,
            Err(why) => {
                let detail = "The values in it are not known.";
                self.told.push(Diagnostic::error(
                    Kind::Input,
                    format!("{shown} cannot be read: {why}"),
                    detail,
                ));
                return;
            }
        };
        let json = Path::new(shown)
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let ast = if json {
            syntax::parse_json_values(text)
        } else {
            syntax::parse(text)
        };
        let source = self.sources.add_values(shown, ast);
        let ast = &source.ast;
        let place = |span| Place {
            file: source.id,
            span,
        };
        for error in &ast.errors {
            // What was found instead may be a part of a secret.
            let told = error.message.split(", found ").next().unwrap_or_default();
            let detail =
                "What stands there is not shown, because files of values may hold secrets.";
            self.told
                .push(Diagnostic::error(Kind::Syntax, told, detail).at(place(error.span)));
        }
        for block in ast.blocks(ast.root) {
            let detail = "A file of values holds arguments only: NAME = VALUE.";
            let diagnostic = Diagnostic::error(Kind::Input, "a block in a file of values", detail);
            self.told.push(diagnostic.at(place(block.name)));
        }
        let mut undeclared = 0;
        for attribute in ast.attributes(ast.root) {
            let name = ast.slice(attribute.name);
            if !self.root.variables.contains_key(name) {
                undeclared += 1;
                if !self.root.incomplete && undeclared <= MOST_UNDECLARED {
                    let detail = self.hint(name);
                    let summary = format!("the root module has no variable {name:?}");
                    self.told.push(
                        Diagnostic::warning(Kind::Input, summary, detail).at(place(attribute.name)),
                    );
                }
                continue;
            }
            let value = ExprRef {
                file: source.id,
                id: attribute.value,
            };
            self.found.insert(
                name.into(),
                Given::File(Argument {
                    value,
                    name: attribute.name,
                }),
            );
        }
        self.many(undeclared, shown);
    }

    fn many(&mut self, undeclared: usize, shown: &str) {
        if undeclared > MOST_UNDECLARED && !self.root.incomplete {
            let more = undeclared - MOST_UNDECLARED;
            let detail = "Values for other roots are best kept in other files.";
            let summary =
                format!("{shown}: the root module has no variables for {more} more values");
            self.told
                .push(Diagnostic::warning(Kind::Input, summary, detail));
        }
    }

    /// Names the variables that need a value and have none: each once.
    fn missing(&mut self) {
        for (name, variable) in &self.root.variables {
            if variable.default.is_some() || variable.damaged || self.found.contains_key(name) {
                continue;
            }
            let ty = variable.ty.map(|ty| {
                let file = self.sources.get(ty.file);
                file.ast
                    .slice(file.ast.expr(ty.id).span)
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
            });
            let ty = ty.map_or_else(String::new, |ty| {
                format!(" It is of type {}.", shortened(&ty))
            });
            let detail = format!(
                "It is unknown, and so is what depends on it.{ty} Give it with --var {name}=VALUE or --var-file."
            );
            let diagnostic =
                Diagnostic::note(Kind::Input, format!("var.{name} has no value"), detail);
            self.told.push(diagnostic.at(variable.place));
        }
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= 60 {
        return text.to_owned();
    }
    text.chars().take(59).chain(['…']).collect()
}

/// Edits between two names.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (corner + usize::from(x != *y))
                .min(row[j] + 1)
                .min(row[j + 1] + 1);
            corner = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}
