//! Functions of files and paths: everything stays inside of the boundary, and nothing depends on the machine.

mod glob;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cty::{Type, Value};
use sha1::{Digest as _, Sha1};
use sha2::{Sha256, Sha512};

use super::{Environment, Found, Function, FunctionError, Kind, Parameter, bool, string};
use crate::symbol::{self, Symbol};

const PATH: &[Parameter] = &[Parameter::new("path", Kind::String)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("file", PATH, string, file),
    Function::new("filebase64", PATH, string, |a, t, e| {
        hashed(a, t, e, |bytes| STANDARD.encode(bytes))
    }),
    Function::new("filebase64sha256", PATH, string, |a, t, e| {
        hashed(a, t, e, |bytes| STANDARD.encode(Sha256::digest(bytes)))
    }),
    Function::new("filebase64sha512", PATH, string, |a, t, e| {
        hashed(a, t, e, |bytes| STANDARD.encode(Sha512::digest(bytes)))
    }),
    Function::new("filemd5", PATH, string, |a, t, e| {
        hashed(a, t, e, |bytes| hex(&md5::Md5::digest(bytes)))
    }),
    Function::new("filesha1", PATH, string, |a, t, e| {
        hashed(a, t, e, |bytes| hex(&Sha1::digest(bytes)))
    }),
    Function::new("filesha256", PATH, string, |a, t, e| {
        hashed(a, t, e, |bytes| hex(&Sha256::digest(bytes)))
    }),
    Function::new("filesha512", PATH, string, |a, t, e| {
        hashed(a, t, e, |bytes| hex(&Sha512::digest(bytes)))
    }),
    Function::new("fileexists", PATH, bool, file_exists),
    Function::new(
        "fileset",
        &[
            Parameter::new("path", Kind::String),
            Parameter::new("pattern", Kind::String),
        ],
        |_| Ok(Type::set(Type::String)),
        file_set,
    ),
    Function::new("abspath", PATH, string, abspath),
    Function::new("pathexpand", PATH, string, pathexpand),
    Function::new("basename", PATH, string, |a, _, _| {
        Ok(Value::string(basename(text(a, 0))))
    }),
    Function::new("dirname", PATH, string, |a, _, _| {
        Ok(Value::string(dirname(text(a, 0))))
    }),
];

fn text(arguments: &[Value], at: usize) -> &str {
    arguments
        .get(at)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
            // Writing to a string cannot fail.
            let _ = write!(out, "{byte:02x}");
            out
        })
}

/// Something that lies outside is not known, but no error: `try` must not fall back on it.
fn outside(ty: &Type, why: String) -> Value {
    symbol::with(
        Value::unknown(ty.clone()).not_null(),
        Symbol::Opaque(why.into()),
    )
}

fn file(arguments: &[Value], ty: &Type, environment: &Environment) -> Result<Value, FunctionError> {
    match environment.files.read(text(arguments, 0)) {
        Found::Here(bytes) => match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(Value::string(text)),
            Err(_) => Err(FunctionError::argument(
                0,
                format!(
                    "the contents of {:?} are not UTF-8; filebase64 reads other files",
                    text(arguments, 0)
                ),
            )),
        },
        Found::Missing(why) => Err(FunctionError::argument(0, why)),
        Found::Outside(why) => Ok(outside(ty, why)),
    }
}

fn hashed(
    arguments: &[Value],
    ty: &Type,
    environment: &Environment,
    hash: impl Fn(&[u8]) -> String,
) -> Result<Value, FunctionError> {
    match environment.files.read(text(arguments, 0)) {
        Found::Here(bytes) => Ok(Value::string(hash(&bytes))),
        Found::Missing(why) => Err(FunctionError::argument(0, why)),
        Found::Outside(why) => Ok(outside(ty, why)),
    }
}

fn file_exists(
    arguments: &[Value],
    ty: &Type,
    environment: &Environment,
) -> Result<Value, FunctionError> {
    match environment.files.exists(text(arguments, 0)) {
        Found::Here(here) => Ok(Value::bool(here)),
        Found::Missing(why) => Err(FunctionError::argument(0, why)),
        Found::Outside(why) => Ok(outside(ty, why)),
    }
}

fn file_set(
    arguments: &[Value],
    ty: &Type,
    environment: &Environment,
) -> Result<Value, FunctionError> {
    let (path, pattern) = (text(arguments, 0), text(arguments, 1));
    let pattern = glob::Pattern::new(pattern).map_err(|why| FunctionError::argument(1, why))?;
    // A pattern may begin above the directory.
    let directory = if pattern.above.is_empty() {
        path.to_owned()
    } else {
        format!("{path}/{}", pattern.above)
    };
    let found = match environment.files.list(&directory) {
        Found::Here(found) => found,
        // A directory that is not there holds no files.
        Found::Missing(_) => Vec::new(),
        Found::Outside(why) => return Ok(outside(ty, why)),
    };
    let matching = found.iter().filter(|name| pattern.matches(name));
    let matching = matching
        .map(|name| Value::string(format!("{}{name}", pattern.above)))
        .collect();
    Value::set(Type::String, matching).map_err(|e| FunctionError::new(e.to_string()))
}

fn abspath(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let path = text(arguments, 0);
    if path.starts_with('/') {
        return Ok(Value::string(clean(path)));
    }
    Ok(machine(ty, "abspath", path))
}

fn pathexpand(arguments: &[Value], ty: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let path = text(arguments, 0);
    if path == "~" || path.starts_with("~/") {
        return Ok(machine(ty, "pathexpand", path));
    }
    if path.starts_with('~') {
        return Err(FunctionError::argument(
            0,
            "the home directory of another user cannot be expanded",
        ));
    }
    Ok(Value::string(path))
}

/// What depends on where Terraform runs: a symbol.
fn machine(ty: &Type, function: &str, path: &str) -> Value {
    let symbol = Symbol::Call {
        function: function.into(),
        arguments: vec![Value::string(path)],
    };
    symbol::with(Value::unknown(ty.clone()).not_null(), symbol)
}

/// The last part of a path.
fn basename(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() {
        return "/";
    }
    trimmed.rsplit('/').next().unwrap_or(trimmed)
}

/// All but the last part of a path, cleaned.
fn dirname(path: &str) -> String {
    match path.rfind('/') {
        Some(at) => clean(&path[..=at]),
        None => ".".into(),
    }
}

/// A path without `.`, `..` and doubled slashes, as far as that goes.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&"..") | None if !rooted => parts.push(".."),
                None => {}
                Some(_) => drop(parts.pop()),
            },
            part => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".into(),
        (false, false) => parts.join("/"),
    }
}
