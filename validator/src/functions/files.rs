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
    let path = text(arguments, 0);
    match environment.files.exists(path) {
        Found::Here(false) if path.contains('\0') => Err(FunctionError::argument(
            0,
            "no path of a file has a character with the code zero",
        )),
        Found::Here(false) if below_file(path, environment) => Err(FunctionError::argument(
            0,
            format!("{path:?} would lie in something that is a file, not a directory"),
        )),
        Found::Here(here) => Ok(Value::bool(here)),
        Found::Missing(why) => Err(FunctionError::argument(0, why)),
        Found::Outside(why) => Ok(outside(ty, why)),
    }
}

/// Whether a file stands where the path needs a directory.
fn below_file(path: &str, environment: &Environment) -> bool {
    let path = clean(path);
    let above = path.match_indices('/').filter(|(at, _)| *at > 0);
    let mut above = above.map(|(at, _)| &path[..at]);
    above.any(|above| environment.files.exists(above) == Found::Here(true))
}

fn file_set(
    arguments: &[Value],
    ty: &Type,
    environment: &Environment,
) -> Result<Value, FunctionError> {
    let (path, pattern) = (text(arguments, 0), text(arguments, 1));
    // The directory is part of the pattern: signs in it count, and `..` in the pattern leads upwards.
    let joined = match (path, pattern) {
        ("", pattern) => clean(pattern),
        (path, pattern) => clean(&format!("{path}/{pattern}")),
    };
    let parts: Vec<&str> = joined.split('/').collect();
    let plain = parts.iter().take_while(|part| !glob::is_pattern(part));
    let plain = plain.count().min(parts.len() - 1);
    let directory = match parts[..plain].join("/") {
        here if here.is_empty() && plain > 0 => "/".to_owned(),
        here if here.is_empty() => ".".to_owned(),
        other => other,
    };
    let found = match environment.files.list(&directory) {
        Found::Here(found) => found,
        // A directory that is not there holds no files.
        Found::Missing(_) => Vec::new(),
        Found::Outside(why) => return Ok(outside(ty, why)),
    };
    let base = clean(path);
    let wanted = glob::Pattern::new(&parts[plain..]);
    let mut names = Vec::new();
    for name in &found {
        let fits = wanted.matches(name);
        if fits.map_err(|wrong| FunctionError::argument(1, wrong.message()))? {
            let path = clean(&format!("{directory}/{name}"));
            names.push(Value::string(relative(&base, &path)?));
        }
    }
    Value::set(Type::String, names).map_err(|e| FunctionError::new(e.to_string()))
}

/// A path as it is seen from a directory. Both are clean.
fn relative(base: &str, path: &str) -> Result<String, FunctionError> {
    let parts = |path: &str| -> Vec<String> {
        let parts = path
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".");
        parts.map(str::to_owned).collect()
    };
    let (base, path) = (parts(base), parts(path));
    let same = base.iter().zip(&path).take_while(|(a, b)| a == b).count();
    if base[same..].iter().any(|part| part == "..") {
        return Err(FunctionError::argument(
            0,
            "it lies above this directory, and files beside it cannot be named from there",
        ));
    }
    let up = base[same..].iter().map(|_| "..".to_owned());
    let all: Vec<String> = up.chain(path[same..].iter().cloned()).collect();
    Ok(if all.is_empty() {
        ".".into()
    } else {
        all.join("/")
    })
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
