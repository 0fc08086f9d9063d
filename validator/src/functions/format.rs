//! `format` and `formatlist`: verbs, flags, width and precision as Terraform reads them.

mod number;
mod verb;

use cty::{Refinements, Type, Value};

use super::support::{bounded, list};
use super::text::text;
use super::{Environment, Function, FunctionError, Kind, Parameter, string, string_list};
use verb::Verb;

const FORMAT: &[Parameter] = &[Parameter::new("format", Kind::String)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("format", FORMAT, string, format).with_more(
        Parameter::new("args", Kind::Any)
            .nullable()
            .sees_unknown()
            .sees_dynamic(),
    ),
    Function::new(
        "formatlist",
        &[Parameter::new("format", Kind::String).sees_unknown()],
        string_list,
        formatlist,
    )
    .with_more(
        Parameter::new("args", Kind::Any)
            .nullable()
            .sees_unknown()
            .sees_dynamic(),
    ),
];

fn format(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    if arguments[1..]
        .iter()
        .any(|argument| !argument.is_wholly_known())
    {
        return Ok(unknown(text(arguments, 0), ty));
    }
    formatted(text(arguments, 0), &arguments[1..]).map(Value::string)
}

/// The text before the first verb is known whatever comes.
fn unknown(format: &str, ty: &Type) -> Value {
    let unknown = Value::unknown(ty.clone());
    match format.find('%') {
        Some(at) if at > 0 => {
            let refined = Refinements::prefix(&format[..at]);
            unknown.with_refinements(Refinements {
                null: Some(false),
                ..refined
            })
        }
        _ => unknown,
    }
}

/// Text that one call may make.
const LONGEST: usize = 16 * 1024 * 1024;

fn formatted(format: &str, arguments: &[Value]) -> Result<String, FunctionError> {
    let mut out = String::new();
    let mut rest = format;
    // Verbs take arguments in turn; the highest that was used tells whether some are left over.
    let (mut next, mut highest) = (0, 0);
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let (verb, behind) = Verb::read(&rest[at..], next)?;
        let offset = format.len() - rest.len() + at;
        rest = behind;
        if verb.letter == '%' {
            if verb.shown != "%%" {
                return Err(FunctionError::argument(
                    0,
                    format!("{:?} is no verb; a percent sign is written %%", verb.shown),
                ));
            }
            out.push('%');
            continue;
        }
        let Some(argument) = arguments.get(verb.argument) else {
            let shown = verb.shown;
            return Err(FunctionError::argument(
                0,
                format!(
                    "not enough arguments for {shown:?} at {offset}: it needs number {}",
                    verb.argument + 1
                ),
            ));
        };
        next = verb.argument + 1;
        highest = highest.max(next);
        verb.write(argument, verb.argument + 1, &mut out)?;
        if out.len() > LONGEST {
            return Err(FunctionError::argument(0, "the text would be too long"));
        }
    }
    out.push_str(rest);
    if highest < arguments.len() {
        return Err(FunctionError::new(match highest {
            0 => "too many arguments: the format has no verbs".to_owned(),
            _ => format!("too many arguments: the format uses {highest}"),
        }));
    }
    Ok(out)
}

/// One argument of `formatlist`: the same for each row, or one for each.
enum Column {
    Single(Value),
    List(Vec<Value>),
    Open,
}

fn column(value: &Value) -> Column {
    let iterated =
        matches!(value.ty(), Type::List(_) | Type::Set(_) | Type::Tuple(_)) && !value.is_null();
    if !iterated {
        return Column::Single(value.clone());
    }
    match (super::support::length(value), value.elements()) {
        (Some(_), Some(elements)) => Column::List(elements.to_vec()),
        _ => Column::Open,
    }
}

fn formatlist(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    if !arguments[0].is_known() {
        return Ok(Value::unknown(ty.clone()));
    }
    let columns: Vec<Column> = arguments.iter().map(column).collect();
    let mut rows: Option<(usize, usize)> = None;
    let mut open = false;
    for (at, column) in columns.iter().enumerate() {
        match column {
            Column::Open => open = true,
            Column::Single(_) => {}
            Column::List(elements) => match rows {
                Some((first, count)) if count != elements.len() => {
                    return Err(FunctionError::argument(
                        at,
                        format!(
                            "it has {} elements, but argument {} has {count}",
                            elements.len(),
                            first + 1
                        ),
                    ));
                }
                _ => rows = Some((at, elements.len())),
            },
        }
    }
    if open {
        return Ok(Value::unknown(ty.clone()));
    }
    let count = rows.map_or(1, |(_, count)| count);
    bounded(count)?;
    let mut made = Vec::with_capacity(count);
    let mut length = 0;
    for row in 0..count {
        let cell = |column: &Column| match column {
            Column::Single(value) => value.clone(),
            Column::List(elements) => elements[row].clone(),
            Column::Open => Value::dynamic_unknown(),
        };
        let cells: Vec<Value> = columns.iter().map(cell).collect();
        let text = self::row(&cells, row)?;
        length += text.as_str().map_or(0, str::len);
        if length > LONGEST {
            return Err(FunctionError::new("the texts would be too long in all"));
        }
        made.push(text);
    }
    list(&Type::String, made)
}

fn row(cells: &[Value], row: usize) -> Result<Value, FunctionError> {
    let format = cty::conversion::convert(&cells[0], &Type::String)
        .map_err(|error| FunctionError::argument(0, error.to_string()))?;
    if format.is_null() {
        return Err(FunctionError::argument(0, "the format must not be null"));
    }
    let Some(known) = format.as_str() else {
        return Ok(Value::unknown(Type::String));
    };
    if cells[1..].iter().any(|cell| !cell.is_wholly_known()) {
        return Ok(unknown(known, &Type::String));
    }
    formatted(known, &cells[1..])
        .map(Value::string)
        .map_err(|error| {
            FunctionError::new(format!(
                "error on format iteration {row}: {}",
                error.message
            ))
        })
}
