//! Symbols as Terraform expressions over absolute addresses, bounded in depth and size.

use std::fmt::Write as _;

use cty::{Mark, Type, Value};

use super::{PathStep, Symbol, of};
use crate::printable::{escape, is_printable};

/// Deepest nesting that is written out.
const DEEPEST: usize = 24;
/// Longest text that is begun to be continued.
const LONGEST: usize = 4096;
/// Most elements of a collection that are written out.
const MOST_ELEMENTS: usize = 32;
/// What stands for what is left out, between other text.
const MORE: &str = "…";
/// What stands for a value that is left out.
const MORE_VALUE: &str = "unknown(\"…\")";

/// A symbol as an expression: `"${module.a.aws_vpc.this.id}-x"`. Known values that are sensitive are `(sensitive)`; what is
/// too deep or too long is `…`.
pub fn text(symbol: &Symbol) -> String {
    let mut writer = Writer {
        out: String::new(),
        depth: 0,
    };
    writer.symbol(symbol);
    writer.out
}

/// An address with a path inwards.
pub(super) fn address_text(address: &str, path: &[PathStep]) -> String {
    let mut out = address.to_owned();
    for step in path {
        match step {
            PathStep::Name(name) if is_identifier(name) => {
                out.push('.');
                out.push_str(name);
            }
            PathStep::Name(name) => {
                out.push('[');
                quote(&mut out, name);
                out.push(']');
            }
            PathStep::Index(at) => {
                let _ = write!(out, "[{at}]");
            }
        }
    }
    out
}

/// The function of a call of which all arguments are known: what it waits for is the call itself.
pub(super) fn is_called_alone(symbol: &Symbol) -> Option<&str> {
    match symbol {
        Symbol::Call {
            function,
            arguments,
        } if arguments.iter().all(Value::is_wholly_known) => Some(function),
        _ => None,
    }
}

pub(super) fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars
        .next()
        .is_some_and(|c| unicode_ident::is_xid_start(c) || c == '_')
        && chars.all(|c| unicode_ident::is_xid_continue(c) || c == '-')
}

/// Text in quotes, as the language reads it back.
pub(super) fn quote(out: &mut String, text: &str) {
    out.push('"');
    literal(out, text);
    out.push('"');
}

fn literal(out: &mut String, text: &str) {
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' | '%' if rest.peek() == Some(&'{') => {
                out.push(c);
                out.push(c);
            }
            c if is_printable(c) => out.push(c),
            c => escape(out, c),
        }
    }
}

struct Writer {
    out: String,
    depth: usize,
}

impl Writer {
    fn is_full(&self) -> bool {
        self.depth > DEEPEST || self.out.len() > LONGEST
    }

    fn symbol(&mut self, symbol: &Symbol) {
        if self.is_full() {
            self.out.push_str(MORE_VALUE);
            return;
        }
        self.depth += 1;
        self.kind(symbol);
        self.depth -= 1;
    }

    fn kind(&mut self, symbol: &Symbol) {
        match symbol {
            Symbol::Resource { address, path } | Symbol::Aws { address, path } => {
                self.out.push_str(&address_text(address, path));
            }
            Symbol::Input(name) => self.out.push_str(name),
            Symbol::Template(parts) => self.template(parts),
            Symbol::Call {
                function,
                arguments,
            } => self.call(function, arguments),
            Symbol::Operation { operator, operands } => self.operation(operator, operands),
            Symbol::Conditional {
                condition,
                then,
                otherwise,
            } => {
                self.operand(condition);
                self.out.push_str(" ? ");
                self.arm(then.as_ref());
                self.out.push_str(" : ");
                self.arm(otherwise.as_ref());
            }
            Symbol::Attribute { of, name } => {
                self.operand(of);
                let step = [PathStep::Name(name.clone())];
                self.out.push_str(&address_text("", &step));
            }
            Symbol::Index { of, key } => {
                self.operand(of);
                self.out.push('[');
                self.value(key);
                self.out.push(']');
            }
            Symbol::Over {
                what,
                collection,
                made,
            } => {
                let parts: Vec<Value> = std::iter::once(collection).chain(made).cloned().collect();
                self.call(&format!("over::{what}"), &parts);
            }
            Symbol::Opaque(why) => {
                self.out.push_str("unknown(");
                quote(&mut self.out, why);
                self.out.push(')');
            }
        }
    }

