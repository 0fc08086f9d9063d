//! The report as one page of its own.

use std::io::{self, Write};

use super::Report;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let data = serde_json::to_string(report)?
        .replace("</", "<\\/")
        .replace("<!--", "<\\!--");
    writeln!(
        out,
        "{}<script type=\"application/json\" id=\"report\">{data}</script><script>{}</script></body></html>",
        include_str!("html/page.html").replace("/*style*/", include_str!("html/style.css")),
        include_str!("html/page.js")
    )
}
