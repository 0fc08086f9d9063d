//! The report as one page of its own: style, script and data are in it, and nothing else is ever loaded.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::{Report, last_line};

const PAGE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/page.js");

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    // The browser runs this script only and applies this style only, whatever the data holds.
    let policy = format!(
        "default-src 'none'; img-src data:; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    );
    // As an escape of JSON, no value can end the element or open a comment in it.
    let data = serde_json::to_string(report)?.replace('<', "\\u003c");
    let title = title(report);
    let line = text(&last_line(&report.summary));
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once('{') {
        out.write_all(before.as_bytes())?;
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        let value = match name {
            "policy" => &policy,
            "title" => &title,
            "style" => STYLE,
            "line" => &line,
            "data" => &data,
            "script" => SCRIPT,
            _ => "",
        };
        out.write_all(value.as_bytes())?;
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

fn title(report: &Report) -> String {
    let roles = &report.roles;
    let regions = format!("{} → {}", roles.primary, roles.secondary.join(", "));
    text(&match &roles.estate {
        Some(estate) => format!("{estate}: {regions}"),
        None => regions,
    })
}

fn digest(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}

/// Text in which nothing is markup.
fn text(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