    fn arm(&mut self, arm: Option<&Value>) {
        match arm {
            Some(value) => self.operand(value),
            None => self.out.push_str("unknown(\"fails\")"),
        }
    }

    fn call(&mut self, function: &str, arguments: &[Value]) {
        self.out.push_str(function);
        self.out.push('(');
        self.list(arguments);
        self.out.push(')');
    }

    fn list(&mut self, values: &[Value]) {
        for (i, value) in values.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            if i == MOST_ELEMENTS || self.is_full() {
                self.out.push_str(MORE_VALUE);
                return;
            }
            self.value(value);
        }
    }

    fn template(&mut self, parts: &[Value]) {
        self.out.push('"');
        for part in parts {
            if self.is_full() {
                self.out.push_str(MORE);
                break;
            }
            match part.as_str() {
                Some(text) if !is_secret(part) => literal(&mut self.out, text),
                _ => {
                    self.out.push_str("${");
                    self.value(part);
                    self.out.push('}');
                }
            }
        }
        self.out.push('"');
    }

    fn operation(&mut self, operator: &str, operands: &[Value]) {
        match operands {
            [one] => {
                self.out.push_str(operator);
                self.operand(one);
            }
            [left, right] => {
                self.operand(left);
                let _ = write!(self.out, " {operator} ");
                self.operand(right);
            }
            _ => self.call("operation", operands),
        }
    }

    /// A value as part of a larger expression: in parentheses where it would fall apart.
    fn operand(&mut self, value: &Value) {
        let loose = matches!(
            of(value).map(|symbol| &**symbol),
            Some(Symbol::Operation { .. } | Symbol::Conditional { .. })
        ) || value.as_number().is_some_and(cty::Number::is_negative);
        if loose {
            self.out.push('(');
        }
        self.value(value);
        if loose {
            self.out.push(')');
        }
    }

    fn value(&mut self, value: &Value) {
        if self.is_full() {
            self.out.push_str(MORE_VALUE);
            return;
        }
        if !value.is_known() {
            match of(value) {
                Some(symbol) => self.symbol(symbol),
                None => self.out.push_str("unknown(\"\")"),
            }
            return;
        }
        if is_secret(value) {
            self.out.push_str("(sensitive)");
            return;
        }
        self.depth += 1;
        self.known(value);
        self.depth -= 1;
    }

    fn known(&mut self, value: &Value) {
        if value.is_null() {
            self.out.push_str("null");
        } else if let Some(text) = value.as_str() {
            let cut = text.floor_char_boundary(LONGEST);
            quote(&mut self.out, &text[..cut]);
        } else if let Some(number) = value.as_number() {
            let text = number.to_string();
            let fits = text.len() <= LONGEST;
            self.out.push_str(if fits { &text } else { MORE_VALUE });
        } else if let Some(truth) = value.as_bool() {
            let _ = write!(self.out, "{truth}");
        } else if let Some(elements) = value.elements() {
            let set = matches!(value.ty(), Type::Set(_));
            self.out.push_str(if set { "toset([" } else { "[" });
            self.list(elements);
            self.out.push_str(if set { "])" } else { "]" });
        } else {
            self.entries(value);
        }
    }

    fn entries(&mut self, value: &Value) {
        self.out.push('{');
        for (i, (key, value)) in value.entries().into_iter().flatten().enumerate() {
            if i > 0 {
                self.out.push(',');
            }
            self.out.push(' ');
            if i == MOST_ELEMENTS || self.is_full() {
                self.out.push_str("\"…\" = null");
                break;
            }
            quote(&mut self.out, key);
            self.out.push_str(" = ");
            self.value(value);
        }
        self.out.push_str(" }");
    }
}

fn is_secret(value: &Value) -> bool {
    value
        .marks()
        .is_some_and(|marks| marks.contains(&Mark::Sensitive))
}
