//! Encodings and hashes of text.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD};
use cty::{Type, Value};
use sha1::{Digest as _, Sha1};
use sha2::{Sha256, Sha512};
use uuid::Uuid;

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

/// Encodings that are made here because the library has none of them as Terraform does.
enum Coding {
    Utf8,
    /// With the byte order; a mark in front where none is named.
    Utf16 {
        little: bool,
        mark: bool,
    },
    Latin1,
    Library(&'static encoding_rs::Encoding),
}

fn coding(name: &str) -> Result<Coding, FunctionError> {
    let unknown =
        || FunctionError::argument(1, format!("{name:?} is no encoding that is supported here"));
    Ok(match name.to_ascii_uppercase().as_str() {
        "UTF-8" => Coding::Utf8,
        "UTF-16LE" => Coding::Utf16 {
            little: true,
            mark: false,
        },
        "UTF-16BE" => Coding::Utf16 {
            little: false,
            mark: false,
        },
        "UTF-16" => Coding::Utf16 {
            little: false,
            mark: true,
        },
        "ISO-8859-1" | "ISO_8859-1" | "LATIN1" | "L1" | "IBM819" | "CP819" | "ISO_8859-1:1987"
        | "ISO-IR-100" | "CSISOLATIN1" => Coding::Latin1,
        // Labels of the web that are no names of the registry.
        "UTF8" | "UNICODE-1-1-UTF-8" | "X-UNICODE20UTF8" | "UNICODE11UTF8" | "UNICODE20UTF8"
        | "X-USER-DEFINED" => {
            return Err(unknown());
        }
        _ => Coding::Library(
            encoding_rs::Encoding::for_label_no_replacement(name.as_bytes()).ok_or_else(unknown)?,
        ),
    })
}

fn textencodebase64(
    arguments: &[Value],
    _: &Type,
    _: &Environment,
) -> Result<Value, FunctionError> {
    let (text, name) = (text(arguments, 0), text(arguments, 1));
    let missing =
        || FunctionError::argument(0, format!("the text has characters that {name} has not"));
    let bytes = match coding(name)? {
        Coding::Utf8 => text.as_bytes().to_vec(),
        Coding::Utf16 { little, mark } => {
            let units = mark
                .then_some(0xfeff)
                .into_iter()
                .chain(text.encode_utf16());
            let order = |unit: u16| {
                if little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            };
            units.flat_map(order).collect()
        }
        Coding::Latin1 => {
            let byte = |c: char| u8::try_from(u32::from(c)).map_err(|_| missing());
            text.chars().map(byte).collect::<Result<Vec<u8>, _>>()?
        }
        Coding::Library(encoding) => {
            let (bytes, _, unmappable) = encoding.encode(text);
            if unmappable {
                return Err(missing());
            }
            bytes.into_owned()
        }
    };
    Ok(Value::string(STANDARD.encode(bytes)))
}

fn textdecodebase64(
    arguments: &[Value],
    _: &Type,
    _: &Environment,
) -> Result<Value, FunctionError> {
    let bytes = bytes_of(text(arguments, 0))?;
    let name = text(arguments, 1);
    let text = match coding(name)? {
        Coding::Utf8 => String::from_utf8(bytes).map_err(|_| undefined(name))?,
        Coding::Utf16 { little, mark } => utf16(&bytes, little, mark),
        Coding::Latin1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
        Coding::Library(encoding) => {
            let (text, wrong) = encoding.decode_without_bom_handling(&bytes);
            if wrong {
                return Err(undefined(name));
            }
            text.into_owned()
        }
    };
    Ok(Value::string(text))
}

fn undefined(name: &str) -> FunctionError {
    FunctionError::argument(0, format!("there are bytes that {name} does not define"))
}

fn utf16(bytes: &[u8], little: bool, mark: bool) -> String {
    let (little, bytes) = match bytes {
        [0xff, 0xfe, rest @ ..] if mark => (true, rest),
        [0xfe, 0xff, rest @ ..] if mark => (false, rest),
        all => (little, all),
    };
    let unit = |pair: &[u8]| match pair {
        [a, b] if little => u16::from_le_bytes([*a, *b]),
        [a, b] => u16::from_be_bytes([*a, *b]),
        _ => 0xfffd,
    };
    let units: Vec<u16> = bytes.chunks(2).map(unit).collect();
    String::from_utf16_lossy(&units)
}
