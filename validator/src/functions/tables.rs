//! Comma-separated values.

use cty::{Type, Value};

use super::support::{bounded, element_of, list};
use super::text::text;
use super::{Environment, Function, FunctionError, Kind, Parameter};

pub(super) const FUNCTIONS: &[Function] = &[Function::new(
    "csvdecode",
    &[Parameter::new("str", Kind::String)],
    csv_type,
    csv,
)];

fn csv_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    let Some(text) = arguments[0].as_str() else {
        return Ok(Type::Dynamic);
    };
    let mut reader = Reader::new(text);
    let Some(names) = reader.record()? else {
        return Err(FunctionError::argument(
            0,
            "there is no line with the names of the columns",
        ));
    };
    let mut seen = std::collections::BTreeSet::new();
    if let Some(twice) = names.iter().find(|name| !seen.insert((*name).clone())) {
        return Err(FunctionError::argument(
            0,
            format!("the column {twice:?} stands twice"),
        ));
    }
    Ok(Type::list(Type::object(
        names.into_iter().map(|name| (name, Type::String)),
    )))
}

fn csv(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let mut reader = Reader::new(text(arguments, 0));
    let names = reader.record()?.unwrap_or_default();
    let mut rows = Vec::new();
    while let Some(fields) = reader.record()? {
        if fields.len() != names.len() {
            return Err(FunctionError::argument(
                0,
                format!(
                    "line {}: there are {} columns, but {} fields",
                    reader.began,
                    names.len(),
                    fields.len()
                ),
            ));
        }
        rows.push(Value::object(
            names
                .iter()
                .zip(fields)
                .map(|(name, field)| (name, Value::string(field))),
        ));
        bounded(rows.len().saturating_mul(names.len()))?;
    }
    list(&element_of(ty), rows)
}

/// Reads records by the rules of Go's `encoding/csv`: quotes have to be right, empty lines are skipped.
struct Reader<'a> {
    rest: &'a str,
    line: usize,
    /// The line on which the last record began.
    began: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Reader {
            // A carriage return at the very end belongs to no field.
            rest: text.strip_suffix('\r').unwrap_or(text),
            line: 1,
            began: 1,
        }
    }

    fn wrong(&self, why: &str) -> FunctionError {
        FunctionError::argument(0, format!("line {}: {why}", self.line))
    }

    fn record(&mut self) -> Result<Option<Vec<String>>, FunctionError> {
        loop {
            if let Some(rest) = self
                .rest
                .strip_prefix("\r\n")
                .or_else(|| self.rest.strip_prefix('\n'))
            {
                self.rest = rest;
                self.line += 1;
                continue;
            }
            break;
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        self.began = self.line;
        let mut fields = Vec::new();
        loop {
            let (field, last) = if self.rest.starts_with('"') {
                self.quoted()?
            } else {
                self.bare()?
            };
            fields.push(field);
            if last {
                return Ok(Some(fields));
            }
        }
    }

    /// A field without quotes, and whether it is the last of its record.
    fn bare(&mut self) -> Result<(String, bool), FunctionError> {
        let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
        let (field, rest) = self.rest.split_at(end);
        let last = !rest.starts_with(',');
        let field = if rest.starts_with('\n') {
            field.strip_suffix('\r').unwrap_or(field)
        } else {
            field
        };
        if field.contains('"') {
            return Err(self.wrong("a quote in a field without quotes"));
        }
        self.after(rest);
        Ok((field.to_owned(), last))
    }

    fn quoted(&mut self) -> Result<(String, bool), FunctionError> {
        let mut field = String::new();
        let mut rest = &self.rest[1..];
        loop {
            let Some(at) = rest.find('"') else {
                return Err(self.wrong("a quote that is not closed"));
            };
            let (part, behind) = rest.split_at(at);
            self.line += part.matches('\n').count();
            field.push_str(&part.replace("\r\n", "\n"));
            let behind = &behind[1..];
            if let Some(more) = behind.strip_prefix('"') {
                field.push('"');
                rest = more;
                continue;
            }
            let last = !behind.starts_with(',');
            let ends = behind.is_empty()
                || behind == "\r"
                || behind.starts_with('\n')
                || behind.starts_with("\r\n");
            if last && !ends {
                return Err(self.wrong("text behind a closing quote"));
            }
            let behind = if last {
                behind.strip_prefix('\r').unwrap_or(behind)
            } else {
                behind
            };
            self.after(behind);
            return Ok((field, last));
        }
    }

    /// Goes on behind a comma or line break.
    fn after(&mut self, rest: &'a str) {
        if rest.starts_with('\n') {
            self.line += 1;
        }
        self.rest = rest.get(1..).unwrap_or_default();
    }
}
