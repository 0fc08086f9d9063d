//! JSON documents as Terraform writes them: how they are read, and what to say of those that cannot be.

pub(crate) mod address;
pub(crate) mod evidence;
pub(crate) mod values;

use serde::Deserialize;

use crate::inventory::DocumentError;

/// An error about a document.
pub(crate) fn error(
    path: &str,
    summary: impl Into<String>,
    detail: impl Into<String>,
) -> DocumentError {
    DocumentError {
        path: path.into(),
        summary: summary.into(),
        detail: detail.into(),
    }
}

/// An address without the keys of its modules and of itself.
pub(crate) fn without_keys(address: &str) -> String {
    let parts: Vec<&str> = address::parts(address)
        .into_iter()
        .map(address::without_key)
        .collect();
    parts.join(".")
}

/// The text of a document in UTF-8: shells write byte-order marks, and some of them UTF-16.
pub(crate) fn text(bytes: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest
            .chunks_exact(2)
            .map(|pair| unit([pair[0], pair[1]]))
            .collect();
        String::from_utf16_lossy(&units).into_bytes()
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => rest.into(),
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes).into(),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes).into(),
        all => all.into(),
    }
}

/// Reads a document; `what` and `how` say what was expected and how to get it.
pub(crate) fn parse<'a, T: Deserialize<'a>>(
    text: &'a [u8],
    shown: &str,
    what: &str,
    how: &str,
) -> Result<T, DocumentError> {
    refuse_other_forms(text, shown)?;
    serde_json::from_slice(text).map_err(|cause| json_error(&cause, shown, what, how))
}

/// What no JSON reader needs to look at: nothing at all, or a plan in Terraform's binary form.
pub(crate) fn refuse_other_forms(text: &[u8], shown: &str) -> Result<(), DocumentError> {
    if text.iter().all(u8::is_ascii_whitespace) {
        let detail =
            "Expected a JSON document; the command that should have written it may have failed.";
        return Err(error(shown, "the file is empty", detail));
    }
    if text.starts_with(b"PK\x03\x04") {
        let file = if shown == "-" { "PLAN" } else { shown };
        let detail = format!("Its JSON form is needed: terraform show -json {file} > plan.json");
        return Err(error(
            shown,
            "this is a plan in Terraform's binary form",
            detail,
        ));
    }
    Ok(())
}

/// A reader's complaint without the value that it saw, which may be a secret, and without names of this program's own.
fn bare(told: &str) -> std::borrow::Cow<'_, str> {
    let Some((seen, wanted)) = told.rsplit_once(", expected ") else {
        return told.into();
    };
    let seen = seen.split(['"', '`']).next().unwrap_or_default().trim_end();
    let wanted = match wanted {
        _ if wanted.starts_with("struct ") => "an object",
        "a sequence" => "a list",
        "a map" => "an object",
        "u8" | "u16" | "u32" | "u64" | "i32" | "i64" | "usize" => "a number",
        other => other,
    };
    let seen = match seen {
        "invalid type: sequence" => "found a list",
        "invalid type: map" => "found an object",
        "invalid type: null" => "found null",
        other => other,
    };
    format!("{seen}, expected {wanted}").into()
}

pub(crate) fn json_error(
    cause: &serde_json::Error,
    shown: &str,
    what: &str,
    how: &str,
) -> DocumentError {
    let at = format!("line {}, column {}", cause.line(), cause.column());
    // The cause ends with the same place.
    let cause_text = cause.to_string();
    let told = cause_text
        .rsplit_once(" at line ")
        .map_or(&*cause_text, |(told, _)| told);
    let told = &*bare(told);
    match cause.classify() {
        serde_json::error::Category::Eof => error(
            shown,
            format!("the document ends in the middle ({at})"),
            format!("It is truncated; {how}, once more."),
        ),
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => error(
            shown,
            format!("this is not JSON ({at}: {told})"),
            format!("Expected {what}; {how}."),
        ),
        serde_json::error::Category::Data => error(
            shown,
            format!("this is not {what} ({at}: {told})"),
            format!("Expected {what}; {how}."),
        ),
    }
}

/// Checks a format version: an unknown minor version adds keys only, an unknown major one means something else.
pub(crate) fn check_version(
    version: Option<&str>,
    known: u64,
    shown: &str,
    what: &str,
) -> Result<(), DocumentError> {
    let Some(version) = version else {
        let detail =
            format!("The JSON form of such a document (expected: {what}) says format_version.");
        return Err(error(
            shown,
            format!("this is no {what}: it names no format version"),
            detail,
        ));
    };
    let major = version
        .split('.')
        .next()
        .and_then(|major| major.parse::<u64>().ok());
    match major {
        Some(major) if major <= known => Ok(()),
        _ => Err(error(
            shown,
            format!("the {what} has the format version {version}"),
            format!("Versions up to {known}.x can be read; a newer drcheck may read it."),
        )),
    }
}
