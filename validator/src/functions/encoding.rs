//! Encodings and hashes of text.

mod charset;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD};
use cty::{Type, Value};
use sha1::{Digest as _, Sha1};
use sha2::{Sha256, Sha512};
use uuid::Uuid;

use charset::Charset;

use super::files::hex;
use super::text::text;
use super::{Environment, Function, FunctionError, Kind, Parameter, string};

const STR: &[Parameter] = &[Parameter::new("str", Kind::String)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64encode", STR, string, |a, _, _| {
        Ok(Value::string(STANDARD.encode(text(a, 0))))
    }),
    Function::new("base64decode", STR, string, base64decode),
    Function::new("base64sha256", STR, string, |a, _, _| {
        Ok(Value::string(STANDARD.encode(Sha256::digest(text(a, 0)))))
    }),
    Function::new("base64sha512", STR, string, |a, _, _| {
        Ok(Value::string(STANDARD.encode(Sha512::digest(text(a, 0)))))
    }),
    Function::new("md5", STR, string, |a, _, _| {
        Ok(Value::string(hex(&md5::Md5::digest(text(a, 0)))))
    }),
    Function::new("sha1", STR, string, |a, _, _| {
        Ok(Value::string(hex(&Sha1::digest(text(a, 0)))))
    }),
    Function::new("sha256", STR, string, |a, _, _| {
        Ok(Value::string(hex(&Sha256::digest(text(a, 0)))))
    }),
    Function::new("sha512", STR, string, |a, _, _| {
        Ok(Value::string(hex(&Sha512::digest(text(a, 0)))))
    }),
    Function::new("urlencode", STR, string, |a, _, _| {
        Ok(Value::string(urlencode(text(a, 0))))
    }),
    Function::new(
        "uuidv5",
        &[
            Parameter::new("namespace", Kind::String),
            Parameter::new("name", Kind::String),
        ],
        string,
        uuidv5,
    ),
    Function::new(
        "textencodebase64",
        &[
            Parameter::new("string", Kind::String),
            Parameter::new("encoding", Kind::String),
        ],
        string,
        textencodebase64,
    ),
    Function::new(
        "textdecodebase64",
        &[
            Parameter::new("source", Kind::String),
            Parameter::new("encoding", Kind::String),
        ],
        string,
        textdecodebase64,
    ),
];

/// Bits behind the last byte may be anything, as in Go.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The bytes that base64 stands for.
pub(super) fn bytes_of(encoded: &str) -> Result<Vec<u8>, FunctionError> {
    let joined: String = encoded
        .chars()
        .filter(|c| !matches!(c, '\r' | '\n'))
        .collect();
    LENIENT
        .decode(joined)
        .map_err(|error| FunctionError::argument(0, format!("this is not base64: {error}")))
}

fn base64decode(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let bytes = bytes_of(text(arguments, 0))?;
    let decoded = std::str::from_utf8(&bytes).map_err(|_| {
        FunctionError::argument(0, "what it decodes to is not UTF-8, and so no string")
    })?;
    Ok(Value::string(decoded))
}

fn urlencode(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            // Writing to a string cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

fn uuidv5(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let namespace = match text(arguments, 0) {
        "dns" => Uuid::NAMESPACE_DNS,
        "url" => Uuid::NAMESPACE_URL,
        "oid" => Uuid::NAMESPACE_OID,
        "x500" => Uuid::NAMESPACE_X500,
        other => Uuid::parse_str(other).map_err(|_| {
            FunctionError::argument(
                0,
                format!("{other:?} is neither dns, url, oid, x500 nor a UUID"),
            )
        })?,
    };
    Ok(Value::string(
        Uuid::new_v5(&namespace, text(arguments, 1).as_bytes()).to_string(),
    ))
}

fn charset(name: &str) -> Result<Charset, FunctionError> {
    charset::find(name).ok_or_else(|| {
        let message = format!("{name:?} is no encoding that is supported here");
        FunctionError::argument(1, message)
    })
}

fn textencodebase64(
    arguments: &[Value],
    _: &Type,
    _: &Environment,
) -> Result<Value, FunctionError> {
    let (text, name) = (text(arguments, 0), text(arguments, 1));
    let bytes = charset(name)?.encode(text).ok_or_else(|| {
        FunctionError::argument(0, format!("the text has characters that {name} has not"))
    })?;
    Ok(Value::string(STANDARD.encode(bytes)))
}

fn textdecodebase64(
    arguments: &[Value],
    _: &Type,
    _: &Environment,
) -> Result<Value, FunctionError> {
    let bytes = bytes_of(text(arguments, 0))?;
    let name = text(arguments, 1);
    let text = charset(name)?.decode(bytes).ok_or_else(|| {
        FunctionError::argument(0, format!("there are bytes that {name} does not define"))
    })?;
    Ok(Value::string(text))
}
